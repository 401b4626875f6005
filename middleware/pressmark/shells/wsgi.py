"""The WSGI shell (PEP 3333): chunks in, chunks out, headers at the right moment.

A response that is not ours is the application's own object. One that is has a ``_Response``, which holds the head
back only as long as the body may still change what the head says.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from http.client import responses
from types import TracebackType
from typing import TypeGuard

from pressmark.assembly import assemble
from pressmark.http import headers as head
from pressmark.model import Page, Region, Subrequest
from pressmark.page.scanner import may_hold_marker
from pressmark.pipeline import Pipeline
from pressmark.response.exchange import MAX_HELD_BYTES, PageRewrite
from pressmark.settings import Settings
from pressmark.shells.subrequest import SUBREQUEST, wsgi_subrequest
from pressmark.shells.wsgi_request import (
    Environ,
    hide_conditions,
    mount_of,
    page_path,
    place_of,
    read_request,
    send_hints,
)

_STATUS = {status: f"{status} {phrase}" for status, phrase in responses.items()}

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
Write = Callable[[bytes], object]
StartResponse = Callable[..., Write]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class WSGIMiddleware:
    """Bundles what the regions of *app*'s pages refer to, and serves the bundles.

    Keyword arguments are the fields of Settings; or *settings* is one. Raises SettingsError.
    """

    def __init__(self, app: Application, settings: Settings | None = None, **options: object) -> None:
        self.app = app
        self._pipeline = assemble(Settings.of(settings, options))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if SUBREQUEST in environ:
            return self.app(environ, start_response)
        if self._pipeline.owns(environ.get("PATH_INFO", "")):
            return self._serve(environ, start_response)
        if self._pipeline.is_untouched(environ.get("QUERY_STRING", "")):
            return self.app(self._inner(environ), start_response)
        if self._pipeline.hints is not None:
            send_hints(self._pipeline.hints, environ, page_path(place_of(environ)))
        if "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MATCH" in environ or "HTTP_IF_RANGE" in environ:
            return self._answer_conditional(environ, start_response)
        response = _Response(self._pipeline, self.app, environ, start_response)
        return response.wrap(self.app(self._inner(environ) if self._pipeline.has_toggle else environ, response.start))

    def _inner(self, environ: Environ) -> Environ:
        """Return *environ* as the application gets it: itself, but where the debug toggle is to be kept from it."""
        query = environ.get("QUERY_STRING", "")
        asked = self._pipeline.without_toggle(query)
        return environ if asked is query else environ | {"QUERY_STRING": asked}

    def _answer_conditional(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        condition, hidden = hide_conditions(environ)
        response = _Response(self._pipeline, self.app, environ, start_response, condition)
        result: Iterable[bytes] = ()
        try:
            result = response.wrap(self.app(self._inner(environ), response.start))
        finally:
            if isinstance(result, _Body):  # the application may look at the request until its body is read
                result.hidden = hidden
            else:
                environ.update(hidden)
        return result

    def _serve(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = read_request(environ, environ["PATH_INFO"])
        reply = self._pipeline.peek(request) or self._pipeline.respond(request)
        start_response(_STATUS[reply.status], list(reply.headers))
        return [reply.body] if reply.body else []


class _Response:
    """One response on its way out."""

    __slots__ = (
        "_app", "_condition", "_environ", "_headers", "_held", "_held_bytes", "_is_fed", "_is_head",
        "_is_started", "_pipeline", "_place", "_rewrite", "_server_start", "_server_write", "_status",
    )  # fmt: skip
    _headers: head.HeaderList
    _held: list[bytes]  # output that waits for the head

    def __init__(
        self,
        pipeline: Pipeline,
        app: Application,
        environ: Environ,
        start_response: StartResponse,
        condition: str | None = None,
    ) -> None:
        self._pipeline, self._environ, self._condition = pipeline, environ, condition
        self._place = place_of(environ)  # the application may change it
        self._app = app
        self._server_start = start_response
        self._status: str | None = None
        self._rewrite: PageRewrite | None = None
        self._is_started = False  # whether the server has this head
        self._is_head = False  # whether this is the answer to HEAD, of a page
        self._is_fed = False  # whether the application has given bytes of a page
        self._server_write: Write | None = None
        self._held_bytes = 0

    def start(self, status: str, headers: head.HeaderList, exc_info: ExcInfo | None = None) -> Write:
        """Take the application's head: ``start_response`` as the application sees it."""
        if exc_info and self._is_fed:
            try:
                # What was held back counts as sent: half a page must not precede the error page.
                raise exc_info[1].with_traceback(exc_info[2])  # type: ignore[union-attr]
            finally:
                exc_info = None
        if self._status is not None and exc_info is None:
            raise AssertionError("start_response was called a second time without exc_info")
        self._status, self._headers = status, headers
        if self._is_started:  # the server has a head, and may have sent it: it judges now, not later
            self._rewrite = None
            self._server_write = self._server_start(status, headers, exc_info)
            return self._server_write
        self._rewrite = None
        refusal = head.refusal(int(status[:3]), headers)
        if refusal:
            self._pipeline.log_skipped(self._describe().path, refusal)
        if refusal is not None:
            return self._start_server(headers)
        if self._environ.get("REQUEST_METHOD") == "HEAD":  # what a HEAD's body would be cannot be seen
            self._is_head = True
            return self._start_server(head.without_length(headers))
        self._is_started, self._held = False, []
        self._rewrite = PageRewrite(self._pipeline, self._describe, int(status[:3]))
        return self._write

    def _describe(self) -> Page:
        environ, headers = self._environ, self._headers
        return Page(
            mount=mount_of(self._place),
            path=page_path(self._place),
            host=environ.get("HTTP_HOST", ""),
            charset=head.charset_of(headers),
            policies=head.policies_of(headers),
            is_explained=self._pipeline.explains(environ.get("QUERY_STRING", "")),
            is_plain=self._pipeline.is_plain(environ.get("QUERY_STRING", "")),
            subrequest=self._make_subrequest() if self._pipeline.makes_subrequests else None,
        )

    def _make_subrequest(self) -> Subrequest:
        return wsgi_subrequest(self._app, self._environ | {"SCRIPT_NAME": self._place[0]})

    def wrap(self, result: Iterable[bytes]) -> Iterable[bytes]:
        """Return what the server gets: *result* itself if the response is known not to be ours."""
        if self._status is not None and self._rewrite is None:
            # Of an only chunk a server makes a Content-Length, which is not that of the page.
            return _Body(result, iter(result), self._environ) if self._is_head else result
        if self._rewrite is not None and self._is_all_there(result):
            return self._whole(self._rewrite, result)
        return _Body(result, self._stream(result), self._environ)

    def _is_all_there(self, result: Iterable[bytes]) -> TypeGuard[Sequence[bytes]]:
        """Tell whether *result* is the whole body, may be held, and need not be closed."""
        if not isinstance(result, list | tuple) or hasattr(result, "close") or self._is_fed:
            return False
        if not all(type(chunk) is bytes for chunk in result):
            return False
        return sum(map(len, result)) <= MAX_HELD_BYTES or (len(result) == 1 and not may_hold_marker(result[0]))

    def _whole(self, rewrite: PageRewrite, result: Sequence[bytes]) -> Iterable[bytes]:
        """Return what becomes of a page that is all there: *result* itself if nothing does."""
        if len(result) == 1 and not may_hold_marker(result[0]):
            rewrite.finish()
            return result if self._start_whole(rewrite) else []
        pieces = [
            rewrite.render(piece) if isinstance(piece, Region) else piece
            for chunk in result
            for piece in rewrite.feed(chunk)
        ]
        pieces.append(rewrite.finish())
        if not rewrite.is_changed:
            return result if self._start_whole(rewrite) else []
        return [b"".join(pieces)] if self._start_whole(rewrite) else []

    def _start_whole(self, rewrite: PageRewrite) -> bool:
        """Start the server's response to a whole page; tell whether the client needs the body."""
        ending = rewrite.ending(int((self._status or "")[:3]), self._headers, self._condition)
        if ending.is_empty:
            self._status = "304 Not Modified"
        self._start_server(ending.headers)
        return not ending.is_empty

    def _stream(self, result: Iterable[bytes]) -> Iterator[bytes]:
        is_single = isinstance(result, Sized) and len(result) == 1
        for chunk in result:
            if self._rewrite is None:
                yield chunk
            else:
                yield from self._yielded(self._rewrite, chunk, is_whole=is_single)
        if self._rewrite is not None:
            yield from self._last(self._rewrite)

    def _yielded(self, rewrite: PageRewrite, chunk: bytes, *, is_whole: bool) -> Iterator[bytes]:
        self._decide(rewrite, len(chunk), is_whole=is_whole)
        pieces: list[bytes] = []
        for piece in rewrite.feed(chunk):
            if not isinstance(piece, Region):
                pieces.append(piece)
                continue
            if self._is_started and pieces:  # the text before a cold region does not wait for it
                yield b"".join(pieces)
                pieces = []
            pieces.append(rewrite.render(piece))
        self._hold(rewrite, pieces)
        if self._is_started:
            yield self._release()

    def _last(self, rewrite: PageRewrite) -> Iterator[bytes]:
        self._hold(rewrite, [rewrite.finish()])
        if self._is_started:
            rewrite.check_length(self._headers)
        held = self._release()
        if (self._is_started or self._start_whole(rewrite)) and held:
            yield held

    def _write(self, chunk: bytes) -> None:
        """Take written bytes: the ``write`` callable of old applications."""
        rewrite = self._rewrite
        if rewrite is None:  # the head has been replaced by one of another sort since
            if self._server_write is not None:
                self._server_write(chunk)
            return
        self._decide(rewrite, len(chunk), is_whole=False)
        pieces = [rewrite.render(piece) if isinstance(piece, Region) else piece for piece in rewrite.feed(chunk)]
        self._hold(rewrite, pieces)
        if self._server_write is not None and (held := self._release()):
            self._server_write(held)

    def _decide(self, rewrite: PageRewrite, length: int, *, is_whole: bool) -> None:
        """Start the server's response, unless the whole body is here or an ETag says that it can be waited for."""
        if self._is_fed or not length:
            return
        self._is_fed = True
        is_whole = is_whole or head.content_length(self._headers) == length
        if not is_whole and not head.has_etag(self._headers):
            self._start_server(rewrite.streaming(self._headers))

    def _hold(self, rewrite: PageRewrite, pieces: list[bytes]) -> None:
        self._held += pieces
        self._held_bytes += sum(map(len, pieces))
        if not self._is_started and self._held_bytes > MAX_HELD_BYTES:
            self._start_server(rewrite.streaming(self._headers))

    def _release(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held

    def _start_server(self, headers: head.HeaderList) -> Write:
        self._is_started = True
        self._server_write = self._server_start(self._status, headers)
        return self._server_write


class _Body:
    """The iterable that the server gets; closes the application's own exactly once."""

    def __init__(self, result: Iterable[bytes], stream: Iterator[bytes], environ: Environ) -> None:
        self._result: Iterable[bytes] | None = result
        self._stream, self._environ = stream, environ
        self.hidden: dict[str, str] = {}  # what the application was not to see

    def __iter__(self) -> Iterator[bytes]:
        return self._stream

    def close(self) -> None:
        result, self._result = self._result, None
        self._environ.update(self.hidden)
        self.hidden = {}
        close = getattr(result, "close", None)
        if close is not None:
            close()
