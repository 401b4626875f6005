"""Render the templates of a Flask application without their views."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, render_template

from pressmark.adapters.commands import LIMIT_S, TemplatePage, TimeLimit, called, jinja_sources, render_all


def render_templates(
    app: Flask, contexts: Iterable[Mapping[str, Any]], endings: tuple[str, ...]
) -> Iterator[TemplatePage]:
    """Yield each template of *app* and its blueprints with a region, under each of *contexts*, as in a request of "/".

    Only templates with one of the *endings* are looked at.
    """

    def render(name: str, context: Mapping[str, Any]) -> str:
        with app.test_request_context():
            return render_template(name, **called(context))

    with TimeLimit(LIMIT_S) as limit:
        sources = jinja_sources(app.jinja_env, endings)
        yield from (page for page, _ in render_all(sources, contexts, render, limit))
