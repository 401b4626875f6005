"""Under a policy of nonces a browser runs what it ran before, and refuses what it refused."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tests.browser.look import browser
from tests.browser.serving import serving
from tests.conftest import Write

REGIONS = (
    '<!-- compress css --><link rel="stylesheet" nonce="{n}" href="/static/a.css">'
    '<link rel="stylesheet" nonce="{n}" href="/static/b.css"><!-- endcompress -->'
    '<!-- compress js preload --><script nonce="{n}" src="/static/a.js"></script>'
    '<script nonce="{n}" src="/static/b.js"></script><script src="/static/refused.js"></script><!-- endcompress -->'
    "<p>text"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as process:
        yield process


@pytest.mark.parametrize("policy", ["'nonce-{n}'", "'nonce-{n}' 'strict-dynamic'"])
def test_a_bundle_with_the_page_s_nonce_is_run_and_nothing_else(
    static: Path, write: Write, tmp_path: Path, chromium: Browser, policy: str
) -> None:
    write("a.css", "p { color: rgb(1, 2, 3) }")
    write("b.css", "p { width: 10px }")
    write("a.js", "var ran = ['a']")
    write("b.js", "ran.push('b')")
    write("refused.js", "ran.push('refused')")
    numbers = count()

    def page(_: Request) -> HTMLResponse:
        nonce = f"n{next(numbers)}"
        value = f"script-src {policy.format(n=nonce)}; style-src 'nonce-{nonce}'"
        return HTMLResponse("<!doctype html><title>x</title>" + REGIONS.format(n=nonce),
                            headers={"Content-Security-Policy": value})  # fmt: skip

    with serving(page, static={"/static/": static}, cache_dir=tmp_path / "cache", build_wait=None) as url:
        for _ in range(2):  # cold, and warm with another nonce
            tab = chromium.new_page()
            tab.goto(url, wait_until="networkidle")
            bundles = tab.evaluate("[...document.scripts].filter(s => s.src.includes('/pressmark/')).length")

            assert bundles == 1
            assert tab.evaluate("ran") == ["a", "b"]
            assert tab.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)"
            tab.close()
