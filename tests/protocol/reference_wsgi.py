"""The plainest WSGI middleware that keeps every promise: it holds the whole page. The checkers must pass it."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.protocol.reference import adjusted, is_page, rewrite
from tests.protocol.wsgi_cases import headers_of
from tests.protocol.wsgi_connection import App, Environ, Headers, StartResponse, Write


class ReferenceWSGI:
    """Holds a page until its end. *responder* makes the object that stands before `start_response`."""

    def __init__(self, app: App, responder: "type[Responder] | None" = None) -> None:
        self._app = app
        self._responder = responder or Responder

    def __call__(self, environ: Environ, start_response: StartResponse) -> Any:
        if environ["REQUEST_METHOD"] == "HEAD":
            return self._app(environ, start_response)
        responder = self._responder(start_response)
        responder.result = self._app(environ, responder.start)
        return responder.answer()


class Responder:
    """Stands before the `start_response` of one request, and after the application's result."""

    def __init__(self, start_response: StartResponse) -> None:
        self.start_response = start_response
        self.status: str | None = None
        self.headers: Headers = []
        self.is_holding = False
        self.is_started = False  # whether the server has a head already
        self.exc_info: tuple[Any, ...] = ()  # what lets it take another
        self.held: list[bytes] = []
        self.result: Any = None

    def start(self, status: str, headers: Headers, *exc_info: Any) -> Write:
        """Take the head of the response: hold that of a page, pass on any other."""
        error = exc_info[0] if exc_info else None
        if error is not None and any(self.held):
            raise error[1].with_traceback(error[2])
        if error is None and self.status is not None:
            raise RuntimeError("start_response was called twice")
        self.status, self.headers = status, list(headers)
        self.is_holding = self.is_rewritable(status, headers)
        self.exc_info = exc_info if self.is_started else ()
        if self.is_holding:
            return self.held.append
        self.is_started = True
        return self.start_response(status, headers, *exc_info)

    def is_rewritable(self, status: str, headers: Headers) -> bool:
        """Tell whether to hold this response."""
        return is_page(int(status[:3]), headers_of(headers))

    def answer(self) -> Any:
        """Return what the server gets."""
        is_passing = self.status is not None and not self.is_holding
        return self.result if is_passing else self

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces(self.result)
        if self.is_holding:
            yield self.release(b"".join(self.held))

    def pieces(self, result: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of *result*, or hold them."""
        for piece in result:
            if self.is_holding:
                self.held.append(piece)
            else:
                yield piece

    def release(self, page: bytes) -> bytes:
        """Send the head, and return the page, rewritten."""
        body = self.text(page)
        assert self.status is not None
        headers = self.new_headers(body) if body != page else self.headers
        self.start_response(self.status, headers, *self.exc_info)
        return body

    def text(self, page: bytes) -> bytes:
        """Return the page as it shall be."""
        return rewrite(page)

    def new_headers(self, body: bytes) -> Headers:
        """Return the headers of a page that became *body*."""
        given = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in adjusted(given, body)]

    def close(self) -> None:
        """Close what the application returned."""
        if hasattr(self.result, "close"):
            self.result.close()
