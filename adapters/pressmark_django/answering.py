"""The request that the middleware is answering: a template may be rendered for its response without being given it."""

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest

MARKED = "pressmark.marked"
"""The key in ``request.META`` that says that a tag has written markers for the response."""

_current: ContextVar[HttpRequest | None] = ContextVar("pressmark_request", default=None)


class Answering:
    """Lets templates know that *request* is being answered, while its block runs.

    A class, as a generator would take three times as long, in each request.
    """

    __slots__ = ("_request", "_token")

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __enter__(self) -> None:
        self._token = _current.set(self._request)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def is_answering() -> bool:
    """Tell whether what is rendered now may go into a response that the middleware will see."""
    return _current.get() is not None


def mark(request: Any = None) -> None:
    """Note that a tag has written markers for *request*, or else for the one that is being answered."""
    request = request or _current.get()
    if isinstance(request, HttpRequest):  # Jinja may have another
        request.META[MARKED] = True


def unmark() -> None:
    """Note that these markers are not for the response: their text was bundled by itself."""
    request = _current.get()
    if request is not None:
        request.META.pop(MARKED, None)
