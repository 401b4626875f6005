"""What the documentation says of clients that know files by their addresses holds in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.browser.look import browser
from tests.browser.serving import serving
from tests.conftest import Write
from tests.documentation import blocks_in
from tests.packages.installed import packages
from tests.site import js_region

TURBO = '<!doctype html><title>x</title><script src="/turbo/turbo.es2017-umd.js"></script>'


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as process:
        yield process


@pytest.mark.npm
@pytest.mark.parametrize(
    ("second", "ran"),
    [
        pytest.param([["a.js", "b.js"], ["c.js"]], ["a", "b", "c"], id="what a page adds has a second region"),
        pytest.param([["a.js", "b.js", "c.js"]], ["a", "b", "a", "b", "c"], id="what it adds is in the first"),
    ],
)
def test_turbo_runs_what_is_new(
    static: Path, write: Write, tmp_path: Path, chromium: Browser, second: list[list[str]], ran: list[str]
) -> None:
    for name in "abc":
        write(f"{name}.js", f"(window.ran = window.ran || []).push('{name}')")
    first = [["a.js", "b.js"]]

    def page(request: Request) -> Response:
        regions = second if request.url.path == "/second" else first
        return HTMLResponse(TURBO + b"\n".join(js_region(*names) for names in regions).decode() + "<p>text")

    turbo = packages() / "@hotwired/turbo/dist"
    with serving(
        page, static={"/static/": static, "/turbo/": turbo}, cache_dir=tmp_path / "cache", build_wait=None
    ) as url:
        tab = chromium.new_page()
        tab.goto(url, wait_until="networkidle")
        tab.evaluate("Turbo.visit('/second')")
        tab.wait_for_function("location.pathname === '/second' && window.ran.includes('c')")

        assert tab.evaluate("ran") == ran
        tab.close()


def test_the_service_worker_keeps_bundles(static: Path, write: Write, tmp_path: Path, chromium: Browser) -> None:
    write("a.js", "var ran = 'a'")
    [worker] = blocks_in("js")
    register = "<script>navigator.serviceWorker.register('/worker.js')</script>"

    def page(request: Request) -> Response:
        if request.url.path == "/worker.js":
            return Response(worker.code, media_type="text/javascript")
        return HTMLResponse("<!doctype html><title>x</title>" + js_region("a.js").decode() + register)

    with serving(page, static={"/static/": static}, cache_dir=tmp_path / "cache", build_wait=None) as url:
        tab = chromium.new_page()
        tab.goto(url)
        tab.evaluate("navigator.serviceWorker.ready")
        tab.reload(wait_until="networkidle")
        bundle = tab.evaluate("document.scripts[0].src")
        tab.wait_for_function("async () => await (await caches.open('bundles')).match(document.scripts[0].src)")

    # The server has ended.
    assert tab.evaluate("fetch(document.scripts[0].src).then(answer => answer.text())") == "var ran='a'"
    assert "/pressmark/" in bundle
    tab.close()
