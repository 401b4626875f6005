"""Legal WSGI applications that answer with an HTML page in pieces, in all the ways that PEP 3333 has."""

import sys
from collections.abc import Iterator
from typing import Any

from tests.protocol.inner_wsgi_pages import DIGESTS, VALIDATORS
from tests.protocol.wsgi_cases import (
    HTML,
    AppError,
    Bare,
    Case,
    Indexed,
    Pieces,
    answers,
    byte_by_byte,
    fail,
    first,
    generates,
    halves,
    nothing,
    second,
    writes,
)
from tests.protocol.wsgi_connection import App, Environ, Request, StartResponse


def _spread(page: bytes) -> list[bytes]:
    return [b"", b"", page[:30], b"", page[30:60], page[60:], b"", b""]


def _whole(page: bytes) -> list[bytes]:
    return [page]


def _late_recovery(page: bytes) -> App:
    """Yields an empty piece, fails, and starts anew: nothing was put out yet, so the headers may change."""

    def app(environ: Environ, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [HTML, ("X-First", "1")])
        yield b""
        try:
            fail()
        except AppError:
            start_response("500 Oh No", [HTML, ("X-Second", "2")], sys.exc_info())
        yield from halves(page)

    return app


def _reads_meanwhile(page: bytes) -> App:
    """Reads its request between the pieces of its response."""

    def app(environ: Environ, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [HTML])
        for piece in halves(page):
            assert environ["wsgi.input"].read(3) == b"abc"
            yield piece

    return app


def _wraps_a_file(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML, ("Content-Length", str(len(page)))])
        return environ["wsgi.file_wrapper"](Opened(page), 50)

    return app


class Opened:
    """A file of *content* that must be closed once."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self._content) if size < 0 else self._at + size
        piece, self._at = self._content[self._at : end], min(end, len(self._content))
        return piece

    def seek(self, at: int) -> None:
        self._at = at

    def close(self) -> None:
        self._content = b""


STREAMS = {
    "a page byte by byte": Case(answers(byte_by_byte, HTML)),
    "a page byte by byte with Content-Length": Case(answers(byte_by_byte, HTML, sized=True)),
    "a page cut inside a marker": Case(answers(halves, HTML)),
    "a page cut inside a marker with Content-Length": Case(answers(halves, HTML, sized=True)),
    "a page among empty pieces": Case(answers(_spread, HTML)),
    "a page of empty pieces": Case(answers(lambda _: [b"", b"", b""], HTML)),
    "a page in an iterable with close": Case(answers(lambda page: Pieces(halves(page)), HTML)),
    "a page in an iterable without close": Case(answers(lambda page: Bare(halves(page)), HTML)),
    "a page in an iterable by index": Case(answers(lambda page: Indexed(halves(page)), HTML)),
    "a page in an iterator": Case(answers(lambda page: iter(halves(page)), HTML)),
    "a page from a generator expression": Case(answers(lambda page: (p for p in halves(page)), HTML)),
    "a generated page in one piece": Case(generates(_whole, HTML)),
    "a generated page": Case(generates(halves, HTML)),
    "a generated page byte by byte": Case(generates(byte_by_byte, HTML)),
    "a generated page among empty pieces": Case(generates(_spread, HTML)),
    "a generated page without a piece": Case(generates(nothing, HTML)),
    "a generated page with ETag": Case(generates(halves, *VALIDATORS, HTML)),
    "a generated page with digests": Case(generates(halves, *DIGESTS, HTML)),
    "a generated 404": Case(generates(halves, HTML, status="404 Not Found")),
    "a written page": Case(writes(_whole, nothing, HTML)),
    "a page written byte by byte": Case(writes(byte_by_byte, nothing, HTML)),
    "a page written with empty pieces": Case(writes(_spread, nothing, HTML)),
    "a page written and then yielded": Case(writes(first, second, HTML)),
    "a page written and then generated": Case(writes(first, lambda page: (piece for piece in second(page)), HTML)),
    "a page written and then wrapped": Case(writes(first, lambda page: Pieces(second(page)), HTML)),
    "a page written with an empty yield": Case(writes(_whole, lambda _: [b""], HTML)),
    "a written page with ETag": Case(writes(halves, nothing, HTML, *VALIDATORS)),
    "a page with ETag, written and then yielded": Case(writes(first, second, *VALIDATORS, HTML)),
    "a page with ETag among empty pieces": Case(answers(_spread, *VALIDATORS, HTML, sized=True)),
    "a page with ETag, generated in one piece": Case(generates(_whole, *VALIDATORS, HTML)),
    "a page started anew after an empty piece": Case(_late_recovery),
    "a page generated while its request is read": Case(
        _reads_meanwhile, request=Request(method="POST", body=b"abcabc")
    ),
    "a page in the server's file wrapper": Case(_wraps_a_file, "either"),
}
