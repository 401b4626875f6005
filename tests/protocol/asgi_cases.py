"""What a case of the ASGI tables is: a legal application, a client, and what Pressmark promises about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.protocol.asgi_connection import Request
from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.expectations import Promise
from tests.protocol.pages import Page
from tests.protocol.strict_asgi import App, Receive, Send

HTML = (b"content-type", b"text/html; charset=utf-8")
GET = Request()
HEAD = Request(method="HEAD")
Headers = list[tuple[bytes, bytes]]
Factory = Callable[[bytes], App]


class AppError(Exception):
    """What an application raises: it must come out of the middleware as the same object."""


@dataclass(frozen=True)
class Case:
    """One application: *make* builds it around the bytes of a page, which *dress* has changed before."""

    make: Factory
    promise: Promise = "stream"
    request: Request = GET
    dress: Callable[[Page], Page] = lambda page: page
    reuses_messages: bool = False


def start(*headers: tuple[bytes, bytes], status: int = 200) -> Message:
    """Return the first message of a response."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes, *, more: bool = False) -> Message:
    """Return a message with content."""
    return {"type": "http.response.body", "body": content, "more_body": more}


def length(content: bytes) -> tuple[bytes, bytes]:
    """Return the Content-Length of *content*."""
    return (b"content-length", b"%d" % len(content))


def plays(script: Callable[[bytes], Iterable[Message]]) -> Factory:
    """Return a factory of applications that send the messages that *script* makes of a page."""

    def make(page: bytes) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for message in script(page):
                await send(message)

        return app

    return make


def whole(*headers: tuple[bytes, bytes], status: int = 200, sized: bool = True) -> Factory:
    """Return a factory of applications that send a page in one piece."""

    def script(page: bytes) -> Iterable[Message]:
        extra = (length(page),) if sized else ()
        return (start(*headers, *extra, status=status), body(page))

    return plays(script)


def pieces(cut: Callable[[bytes], list[bytes]], *headers: tuple[bytes, bytes], sized: bool = False) -> Factory:
    """Return a factory of applications that send a page in the pieces that *cut* makes of it."""

    def script(page: bytes) -> Iterable[Message]:
        extra = (length(page),) if sized else ()
        *first, last = cut(page)
        return (start(*headers, *extra), *(body(piece, more=True) for piece in first), body(last))

    return plays(script)


def byte_by_byte(page: bytes) -> list[bytes]:
    """Return the bytes of *page*, each by itself."""
    return [page[at : at + 1] for at in range(len(page))]


def halves(page: bytes) -> list[bytes]:
    """Return *page* in two pieces, cut inside the first opening marker if it has one."""
    at = page.find(b"compress css") + 4
    return [page[:at], page[at:]]
