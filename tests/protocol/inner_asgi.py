"""All inner ASGI applications, and the examination of a middleware by one of them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio

from tests.protocol.asgi_cases import Case
from tests.protocol.asgi_connection import Connection
from tests.protocol.asgi_rules import Message
from tests.protocol.expectations import Response, judge
from tests.protocol.inner_asgi_endings import ENDINGS
from tests.protocol.inner_asgi_opaque import OPAQUE
from tests.protocol.inner_asgi_pages import PAGES
from tests.protocol.inner_asgi_protocols import PROTOCOLS
from tests.protocol.inner_asgi_streams import STREAMS
from tests.protocol.pages import Page
from tests.protocol.strict_asgi import Middleware, StrictApp, StrictServer
from tests.protocol.violations import BrokenRuleError

T = TypeVar("T")

CASES: dict[str, Case] = PAGES | STREAMS | OPAQUE | ENDINGS | PROTOCOLS
BACKENDS = ("asyncio", "trio")
CORE = ("http.response.start", "http.response.body")


def examine(
    case: Case, page: Page, middleware: Middleware, backend: str, *, rewrites: bool = True, times: int = 1
) -> Connection:
    """Serve *case* *times* over through one instance of *middleware* and return the last connection.

    Raises BrokenRuleError where the middleware breaks a rule of ASGI or a promise of Pressmark.
    """

    async def run() -> Connection:
        dressed = case.dress(page)
        inner = StrictApp(case.make(dressed.raw), reuses_messages=case.reuses_messages)
        server = StrictServer(middleware(inner), inner)
        state: dict[str, Any] = {}
        for _ in range(times):
            connection = await server(case.request, state)
            if case.request.reaches_app:
                _judge(connection, case, dressed, rewrites)
        return connection

    return on(backend, run)


def on(backend: str, run: Callable[[], Awaitable[T]]) -> T:
    """Return what *run* returns on *backend*."""
    return anyio.run(run, backend=backend)


def _judge(connection: Connection, case: Case, page: Page, rewrites: bool) -> None:
    said = [record.message for record in connection.app_sent]
    if case.promise == "same":
        _require_lockstep(connection, said)
        return
    others = [message for message in said if message["type"] not in CORE]
    got = [message for message in connection.sent if message["type"] not in CORE]
    if others[: len(got)] != got or (connection.rules.complete and others != got):
        raise BrokenRuleError("extensions", f"{got!r} instead of {others!r}")
    complete = connection.rules.complete
    said_complete = complete if connection.has_left else connection.app_rules.complete
    judge(
        _response(said, said_complete),
        _response(connection.sent, complete),
        case.promise,
        page,
        rewrites=rewrites,
    )


def _require_lockstep(connection: Connection, said: list[Message]) -> None:
    """Each message leaves as it came, before the application's `send` returns."""
    for record in connection.app_sent:
        got = connection.sent[record.before : record.before + 1]
        if connection.has_left and not got:
            continue
        if got != [record.message] or record.after != record.before + 1:
            raise BrokenRuleError("same", f"{got!r} instead of {record.message!r}")
    extra = len(connection.sent) - len(said)
    if extra > 0:
        raise BrokenRuleError("same", f"{extra} messages came from nowhere")


def _response(messages: list[Message], complete: bool) -> Response:
    starts = [message for message in messages if message["type"] == CORE[0]]
    headers = starts[0].get("headers", ()) if starts else ()
    return Response(
        starts[0]["status"] if starts else None,
        tuple((name, value) for name, value in headers),
        b"".join(message.get("body", b"") for message in messages if message["type"] == CORE[1]),
        complete,
    )
