"""Answer requests for generated files (RFC 9110). The name is checked before the file is looked up.

A file's bytes never change under its name, so caches may keep the reply for ever. A reply without a file must not be
kept at all. Host and X-Forwarded headers are not read, and no part of a request is repeated in a reply.
"""

import re
from typing import NamedTuple

from pressmark.concurrency.bounded import make_room
from pressmark.events import FileServed, OnEvent
from pressmark.http.validators import listed
from pressmark.model import MEDIA_TYPES, FileKind, Reply, Request
from pressmark.serve.bodies import Bodies, Body, Wanted
from pressmark.serve.content_codings import accepted
from pressmark.serve.dictionaries import CODING, offered, use_as
from pressmark.serve.ranges import requested

HEADERS = ("accept-encoding", "available-dictionary", "if-match", "if-none-match", "if-range", "range")
"""The headers of a request that are read."""

MAX_READY = 1024
"""The number of replies that are kept ready to be sent."""
MAX_KEY = 1024
"""Characters of a path and headers under which one is kept: clients choose them."""

_NAME = re.compile(r"(css|js)/(?:([A-Za-z0-9_-]+)\.)?([0-9a-f]{32})(?:~([A-Za-z0-9_-]{1,2000}))?\.(css|js)", re.ASCII)
_PACKED = re.compile(r"js/([0-9a-f]{32}/[0-9]{1,5})\.js", re.ASCII)
_MAP_NAME = re.compile(r"([0-9a-f]{32})\.map", re.ASCII)
_METHODS = "GET, HEAD, OPTIONS"
_TYPES = {**MEDIA_TYPES, "map": "application/json", "pack": MEDIA_TYPES["js"]}
_SMALL = ("map", "pack")
"""The kinds of files that are no dictionary for later ones."""
_VARY = ("Vary", "Accept-Encoding, Available-Dictionary")
_NOSNIFF = ("X-Content-Type-Options", "nosniff")

Fields = tuple[tuple[str, str], ...]


class _Sharing(NamedTuple):
    """The headers for the clients and caches that may use a reply: of any reply, and of a file, which never changes."""

    always: Fields
    for_ever: Fields


def _sharing(caches: str, *sites: tuple[str, str]) -> _Sharing:
    always = (_NOSNIFF, *sites)
    return _Sharing(always, (("Cache-Control", f"{caches}, max-age=31536000, immutable"), _VARY, *always))


_WITH_ALL = _sharing("public", ("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"))
_WITH_ITS_OWN_SITE = _sharing("private", ("Cross-Origin-Resource-Policy", "same-origin"))


class Endpoint:
    """Serves bundles from *bodies* below the path *prefix*, and source maps below *maps*, if that is given.

    *on_event* hears of each reply.
    """

    def __init__(
        self,
        prefix: str,
        bodies: Bodies,
        *,
        maps: str | None = None,
        has_private_maps: bool = False,
        on_event: OnEvent | None = None,
    ) -> None:
        self._prefix, self._bodies, self._maps, self._on_event = prefix, bodies, maps, on_event
        self._private = maps if has_private_maps else None
        self._prefixes = (prefix,) if maps is None else (prefix, maps)
        self._ready: dict[Request, Reply] = {}
        self._ready_since = bodies.version

    def owns(self, path: str) -> bool:
        """Tell whether *path*, below the application's mount point, is the endpoint's."""
        return path.startswith(self._prefixes)

    def peek(self, request: Request) -> Reply | None:
        """Return the reply, ``None`` if memory alone cannot give it. Never blocks."""
        reply = self._peek(request)
        if reply is not None and self._on_event is not None:
            self._on_event(self._served(request, reply))
        return reply

    def _peek(self, request: Request) -> Reply | None:
        if self._ready_since == self._bodies.version:
            ready = self._ready.get(request)
            if ready is not None:
                return ready
        else:  # bodies that were dropped from memory must not be held here
            self._ready_since = self._bodies.version
            self._ready = {}
        wanted = self._wanted(request)
        if isinstance(wanted, Reply):
            return wanted
        body = self._bodies.peek(wanted)
        if body is None:
            return None
        ready = _reply(request, wanted, body, self._shared(request.path))
        is_short = len(request.path) + sum(len(value) for _, value in request.headers) <= MAX_KEY
        if ready.status in (200, 304) and is_short:  # browsers ask for these with equal requests
            make_room(self._ready, MAX_READY)
            self._ready[request] = ready
        return ready

    def reply(self, request: Request) -> Reply:
        """Return the reply. Blocks: reads the store and compresses."""
        reply = self._reply(request)
        if self._on_event is not None:
            self._on_event(self._served(request, reply))
        return reply

    def _reply(self, request: Request) -> Reply:
        wanted = self._wanted(request)
        if isinstance(wanted, Reply):
            return wanted
        body = self._bodies.get(wanted)
        sharing = self._shared(request.path)
        if body is None:
            return _error(request, sharing, 404, b"Not Found\n")
        return _reply(request, wanted, body, sharing)

    def _served(self, request: Request, reply: Reply) -> FileServed:
        named = self._named(request.path)
        coding = next((value for name, value in reply.headers if name == "Content-Encoding"), "identity")
        return FileServed(named[0] if named else "", reply.status, coding, len(reply.body))

    def _shared(self, path: str) -> _Sharing:
        return _WITH_ITS_OWN_SITE if self._private is not None and path.startswith(self._private) else _WITH_ALL

    def _wanted(self, request: Request) -> Wanted | Reply:
        """Return the file that is asked for, or the reply of a request that gets none."""
        file, sharing = self._named(request.path), self._shared(request.path)
        if file is None:
            return _error(request, sharing, 404, b"Not Found\n")
        if request.method == "OPTIONS":
            return Reply(204, (("Allow", _METHODS), ("Cache-Control", "no-store"), *sharing.always), b"")
        if request.method not in ("GET", "HEAD"):
            return _error(request, sharing, 405, b"Method Not Allowed\n", ("Allow", _METHODS))
        codings = _header(request, "accept-encoding")
        # A client with a Range resumes a download, and must go on with the bytes that every client gets.
        available = None if _header(request, "range") else _header(request, "available-dictionary")
        kind, name, label, recipe = file
        return Wanted(kind, name, accepted(codings), offered(available, codings), label, recipe)

    def _named(self, path: str) -> tuple[FileKind, str, str, str] | None:
        """Return kind, name, label and signed recipe of the file at *path*, ``None`` if no file has such a path."""
        if self._maps is not None and path.startswith(self._maps):
            found = _MAP_NAME.fullmatch(path[len(self._maps) :])
            return ("map", found[1], "", "") if found else None
        packed = _PACKED.fullmatch(path[len(self._prefix) :])
        if packed:
            return "pack", packed[1], "", ""
        found = _NAME.fullmatch(path[len(self._prefix) :])
        if not found or found[1] != found[5]:
            return None
        return "css" if found[1] == "css" else "js", found[3], found[2] or "", found[4] or ""


def _reply(request: Request, wanted: Wanted, body: Body, sharing: _Sharing) -> Reply:
    """Return the reply to *request* with an existing file; its conditions count in the order of RFC 9110, 13.2.2."""
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
        *(() if wanted.kind in _SMALL else (("Use-As-Dictionary", use_as(wanted.kind, wanted.label)),)),
        *sharing.for_ever,
    )
    part = _part(request, body)
    if part is None:
        return _whole(request, 200, headers, body.content)
    if not part:
        length = ("Content-Range", f"bytes */{len(body.content)}")
        return _error(request, sharing, 416, b"Range Not Satisfiable\n", length)
    content_range = ("Content-Range", f"bytes {part.start}-{part.stop - 1}/{len(body.content)}")
    return _whole(request, 206, (content_range, *headers), body.content[part.start : part.stop])


def _known(if_none_match: str, wanted: Wanted, body: Body) -> str | None:
    """Return the tag in *if_none_match* of a form of the file that the client may go on to use, if there is one.

    The file's content never changes, so any form of it will do, in any level of a coding.
    """
    if if_none_match.strip() == "*":
        return body.tag
    forms = "|".join([*wanted.codings[:-1], *([CODING] if wanted.dictionary else [])])
    ours = re.compile(rf'"{wanted.name}(?:-(?:{forms})\.[0-9a-f]{{8}})?"' if forms else f'"{wanted.name}"')
    return next((tag for tag in listed(if_none_match, is_weak=True) if ours.fullmatch(tag)), None)


def _part(request: Request, body: Body) -> range | None:
    """Return the range of *body* that is asked for, ``None`` for all of it; an empty one if it lies outside."""
    header = _header(request, "range")
    if header is None or request.method != "GET":  # only GET has ranges (14.2)
        return None
    condition = _header(request, "if-range")
    if condition is not None and condition.strip() != body.tag:  # a date is never equal: we send none
        return None
    return requested(header, len(body.content))


def _whole(request: Request, status: int, headers: Fields, content: bytes) -> Reply:
    length = ("Content-Length", str(len(content)))
    return Reply(status, (length, *headers), b"" if request.method == "HEAD" else content)


def _error(request: Request, sharing: _Sharing, status: int, text: bytes, *headers: tuple[str, str]) -> Reply:
    """Return a reply with a constant body, which no cache may keep."""
    kind = ("Content-Type", "text/plain; charset=utf-8")
    return _whole(request, status, (kind, ("Cache-Control", "no-store"), *headers, *sharing.always), text)


def _header(request: Request, name: str) -> str | None:
    """Return the header's value, several lines joined as in RFC 9110 (5.3)."""
    values = [value for key, value in request.headers if key == name]
    return ", ".join(values) if values else None
