"""ASGI middlewares that rewrite pages, with one fault each: the reference with a line changed."""

import re
from collections.abc import Iterator

from tests.protocol.asgi_rules import Message
from tests.protocol.reference import REGION, TAGS, Headers, ReferenceASGI, Responder, adjusted, rewrite
from tests.protocol.strict_asgi import App, Middleware
from tests.protocol.wrong_asgi import BODY, Wrong

REGIONS = "a page with two regions"


class _KeepsHeaders(Responder):
    async def release(self, page: bytes) -> None:
        assert self.start is not None
        await self.send(self.start)
        await self.send({"type": BODY, "body": rewrite(page)})


class _DropsLength(Responder):
    async def release(self, page: bytes) -> None:
        assert self.start is not None
        self.start["headers"] = [h for h in self.start["headers"] if h[0] != b"content-length"]
        await super().release(page)


class _Judging(Responder):
    """Rewrites by `text`, keeps the header *kept* though it went stale, and sends *etag* for a new one."""

    kept = b""
    etag: bytes | None = None

    def text(self, page: bytes) -> bytes:
        return rewrite(page)

    async def release(self, page: bytes) -> None:
        assert self.start is not None
        body = self.text(page)
        if body != page:
            self.start["headers"] = list(self._headers(self.start["headers"], body))
        await self.send(self.start)
        await self.send({"type": BODY, "body": body})

    def _headers(self, given: Headers, body: bytes) -> Iterator[tuple[bytes, bytes]]:
        for header in given:
            if header[0] == b"etag" and self.etag is not None:
                yield (header[0], self.etag)
            elif header[0] == self.kept:
                yield header
            else:
                yield from adjusted([header], body)


class _Strong(_Judging):
    etag = b'"v1-x"'


class _Malformed(_Judging):
    etag = b'W/"v1""-x"'


class _EatsBlanks(_Judging):
    def text(self, page: bytes) -> bytes:
        return re.sub(rb"\s*(<script src=\"/pressmark[^>]*></script>)\s*", rb"\1", rewrite(page))


class _FirstOnly(_Judging):
    def text(self, page: bytes) -> bytes:
        return REGION.sub(lambda match: TAGS[match[1]], page, count=1)


class _OddName(_Judging):
    def text(self, page: bytes) -> bytes:
        return rewrite(page).replace(b"/pressmark/css/0", b"/pressmark/css/g")


class _TwoTags(_Judging):
    def text(self, page: bytes) -> bytes:
        return rewrite(page).replace(TAGS[b"js"], TAGS[b"js"] * 2)


class _KeepsMarkers(_Judging):
    def text(self, page: bytes) -> bytes:
        return REGION.sub(lambda match: match[0].replace(match[2], TAGS[match[1]]), page)


class _Unbuilt(_Judging):
    def text(self, page: bytes) -> bytes:
        return REGION.sub(lambda match: TAGS[match[1]], page)


class _Decodes(_Judging):
    def text(self, page: bytes) -> bytes:
        return rewrite(page.decode("utf-8", "replace").encode())


class _Everything(Responder):
    def is_rewritable(self, message: Message, headers: Headers) -> bool:
        return True


class _AnyHtml(Responder):
    def is_rewritable(self, message: Message, headers: Headers) -> bool:
        return b"text/html" in dict(headers).get(b"content-type", b"")


class _ForgetsHeld(Responder):
    async def give_up(self) -> None:
        self.pieces.clear()
        await super().give_up()


class _HoldsEvents(Responder):
    """Lets an event overtake the head it holds."""

    async def give_up(self) -> None:
        return


class _ByReference(Responder):
    """Holds the application's own message, which may have changed when it is sent."""

    async def take_start(self, message: Message) -> None:
        await super().take_start(message)
        self.start = message


def _keeping(name: bytes) -> type[Responder]:
    return type("_Keeping", (_Judging,), {"kept": name})


def responding(responder: type[Responder]) -> Middleware:
    """Return the reference with another responder."""

    def middleware(app: App) -> App:
        return ReferenceASGI(app, responder)

    return middleware


def _wrong(responder: type[Responder], rule: str, case: str, page: str = REGIONS) -> Wrong:
    return Wrong(responding(responder), rule, case, page, rewrites=True)


def _never(app: App) -> App:
    return app


ALL = "a page with every validator at once"
REWRITES = {
    "keeps Content-Length": _wrong(_KeepsHeaders, "content-length", "a page with Content-Length"),
    "drops Content-Length": _wrong(_DropsLength, "headers", "a page with Content-Length"),
    "drops Content-Length for nothing": _wrong(
        _DropsLength, "headers", "a page with Content-Length", "a page without a region"
    ),
    "keeps ETag": _wrong(_keeping(b"etag"), "stale", ALL),
    "keeps Last-Modified": _wrong(_keeping(b"last-modified"), "stale", ALL),
    "keeps Accept-Ranges": _wrong(_keeping(b"accept-ranges"), "stale", ALL),
    "keeps Content-MD5": _wrong(_keeping(b"content-md5"), "stale", ALL),
    "keeps Repr-Digest": _wrong(_keeping(b"repr-digest"), "stale", ALL),
    "strengthens an ETag": _wrong(_Strong, "stale", "a page with a weak ETag"),
    "breaks an ETag": _wrong(_Malformed, "stale", "a page with a weak ETag"),
    "eats blanks around a region": _wrong(_EatsBlanks, "body", "a page without Content-Length"),
    "replaces the first region only": _wrong(_FirstOnly, "body", "a page without Content-Length"),
    "gives a bundle an odd name": _wrong(_OddName, "body", "a page without Content-Length"),
    "puts two tags for one region": _wrong(_TwoTags, "body", "a page without Content-Length"),
    "leaves the markers": _wrong(_KeepsMarkers, "body", "a page without Content-Length"),
    "replaces what cannot be built": _wrong(
        _Unbuilt, "body", "a page without Content-Length", "a page whose regions cannot be built"
    ),
    "rewrites by way of text": _wrong(_Decodes, "body", "a page with invalid UTF-8"),
    "rewrites nothing": Wrong(_never, "not-rewritten", "a page byte by byte", REGIONS, rewrites=True),
    "rewrites JSON": _wrong(_Everything, "same", "JSON"),
    "rewrites XHTML": _wrong(_Everything, "same", "XHTML"),
    "holds server-sent events": _wrong(_Everything, "same", "server-sent events", "a page without a region"),
    "rewrites a 206": _wrong(_AnyHtml, "same", "a 206 of a page"),
    "rewrites what must not be transformed": _wrong(_AnyHtml, "same", "a no-transform page"),
    "holds what is gzipped": _wrong(_AnyHtml, "same", "a gzipped page"),
    "rewrites ISO-2022-JP": _wrong(_AnyHtml, "same", "a page in ISO-2022-JP"),
    "forgets what it held": _wrong(_ForgetsHeld, "body", "a page with an early hint in its middle"),
    "lets an event overtake the head": _wrong(_HoldsEvents, "event-order", "a page with an early hint after its start"),
    "holds the head by reference": _wrong(_ByReference, "exception", "a page from reused messages"),
}
