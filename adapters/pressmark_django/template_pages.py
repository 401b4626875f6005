"""Render templates without their views, for regions that no page of a build has: every template under every context.

A template is rendered as a whole, so that inheritance, blocks, loops and conditions are what the engine makes of them.
If that fails, each of its own regions is rendered by itself: in a head and in a body, as nobody knows where it stands.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template import Context, engines
from django.template.backends.django import DjangoTemplates
from django.utils.module_loading import import_string

from pressmark.adapters import SettingsError
from pressmark.adapters.commands import within_limit
from pressmark_django.templatetags.compress import CompressNode

LIMIT_S = 30.0
"""Seconds that a template may take."""
_REGION = re.compile(r"\{%-?\+?\s*compress\b|<!--\s*compress\s|\{%\s*render_block\b")
_PARENT = re.compile(r"\{%-?\+?\s*(?:extends|include|import|from)\s+(?:(['\"])(.+?)\1|(\S+))")
_AROUND = ("<!doctype html><html><head>{}</head></html>", "<!doctype html><html><body>{}</body></html>")


class TemplatePage(NamedTuple):
    """What a template became: *html*, or the *fault* for which there is none."""

    name: str
    html: str = ""
    fault: str = ""


def contexts_of(wanted: Any) -> list[Mapping[str, Any]]:
    """Return the contexts of a setting: a mapping, an iterable of mappings, or a function of them or its dotted name.

    Raises SettingsError.
    """
    found = import_string(wanted) if isinstance(wanted, str) else wanted
    found = found() if callable(found) else found
    is_one = isinstance(found, Mapping) or not isinstance(found, Iterable)
    contexts = [found or {}] if is_one else list(found) or [{}]
    for context in contexts:
        if not isinstance(context, Mapping):
            raise SettingsError(f"a context of templates is {context!r}; it must be a mapping, such as {{'site': …}}")
    return contexts


def render_templates(
    contexts: Iterable[Mapping[str, Any]], *, endings: Iterable[str], backends: Iterable[str], follows_links: bool
) -> Iterator[TemplatePage]:
    """Yield each template with a region, under each of *contexts*.

    Only templates with one of the *endings* are looked at, of the engines of Django's *backends* ("django", "jinja2").
    """
    for backend in _backends():
        kind = "django" if isinstance(backend, DjangoTemplates) else "jinja2"
        if kind not in backends or (kind == "jinja2" and not hasattr(backend, "env")):
            continue
        sources = _sources(backend, kind, tuple(endings), follows_links=follows_links)
        with _debugged(backend, kind):
            for name in sorted(sources):
                if _may_have_region(name, sources, set()):
                    for context in contexts:
                        yield from _rendered(backend, kind, name, context)


def _backends() -> Iterator[Any]:
    """Yield the project's engines, and the environment of Jinja that django-compressor's setting gives."""
    yield from engines.all()
    wanted: Any = getattr(settings, "COMPRESS_JINJA2_GET_ENVIRONMENT", None)
    if wanted is not None:
        yield _Environment((import_string(wanted) if isinstance(wanted, str) else wanted)())


class _Environment(NamedTuple):
    """An environment of Jinja in the place of an engine."""

    env: Any

    def get_template(self, name: str) -> Any:
        return self.env.get_template(name)


def _sources(backend: Any, kind: str, endings: tuple[str, ...], *, follows_links: bool) -> dict[str, str]:
    """Return the texts of the templates of *backend* by their names; the first loader that has a name counts."""
    if kind == "jinja2":
        names = backend.env.list_templates(filter_func=lambda name: name.endswith(endings))
        return {name: backend.env.loader.get_source(backend.env, name)[0] for name in names}
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


def _may_have_region(name: str, sources: Mapping[str, str], seen: set[str]) -> bool:
    """Tell whether a template has a region, or extends or includes one that may; a name that is a variable may."""
    text = sources.get(name, "")
    seen.add(name)
    if _REGION.search(text):
        return True
    for _, literal, variable in _PARENT.findall(text):
        other = os.path.normpath(os.path.join(os.path.dirname(name), literal)) if literal.startswith(".") else literal
        if variable or (other not in seen and _may_have_region(other, sources, seen)):
            return True
    return False


@contextmanager
def _debugged(backend: Any, kind: str) -> Iterator[None]:
    """Have errors of Django's templates tell their files and lines."""
    if kind == "jinja2":
        yield
        return
    before, backend.engine.debug = backend.engine.debug, True
    try:
        yield
    finally:
        backend.engine.debug = before


def _rendered(backend: Any, kind: str, name: str, context: Mapping[str, Any]) -> Iterator[TemplatePage]:
    given = _with_defaults(context, kind)
    try:
        yield TemplatePage(name, within_limit(LIMIT_S, lambda: str(backend.get_template(name).render(given))))
    except Exception as error:  # the project's
        fault = f"{type(error).__name__}: {error}{_place(error)}"
    else:
        return
    regions = _regions_alone(backend, name, given) if kind == "django" else ()
    yield from (TemplatePage(name, html) for html in regions)
    yield TemplatePage(name, fault=fault)


def _with_defaults(context: Mapping[str, Any], kind: str) -> dict[str, Any]:
    request = HttpRequest()
    request.path = request.path_info = "/"
    request.method = "GET"
    given: dict[str, Any] = {"STATIC_URL": settings.STATIC_URL, "MEDIA_URL": settings.MEDIA_URL, "request": request}
    if "sekizai" in settings.INSTALLED_APPS:
        given |= import_string("sekizai.context_processors.sekizai")()
    given |= context
    if kind == "jinja2":  # Django's engine calls functions itself
        given = {name: value() if _is_factory(value) else value for name, value in given.items()}
    return given


def _is_factory(value: object) -> bool:
    return callable(value) and not isinstance(value, type) and hasattr(value, "__code__")


def _regions_alone(backend: Any, name: str, given: Mapping[str, Any]) -> Iterator[str]:
    """Yield pages with each region of the template alone, as far as these can be rendered."""
    try:
        template = backend.get_template(name).template
        nodes = template.nodelist.get_nodes_by_type(CompressNode)
    except Exception:  # it does not compile, which is told
        return
    for node in nodes:
        context = Context(dict(given), autoescape=backend.engine.autoescape)
        try:
            with context.bind_template(template):
                html = within_limit(LIMIT_S, lambda: str(node.render(context)))  # noqa: B023  # done within the loop
        except Exception:  # noqa: S112  # the whole template failed, which is told
            continue
        yield from (around.format(html) for around in _AROUND)


def _place(error: Exception) -> str:
    """Return the file and line of a template's error, as far as they are known."""
    debug = getattr(error, "template_debug", None)  # Django's
    if debug:
        return f" ({debug['name']}:{debug['line']})"
    line, file = getattr(error, "lineno", None), getattr(error, "filename", None)  # Jinja's, of syntax
    trace, place = error.__traceback__, (file, line) if line else None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".html", ".jinja", ".jinja2", ".j2", ".txt", ".xml")):
            place = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return f" ({place[0]}:{place[1]})" if place else ""
