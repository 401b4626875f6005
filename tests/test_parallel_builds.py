"""Compilers and the regions of a page work side by side, and one that hangs delays nobody else's page."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from pressmark import WSGIMiddleware
from pressmark.bundling.precompile import Precompilers
from pressmark.errors import FilterError
from pressmark.model import Asset
from pressmark.protocols import Filter
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses
from tests.conftest import Write
from tests.site import Site

PATIENCE_S = 20.0


@dataclass
class Meeting:
    """A precompiler whose calls wait for each other, as long as fewer than *count* run at once."""

    count: int
    key = "meeting"

    def __post_init__(self) -> None:
        self._barrier = threading.Barrier(self.count)

    def __call__(self, asset: Asset) -> Asset:
        self._barrier.wait(PATIENCE_S)
        return replace(asset, dependencies=())


@dataclass
class Hanging:
    """A precompiler that ends when it is told to."""

    end: threading.Event = field(default_factory=threading.Event)
    has_begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    called: list[str] = field(default_factory=list)
    key = "hanging"

    def __call__(self, asset: Asset) -> Asset:
        self.called.append(os.path.basename(asset.url))
        self.has_begun.release()
        self.end.wait(PATIENCE_S)
        return replace(asset, dependencies=())


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    """Return a precompiler that hangs until the test ends, at the latest."""
    hanging = Hanging()
    yield hanging
    hanging.end.set()


def link(name: str, media_type: str = "text/inc") -> str:
    return f'<link rel="stylesheet" type="{media_type}" href="/static/{name}">'


def region(*elements: str, kind: str = "css") -> str:
    return f"<!-- compress {kind} -->{''.join(elements)}<!-- endcompress -->"


def test_the_sources_of_a_region_are_compiled_at_once(static: Path, write: Write) -> None:
    names = [f"{letter}.inc" for letter in "abc"]
    for name in names:
        write(name, f"{name[0]} {{ color: red }}")
    page = region(*map(link, names)).encode()
    site = Site(static, page, {"precompilers": {"text/inc": Meeting(3)}})

    [url] = site.get().bundles
    assert site.get(url).body == b"a{color:red}\nb{color:red}\nc{color:red}"


def test_the_regions_of_a_page_are_built_at_once(static: Path, write: Write) -> None:
    write("a.inc", "a { color: red }")
    write("b.inc", "b { color: red }")
    write("c.js", "c ( )")
    script = '<script src="/static/c.js"></script>'
    page = region(link("a.inc")) + region(script, kind="js") + region(link("b.inc"))
    site = Site(static, page.encode(), {"precompilers": {"text/inc": Meeting(2)}})

    assert len(site.get().bundles) == 3


def test_regions_with_data_and_nonces_are_built_at_once_too(static: Path, write: Write) -> None:
    write("a.inc", "a { color: red }")
    write("b.inc", "b { color: red }")
    data = '<script type="application/json" id="d">{"a": 1}</script>'
    script = '<script nonce="n0nce12345678901">a ( )</script>'
    page = region(link("a.inc")) + region(data, script, kind="js") + region(link("b.inc"))
    policy = [("Content-Security-Policy", "script-src 'nonce-n0nce12345678901'; style-src 'self'")]
    site = Site(static, page.encode(), {"precompilers": {"text/inc": Meeting(2)}}, page_headers=policy)

    answer = site.get()
    assert len(answer.bundles) >= 2
    assert b'{"a": 1}' in answer.body and b'nonce="n0nce12345678901"' in answer.body  # noqa: PT018


def test_a_source_on_two_pages_is_compiled_once(static: Path, write: Write, hanging: Hanging) -> None:
    write("a.inc", "a { color: red }")
    write("b.inc", "b { color: red }")
    pages = {"/one": region(link("a.inc")), "/two": region(link("a.inc"), link("b.inc"))}
    app = app_of(pages, static, {"text/inc": hanging})
    with ThreadPoolExecutor(2) as threads:
        bodies = [threads.submit(get, app, path) for path in pages]
        assert all(hanging.has_begun.acquire(timeout=PATIENCE_S) for _ in range(2))
        hanging.end.set()
        assert all(b"/pressmark/css/" in body.result(PATIENCE_S) for body in bodies)

    assert sorted(hanging.called) == ["a.inc", "b.inc"]


def test_one_that_hangs_on_all_its_pages_delays_no_other_page(static: Path, write: Write, hanging: Hanging) -> None:
    others = {f"/{number}": region(link(f"{number}.hang", "text/hang")) for number in range(24)}
    for number in range(24):
        write(f"{number}.hang", f"a{number} {{ color: red }}")
    write("a.css", "a { color: red }")
    write("b.inc", "b { color: red }")
    plain = '<link rel="stylesheet" href="/static/a.css">'
    pages = others | {"/plain": region(plain), "/other": region(link("b.inc"))}
    app = app_of(pages, static, {"text/hang": hanging, "text/inc": Meeting(1)})
    with ThreadPoolExecutor(len(others)) as threads:
        waiting = [threads.submit(get, app, path) for path in others]
        assert hanging.has_begun.acquire(timeout=PATIENCE_S)
        for path in ("/plain", "/other"):
            assert b"/pressmark/css/" in get(app, path)
        assert not any(each.done() for each in waiting)
        hanging.end.set()
        assert all(b"/pressmark/css/" in each.result(PATIENCE_S) for each in waiting)


def test_the_first_that_fails_in_the_order_of_the_page_is_told(static: Path, write: Write) -> None:
    def failing(asset: Asset) -> Asset:
        raise ValueError(f"no {asset.url}")

    write("a.inc", "a")
    write("b.inc", "b")
    page = region(link("a.inc"), link("b.inc")).encode()
    site = Site(static, page, {"precompilers": {"text/inc": failing}, "strict": True})

    for _ in range(2):
        with pytest.raises(FilterError, match=r"no /static/a\.inc"):
            site.get()


def test_each_region_that_waits_for_a_source_that_fails_gets_an_error_of_its_own() -> None:
    """Each puts into it what takes its own place."""

    def failing(asset: Asset) -> Asset:
        raise ValueError("no")

    failing.key = "failing"  # type: ignore[attr-defined]
    precompilers = Precompilers({"text/inc": cast("Filter", failing)})
    begun = precompilers.begin(Asset("/a.inc", "text/inc", b"a"), Analyses(MemoryStore()))
    errors = []
    for _ in range(2):
        with pytest.raises(FilterError, match=r"failed on '/a\.inc': no") as raised:
            precompilers.finish(begun, "text/css")
        errors.append(raised.value)

    assert errors[0] is not errors[1]


def app_of(pages: dict[str, str], static: Path, precompilers: dict[str, Any]) -> WSGIMiddleware:
    """Return an application with these pages, under Pressmark."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [pages[environ["PATH_INFO"]].encode()]

    return WSGIMiddleware(
        answer,
        static={"/static/": str(static)},
        cache_dir=static.parent / "cache",
        precompilers=precompilers,
        build_wait=PATIENCE_S,
    )


def get(app: WSGIMiddleware, path: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "x",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
    }  # fmt: skip
    return b"".join(app(environ, lambda status, headers, exc_info=None: lambda body: None))
