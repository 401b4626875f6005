"""Templates rendered without their views, for regions that no page of a build has: every template under every context.

A template is rendered as a whole, so that inheritance, blocks, loops and conditions are what its engine makes of them.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from pkgutil import resolve_name
from typing import Any, NamedTuple

from pressmark.concurrency.time_limit import TimeLimit
from pressmark.errors import SettingsError
from pressmark.offline.visiting import Visited

LIMIT_S = 30.0
"""Seconds that a template may take."""
_REGION = re.compile(r"\{%-?\+?\s*compress\b|<!--\s*compress\s|\{%\s*render_block\b")
_PARENT = re.compile(r"\{%-?\+?\s*(?:extends|include|import|from)\s+(?:(['\"])(.+?)\1|(\S+))")
_PAGE = re.compile(r"(?i)<(?:!doctype|html|head|body)\b")
_AROUND = ("<!doctype html><html><head>{}</head></html>", "<!doctype html><html><body>{}</body></html>")
_ENDINGS = (".html", ".jinja", ".jinja2", ".j2", ".txt", ".xml")

Render = Callable[[str, Mapping[str, Any]], str]
"""Gives the HTML of the template of a name under a context. Raises anything."""


class TemplatePage(NamedTuple):
    """What the template *name* became: *html*, or the *fault* for which there is none."""

    name: str
    html: str = ""
    fault: str = ""


def contexts_of(wanted: Any) -> list[Mapping[str, Any]]:
    """Return the contexts of a setting: a mapping, an iterable of mappings, or a function of them or its dotted name.

    Raises SettingsError.
    """
    try:
        found = resolve_name(wanted) if isinstance(wanted, str) else wanted
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(f"there are no contexts {wanted!r}: {error}; a dotted name was expected, such as "
                            "'project.contexts.of_all_pages'") from error  # fmt: skip
    found = found() if callable(found) else found
    is_one = isinstance(found, Mapping) or not isinstance(found, Iterable)
    contexts = [found or {}] if is_one else list(found) or [{}]
    for context in contexts:
        if not isinstance(context, Mapping):
            raise SettingsError(f"a context of templates is {context!r}; it must be a mapping, such as {{'site': …}}")
    return contexts


def endings_of(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the endings of templates' names: those of *wanted*, each of which may be several between commas."""
    endings = [each.strip() for given in wanted for each in given.split(",")] or [".html"]
    return tuple(each if each.startswith(".") else f".{each}" for each in endings)


def render_all(
    sources: Mapping[str, str], contexts: Iterable[Mapping[str, Any]], render: Render, limit: TimeLimit
) -> Iterator[tuple[TemplatePage, Mapping[str, Any]]]:
    """Yield each template of *sources* that may have a region, under each of *contexts*, and that context."""
    for name in sorted(sources):
        if may_have_region(name, sources, set()):
            for context in contexts:
                try:
                    html = limit.run(partial(render, name, context))
                except Exception as error:  # the project's
                    fault = f"{type(error).__name__}: {error}{_place(error)}"
                    yield TemplatePage(name, fault=fault), context
                else:
                    yield TemplatePage(name, html), context


def visited_template(page: TemplatePage, bundle: Callable[[str], object]) -> Visited:
    """Have *bundle* build the regions of *page*, and tell what became of it.

    A part of a page, such as what a tag includes, may stand in a head and in a body.
    """
    visited = Visited(f"template {page.name}", is_wanted=False, fault=page.fault)
    if not page.fault:
        for around in ("{}",) if _PAGE.search(page.html) else _AROUND:
            bundle(around.format(page.html))
        visited.status = HTTPStatus.OK
    return visited


def jinja_sources(environment: Any, endings: tuple[str, ...]) -> dict[str, str]:
    """Return the texts of the templates of an *environment* of Jinja, by their names."""
    names = environment.list_templates(filter_func=lambda name: name.endswith(endings))
    return {name: environment.loader.get_source(environment, name)[0] for name in names}


def called(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return *context* with its functions called, as Django's engine does by itself, and Jinja does not."""
    return {name: value() if _is_factory(value) else value for name, value in context.items()}


def may_have_region(name: str, sources: Mapping[str, str], seen: set[str]) -> bool:
    """Tell whether a template has a region, or extends or includes one that may; a name that is a variable may."""
    text = sources.get(name, "")
    seen.add(name)
    if _REGION.search(text):
        return True
    for _, literal, variable in _PARENT.findall(text):
        other = os.path.normpath(os.path.join(os.path.dirname(name), literal)) if literal.startswith(".") else literal
        if variable or (other not in seen and may_have_region(other, sources, seen)):
            return True
    return False


def _is_factory(value: object) -> bool:
    return callable(value) and not isinstance(value, type) and hasattr(value, "__code__")


def _place(error: Exception) -> str:
    """Return the file and line of a template's error, as far as they are known."""
    debug = getattr(error, "template_debug", None)  # Django's
    if debug:
        return f" ({debug['name']}:{debug['line']})"
    line, file = getattr(error, "lineno", None), getattr(error, "filename", None)  # Jinja's, of syntax
    trace, place = error.__traceback__, (file, line) if line else None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(_ENDINGS):
            place = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return f" ({place[0]}:{place[1]})" if place else ""
