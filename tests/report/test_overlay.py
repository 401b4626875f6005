"""In development a page shows why a region of it was not built; its text is data, and ends no script."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressmark.model import Asset
from pressmark.report.overlay import overlay_for
from tests.conftest import Write
from tests.site import Site, css_region

HOSTILE = "a.scss:3:7: </script><!-- <b>\u2028\n  é"


@pytest.fixture
def make(static: Path, write: Write) -> Callable[..., Site]:
    """Return a function that makes a site whose filter fails."""
    write("a.css", "a {}")

    def failing(asset: Asset) -> Asset:
        raise ValueError(HOSTILE)

    def site(**options: Any) -> Site:
        return Site(static, css_region("a.css"), {"filters": {"css": [failing]}, **options})

    return site


def test_a_region_that_fails_is_followed_by_what_shows_its_error(make: Callable[..., Site]) -> None:
    site = make(overlay=True)
    body = site.get().body

    assert body.startswith(site.page + b"<script>")
    assert b"failed on '/static/a.css': ValueError('a.scss:3:7: " in body
    assert body.count(b"</script>") == body.count(b"<script>") == 1
    assert b"<!--" not in body[len(site.page) :]


def test_the_text_comes_back_as_it_was() -> None:
    raw = overlay_for(HOSTILE).decode("ascii")
    [text] = [raw[start + 2 : raw.rindex(")</script>")] for start in [raw.rindex("})(") + 1]]

    assert json.loads(text) == HOSTILE


def test_elsewhere_a_page_shows_nothing(make: Callable[..., Site]) -> None:
    site = make()

    assert site.get().body == site.page


def test_a_page_with_a_security_policy_shows_nothing(make: Callable[..., Site]) -> None:
    site = make(overlay=True)
    site.page_headers = [("Content-Security-Policy", "script-src 'self'")]

    assert site.get().body == site.page


def test_a_region_that_was_mended_shows_nothing_more(static: Path, write: Write) -> None:
    site = Site(static, css_region("a.css"), {"overlay": True, "refresh": 0})
    before = site.get().body
    write("a.css", "a { color: red }")

    assert b"is missing: no such file" in before
    assert b"<script>" not in site.get().body
