"""ASGI middlewares with one fault each: what they hand to the server, and when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.strict_asgi import App, Middleware, Receive, Send

START, BODY = "http.response.start", "http.response.body"
Change = Callable[[Send, Message], Awaitable[None]]


@dataclass(frozen=True)
class Wrong:
    """A middleware, the rule that it breaks, and the case that shows it."""

    middleware: Middleware
    rule: str
    case: str = "a page with Content-Length"
    page: str = "a page without a region"
    rewrites: bool = False


def sending(change: Change) -> Middleware:
    """Return a middleware that puts *change* before `send`."""

    def middleware(app: App) -> App:
        async def wrong(scope: Scope, receive: Receive, send: Send) -> None:
            async def changed(message: Message) -> None:
                await change(send, message)

            await app(scope, receive, changed if scope["type"] == "http" else send)

        return wrong

    return middleware


def starting(**changes: Callable[[Any], Any]) -> Middleware:
    """Return a middleware that changes values of the start message."""

    async def change(send: Send, message: Message) -> None:
        if message["type"] == START:
            headers = list(message.get("headers", ()))
            given = {"status": message["status"], "headers": headers}
            message = message | {key: make(given[key]) for key, make in changes.items()}
        await send(message)

    return sending(change)


def bodies(make: Callable[[bytes], Any]) -> Middleware:
    """Return a middleware that changes the content of every body message."""

    async def change(send: Send, message: Message) -> None:
        if message["type"] == BODY:
            message = message | {"body": make(message.get("body", b""))}
        await send(message)

    return sending(change)


async def _twice(send: Send, message: Message) -> None:
    await send(message)
    if message["type"] == START:
        await send(message)


async def _no_start(send: Send, message: Message) -> None:
    if message["type"] != START:
        await send(message)


async def _once_more(send: Send, message: Message) -> None:
    await send(message)
    if message["type"] == BODY and not message.get("more_body"):
        await send({"type": BODY})


async def _odd_flag(send: Send, message: Message) -> None:
    await send(message | {"more_body": 0} if message["type"] == BODY else message)


async def _no_event(send: Send, message: Message) -> None:
    await send(list(message.items()))  # type: ignore[arg-type]


async def _push(send: Send, message: Message) -> None:
    await send(message)
    if message["type"] == START:
        await send({"type": "http.response.push", "path": "/a.css", "headers": []})


async def _promises_trailers(send: Send, message: Message) -> None:
    await send(message | {"trailers": True} if message["type"] == START else message)


async def _drops_extensions(send: Send, message: Message) -> None:
    if message["type"] in (START, BODY):
        await send(message)


async def _fills_in(send: Send, message: Message) -> None:
    await send({"headers": [], "more_body": False, "body": b""} | message)


async def _cuts_lines(send: Send, message: Message) -> None:
    """Sends each line by itself: lawful, but a stream's blocks are the application's."""
    if message["type"] != BODY:
        await send(message)
        return
    for line in message.get("body", b"").splitlines(keepends=True):
        await send({"type": BODY, "body": line, "more_body": True})
    await send({"type": BODY, "more_body": message.get("more_body", False)})


async def _reads_keys(send: Send, message: Message) -> None:
    """Takes optional keys for granted, as Starlette's GZipMiddleware does."""
    if message["type"] == BODY:
        len(message["body"])
    await send(message)


async def _reads_twice(send: Send, message: Message) -> None:
    if message["type"] == START and dict(message.get("headers", ())).get(b"content-type"):
        await send(message)
        return
    await send(message)


Pairs = list[tuple[bytes, bytes]]


def added(*headers: Any) -> Middleware:
    """Return a middleware that adds headers."""
    return starting(headers=lambda given: [*given, *headers])


def _folded(headers: Pairs) -> Pairs:
    return list(dict(headers).items())


NOTHING = "a page's HEAD"
SENDS = {
    "sends the start twice": Wrong(sending(_twice), "event-order"),
    "sends no start": Wrong(sending(_no_start), "event-order"),
    "sends another body after the last": Wrong(sending(_once_more), "after-complete"),
    "sends more_body as a number": Wrong(sending(_odd_flag), "event-keys"),
    "sends a list for an event": Wrong(sending(_no_event), "event-type"),
    "sends a push that was not offered": Wrong(sending(_push), "event-type"),
    "promises trailers that were not offered": Wrong(sending(_promises_trailers), "event-type"),
    "promises trailers that do not come": Wrong(
        sending(_promises_trailers), "held-back", "a page that could have trailers"
    ),
    "sends a bytearray": Wrong(bodies(bytearray), "event-keys"),
    "sends a str": Wrong(bodies(lambda raw: raw.decode("latin-1")), "event-keys"),
    "sends None": Wrong(bodies(lambda _: None), "event-keys"),
    "sends a body to HEAD": Wrong(bodies(lambda _: b"x"), "body-forbidden", NOTHING),
    "sends a body with a 204": Wrong(bodies(lambda _: b"x"), "body-forbidden", "a 204"),
    "sends a body with a 205": Wrong(bodies(lambda _: b"x"), "body-forbidden", "a 205"),
    "sends a body with a 304": Wrong(bodies(lambda _: b"x"), "body-forbidden", "a 304"),
    "sends more than Content-Length says": Wrong(bodies(lambda raw: raw + b"x"), "content-length"),
    "sends less than Content-Length says": Wrong(bodies(lambda raw: raw[1:]), "content-length"),
    "sends a status as text": Wrong(starting(status=str), "event-keys"),
    "sends a status out of range": Wrong(starting(status=lambda _: 0), "event-keys"),
    "sends another status": Wrong(starting(status=lambda _: 201), "status"),
    "sends a header in capitals": Wrong(added((b"X-One", b"1")), "header-name"),
    "sends a pseudo header": Wrong(added((b":status", b"200")), "header-name"),
    "sends a header name with a blank": Wrong(added((b"x one", b"1")), "header-name"),
    "sends a header as str": Wrong(added(("x-one", "1")), "header-shape"),
    "sends a header of three": Wrong(added((b"x-one", b"1", b"2")), "header-shape"),
    "sends a header as a bare name": Wrong(added(b"ab"), "header-shape"),
    "sends a header value as bytearray": Wrong(added((b"x-one", bytearray(b"1"))), "header-shape"),
    "sends a line break in a header": Wrong(added((b"x-one", b"1\r\nx-two: 2")), "header-value"),
    "sends headers as a dict": Wrong(starting(headers=dict), "header-shape"),
    "sends None for headers": Wrong(starting(headers=lambda _: None), "header-shape"),
    "sends Transfer-Encoding": Wrong(added((b"transfer-encoding", b"chunked")), "hop-by-hop"),
    "sends Connection": Wrong(added((b"connection", b"close")), "hop-by-hop"),
    "sends two Content-Lengths": Wrong(added((b"content-length", b"1")), "content-length"),
    "sends a Content-Length with a sign": Wrong(
        added((b"content-length", b"+1")), "content-length", "a page without Content-Length"
    ),
    "sends Content-Length with a 204": Wrong(added((b"content-length", b"0")), "content-length", "a 204"),
    "drops extension events": Wrong(sending(_drops_extensions), "extensions", "a page with an extension nobody knows"),
    "drops extension events of JSON": Wrong(sending(_drops_extensions), "same", "JSON among hints and extensions"),
    "fills in optional keys": Wrong(sending(_fills_in), "same", "a page under no headers"),
    "cuts the pieces of a stream anew": Wrong(sending(_cuts_lines), "same", "server-sent events"),
    "takes optional keys for granted": Wrong(sending(_reads_keys), "exception", "a page whose last message is bare"),
    "reads one-shot headers twice": Wrong(sending(_reads_twice), "same", "JSON under one-shot headers"),
    "folds equal headers": Wrong(starting(headers=_folded), "headers", "a page with the same cookie twice"),
    "sorts headers": Wrong(starting(headers=sorted), "headers", "a page with the same cookie twice"),
    "adds a header": Wrong(added((b"x-by", b"me")), "headers"),
    "adds Vary to JSON": Wrong(added((b"vary", b"*")), "same", "JSON"),
    "drops ETag for nothing": Wrong(
        starting(headers=lambda given: [h for h in given if h[0] != b"etag"]),
        "headers",
        "a page with a weak ETag",
    ),
    "decodes and encodes": Wrong(
        bodies(lambda raw: raw.decode("utf-8", "ignore").encode()),
        "content-length",
        "a page with invalid UTF-8",
    ),
    "mends line ends": Wrong(bodies(lambda raw: raw.replace(b"\r", b"\n")), "body", "a page with NUL and CR"),
}
