"""Ask an application of this process for pages, WSGI or ASGI, as its server would."""

import asyncio
import inspect
import io
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import unquote, unquote_to_bytes

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal

from pressmark.concurrency.time_limit import TimeLimit
from pressmark.model import Reply

STARTUP_S = 60.0
"""Seconds that the startup of an ASGI application may take."""
SHUTDOWN_S = 10.0
"""Seconds that its shutdown may take."""
PAGE_S = 120.0
"""Seconds that a page may take, with the builds of its regions."""
MAX_BYTES = 64 << 20
"""The bytes that a page may have."""

Headers = tuple[tuple[str, str], ...]


def find_target(name: str) -> Any:
    """Return the object that *name* names, as ``module:attribute``; a function without parameters is called.

    Raises ValueError, which says what was wrong.
    """
    module_name, colon, path = name.partition(":")
    if not colon or not module_name or not path:
        raise ValueError(f"{name!r} is not module:attribute, such as project.wsgi:application")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found: Any = import_module(module_name)
    except ModuleNotFoundError as error:
        raise ValueError(f"there is no module {error.name!r}; run the command where {module_name!r} can be imported, "
                         "or set PYTHONPATH") from error  # fmt: skip
    except (Exception, SystemExit) as error:
        raise ValueError(f"{module_name!r} cannot be imported: {type(error).__name__}: {error}") from error
    try:
        for part in path.removesuffix("()").split("."):
            found = getattr(found, part)
    except AttributeError as error:
        raise ValueError(f"{name!r} does not exist: {error}") from error
    return found() if path.endswith("()") or _is_factory(found) else found


def _is_factory(found: Any) -> bool:
    """Tell whether *found* makes applications: a function that can be called without arguments."""
    if not inspect.isfunction(found):
        return False
    parameters = inspect.signature(found).parameters.values()
    return not any(each.default is each.empty and each.kind != each.VAR_KEYWORD for each in parameters)


def is_asgi(application: Any) -> bool:
    """Tell whether *application* speaks ASGI."""
    call: Any = application if inspect.isroutine(application) else type(application).__call__
    return inspect.iscoroutinefunction(inspect.unwrap(call))


class _Asked(NamedTuple):
    """A request of a page: its *path* with the query, all *headers*, and the *body* of a form."""

    method: str
    path: str
    headers: Headers
    body: bytes = b""


class LocalSite:
    """Asks *application* for pages of *host*, below *mount*, with *headers* and its *cookies*.

    A context: an ASGI application starts and ends with it.
    """

    def __init__(
        self, application: Any, host: str, headers: Headers = (), *, scheme: str = "http", mount: str = ""
    ) -> None:
        self.host, self.cookies = host, dict[str, str]()
        self._application, self._scheme, self._mount = application, scheme, mount
        self._headers = (("Host", host), ("Accept", "text/html,*/*"), *headers)
        self._stack = ExitStack()
        self._limit = TimeLimit(PAGE_S)
        self._portal: BlockingPortal | None = None
        self._state: dict[str, Any] = {}

    def __enter__(self) -> "LocalSite":
        self._stack.enter_context(self._limit)
        if is_asgi(self._application):
            self._portal = self._stack.enter_context(start_blocking_portal())
            lifespan = _Lifespan(self._application, self._state)
            self._portal.call(lifespan.start)
            self._stack.callback(self._portal.call, lifespan.end)
            if lifespan.fault:
                self._stack.close()
                raise ValueError(f"the application does not start: {lifespan.fault}")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def get(self, path: str, *, keeps_cookies: bool = False) -> Reply:
        """Return the reply to *path* with its query. Raises TimeoutError, and whatever the application raises.

        If it *keeps_cookies*, those that the reply sets go with the requests that follow.
        """
        reply = self._reply(_Asked("GET", path, self._all_headers()))
        if keeps_cookies:
            self._keep_cookies(reply)
        return reply

    def post(self, path: str, form: bytes, *, referer: str) -> Reply:
        """Return the reply to a *form* that the page *referer* sends to *path*; keep its cookies. Raises as ``get``."""
        origin = f"{self._scheme}://{self.host}"
        more = (
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Origin", origin),
            ("Referer", f"{origin}{self._mount}{referer}"),
        )
        reply = self._reply(_Asked("POST", path, (*self._all_headers(), *more), form))
        self._keep_cookies(reply)
        return reply

    def _all_headers(self) -> Headers:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return (*self._headers, ("Cookie", cookie)) if cookie else self._headers

    def _keep_cookies(self, reply: Reply) -> None:
        for name, value in reply.headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.coded_value for key, morsel in SimpleCookie(value).items()}

    def _reply(self, asked: "_Asked") -> Reply:
        if self._portal is not None:
            return self._portal.call(self._ask, asked)
        return self._limit.run(lambda: self._call(asked))

    # WSGI

    def _call(self, asked: "_Asked") -> Reply:
        target, _, query = asked.path.partition("?")
        port = "443" if self._scheme == "https" else "80"
        environ = {
            "REQUEST_METHOD": asked.method, "SCRIPT_NAME": self._mount,
            "PATH_INFO": unquote_to_bytes(target).decode("latin-1"),
            "QUERY_STRING": query, "SERVER_NAME": self.host.partition(":")[0], "SERVER_PORT": port,
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "CONTENT_LENGTH": str(len(asked.body)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": self._scheme, "wsgi.input": io.BytesIO(asked.body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        named = {name.upper().replace("-", "_"): value for name, value in asked.headers}
        environ |= {name if name == "CONTENT_TYPE" else f"HTTP_{name}": value for name, value in named.items()}
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        body = bytearray()

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
            heads.append((status, headers))
            return body.extend

        pieces = self._application(environ, start_response)
        try:
            for piece in pieces:
                body += piece
                _refuse_long(body)
        finally:
            getattr(pieces, "close", lambda: None)()
        status, headers = heads[-1]
        return Reply(int(status[:3]), tuple(headers), bytes(body))

    # ASGI

    async def _ask(self, asked: "_Asked") -> Reply:
        target, _, query = asked.path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
            "method": asked.method, "scheme": self._scheme, "path": self._mount + unquote(target), "raw_path": None,
            "root_path": self._mount, "query_string": query.encode("ascii"), "client": ("127.0.0.1", 1),
            "server": (self.host, 80), "state": dict(self._state),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in asked.headers],
        }  # fmt: skip
        messages = iter([{"type": "http.request", "body": asked.body, "more_body": False}])
        head: Mapping[str, Any] = {}
        body = bytearray()

        async def receive() -> Mapping[str, Any]:
            for message in messages:
                return message
            await anyio.sleep_forever()
            raise AssertionError

        async def send(message: Mapping[str, Any]) -> None:
            nonlocal head
            if message["type"] == "http.response.start":
                head = message
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                _refuse_long(body)

        with anyio.move_on_after(PAGE_S) as limit:
            await self._application(scope, receive, send)
        if limit.cancelled_caught:
            raise TimeoutError(f"it did not end within {PAGE_S:g} s")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.get("headers", ()))
        return Reply(head["status"], headers, bytes(body))


def _refuse_long(body: bytearray) -> None:
    if len(body) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES >> 20} MiB")


class _Lifespan:
    """The lifespan of an ASGI *application* (ASGI, Lifespan Protocol), which may know none.

    *state* gets what it keeps for its requests; *fault* is the reason for which it does not start, if there is one.
    """

    def __init__(self, application: Callable[..., Any], state: dict[str, Any]) -> None:
        self._application, self._state = application, state
        self.fault = ""

    async def start(self) -> None:
        """Start it, in a task of its own."""
        self._is_started, self._ends = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._run())
        with anyio.move_on_after(STARTUP_S) as limit:
            await self._is_started.wait()
        if limit.cancelled_caught:
            self.fault = f"it takes more than {STARTUP_S:g} s"

    async def end(self) -> None:
        """End it; if it does not end by itself, for good."""
        self._ends.set()
        if self.fault:
            self._task.cancel()
        with anyio.move_on_after(SHUTDOWN_S), suppress(asyncio.CancelledError):
            await asyncio.shield(self._task)
        self._task.cancel()

    async def _run(self) -> None:
        asked = iter(("lifespan.startup", "lifespan.shutdown"))

        async def receive() -> dict[str, str]:
            kind = next(asked, "lifespan.shutdown")
            if kind == "lifespan.shutdown":
                await self._ends.wait()
            return {"type": kind}

        async def send(message: Mapping[str, Any]) -> None:
            if message["type"] == "lifespan.startup.failed":
                lines = (message.get("message") or "it does not say why").strip().splitlines()
                self.fault = lines[-1]
            if message["type"].startswith("lifespan.startup"):
                self._is_started.set()

        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        with suppress(Exception):  # of an application without a lifespan
            await self._application(scope, receive, send)
        self._is_started.set()
