"""Make subrequests to a Django project, for files that its views make, from Pressmark's position in ``MIDDLEWARE``."""

import io
from collections.abc import Callable
from typing import Any

from anyio import fail_after, from_thread, lowlevel
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from pressmark.adapters import (
    MAX_BYTES,
    PLACE,
    TIMEOUT_S,
    HeaderTuple,
    Reply,
    Subrequest,
    environ_factory,
    joined,
    scope_factory,
)


def django_subrequest(get_response: Callable[[HttpRequest], Any], request: HttpRequest) -> Subrequest:
    """Return the subrequest to *get_response* that is made like *request*."""
    environ = environ_factory({**request.META, "wsgi.url_scheme": request.scheme})

    def ask(target: str, headers: HeaderTuple) -> Reply:
        response = get_response(WSGIRequest(environ(target, headers)))
        try:
            return _reply(response, joined(response.streaming_content) if response.streaming else response.content)
        finally:
            response.close()  # and with it the thread's connections to the database, as after any request

    return ask


def django_subrequest_async(get_response: Callable[[HttpRequest], Any], request: Any) -> Subrequest:
    """Return the same for *get_response*, a coroutine function, in the event loop that runs now."""
    place = {name: request.scope[name] for name in PLACE if name in request.scope}
    scope, token = scope_factory(request.scope, place), lowlevel.current_token()

    async def answer(target: str, headers: HeaderTuple) -> Reply:
        with fail_after(TIMEOUT_S):
            response = await get_response(ASGIRequest(scope(target, headers), io.BytesIO()))
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


def _reply(response: Any, body: bytes) -> Reply:
    return Reply(response.status_code, tuple(response.items()), body)
