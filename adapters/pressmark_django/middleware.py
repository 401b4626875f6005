"""Django middleware, native in synchronous and asynchronous stacks. It drives the exchange and decides nothing."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse

from pressmark.adapters import (
    CONDITION_KEYS,
    Core,
    Exchange,
    HeaderList,
    Location,
    Reply,
    begin,
    hide_conditions,
    leaves_at_once,
    passes_unread,
    quoted,
    read_request,
    send_hints,
)
from pressmark_django.answering import MARKED, Answering
from pressmark_django.carrying_out import (
    carried_out,
    carried_out_async,
    finished,
    passed_on_async,
    set_headers,
    streamed,
    streamed_async,
)
from pressmark_django.checks import removing_comments
from pressmark_django.lazy_core import LazyCore
from pressmark_django.subrequest import django_subrequest, django_subrequest_async, is_subrequest, whole_project


class PressmarkMiddleware:
    """Bundles the files that the regions of pages refer to, and serves the bundles. Raises SettingsError at start.

    It must stand inside of any middleware that compresses or caches: after GZipMiddleware in ``MIDDLEWARE``.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self._lazy_core = LazyCore()
        self._answers: Callable[[HttpRequest], Any] | None = None
        self._has_panel = "debug_toolbar" in django_settings.INSTALLED_APPS
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        """Answer one request."""
        if self._is_async:
            return self.__acall__(request)
        if is_subrequest(request):
            return self.get_response(request)
        core = self._lazy_core.get()
        if core.pipeline.owns(request.path_info):
            asked = read_request(request.META, request.path_info)
            return _answer(core.pipeline.peek(asked) or core.pipeline.respond(asked))
        if core.hints is not None:
            send_hints(core, request.META, quoted(request.path))
        with _hidden(request, core) as condition, Answering(request):
            response = self.get_response(request)
        page = None if response.streaming else response.content
        if page is not None and self._passes(core, request, response, condition, page):
            return response
        headers, visit = list(response.items()), _Visit(self, core, request, condition)
        if page is not None and self._leaves_at_once(visit, response, headers, page):
            return response
        exchange = self._begin(visit, response, headers, page)
        if exchange is None:
            return response
        if page is not None:
            events = list(carried_out(exchange.feed(page, is_last=True)))
            self._warn_of_lost_markers(request, exchange, page)
            return finished(response, exchange, events)
        return (passed_on_async if response.is_async else streamed)(response, exchange)

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request of an asynchronous stack."""
        if is_subrequest(request):
            return await self.get_response(request)
        core = self._lazy_core.get()
        if core.pipeline.owns(request.path_info):
            asked = read_request(request.META, request.path_info)
            reply = core.pipeline.peek(asked)
            # Not in Django's one thread for synchronous code: that must not wait for a slow store.
            return _answer(reply or await sync_to_async(core.pipeline.respond, thread_sensitive=False)(asked))
        with _hidden(request, core) as condition, Answering(request):
            response = await self.get_response(request)
        page = None if response.streaming else response.content
        if page is not None and self._passes(core, request, response, condition, page):
            return response
        headers, visit = list(response.items()), _Visit(self, core, request, condition)
        if page is not None and self._leaves_at_once(visit, response, headers, page):
            return response
        exchange = self._begin(visit, response, headers, page)
        if exchange is None:
            return response
        if page is not None:
            events = [event async for event in carried_out_async(exchange.feed(page, is_last=True))]
            self._warn_of_lost_markers(request, exchange, page)
            return finished(response, exchange, events)
        # A synchronous iterator is read in that thread, as Django itself would read it.
        stream = streamed_async if response.is_async else sync_to_async(streamed)
        return await stream(response, exchange)

    def _passes(
        self, core: Core, request: HttpRequest, response: HttpResponse, condition: str | None, page: bytes
    ) -> bool:
        """Tell whether *response* leaves as it is: all of *page* is there, and has no marker."""
        is_usual = condition is None and not self._has_panel and MARKED not in request.META
        return is_usual and not response.has_header("Content-Encoding") and passes_unread(core, page)

    def _leaves_at_once(self, visit: "_Visit", response: Any, headers: HeaderList, page: bytes) -> bool:
        """Tell whether *response* is a page that became the same before; then it is that now."""
        warm = None if self._has_panel else leaves_at_once(visit.core, visit, response.status_code, headers, page)
        if warm is None:
            return False
        if warm.body is not page:
            response.content = warm.body
        for name, value in warm.changes:
            if value is None:
                del response[name]
            else:
                response[name] = value
        response.pressmark_has_seen_it = True
        return True

    def _warn_of_lost_markers(self, request: HttpRequest, exchange: Exchange, page: bytes) -> None:
        """Log that the markers of a template did not arrive in *page*, once for each of a few pages.

        Where no middleware is known to remove them, it may be a mail's template that wrote them, or their text was
        bundled already: only a page without any comment or bundle counts then.
        """
        if MARKED not in request.META or exchange.has_regions:
            return
        names = ", ".join(removing_comments())
        if names or not (b"<!--" in page or self._lazy_core.endpoint.encode() in page):
            cause = (
                "its template wrote markers, but none arrived: "
                f"{names or 'something between the template and Pressmark'} removes comments, and must stand before "
                "Pressmark"
            )
            self._lazy_core.get().pipeline.log_skipped(quoted(request.path), cause)

    def _begin(self, visit: "_Visit", response: Any, headers: HeaderList, page: bytes | None) -> Exchange | None:
        """Return the exchange of a page that may change, ``None`` for a response that passes."""
        begun = begin(
            visit.core,
            visit,
            response.status_code,
            headers,
            has_body=bool(page),
            is_known=hasattr(response, "pressmark_has_seen_it"),
        )
        if not isinstance(begun, Exchange):
            if begun is not headers:
                set_headers(response, begun)
            return None
        begun.was_looked_up = page is not None and not self._has_panel
        response.pressmark_has_seen_it = True  # a cache inside of this middleware may keep and return the response
        if self._has_panel:
            visit.request.pressmark_exchange = begun
        return begun

    def subrequest(self, request: HttpRequest) -> Any:
        """Return the subrequest that is made like *request*."""
        make = django_subrequest_async if self._is_async else django_subrequest
        return make(self._project, request)

    def _project(self) -> Callable[[HttpRequest], Any]:
        """Return the whole project, made at the first subrequest."""
        if self._answers is None:
            self._answers = whole_project(is_async=self._is_async)
        return self._answers


class _Visit:
    """The visit of a page by a request of Django's."""

    def __init__(
        self, middleware: PressmarkMiddleware, core: Core, request: HttpRequest, condition: str | None
    ) -> None:
        self._middleware, self.core, self.request, self.condition = middleware, core, request, condition
        self.method: str = request.method
        self.query: str = request.META.get("QUERY_STRING", "")

    def locate(self) -> Location:
        """Return the location of the page."""
        request = self.request
        return Location(
            mount=quoted(request.path.removesuffix(request.path_info).rstrip("/")),
            path=quoted(request.path),
            host=request.META.get("HTTP_HOST", ""),
            subrequest=self._middleware.subrequest(request) if self.core.makes_subrequests else None,
            has_siblings=request.META.get("wsgi.multiprocess"),
        )


def _answer(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))
    if "Content-Type" not in dict(reply.headers):
        del response["Content-Type"]  # Django gives every response one; a 304 must not have it
    return response


def _hidden(request: HttpRequest, core: Core) -> AbstractContextManager[str | None]:
    """Hide from the view what is ours of the request; yield our If-None-Match. Most requests have nothing of it."""
    is_usual = core.toggle.parameter is None and CONDITION_KEYS.isdisjoint(request.META)
    return nullcontext() if is_usual else _hidden_parts(request, core)


@contextmanager
def _hidden_parts(request: HttpRequest, core: Core) -> Iterator[str | None]:
    with _hidden_conditions(request) as condition, _hidden_toggle(request, core):
        yield condition


@contextmanager
def _hidden_toggle(request: HttpRequest, core: Core) -> Iterator[None]:
    """Hide the debug toggle from the view."""
    query = request.META.get("QUERY_STRING", "")
    inner = core.toggle.without(query)
    try:
        _set_query(request, query, inner)
        yield
    finally:
        _set_query(request, inner, query)


def _set_query(request: HttpRequest, query: str, new: str) -> None:
    if new != query:
        request.META["QUERY_STRING"] = new
        vars(request).pop("GET", None)  # Django caches it


@contextmanager
def _hidden_conditions(request: HttpRequest) -> Iterator[str | None]:
    """Hide our conditions from the view; yield our If-None-Match (see ``split_conditions``)."""
    condition, hidden = hide_conditions(request.META)
    if hidden:
        vars(request).pop("headers", None)  # Django caches them
    try:
        yield condition
    finally:
        if hidden:
            request.META.update(hidden)
            vars(request).pop("headers", None)
