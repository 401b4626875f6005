"""Answer requests for generated files (RFC 9110). The name is checked before anything is looked up.

A file's bytes never change under its name, so the answer may be kept for ever; whatever has no such file gets an
answer that must not be kept at all.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable

from pressmark.forks import renew_after_fork
from pressmark.model import MEDIA_TYPES, Kind, Reply, Request
from pressmark.page.validators import matches
from pressmark.serve.encodings import accepted, encode

MAX_MEMORY_BYTES = 64 << 20

_NAME = re.compile(r"(css|js)/(?:[A-Za-z0-9_-]+\.)?([0-9a-f]{32})\.(css|js)", re.ASCII)
_METHODS = "GET, HEAD, OPTIONS"
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
_FOR_EVER = ("Cache-Control", "public, max-age=31536000, immutable")

Variant = tuple[str, bytes]  # the coding that it is in, and the bytes


class Endpoint:
    """Serves what *load* finds below the path *prefix*; encoded bodies stay in memory."""

    def __init__(self, prefix: str, load: Callable[[Kind, str], bytes | None]) -> None:
        self._prefix = prefix
        self._load = load
        self._variants: OrderedDict[tuple[str, str, tuple[str, ...]], Variant] = OrderedDict()
        self._bytes = 0
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def owns(self, path: str) -> bool:
        """Tell whether *path*, below the application's mount point, is the endpoint's."""
        return path.startswith(self._prefix)

    def recall(self, request: Request) -> Reply | None:
        """Return the reply if memory alone can give it. Never blocks."""
        wanted = self._wanted(request)
        if isinstance(wanted, Reply):
            return wanted
        variant = self._variants.get(wanted)
        return None if variant is None else _reply(request, wanted[0], wanted[1], variant)

    def reply(self, request: Request) -> Reply:
        """Return the reply. Blocks: reads the store and compresses."""
        wanted = self._wanted(request)
        if isinstance(wanted, Reply):
            return wanted
        kind, name, codings = wanted
        variant = self._variants.get(wanted)
        if variant is None:
            content = self._load(kind, name)
            if content is None:
                return _error(request, 404, b"Not Found\n")
            variant = _smallest(content, codings)
            self._keep(wanted, variant)
        return _reply(request, kind, name, variant)

    def _wanted(self, request: Request) -> tuple[Kind, str, tuple[str, ...]] | Reply:
        found = _NAME.fullmatch(request.path[len(self._prefix) :])
        if not found or found[1] != found[3]:
            return _error(request, 404, b"Not Found\n")
        if request.method == "OPTIONS":
            return Reply(204, (("Allow", _METHODS), ("Cache-Control", "no-store"), *_ALWAYS), b"")
        if request.method not in ("GET", "HEAD"):
            return _error(request, 405, b"Method Not Allowed\n", ("Allow", _METHODS))
        kind: Kind = "css" if found[1] == "css" else "js"
        return kind, found[2], accepted(_header(request, "accept-encoding"))

    def _keep(self, wanted: tuple[str, str, tuple[str, ...]], variant: Variant) -> None:
        with self._lock:
            previous = self._variants.pop(wanted, None)
            self._bytes += len(variant[1]) - (len(previous[1]) if previous else 0)
            self._variants[wanted] = variant
            while self._bytes > MAX_MEMORY_BYTES and len(self._variants) > 1:
                _, (_, dropped) = self._variants.popitem(last=False)
                self._bytes -= len(dropped)


def _smallest(content: bytes, codings: tuple[str, ...]) -> Variant:
    """Return *content* in the first of *codings* that saves bytes."""
    for coding in codings:
        encoded = encode(content, coding)
        if coding == "identity" or len(encoded) < len(content):
            return coding, encoded
    return "identity", content


def _reply(request: Request, kind: str, name: str, variant: Variant) -> Reply:
    coding, body = variant
    etag = f'"{name}"' if coding == "identity" else f'"{name}-{coding}"'
    headers: tuple[tuple[str, str], ...] = (("ETag", etag), _FOR_EVER, ("Vary", "Accept-Encoding"), *_ALWAYS)
    condition = _header(request, "if-none-match")
    if condition is not None and matches(condition, etag):
        return Reply(304, headers, b"")
    headers = (
        ("Content-Type", f"{MEDIA_TYPES[kind]}; charset=utf-8"),
        ("Content-Length", str(len(body))),
        *(() if coding == "identity" else (("Content-Encoding", coding),)),
        *headers,
    )
    return Reply(200, headers, b"" if request.method == "HEAD" else body)


def _error(request: Request, status: int, body: bytes, *headers: tuple[str, str]) -> Reply:
    """Return a reply whose constant body tells nothing of the request, and which no cache may keep."""
    length = ("Content-Length", str(len(body)))
    kind = ("Content-Type", "text/plain; charset=utf-8")
    fields = (kind, length, ("Cache-Control", "no-store"), *headers, *_ALWAYS)
    return Reply(status, fields, b"" if request.method == "HEAD" else body)


def _header(request: Request, name: str) -> str | None:
    """Return the header's value, several lines joined as RFC 9110 (5.3) joins them."""
    values = [value for key, value in request.headers if key == name]
    return ", ".join(values) if values else None
