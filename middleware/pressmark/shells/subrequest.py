"""Subrequests: GET requests of our own to the wrapped application, without cookies, from a thread that may wait.

A subrequest keeps only the parts of the page's request by which an application knows its own URL: host, scheme, mount
point. Regions are built again long after that request is over.
"""

import io
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import anyio
from anyio import from_thread, lowlevel

from pressmark.assets.from_application import MAX_ANSWER_BYTES, TIMEOUT_S
from pressmark.model import Reply, Subrequest
from pressmark.shells.asgi_request import Message, Scope, decoded
from pressmark.shells.wsgi_request import Environ, variable_of

MAX_BYTES = MAX_ANSWER_BYTES + 1
"""The bytes of an answer that are read: one more than may be used."""
SUBREQUEST = "pressmark.asked"
"""The key in an environ or scope that marks a subrequest."""
NOBODY = "192.0.2.1"
"""The client's address in a subrequest, which no visitor makes: one of those for documentation (RFC 5737)."""

HeaderTuple = tuple[tuple[str, str], ...]

_KEPT_OF_ENVIRON = ("HTTP_HOST", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL")
_KEPT_OF_SCOPE = ("type", "asgi", "http_version", "scheme", "server")
ROUTING = ("root_path", "path", "app")
"""The keys of a scope that an application changes, and that must be copied before."""
_HEADERS = (("Accept", "*/*"), ("Accept-Encoding", "identity"))


def wsgi_subrequest(app: Callable[..., Iterable[bytes]], environ: Environ) -> Subrequest:
    """Return the subrequest to *app* that is made like the request *environ*."""
    request = environ_factory(environ)
    return lambda target, headers: call_wsgi(app, request(target, headers) | {SUBREQUEST: True})


def environ_factory(environ: Environ) -> Callable[[str, HeaderTuple], Environ]:
    """Return a function from a path and headers to the environ of a subrequest to the host and mount of *environ*."""
    scheme = environ.get("wsgi.url_scheme", "http")
    kept = {name: environ[name] for name in _KEPT_OF_ENVIRON if name in environ}
    mount = kept.get("SCRIPT_NAME", "").rstrip("/")

    def request(target: str, headers: HeaderTuple) -> Environ:
        path, _, query = target.partition("?")
        made = kept | {
            "REQUEST_METHOD": "GET",
            "REMOTE_ADDR": NOBODY,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1").removeprefix(mount),
            "QUERY_STRING": query,
            "CONTENT_LENGTH": "0",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        made |= {variable_of(name): value for name, value in (*_HEADERS, *headers)}
        return made

    return request


def call_wsgi(app: Callable[..., Iterable[bytes]], environ: Environ) -> Reply:
    """Return the reply of *app* to a request, its body up to about ``MAX_BYTES``. Raises TimeoutError."""
    heads: list[tuple[str, list[tuple[str, str]]]] = []
    body = bytearray()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
        heads.append((status, headers))
        return body.extend

    result = app(environ, start_response)
    try:
        body += joined(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
    status, headers = heads[-1]
    return Reply(int(status[:3]), tuple(headers), bytes(body))


def joined(pieces: Iterable[bytes]) -> bytes:
    """Return *pieces* as one, and stop reading at ``MAX_BYTES``. Raises TimeoutError after ``TIMEOUT_S`` seconds."""
    deadline = time.monotonic() + TIMEOUT_S
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) >= MAX_BYTES:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not end within {TIMEOUT_S:g} seconds")
    return bytes(body)


def asgi_subrequest(
    app: Callable[..., Awaitable[None]],
    scope: Scope,
    routing: Mapping[str, Any],
    state: Mapping[str, Any] | None = None,
) -> Subrequest:
    """Return the subrequest to *app* that is made like the request *scope*, in the event loop that runs now.

    *routing* are the values of ``ROUTING`` before *app* got the scope. *state* is the state of the lifespan: that of
    the request may hold facts about the visitor.
    """
    request, token = scope_factory(scope, routing, state), lowlevel.current_token()
    return lambda target, headers: from_thread.run(_answer_async, app, request(target, headers), token=token)


def scope_factory(
    scope: Scope, routing: Mapping[str, Any], state: Mapping[str, Any] | None = None
) -> Callable[[str, HeaderTuple], Scope]:
    """Return a function from a path and headers to the scope of a subrequest like *scope* (see ``asgi_subrequest``)."""
    kept = {name: scope[name] for name in _KEPT_OF_SCOPE if name in scope} | {"client": (NOBODY, 0), **routing}
    root = routing.get("root_path", "").rstrip("/")
    is_split = bool(root) and not routing["path"].startswith(root)  # servers disagree whether the path begins with it
    host = [(name, value) for name, value in scope.get("headers", ()) if name == b"host"]

    def request(target: str, headers: HeaderTuple) -> Scope:
        raw_path, _, query = target.partition("?")
        path = unquote_to_bytes(raw_path).decode("utf-8", "replace")
        made = kept | {
            "method": "GET",
            "path": path.removeprefix(root) if is_split else path,
            "raw_path": raw_path.encode("ascii", "replace"),
            "query_string": query.encode("ascii", "replace"),
            "headers": [*host, *((name.lower().encode(), value.encode()) for name, value in (*_HEADERS, *headers))],
            "extensions": {},
            SUBREQUEST: True,
        }
        if state is not None:  # a dictionary for each request (ASGI, lifespan state)
            made["state"] = dict(state)
        return made

    return request


async def _answer_async(app: Callable[..., Awaitable[None]], scope: Scope) -> Reply:
    heads: list[Message] = []
    body = bytearray()
    is_asked = False

    async def receive() -> Message:
        nonlocal is_asked
        if is_asked:  # there is no client that could go
            await anyio.sleep_forever()
        is_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            heads.append(message)
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))
            if len(body) >= MAX_BYTES:
                limit.cancel()

    with anyio.CancelScope() as limit, anyio.fail_after(TIMEOUT_S):
        await app(scope, receive, send)
    return Reply(heads[-1]["status"], tuple(decoded(heads[-1].get("headers", ()))), bytes(body))
