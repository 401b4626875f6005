"""A browser that comes back after a stylesheet has changed loads what has changed of it (RFC 9842)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession

from tests.browser.look import browser
from tests.browser.serving import serving
from tests.conftest import Write
from tests.packages.installed import packages

PAGE = (
    "<!doctype html><meta charset=utf-8><title>x</title>"
    '<!-- compress css site --><link rel="stylesheet" href="/static/site.css"><!-- endcompress -->'
    '<p class="button is-primary">A button'
)
COLOUR = ".is-primary { color: rgb(%d, 2, 3) !important }\n"


@dataclass
class Loaded:
    """A stylesheet as it came, and the colour that the page has by it."""

    coding: str
    sent_bytes: int  # headers included
    colour: str


@pytest.fixture
def site(static: Path, tmp_path: Path) -> Iterator[str]:
    """Run the page's site and give its URL."""
    with serving(PAGE, static={"/static/": static}, cache_dir=tmp_path / "cache", refresh=0, build_wait=None) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as process:
        yield process


def load(context: BrowserContext, url: str) -> Loaded:
    """Load the page in a new tab, and tell what the network brought of its stylesheet."""
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    session.send("Network.enable")
    sheets: dict[str, str] = {}
    sent: dict[str, int] = {}

    def responded(event: dict[str, Any]) -> None:
        if event["type"] == "Stylesheet":
            headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
            sheets[event["requestId"]] = headers.get("content-encoding", "identity")

    session.on("Network.responseReceived", responded)
    session.on("Network.loadingFinished", lambda event: sent.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(url, wait_until="networkidle")
    colour = page.evaluate("getComputedStyle(document.querySelector('p')).color")
    page.close()
    [(number, coding)] = sheets.items()
    return Loaded(coding, sent[number], colour)


def test_a_second_visit_after_a_change_loads_no_more_than_the_change(
    site: str, chromium: Browser, write: Write
) -> None:
    bulma = (packages() / "bulma" / "css" / "bulma.css").read_text()
    sheet = bulma + COLOUR % 1
    write("site.css", sheet)
    context = chromium.new_context()
    first = load(context, site)
    write("site.css", bulma + COLOUR % 9)
    second = load(context, site)

    whole = len(brotli.compress(sheet.encode(), quality=11))
    assert len(sheet) > 100_000
    assert first.colour == "rgb(1, 2, 3)"
    assert (second.coding, second.colour) == ("dcz", "rgb(9, 2, 3)")
    assert second.sent_bytes < 0.02 * whole, (first, second, whole)
