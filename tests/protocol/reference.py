"""The plainest middlewares that keep every promise: they hold the whole page. The checkers must pass them.

Most wrong middlewares are one of these with one fault.
"""

import codecs
import re
from collections.abc import Iterable, Iterator

from tests.protocol.asgi_rules import Message, Scope
from tests.protocol.expectations import STALE
from tests.protocol.strict_asgi import App, Receive, Send

Headers = list[tuple[bytes, bytes]]

REGION = re.compile(rb"<!-- compress (css|js) -->((?:(?!<!--).)*)<!-- endcompress -->", re.DOTALL)
BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CHARSETS = (b"utf-8", b"iso-8859-1")
TAGS = {
    b"css": b'<link rel="stylesheet" href="/pressmark/css/%s.css">' % (b"0" * 32),
    b"js": b'<script src="/pressmark/js/%s.js"></script>' % (b"0" * 32),
}


def rewrite(page: bytes) -> bytes:
    """Return *page* with a tag in the place of each region that has all its files."""
    if page.startswith(BOMS):
        return page
    return REGION.sub(lambda match: match[0] if b"missing" in match[2] else TAGS[match[1]], page)


def is_page(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether the body of a response is a page that may change."""
    fields = [(name.lower(), value.lower()) for name, value in headers]
    media, *parameters = dict(fields).get(b"content-type", b"").split(b";")
    charset = [p.split(b"=")[1].strip(b' "') for p in parameters if b"charset" in p]
    directives = b",".join(value for name, value in fields if name == b"cache-control").split(b",")
    return (
        media.strip() == b"text/html"
        and dict(fields).get(b"content-encoding", b"identity") == b"identity"
        and b"no-transform" not in [directive.strip() for directive in directives]
        and status not in (*range(100, 200), 204, 205, 206, 304, 416)
        and b"content-range" not in dict(fields)
        and (not charset or charset[0] in CHARSETS)
    )


def adjusted(headers: Headers, body: bytes) -> Headers:
    """Return the headers of a page that became *body*."""
    kept = [(name, value) for name, value in headers if name.lower() not in STALE]
    return [(name, b"%d" % len(body) if name.lower() == b"content-length" else value) for name, value in kept]


class ReferenceASGI:
    """Holds a page until its end. *responder* makes the object that stands before one connection's `send`."""

    def __init__(self, app: App, responder: "type[Responder] | None" = None) -> None:
        self._app = app
        self._responder = responder or Responder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "HEAD":
            send = self._responder(send)
        await self._app(scope, receive, send)


class Responder:
    """Stands before the `send` of one connection."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.pieces: list[bytes] = []
        self.is_holding = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self.take_start(message)
        elif self.is_holding and message["type"] == "http.response.body":
            self.pieces.append(message.get("body", b""))
            if not message.get("more_body", False):
                self.is_holding = False
                await self.release(b"".join(self.pieces))
        else:
            await self.give_up()
            await self.send(message)

    async def take_start(self, message: Message) -> None:
        """Hold the start of a page, and pass any other."""
        headers = list(message.get("headers", ()))
        one_shot = isinstance(message.get("headers"), Iterator)
        self.start = message | {"headers": headers} if one_shot else message
        self.is_holding = self.is_rewritable(message, headers)
        if self.is_holding:
            self.start = message | {"headers": headers}  # the application may change its own
        else:
            await self.send(self.start)

    def is_rewritable(self, message: Message, headers: Headers) -> bool:
        """Tell whether to hold this response."""
        return is_page(message["status"], headers) and not message.get("trailers", False)

    async def release(self, page: bytes) -> None:
        """Send the page, rewritten."""
        assert self.start is not None
        body = rewrite(page)
        if body != page:
            self.start["headers"] = adjusted(self.start["headers"], body)
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": body})

    async def give_up(self) -> None:
        """Send what was held, as it was."""
        if self.is_holding and self.start is not None:
            self.is_holding = False
            await self.send(self.start)
            if self.pieces:
                held = b"".join(self.pieces)
                await self.send({"type": "http.response.body", "body": held, "more_body": True})
