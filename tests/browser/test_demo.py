"""The demo's pages in Chromium: bundled or not, they are the same pages."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.look import Look, browser, differing_pixels, look_at
from tests.servers.running import free_port, running

# Path -> stylesheets and scripts as written, and bundled.
PAGES = {
    "/django/starter/": (5, 3),
    "/flask/dashboard/": (15, 2),
    "/starlette/dashboard/": (15, 2),
    "/django/admin/auth/user/1/change/": (28, 9),
    "/starlette/made/": (3, 2),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    cache: Path = tmp_path_factory.mktemp("demo")
    with running(["demo", "--port", str(port)], cache, port) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as process:
        yield process


@pytest.fixture(scope="module", params=PAGES)
def looks(request: pytest.FixtureRequest, base: str, chromium: Browser) -> tuple[str, Look, Look]:
    """Return a page's path, its look as it was written, and bundled."""
    path: str = request.param
    plain = look_at(chromium, f"{base}{path}?plain")
    return path, plain, look_at(chromium, base + path)


def test_there_is_no_console_message_and_no_failed_request(looks: tuple[str, Look, Look]) -> None:
    _, plain, bundled = looks

    assert (plain.console, plain.failed) == ([], [])
    assert (bundled.console, bundled.failed) == ([], [])


def test_every_element_has_the_same_computed_styles(looks: tuple[str, Look, Look]) -> None:
    _, plain, bundled = looks
    differences = [pair for pair in zip_longest(plain.styles, bundled.styles) if pair[0] != pair[1]]

    assert len(plain.styles) >= 15
    assert differences == []


def test_every_pixel_is_the_same(looks: tuple[str, Look, Look]) -> None:
    _, plain, bundled = looks

    assert differing_pixels(plain.picture, bundled.picture) == 0


def test_the_scripts_leave_the_same_globals(looks: tuple[str, Look, Look]) -> None:
    _, plain, bundled = looks

    assert bundled.globals == plain.globals


def test_the_same_fonts_and_images_are_asked_for(looks: tuple[str, Look, Look]) -> None:
    _, plain, bundled = looks

    assert [url.partition("?plain")[0] for url in plain.others] == bundled.others


def test_there_are_fewer_requests_for_stylesheets_and_scripts(looks: tuple[str, Look, Look]) -> None:
    path, plain, bundled = looks

    assert (len(plain.assets), len(bundled.assets)) == PAGES[path]


def test_the_comparison_sees_a_page_that_differs(base: str, chromium: Browser) -> None:
    """The proof can fail: two pages that are not the same do not look so."""
    starter, dashboard = (look_at(chromium, f"{base}/flask/{page}/") for page in ("starter", "dashboard"))

    assert starter.styles != dashboard.styles
    assert starter.globals != dashboard.globals
    assert differing_pixels(starter.picture, dashboard.picture) > 0


def test_the_index_compares_the_pages_by_numbers_it_measured(base: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(base + "/", wait_until="networkidle")
    text = page.inner_text("body")
    page.close()

    assert "15→2" in text.replace(" ", "").replace("\n", "")
