"""Bridges that let one server serve all three sites: WSGI inside ASGI, ASGI inside WSGI.

Both collect the whole response first, which is fine for the demo's pages. Only anyio is used: asyncio and
trio servers do alike.
"""

import sys
from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import anyio
import anyio.to_thread
from anyio.from_thread import BlockingPortalProvider
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Answer(NamedTuple):
    """A complete response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class WsgiInAsgi:
    """An ASGI application that runs a WSGI one in a worker thread."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = await anyio.to_thread.run_sync(call_wsgi, self._app, environ_of(scope, body))
        # Django's cookies begin with a blank, which not every ASGI server takes.
        headers = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


class AsgiInWsgi:
    """A WSGI application that runs an ASGI one in an event loop that concurrent requests share."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._portals = BlockingPortalProvider()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self._portals as portal:
            answer = portal.call(call_asgi, self._app, scope_of(environ), body)
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def call_wsgi(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Return the WSGI application's response."""
    started: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = int(status[:3]), headers
        return written.append

    result = app(environ, start_response)
    try:
        written.extend(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    status, headers = started
    return Answer(status, headers, b"".join(written))


async def call_asgi(app: ASGIApp, scope: Scope, body: bytes = b"") -> Answer:
    """Return the ASGI application's response."""
    sent: list[Message] = []
    requests: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not requests:  # the client stays until it has the whole response
            await anyio.sleep_forever()
        return requests.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


def environ_of(scope: Scope, body: bytes) -> WSGIEnvironment:
    """Return the WSGI form of an ASGI request."""
    mount = scope.get("root_path", "")
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _wsgi_text(mount),
        "PATH_INFO": _wsgi_text(scope["path"].removeprefix(mount)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        if name == "CONTENT_TYPE":
            environ[name] = value
        elif name != "CONTENT_LENGTH":
            key = f"HTTP_{name}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


def scope_of(environ: WSGIEnvironment) -> Scope:
    """Return the ASGI form of a WSGI request."""
    names = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}
    names |= {key: key[5:].replace("_", "-").lower() for key in environ if key.startswith("HTTP_")}
    mount = _asgi_text(environ.get("SCRIPT_NAME", ""))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": environ["SERVER_PROTOCOL"].removeprefix("HTTP/"),
        "method": environ["REQUEST_METHOD"],
        "scheme": environ["wsgi.url_scheme"],
        "root_path": mount,
        "path": mount + _asgi_text(environ.get("PATH_INFO", "")),
        "query_string": environ.get("QUERY_STRING", "").encode("latin-1"),
        "headers": [
            (name.encode("latin-1"), environ[key].encode("latin-1")) for key, name in names.items() if environ.get(key)
        ],
        "client": (environ.get("REMOTE_ADDR", ""), int(environ.get("REMOTE_PORT") or 0)),
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
    }


def get_scope(target: str) -> Scope:
    """Return a plain GET request for the path and query in *target*, from the server to itself."""
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "root_path": "",
        "path": path,
        "query_string": query.encode("ascii"),
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
    }


def _wsgi_text(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def _asgi_text(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "replace")
