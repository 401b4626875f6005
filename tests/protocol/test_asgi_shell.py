"""Pressmark's ASGI middleware between a strict server and strict applications."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import anyio
import pytest

from pressmark import ASGIMiddleware
from pressmark.compilers import found
from tests.protocol.asgi_cases import HTML, Case, body, halves, length, pieces, plays, start, whole
from tests.protocol.asgi_connection import Connection, Request
from tests.protocol.asgi_rules import Scope
from tests.protocol.expectations import Promise
from tests.protocol.inner_asgi import BACKENDS, CASES, examine, on
from tests.protocol.inner_asgi_endings import ENDINGS
from tests.protocol.inner_asgi_protocols import PROTOCOLS
from tests.protocol.pages import BUILDABLE, NO_REGION, PAGES, twice_far_apart
from tests.protocol.strict_asgi import App, Receive, Send, StrictApp, StrictServer

HTTP = {name: case for name, case in CASES.items() if name not in PROTOCOLS}
ODD_PAGES = {name: page for name, page in PAGES.items() if page not in (NO_REGION, BUILDABLE)}
Wrap = Callable[[App], Any]


class Switch:
    """An application that is another for each test, so that all of them can share one Pressmark."""

    def __init__(self) -> None:
        self.app: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


def _pressmark(static: Path, cache: Path, **options: Any) -> Wrap:
    switch = Switch()
    pressmark = ASGIMiddleware(cast(Any, switch), static={"/static/": static}, cache_dir=cache, **options)

    def wrap(app: App) -> Any:
        switch.app = app
        return pressmark

    return wrap


@pytest.fixture(scope="module")
def pressmark(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Wrap:
    """Pressmark, which waits for its builds. A plain page has had all regions: for an error page nothing is built."""
    wrap = _pressmark(static, tmp_path_factory.mktemp("cache"), build_wait=None)
    for page in PAGES.values():
        examine(CASES["a page with Content-Length"], page, wrap, BACKENDS[0])
    return wrap


@pytest.fixture(scope="module")
def impatient(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Wrap:
    """Pressmark that waits for no build."""
    return _pressmark(static, tmp_path_factory.mktemp("cache"), build_wait=0)


@pytest.fixture(scope="module")
def off(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wrap]:
    """Pressmark, switched off, on a machine without compilers: those run still."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found, "KNOWN", ())
        yield _pressmark(static, tmp_path_factory.mktemp("cache"), enabled=False)


@pytest.mark.parametrize("name", CASES)
def test_a_response_without_a_region_leaves_lawfully(name: str, pressmark: Wrap, backend: str) -> None:
    examine(CASES[name], NO_REGION, pressmark, backend)


@pytest.mark.parametrize("name", HTTP)
def test_a_response_with_regions_leaves_lawfully_when_they_are_new(
    name: str, pressmark: Wrap, serial: Iterator[int], backend: str
) -> None:
    examine(HTTP[name], BUILDABLE.renewed(next(serial)), pressmark, backend)


@pytest.mark.parametrize("name", HTTP)
def test_a_response_with_regions_leaves_lawfully_when_they_are_known(name: str, pressmark: Wrap, backend: str) -> None:
    examine(HTTP[name], BUILDABLE, pressmark, backend, times=2)


@pytest.mark.parametrize("name", HTTP)
def test_a_response_with_an_odd_region_leaves_lawfully(name: str, pressmark: Wrap, serial: Iterator[int]) -> None:
    for page in ODD_PAGES.values():
        examine(HTTP[name], page.renewed(next(serial)), pressmark, "asyncio", times=2)


@pytest.mark.parametrize("name", HTTP)
def test_a_response_that_does_not_wait_for_its_regions_leaves_lawfully(
    name: str, impatient: Wrap, serial: Iterator[int], backend: str
) -> None:
    """The original goes out, or the new: what it says of itself is true of what it is."""
    case = HTTP[name]
    promise: Promise = case.promise if case.promise in ("same", "head") else "either"

    examine(replace(case, promise=promise), BUILDABLE.renewed(next(serial)), impatient, backend)


@pytest.mark.parametrize("name", CASES)
def test_what_is_switched_off_changes_nothing(name: str, off: Wrap) -> None:
    examine(replace(CASES[name], promise="same"), BUILDABLE, off, "asyncio")


def test_a_page_cut_in_two_anywhere_is_rewritten(pressmark: Wrap, backend: str) -> None:
    """A marker, a tag and a region may each arrive in two pieces."""
    for at in range(len(BUILDABLE.raw) + 1):
        case = Case(pieces(lambda page, at=at: [page[:at], page[at:]], HTML))  # type: ignore[misc]

        examine(case, BUILDABLE, pressmark, backend)


@pytest.mark.parametrize("name", [name for name in ENDINGS if name.startswith("an exception in")])
def test_a_response_that_failed_does_not_look_complete(name: str, pressmark: Wrap, backend: str) -> None:
    """A client and a cache must be able to tell half a page from a page."""
    connection = examine(ENDINGS[name], BUILDABLE, pressmark, backend)

    assert not connection.rules.complete


def test_a_page_before_it_fails_is_not_lost_to_the_server(pressmark: Wrap, backend: str) -> None:
    """Where nothing was sent, the server can still make its own 500."""
    connection = examine(ENDINGS["an exception before anything"], BUILDABLE, pressmark, backend)

    assert connection.sent == []


def test_the_first_page_of_all_is_rewritten(static: Path, tmp_path: Path, backend: str) -> None:
    """The cache directory is still empty."""
    examine(CASES["a page with Content-Length"], BUILDABLE, _pressmark(static, tmp_path, build_wait=None), backend)


def test_twenty_clients_at_once_are_answered_lawfully(pressmark: Wrap, serial: Iterator[int], backend: str) -> None:
    """They meet a region that is built while they wait, and nothing of one response is in another's."""
    page = BUILDABLE.renewed(next(serial))

    async def run() -> list[Connection]:
        inner = StrictApp(pieces(halves, HTML)(page.raw))
        server = StrictServer(pressmark(inner), inner)
        done: list[Connection] = []

        async def serve() -> None:
            done.append(await server(Request()))

        async with anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(serve)
        return done

    bodies = [b"".join(m.get("body", b"") for m in connection.sent) for connection in on(backend, run)]

    assert [page.is_rewritten_as(body) for body in bodies] == [True] * 20


def test_a_page_beyond_all_bounds_leaves_lawfully(pressmark: Wrap, backend: str) -> None:
    """A tagged page is held to its end, but not for ever."""
    case = Case(pieces(_megabytes, HTML, (b"etag", b'"v1"'), sized=True), "either", dress=twice_far_apart)

    examine(case, BUILDABLE, pressmark, backend)


def _megabytes(page: bytes) -> list[bytes]:
    return [page[at : at + 1_000_000] for at in range(0, len(page), 1_000_000)]


def _after_a_page(pressmark: Wrap, backend: str, request: Callable[[str], Request]) -> Connection:
    """Return the answer to *request*, made of the path of a bundle that a page has just named."""

    async def run() -> Connection:
        make = whole(HTML)
        inner = StrictApp(make(BUILDABLE.raw))
        server = StrictServer(pressmark(inner), inner)
        page = (await server(Request())).sent[-1]["body"].decode()
        at = page.index("/pressmark/css/")
        return await server(request(page[at : page.index('"', at)]))

    return on(backend, run)


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("OPTIONS", 204)])
def test_a_bundle_is_served_lawfully(method: str, status: int, pressmark: Wrap, backend: str) -> None:
    connection = _after_a_page(pressmark, backend, lambda path: Request(method=method, path=path, reaches_app=False))

    assert connection.sent[0]["status"] == status


@pytest.mark.parametrize(
    ("header", "statuses"),
    [
        pytest.param((b"if-none-match", b"*"), (304,), id="not modified"),
        pytest.param((b"range", b"bytes=0-3"), (200, 206), id="a range"),
        pytest.param((b"range", b"bytes=99999-"), (200, 416), id="a range beyond the end"),
        pytest.param((b"accept-encoding", b"br, gzip"), (200,), id="encoded"),
    ],
)
def test_a_bundle_asked_for_with_conditions_is_served_lawfully(
    header: tuple[bytes, bytes], statuses: tuple[int, ...], pressmark: Wrap, backend: str
) -> None:
    connection = _after_a_page(
        pressmark, backend, lambda path: Request(path=path, headers=(header,), reaches_app=False)
    )

    assert connection.sent[0]["status"] in statuses


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/pressmark/css/" + "0" * 32 + ".css", 404, id="an unknown bundle"),
        pytest.param("HEAD", "/pressmark/css/" + "0" * 32 + ".css", 404, id="HEAD of an unknown bundle"),
        pytest.param("GET", "/pressmark/", 404, id="no bundle at all"),
        pytest.param("GET", "/pressmark/../x", 404, id="a way out"),
        pytest.param("GET", "/pressmark/css/\0\u20ac", 404, id="odd letters"),
        pytest.param("POST", "/pressmark/css/" + "0" * 32 + ".css", 405, id="another method"),
    ],
)
def test_a_bundle_that_is_not_there_is_refused_lawfully(
    method: str, path: str, status: int, pressmark: Wrap, backend: str
) -> None:
    request = Request(method=method, path=path, reaches_app=False)

    connection = examine(Case(_never_asked, "stream", request), NO_REGION, pressmark, backend)

    assert connection.sent[0]["status"] == status


def _never_asked(_page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the application has no business with bundles")

    return app


def test_a_bundle_below_a_mount_is_served_without_the_application(pressmark: Wrap, backend: str) -> None:
    request = Request(path="/mnt/pressmark/css/" + "0" * 32 + ".css", root_path="/mnt", reaches_app=False)

    connection = examine(Case(_never_asked, "stream", request), NO_REGION, pressmark, backend)

    assert connection.sent[0]["status"] == 404


def test_a_path_that_only_begins_like_the_endpoint_is_the_applications(pressmark: Wrap, backend: str) -> None:
    case = Case(whole(HTML), "page", Request(path="/pressmarked/"))

    examine(case, BUILDABLE, pressmark, backend)


def test_a_page_that_comes_back_is_not_modified_by_its_new_tag(pressmark: Wrap, backend: str) -> None:
    """Whatever becomes of an ETag, a page that is asked for by it must be answered lawfully."""

    async def run() -> Any:
        tag = (b"etag", b'"v1"')
        make = plays(lambda page: (start(HTML, length(page), tag), body(page)))
        inner = StrictApp(make(BUILDABLE.raw))
        server = StrictServer(pressmark(inner), inner)
        fields = dict((await server(Request())).sent[0]["headers"])
        again = Request(headers=((b"if-none-match", fields.get(b"etag", b'"none"')),))
        return (await server(again)).sent[0]["status"]

    assert on(backend, run) in (200, 304)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_body_of_other_bytes_is_taken_for_bytes(kind: Callable[[bytes], Any], static: Path, tmp_path: Path) -> None:
    """ASGI allows bytes alone, and Starlette passes a memoryview on; a page goes out even so."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": kind(BUILDABLE.raw)})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    wrapped = ASGIMiddleware(app, static={"/static/": static}, cache_dir=tmp_path, build_wait=None)
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    anyio.run(wrapped, scope, cast(Any, send), send)

    assert BUILDABLE.is_rewritten_as(b"".join(sent))
