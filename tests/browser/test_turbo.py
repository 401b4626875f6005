"""Turbo reloads a page whose tracked bundles have changed, and no other (Turbo Handbook, Drive)."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.look import browser
from tests.browser.serving import serving
from tests.conftest import Write
from tests.packages.installed import packages

TRACK = 'data-turbo-track="reload"'
PAGE = f"""<!DOCTYPE html><html><head><title>Shop</title>
<!-- compress css -->
<link rel="stylesheet" href="/static/a.css" {TRACK}>
<link rel="stylesheet" href="/static/b.css" {TRACK}>
<!-- endcompress -->
<!-- compress js -->
<script defer src="/static/a.js" {TRACK}></script>
<script defer src="/static/b.js" {TRACK}></script>
<!-- endcompress -->
<script defer src="/npm/@hotwired/turbo/dist/turbo.es2017-umd.js"></script>
</head><body><a href="/next">Next</a> <a href="/other">Other</a></body></html>"""


def visit(tab: Page, path: str) -> bool:
    """Follow the link to *path*; tell whether the page was loaded as a whole, into another window."""
    tab.evaluate("window.isOld = true")
    tab.click(f"a[href='{path}']")
    tab.wait_for_url(f"**{path}")
    tab.wait_for_load_state("networkidle")
    return not tab.evaluate("Boolean(window.isOld)")


def test_turbo_reloads_a_page_when_a_bundle_changes(static: Path, write: Write, tmp_path: Path) -> None:
    for name in ("a.css", "b.css"):
        write(name, "a { color: rgb(1, 2, 3) }")
    write("a.js", "window.one = 1")
    write("b.js", "window.two = 2")
    options = {"static": {"/static/": static, "/npm/": packages()}, "refresh": 0.0, "build_wait": None}

    with serving(PAGE, cache_dir=tmp_path / "cache", **options) as url, browser() as chromium:
        tab = chromium.new_page()
        tab.goto(url, wait_until="networkidle")
        tracked = "[...document.querySelectorAll('[data-turbo-track=reload]')].map(e => e.src || e.href)"

        assert [each.split("/")[-2] for each in tab.evaluate(tracked)] == ["css", "js"]
        assert not visit(tab, "/next")
        write("b.css", "a { color: rgb(4, 5, 6) }")
        assert visit(tab, "/other")
        assert tab.evaluate("getComputedStyle(document.querySelector('a')).color") == "rgb(4, 5, 6)"
