"""WSGI applications whose responses end early, and clients that leave."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.protocol.wsgi_cases import (
    HTML,
    JSON,
    AppError,
    Bare,
    Case,
    Factory,
    Pieces,
    answers,
    byte_by_byte,
    fail,
    first,
    generates,
    halves,
    nothing,
    whole,
    writes,
)
from tests.protocol.wsgi_connection import App, Environ, Request, StartResponse


def _failing(pieces: Callable[[bytes], Iterable[bytes]]) -> Callable[[bytes], Iterator[bytes]]:
    def generate(page: bytes) -> Iterator[bytes]:
        yield from pieces(page)
        fail()

    return generate


def _all_but_the_end(page: bytes) -> bytes:
    return page[: page.find(b"endcompress") - 5]


class _FailsToIterate(Pieces):
    def __iter__(self) -> Iterator[bytes]:
        raise AppError("by design")


def _fails_to_iterate(page: bytes) -> Pieces:
    return _FailsToIterate([page])


class _FailsToClose(Pieces):
    def close(self) -> None:
        fail()


def _raises(*headers: tuple[str, str]) -> Factory:
    """Make an application that raises when it is called, after start_response if there are *headers*."""

    def make(_page: bytes) -> App:
        def app(environ: Environ, start_response: StartResponse) -> Any:
            if headers:
                start_response("200 OK", list(headers))
            fail()

        return app

    return make


def _raises_after_write(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML])(_all_but_the_end(page))
        fail()

    return app


def _starts_anew_too_late(kind: tuple[str, str], cut: Callable[[bytes], list[bytes]]) -> Factory:
    """Put out something, fail, and ask for another start: start_response must raise that very exception."""

    def make(page: bytes) -> App:
        def app(environ: Environ, start_response: StartResponse) -> Iterator[bytes]:
            start_response("200 OK", [kind])
            yield from cut(page)
            try:
                fail()
            except AppError:
                start_response("500 Oh No", [kind], sys.exc_info())
            yield b"never"

        return app

    return make


def _starts_anew_after_write(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        start_response("200 OK", [HTML])(page[:20])
        try:
            fail()
        except AppError:
            start_response("500 Oh No", [HTML], sys.exc_info())
        return [b"never"]

    return app


def _starts_twice(kind: tuple[str, str]) -> Factory:
    """Call start_response again without exc_info: a fatal error, which must not go unnoticed."""

    def make(page: bytes) -> App:
        def app(environ: Environ, start_response: StartResponse) -> Any:
            start_response("200 OK", [kind])
            start_response("404 Not Found", [kind])
            return [page]

        return app

    return make


def _minds_its_client(page: bytes) -> App:
    def app(environ: Environ, start_response: StartResponse) -> Any:
        write = start_response("200 OK", [HTML])
        try:
            for piece in byte_by_byte(page):
                write(piece)
        except OSError:
            return []
        return []

    return app


def _cleans_up(page: bytes) -> Iterator[bytes]:
    try:
        yield from byte_by_byte(page)
    finally:
        del page


AT_ONCE = Request(leaves_after=0)
SOON = Request(leaves_after=1)
LATER = Request(leaves_after=3)

ENDINGS = {
    "an exception before anything": Case(_raises()),
    "an exception after start_response": Case(_raises(HTML)),
    "an exception after start_response of JSON": Case(_raises(JSON), "same"),
    "an exception after write": Case(_raises_after_write),
    "an exception at iter": Case(answers(_fails_to_iterate, HTML), validates=False),
    "an exception at iter of JSON": Case(answers(_fails_to_iterate, JSON), "same", validates=False),
    "an exception at the first piece": Case(generates(_failing(nothing), HTML)),
    "an exception in the middle of a marker": Case(generates(_failing(first), HTML)),
    "an exception before the end": Case(generates(_failing(byte_by_byte), HTML)),
    "an exception in the middle of a page with Content-Length": Case(
        answers(lambda page: Pieces(_failing(first)(page)), HTML, sized=True)
    ),
    "an exception in an iterable without close": Case(answers(lambda page: Bare(_failing(first)(page)), HTML)),
    "an exception in the middle of JSON": Case(answers(lambda page: Pieces(_failing(first)(page)), JSON), "same"),
    "an exception in the middle of generated JSON": Case(generates(_failing(first), JSON), "same", by_identity=False),
    "an exception at close": Case(answers(lambda page: _FailsToClose(halves(page)), HTML)),
    "an exception at close of JSON": Case(answers(lambda page: _FailsToClose(halves(page)), JSON), "same"),
    "exceptions in the middle and at close": Case(answers(lambda page: _FailsToClose(_failing(first)(page)), HTML)),
    "a page started anew after output": Case(_starts_anew_too_late(HTML, first)),
    "a page started anew after all of it": Case(_starts_anew_too_late(HTML, byte_by_byte)),
    "JSON started anew after output": Case(_starts_anew_too_late(JSON, first), "same", by_identity=False),
    "a page started anew after write": Case(_starts_anew_after_write),
    "a page started twice": Case(_starts_twice(HTML)),
    "JSON started twice": Case(_starts_twice(JSON), "same"),
    "a page never started": Case(lambda _: lambda environ, start_response: [], validates=False),
    "a page in a list that nobody reads": Case(whole(HTML), request=AT_ONCE),
    "a page that nobody reads": Case(answers(lambda page: Pieces(halves(page)), HTML), request=AT_ONCE),
    "a generated page that nobody reads": Case(generates(halves, HTML), request=AT_ONCE),
    "JSON that nobody reads": Case(answers(lambda page: Pieces(halves(page)), JSON), "same", AT_ONCE),
    "a client that leaves a page": Case(answers(lambda page: Pieces(byte_by_byte(page)), HTML), request=SOON),
    "a client that leaves a generated page": Case(generates(_cleans_up, HTML), request=LATER),
    "a client that leaves JSON": Case(answers(lambda page: Pieces(byte_by_byte(page)), JSON), "same", LATER),
    "a client that leaves a written page": Case(writes(byte_by_byte, nothing, HTML), request=LATER),
    "a client that leaves written JSON": Case(writes(byte_by_byte, nothing, JSON), "same", LATER),
    "an application that minds its client": Case(_minds_its_client, request=LATER),
    "an exception at close when the client left": Case(
        answers(lambda page: _FailsToClose(byte_by_byte(page)), HTML), request=SOON
    ),
}
