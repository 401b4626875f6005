"""Read a WSGI environ (PEP 3333): its page, its headers, and the conditions that are hidden from the application."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any

from pressmark.http.headers import link_value
from pressmark.http.validators import CONDITIONS, split_conditions
from pressmark.model import Request
from pressmark.response.exchange import Core
from pressmark.serve.endpoint import HEADERS
from pressmark.syntax.urls import quoted

Environ = dict[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
Write = Callable[[bytes], object]
StartResponse = Callable[..., Write]
WSGIApplication = Callable[[Environ, StartResponse], Iterable[bytes]]
_new = tuple.__new__  # half the time that Request() takes


def variable_of(name: str) -> str:
    """Return the environ's name of a request header."""
    return "HTTP_" + name.upper().replace("-", "_")


EARLY_HINTS = "wsgi.early_hints"
"""The environ's name of the callable that sends a 103, in gunicorn from 25.0 on."""

_CONDITIONS = {name: variable_of(name) for name in CONDITIONS}
CONDITION_KEYS = frozenset(_CONDITIONS.values())
"""The environ's names of the headers that may name an entity tag."""
_ENDPOINT_HEADERS = tuple((name, variable_of(name)) for name in HEADERS)


def mount_and_path(environ: Environ) -> tuple[str, str]:
    """Return the mount point and the path below it, as the environ has them."""
    return environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")


def quoted_mount(mount: str) -> str:
    """Return the mount point as it stands in URLs."""
    return quoted(_raw(mount)).rstrip("/")


def page_path(mount: str, path: str) -> str:
    """Return the path of a page as it stands in URLs, mount point included."""
    return quoted(_raw(mount).rstrip(b"/") + (_raw(path) or b"/"))


def _raw(text: str) -> bytes:
    return text.encode("latin-1", "replace")  # WSGI gives a path's bytes as latin-1 text


def send_hints(core: Core, environ: Environ, path: str | None = None) -> None:
    """Send the links of the last response for the page at *path* as a 103, if the server can.

    *path* is as it stands in URLs, and by default the one in *environ*. To be called before the application begins.
    """
    send = environ.get(EARLY_HINTS)
    if send is None or core.hints is None or core.toggle.is_plain(environ.get("QUERY_STRING", "")):
        return
    host, mode = environ.get("HTTP_HOST", ""), environ.get("HTTP_SEC_FETCH_MODE", "")
    at = page_path(*mount_and_path(environ)) if path is None else path
    links = core.hints.links_before(host, at, environ["REQUEST_METHOD"], mode)
    if links:
        with suppress(Exception):  # an error of the server's: the page needs no hint
            send([("Link", link_value(links))])


def read_request(environ: Environ, path: str) -> Request:
    """Return the request for the generated file at *path*, below the application's mount point."""
    fields = tuple([(name, environ[key]) for name, key in _ENDPOINT_HEADERS if key in environ])
    return _new(Request, (environ["REQUEST_METHOD"], path, fields))


def hide_conditions(environ: Environ) -> tuple[str | None, dict[str, str]]:
    """Hide our conditions from the application (see ``split_conditions``).

    Returns our If-None-Match, and the variables that are to be put back into *environ*. It stays the same object, as
    the application may write into it for outer middleware.
    """
    fields = {name: environ[key] for name, key in _CONDITIONS.items() if key in environ}
    if not fields:
        return None, {}
    visible, condition = split_conditions(environ["REQUEST_METHOD"], fields)
    hidden: dict[str, str] = {}
    for name, value in visible.items():
        key = variable_of(name)
        if key in environ:
            hidden[key] = environ.pop(key)
            environ.update({} if value is None else {key: value})
    return condition, hidden
