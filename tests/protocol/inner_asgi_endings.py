"""ASGI applications whose responses end early, and clients that leave."""

from collections.abc import Callable

import anyio

from tests.protocol.asgi_cases import (
    HTML,
    AppError,
    Case,
    Factory,
    body,
    byte_by_byte,
    halves,
    length,
    start,
)
from tests.protocol.asgi_connection import ClientLeftError, Request
from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.strict_asgi import App, Receive, Send

Script = Callable[[bytes], list[Message]]
JSON = (b"content-type", b"application/json")


def _failing(script: Script, error: type[BaseException] = AppError) -> Factory:
    def make(page: bytes) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for message in script(page):
                await send(message)
            raise error("by design")

        return app

    return make


def _stopping(script: Script) -> Factory:
    def make(page: bytes) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for message in script(page):
                await send(message)

        return app

    return make


def _nothing(_page: bytes) -> list[Message]:
    return []


def _head_only(_page: bytes) -> list[Message]:
    return [start(HTML)]


def _half(page: bytes) -> list[Message]:
    return [start(HTML), body(halves(page)[0], more=True)]


def _sized_half(page: bytes) -> list[Message]:
    return [start(HTML, length(page)), body(page[: page.find(b"</head>")], more=True)]


def _tagged_half(page: bytes) -> list[Message]:
    return [start((b"etag", b'"v1"'), HTML), body(page[: page.find(b"</head>")], more=True)]


def _half_json(page: bytes) -> list[Message]:
    return [start(JSON), body(page[:40], more=True)]


def _all_but_the_end(page: bytes) -> list[Message]:
    return [start(HTML), *(body(piece, more=True) for piece in byte_by_byte(page))]


def _everything(page: bytes) -> list[Message]:
    return [start(HTML, length(page)), body(page)]


def _streams_on(page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start(HTML))
        for piece in byte_by_byte(page):
            await send(body(piece, more=True))
        await send(body(b""))

    return app


def _minds_its_client(kind: tuple[bytes, bytes]) -> Factory:
    """Makes an application that cleans up when its client is gone, and returns without an exception."""

    def make(page: bytes) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(kind))
            try:
                for piece in byte_by_byte(page):
                    await send(body(piece, more=True))
                await send(body(b""))
            except ClientLeftError:
                assert (await receive())["type"] == "http.disconnect"

        return app

    return make


def _waits_for_the_end(_page: bytes) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    return app


def _waits_in_the_middle(kind: tuple[bytes, bytes]) -> Factory:
    def make(page: bytes) -> App:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(kind))
            await send(body(halves(page)[0], more=True))
            await receive()
            await receive()

        return app

    return make


def _cleans_up(page: bytes) -> App:
    """Sends the rest of its page from a shielded `finally`: a cancelled application may still speak."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        first, second = halves(page)
        await send(start(HTML))
        await send(body(first, more=True))
        try:
            await receive()
            await receive()
        finally:
            with anyio.CancelScope(shield=True):
                await send(body(second))

    return app


CANCELLED = Request(cancelled=True)

ENDINGS = {
    "an exception before anything": Case(_failing(_nothing)),
    "an exception after the head": Case(_failing(_head_only)),
    "an exception in the middle of a marker": Case(_failing(_half)),
    "an exception in the middle of a page with Content-Length": Case(_failing(_sized_half)),
    "an exception in the middle of a page with ETag": Case(_failing(_tagged_half)),
    "an exception before the last message": Case(_failing(_all_but_the_end)),
    "an exception in the middle of JSON": Case(_failing(_half_json), "same"),
    "an exception after the response": Case(_failing(_everything), "page"),
    "an OSError of the application's own": Case(_failing(_half, OSError)),
    "a KeyError in the middle": Case(_failing(_half, KeyError)),
    "a return before anything": Case(_stopping(_nothing)),
    "a return after the head": Case(_stopping(_head_only)),
    "a return in the middle of a marker": Case(_stopping(_half)),
    "a return before the last message": Case(_stopping(_all_but_the_end)),
    "a return in the middle of a page with ETag": Case(_stopping(_tagged_half)),
    "a return in the middle of JSON": Case(_stopping(_half_json), "same"),
    "a client that leaves a stream": Case(_streams_on, request=Request(leaves_after=3)),
    "a client that leaves at once": Case(_streams_on, request=Request(leaves_after=0)),
    "a client that leaves a page before it comes": Case(_stopping(_everything), request=Request(leaves_after=1)),
    "an application that minds its client": Case(_minds_its_client(HTML), request=Request(leaves_after=2)),
    "an application that minds its JSON client": Case(_minds_its_client(JSON), "same", Request(leaves_after=2)),
    "an application that waits for its client to leave": Case(_waits_for_the_end, request=Request(leaves_after=0)),
    "a server that cancels before the response": Case(_waits_for_the_end, request=CANCELLED),
    "a server that cancels in a page": Case(_waits_in_the_middle(HTML), request=CANCELLED),
    "a server that cancels in JSON": Case(_waits_in_the_middle(JSON), "same", CANCELLED),
    "a cancelled application that finishes its page": Case(_cleans_up, request=CANCELLED),
}
