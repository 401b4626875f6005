"""Legal ASGI applications that answer with an HTML page in pieces, or with other events in between."""

from collections.abc import Iterable

import anyio

from tests.protocol.asgi_cases import (
    HTML,
    Case,
    body,
    byte_by_byte,
    halves,
    length,
    pieces,
    plays,
    start,
)
from tests.protocol.asgi_connection import Request
from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.inner_asgi_pages import DIGESTS, VALIDATORS
from tests.protocol.strict_asgi import App, Receive, Send


def _spread(page: bytes) -> list[bytes]:
    """Return *page* with empty pieces all over."""
    return [b"", b"", page[:30], b"", page[30:60], page[60:], b"", b""]


def _between(*messages: Message, before: tuple[Message, ...] = ()) -> Case:
    def script(page: bytes) -> Iterable[Message]:
        first, second = halves(page)
        return (*before, start(HTML), messages[0], body(first, more=True), *messages[1:], body(second))

    offered = tuple(message["type"] for message in (*before, *messages))
    return Case(plays(script), "either", Request(extensions=offered))


def _hint_inside(page: bytes) -> Iterable[Message]:
    first, second = halves(page)
    return (start(HTML), body(first, more=True), HINT, body(second))


def _hint_inside_with_etag(page: bytes) -> Iterable[Message]:
    first, second = halves(page)
    return (start(*VALIDATORS, HTML, length(page)), body(first, more=True), HINT, body(second))


def _generated_headers(page: bytes) -> Iterable[Message]:
    first, second = halves(page)
    return (start() | {"headers": (pair for pair in (HTML,))}, body(first, more=True), body(second))


def _bare_end(page: bytes) -> Iterable[Message]:
    return (start(HTML), body(page, more=True), {"type": "http.response.body"})


def _trailers(page: bytes) -> Iterable[Message]:
    first, second = halves(page)
    return (
        start(HTML, (b"trailer", b"x-sum")) | {"trailers": True},
        body(first, more=True),
        body(second),
        {"type": "http.response.trailers", "headers": [(b"x-sum", b"1")], "more_trailers": True},
        {"type": "http.response.trailers", "headers": [(b"x-sum", b"2")]},
    )


def _works_on(page: bytes) -> App:
    """Work goes on after the response: its end must be out before the application returns."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in (start(HTML, length(page)), body(page)):
            await send(message)
        assert (await receive())["type"] == "http.request"
        assert (await receive())["type"] == "http.disconnect"
        scope["state"]["worked"] = True

    return app


def _listens(page: bytes) -> App:
    """Streams in one task and waits for a disconnect in another, like Starlette's StreamingResponse."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def listen() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(listen)
            await send(start(HTML))
            for piece in halves(page):
                await send(body(piece, more=True))
            await send(body(b""))

    return app


def _reuses(page: bytes) -> App:
    """Has one message and one list of headers, and fills them anew as soon as `send` is back."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [HTML]
        message = start() | {"headers": headers}
        await send(message)
        headers[:] = [(b"x-reused", b"1")]
        message.clear()
        for piece in halves(page):
            message |= body(piece, more=True)
            await send(message)
        message |= body(b"")
        await send(message)

    return app


def _interleaves(page: bytes) -> App:
    """Reads its request between the pieces of its response."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start(HTML))
        for piece in halves(page):
            await receive()
            await send(body(piece, more=True))
        await send(body(b""))

    return app


HINT: Message = {"type": "http.response.early_hint", "links": [b"</static/a.css>; rel=preload; as=style"]}
PUSH: Message = {"type": "http.response.push", "path": "/static/a.css", "headers": [(b"x-push", b"1")]}
CUSTOM: Message = {"type": "http.response.x_unheard_of", "payload": {"deep": [1, b"2", None]}}
DEBUG: Message = {"type": "http.response.debug", "info": {"template": "page.html"}}

STREAMS = {
    "a page byte by byte": Case(pieces(byte_by_byte, HTML)),
    "a page byte by byte with Content-Length": Case(pieces(byte_by_byte, HTML, sized=True)),
    "a page cut inside a marker": Case(pieces(halves, HTML)),
    "a page cut inside a marker with Content-Length": Case(pieces(halves, HTML, sized=True)),
    "a page among empty pieces": Case(pieces(_spread, HTML)),
    "a page and then an empty end": Case(pieces(lambda page: [page, b""], HTML, sized=True)),
    "a page whose last message is bare": Case(plays(_bare_end)),
    "a page of empty pieces": Case(pieces(lambda _: [b"", b"", b""], HTML)),
    "a streamed page with ETag": Case(pieces(halves, HTML, *VALIDATORS)),
    "a streamed page with ETag and Content-Length": Case(pieces(halves, *VALIDATORS, HTML, sized=True)),
    "a streamed page with digests": Case(pieces(byte_by_byte, *DIGESTS, HTML)),
    "a streamed page with one-shot headers": Case(plays(_generated_headers)),
    "a streamed page with trailers": Case(plays(_trailers), "either", Request(extensions=("http.response.trailers",))),
    "a page with an early hint after its start": _between(HINT),
    "a page with early hints all over": _between(HINT, HINT),
    "a page with an early hint in its middle": Case(
        plays(_hint_inside), "either", Request(extensions=("http.response.early_hint",))
    ),
    "a page with ETag and an early hint in its middle": Case(
        plays(_hint_inside_with_etag), "either", Request(extensions=("http.response.early_hint",))
    ),
    "a page with a server push": _between(PUSH, PUSH),
    "a page with an extension nobody knows": _between(CUSTOM, CUSTOM),
    "a page with debug information first": _between(HINT, before=(DEBUG,)),
    "a page with work after its end": Case(_works_on, "page"),
    "a page streamed beside a listener": Case(_listens),
    "a page from reused messages": Case(_reuses, reuses_messages=True),
    "a page streamed while its request arrives": Case(
        _interleaves,
        request=Request(
            method="POST",
            incoming=(
                {"type": "http.request", "body": b"one", "more_body": True},
                {"type": "http.request", "body": b"two"},
            ),
        ),
    ),
}
