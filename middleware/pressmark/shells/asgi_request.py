"""Read an ASGI scope: its page, its headers, and the conditions that are hidden from the application."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from operator import itemgetter
from types import FunctionType, MethodType
from typing import Any

from pressmark.http.headers import HeaderList, Headers, link_value
from pressmark.http.validators import CONDITIONS, split_conditions
from pressmark.response.exchange import Core
from pressmark.syntax.urls import quoted

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]

EARLY_HINT = "http.response.early_hint"

READ_TWICE = (list, tuple)
"""Types of headers that can be read more than once; a generator cannot."""
_CONDITIONS = {name.encode(): name for name in CONDITIONS}
_NAME = itemgetter(0)


def hide_conditions_of_scope(scope: Scope) -> tuple[Scope, str | None]:
    """Return the scope for the application, and the If-None-Match that is ours (see ``split_conditions``)."""
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
    visible, condition = split_conditions(scope["method"], fields)
    if not visible:
        return scope, None
    kept = [(name, value) for name, value in raw_headers if name.decode("latin-1") not in visible]
    kept += [(name.encode(), value.encode("latin-1")) for name, value in visible.items() if value is not None]
    return {**scope, "headers": kept}, condition


def tell(inner: Scope, scope: Scope) -> None:
    """Copy the application's notes, such as its route, from *inner* to *scope*, for outer middleware to read."""
    if inner is not scope:
        scope.update({key: value for key, value in inner.items() if key not in ("headers", "query_string")})


def telling(inner: Scope, scope: Scope, send: Send) -> Send:
    """Return a *send* that first copies the application's notes from *inner* to *scope* (see ``tell``)."""

    async def tell_first(message: Message) -> None:
        tell(inner, scope)
        await send(message)

    return tell_first


async def send_hints(core: Core, scope: Scope, path: str, send: Send) -> None:
    """Send the links of the last response for the page at *path* as a 103, if the server can.

    *path* is as it stands in URLs. To be called before the application begins: the extension's text does not say when,
    but Hypercorn takes a hint only before the start of the response.
    """
    if EARLY_HINT not in (scope.get("extensions") or ()) or core.hints is None:
        return
    if core.toggle.is_plain(query_of(scope)):
        return
    mode = header_of(scope, b"sec-fetch-mode")
    links = core.hints.links_before(header_of(scope, b"host"), path, scope["method"], mode)
    if links:
        with suppress(Exception):  # an error of the server's: the page needs no hint
            await send({"type": EARLY_HINT, "links": [link_value(links).encode("ascii")]})


def header_of(scope: Scope, wanted: bytes) -> str:
    """Return the value of a request header, "" if there is none."""
    return next((value.decode("latin-1") for name, value in scope.get("headers", ()) if name == wanted), "")


def query_of(scope: Scope) -> str:
    """Return the query of the request."""
    query: bytes = scope.get("query_string", b"")
    return query.decode("latin-1")


def mount_and_path(scope: Scope) -> tuple[str, str]:
    """Return the mount point, as it stands in URLs, and the path below it.

    Servers disagree on whether ``path`` begins with ``root_path``: it is removed once if it is there.
    """
    root, path = scope.get("root_path", "").rstrip("/"), scope["path"]
    if not root:
        return "", path
    if path == root or path.startswith(root + "/"):
        path = path[len(root) :]
    return quoted(root), path


def is_behind_route(scope: Scope) -> bool:
    """Tell whether a router has chosen one of its routes already, so that other paths do not come this way.

    Starlette and Litestar note the handler. What is mounted gets all paths below its own: it is an ASGI application.
    """
    handler = scope.get("route_handler")  # Litestar's
    if handler is not None:
        return not getattr(handler, "is_mount", False)
    endpoint = scope.get("endpoint")
    return endpoint is not None and isinstance(endpoint, type | FunctionType | MethodType | partial)


def page_path(mount: str, path: str) -> str:
    """Return the path of a page as it stands in URLs, mount point included; see ``mount_and_path``."""
    return mount + (quoted(path) or "/")


def decoded(headers: Any) -> HeaderList:
    """Return *headers* as pairs of str, as the core reads them."""
    return [(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in headers]


def encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Return *headers* in the form of ASGI: as bytes, the names in lower case."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
