"""What Pressmark reads from a WSGI environ (PEP 3333), hides there from the application, and does by what is there."""

from contextlib import suppress
from typing import Any

from pressmark.http.early_hints import EarlyHints
from pressmark.http.headers import link_value
from pressmark.http.validators import CONDITIONS, split_conditions
from pressmark.model import Request
from pressmark.serve.endpoint import HEADERS
from pressmark.syntax.urls import quoted

Environ = dict[str, Any]
_new = tuple.__new__  # half the time that Request() takes


def _variable(name: str) -> str:
    """Return the environ's name of a request header."""
    return "HTTP_" + name.upper().replace("-", "_")


EARLY_HINTS = "wsgi.early_hints"
"""The environ's name of what sends a 103, in gunicorn from 25.0 on."""

_CONDITIONS = {name: _variable(name) for name in CONDITIONS}
_ENDPOINT_HEADERS = tuple((name, _variable(name)) for name in HEADERS)


def place_of(environ: Environ) -> tuple[str, str]:
    """Return the mount point and the path below it, as the environ has them."""
    return environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")


def mount_of(place: tuple[str, str]) -> str:
    """Return the mount point as it stands in URLs."""
    return quoted(_raw(place[0])).rstrip("/")


def page_path(place: tuple[str, str]) -> str:
    """Return the path of a page as it stands in URLs, mount point included."""
    mount, path = map(_raw, place)
    return quoted(mount.rstrip(b"/") + (path or b"/"))


def _raw(text: str) -> bytes:
    return text.encode("latin-1", "replace")  # WSGI gives a path's bytes as latin-1 text


def send_hints(hints: EarlyHints, environ: Environ, path: str) -> None:
    """Have a server that can name what the page at *path* named the last time, before the application begins."""
    send = environ.get(EARLY_HINTS)
    if send is None:
        return
    host, mode = environ.get("HTTP_HOST", ""), environ.get("HTTP_SEC_FETCH_MODE", "")
    links = hints.links_before(host, path, environ["REQUEST_METHOD"], mode)
    if links:
        with suppress(Exception):  # the server's: without a hint nothing is lost
            send([("Link", link_value(links))])


def read_request(environ: Environ, path: str) -> Request:
    """Return the request for the generated file at *path*, below the application's mount point."""
    fields = tuple([(name, environ[key]) for name, key in _ENDPOINT_HEADERS if key in environ])
    return _new(Request, (environ["REQUEST_METHOD"], path, fields))


def hide_conditions(environ: Environ) -> tuple[str | None, dict[str, str]]:
    """Hide from the application what is not its to judge (see ``split_conditions``).

    Returns the If-None-Match that is ours, and what is to be put back into *environ*. It stays the same object, for
    what the application writes into it may be meant for those outside.
    """
    fields = {name: environ[key] for name, key in _CONDITIONS.items() if key in environ}
    if not fields:
        return None, {}
    seen, condition = split_conditions(environ["REQUEST_METHOD"], fields)
    hidden: dict[str, str] = {}
    for name, value in seen.items():
        key = _variable(name)
        if key in environ:
            hidden[key] = environ.pop(key)
            environ.update({} if value is None else {key: value})
    return condition, hidden
