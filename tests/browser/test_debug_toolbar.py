"""The panel of django-debug-toolbar shows in a browser what became of the page's regions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.look import browser
from tests.servers.running import free_port, running


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return the site's page with Pressmark's panel opened."""
    port = free_port()
    cache: Path = tmp_path_factory.mktemp("toolbar")
    with running(["tests.browser.toolbar_site", str(port)], cache, port) as base, browser() as process:
        found = process.new_page(viewport={"width": 1400, "height": 900})
        found.route("https://cdn.example/**", lambda route: route.fulfill(body=""))
        found.goto(f"{base}/", wait_until="networkidle")
        found.click("#djdt-PressmarkPanel a")
        found.wait_for_selector("#PressmarkPanel h4")
        yield found


def test_the_bar_tells_the_sum(page: Page) -> None:
    text = page.inner_text("#djdt-PressmarkPanel")

    assert "Pressmark" in text
    assert "2 bundles from 4 files" in text
    assert "→" in text


def test_each_region_has_a_line_and_a_table(page: Page) -> None:
    headings = page.locator("#PressmarkPanel h4").all_inner_texts()

    assert [heading.partition(",")[0] for heading in headings] == [
        "css file region: 2 of 3 elements in 1 bundle",
        "js file region: 2 of 2 elements in 1 bundle",
    ]
    assert page.locator("#PressmarkPanel table").count() == 2


def test_the_table_says_why_an_element_was_left_alone(page: Page) -> None:
    rows = page.locator("#PressmarkPanel table").first.locator("tbody tr").all_inner_texts()

    assert rows[0].startswith("/static/admin/css/base.css\t")
    assert rows[2].split("\t")[2:] == ["stays", "foreign: refers to nothing under a static prefix"]


def test_the_page_tells_how_long_it_waited(page: Page) -> None:
    assert "The page waited for it for " in page.inner_text("#PressmarkPanel")
