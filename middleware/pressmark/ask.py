"""Ask a wrapped application for a file, from a thread that may wait: a GET of its own, without cookies.

What an asker keeps of the page's request is what tells applications where they are: host, scheme, mount point. Regions
are built again long after that request is over.
"""

import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

import anyio
from anyio import from_thread, lowlevel

from pressmark.environ import Environ
from pressmark.model import Ask, Reply
from pressmark.scope import Message, Scope

MAX_BYTES = (8 << 20) + 1
"""How much of an answer is read: one byte more than may be used."""
TIMEOUT_S = 10.0
ASKED = "pressmark.asked"
"""In an environ or scope: the request is Pressmark's own, and no page of a visitor."""

HeaderTuple = tuple[tuple[str, str], ...]

_KEPT_OF_ENVIRON = ("HTTP_HOST", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR")
_KEPT_OF_SCOPE = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path", "state", "app")
_HEADERS = (("Accept", "*/*"), ("Accept-Encoding", "identity"))


def wsgi_ask(app: Callable[..., Iterable[bytes]], environ: Environ) -> Ask:
    """Return what asks *app*, to which *environ* was a request."""
    request = requests_like(environ)
    return lambda target, headers: reply_of(app, request(target, headers) | {ASKED: True})


def requests_like(environ: Environ) -> Callable[[str, HeaderTuple], Environ]:
    """Return what makes a request for a path, with headers, to where *environ* was one."""
    scheme = environ.get("wsgi.url_scheme", "http")
    kept = {name: environ[name] for name in _KEPT_OF_ENVIRON if name in environ}
    mount = kept.get("SCRIPT_NAME", "").rstrip("/")

    def request(target: str, headers: HeaderTuple) -> Environ:
        path, _, query = target.partition("?")
        asked = kept | {
            "REQUEST_METHOD": "GET",
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
        asked |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in (*_HEADERS, *headers)}
        return asked

    return request


def reply_of(app: Callable[..., Iterable[bytes]], environ: Environ) -> Reply:
    """Return what *app* answers to a request, up to ``MAX_BYTES`` of it."""
    heads: list[tuple[str, list[tuple[str, str]]]] = []
    body = bytearray()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
        heads.append((status, headers))
        return body.extend

    result = app(environ, start_response)
    try:
        for piece in result:
            body += piece
            if len(body) >= MAX_BYTES:
                break
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
    status, headers = heads[-1]
    return Reply(int(status[:3]), tuple(headers), bytes(body))


def asgi_ask(app: Callable[..., Awaitable[None]], scope: Scope) -> Ask:
    """Return what asks *app*, to which *scope* was a request, in the event loop that runs now."""
    request, token = scopes_like(scope), lowlevel.current_token()
    return lambda target, headers: from_thread.run(_answer_async, app, request(target, headers), token=token)


def scopes_like(scope: Scope) -> Callable[[str, HeaderTuple], Scope]:
    """Return what makes a request for a path, with headers, to where *scope* was one."""
    kept = {name: scope[name] for name in _KEPT_OF_SCOPE if name in scope}
    root = scope.get("root_path", "").rstrip("/")
    is_split = bool(root) and not scope["path"].startswith(root)  # servers disagree whether the path begins with it
    host = [(name, value) for name, value in scope.get("headers", ()) if name == b"host"]

    def request(target: str, headers: HeaderTuple) -> Scope:
        raw_path, _, query = target.partition("?")
        path = unquote_to_bytes(raw_path).decode("utf-8", "replace")
        asked = kept | {
            "method": "GET",
            "path": path.removeprefix(root) if is_split else path,
            "raw_path": raw_path.encode("ascii", "replace"),
            "query_string": query.encode("ascii", "replace"),
            "headers": [*host, *((name.lower().encode(), value.encode()) for name, value in (*_HEADERS, *headers))],
            "extensions": {},
            ASKED: True,
        }
        if "state" in kept:  # a dictionary for each request (ASGI, lifespan state)
            asked["state"] = dict(kept["state"])
        return asked

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
    headers = [(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in _fields(heads[-1])]
    return Reply(heads[-1]["status"], tuple(headers), bytes(body))


def _fields(head: Message) -> Iterable[Any]:
    fields: Iterable[Any] = head.get("headers", ())
    return fields
