"""What the comparison of pages takes for no difference."""

from urllib.parse import quote

import pytest

from tests.behaviour.look import Target, look_at_all

PAGE = """<!doctype html><title>A page</title>
<style>body { width: 800px } main { width: 600px; margin: 0 auto; contain: strict; height: 50px }</style>
<body><main><p>%s</p></main>"""
LATE = "<script>onload = () => requestAnimationFrame(() => document.querySelector('p').textContent = 'late')</script>"


@pytest.mark.browser
def test_automatic_margins_are_the_same_whenever_the_inside_was_laid_out() -> None:
    """Chromium forgets the margins of a contained element when it lays out the inside alone."""
    pages = (PAGE % "late", PAGE % "" + LATE)
    at_once, late = look_at_all([Target(f"data:text/html,{quote(page)}") for page in pages])

    assert at_once.styles == late.styles
