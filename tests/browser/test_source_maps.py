"""Chromium's own developer tools name the file and the line that somebody wrote, not those of the bundle."""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.look import browser
from tests.browser.serving import serving
from tests.conftest import Write
from tests.servers.running import free_port
from tests.site import css_region, js_region

PAGE = (
    "<!doctype html><meta charset=utf-8><title>x</title>"
    + css_region("a.css", "b.css").decode()
    + js_region("a.js", "b.js").decode()
)


@dataclass
class Tools:
    """A Chromium whose developer tools are a page of its own, as it comes with them."""

    chromium: Browser
    port: int

    def open(self, context: BrowserContext, url: str, panel: str) -> Page:
        """Return the developer tools of the page at *url*."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json") as answer:
            [target] = [each["id"] for each in json.load(answer) if each["url"] == url]
        page = context.new_page()
        socket = f"127.0.0.1:{self.port}/devtools/page/{target}"
        page.goto(f"http://127.0.0.1:{self.port}/devtools/inspector.html?ws={socket}&panel={panel}")
        return page


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    port = free_port()
    with browser(f"--remote-debugging-port={port}", "--remote-allow-origins=*") as chromium:
        yield Tools(chromium, port)


@pytest.fixture
def options(static: Path, write: Write, tmp_path: Path) -> dict[str, object]:
    write("a.css", "p { color: red }\n")
    write("b.css", "\n\n  body { width: 100px }\n")
    write("a.js", "// first\nfunction early() {\n  throw new Error('first');\n}\n  early();\n")
    write("b.js", "/* second */\n\nconsole.log('second');\n  nothing.at.all();\n")
    return {"static": {"/static/": static}, "cache_dir": tmp_path / "cache", "build_wait": None}


@pytest.mark.parametrize("source_maps", [True, "/maps/"], ids=["beside the bundles", "below a prefix of their own"])
def test_the_console_names_the_lines_of_the_sources(
    tools: Tools, options: dict[str, object], source_maps: bool | str
) -> None:
    with serving(PAGE, source_maps=source_maps, **options) as url:
        context = tools.chromium.new_context()
        page = context.new_page()
        page.goto(url)
        links = tools.open(context, url, "console").locator(".devtools-link:visible")

        expect(links).to_have_text(["a.js:3", "a.js:3:9", "a.js:5:3", "b.js:3", "b.js:4", "b.js:4:3"], timeout=20_000)
        context.close()


def test_the_styles_of_an_element_name_the_lines_of_the_sources(tools: Tools, options: dict[str, object]) -> None:
    with serving(PAGE, source_maps=True, **options) as url:
        context = tools.chromium.new_context()
        page = context.new_page()
        page.goto(url)
        links = tools.open(context, url, "elements").locator(".devtools-link")

        expect(links).to_have_text(["b.css:3"], timeout=20_000)
        context.close()


def test_the_styles_of_an_element_name_the_lines_of_partials_of_sass(
    tools: Tools, options: dict[str, object], write: Write
) -> None:
    write("_colors.scss", "// the brand\n\nbody { margin: 2px }\n")
    write("site.scss", "@use 'colors';\n\n\nhtml {\n  body { width: 100px }\n}\n")
    sheet = '<link rel="stylesheet" type="text/x-scss" href="/static/site.scss">'
    page = f"<!doctype html><meta charset=utf-8><title>x</title><!-- compress css -->{sheet}<!-- endcompress -->"
    with serving(page, source_maps=True, **options) as url:
        context = tools.chromium.new_context()
        opened = context.new_page()
        opened.goto(url)
        links = tools.open(context, url, "elements").locator(".devtools-link")

        expect(links).to_have_text(["site.scss:5", "_colors.scss:3"], timeout=20_000)
        context.close()


def test_without_source_maps_the_bundle_is_named(tools: Tools, options: dict[str, object]) -> None:
    with serving(PAGE, **options) as url:
        context = tools.chromium.new_context()
        page = context.new_page()
        page.goto(url)
        first = tools.open(context, url, "console").locator(".devtools-link").first

        expect(first).to_have_text(re.compile(r"^[0-9a-f]+….js:1$"), timeout=20_000)
        context.close()
