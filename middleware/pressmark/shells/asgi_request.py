"""What Pressmark reads from an ASGI scope, hides there from the application, and does by what is there."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from operator import itemgetter
from typing import Any

from pressmark.http.early_hints import EarlyHints
from pressmark.http.headers import link_value
from pressmark.http.validators import CONDITIONS, split_conditions
from pressmark.syntax.urls import quoted

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

EARLY_HINT = "http.response.early_hint"

READ_TWICE = (list, tuple)
"""Sorts of headers that can be read more than once; a generator cannot."""
_CONDITIONS = {name.encode(): name for name in CONDITIONS}
_NAME = itemgetter(0)


def hide_conditions(scope: Scope) -> tuple[Scope, str | None]:
    """Return what the application is to be asked, and the If-None-Match that is ours (see ``split_conditions``)."""
    raw_headers = scope.get("headers", ())
    if not isinstance(raw_headers, READ_TWICE):
        raw_headers = list(raw_headers)
        scope = {**scope, "headers": raw_headers}
    if _CONDITIONS.keys().isdisjoint(map(_NAME, raw_headers)):
        return scope, None
    fields: dict[str, str] = {}
    for name, value in raw_headers:
        if name in _CONDITIONS:
            key = _CONDITIONS[name]
            fields[key] = f"{fields[key]}, {value.decode('latin-1')}" if key in fields else value.decode("latin-1")
    seen, condition = split_conditions(scope["method"], fields)
    if not seen:
        return scope, None
    kept = [(name, value) for name, value in raw_headers if name.decode("latin-1") not in seen]
    kept += [(name.encode(), value.encode("latin-1")) for name, value in seen.items() if value is not None]
    return {**scope, "headers": kept}, condition


def tell(asked: Scope, scope: Scope) -> None:
    """Note in *scope* what the application has noted in *asked*, such as its route: others outside may read it."""
    if asked is not scope:
        scope.update({key: value for key, value in asked.items() if key not in ("headers", "query_string")})


async def send_hints(hints: EarlyHints, scope: Scope, url: str, send: Send) -> None:
    """Have a server that can name what the page at *url* named the last time, before the application begins.

    The extension's text leaves open when; Hypercorn takes it before the start of the response only.
    """
    if EARLY_HINT not in (scope.get("extensions") or ()):
        return
    mode = header_of(scope, b"sec-fetch-mode")
    links = hints.links_before(header_of(scope, b"host"), url, scope["method"], mode)
    if links:
        with suppress(Exception):  # the server's: without a hint nothing is lost
            await send({"type": EARLY_HINT, "links": [link_value(links).encode("ascii")]})


def header_of(scope: Scope, wanted: bytes) -> str:
    """Return the value of a request header, "" if there is none."""
    return next((value.decode("latin-1") for name, value in scope.get("headers", ()) if name == wanted), "")


def query_of(scope: Scope) -> str:
    """Return the query of the request."""
    query: bytes = scope.get("query_string", b"")
    return query.decode("latin-1")


def split(scope: Scope) -> tuple[str, str]:
    """Return the mount point, as it stands in URLs, and the path below it.

    Servers disagree on whether ``path`` begins with ``root_path``: it is taken off once if it is there.
    """
    root, path = scope.get("root_path", "").rstrip("/"), scope["path"]
    if not root:
        return "", path
    if path == root or path.startswith(root + "/"):
        path = path[len(root) :]
    return quoted(root), path


def url_of(place: tuple[str, str]) -> str:
    """Return the path of a page as it stands in URLs, mount point included; *place* is what ``split`` returns."""
    mount, path = place
    return mount + (quoted(path) or "/")
