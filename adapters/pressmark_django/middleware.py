"""Django middleware, native in synchronous and asynchronous stacks."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from threading import Lock
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse

from pressmark.assembly import assemble, check_plugins
from pressmark.http import headers as head
from pressmark.model import Page, Region, Reply
from pressmark.pipeline import Pipeline
from pressmark.response.exchange import MAX_HELD_BYTES, PageRewrite
from pressmark.shells.asgi import render_async
from pressmark.shells.wsgi_request import hide_conditions, read_request, send_hints
from pressmark.syntax.urls import quoted
from pressmark_django.asking import django_subrequest, django_subrequest_async
from pressmark_django.configuration import public_url, read_settings, static_roots
from pressmark_django.signals import send_signal
from pressmark_django.storage import Publisher, find_storage


class PressmarkMiddleware:
    """Bundles what the regions of pages refer to, and serves the bundles. Raises SettingsError at start.

    It must stand inside of whatever compresses or caches: after GZipMiddleware in ``MIDDLEWARE``.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self._settings = read_settings()
        check_plugins(self._settings)  # a name that there is not is an error at start
        self._has_panel = "debug_toolbar" in django_settings.INSTALLED_APPS
        self._storage = find_storage()
        self._settings = replace(self._settings, public_url=public_url(self._storage, self._settings))
        self._lazy_pipeline: Pipeline | None = None
        self._lock = Lock()
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        """Answer one request."""
        if self._is_async:
            return self.__acall__(request)
        pipeline = self._pipeline()
        if pipeline.owns(request.path_info):
            asked = read_request(request.META, request.path_info)
            return _answer(pipeline.peek(asked) or pipeline.respond(asked))
        if pipeline.hints is not None and not pipeline.is_untouched(request.META.get("QUERY_STRING", "")):
            send_hints(pipeline.hints, request.META, quoted(request.path))
        with _hidden_conditions(request) as condition, _hidden_toggle(request, pipeline):
            response = self.get_response(request)
        rewrite = self._open(pipeline, request, response)
        if rewrite is None:
            return response
        if not response.streaming:
            return _finish(response, rewrite, b"".join(_stream(rewrite, (response.content,))), condition)
        if head.has_etag(response.items()) and not response.is_async:
            return _hold(rewrite, response, condition)
        return _pass_on(rewrite, response)

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request of an asynchronous stack."""
        pipeline = self._pipeline()
        if pipeline.owns(request.path_info):
            asked = read_request(request.META, request.path_info)
            reply = pipeline.peek(asked)
            # Not in Django's one thread for synchronous code: a slow store must not hold that up.
            return _answer(reply or await sync_to_async(pipeline.respond, thread_sensitive=False)(asked))
        with _hidden_conditions(request) as condition, _hidden_toggle(request, pipeline):
            response = await self.get_response(request)
        rewrite = self._open(pipeline, request, response)
        if rewrite is None:
            return response
        if not response.streaming:
            pieces = [await _settled(rewrite, piece) for piece in rewrite.feed(response.content)]
            return _finish(response, rewrite, b"".join([*pieces, rewrite.finish()]), condition)
        if head.has_etag(response.items()):
            # What is not asynchronous Django itself would read there.
            hold = _hold_async if response.is_async else sync_to_async(_hold)
            return await hold(rewrite, response, condition)
        return _pass_on(rewrite, response)

    def _open(self, pipeline: Pipeline, request: HttpRequest, response: Any) -> PageRewrite | None:
        """Return the rewrite of a page that may change, with the headers of one that may."""
        headers = list(response.items())
        query = request.META.get("QUERY_STRING", "")
        refusal = "" if pipeline.is_untouched(query) else head.refusal(response.status_code, headers)
        if refusal and not hasattr(response, "pressmark_has_seen_it"):
            pipeline.log_skipped(quoted(request.path), refusal)
        if refusal is not None:
            return None
        if request.method == "HEAD" and (response.streaming or not response.content):
            _keep_only(response, head.without_length(headers))  # what a HEAD's body would be cannot be seen
            return None
        response.pressmark_has_seen_it = True  # Django's cache keeps it, and gives it out again within

        make_subrequest = django_subrequest_async if self._is_async else django_subrequest

        def describe() -> Page:
            return Page(
                mount=quoted(request.path.removesuffix(request.path_info).rstrip("/")),
                path=quoted(request.path),
                host=request.META.get("HTTP_HOST", ""),
                charset=head.charset_of(headers),
                policies=head.policies_of(headers),
                is_explained=pipeline.explains(query),
                is_plain=pipeline.is_plain(query),
                subrequest=make_subrequest(self.get_response, request) if pipeline.makes_subrequests else None,
            )

        rewrite = PageRewrite(pipeline, describe, response.status_code)
        if self._has_panel:
            request.pressmark_rewrite = rewrite
        return rewrite

    def _pipeline(self) -> Pipeline:
        """Return the pipeline, made at the first request: only then does Django know its ``STATIC_URL``."""
        return self._lazy_pipeline or self._assemble()

    def _assemble(self) -> Pipeline:
        with self._lock:
            if self._lazy_pipeline is None:
                static = static_roots() | dict(self._settings.static)
                settings = replace(self._settings, static=static)
                publish = None if self._storage is None else Publisher(self._storage)
                self._lazy_pipeline = assemble(settings, publish, send_signal)
            return self._lazy_pipeline


def _answer(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))
    if "Content-Type" not in dict(reply.headers):
        del response["Content-Type"]  # Django gives every response one; a 304 must not have it
    return response


@contextmanager
def _hidden_toggle(request: HttpRequest, pipeline: Pipeline) -> Iterator[None]:
    """Keep the debug toggle from the view: to ask in which form a page leaves is no affair of its own."""
    query = request.META.get("QUERY_STRING", "")
    asked = pipeline.without_toggle(query)
    try:
        _set_query(request, query, asked)
        yield
    finally:
        _set_query(request, asked, query)


def _set_query(request: HttpRequest, query: str, new: str) -> None:
    if new != query:
        request.META["QUERY_STRING"] = new
        vars(request).pop("GET", None)  # Django keeps what it has read of META


@contextmanager
def _hidden_conditions(request: HttpRequest) -> Iterator[str | None]:
    """Keep from the view what is not its to judge; yield the If-None-Match that is ours (see ``split_conditions``)."""
    condition, hidden = hide_conditions(request.META)
    if hidden:
        vars(request).pop("headers", None)  # Django keeps what it has read of META
    try:
        yield condition
    finally:
        if hidden:
            request.META.update(hidden)
            vars(request).pop("headers", None)


def _finish(response: Any, rewrite: PageRewrite, content: bytes, condition: str | None) -> Any:
    """Return *response* with its whole *content*, or as the 304 that the client has asked for."""
    ending = rewrite.ending(response.status_code, list(response.items()), condition)
    content = b"" if ending.is_empty else content
    if response.streaming:
        response.streaming_content = _once(content) if response.is_async else (content,)
    elif ending.is_empty or rewrite.is_changed:
        response.content = content
    if ending.is_empty:
        response.status_code, response.reason_phrase = ending.status, None
    _keep_only(response, ending.headers)
    return response


def _keep_only(response: Any, headers: head.HeaderList) -> None:
    kept = dict(headers)
    for name in [name for name, _ in response.items() if name not in kept]:
        del response[name]
    for name, value in headers:
        response[name] = value


def _pass_on(rewrite: PageRewrite, response: Any) -> Any:
    """Put the rewrite between the view's chunks and the server; either stack may meet either sort of iterator."""
    _keep_only(response, rewrite.streaming(response.items()))
    stream = _stream_async if response.is_async else _stream
    response.streaming_content = stream(rewrite, response.streaming_content)
    return response


def _hold(rewrite: PageRewrite, response: Any, condition: str | None) -> Any:
    """Read the view's chunks: an entity tag says that they have an end. Too many of them are passed on after all."""
    held, size = list[bytes](), 0
    stream = _stream(rewrite, response.streaming_content)
    for piece in stream:
        held.append(piece)
        size += len(piece)
        if size > MAX_HELD_BYTES:
            _keep_only(response, rewrite.streaming(response.items()))
            response.streaming_content = chain(held, stream)
            return response
    return _finish(response, rewrite, b"".join(held), condition)


async def _hold_async(rewrite: PageRewrite, response: Any, condition: str | None) -> Any:
    held, size = list[bytes](), 0
    stream = _stream_async(rewrite, response.streaming_content)
    async for piece in stream:
        held.append(piece)
        size += len(piece)
        if size > MAX_HELD_BYTES:
            _keep_only(response, rewrite.streaming(response.items()))
            response.streaming_content = _chain(held, stream)
            return response
    return _finish(response, rewrite, b"".join(held), condition)


async def _chain(held: list[bytes], stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for piece in held:
        yield piece
    async for piece in stream:
        yield piece


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _stream(rewrite: PageRewrite, chunks: Any) -> Iterator[bytes]:
    for chunk in chunks:
        for piece in rewrite.feed(chunk):
            yield rewrite.render(piece) if isinstance(piece, Region) else piece
    yield rewrite.finish()


async def _stream_async(rewrite: PageRewrite, chunks: Any) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        for piece in rewrite.feed(chunk):
            yield await _settled(rewrite, piece)
    yield rewrite.finish()


async def _settled(rewrite: PageRewrite, piece: bytes | Region) -> bytes:
    return await render_async(rewrite, piece) if isinstance(piece, Region) else piece
