"""Pages of the demo and of Django's admin look and work the same in Chromium after their HTML was minified."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from pressmark.page.html_minifying import minify_html
from tests.browser.look import browser, differing_pixels, look_at
from tests.page.test_html_minifying import same, understands
from tests.servers.running import free_port, running

ALL_PATHS = (
    "/django/starter/", "/django/dashboard/", "/flask/dashboard/", "/starlette/dashboard/", "/starlette/made/",
    "/django/admin/", "/django/admin/auth/user/", "/django/admin/auth/user/1/change/", "/django/admin/auth/group/add/",
)  # fmt: skip
PATHS = ("/django/dashboard/", "/starlette/starter/", "/django/admin/auth/user/1/change/", "/django/admin/")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    cache: Path = tmp_path_factory.mktemp("demo")
    with running(["uvicorn", "tests.browser.minified_demo:app", "--port", str(port)], cache, port) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as process:
        yield process


@pytest.mark.parametrize("path", ALL_PATHS)
def test_the_same_tree_is_made_of_a_page(path: str, base: str) -> None:
    page = urlopen(f"{base}{path}").read()
    made = minify_html(page, {".css": ()})  # all stylesheets are known

    assert len(made) < len(page)
    assert understands(page)
    assert same(page, made)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_looks_and_works_the_same(path: str, base: str, chromium: Browser) -> None:
    whole, small = (urlopen(f"{base}{path}{query}").read() for query in ("", "?small"))
    assert len(small) < len(whole)

    plain, minified = (look_at(chromium, f"{base}{path}{query}") for query in ("?large", "?small"))
    assert minified.styles == plain.styles
    assert minified.globals == plain.globals
    assert minified.console == plain.console
    assert differing_pixels(plain.picture, minified.picture) == 0
