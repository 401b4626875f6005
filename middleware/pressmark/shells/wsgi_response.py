"""Answer one request of WSGI (PEP 3333)."""

from collections.abc import Iterable, Iterator, Sequence, Sized
from concurrent.futures import wait
from http.client import responses
from itertools import chain

from pressmark.http.headers import HeaderList
from pressmark.response.exchange import Cold, Core, Event, Exchange, Head, begin
from pressmark.response.visit import Location
from pressmark.shells.subrequest import wsgi_subrequest
from pressmark.shells.wsgi_body import Body, is_all_there
from pressmark.shells.wsgi_request import (
    Environ,
    ExcInfo,
    StartResponse,
    Write,
    WSGIApplication,
    mount_and_path,
    page_path,
    quoted_mount,
)

STATUS = {status: f"{status} {phrase}" for status, phrase in responses.items()}
"""The status lines, by their numbers."""


class Response:
    """One response on its way out: the calls of WSGI on one side, the events of an exchange on the other."""

    __slots__ = (
        "_app", "_core", "_environ", "_exchange", "_hides_size", "_is_over", "_is_started", "_location",
        "_server_write", "_status", "condition", "server_start",
    )  # fmt: skip

    def __init__(
        self, core: Core, app: WSGIApplication, environ: Environ, start_response: StartResponse, condition: str | None
    ) -> None:
        self._core, self._app, self._environ, self.condition = core, app, environ, condition
        self._location = mount_and_path(environ)  # the application may change it
        self.server_start = start_response
        self._server_write: Write | None = None
        self._status: str | None = None
        self._exchange: Exchange | None = None
        self._is_over = False  # whether all of a page was fed
        self._is_started = False  # whether the server has a head
        self._hides_size = False  # whether the server must not compute a length from a body of one chunk

    # The request, as the exchange reads it

    @property
    def method(self) -> str:
        method: str = self._environ.get("REQUEST_METHOD", "")
        return method

    @property
    def query(self) -> str:
        query: str = self._environ.get("QUERY_STRING", "")
        return query

    def locate(self) -> Location:
        (mount, path), environ = self._location, self._environ
        makes_subrequests = self._core.makes_subrequests
        subrequest = wsgi_subrequest(self._app, environ | {"SCRIPT_NAME": mount}) if makes_subrequests else None
        host, others = environ.get("HTTP_HOST", ""), environ.get("wsgi.multiprocess")
        return Location(quoted_mount(mount), page_path(mount, path), host, subrequest, has_siblings=others)

    # The response

    def answer(self, environ: Environ) -> Iterable[bytes]:
        """Return the body for the server: the application's own object if the response is none of ours."""
        result = self._app(environ, self.start)
        exchange = self._exchange
        if exchange is not None and is_all_there(result) and not exchange.fed_bytes:
            return self._whole(exchange, result)
        if exchange is None and self._status is not None:
            return Body(result, iter(result), self._environ) if self._hides_size else result
        if exchange is None or not exchange.may_be_all_next:
            return Body(result, self._stream(result), self._environ)
        return self._announced(exchange, result)

    def _announced(self, exchange: Exchange, result: Iterable[bytes]) -> Iterable[bytes]:
        """Return the body of a page whose length is known: frameworks often give all of it as the first of one chunk.

        Such an object of a framework is no list, and has to be closed.
        """
        chunks = iter(result)
        body = Body(result, chunks, self._environ)
        try:
            first = next(chunks, b"")
            if self._exchange is exchange and not exchange.fed_bytes and exchange.is_all(first):
                return body.with_stream(chain(self._whole(exchange, (first,)), chunks))
        except BaseException:
            body.close()
            raise
        return body.with_stream(self._stream(chain((first,), chunks)))

    def start(self, status: str, headers: HeaderList, exc_info: ExcInfo | None = None) -> Write:
        """Take the application's head: this is its ``start_response``."""
        if exc_info and (self._is_over or (self._exchange is not None and self._exchange.fed_bytes)):
            try:
                # Held bytes count as sent: half a page must not precede the error page.
                raise exc_info[1].with_traceback(exc_info[2])  # type: ignore[union-attr]
            finally:
                exc_info = None
        if self._status is not None and exc_info is None:
            raise AssertionError("start_response was called a second time without exc_info")
        self._status, self._exchange = status, None
        if self._is_started:  # the server has a head, and may have sent it: it must raise now, not later
            self._server_write = self.server_start(status, headers, exc_info)
            return self._server_write
        begun = begin(self._core, self, int(status[:3]), headers)
        if isinstance(begun, Exchange):
            self._exchange = begun
            return self._write
        self._is_started, self._hides_size = True, begun is not headers
        self._server_write = self.server_start(status, begun)
        return self._server_write

    def _take(self, event: Head | Cold) -> None:
        """Carry out an event other than bytes. A cold region blocks this thread."""
        if isinstance(event, Cold):
            wait((event.future,), event.timeout_s)
        else:
            self._is_started = True
            status = STATUS[304] if event.status == 304 else self._status
            self._server_write = self.server_start(status, event.headers)

    def _whole(self, exchange: Exchange, result: Sequence[bytes]) -> Iterable[bytes]:
        """Return the chunks of a page whose whole body is *result*; *result* itself if nothing changes."""
        page = result[0] if len(result) == 1 else b"".join(result)
        self._end()
        if exchange.passes(page):
            self._take(Head(exchange.status, exchange.headers))
            return result
        pieces: list[bytes] = []
        for event in exchange.feed(page, is_last=True):
            if isinstance(event, bytes):
                pieces.append(event)
            else:
                self._take(event)
        return result if pieces and not exchange.is_changed else pieces

    def _stream(self, result: Iterable[bytes]) -> Iterator[bytes]:
        is_single = isinstance(result, Sized) and len(result) == 1
        for chunk in result:
            if self._exchange is None:
                yield chunk
            else:
                yield from self._carried_out(self._exchange.feed(chunk, is_last=is_single))
        exchange = self._exchange
        if exchange is not None:
            self._end()
            yield from self._carried_out(exchange.feed(b"", is_last=True), is_end=True)

    def _end(self) -> None:
        """Let go of the exchange: it holds the page and this response, and both would wait for a garbage collection."""
        self._exchange, self._is_over = None, True

    def _carried_out(self, events: Iterator[Event], *, is_end: bool = False) -> Iterator[bytes]:
        """Yield the bytes of *events*, or an empty chunk if there are none: servers expect a chunk for each chunk."""
        has_bytes = is_end
        for event in events:
            if isinstance(event, bytes):
                has_bytes = True
                yield event
            else:
                self._take(event)
        if not has_bytes and self._is_started:
            yield b""

    def _write(self, chunk: bytes) -> None:
        """Take written bytes: the ``write`` callable of old applications."""
        exchange = self._exchange
        if exchange is None:  # a second head has made it a response that passes
            if self._server_write is not None:
                self._server_write(chunk)
            return
        for event in exchange.feed(chunk):
            if not isinstance(event, bytes):
                self._take(event)
            elif self._server_write is not None:
                self._server_write(event)
