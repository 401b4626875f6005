"""What a case of the WSGI tables is: a legal application, a client, and what Pressmark promises about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from tests.protocol.expectations import Promise
from tests.protocol.pages import Page
from tests.protocol.wsgi_connection import App, Environ, Headers, Request, StartResponse

HTML = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json")
GET = Request()
HEAD = Request(method="HEAD")
Factory = Callable[[bytes], App]


class AppError(Exception):
    """What an application raises: it must come out of the middleware as the same object."""


def fail() -> NoReturn:
    """Raise what an application raises."""
    raise AppError("by design")


@dataclass(frozen=True)
class Case:
    """One application: *make* builds it around the bytes of a page, which *dress* has changed before.

    *validates*: `wsgiref.validate`, stricter than PEP 3333, has no objection. *by_identity*: where the promise
    is "same", the application's result can be handed on as it is, since its headers are known by then.
    """

    make: Factory
    promise: Promise = "stream"
    request: Request = GET
    dress: Callable[[Page], Page] = lambda page: page
    validates: bool = True
    by_identity: bool = True


class Pieces:
    """An iterable with `close`, whose iterator is another object."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        self._pieces = ()


class Sized(Pieces):
    """An iterable with `close` that is known to have one piece: a server may make a Content-Length of it."""

    def __len__(self) -> int:
        return 1


class Bare:
    """An iterable without `close`, which is its own iterator."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._iterator = iter(pieces)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._iterator)


class Indexed:
    """An iterable by `__getitem__` alone."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def __getitem__(self, at: int) -> bytes:
        return self._pieces[at]


def answers(
    result: Callable[[bytes], Any], *headers: tuple[str, str], status: str = "200 OK", sized: bool = False
) -> Factory:
    """Return a factory of applications that return ``result(page)``."""

    def make(page: bytes) -> App:
        def app(environ: Environ, start_response: StartResponse) -> Any:
            extra = [("Content-Length", str(len(page)))] if sized else []
            start_response(status, [*headers, *extra])
            return result(page)

        return app

    return make


def whole(*headers: tuple[str, str], status: str = "200 OK", sized: bool = True) -> Factory:
    """Return a factory of applications that return a list with the page as its one item."""
    return answers(lambda page: [page], *headers, status=status, sized=sized)


def generates(pieces: Callable[[bytes], Iterable[bytes]], *headers: tuple[str, str], status: str = "200 OK") -> Factory:
    """Return a factory of generators: nothing of them runs before the first `next`."""

    def make(page: bytes) -> App:
        def app(environ: Environ, start_response: StartResponse) -> Iterator[bytes]:
            start_response(status, list(headers))
            yield from pieces(page)

        return app

    return make


def writes(
    written: Callable[[bytes], Iterable[bytes]], rest: Callable[[bytes], Any], *headers: tuple[str, str]
) -> Factory:
    """Return a factory of applications that write some of the page and return the rest."""

    def make(page: bytes) -> App:
        def app(environ: Environ, start_response: StartResponse) -> Any:
            write = start_response("200 OK", list(headers))
            for piece in written(page):
                write(piece)
            return rest(page)

        return app

    return make


def byte_by_byte(page: bytes) -> list[bytes]:
    """Return the bytes of *page*, each by itself."""
    return [page[at : at + 1] for at in range(len(page))]


def halves(page: bytes) -> list[bytes]:
    """Return *page* in two pieces, cut inside the first opening marker if it has one."""
    at = page.find(b"compress css") + 4
    return [page[:at], page[at:]]


def first(page: bytes) -> list[bytes]:
    """Return the first half of *page*."""
    return halves(page)[:1]


def second(page: bytes) -> list[bytes]:
    """Return the second half of *page*."""
    return halves(page)[1:]


def nothing(_page: bytes) -> list[bytes]:
    """Return no piece at all."""
    return []


def headers_of(pairs: Headers) -> tuple[tuple[bytes, bytes], ...]:
    """Return *pairs* as the bytes that go over the wire."""
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)
