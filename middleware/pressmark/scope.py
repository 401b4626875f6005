"""What Pressmark reads from an ASGI scope, and what it hides there from the application."""

from collections.abc import MutableMapping
from operator import itemgetter
from typing import Any

from pressmark.page.hints import Hints
from pressmark.page.validators import CONDITIONS, split_conditions
from pressmark.syntax.urls import quoted

Scope = MutableMapping[str, Any]

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
        scope.update({key: value for key, value in asked.items() if key != "headers"})


def early_hints(hints: Hints, scope: Scope, url: str) -> tuple[str, ...]:
    """Return what the page at *url* named the last time, if it is to be told before the application begins."""
    mode = next((value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"sec-fetch-mode"), "")
    return hints.early(url, scope["method"], mode)


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
