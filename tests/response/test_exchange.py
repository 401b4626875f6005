"""What becomes of a page on its way out, whatever its application does, and what is said of what stays."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.errors import MarkerError, ShortBodyError
from pressmark.model import Page, Region, Rendered
from pressmark.page.scanner import MAX_REGIONS
from pressmark.pipeline import Pipeline
from tests.conftest import Write
from tests.site import TAG, Site, css_region

UNENDED = b"<!-- compress css --><link>"
UNBEGUN = b"<!-- endcompress -->"


@pytest.fixture(autouse=True)
def files(write: Write) -> None:
    write("a.css", "a { color: red }")


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_marker_that_begins_no_region_is_one_warning(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(static, b"<p>" + UNENDED)
    assert [site.get("/page").body for _ in range(3)] == [site.page] * 3

    assert warnings(caplog) == [
        "marker on /page was ignored: <!-- compress css --> begins no region: no end marker follows it"
    ]


def test_each_of_a_few_pages_with_such_a_marker_is_named(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(static, UNENDED)
    for number in range(100):
        site.get(f"/{number % 50}")

    assert [text.partition(" was")[0] for text in warnings(caplog)] == [f"marker on /{number}" for number in range(8)]


def test_a_page_with_such_a_marker_is_bundled_elsewhere(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    site = Site(static, UNBEGUN + css_region("a.css") + UNENDED)
    for _ in range(3):
        answer = site.get()

    assert len(answer.bundles) == 1
    assert answer.body.startswith(UNBEGUN)
    assert answer.body.endswith(UNENDED)
    assert len(warnings(caplog)) == 2


@pytest.mark.parametrize("page", [UNENDED, UNBEGUN], ids=["a beginning", "an end"])
def test_strict_raises_for_a_marker_that_is_none(static: Path, page: bytes) -> None:
    site = Site(static, page, {"strict": True})

    for _ in range(2):
        with pytest.raises(MarkerError, match=r"^<!-- (end)?compress( css)? --> (begins|ends) no region"):
            site.get()


@pytest.mark.parametrize("page", [UNENDED, UNBEGUN], ids=["a beginning", "an end"])
def test_the_page_says_so_if_asked(static: Path, page: bytes) -> None:
    site = Site(static, b"<p>" + page, {"debug_toggle": "plain"})
    body = site.get("/?plain=why").body

    assert body.startswith(b"<p><!-- pressmark: <!- - ")
    assert body.endswith(b"\n-->" + page)
    assert site.get("/").body == site.page


@pytest.mark.parametrize(
    ("content_type", "header", "expected"),
    [
        ("text/html", ("Content-Encoding", "gzip"), "already compressed (gzip): list Pressmark after the compress"),
        ("text/html; charset=latin-1", ("X-A", "b"), "charset 'latin-1' in Content-Type is unknown to browsers"),
    ],
)
def test_a_page_that_nobody_meant_to_leave_alone_is_one_warning(
    static: Path, caplog: pytest.LogCaptureFixture, content_type: str, header: tuple[str, str], expected: str
) -> None:
    site = Site(static, css_region("a.css"), content_type=content_type, page_headers=[header])
    assert [site.get("/page").body for _ in range(3)] == [site.page] * 3

    [warning] = warnings(caplog)
    assert warning.startswith(f"page /page was not bundled: {expected}")


def test_an_asgi_page_that_comes_encoded_is_one_warning(static: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def page(_: Request) -> Response:
        return Response(b"abc", media_type="text/html", headers={"Content-Encoding": "x"})

    app = ASGIMiddleware(Starlette(routes=[Route("/{path:path}", page)]), cache_dir=static / "cache")
    assert [TestClient(app).get("/a b").content for _ in range(3)] == [b"abc"] * 3

    [warning] = warnings(caplog)
    assert warning.startswith("page /a%20b was not bundled: already compressed (x): list Pressmark after")


@pytest.mark.parametrize(
    ("content_type", "header"),
    [
        ("application/json", ("Content-Encoding", "gzip")),
        ("text/css; charset=latin-1", ("X-A", "b")),
        ("text/html; charset=utf-16", ("X-A", "b")),
        ("text/html", ("Cache-Control", "no-transform")),
        ("text/html", ("Content-Range", "bytes 0-1/2")),
    ],
)
def test_what_is_left_alone_for_good_reason_is_none(
    static: Path, caplog: pytest.LogCaptureFixture, content_type: str, header: tuple[str, str]
) -> None:
    site = Site(static, css_region("a.css"), content_type=content_type, page_headers=[header])

    assert site.get().body == site.page
    assert warnings(caplog) == []


@pytest.mark.parametrize("missing", [7, 0, -7], ids=["too short", "right", "too long"])
def test_a_body_of_another_length_than_announced_stays_one(static: Path, missing: int) -> None:
    """What takes its length at its word must go on to see that the application broke off."""
    site = Site(static, css_region("a.css"))
    site.page_headers = [("Content-Length", str(len(site.page) + missing))]
    answer = site.get()

    assert answer.bundles
    assert int(answer.headers["Content-Length"]) - len(answer.body) == missing


def page_app(chunks: list[bytes], *headers: tuple[str, str]) -> Any:
    """Return a WSGI application that streams a page."""

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers])
        yield from chunks

    return app


def streamed(app: Any, **environ: str) -> tuple[dict[str, str], list[bytes]]:
    """Return the headers and the chunks that a WSGI application sends."""
    started: list[dict[str, str]] = []
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"} | environ
    result = app(asked, lambda status, headers, exc_info=None: started.append(dict(headers)))
    chunks = list(result)
    getattr(result, "close", lambda: None)()
    return started[-1], chunks


def sent(app: Any, chunks: list[bytes], *headers: tuple[str, str], asked: str = "") -> list[dict[str, Any]]:
    """Return what an ASGI application sends that streams *chunks*, asked with If-None-Match."""
    found: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        fields = [(b"content-type", b"text/html; charset=utf-8"), *((k.encode(), v.encode()) for k, v in headers)]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        for place, chunk in enumerate(chunks):
            await send({"type": "http.response.body", "body": chunk, "more_body": place + 1 < len(chunks)})

    async def send(message: Any) -> None:
        found.append(dict(message))

    async def receive() -> Any:
        return {"type": "http.request"}

    condition = [(b"if-none-match", asked.encode())] if asked else []
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": condition}
    asyncio.run(app(inner)(scope, receive, send))
    return found


@pytest.fixture
def options(static: Path) -> dict[str, Any]:
    return {"static": {"/static/": str(static)}, "cache_dir": static.parent / "cache", "build_wait": None}


def test_what_follows_a_first_chunk_that_is_known_is_read_behind_it(options: dict[str, Any]) -> None:
    """The first chunk leaves a script open, in which there are no markers, however often it has been seen."""
    chunks = [css_region("a.css") + b"<script>", css_region("b.css"), b"</script>" + css_region("a.css")]
    app = WSGIMiddleware(page_app(chunks), **options)

    for _ in range(3):
        body = b"".join(streamed(app)[1])
        assert len(TAG.findall(body)) == 2
        assert css_region("b.css") in body


def test_regions_are_counted_behind_a_beginning_that_is_known(options: dict[str, Any]) -> None:
    pages = [css_region("a.css") * (MAX_REGIONS + 1) + b"%d" % number for number in range(3)]
    bodies = [b"".join(streamed(WSGIMiddleware(page_app([page]), **options))[1]) for page in pages]
    app = WSGIMiddleware(
        lambda environ, start: page_app([pages[int(environ["PATH_INFO"][1:])]])(environ, start), **options
    )
    again = [b"".join(streamed(app, PATH_INFO=f"/{number}")[1]) for number in range(3)]

    assert again == bodies
    assert [len(TAG.findall(body)) for body in again] == [MAX_REGIONS] * 3


LONG = [css_region("a.css"), *[b" " * (1 << 20)] * 6]


def test_a_page_too_long_to_be_held_streams_without_its_tag(options: dict[str, Any]) -> None:
    headers, chunks = streamed(WSGIMiddleware(page_app(LONG, ("ETag", '"v1"')), **options))
    messages = sent(lambda app: ASGIMiddleware(app, **options), LONG, ("etag", '"v1"'))

    assert "ETag" not in headers
    assert max(map(len, chunks)) < 6 << 20
    assert b"etag" not in dict(messages[0]["headers"])
    assert max(len(message["body"]) for message in messages[1:]) < 6 << 20


def test_text_before_a_cold_region_does_not_wait_for_it(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = b"early" + css_region("a.css")
    order: list[bytes] = []
    begin = Pipeline.begin

    def noted(self: Pipeline, region: Region, page: Page) -> "Future[Rendered]":
        order.append(b"built")
        return begin(self, region, page)

    monkeypatch.setattr(Pipeline, "begin", noted)
    for chunk in WSGIMiddleware(page_app([page, b"late"]), **options)(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: lambda _: None
    ):
        order.append(chunk)

    assert order[:2] == [b"early", b"built"]


def test_text_before_a_cold_region_does_not_wait_for_it_under_asgi(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pipeline, "begin", _never)
    options |= {"build_wait": 0.01}
    messages = sent(lambda app: ASGIMiddleware(app, **options), [b"early" + css_region("a.css"), b"late"])

    assert messages[1]["body"] == b"early"


def _never(*_: Any) -> "Future[Rendered]":
    return Future()


def test_a_page_whose_wait_is_over_asks_nothing_of_a_disk(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would do so on the event loop, and a disk that is slow now is why the page has waited."""
    app = WSGIMiddleware(page_app([css_region("a.css")]), **options | {"refresh": 0, "build_wait": 0.01})
    warm = b"".join(streamed(app)[1])
    while TAG.search(warm) is None:
        warm = b"".join(streamed(app)[1])
    asked: list[str] = []
    monkeypatch.setattr(Pipeline, "begin", _never)
    monkeypatch.setattr("pressmark.stores.layered.LayeredStore.generation", lambda _: asked.append("generation"))

    assert b"".join(streamed(app)[1]) == warm
    assert asked == []


def test_all_regions_of_a_page_share_one_wait(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def waited(futures: object, timeout: float) -> None:
        waits.append(timeout)

    monkeypatch.setattr(Pipeline, "begin", _never)
    monkeypatch.setattr("pressmark.shells.wsgi_response.wait", waited)
    # A second between any two looks.
    monkeypatch.setattr("pressmark.response.exchange.time.monotonic", count(1.0).__next__)
    page = b"".join(css_region("a.css", marker=f"compress css n{number}") for number in range(8))

    assert b"".join(streamed(WSGIMiddleware(page_app([page]), **options | {"build_wait": 100.0}))[1]) == page
    assert len(waits) == 8
    assert all(later < earlier for earlier, later in pairwise(waits))


def test_a_page_without_regions_is_compared_with_the_tags_that_came_with_ours(options: dict[str, Any]) -> None:
    condition = f'"v0-cc.{"0" * 16}", "v1"'
    found = sent(lambda app: ASGIMiddleware(app, **options), [b"<p>"], ("etag", '"v1"'), asked=condition)

    assert found[0]["status"] == 304


def test_a_page_that_breaks_off_does_not_end_as_if_it_were_whole(options: dict[str, Any]) -> None:
    """Its head has left without the length by which a client would know."""
    chunks = [b"<p>one", b"<p>two"]
    message = "the application gave 12 bytes of a page, and its Content-Length says 20"
    with pytest.raises(ShortBodyError, match=message):
        streamed(WSGIMiddleware(page_app(chunks, ("Content-Length", "20")), **options))
    with pytest.raises(ShortBodyError, match=message):
        sent(lambda app: ASGIMiddleware(app, **options), chunks, ("content-length", "20"))


def test_a_head_that_outer_middleware_reads_knows_the_route(options: dict[str, Any]) -> None:
    routes: list[object] = []

    def outer(app: Any) -> Any:
        async def call(scope: Any, receive: Any, send: Any) -> None:
            async def watching(message: Any) -> None:
                routes.append(scope.get("route"))
                await send(message)

            async def inner(scope: Any, receive: Any, send: Any) -> None:
                scope["route"] = "home"
                await app(scope, receive, send)

            await ASGIMiddleware(inner, **options)(scope, receive, watching)

        return call

    sent(outer, [b"<p>"], asked=f'"v0-cc.{"0" * 16}"')
    assert set(routes) == {"home"}


def test_a_file_that_the_server_sends_is_one_warning(options: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.pathsend", "path": "/a.html"})

    found: list[Any] = []

    async def send(message: Any) -> None:
        found.append(message["type"])

    scope = {"type": "http", "method": "GET", "path": "/a", "query_string": b"", "headers": []}
    asyncio.run(ASGIMiddleware(app, **options)(scope, send, send))  # type: ignore[arg-type]

    assert found == ["http.response.start", "http.response.pathsend"]
    assert warnings(caplog) == ["page /a was not bundled: the server sends it from a file: turn that off for pages"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_of_a_head_no_server_can_make_a_length(options: dict[str, Any], method: str) -> None:
    """WSGI servers make a Content-Length of the only chunk, if ``len`` says that there is one."""
    page = css_region("a.css")
    result = WSGIMiddleware(lambda _, start: (start("200 OK", [("Content-Type", "text/html")]), [page])[1], **options)(
        {"REQUEST_METHOD": method, "PATH_INFO": "/"}, lambda *_: lambda _: None
    )

    assert hasattr(result, "__len__") is (method == "GET")


def test_a_page_that_another_message_interrupts_has_no_length_that_it_will_not_keep(options: dict[str, Any]) -> None:
    page = css_region("a.css")
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        fields = [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(page)), (b"etag", b'"v1"')]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": page, "more_body": True})
        await send({"type": "http.response.push", "path": "/a", "headers": []})
        await send({"type": "http.response.body"})

    async def send(message: Any) -> None:
        found.append(message)

    scope = {"type": "http", "method": "GET", "path": "/a", "query_string": b"", "headers": []}
    asyncio.run(ASGIMiddleware(app, **options)(scope, send, send))  # type: ignore[arg-type]

    assert [message["type"].rpartition(".")[2] for message in found] == ["start", "body", "push", "body"]
    assert found[0]["headers"] == [(b"content-type", b"text/html")]
    assert b"/pressmark/css/" in found[1]["body"]


def test_what_is_written_after_another_head_took_the_place_of_a_page_is_kept(options: dict[str, Any]) -> None:
    """The first head's ``write`` is still in the application's hands."""
    written: list[bytes] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [("Content-Type", "text/html")])
        try:
            int("oops")
        except ValueError:
            start_response("500 Oops", [("Content-Type", "text/plain")], sys.exc_info())
        write(b"oops")
        return []

    result = WSGIMiddleware(app, **options)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: written.append)

    assert (list(result), written) == ([], [b"oops"])
