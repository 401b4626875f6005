"""A developer sees in the page which file failed and where, and can close that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pressmark import Asset
from tests.browser.look import browser
from tests.browser.serving import serving

REGION = '<!-- compress css --><link rel="stylesheet" type="{}" href="/static/{}"><!-- endcompress -->'
PAGE = f"<!doctype html><title>Shop</title>{REGION.format('text/x-scss', 'a.scss')}<h1>Shop</h1>" + REGION.format(
    "text/css", "b.css"
)
COMPLAINT = """it ended with status 65: Error: expected "{".
  ╷
3 │ nav <script>alert(1)</script>
  │     ^
  ╵
  a.scss 3:5  root stylesheet"""


def fail(asset: Asset) -> Asset:
    """Fail as Sass does."""
    raise ValueError(COMPLAINT)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """Return a page with two regions that fail."""
    static = tmp_path / "static"
    static.mkdir()
    (static / "a.scss").write_text("nav")
    options = {"static": {"/static/": static}, "precompilers": {"text/x-scss": fail}, "cache_dir": tmp_path / "cache"}
    with serving(PAGE, **options, build_wait=None, overlay=True) as base, browser() as process:
        found = process.new_page(viewport={"width": 1000, "height": 700})
        found.goto(base, wait_until="networkidle")
        yield found


def test_each_error_is_shown_over_the_page_until_it_is_closed(page: Page, tmp_path: Path) -> None:
    page.screenshot(path=tmp_path / "overlay.png")
    texts = page.locator("pressmark-error pre").all_inner_texts()

    assert len(texts) == 2
    assert texts[0].endswith(f"failed on '/static/a.scss': {COMPLAINT}")
    assert "'/static/b.css' is missing" in texts[1]
    assert page.locator("h1").first.inner_text() == "Shop"

    page.keyboard.press("Escape")
    assert page.locator("pressmark-error").count() == 0
