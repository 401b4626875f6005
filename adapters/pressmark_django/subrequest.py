"""Make subrequests to a Django project, for files that its views make.

They go through all of ``MIDDLEWARE``, as those of an anonymous visitor do: whatever stands before Pressmark there, such
as a login or a filter of addresses, is asked as well.
"""

import io
from collections.abc import Callable
from typing import Any

from anyio import fail_after, from_thread, lowlevel
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from pressmark.adapters import (
    MAX_BYTES,
    ROUTING,
    SUBREQUEST,
    TIMEOUT_S,
    HeaderTuple,
    Reply,
    Subrequest,
    environ_factory,
    joined,
    scope_factory,
)


def whole_project(*, is_async: bool) -> Callable[[HttpRequest], Any]:
    """Return the function that answers a request by the whole project, with middleware of its own."""
    handler = BaseHandler()
    handler.load_middleware(is_async=is_async)
    answer: Callable[[HttpRequest], Any] = handler.get_response_async if is_async else handler.get_response
    return answer


def django_subrequest(project: Callable[[], Callable[[HttpRequest], Any]], request: HttpRequest) -> Subrequest:
    """Return the subrequest to a project that is made like *request*."""
    environ = environ_factory({**request.META, "wsgi.url_scheme": request.scheme})

    def ask(target: str, headers: HeaderTuple) -> Reply:
        response = project()(WSGIRequest(environ(target, headers) | {SUBREQUEST: True}))
        try:
            return _reply(response, joined(response.streaming_content) if response.streaming else response.content)
        finally:
            response.close()  # and with it the thread's connections to the database, as after any request

    return ask


def django_subrequest_async(project: Callable[[], Callable[[HttpRequest], Any]], request: Any) -> Subrequest:
    """Return the same for a project that gives a coroutine function, in the event loop that runs now."""
    routing = {name: request.scope[name] for name in ROUTING if name in request.scope}
    scope, token = scope_factory(request.scope, routing), lowlevel.current_token()

    async def answer(target: str, headers: HeaderTuple) -> Reply:
        with fail_after(TIMEOUT_S):
            # Synchronous middleware outside of Pressmark holds the page's own thread for synchronous code meanwhile.
            async with ThreadSensitiveContext():
                response = await project()(ASGIRequest(scope(target, headers), io.BytesIO()))
                try:
                    return _reply(response, await _joined(response) if response.streaming else response.content)
                finally:
                    await sync_to_async(response.close, thread_sensitive=True)()

    return lambda target, headers: from_thread.run(answer, target, headers, token=token)


async def _joined(response: Any) -> bytes:
    body = bytearray()
    async for piece in response:
        body += piece
        if len(body) >= MAX_BYTES:
            break
    return bytes(body)


def is_subrequest(request: Any) -> bool:
    """Tell whether *request* is one of ours, which passes."""
    return SUBREQUEST in request.META or SUBREQUEST in getattr(request, "scope", ())


def _reply(response: Any, body: bytes) -> Reply:
    return Reply(response.status_code, tuple(response.items()), body)
