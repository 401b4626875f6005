"""The ASGI shell: messages in, messages out. It only drives the exchange, and never blocks the event loop.

A response that is none of ours passes as the very same messages. A cold region is awaited, and built on another thread;
asyncio and trio both work.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Unpack

from anyio import CapacityLimiter, lowlevel, to_thread

from pressmark.assembly import assemble
from pressmark.concurrency.waiting import wait_async
from pressmark.model import Request
from pressmark.response.exchange import Core, Event, Exchange, Head, begin
from pressmark.response.visit import Location
from pressmark.serve.endpoint import HEADERS
from pressmark.settings import Options, Settings
from pressmark.shells.asgi_request import (
    READ_TWICE,
    ASGIApplication,
    Message,
    Receive,
    Scope,
    Send,
    decoded,
    encoded,
    header_of,
    hide_conditions_of_scope,
    is_behind_route,
    mount_and_path,
    page_path,
    query_of,
    send_hints,
    tell,
    telling,
)
from pressmark.shells.subrequest import ROUTING, SUBREQUEST, asgi_subrequest

ENDPOINT_THREADS = 16
_LIMITER: "lowlevel.RunVar[CapacityLimiter]" = lowlevel.RunVar("pressmark_limiter")

_ENDPOINT_HEADERS = {name.encode(): name for name in HEADERS}
_FROM_FILE = ("http.response.pathsend", "http.response.zerocopysend")

_new = tuple.__new__  # half the time that Request() takes


class ASGIMiddleware:
    """Bundles the files that the regions of *app*'s pages refer to, and serves the bundles.

    Keyword arguments are the fields of Settings; or *settings* is one. Raises SettingsError.
    """

    def __init__(self, app: ASGIApplication, settings: Settings | None = None, **options: Unpack[Options]) -> None:
        self.app = app
        self._core = assemble(Settings.of(settings, options))
        self.lifespan_state: Mapping[str, Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection; any but HTTP passes."""
        if scope["type"] != "http" or SUBREQUEST in scope:
            if scope["type"] == "lifespan":
                self.lifespan_state = scope.get("state")
            await self.app(scope, receive, send)
            return None
        mount, path = mount_and_path(scope)
        if self._core.pipeline.owns(path):
            return await self._serve(scope, path, send)
        visible, condition = hide_conditions_of_scope(scope)
        if self._core.hints is not None:
            await send_hints(self._core, scope, page_path(mount, path), send)
        inner = visible if self._core.toggle.parameter is None else self._without_toggle(visible)
        if inner is not scope:
            send = telling(inner, scope, send)
        response = _Response(self._core, visible, mount, path, condition, send)
        if self._core.makes_subrequests:
            response.make_subrequest = self._subrequester(scope)
        try:
            await self.app(inner, receive, response.send)
        finally:
            tell(inner, scope)

    def _subrequester(self, scope: Scope) -> Callable[[Scope], Any]:
        routing = {name: scope[name] for name in ROUTING if name in scope}
        # Starlette names the whole application: other middleware may stand around this one.
        whole = scope["app"] if callable(scope.get("app")) else self.app
        return lambda visible: asgi_subrequest(whole, visible, routing, self.lifespan_state)

    def _without_toggle(self, scope: Scope) -> Scope:
        """Return *scope* as the application gets it: without the debug toggle, and itself if it has none."""
        query = query_of(scope)
        inner = self._core.toggle.without(query)
        return scope if inner is query else {**scope, "query_string": inner.encode("latin-1")}

    async def _serve(self, scope: Scope, path: str, send: Send) -> None:
        fields = [(_ENDPOINT_HEADERS[name], value.decode("latin-1"))
                  for name, value in scope.get("headers", ()) if name in _ENDPOINT_HEADERS]  # fmt: skip
        request = _new(Request, (scope["method"], path, tuple(fields)))
        reply = self._core.pipeline.peek(request)
        if reply is None:
            # Not on the application's own threads: it must not wait for a slow store.
            limiter = _LIMITER.get(None) or _new_limiter()
            reply = await to_thread.run_sync(self._core.pipeline.respond, request, limiter=limiter)
        headers = list(reply.raw_headers)  # a list of its own: outer middleware may add to it
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body, "more_body": False})


def _new_limiter() -> CapacityLimiter:
    limiter = CapacityLimiter(ENDPOINT_THREADS)
    _LIMITER.set(limiter)
    return limiter


class _Response:
    """One response on its way out; its ``send`` is the application's."""

    __slots__ = (
        "_core", "_exchange", "_is_behind_route", "_mount", "_path", "_scope", "_send", "_start", "condition",
        "make_subrequest",
    )  # fmt: skip
    _start: Message  # the application's head while the exchange holds it back

    def __init__(  # noqa: PLR0913, PLR0917  # all that is known before the response begins
        self, core: Core, scope: Scope, mount: str, path: str, condition: str | None, send: Send
    ) -> None:
        self._core, self._scope, self._send, self.condition = core, scope, send, condition
        self._mount, self._path = mount, path  # the application may change its scope
        self._exchange: Exchange | None = None
        self.make_subrequest: Callable[[Scope], Any] | None = None
        self._is_behind_route = is_behind_route(scope)  # now: the application's own router notes its route, too

    # The request, as the exchange reads it

    @property
    def method(self) -> str:
        method: str = self._scope["method"]
        return method

    @property
    def query(self) -> str:
        return query_of(self._scope)

    def locate(self) -> Location:
        """Return the location of the page."""
        path, host = page_path(self._mount, self._path), header_of(self._scope, b"host")
        subrequest = None if self.make_subrequest is None else self.make_subrequest(self._scope)
        return Location(self._mount, path, host, subrequest, self._is_behind_route)

    # The response

    async def send(self, message: Message) -> None:
        """Take one message from the application."""
        kind, exchange = message["type"], self._exchange
        if exchange is None:
            if kind == "http.response.start":
                message = self._begin(message)
                if self._exchange is not None:
                    return
            await self._send(message)
        elif kind == "http.response.body":
            body, is_last = bytes(message.get("body", b"")), not message.get("more_body", False)
            if is_last and exchange.passes(body):
                await self._send(self._start)
                await self._send(message)
            else:
                await self._carry_out(exchange.feed(body, is_last=is_last), is_last=is_last)
            if is_last:
                self._exchange = None
        else:
            reason = "the server sends it from a file: turn that off for pages" if kind in _FROM_FILE else ""
            await self._carry_out(exchange.give_up(reason))
            self._exchange = None
            await self._send(message)

    def _begin(self, message: Message) -> Message:
        """Return the start message of a response that passes; that of a page is kept for its exchange."""
        raw_headers = message.get("headers", ())
        if not isinstance(raw_headers, READ_TWICE):
            raw_headers = list(raw_headers)
            message = {**message, "headers": raw_headers}
        for name, value in raw_headers:  # this is enough for most responses; decoding all headers takes longer
            if name == b"content-type" and b"html" not in value.lower():
                return message
        headers, has_trailers = decoded(raw_headers), bool(message.get("trailers"))
        begun = begin(self._core, self, message["status"], headers, has_trailers=has_trailers)
        if isinstance(begun, Exchange):
            # The application may use its message again: a copy waits.
            self._start, self._exchange = {**message, "headers": list(raw_headers)}, begun
            return message
        return message if begun is headers else {**message, "headers": encoded(begun)}

    async def _carry_out(self, events: Iterator[Event], *, is_last: bool = False) -> None:
        """Carry out *events*; if *is_last* their last bytes end the body."""
        body = b""
        for event in events:
            if isinstance(event, bytes):
                body += event
            elif isinstance(event, Head):
                await self._send(self._started(event))
            else:
                if body:  # the text before a cold region does not wait for it
                    await self._send({"type": "http.response.body", "body": body, "more_body": True})
                    body = b""
                await wait_async(event.future, event.timeout_s)
        if body or is_last:
            await self._send({"type": "http.response.body", "body": body, "more_body": not is_last})

    def _started(self, head: Head) -> Message:
        """Return the start message of *head*; the application's own if its headers are unchanged."""
        exchange = self._exchange
        if exchange is not None and head.headers is exchange.headers:
            return self._start
        return {**self._start, "status": head.status, "headers": encoded(head.headers)}
