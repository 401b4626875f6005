"""ASGI middlewares with one fault each: how they call the application, and what they hand to it."""

from collections.abc import Generator
from contextvars import copy_context
from copy import deepcopy
from functools import partial
from typing import Any

import anyio

from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.strict_asgi import App, Middleware, Receive, Send
from tests.protocol.wrong_asgi import BODY, START, Wrong, sending

MINE: Message = {"type": START, "status": 500, "headers": [(b"content-type", b"text/plain")]}


class Apart:
    """Awaits a call step by step in a copy of the context."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __await__(self) -> Generator[Any, Any, None]:
        context = copy_context()
        step = context.run(self._call.__await__)
        value = None
        while True:
            try:
                wanted = context.run(step.send, value)
            except StopIteration:
                return
            value = yield wanted


def calling(call: Any) -> Middleware:
    """Return the middleware that calls ``call(app, scope, receive, send)``."""
    return lambda app: partial(call, app)


async def _in_another_context(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    await Apart(app(scope, receive, send))


async def _in_another_task(app: Any, scope: Scope, receive: Receive, send: Send) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(app, scope, receive, send)


async def _twice(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
    await app(scope, receive, send)


async def _never(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    await send(MINE)
    await send({"type": BODY})


async def _swallows(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except Exception:
        return


async def _wraps(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except Exception as error:
        raise RuntimeError("wrapped") from error


async def _finishes(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Ends a failed stream as if it were whole, as Starlette's BaseHTTPMiddleware does."""
    try:
        await app(scope, receive, send)
    except Exception:
        await send({"type": BODY})
        raise


async def _answers(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except Exception:
        await send(MINE)
        await send({"type": BODY})
        raise


async def _always_finishes(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    ends = []

    async def note(message: Message) -> None:
        ends.append(message.get("more_body", False))
        await send(message)

    await app(scope, receive, note)
    if ends and ends[-1]:
        await send({"type": BODY})


async def _late(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    held: list[Message] = []

    async def hold(message: Message) -> None:
        held.append(message)

    await app(scope, receive, hold)
    for message in held:
        await send(message)


async def _uncancelled(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except anyio.get_cancelled_exc_class():
        return


async def _raises_after(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
    raise RuntimeError("the middleware's own")


async def _reads_ahead(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    first = [await receive()]

    async def replay() -> Message:
        return first.pop() if first else await receive()

    await app(scope, replay, send)


async def _joins(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    async def join() -> Message:
        message = await receive()
        while message.get("more_body"):
            more = await receive()
            message = more | {"body": message.get("body", b"") + more.get("body", b"")}
        return message

    await app(scope, join, send)


async def _forgets(send: Send, message: Message) -> None:
    if message["type"] == START:
        send(message)
    else:
        await send(message)


async def _hides_errors(send: Send, message: Message) -> None:
    try:
        await send(message)
    except OSError:
        return


async def _turns_errors(send: Send, message: Message) -> None:
    try:
        await send(message)
    except OSError as error:
        raise ConnectionResetError("gone") from error


async def _apart(send: Any, message: Message) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(send, message)


async def _in_place(send: Send, message: Message) -> None:
    message["more_body"] = bool(message.get("more_body"))
    await send(message)


def _late_mutation(app: App) -> App:
    async def wrong(scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []

        async def keep(message: Message) -> None:
            held.append(message)
            await send(message)

        await app(scope, receive, keep)
        held[0]["headers"].append((b"x-late", b"1"))

    return wrong


def rescoped(change: Any) -> Middleware:
    """Return a middleware that hands in another scope."""

    async def call(app: App, scope: Scope, receive: Receive, send: Send) -> None:
        await app(change(scope), receive, send)

    return calling(call)


def _scribbles(scope: Scope) -> Scope:
    scope["path"] += "x"
    return scope


def _shortens(scope: Scope) -> Scope:
    scope["headers"].pop()
    return scope


async def _wraps_everything(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    async def passes(message: Message) -> None:
        await send(message)

    await app(scope, receive, passes)


STREAM = "a page cut inside a marker"
FAILS = "an exception in the middle of a marker"
LEAVES = "a client that leaves a stream"

CALLS = {
    "runs the application in another context": Wrong(calling(_in_another_context), "context"),
    "runs the application in another task": Wrong(calling(_in_another_task), "task"),
    "calls the application twice": Wrong(calling(_twice), "call-count"),
    "does not call the application": Wrong(calling(_never), "call-count"),
    "swallows exceptions": Wrong(calling(_swallows), "exception", FAILS),
    "wraps exceptions": Wrong(calling(_wraps), "exception", FAILS),
    "raises when all is well": Wrong(calling(_raises_after), "exception"),
    "finishes a stream that failed": Wrong(calling(_finishes), "looks-complete", FAILS),
    "answers for an application that raised": Wrong(
        calling(_answers), "looks-complete", "an exception before anything"
    ),
    "finishes a stream that was not": Wrong(
        calling(_always_finishes), "looks-complete", "a return in the middle of a marker"
    ),
    "sends when the application has returned": Wrong(calling(_late), "held-back", "a page with work after its end"),
    "swallows cancellation": Wrong(calling(_uncancelled), "cancellation", "a server that cancels before the response"),
    "reads the request ahead": Wrong(calling(_reads_ahead), "read-ahead"),
    "joins the request's pieces": Wrong(calling(_joins), "receive", "an echo of a request body in pieces"),
    "does not await send": Wrong(sending(_forgets), "await"),
    "hides from the application that its client left": Wrong(sending(_hides_errors), "exception", LEAVES),
    "turns the server's errors into others": Wrong(sending(_turns_errors), "exception", LEAVES),
    "sends from another task": Wrong(sending(_apart), "task"),
    "changes the application's message": Wrong(sending(_in_place), "mutation"),
    "changes the application's headers later": Wrong(_late_mutation, "mutation"),
    "changes the scope in place": Wrong(rescoped(_scribbles), "scope"),
    "takes a header out of the scope in place": Wrong(rescoped(_shortens), "scope"),
    "changes the path in a copy": Wrong(rescoped(lambda scope: scope | {"path": "/x"}), "scope"),
    "adds a key to the scope": Wrong(rescoped(lambda scope: scope | {"x": 1}), "scope"),
    "drops the scope's extensions": Wrong(
        rescoped(lambda scope: {key: scope[key] for key in scope if key != "extensions"}), "scope"
    ),
    "hands in headers as str": Wrong(
        rescoped(lambda scope: scope | {"headers": [("host", "testserver")]}), "header-shape"
    ),
    "hands in a path of bytes": Wrong(rescoped(lambda scope: scope | {"path": b"/"}), "scope"),
    "copies the state": Wrong(rescoped(deepcopy), "state"),
    "drops the state": Wrong(rescoped(lambda scope: {key: scope[key] for key in scope if key != "state"}), "scope"),
    "answers a lifespan for its application": Wrong(
        calling(_swallows), "exception", "a lifespan that the application does not know"
    ),
    "stands in the way of a WebSocket": Wrong(calling(_wraps_everything), "pass-through", "a WebSocket that echoes"),
    "stands in the way of a lifespan": Wrong(rescoped(dict), "pass-through", "a lifespan"),
    "stands in the way of an unknown protocol": Wrong(rescoped(dict), "pass-through", "a protocol nobody knows"),
}
