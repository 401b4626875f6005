"""The demo's pages in Chromium: bundled or not, they are the same pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

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
# The editor's levels -> requests for modules: all but the two that are loaded late, or one file for all.
LEVELS = {"as-written": 48, "preloaded": 48, "named": 48, "linked": 2}


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


@pytest.mark.parametrize("level", LEVELS)
def test_the_editor_works_at_each_level(level: str, base: str, chromium: Browser) -> None:
    with edited(base, level, chromium) as (page, console, requests):
        at_start = len(requests)
        sheet = page.locator(".sheet")
        sheet.locator("p").click(click_count=3)
        page.keyboard.type("a **b** c")
        page.keyboard.press("Control+a")
        page.click("[data-name=bold]")
        bold = sheet.locator("p b").all_inner_texts()
        page.keyboard.press("Control+z")
        undone = sheet.locator("p b").all_inner_texts()
        page.click(".export")
        markdown = page.locator(".markdown:not([hidden])").inner_text()

        assert at_start == LEVELS[level]
        assert ("".join(bold).replace("\xa0", " "), undone) == ("a b c", ["b"])
        assert markdown == "# Write here\n\na **b** c\n"
        assert len(requests) - at_start == 2  # what writes Markdown is loaded when it is wanted
        assert console == []


def test_the_editor_counts_what_each_level_loads(base: str, chromium: Browser) -> None:
    with edited(base, "linked", chromium) as (page, console, _):
        page.click("#again")
        page.wait_for_selector("#again:enabled")
        cells = {level: page.locator(f"[data-level={level}] td").all_inner_texts() for level in LEVELS}

        assert {level: int(requests) for level, (requests, *_) in cells.items()} == LEVELS
        assert float(cells["linked"][1]) < float(cells["named"][1]) < float(cells["as-written"][1])
        assert [loads for *_, loads in cells.values()] == ["1", "1", "1", "2"]
        assert console == []


@contextmanager
def edited(base: str, level: str, chromium: Browser) -> Iterator[tuple[Page, list[str], list[str]]]:
    """Open the editor, from a server that answers at once; give what the console says and what is asked for."""
    context = chromium.new_context(extra_http_headers={"Cookie": "delay=0"})
    page = context.new_page()
    console: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.on("request", lambda request: requests.append(request.url) if request.resource_type == "script" else None)
    page.goto(f"{base}/editor/{level}/", wait_until="networkidle")
    yield page, console, requests
    context.close()
