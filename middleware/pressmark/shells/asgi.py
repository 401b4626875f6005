"""The ASGI shell: messages in, messages out, and never a wait on the event loop.

What is not a page passes as the very same messages. A cold region is awaited; it is built on another thread, on
asyncio as on trio.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import anyio
from anyio import CapacityLimiter, lowlevel, to_thread

from pressmark.assembly import assemble
from pressmark.http import headers as head
from pressmark.model import Page, Region, Reply, Request, Subrequest
from pressmark.page.scanner import may_hold_marker
from pressmark.pipeline import Pipeline
from pressmark.response.exchange import MAX_HELD_BYTES, PageRewrite
from pressmark.serve.endpoint import HEADERS
from pressmark.settings import Settings
from pressmark.shells.asgi_request import (
    READ_TWICE,
    Message,
    Scope,
    Send,
    header_of,
    hide_conditions,
    query_of,
    send_hints,
    split,
    tell,
    url_of,
)
from pressmark.shells.subrequest import PLACE, SUBREQUEST, asgi_subrequest

ENDPOINT_THREADS = 16
_LIMITER: "lowlevel.RunVar[CapacityLimiter]" = lowlevel.RunVar("pressmark_limiter")

_ENDPOINT_HEADERS = {name.encode(): name for name in HEADERS}
_FROM_FILE = ("http.response.pathsend", "http.response.zerocopysend")

_new = tuple.__new__  # half the time that Request() takes

Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ASGIMiddleware:
    """Bundles what the regions of *app*'s pages refer to, and serves the bundles.

    Keyword arguments are the fields of Settings; or *settings* is one. Raises SettingsError.
    """

    def __init__(self, app: Application, settings: Settings | None = None, **options: object) -> None:
        self.app = app
        self._pipeline = assemble(Settings.of(settings, options))
        self.lifespan_state: Mapping[str, Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection; only HTTP is looked at."""
        if scope["type"] != "http" or SUBREQUEST in scope:
            if scope["type"] == "lifespan":
                self.lifespan_state = scope.get("state")
            await self.app(scope, receive, send)
            return
        place = split(scope)
        if self._pipeline.owns(place[1]):
            await self._serve(scope, place[1], send)
        elif self._pipeline.is_untouched(query_of(scope)):
            await self.app(self._inner(scope), receive, send)
        else:
            asked, condition = hide_conditions(scope)
            if self._pipeline.hints is not None:
                await send_hints(self._pipeline.hints, asked, url_of(place), send)
            make_subrequest = self._asker(scope) if self._pipeline.makes_subrequests else None
            inner = self._inner(asked) if self._pipeline.has_toggle else asked
            if inner is not scope:
                send = _telling(inner, scope, send)
            response = _Response(self._pipeline, asked, place, condition, make_subrequest, send)
            try:
                await self.app(inner, receive, response.send)
            finally:
                tell(inner, scope)

    def _asker(self, scope: Scope) -> Callable[[Scope], Subrequest]:
        place = {name: scope[name] for name in PLACE if name in scope}
        return lambda seen: asgi_subrequest(self.app, seen, place, self.lifespan_state)

    def _inner(self, scope: Scope) -> Scope:
        """Return *scope* as the application gets it: itself, but where the debug toggle is to be kept from it."""
        query = query_of(scope)
        asked = self._pipeline.without_toggle(query)
        return scope if asked is query else {**scope, "query_string": asked.encode("latin-1")}

    async def _serve(self, scope: Scope, path: str, send: Send) -> None:
        fields = [(_ENDPOINT_HEADERS[name], value.decode("latin-1"))
                  for name, value in scope.get("headers", ()) if name in _ENDPOINT_HEADERS]  # fmt: skip
        request = _new(Request, (scope["method"], path, tuple(fields)))
        reply = self._pipeline.peek(request)
        if reply is None:
            # Not the application's own threads: a slow store must not keep it waiting.
            reply = await to_thread.run_sync(
                self._pipeline.respond, request, limiter=_LIMITER.get(None) or _new_limiter()
            )
        await _send_reply(reply, send)


def _telling(asked: Scope, scope: Scope, send: Send) -> Send:
    """Return a *send* before which *scope* is told what was noted in *asked*."""

    async def telling(message: Message) -> None:
        tell(asked, scope)
        await send(message)

    return telling


def _new_limiter() -> CapacityLimiter:
    limiter = CapacityLimiter(ENDPOINT_THREADS)
    _LIMITER.set(limiter)
    return limiter


class _Response:
    """One response on its way out; its ``send`` is the application's."""

    __slots__ = (
        "_condition", "_headers", "_held", "_held_bytes", "_make_subrequest", "_mount", "_outer", "_path", "_pipeline",
        "_rewrite", "_scope", "_start",
    )  # fmt: skip
    _headers: head.HeaderList
    _held: list[bytes]  # output that waits for the head, or for the end of its chunk

    def __init__(  # noqa: PLR0913, PLR0917  # all that is known before the response begins
        self,
        pipeline: Pipeline,
        scope: Scope,
        place: tuple[str, str],
        condition: str | None,
        make_subrequest: Callable[[Scope], Subrequest] | None,
        send: Send,
    ) -> None:
        self._pipeline, self._scope, self._condition = pipeline, scope, condition
        self._make_subrequest, self._outer = make_subrequest, send
        self._mount, self._path = place  # the application may change its scope
        self._start: Message | None = None  # the head while it is held back
        self._rewrite: PageRewrite | None = None
        self._held_bytes = 0

    async def send(self, message: Message) -> None:
        """Take one message of the application."""
        kind = message["type"]
        if self._rewrite is None:
            if kind == "http.response.start":
                message = self._opened(message)
                if self._rewrite is not None:
                    return
            await self._outer(message)
        elif kind == "http.response.body":
            body, is_last = bytes(message.get("body", b"")), not message.get("more_body", False)
            is_whole = is_last and self._start is not None and not self._held and self._rewrite.is_fresh
            if is_whole and self._condition is None and not may_hold_marker(body):
                self._rewrite.finish()
                self._rewrite = None
                await self._send_start(None)
                await self._outer(message)
            else:
                await self._take_body(self._rewrite, body, is_last=is_last)
        else:
            if kind in _FROM_FILE:
                self._pipeline.log_skipped(self._url, "the server sends a page from its file, which nobody can change")
            await self._give_up(self._rewrite)
            await self._outer(message)

    def _opened(self, message: Message) -> Message:
        """Return the start of a response that passes; begin a rewrite and hold the start back if it is a page."""
        raw_headers = message.get("headers", ())
        if not isinstance(raw_headers, READ_TWICE):
            raw_headers = list(raw_headers)
            message = {**message, "headers": raw_headers}
        for name, value in raw_headers:  # what most responses are known by; the rest is looked at more closely
            if name == b"content-type" and b"html" not in value.lower():
                return message
        headers = _decoded(raw_headers)
        refusal = "" if message.get("trailers") else head.refusal(message["status"], headers)
        if refusal:
            self._pipeline.log_skipped(self._url, refusal)
        if refusal is not None:
            return message
        if self._scope["method"] == "HEAD":  # what a HEAD's body would be cannot be seen
            return {**message, "headers": _encoded(head.without_length(headers))}
        # The application may use its message again: what waits is a copy.
        self._start, self._headers, self._held = {**message, "headers": list(raw_headers)}, headers, []
        self._rewrite = PageRewrite(self._pipeline, self._describe, message["status"])
        return message

    @property
    def _url(self) -> str:
        return url_of((self._mount, self._path))

    def _describe(self) -> Page:
        return Page(
            mount=self._mount,
            path=self._url,
            host=header_of(self._scope, b"host"),
            charset=head.charset_of(self._headers),
            policies=head.policies_of(self._headers),
            is_explained=self._pipeline.explains(query_of(self._scope)),
            is_plain=self._pipeline.is_plain(query_of(self._scope)),
            subrequest=self._make_subrequest(self._scope) if self._make_subrequest else None,
        )

    async def _take_body(self, rewrite: PageRewrite, body: bytes, *, is_last: bool) -> None:
        if not is_last and not head.has_etag(self._headers):
            # Middleware that knows no end gives a whole page as a stream of one piece.
            is_whole = rewrite.is_fresh and head.content_length(self._headers) == len(body)
            if not is_whole:
                await self._send_start(rewrite.streaming(self._headers))
        for piece in rewrite.feed(body):
            if not isinstance(piece, Region):
                self._hold(piece)
                continue
            if self._start is None:  # the text before a cold region does not wait for it
                await self._flush(is_last=False)
            self._hold(await render_async(rewrite, piece))
        if is_last:
            self._hold(rewrite.finish())
            if self._start is None:
                rewrite.check_length(self._headers)
            self._rewrite = None
            await self._send_whole(rewrite)
            return
        if self._held_bytes > MAX_HELD_BYTES:
            await self._send_start(rewrite.streaming(self._headers))
        if self._start is None:
            await self._flush(is_last=False)

    async def _send_whole(self, rewrite: PageRewrite) -> None:
        """Send the end of the page, after its head if that has waited for it."""
        if self._start is not None:
            ending = rewrite.ending(self._start["status"], self._headers, self._condition)
            if ending.is_empty:
                self._held.clear()
            if ending.headers is not self._headers:  # as they are, they stay the application's bytes
                self._start = {**self._start, "status": ending.status, "headers": _encoded(ending.headers)}
        await self._send_start(None)
        await self._flush(is_last=True)

    def _hold(self, piece: bytes) -> None:
        self._held.append(piece)
        self._held_bytes += len(piece)

    async def _send_start(self, headers: head.HeaderList | None) -> None:
        """Send the head, unless it is sent already; with *headers* ``None`` the application's own."""
        start, self._start = self._start, None
        if start is not None:
            await self._outer(start if headers is None else {**start, "headers": _encoded(headers)})

    async def _flush(self, *, is_last: bool) -> None:
        body = b"".join(self._held)
        self._held.clear()
        self._held_bytes = 0
        if body or is_last:
            await self._outer({"type": "http.response.body", "body": body, "more_body": not is_last})

    async def _give_up(self, rewrite: PageRewrite) -> None:
        """Let everything go as it is: a message came that does not mix with a changed body."""
        self._hold(rewrite.release())
        self._rewrite = None
        await self._send_start(head.without_length(self._headers) if rewrite.is_changed else None)
        await self._flush(is_last=False)


async def render_async(rewrite: PageRewrite, region: Region) -> bytes:
    """Return what replaces a cold *region*, waiting as long as the page may. Never blocks the event loop."""
    future = rewrite.begin(region)
    landed = anyio.Event()
    loop: Any = lowlevel.current_token().native_token
    # asyncio's name for it, and trio's. Neither waits for the loop, which may be about to end.
    call_soon = getattr(loop, "call_soon_threadsafe", None) or loop.run_sync_soon

    def wake(_: object) -> None:
        with suppress(RuntimeError):  # the loop may have ended
            call_soon(landed.set)

    future.add_done_callback(wake)
    with anyio.move_on_after(rewrite.time_left()):
        await landed.wait()
    return rewrite.landed(future, region)


async def _send_reply(reply: Reply, send: Send) -> None:
    headers = list(reply.raw_headers)  # a list of its own: those outside may add to it
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


def _decoded(headers: Any) -> head.HeaderList:
    return [(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in headers]


def _encoded(headers: head.Headers) -> list[tuple[bytes, bytes]]:
    """Return *headers* as ASGI wants them: as bytes, the names in lower case."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
