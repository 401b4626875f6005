"""Legal ASGI applications whose responses must leave exactly as they came, with pages inside them or not."""

import gzip
import tempfile
from collections.abc import Callable, Iterable

from tests.protocol.asgi_cases import (
    HEAD,
    HTML,
    Case,
    Factory,
    body,
    byte_by_byte,
    halves,
    length,
    pieces,
    plays,
    start,
    whole,
)
from tests.protocol.asgi_connection import Request
from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.expectations import Promise
from tests.protocol.inner_asgi_pages import VALIDATORS
from tests.protocol.inner_asgi_streams import CUSTOM, DEBUG, HINT
from tests.protocol.strict_asgi import App, Receive, Send

JSON = (b"content-type", b"application/json")
TEXT = (b"content-type", b"text/plain; charset=utf-8")


def same(make: Factory, request: Request | None = None) -> Case:
    """Return a case that must pass untouched."""
    return Case(make, "same", request or Request())


def given_up(make: Factory, *offered: str) -> Case:
    """Return the case of a page whose head may have been held before it shows that it must pass."""
    return Case(make, "either", Request(extensions=offered))


def typed(value: bytes) -> Case:
    """Return the case of a page under another Content-Type."""
    return same(whole((b"content-type", value)))


def encoded(page: Callable[[bytes], bytes], *headers: tuple[bytes, bytes], promise: Promise = "same") -> Case:
    """Return the case of a page whose bytes went through *page*."""

    def script(raw: bytes) -> Iterable[Message]:
        content = page(raw)
        return (start(*headers, length(content)), body(content))

    return Case(plays(script), promise)


def bodiless(status: int, *headers: tuple[bytes, bytes]) -> Case:
    """Return the case of a response that has no body."""
    return same(plays(lambda _: (start(*headers, status=status), {"type": "http.response.body"})))


def _without_headers(page: bytes) -> Iterable[Message]:
    return ({"type": "http.response.start", "status": 200}, body(page))


def _empty_tuple(page: bytes) -> Iterable[Message]:
    return (start() | {"headers": ()}, body(page))


def _one_shot(page: bytes) -> Iterable[Message]:
    first, second = halves(page)
    return (
        start() | {"headers": (pair for pair in (JSON, (b"x-two", b"2")))},
        body(first, more=True),
        body(second),
    )


def _pathsend(page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(page)
            file.flush()
            await send(start(HTML, length(page)))
            await send({"type": "http.response.pathsend", "path": file.name})

    return app


def _zerocopysend(kind: tuple[bytes, bytes], *, mixed: bool) -> Factory:
    def make(page: bytes) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            with tempfile.TemporaryFile() as file:
                file.write(page)
                file.flush()
                await send(start(kind))
                if mixed:
                    await send(body(page, more=True))
                part = {"type": "http.response.zerocopysend", "file": file, "offset": 0}
                await send(part | {"count": 10, "more_body": True})
                await send(part | {"offset": 10, "more_body": mixed})
                if mixed:
                    await send(body(page))

        return app

    return make


def _between(page: bytes) -> Iterable[Message]:
    first, second = halves(page)
    return (DEBUG, start(JSON), HINT, body(first, more=True), CUSTOM, HINT, body(second))


def _trailers(page: bytes) -> Iterable[Message]:
    end = {"type": "http.response.trailers", "headers": [(b"x-sum", b"1")]}
    return (start(TEXT) | {"trailers": True}, body(page), end)


def _events(page: bytes) -> list[bytes]:
    return [b": \n\n", b"", *(b"data: %s\n\n" % line for line in page.splitlines())]


ZEROCOPY = Request(extensions=("http.response.zerocopysend",))
HINTED = Request(extensions=tuple(message["type"] for message in (HINT, CUSTOM, DEBUG)))
EVENTS = (b"content-type", b"text/event-stream")
RANGE = (b"content-range", b"bytes 0-99/1000")
REPLACE = (b"content-type", b"multipart/x-mixed-replace; boundary=x")

OPAQUE = {
    "a gzipped page": encoded(gzip.compress, HTML, (b"content-encoding", b"gzip"), *VALIDATORS),
    "a page of two encodings": encoded(gzip.compress, HTML, (b"content-encoding", b"identity, gzip")),
    "a no-transform page": same(whole(HTML, (b"cache-control", b"no-transform"))),
    "a no-transform page in capitals, in the second line": same(
        whole((b"cache-control", b"private"), HTML, (b"cache-control", b"max-age=0 , No-Transform"))
    ),
    "a streamed no-transform page": same(pieces(byte_by_byte, HTML, (b"cache-control", b"no-transform"))),
    "server-sent events": same(pieces(_events, EVENTS)),
    "server-sent events byte by byte": same(pieces(byte_by_byte, EVENTS)),
    "JSON": same(whole(JSON)),
    "JSON in pieces": same(pieces(halves, JSON)),
    "an image": same(whole((b"content-type", b"image/png"), *VALIDATORS, (b"accept-ranges", b"bytes"))),
    "plain text that shows markers": same(whole(TEXT)),
    "XHTML": typed(b"application/xhtml+xml"),
    "a type that only begins like HTML": typed(b"text/html-sandboxed"),
    "an empty type": typed(b""),
    "a page under no type": same(whole()),
    "a page under no headers": same(plays(_without_headers)),
    "a page under an empty tuple of headers": same(plays(_empty_tuple)),
    "JSON under one-shot headers": same(plays(_one_shot)),
    "a page in UTF-16": encoded(
        lambda raw: raw.decode("latin-1").encode("utf-16"), (b"content-type", b"text/html; charset=utf-16")
    ),
    "a page in UTF-16 that only its BOM tells": encoded(
        lambda raw: b"\xff\xfe" + raw.decode("latin-1").encode("utf-16-le"),
        (b"content-type", b"text/html"),
        promise="page",
    ),
    "a page in ISO-2022-JP": typed(b"text/html; charset=ISO-2022-JP"),
    "a page in UTF-7": typed(b'text/html; charset="utf-7"'),
    "a page in a charset nobody knows": typed(b"text/html; charset=x-unheard-of"),
    "a 204": bodiless(204, (b"x-done", b"1")),
    "a 205": bodiless(205),
    "a 304": bodiless(304, *VALIDATORS),
    "a 304 that names a type": bodiless(304, HTML, *VALIDATORS),
    "a 206 of a page": same(whole(HTML, RANGE, *VALIDATORS, status=206)),
    "a 200 with Content-Range": same(whole(HTML, RANGE)),
    "a 416 page": same(whole(HTML, (b"content-range", b"bytes */1000"), status=416)),
    "a redirect without a type": bodiless(302, (b"location", b"/elsewhere"), (b"set-cookie", b"a=1")),
    "multipart replacement": same(pieces(byte_by_byte, REPLACE)),
    "HEAD of JSON": same(plays(lambda page: (start(JSON, length(page), *VALIDATORS), body(b""))), HEAD),
    "pathsend of a page": given_up(_pathsend, "http.response.pathsend"),
    "zerocopysend of an image": same(_zerocopysend((b"content-type", b"image/png"), mixed=False), ZEROCOPY),
    "zerocopysend of a page": given_up(_zerocopysend(HTML, mixed=False), *ZEROCOPY.extensions),
    "zerocopysend between pieces of a page": given_up(_zerocopysend(HTML, mixed=True), *ZEROCOPY.extensions),
    "zerocopysend between pieces": same(_zerocopysend(TEXT, mixed=True), ZEROCOPY),
    "JSON among hints and extensions": same(plays(_between), HINTED),
    "text with trailers": same(plays(_trailers), Request(extensions=("http.response.trailers",))),
}
