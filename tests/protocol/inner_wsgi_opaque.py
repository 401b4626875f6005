"""Legal WSGI applications whose responses must leave exactly as they came, as the very same object."""

import gzip
import io
from collections.abc import Callable
from typing import Any

from tests.protocol.expectations import Promise
from tests.protocol.inner_wsgi_pages import VALIDATORS
from tests.protocol.inner_wsgi_streams import Opened
from tests.protocol.wsgi_cases import (
    HEAD,
    HTML,
    JSON,
    Bare,
    Case,
    Factory,
    Pieces,
    Sized,
    answers,
    byte_by_byte,
    first,
    generates,
    halves,
    nothing,
    second,
    whole,
    writes,
)
from tests.protocol.wsgi_connection import App, Environ, Request, StartResponse

TEXT = ("Content-Type", "text/plain; charset=utf-8")
PNG = ("Content-Type", "image/png")
EVENTS = ("Content-Type", "text/event-stream")


def same(make: Factory, request: Request | None = None, *, validates: bool = True) -> Case:
    """Return a case that must pass untouched."""
    return Case(make, "same", request or Request(), validates=validates)


def typed(value: str) -> Case:
    """Return the case of a page under another Content-Type."""
    return same(whole(("Content-Type", value)))


def encoded(page: Callable[[bytes], bytes], *headers: tuple[str, str], promise: Promise = "same") -> Case:
    """Return the case of a page whose bytes went through *page*."""

    def make(raw: bytes) -> App:
        return whole(*headers)(page(raw))

    return Case(make, promise)


def bodiless(status: str, *headers: tuple[str, str], validates: bool = True) -> Case:
    """Return the case of a response that has no body."""
    return same(answers(nothing, *headers, status=status), validates=validates)


def _wraps(kind: tuple[str, str], file: Callable[[bytes], Any]) -> Factory:
    def make(page: bytes) -> App:
        def app(environ: Environ, start_response: StartResponse) -> Any:
            start_response("200 OK", [kind, ("Content-Length", str(len(page)))])
            return environ["wsgi.file_wrapper"](file(page))

        return app

    return make


def _head(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [JSON, ("Content-Length", str(len(page))), *VALIDATORS])
        return []

    return app


def _events(page: bytes) -> list[bytes]:
    return [b": \n\n", b"", *(b"data: %s\n\n" % line for line in page.splitlines())]


def _late(make: Factory) -> Case:
    """Return the case of an application whose headers come with its first piece."""
    return Case(make, "same", by_identity=False)


OPAQUE = {
    "a gzipped page": encoded(gzip.compress, HTML, ("Content-Encoding", "gzip"), *VALIDATORS),
    "a page of two encodings": encoded(gzip.compress, HTML, ("Content-Encoding", "identity, gzip")),
    "a no-transform page": same(whole(HTML, ("Cache-Control", "no-transform"))),
    "a no-transform page in capitals, in the second line": same(
        whole(("Cache-Control", "private"), HTML, ("cache-control", "max-age=0 , No-Transform"))
    ),
    "a generated no-transform page": _late(generates(byte_by_byte, HTML, ("Cache-Control", "no-transform"))),
    "server-sent events": same(answers(lambda page: Pieces(_events(page)), EVENTS)),
    "generated server-sent events": _late(generates(_events, EVENTS)),
    "JSON in a list": same(whole(JSON)),
    "JSON in a tuple": same(answers(lambda page: (page,), JSON)),
    "JSON in an iterable with close": same(answers(lambda page: Pieces(halves(page)), JSON)),
    "JSON in an iterable without close": same(answers(lambda page: Bare(halves(page)), JSON)),
    "JSON in an iterable of length 1": same(answers(lambda page: Sized([page]), JSON)),
    "JSON from a generator expression": same(answers(lambda page: (p for p in halves(page)), JSON)),
    "generated JSON": _late(generates(halves, JSON)),
    "generated JSON byte by byte": _late(generates(byte_by_byte, JSON)),
    "generated JSON without a piece": _late(generates(nothing, JSON)),
    "written JSON": same(writes(halves, nothing, JSON)),
    "JSON written and then yielded": same(writes(first, second, JSON)),
    "an image": same(whole(PNG, *VALIDATORS, ("Accept-Ranges", "bytes"))),
    "an image in the server's file wrapper": same(_wraps(PNG, Opened)),
    "a download from memory": same(_wraps(("Content-Type", "application/octet-stream"), io.BytesIO)),
    "plain text that shows markers": same(whole(TEXT)),
    "XHTML": typed("application/xhtml+xml"),
    "a type that only begins like HTML": typed("text/html-sandboxed"),
    "an empty type": typed(""),
    "a page under no type": same(whole(), validates=False),
    "a page in UTF-16": encoded(
        lambda raw: raw.decode("latin-1").encode("utf-16"), ("Content-Type", "text/html; charset=utf-16")
    ),
    "a page in UTF-16 that only its BOM tells": encoded(
        lambda raw: b"\xff\xfe" + raw.decode("latin-1").encode("utf-16-le"),
        ("Content-Type", "text/html"),
        promise="page",
    ),
    "a page in ISO-2022-JP": typed("text/html; charset=ISO-2022-JP"),
    "a page in UTF-7": typed('text/html; charset="utf-7"'),
    "a page in a charset nobody knows": typed("text/html; charset=x-unheard-of"),
    "a 204": bodiless("204 No Content", ("X-Done", "1")),
    "a 205": bodiless("205 Reset Content", TEXT),
    "a 304": bodiless("304 Not Modified", *VALIDATORS),
    "a 304 that names a type": bodiless("304 Not Modified", HTML, *VALIDATORS, validates=False),
    "a 206 of a page": same(whole(HTML, ("Content-Range", "bytes 0-99/1000"), status="206 Partial Content")),
    "a 200 with Content-Range": same(whole(HTML, ("Content-Range", "bytes 0-99/1000"))),
    "a 416 page": same(whole(HTML, ("Content-Range", "bytes */1000"), status="416 Range Not Satisfiable")),
    "a redirect without a type": bodiless("302 Found", ("Location", "/elsewhere"), validates=False),
    "multipart replacement": same(answers(byte_by_byte, ("Content-Type", "multipart/x-mixed-replace; boundary=x"))),
    "HEAD of JSON": same(_head, HEAD),
}
