"""One ASGI connection as a strict server holds it: what the client does, and what crossed either side."""

from collections.abc import Coroutine, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from inspect import CORO_CLOSED, CORO_CREATED, getcoroutinestate
from typing import Any

import anyio
from anyio.lowlevel import checkpoint

from tests.protocol.asgi_connections import ReceiveRules, rules_for
from tests.protocol.asgi_rules import Message, Scope, frozen
from tests.protocol.violations import Ledger

SERVER_SET: ContextVar[object] = ContextVar("SERVER_SET", default=None)
APP_SET: ContextVar[object] = ContextVar("APP_SET", default=None)


class ClientLeftError(OSError):
    """The client is gone (ASGI HTTP 2.4: `send` then raises a subclass of OSError)."""


@dataclass(frozen=True)
class Request:
    """What a client asks for, and how it behaves.

    It leaves after *leaves_after* messages. With *cancelled* the server cancels the call as soon as the
    application waits for more than *incoming*.
    """

    type: str = "http"
    method: str = "GET"
    path: str = "/"
    query: bytes = b""
    root_path: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    incoming: tuple[Message, ...] = ({"type": "http.request", "body": b"", "more_body": False},)
    extensions: tuple[str, ...] = ()
    leaves_after: int | None = None
    cancelled: bool = False
    allow_head_body: bool = False
    reaches_app: bool = True
    omits: tuple[str, ...] = ()

    def scope(self, state: dict[str, Any]) -> Scope:
        """Return a fresh scope for this request, complete but for the optional keys that it *omits*."""
        scope = self._complete(state)
        return {key: value for key, value in scope.items() if key not in self.omits}

    def _complete(self, state: dict[str, Any]) -> Scope:
        scope: Scope = {"type": self.type, "asgi": {"version": "3.0", "spec_version": "2.5"}, "state": state}
        if self.type == "lifespan":
            return scope
        if self.type == "http":
            scope["method"] = self.method
        if self.type == "websocket":
            scope["subprotocols"] = ["chat"]
        return scope | {
            "http_version": "1.1",
            "scheme": "ws" if self.type == "websocket" else "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query,
            "root_path": self.root_path,
            "headers": [(b"host", b"testserver"), *self.headers],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
            "extensions": {name: {} for name in self.extensions},
        }


@dataclass
class AppSend:
    """A message that the application sent, and how many had left the server before and after it."""

    message: Message
    before: int
    after: int = 0


@dataclass
class Connection:
    """The server's side of one connection, and the record of both sides."""

    request: Request
    state: dict[str, Any] = field(default_factory=dict)
    is_watched: bool = False

    def __post_init__(self) -> None:
        self.ledger = Ledger()
        self.scope = self.request.scope(self.state)
        self.snapshot = frozen(self.scope)
        loose = self.request.allow_head_body
        self.rules = rules_for(self.snapshot, self.ledger, allow_head_body=loose)
        # Our own side has a ledger too: an entry there means that a case of the tables is not legal.
        self.own_ledger = Ledger()
        self.app_rules = rules_for(self.snapshot, self.own_ledger, allow_head_body=loose)
        self.incoming = ReceiveRules(self.snapshot, self.own_ledger)
        self.sent: list[Message] = []
        self.app_sent: list[AppSend] = []
        self.app_messages: list[tuple[Message, Message]] = []
        self.delivered: list[Message] = []
        self.calls = 0
        self.app_error: BaseException | None = None
        self.error: BaseException | None = None
        self.raised: BaseException | None = None
        self.task = anyio.get_current_task().id
        self.inner_tasks: list[int] = []
        self.inner_receives = 0
        self.over = anyio.Event()
        if self.has_left:
            self.over.set()
        self.cancel_scope = anyio.CancelScope()
        # Bound once: a middleware that has no business with a connection hands on these very two objects.
        self.receive, self.send = self._open_receive, self._open_send
        self._receives: list[Coroutine[Any, Any, Message]] = []
        self._sends: list[Coroutine[Any, Any, None]] = []

    @property
    def has_left(self) -> bool:
        """Tell whether the client is gone."""
        limit = self.request.leaves_after
        return limit is not None and len(self.sent) >= limit

    def check_sends(self) -> None:
        """Report where a `send` was called and its awaitable not awaited to the end."""
        self._check_awaited(self._sends)
        self._sends = [call for call in self._sends if getcoroutinestate(call) != CORO_CLOSED]

    def check_awaited(self) -> None:
        """Report where a `send` or `receive` was called and its awaitable not awaited to the end."""
        self._check_awaited([*self._sends, *self._receives])

    def check_task(self, what: str) -> None:
        """Report where *what* runs neither in the connection's task nor in one that the application made."""
        here = anyio.get_current_task().id
        self.ledger.require(here in (self.task, *self.inner_tasks), "task", f"{what} in a task of its own")

    def _check_awaited(self, calls: Sequence[Coroutine[Any, Any, object]]) -> None:
        states = [getcoroutinestate(call) for call in calls]
        for call, state in zip(calls, states, strict=True):
            if state == CORO_CREATED:
                call.close()
        forgotten = sum(state != CORO_CLOSED for state in states)
        self.ledger.require(not forgotten, "await", f"{forgotten} calls of send or receive not awaited")

    def _open_receive(self) -> Coroutine[Any, Any, Message]:
        self._receives.append(self._receive())
        return self._receives[-1]

    def _open_send(self, message: Message, /) -> Coroutine[Any, Any, None]:
        self._sends.append(self._send(message))
        return self._sends[-1]

    async def _receive(self) -> Message:
        self.check_task("receive")
        if self.is_watched and self.request.reaches_app:
            wanted = self.inner_receives > 0
            self.ledger.require(wanted, "read-ahead", "receive, when the application asked for nothing")
        await checkpoint()
        left = self.request.incoming[len(self.delivered) :]
        if left and not (self.has_left and self.request.type == "http"):
            message: Message = frozen(left[0])
        else:
            message = await self._wait_for_the_end()
        self.incoming.check(message)
        self.delivered.append(message)
        return message

    async def _wait_for_the_end(self) -> Message:
        if self.request.cancelled:
            self.cancel_scope.cancel()
        await self.over.wait()
        if self.request.type == "websocket":
            return {"type": "websocket.disconnect", "code": 1005, "reason": ""}
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.check_task("send")
        if self.has_left:
            self.raised = ClientLeftError("the client is gone")
            raise self.raised
        copy = self.rules.check(message)
        await checkpoint()
        self.sent.append(copy)
        if self.rules.complete or self.has_left:
            self.over.set()
