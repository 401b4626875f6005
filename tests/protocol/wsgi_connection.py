"""One WSGI request as a strict server holds it: what the client does, and what crossed either side."""

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from threading import get_ident
from types import TracebackType
from typing import Any
from wsgiref.util import is_hop_by_hop

from tests.protocol.violations import Ledger

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType]
Write = Callable[[bytes], object]
StartResponse = Callable[..., Write]
App = Callable[[Environ, StartResponse], Any]
Middleware = Callable[[App], App]

SERVER_SET: ContextVar[object] = ContextVar("SERVER_SET", default=None)
APP_SET: ContextVar[object] = ContextVar("APP_SET", default=None)
BODILESS = frozenset((*range(100, 200), 204, 205, 304))


class ClientLeftError(OSError):
    """The client is gone."""


class AlreadyStartedError(RuntimeError):
    """What this server raises where `start_response` is called a second time without exc_info."""


class Input(io.BytesIO):
    """A `wsgi.input` that counts how often it was asked."""

    def __init__(self, content: bytes, on_read: Callable[[], None]) -> None:
        super().__init__(content)
        self._on_read = on_read

    def read(self, size: int | None = -1, /) -> bytes:
        self._on_read()
        return super().read(size)

    def readline(self, size: int | None = -1, /) -> bytes:
        self._on_read()
        return super().readline(size)

    def readlines(self, hint: int | None = None, /) -> list[bytes]:
        self._on_read()
        return super().readlines(hint)

    def __iter__(self) -> Iterator[bytes]:
        self._on_read()
        return super().__iter__()


class FileWrapper:
    """The server's `wsgi.file_wrapper`. A server sends such an object by `sendfile`, if it is one."""

    def __init__(self, file: Any, block_size: int = 8192) -> None:
        self.file = file
        self.block_size = block_size
        self.on_close: Callable[[], None] = lambda: None

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.block_size), b"")

    def close(self) -> None:
        self.on_close()
        self.file.close()


@dataclass(frozen=True)
class Request:
    """What a client asks for, and how it behaves. It leaves after *leaves_after* pieces."""

    method: str = "GET"
    path: str = "/"
    script_name: str = ""
    query: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    leaves_after: int | None = None
    allow_head_body: bool = False
    reaches_app: bool = True
    omits: tuple[str, ...] = ()

    def environ(self, on_read: Callable[[], None]) -> Environ:
        """Return a fresh environ, complete but for the optional keys that it *omits*."""
        environ = self._complete(on_read)
        return {key: value for key, value in environ.items() if key not in self.omits}

    def _complete(self, on_read: Callable[[], None]) -> Environ:
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": self.script_name,
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "CONTENT_LENGTH": str(len(self.body)) if self.body else "",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": Input(self.body, on_read),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
        } | dict(self.extra)


class Connection:
    """The server's side of one request, and the record of both sides."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.ledger = Ledger()
        # Our own side has a ledger too: an entry there means that a case of the tables is not legal.
        self.own_ledger = Ledger()
        self.environ = request.environ(self._on_read)
        self.snapshot = dict(self.environ)
        self.thread = get_ident()
        self.phase = "calling"
        self.status: str | None = None
        self.headers: Headers = []
        self.sent: list[bytes] = []
        self.is_complete = False
        self.errors: list[BaseException] = []
        self.result: object = None
        # The application's side.
        self.calls = 0
        self.inside = 0
        self.app_starts = 0
        self.second_start: BaseException | None = None
        self.app_status: str | None = None
        self.app_headers: Headers = []
        self.app_lists: list[tuple[Headers, Headers]] = []
        self.app_sent: list[bytes] = []
        self.app_ended = False
        self.app_result: object = None
        self.app_errors: list[BaseException] = []
        self.must_close = False
        self.closes = 0
        # For each piece that was sent: how many the application had given until then.
        self.pulled: list[int] = []

    @property
    def has_left(self) -> bool:
        """Tell whether the client is gone."""
        limit = self.request.leaves_after
        return limit is not None and len(self.sent) >= limit

    @property
    def body(self) -> bytes:
        """What was sent of the body."""
        return b"".join(self.sent)

    def check_thread(self, what: str) -> None:
        """Report where *what* is called in another thread than the request's."""
        self.ledger.require(get_ident() == self.thread, "thread", f"{what} in a thread of its own")

    def start_response(self, *args: Any) -> Write:
        """Take status and headers, as the server."""
        self.check_thread("start_response")
        self.ledger.require(len(args) in (2, 3), "start_response", f"{len(args)} arguments")
        status, headers, exc_info = (*args, None)[:3]
        early = self.phase in ("calling", "iterating")
        self.ledger.require(early, "start_response", f"called when {self.phase}")
        self._check_start(status, headers)
        if exc_info is not None:
            self._check_exc_info(exc_info)
            if any(self.sent):
                raise exc_info[1].with_traceback(exc_info[2])
        elif self.status is not None:
            said = "a second call without exc_info"
            self.ledger.require(self.app_starts > 1, "start_response", said)
            raise AlreadyStartedError(said)
        self.status, self.headers = status, list(headers)
        return self._write

    def send(self, piece: object) -> None:
        """Take a piece of the body."""
        if type(piece) is not bytes:
            self.ledger.report("body-type", f"a piece must be bytes, not {piece!r}")
        if self.status is None:
            self.ledger.report("start_response", "a piece before start_response")
        number = int(self.status[:3])
        is_head = self.request.method == "HEAD"
        loose = is_head and self.request.allow_head_body
        bodiless = is_head or number in BODILESS
        what = "HEAD" if is_head else number
        self.ledger.require(loose or not (bodiless and piece), "body-forbidden", f"{piece!r} in answer to {what}")
        self.sent.append(piece)
        self.pulled.append(len(self.app_sent))
        if not bodiless:
            self.check_length(ended=False)

    def check_length(self, *, ended: bool) -> None:
        """Report where the body is longer than it should be, or in the end shorter."""
        declared = [value for name, value in self.headers if name.lower() == "content-length"]
        if declared:
            wanted, length = int(declared[0]), len(self.body)
            said = f"Content-Length says {wanted}, the body has {length}"
            self.ledger.require(length <= wanted and (length == wanted or not ended), "content-length", said)

    def _write(self, piece: bytes) -> None:
        self.check_thread("write")
        self.ledger.require(self.phase == "calling", "write", f"write when {self.phase}")
        if self.has_left:
            raise ClientLeftError("the client is gone")
        self.send(piece)

    def _on_read(self) -> None:
        self.check_thread("wsgi.input")
        self.ledger.require(self.inside > 0, "read-ahead", "wsgi.input read by someone else")

    def _check_exc_info(self, exc_info: object) -> None:
        fits = isinstance(exc_info, tuple) and len(exc_info) == 3 and isinstance(exc_info[1], BaseException)
        self.ledger.require(fits, "start_response", f"exc_info is {exc_info!r}")

    def _check_start(self, status: object, headers: object) -> None:
        if type(status) is not str or not re.fullmatch(r"[1-9][0-9]{2} [^\0-\x1f]*", status):
            self.ledger.report("status", f"{status!r} is no status")
        if type(headers) is not list:
            self.ledger.report("header-shape", f"headers must be a list, not {headers!r}")
        for header in headers:
            if type(header) is not tuple or [type(part) for part in header] != [str, str]:
                self.ledger.report("header-shape", f"a header is a tuple of two str, not {header!r}")
            self._check_header(*header)
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        self.ledger.require(len(lengths) < 2, "content-length", f"two Content-Lengths: {lengths!r}")
        digits = all(re.fullmatch("[0-9]+", value, re.ASCII) for value in lengths)
        self.ledger.require(digits, "content-length", f"{lengths!r}")
        bodiless = status.startswith(("1", "204"))
        self.ledger.require(not (bodiless and lengths), "content-length", f"Content-Length with {status!r}")

    def _check_header(self, name: str, value: str) -> None:
        token = re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", name) is not None
        self.ledger.require(token and name.lower() != "status", "header-name", f"{name!r}")
        fits = re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", value) is not None
        self.ledger.require(fits, "header-value", f"{name!r}: {value!r} is not latin-1 without controls")
        self.ledger.require(not is_hop_by_hop(name), "hop-by-hop", f"{name!r} belongs to the server")
