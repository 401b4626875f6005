"""A strict ASGI 3 server and a strict ASGI 3 application, to stand on both sides of a middleware.

`StrictServer` drives whatever it is given as a server would and checks all that comes out; `StrictApp` is
wrapped around the application under the middleware and checks all that the middleware hands in. Both write
into one `Connection`, so that each side can be held against the other. Runs on asyncio and on trio.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio

from tests.protocol.asgi_connection import APP_SET, SERVER_SET, AppSend, ClientLeftError, Connection, Request
from tests.protocol.asgi_connections import check_scope
from tests.protocol.asgi_rules import Message, Scope, frozen
from tests.protocol.violations import BrokenRuleError, is_by_design

Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Middleware = Callable[[App], App]

DEADLINE_S = 10.0
# What a middleware may take out of a copied scope, so that the application does not answer 304 or 206 for a
# page that is going to change (RFC 9110, 13.2.2 and 14.2).
CONDITIONAL = frozenset((b"if-none-match", b"if-modified-since", b"if-range", b"range"))


class StrictApp:
    """Checks what a middleware hands to the application inside it.

    *reuses_messages* says that the application changes its own messages once they are sent.
    """

    def __init__(self, app: App, *, reuses_messages: bool = False) -> None:
        self.connection: Connection | None = None
        self.reuses_messages = reuses_messages
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send, /) -> None:
        connection = self._find()
        connection.calls += 1
        self._check_call(connection, scope, receive, send)
        APP_SET.set(connection)
        try:
            await self._app(scope, _InnerReceive(connection, receive), _InnerSend(connection, send))
        except BaseException as error:
            connection.app_error = error
            raise

    def _find(self) -> Connection:
        """Return the connection of this call; several may be open at once."""
        own = SERVER_SET.get()
        connection = own if isinstance(own, Connection) and own.calls == 0 else self.connection
        assert connection is not None, "StrictApp works below a StrictServer only"
        return connection

    @staticmethod
    def _check_call(connection: Connection, scope: Scope, receive: Receive, send: Send) -> None:
        ledger, outer = connection.ledger, connection.scope
        ledger.require(connection.calls == 1, "call-count", "the application was called twice")
        connection.check_task("the application")
        same = SERVER_SET.get() is connection
        ledger.require(same, "context", "the application does not see the server's context variables")
        check_scope(ledger, scope)
        if scope["type"] != "http":
            untouched = scope is outer and receive is connection.receive and send is connection.send
            ledger.require(untouched, "pass-through", f"{scope['type']!r} is not ours to wrap")
        ledger.require(scope.keys() == outer.keys(), "scope", f"keys {set(scope) ^ set(outer)} came or went")
        for key in scope.keys() - {"headers", "state"}:
            ledger.require(scope[key] == outer[key], "scope", f"scope[{key!r}] became {scope[key]!r}")
        same_state = scope.get("state") is outer.get("state")
        ledger.require(same_state, "state", "scope['state'] is another object")
        kept = [h for h in connection.snapshot.get("headers", []) if h[0] not in CONDITIONAL]
        got = [tuple(h) for h in scope.get("headers", [])]
        seen = [h for h in got if h[0] not in CONDITIONAL]
        ledger.require(kept == seen, "scope", f"request headers became {got!r}")


class _Inner:
    """Tells the connection which task is inside a call that came from the application."""

    def __init__(self, connection: Connection, call: Callable[..., Awaitable[Any]]) -> None:
        self._connection = connection
        self._call = call

    @contextmanager
    def _inside(self) -> Iterator[None]:
        task = anyio.get_current_task().id
        self._connection.inner_tasks.append(task)
        try:
            yield
        finally:
            self._connection.inner_tasks.remove(task)


class _InnerReceive(_Inner):
    async def __call__(self) -> Message:
        connection = self._connection
        connection.inner_receives += 1
        position = len(connection.delivered)
        try:
            with self._inside():
                message: Message = await self._call()
        finally:
            connection.inner_receives -= 1
        delivered = connection.delivered[position : position + 1]
        connection.ledger.require([message] == delivered, "receive", f"{message!r} instead of {delivered!r}")
        return message


class _InnerSend(_Inner):
    async def __call__(self, message: Message, /) -> None:
        connection = self._connection
        copy = connection.app_rules.check(message)
        handed = _renewed(message, copy)
        record = AppSend(copy, len(connection.sent))
        connection.app_sent.append(record)
        connection.raised = None
        try:
            with self._inside():
                await self._call(handed)
        except BrokenRuleError:
            raise
        except Exception as error:
            said = f"send raised {error!r}, the server {connection.raised!r}"
            connection.ledger.require(error is connection.raised, "exception", said)
            raise
        connection.check_sends()
        swallowed = f"send hid {connection.raised!r} from the application"
        connection.ledger.require(connection.raised is None, "exception", swallowed)
        record.after = len(connection.sent)
        if handed is message:
            connection.app_messages.append((message, copy))
            said = f"the application's {copy!r} became {handed!r}"
            connection.ledger.require(handed == copy, "mutation", said)
        held = connection.app_rules.complete and not connection.rules.complete and not connection.has_left
        connection.ledger.require(not held, "held-back", "the last of the response is not out")


def _renewed(message: Message, copy: Message) -> Message:
    """Return *message*, or where its headers are a one-shot iterator that `check` used up, one like it."""
    if isinstance(message.get("headers"), Iterator):
        return message | {"headers": (pair for pair in copy["headers"])}
    return message


class StrictServer:
    """Drives an application as a server would. *inner* is the StrictApp inside it, if there is one."""

    def __init__(self, application: App, inner: StrictApp | None = None, *, deadline_s: float = DEADLINE_S) -> None:
        self._application = application
        self._deadline_s = deadline_s
        self._inner = inner

    async def __call__(self, request: Request, state: dict[str, Any] | None = None) -> Connection:
        """Serve one request and return the record of it. Raises nothing but BrokenRuleError."""
        connection = Connection(request, {} if state is None else state, self._inner is not None)
        check_scope(connection.ledger, connection.scope)
        if self._inner is not None:
            self._inner.connection = connection
        SERVER_SET.set(connection)
        APP_SET.set(None)
        with anyio.move_on_after(self._deadline_s) as patience:
            await self._call(connection)
        connection.ledger.require(not patience.cancelled_caught, "deadlock", "the call does not end")
        self._conclude(connection)
        return connection

    async def _call(self, connection: Connection) -> None:
        with connection.cancel_scope:
            try:
                await self._application(connection.scope, connection.receive, connection.send)
            except BaseException as error:
                connection.error = error
                if not isinstance(error, Exception):
                    raise

    def _conclude(self, connection: Connection) -> None:
        ledger = connection.ledger
        connection.own_ledger.settle()
        ledger.settle()
        raised = connection.app_error
        known = isinstance(raised, ClientLeftError) or not isinstance(raised, Exception)
        if raised is not None and not known and not is_by_design(raised):
            raise raised  # The application itself is broken, or a checker: neither is the middleware's fault.
        connection.check_awaited()
        same = frozen(connection.scope) | {"state": None} == connection.snapshot | {"state": None}
        ledger.require(same, "scope", "the server's scope was changed in place")
        kept = connection.scope.get("state", connection.state) is connection.state
        ledger.require(kept, "state", "the state was replaced")
        if self._inner is None:
            finished = connection.rules.complete or connection.error is not None or connection.has_left
            ledger.require(finished, "incomplete", "the application returned in the middle of its response")
            return
        for message, copy in connection.app_messages:
            intact = message == copy or self._inner.reuses_messages
            ledger.require(intact, "mutation", f"the application's {copy!r} became {message!r}, late")
        self._compare(connection)

    @staticmethod
    def _compare(connection: Connection) -> None:
        """Hold what the server saw against what the application did."""
        ledger, request = connection.ledger, connection.request
        calls = int(request.reaches_app)
        ledger.require(connection.calls == calls, "call-count", f"{connection.calls} calls, not {calls}")
        if not request.reaches_app:
            ledger.require(connection.error is None, "exception", f"raised {connection.error!r}")
            ledger.require(connection.rules.complete, "incomplete", "no complete response")
            return
        same = APP_SET.get() is connection
        ledger.require(same, "context", "the server does not see the application's context variables")
        if request.cancelled:
            cancelled = isinstance(connection.app_error, anyio.get_cancelled_exc_class())
            caught = connection.cancel_scope.cancelled_caught
            said = f"the application got {connection.app_error!r}"
            ledger.require(cancelled and caught, "cancellation", said)
        else:
            said = f"the application raised {connection.app_error!r}, the middleware {connection.error!r}"
            ledger.require(connection.error is connection.app_error, "exception", said)
        outside, inside = connection.rules.complete, connection.app_rules.complete
        ledger.require(inside or not outside, "looks-complete", "complete, though the application's is not")
        done = outside or not inside or connection.has_left
        ledger.require(done, "incomplete", "the application's response is complete, the server's is not")
