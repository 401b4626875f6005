"""Answer requests for generated files (RFC 9110). The name is checked before anything is looked up.

A file's bytes never change under its name, so the answer may be kept for ever; whatever has no such file gets an
answer that must not be kept at all. Nothing is taken from Host or X-Forwarded headers, and nothing of a request is said
again.
"""

import re
from typing import NamedTuple

from pressmark.concurrency.bounded import make_room
from pressmark.http.validators import listed
from pressmark.model import MEDIA_TYPES, FileKind, Reply, Request
from pressmark.serve.bodies import Bodies, Body, Wanted
from pressmark.serve.content_codings import accepted
from pressmark.serve.dictionaries import CODING, offered, use_as
from pressmark.serve.ranges import requested

HEADERS = ("accept-encoding", "available-dictionary", "if-match", "if-none-match", "if-range", "range")
"""The headers of a request that are looked at."""

MAX_READY = 1024
"""Replies that are kept as they are sent."""

_NAME = re.compile(r"(css|js)/(?:([A-Za-z0-9_-]+)\.)?([0-9a-f]{32})\.(css|js)", re.ASCII)
_MAP_NAME = re.compile(r"([0-9a-f]{32})\.map", re.ASCII)
_METHODS = "GET, HEAD, OPTIONS"
_TYPES = {**MEDIA_TYPES, "map": "application/json"}
_VARY = ("Vary", "Accept-Encoding, Available-Dictionary")
_NOSNIFF = ("X-Content-Type-Options", "nosniff")

Fields = tuple[tuple[str, str], ...]


class _Sharing(NamedTuple):
    """What replies say of who may use them: *always*, and of a file that never changes."""

    always: Fields
    for_ever: Fields


def _sharing(caches: str, *sites: tuple[str, str]) -> _Sharing:
    always = (_NOSNIFF, *sites)
    return _Sharing(always, (("Cache-Control", f"{caches}, max-age=31536000, immutable"), _VARY, *always))


_WITH_ALL = _sharing("public", ("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"))
_WITH_ITS_OWN_SITE = _sharing("private", ("Cross-Origin-Resource-Policy", "same-origin"))


class Endpoint:
    """Serves what *bodies* has below the path *prefix*, and source maps below *maps*, if that is given."""

    def __init__(self, prefix: str, bodies: Bodies, *, maps: str | None = None, has_private_maps: bool = False) -> None:
        self._prefix, self._bodies, self._maps = prefix, bodies, maps
        self._private = maps if has_private_maps else None
        self._prefixes = (prefix,) if maps is None else (prefix, maps)
        self._ready: dict[Request, Reply] = {}
        self._ready_since = bodies.version

    def owns(self, path: str) -> bool:
        """Tell whether *path*, below the application's mount point, is the endpoint's."""
        return path.startswith(self._prefixes)

    def peek(self, request: Request) -> Reply | None:
        """Return the reply if memory alone can give it. Never blocks."""
        if self._ready_since == self._bodies.version:
            ready = self._ready.get(request)
            if ready is not None:
                return ready
        else:  # bodies that were let go must not be held here
            self._ready_since = self._bodies.version
            self._ready = {}
        wanted = self._wanted(request)
        if isinstance(wanted, Reply):
            return wanted
        body = self._bodies.peek(wanted)
        if body is None:
            return None
        ready = _reply(request, wanted, body, self._shared(request.path))
        if ready.status in (200, 304):  # what browsers ask for in the same words
            make_room(self._ready, MAX_READY)
            self._ready[request] = ready
        return ready

    def reply(self, request: Request) -> Reply:
        """Return the reply. Blocks: reads the store and compresses."""
        wanted = self._wanted(request)
        if isinstance(wanted, Reply):
            return wanted
        body = self._bodies.get(wanted)
        sharing = self._shared(request.path)
        if body is None:
            return _error(request, sharing, 404, b"Not Found\n")
        return _reply(request, wanted, body, sharing)

    def _shared(self, path: str) -> _Sharing:
        return _WITH_ITS_OWN_SITE if self._private is not None and path.startswith(self._private) else _WITH_ALL

    def _wanted(self, request: Request) -> Wanted | Reply:
        """Return the file that is asked for, or why there is none."""
        file, sharing = self._named(request.path), self._shared(request.path)
        if file is None:
            return _error(request, sharing, 404, b"Not Found\n")
        if request.method == "OPTIONS":
            return Reply(204, (("Allow", _METHODS), ("Cache-Control", "no-store"), *sharing.always), b"")
        if request.method not in ("GET", "HEAD"):
            return _error(request, sharing, 405, b"Method Not Allowed\n", ("Allow", _METHODS))
        codings = _header(request, "accept-encoding")
        # Parts are for who resumes what it has begun; it goes on with what everybody gets.
        available = None if _header(request, "range") else _header(request, "available-dictionary")
        kind, name, label = file
        return Wanted(kind, name, accepted(codings), offered(available, codings), label)

    def _named(self, path: str) -> tuple[FileKind, str, str] | None:
        """Return kind, name and label of the file at *path*, ``None`` if no file has such a path."""
        if self._maps is not None and path.startswith(self._maps):
            found = _MAP_NAME.fullmatch(path[len(self._maps) :])
            return ("map", found[1], "") if found else None
        found = _NAME.fullmatch(path[len(self._prefix) :])
        if not found or found[1] != found[4]:
            return None
        return "css" if found[1] == "css" else "js", found[3], found[2] or ""


def _reply(request: Request, wanted: Wanted, body: Body, sharing: _Sharing) -> Reply:
    """Return what *request* gets of a file that is there, its conditions taken in the order of RFC 9110, 13.2.2."""
    condition = _header(request, "if-match")
    if condition is not None and condition.strip() != "*" and body.tag not in listed(condition, is_weak=False):
        return _error(request, sharing, 412, b"Precondition Failed\n")
    condition = _header(request, "if-none-match")
    if condition is not None and (known := _known(condition, wanted, body)):
        return Reply(304, (("ETag", known), *sharing.for_ever), b"")
    headers = (
        ("Content-Type", f"{_TYPES[wanted.kind]}; charset=utf-8"),
        *(() if body.coding == "identity" else (("Content-Encoding", body.coding),)),
        ("Accept-Ranges", "bytes"),
        ("ETag", body.tag),
        *(() if wanted.kind == "map" else (("Use-As-Dictionary", use_as(wanted.kind, wanted.label)),)),
        *sharing.for_ever,
    )
    part = _part(request, body)
    if part is None:
        return _whole(request, 200, headers, body.content)
    if not part:
        length = ("Content-Range", f"bytes */{len(body.content)}")
        return _error(request, sharing, 416, b"Range Not Satisfiable\n", length)
    place = ("Content-Range", f"bytes {part.start}-{part.stop - 1}/{len(body.content)}")
    return _whole(request, 206, (place, *headers), body.content[part.start : part.stop])


def _known(if_none_match: str, wanted: Wanted, body: Body) -> str | None:
    """Return the tag in *if_none_match* of a form of the file that the client may go on to use.

    What the file says never changes, so that any form of it will do, in whatever level of a coding it was made.
    """
    if if_none_match.strip() == "*":
        return body.tag
    forms = "|".join([*wanted.codings[:-1], *([CODING] if wanted.dictionary else [])])
    ours = re.compile(rf'"{wanted.name}(?:-(?:{forms})\.[0-9a-f]{{8}})?"' if forms else f'"{wanted.name}"')
    return next((tag for tag in listed(if_none_match, is_weak=True) if ours.fullmatch(tag)), None)


def _part(request: Request, body: Body) -> range | None:
    """Return the bytes of *body* that are asked for, ``None`` for all of them; an empty range if there are none."""
    header = _header(request, "range")
    if header is None or request.method != "GET":  # only GET has ranges (14.2)
        return None
    condition = _header(request, "if-range")
    if condition is not None and condition.strip() != body.tag:  # a date would be older than any that we never sent
        return None
    return requested(header, len(body.content))


def _whole(request: Request, status: int, headers: Fields, content: bytes) -> Reply:
    length = ("Content-Length", str(len(content)))
    return Reply(status, (length, *headers), b"" if request.method == "HEAD" else content)


def _error(request: Request, sharing: _Sharing, status: int, text: bytes, *headers: tuple[str, str]) -> Reply:
    """Return a reply whose constant body tells nothing of the request, and which no cache may keep."""
    kind = ("Content-Type", "text/plain; charset=utf-8")
    return _whole(request, status, (kind, ("Cache-Control", "no-store"), *headers, *sharing.always), text)


def _header(request: Request, name: str) -> str | None:
    """Return the header's value, several lines joined as RFC 9110 (5.3) joins them."""
    values = [value for key, value in request.headers if key == name]
    return ", ".join(values) if values else None
