"""WSGI middlewares that rewrite pages, with one fault each: the reference with a line changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.protocol.expectations import STALE
from tests.protocol.reference import rewrite
from tests.protocol.reference_wsgi import ReferenceWSGI, Responder
from tests.protocol.wrong_wsgi import Wrong
from tests.protocol.wsgi_connection import App, Headers, Middleware

REGIONS = "a page with two regions"


class _KeepsHeaders(Responder):
    def new_headers(self, body: bytes) -> Headers:
        return self.headers


class _KeepsStale(Responder):
    def new_headers(self, body: bytes) -> Headers:
        return [(name, str(len(body)) if name.lower() == "content-length" else value) for name, value in self.headers]


class _MissesOddCase(Responder):
    """Knows headers in one spelling only."""

    def new_headers(self, body: bytes) -> Headers:
        known = {name.decode().title() for name in STALE}
        return [header for header in self.headers if header[0] not in known]


class _Decodes(Responder):
    def text(self, page: bytes) -> bytes:
        return rewrite(page.decode("utf-8", "replace").encode())


class _Everything(Responder):
    def is_rewritable(self, status: str, headers: Headers) -> bool:
        return True


class _AnyHtml(Responder):
    def is_rewritable(self, status: str, headers: Headers) -> bool:
        return any("text/html" in value for _, value in headers)


class _ByPiece(Responder):
    """Rewrites each piece by itself."""

    def pieces(self, result: Iterable[bytes]) -> Iterator[bytes]:
        self.held.extend(rewrite(piece) for piece in result)
        return iter(())

    def text(self, page: bytes) -> bytes:
        return page


class _ForgetsWritten(Responder):
    def pieces(self, result: Iterable[bytes]) -> Iterator[bytes]:
        self.held.clear()
        return super().pieces(result)


class _SendsWhatItHas(Responder):
    """Sends the half of a page that failed as if it were whole."""

    def pieces(self, result: Iterable[bytes]) -> Iterator[bytes]:
        try:
            yield from super().pieces(result)
        except Exception:
            return


class _NeverCloses(Responder):
    def close(self) -> None:
        return


class _WrapsAll(Responder):
    def answer(self) -> Any:
        return self


def responding(responder: type[Responder]) -> Middleware:
    """Return the reference with another responder."""

    def middleware(app: App) -> App:
        return ReferenceWSGI(app, responder)

    return middleware


def _wrong(responder: type[Responder], rule: str, case: str, page: str = REGIONS) -> Wrong:
    return Wrong(responding(responder), rule, case, page, rewrites=True)


def _never(app: App) -> App:
    return app


REWRITES = {
    "keeps Content-Length": _wrong(_KeepsHeaders, "content-length", "a page with Content-Length"),
    "keeps ETag": _wrong(_KeepsStale, "stale", "a page with a strong ETag and Last-Modified"),
    "keeps Accept-Ranges": _wrong(_KeepsStale, "stale", "a page with Accept-Ranges"),
    "keeps digests": _wrong(_KeepsStale, "stale", "a page with digests"),
    "misses headers in odd case": _wrong(_MissesOddCase, "content-length", "a page with odd header case"),
    "rewrites by way of text": _wrong(_Decodes, "body", "a page with invalid UTF-8"),
    "rewrites JSON": _wrong(_Everything, "identity", "JSON in a list"),
    "rewrites generated JSON": _wrong(_Everything, "same", "generated JSON"),
    "rewrites a 206": _wrong(_AnyHtml, "identity", "a 206 of a page"),
    "rewrites what must not be transformed": _wrong(_AnyHtml, "identity", "a no-transform page"),
    "rewrites ISO-2022-JP": _wrong(_AnyHtml, "identity", "a page in ISO-2022-JP"),
    "rewrites piece by piece": _wrong(_ByPiece, "body", "a page cut inside a marker"),
    "forgets what was written": _wrong(_ForgetsWritten, "body", "a page written and then yielded"),
    "sends the half of a page that failed": _wrong(_SendsWhatItHas, "exception", "an exception before the end"),
    "closes nothing": _wrong(_NeverCloses, "close", "a generated page"),
    "hides an image in a wrapper": _wrong(_WrapsAll, "identity", "an image in the server's file wrapper"),
    "rewrites nothing": Wrong(_never, "not-rewritten", "a generated page", REGIONS, rewrites=True),
}
