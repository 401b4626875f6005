"""A browser takes a bundle with ``integrity`` as it was built, and no other bytes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.look import browser
from tests.browser.serving import serving
from tests.conftest import Write
from tests.site import css_region, js_region

PAGE = (
    "<!doctype html><meta charset=utf-8><title>x</title>"
    + css_region("a.css", "b.css", marker="compress css preload").decode()
    + js_region("a.js", "b.js").decode()
    + "<p>text"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as process:
        yield process


@pytest.fixture
def site(static: Path, write: Write, tmp_path: Path) -> Iterator[str]:
    write("a.css", "p { color: rgb(1, 2, 3) }")
    write("b.css", "p { width: 10px }")
    write("a.js", "var ran = [1]")
    write("b.js", "ran.push(2)")
    options = {"static": {"/static/": static}, "cache_dir": tmp_path / "cache", "build_wait": None}
    with serving(PAGE, integrity=True, **options) as url:
        yield url


def test_a_bundle_as_it_was_built_is_used_without_a_word(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.goto(site, wait_until="networkidle")

    assert page.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)"
    assert page.evaluate("ran") == [1, 2]
    assert console == []
    page.close()


def test_other_bytes_are_refused(site: str, chromium: Browser) -> None:
    def damage(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + "\n")

    page = chromium.new_page()
    page.route("**/pressmark/**", damage)
    page.goto(site, wait_until="networkidle")

    assert page.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(0, 0, 0)"
    assert page.evaluate("typeof ran") == "undefined"
    page.close()
