"""Where a template writes markers and none arrive, one warning names who may have removed them."""

import asyncio
import logging
import re
from collections.abc import Callable

import pytest

from tests.adapters import django_project

django_project.configure()

from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402  # Django must be configured first
from django.template import Context, Engine  # noqa: E402
from django.test import AsyncClient, Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from jinja2 import Environment  # noqa: E402

from pressmark_django import bundle_html  # noqa: E402
from pressmark_django.checks import MIDDLEWARE  # noqa: E402
from pressmark_django.jinja2 import CompressExtension  # noqa: E402

PAGE = '{% load compress %}<!doctype html>{% compress css %}<link rel="stylesheet" href="/static/own.css">'
TEMPLATE = Engine(libraries={"compress": "pressmark_django.templatetags.compress"}).from_string(
    PAGE + "{% endcompress %}"
)
JINJA = Environment(extensions=[CompressExtension]).from_string(PAGE.split("}", 1)[1] + "{% endcompress %}")
MINIFIER = f"{__name__}.minify"


def rendered(request: HttpRequest) -> str:
    return str(TEMPLATE.render(Context({"request": request})))


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(rendered(request))


def jinja(request: HttpRequest) -> HttpResponse:
    return HttpResponse(JINJA.render(request=request))


def bundled(request: HttpRequest) -> HttpResponse:
    return HttpResponse(bundle_html(rendered(request)))


def mailed(request: HttpRequest) -> HttpResponse:
    assert rendered(request)
    return HttpResponse("<!doctype html><!-- page --><p>sent")


def sent(request: HttpRequest) -> HttpResponse:
    assert bundle_html(rendered(request))
    return HttpResponse("<p>sent")


def answered(request: HttpRequest) -> JsonResponse:
    assert rendered(request)
    return JsonResponse({"sent": True})


urlpatterns = [
    path("answered/", answered),
    path("sent/", sent),
    path("", page),
    path("jinja/", jinja),
    path("bundled/", bundled),
    path("mailed/", mailed),
]


def minify(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Make a middleware that removes comments."""

    def minified(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.content = re.sub(rb"<!--.*?-->", b"", response.content)
        return response

    return minified


tidy = minify  # a name that tells nothing


def ask_sync(url: str) -> bytes:
    return bytes(Client().get(url).content)


def ask_async(url: str) -> bytes:
    return bytes(asyncio.run(AsyncClient().get(url)).content)


both = pytest.mark.parametrize("ask", [ask_sync, ask_async], ids=["sync", "async"])


@both
def test_a_minifier_inside_is_named(ask: Callable[[str], bytes], caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[MIDDLEWARE, MINIFIER]):
        assert b"/static/own.css" in ask("/")

    [warning] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert f"none arrived: {MINIFIER} removes comments, and must stand before Pressmark" in warning.getMessage()


@both
def test_where_the_order_is_right_nothing_is_said(
    ask: Callable[[str], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[MINIFIER, MIDDLEWARE]):
        assert b"/pressmark/" in ask("/")

    assert caplog.records == []


def test_markers_of_jinja_are_missed_as_well(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[MIDDLEWARE, MINIFIER]):
        ask_sync("/jinja/")

    assert f"none arrived: {MINIFIER} removes comments" in caplog.text


def test_one_that_is_not_known_is_guessed(caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[MIDDLEWARE, f"{__name__}.tidy"]):
        ask_sync("/")

    assert "none arrived: something between the template and Pressmark removes comments" in caplog.text


@pytest.mark.parametrize("url", ["/bundled/", "/mailed/", "/sent/", "/answered/"])
def test_a_region_that_was_used_elsewhere_is_not_missed(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[MIDDLEWARE]):
        ask_sync(url)

    assert [record for record in caplog.records if "none arrived" in record.getMessage()] == []
