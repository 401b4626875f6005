"""Render the templates of a Django project without their views, by its own engines.

If a template fails, each of its own regions is rendered by itself.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.utils.module_loading import import_string

from pressmark.adapters.commands import LIMIT_S, TemplatePage, TimeLimit, called, jinja_sources, render_all
from pressmark_django.answering import Answering
from pressmark_django.compressor.settings import given_setting
from pressmark_django.templatetags.compress import CompressNode

Contexts = Iterable[Mapping[str, Any]]
MakeRequest = Callable[[], HttpRequest]


def render_templates(
    contexts: Contexts,
    environ: Mapping[str, Any],
    *,
    endings: tuple[str, ...],
    backends: Iterable[str],
    follows_links: bool,
) -> Iterator[TemplatePage]:
    """Yield each template with a region, under each of *contexts*, as in a request of "/" with *environ*.

    Only templates with one of the *endings* are looked at, of the engines of Django's *backends* ("django", "jinja2").
    """

    def request() -> HttpRequest:
        return WSGIRequest({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.input": BytesIO(), **environ})

    with TimeLimit(LIMIT_S) as limit:
        for backend in _backends():
            is_django = isinstance(backend, DjangoTemplates)
            if is_django and "django" in backends:
                sources = _sources(backend, endings, follows_links=follows_links)
                yield from _rendered(backend, contexts, sources, request, limit)
            elif not is_django and "jinja2" in backends and hasattr(backend, "env"):
                sources = jinja_sources(backend.env, endings)
                yield from _rendered_by_jinja(backend, contexts, sources, request, limit)


def _backends() -> Iterator[Any]:
    """Yield the project's engines, and the environment of Jinja that django-compressor's setting gives."""
    yield from engines.all()
    wanted = given_setting("JINJA2_GET_ENVIRONMENT")
    if wanted is not None:
        yield _Environment((import_string(wanted) if isinstance(wanted, str) else wanted)())


class _Environment(NamedTuple):
    """An environment of Jinja in the place of an engine."""

    env: Any

    def get_template(self, name: str) -> Any:
        return self.env.get_template(name)


def _sources(backend: Any, endings: tuple[str, ...], *, follows_links: bool) -> dict[str, str]:
    """Return the texts of the templates of *backend* by their names; the first loader that has a name counts."""
    found: dict[str, str] = {}
    for loader in _loaders(backend.engine.template_loaders):
        for name, text in getattr(loader, "templates_dict", {}).items():
            found.setdefault(name, text)
        for folder in getattr(loader, "get_dirs", list)():
            for path in _files(Path(folder), follows_links=follows_links):
                if path.name.endswith(endings):
                    found.setdefault(path.relative_to(folder).as_posix(), path.read_text("utf-8", "replace"))
    return found


def _loaders(loaders: Iterable[Any]) -> Iterator[Any]:
    for loader in loaders:
        yield from _loaders(loader.loaders) if hasattr(loader, "loaders") else (loader,)


def _files(folder: Path, *, follows_links: bool) -> Iterator[Path]:
    for root, _, names in os.walk(folder, followlinks=follows_links):
        yield from (Path(root, name) for name in sorted(names))


@contextmanager
def _debugged(backend: Any) -> Iterator[None]:
    """Have errors of Django's templates tell their files and lines."""
    before, backend.engine.debug = backend.engine.debug, True
    try:
        yield
    finally:
        backend.engine.debug = before


def _rendered(
    backend: Any, contexts: Contexts, sources: Mapping[str, str], make_request: MakeRequest, limit: TimeLimit
) -> Iterator[TemplatePage]:
    def render(name: str, context: Mapping[str, Any]) -> str:
        with Answering(request := make_request()):  # whatever context a tag gives to the template that it includes
            return str(backend.get_template(name).render(_with_defaults(context, request)))

    with _debugged(backend):
        for page, context in render_all(sources, contexts, render, limit):
            if page.fault:
                regions = _regions_alone(backend, page.name, _with_defaults(context, make_request()), limit)
                yield from (TemplatePage(page.name, html) for html in regions)
            yield page


def _rendered_by_jinja(
    backend: Any, contexts: Contexts, sources: Mapping[str, str], make_request: MakeRequest, limit: TimeLimit
) -> Iterator[TemplatePage]:
    def render(name: str, context: Mapping[str, Any]) -> str:
        with Answering(request := make_request()):
            return str(backend.get_template(name).render(called(_with_defaults(context, request))))

    return (page for page, _ in render_all(sources, contexts, render, limit))


def _with_defaults(context: Mapping[str, Any], request: HttpRequest) -> dict[str, Any]:
    given: dict[str, Any] = {"STATIC_URL": settings.STATIC_URL, "MEDIA_URL": settings.MEDIA_URL, "request": request}
    if "sekizai" in settings.INSTALLED_APPS:
        given |= import_string("sekizai.context_processors.sekizai")()
    return {**given, **context}


def _regions_alone(backend: Any, name: str, given: Mapping[str, Any], limit: TimeLimit) -> Iterator[str]:
    """Yield each region of the template alone, as far as these can be rendered."""
    try:
        template = backend.get_template(name).template
        nodes = template.nodelist.get_nodes_by_type(CompressNode)
    except Exception:  # it does not compile, which is told
        return
    for node in nodes:
        context = Context(dict(given), autoescape=backend.engine.autoescape)
        try:
            with context.bind_template(template):
                html = str(limit.run(partial(node.render, context)))
        except Exception:  # noqa: S112  # the whole template failed, which is told
            continue
        yield html
