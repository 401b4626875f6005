"""`flask pressmark build --templates` builds the regions of templates without their views, as pages have them later."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, render_template

from pressmark_flask import Pressmark
from tests.site import TAG

BASE = "<head>{% compress css %}{% block css %}{{ link(theme) }}{% endblock %}{% endcompress %}</head>{{ view }}"
LINKS = '{% macro link(name) %}<link rel="stylesheet" href="/static/{{ name }}.css">{% endmacro %}'
PAGES = {
    "links.html": LINKS,
    "base.html": "{% from 'links.html' import link %}" + BASE,
    "page.html": "{% extends 'base.html' %}{% from 'links.html' import link %}"
    "{% block css %}{{ super() }}{% for name in names %}{{ link(name) }}{% endfor %}{% endblock %}",
    "broken.html": "{% compress css %}{% endcompress %}\n{{ nothing.at_all }}",
}


def contexts() -> list[dict[str, Any]]:
    return [{"theme": theme, "names": lambda: ["c"]} for theme in ("a", "b")]


@pytest.fixture
def make(static: Path, tmp_path: Path) -> Callable[..., Flask]:
    """Return a function that makes the application, with keys of its configuration."""
    for name in "abc":
        (static / f"{name}.css").write_text(f"{name} {{ color: red }}")
    for folder in ("templates", "shop"):
        (tmp_path / folder).mkdir()
    for name, text in PAGES.items():
        (tmp_path / "templates" / name).write_text(text)
    (tmp_path / "shop" / "shop.html").write_text("{% extends 'page.html' %}")

    def application(**config: Any) -> Flask:
        app = Flask("site", static_folder=str(static), template_folder=str(tmp_path / "templates"))
        app.register_blueprint(Blueprint("shop", __name__, template_folder=str(tmp_path / "shop")))
        app.config.update({"PRESSMARK_CACHE_DIR": tmp_path / "cache", **config})
        Pressmark(app)
        app.add_url_rule(
            "/<theme>/<name>", "page", lambda theme, name: render_template(name, theme=theme, names=["c"], view="v")
        )
        return app

    return application


def build(app: Flask, tmp_path: Path, *arguments: str) -> dict[str, Any]:
    options = ("--templates", "--output", str(tmp_path / "out"), "--json", *arguments)
    printed = app.test_cli_runner().invoke(args=["pressmark", "build", *options])
    found: dict[str, Any] = json.loads(printed.stdout)
    return found


def test_views_find_what_the_templates_have(make: Callable[..., Flask], tmp_path: Path) -> None:
    built = build(make(), tmp_path, "--context", f"{__name__}.contexts")
    for theme in "ab":
        app = make(
            PRESSMARK_MANIFEST=tmp_path / "out" / "manifest.json",
            PRESSMARK_ON_MISSING="keep",
            PRESSMARK_CACHE_DIR=tmp_path / theme,
        )
        for name in ("base.html", "page.html", "shop.html"):
            page = app.test_client().get(f"/{theme}/{name}")
            assert len(TAG.findall(page.data)) == 1, name

    assert {page["path"] for page in built["pages"] if page["status"] == 200} == {
        "template base.html", "template page.html", "template shop.html",
    }  # fmt: skip


def test_a_template_that_fails_is_told_with_its_place_and_stops_no_other(
    make: Callable[..., Flask], tmp_path: Path
) -> None:
    pages = build(make(), tmp_path)["pages"]

    [fault] = {page["fault"] for page in pages if page["path"] == "template broken.html"}
    assert fault == f"UndefinedError: 'nothing' is undefined ({tmp_path / 'templates' / 'broken.html'}:2)"
    assert any(page["path"] == "template base.html" and page["status"] == 200 for page in pages)


def test_contexts_that_do_not_exist_are_told_in_one_line(make: Callable[..., Flask]) -> None:
    printed = (
        make().test_cli_runner().invoke(args=["pressmark", "build", "--templates", "--context", "nowhere.contexts"])
    )

    assert printed.exit_code == 1
    assert "there are no contexts 'nowhere.contexts': No module named 'nowhere'" in printed.output
