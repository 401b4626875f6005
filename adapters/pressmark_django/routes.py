"""The pages of a Django project that need no parameter."""

from collections.abc import Iterator

from django.core.handlers.base import BaseHandler
from django.urls import URLResolver, get_resolver

from pressmark.adapters import quoted


def page_routes(app: object) -> list[str] | None:
    """Return the paths of the routes without parameters that a project has, ``None`` if *app* is not Django's."""
    return list(dict.fromkeys(paths_of_project())) if isinstance(app, BaseHandler) else None


def paths_of_project() -> Iterator[str]:
    """Yield the paths of the project's routes without parameters."""
    return _paths_below(get_resolver(), "/")


def _paths_below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for view in resolver.reverse_dict:
        for possibilities, *_ in resolver.reverse_dict.getlist(view):
            yield from (quoted(f"{prefix}{path}") for path, parameters in possibilities if not parameters)
    for below, inner in resolver.namespace_dict.values():
        if "%(" not in below:
            yield from _paths_below(inner, f"{prefix}{below}")
