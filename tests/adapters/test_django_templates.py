"""The tags of django-compressor's templates write markers, and no more."""

from collections import defaultdict
from typing import Any

import pytest

from tests.adapters import django_project
from tests.site import TAG

django_project.configure()

from django.http import HttpRequest, HttpResponse  # noqa: E402  # Django must be configured first
from django.template import Context, Engine, RequestContext, TemplateSyntaxError, engines  # noqa: E402
from django.test import Client, RequestFactory, override_settings  # noqa: E402
from django.urls import path, set_script_prefix  # noqa: E402
from sekizai.data import UniqueSequence  # noqa: E402

from pressmark_django import bundle_html  # noqa: E402
from pressmark_django.middleware import PressmarkMiddleware  # noqa: E402

ENGINE = Engine(
    libraries={name: f"pressmark_django.templatetags.{name}" for name in ("compress", "pressmark")}
    | {"static": "django.templatetags.static", "sekizai_tags": "sekizai.templatetags.sekizai_tags"}
)


def render(text: str, library: str = "compress", **context: object) -> str:
    return str(ENGINE.from_string(f"{{% load {library} %}}{text}").render(Context(context)))


@pytest.mark.parametrize("library", ["compress", "pressmark"])
@pytest.mark.parametrize(
    ("tag", "marker"),
    [
        ("css", "compress css"),
        ("js file", "compress js file"),
        ("js inline", "compress js inline"),
        ("css preload main", "compress css preload main"),
        ("css file 'main'", "compress css file main"),
        ("css main", "compress css main"),
    ],
)
def test_a_tag_is_a_pair_of_markers(tag: str, marker: str, library: str) -> None:
    assert render(f"{{% compress {tag} %}}a{{% endcompress %}}b", library) == f"<!-- {marker} -->a<!-- endcompress -->b"


MAIL = '{% compress css inline %}<link rel="stylesheet" href="/static/own.css">{% endcompress %}'


def test_without_a_request_there_is_no_response_and_the_tag_writes_the_bundle() -> None:
    assert render(MAIL) == '<style>a{background:url("/static/a.png")}</style>'
    assert TAG.findall(render(MAIL.replace(" inline", "")).encode()) != []


def test_with_a_request_the_middleware_does() -> None:
    template = ENGINE.from_string(f"{{% load compress %}}{MAIL}")

    assert "compress css inline" in template.render(RequestContext(RequestFactory().get("/")))
    assert "compress css inline" in template.render(Context({"request": RequestFactory().get("/")}))


def answer(template: str) -> str:
    """Return a page whose view renders *template* without giving it the request."""
    html = "<!doctype html>" + template

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(render(html))

    urls = type("urls", (), {"urlpatterns": [path("app/", view)]})
    with override_settings(ROOT_URLCONF=urls, MIDDLEWARE=["pressmark_django.middleware.PressmarkMiddleware"]):
        return str(Client().get("/app/", SCRIPT_NAME="/mount").content.decode())


def test_a_page_that_is_rendered_without_its_request_is_left_to_the_middleware() -> None:
    """Which knows where the application is mounted, its policy, and what else stands in the page."""
    assert 'href="/mount/pressmark/css/' in answer(MAIL.replace(" inline", ""))


def test_a_mail_that_a_view_sends_holds_its_styles() -> None:
    assert "<style>a{" in answer(MAIL)


def test_what_depends_on_the_address_of_a_page_is_left_to_the_middleware() -> None:
    relative = "{% compress css inline %}<style>b { background: url(b.png) }</style>{% endcompress %}"

    assert render(relative).startswith("<!-- compress css inline -->")
    assert 'url("/mount/app/b.png")' in answer(relative)


def test_a_tag_without_a_response_knows_the_mount() -> None:
    set_script_prefix("/mount/")
    try:
        assert 'href="/mount/pressmark/css/' in render(MAIL.replace(" inline", ""))
    finally:
        set_script_prefix("/")


def test_without_the_middleware_nobody_would_serve_a_file() -> None:
    with override_settings(MIDDLEWARE=[]):
        assert render(MAIL.replace(" inline", "")).startswith("<!-- compress css -->")
        assert render(MAIL).startswith("<style>")


def test_a_view_that_reads_a_templates_result_has_a_function() -> None:
    template = ENGINE.from_string(f"{{% load compress %}}{MAIL}")
    html = template.render(RequestContext(RequestFactory().get("/")))

    assert bundle_html(html) == '<style>a{background:url("/static/a.png")}</style>'


def test_jinja_in_django_does_the_same() -> None:
    jinja = {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {"extensions": ["pressmark_django.jinja2.CompressExtension"]},
    }
    with override_settings(TEMPLATES=[jinja]):
        template = engines["jinja2"].from_string(MAIL)

        assert template.render() == '<style>a{background:url("/static/a.png")}</style>'
        assert "compress css inline" in template.render(request=RequestFactory().get("/"))


def test_the_end_may_name_its_kind() -> None:
    assert render("{% compress js %}{% endcompress js %}") == "<!-- compress js --><!-- endcompress -->"


def test_what_is_inside_is_a_template() -> None:
    text = "{% compress js %}{% for name in names %}<script src={{ name }}></script>{% endfor %}{% endcompress %}"

    assert render(text, names=["a.js", "<"]) == (
        "<!-- compress js --><script src=a.js></script><script src=&lt;></script><!-- endcompress -->"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% compress %}{% endcompress %}", "it must be css or js"),
        ("{% compress html %}{% endcompress %}", "it must be css or js"),
        ("{% compress css file a b %}{% endcompress %}", "it takes a kind, a mode, trust and a name"),
        ("{% compress css %}", "Unclosed tag"),
        ("{% compress css %}{% endcompress js %}", "it ends a region of css"),
    ],
)
def test_a_wrong_tag_is_an_error_of_its_template(text: str, message: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=message):
        render(text)


def test_a_template_of_django_compressor_is_bundled_as_it_is() -> None:
    text = (
        "{% load static compress %}{% compress css %}"
        '<link rel="stylesheet" href="{% static "own.css" %}" type="text/css">{% endcompress %}'
    )

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(ENGINE.from_string(text).render(Context()))

    response: Any = PressmarkMiddleware(view)(RequestFactory().get("/"))

    assert len(TAG.findall(response.content)) == 1


def sekizai(block: str, added: str) -> str:
    """Return what sekizai makes of a block to which a page has *added* something."""
    text = f'''{{% load sekizai_tags %}}{{% render_block "{block}" postprocessor "pressmark_django.sekizai.compress" %}}
{{% addtoblock "{block}" %}}{added}{{% endaddtoblock %}}'''
    return str(ENGINE.from_string(text).render(Context({"SEKIZAI_CONTENT_HOLDER": defaultdict(UniqueSequence)})))


@pytest.mark.parametrize("kind", ["css", "js"])
def test_a_block_of_sekizai_is_a_region(kind: str) -> None:
    assert sekizai(kind, "<a>").strip() == f"<!-- compress {kind} --><a><!-- endcompress -->"


@pytest.mark.parametrize(("block", "added"), [("fonts", "<a>"), ("css", " ")])
def test_another_block_of_sekizai_is_none(block: str, added: str) -> None:
    assert sekizai(block, added).strip() == added.strip()
