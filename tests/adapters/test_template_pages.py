"""`manage.py compress --templates` has the regions of templates built without their views, as pages have them later.

Each scenario is one that django-compressor documents: the region that a template has under a context must be found
again in the manifest when a view renders the same template.
"""

import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters import django_project

django_project.configure()

from django.core.management import CommandError, call_command  # noqa: E402  # Django is configured now
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import RequestFactory, override_settings  # noqa: E402

from pressmark_django import template_pages  # noqa: E402
from pressmark_django.middleware import PressmarkMiddleware  # noqa: E402
from tests.site import TAG  # noqa: E402

LINK = '<link rel="stylesheet" href="{{{{ STATIC_URL }}}}{}.css">'
HEAD = "{% load compress %}<!doctype html><head>"
REGION = "{% compress css %}" + LINK.format("a") + "{% endcompress %}"


def loop() -> Iterator[str]:
    """Return names, as a function in a context."""
    return iter(("a", "b"))


def contexts() -> Iterator[dict[str, Any]]:
    """Yield contexts, as a setting names them."""
    yield {"theme": "a"}
    yield {"theme": "b"}


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path, templates: Path) -> Iterator[Callable[..., dict[str, Any]]]:
    """Return a function that runs the command with arguments, and returns its result."""
    static = tmp_path / "static"
    static.mkdir()
    for name in "abc":
        (static / f"{name}.css").write_text(f"{name} {{ color: red }}")
    options: dict[str, Any] = {"context_processors": [], "libraries": {"cms": "tests.adapters.cms_tags"}}
    jinja: dict[str, Any] = {"extensions": ["pressmark_django.jinja2.CompressExtension"]}
    settings: dict[str, Any] = {
        "STATIC_ROOT": static,
        "DEBUG": False,
        "PRESSMARK": {"cache_dir": tmp_path / "cache"},
        "TEMPLATES": [
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [templates], "OPTIONS": options},
            {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [templates / "jinja"], "OPTIONS": jinja},
        ],
    }

    def call(*arguments: str, **more: Any) -> dict[str, Any]:
        out = io.StringIO()
        with override_settings(**more):
            call_command("compress", "--templates", *arguments, "--output", str(tmp_path / "out"), "--json", stdout=out)
        found: dict[str, Any] = json.loads(out.getvalue())
        return found

    with override_settings(**settings):
        yield call


@pytest.fixture
def view(tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that renders a template in a view, on a server that must have it in its manifest."""

    def bundles(name: str, context: dict[str, Any], engine: str = "django") -> list[str]:
        def answer(request: HttpRequest) -> HttpResponse:
            given = {"STATIC_URL": "/static/", **context}
            return HttpResponse(engines[engine].get_template(name).render(given, request))

        ours = {"manifest": tmp_path / "out" / "manifest.json", "on_missing": "error", "cache_dir": tmp_path / "other"}
        with override_settings(PRESSMARK=ours, STATIC_ROOT=tmp_path / "none"):
            response = PressmarkMiddleware(answer)(RequestFactory().get("/page/"))
        assert isinstance(response, HttpResponse)
        return [url.decode() for url in TAG.findall(response.content)]

    return bundles


BLOCK = "{% block css %}{% endblock %}"
FILLED = "{% load compress %}{% block css %}" + REGION + "{% endblock %}"
STATIC_IN_CODE = "<style>p { background: url({{ STATIC_URL }}p.png) }</style>"


def region(inner: str) -> str:
    """Return a region of a template."""
    return "{% compress css %}" + inner + "{% endcompress %}"


SCENARIOS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "plain": ({"page.html": HEAD + REGION}, {}),
    "inheritance": ({"base.html": HEAD + BLOCK, "page.html": "{% extends 'base.html' %}" + FILLED}, {}),
    "block.super": (
        {
            "base.html": HEAD + region("{% block css %}" + LINK.format("a") + "{% endblock %}"),
            "page.html": "{% extends 'base.html' %}{% block css %}{{ block.super }}"
            + LINK.format("b")
            + "{% endblock %}",
        },
        {},
    ),
    "a variable in extends": (
        {"base.html": HEAD + BLOCK, "page.html": "{% extends parent %}" + FILLED},
        {"parent": "base.html"},
    ),
    "a relative parent": (
        {"shop/base.html": HEAD + REGION + BLOCK, "shop/page.html": "{% extends './base.html' %}"},
        {},
    ),
    "parents of parents": (
        {
            "root.html": HEAD + BLOCK,
            "base.html": "{% extends 'root.html' %}{% block css %}{% block more %}{% endblock %}{% endblock %}",
            "page.html": "{% extends 'base.html' %}" + FILLED.replace("block css", "block more"),
        },
        {},
    ),
    "a condition": (
        {
            "page.html": HEAD
            + "{% if theme == 'a' %}"
            + REGION
            + "{% else %}"
            + region(LINK.format("b"))
            + "{% endif %}"
        },
        {"theme": "b"},
    ),
    "a loop": (
        {"page.html": HEAD + region("{% for name in names %}" + LINK.format("{{ name }}") + "{% endfor %}")},
        {"names": loop},
    ),
    "an include": (
        {"part.html": "{% load compress %}" + REGION, "page.html": HEAD + "{% include 'part.html' %}"},
        {},
    ),
    "a name": ({"page.html": HEAD + REGION.replace("css %}", "css file main %}", 1)}, {}),
    "a static URL in inline code": ({"page.html": HEAD + region(LINK.format("a") + STATIC_IN_CODE)}, {}),
    "markers": ({"page.html": "<head><!-- compress css -->" + LINK.format("a") + "<!-- endcompress -->"}, {}),
    "an inclusion tag": (
        {"part.html": "{% load compress %}\n" + REGION, "page.html": "{% load cms %}<!doctype html><p>{% part %}"},
        {},
    ),
    "an inclusion tag with an argument": (
        {
            "part.html": "{% load compress %}" + REGION.replace("}}a", "}}{{ name }}"),
            "page.html": HEAD + "{% load cms %}{% if unknown %}" + REGION + "{% endif %}<p>{% part 'b' %}",
        },
        {},
    ),
    "a request": ({"page.html": HEAD + REGION + "{{ request.build_absolute_uri }} {{ request.GET.page }}"}, {}),
    "in a body": ({"page.html": "{% load compress %}<p>text " + REGION + " text"}, {}),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_view_finds_what_its_template_has(
    name: str, templates: Path, run: Callable[..., Any], view: Callable[..., list[str]]
) -> None:
    files, context = SCENARIOS[name]
    for file, text in files.items():
        (templates / file).parent.mkdir(exist_ok=True)
        (templates / file).write_text(text)
    page = next(file for file in reversed(files) if "page" in file)
    result = run(COMPRESS_OFFLINE_CONTEXT=context)

    assert [page["fault"] for page in result["pages"] if page["fault"]] == []
    assert len(view(page, context)) == 1


def test_a_template_of_jinja_has_its_regions_built(
    templates: Path, run: Callable[..., Any], view: Callable[..., list[str]]
) -> None:
    (templates / "jinja").mkdir()
    (templates / "jinja" / "base.html").write_text("<head>{% block css %}{% endblock %}")
    region = REGION.replace("{{ STATIC_URL }}", "{{ STATIC_URL }}{{ theme }}").replace("a.css", ".css")
    (templates / "jinja" / "page.html").write_text(
        "{% extends 'base.html' %}{% block css %}" + region + "{% endblock %}"
    )
    run("--engine", "jinja2", COMPRESS_OFFLINE_CONTEXT="tests.adapters.test_template_pages.contexts")

    urls = [view("page.html", {"theme": theme}, "jinja2") for theme in "ab"]
    assert [len(each) for each in urls] == [1, 1]
    assert urls[0] != urls[1]


@pytest.mark.parametrize(
    "context",
    [
        [{"theme": "a"}, {"theme": "b"}],
        ({"theme": "a"}, {"theme": "b"}),
        contexts,
        "tests.adapters.test_template_pages.contexts",
    ],
    ids=["a list", "a tuple", "a function", "a dotted name"],
)
def test_a_template_is_rendered_under_each_context(
    templates: Path, run: Callable[..., Any], view: Callable[..., list[str]], context: Any
) -> None:
    (templates / "page.html").write_text(HEAD + "{% compress css %}" + LINK.format("{{ theme }}") + "{% endcompress %}")
    result = run(COMPRESS_OFFLINE_CONTEXT=context)

    assert len(result["regions"]) == 2
    assert view("page.html", {"theme": "a"}) != view("page.html", {"theme": "b"}) != []


def test_the_region_of_a_template_that_fails_elsewhere_is_built_all_the_same(
    templates: Path, run: Callable[..., Any], view: Callable[..., list[str]]
) -> None:
    (templates / "page.html").write_text(HEAD + REGION + "{% if view %}{% else %}\n\n{% url 'nowhere' %}{% endif %}")
    (templates / "other.html").write_text("{% load compress nothing %}" + REGION)
    faults = [page["fault"] for page in run()["pages"] if page["fault"]]

    assert len(view("page.html", {"view": True})) == 1
    assert faults[0].startswith("TemplateSyntaxError: 'nothing' is not a registered tag library")
    assert faults[0].endswith(f"({templates / 'other.html'}:1)")
    assert faults[1].startswith("NoReverseMatch: Reverse for 'nowhere' not found")
    assert faults[1].endswith(f"({templates / 'page.html'}:3)")


def test_a_strict_build_fails_for_a_template_that_cannot_be_rendered(templates: Path, run: Callable[..., Any]) -> None:
    (templates / "page.html").write_text(HEAD + REGION + "{% url 'nowhere' %}")

    with pytest.raises(CommandError, match=r"template page.html: NoReverseMatch"):
        run("--strict")


def test_a_template_that_never_ends_stops_no_other(
    templates: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_pages, "LIMIT_S", 0.5)
    (templates / "a.html").write_text(HEAD + "{{ wait }}" + REGION)
    (templates / "b.html").write_text(HEAD + REGION)
    pages = run(COMPRESS_OFFLINE_CONTEXT={"wait": lambda: time.sleep(5)})["pages"]

    assert [(page["path"], page["fault"]) for page in pages if page["fault"]] == [
        ("template a.html", "TimeoutError: it did not end within 0.5 s")
    ]
    assert any(page["path"] == "template b.html" and not page["fault"] for page in pages)


@pytest.mark.parametrize("context", [7, ["a"], [{"a": 1}, 7]])
def test_a_context_that_is_no_mapping_is_an_error(templates: Path, run: Callable[..., Any], context: Any) -> None:
    with pytest.raises(CommandError, match="must be a mapping"):
        run(COMPRESS_OFFLINE_CONTEXT=context)


def test_only_templates_with_regions_and_wanted_endings_are_rendered(templates: Path, run: Callable[..., Any]) -> None:
    for name in ("page.html", "page.txt", "page.xml"):
        (templates / name).write_text(HEAD + REGION)
    (templates / "none.html").write_text("{% url 'nowhere' %}")

    assert [page["path"] for page in run()["pages"]] == ["template page.html"]
    assert [page["path"] for page in run("-e", "txt,xml")["pages"]] == ["template page.txt", "template page.xml"]


def test_the_settings_of_django_compressor_are_enough(
    tmp_path: Path, templates: Path, run: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Its project runs ``manage.py compress`` without a word more, and serves what that has made."""
    (templates / "page.html").write_text(HEAD + "{% compress css %}" + LINK.format("{{ theme }}") + "{% endcompress %}")
    old: dict[str, Any] = {"COMPRESS_OFFLINE": True, "COMPRESS_OFFLINE_CONTEXT": {"theme": "a"}, "PRESSMARK": {}}
    with override_settings(**old):
        call_command("compress", stdout=io.StringIO())
        cache = tmp_path / "static" / "CACHE"
        built = sorted(path.suffix for path in (cache / "css").iterdir())

        def answer(request: HttpRequest) -> HttpResponse:
            return HttpResponse(
                engines["django"].get_template("page.html").render({"STATIC_URL": "/static/", "theme": "a"})
            )

        (tmp_path / "static" / "a.css").unlink()
        middleware = PressmarkMiddleware(answer)
        [url] = TAG.findall(middleware(RequestFactory().get("/")).content)  # type: ignore[union-attr]

        assert middleware(RequestFactory().get(url.decode())).content == b"a{color:red}"  # type: ignore[union-attr]
    assert built == [".br", ".css", ".gz", ".zst"]
    assert (cache / "pressmark-manifest.json").exists()


def test_templates_can_be_left_out(templates: Path, run: Callable[..., Any]) -> None:
    for name in ("admin/a.html", "page.html"):
        (templates / name).parent.mkdir(exist_ok=True)
        (templates / name).write_text(HEAD + REGION)

    assert [page["path"] for page in run("--exclude", "^admin/")["pages"]] == ["template page.html"]
