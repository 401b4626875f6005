"""With ``resolve="app"`` nothing that guards files is walked around, on whichever side of Pressmark it stands."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from werkzeug.wrappers import Request as WSGIRequest
from werkzeug.wrappers import Response as WSGIResponse

from pressmark_flask import Pressmark
from pressmark_starlette import PressmarkMiddleware
from tests.adapters import django_project

django_project.configure()

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden  # noqa: E402  # Django must be configured first
from django.test import AsyncClient, Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402

SECRET = "var secret = 1"
PAGE = '<!doctype html><!-- compress js --><script src="/internal/tools.js"></script><!-- endcompress -->'
VISITOR = {"Cookie": "user=alice"}
GUARD, OURS = "tests.adapters.test_guards.guard", "pressmark_django.middleware.PressmarkMiddleware"


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


def tools(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SECRET, content_type="text/javascript")


def guard(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        is_known = request.COOKIES.get("user") == "alice" or not request.path.startswith("/internal/")
        return get_response(request) if is_known else HttpResponseForbidden("no")

    return middleware


def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.replace("/internal", ""))


urlpatterns = [path("", page), path("internal/tools.js", tools), path("public/", public), path("tools.js", tools)]


@pytest.mark.parametrize("order", [[GUARD, OURS], [OURS, GUARD]], ids=["the guard outside", "the guard inside"])
def test_a_guard_of_django_is_asked(order: list[str], tmp_path: Path) -> None:
    settings: dict[str, Any] = {"resolve": "app", "build_wait": None, "cache_dir": tmp_path / "cache"}
    with override_settings(MIDDLEWARE=order, ROOT_URLCONF=__name__, PRESSMARK=settings):
        assert Client().get("/internal/tools.js").status_code == 403
        assert Client().get("/", headers=VISITOR).content.decode() == PAGE
        answer: Any = asyncio.run(AsyncClient().get("/", headers=VISITOR))
        assert answer.content.decode() == PAGE


@pytest.mark.parametrize("order", [[OURS], [OURS, "django.middleware.common.CommonMiddleware"]])
def test_what_is_guarded_by_nothing_is_bundled(order: list[str], tmp_path: Path) -> None:
    settings: dict[str, Any] = {"resolve": "app", "build_wait": None, "cache_dir": tmp_path / "cache"}
    with override_settings(MIDDLEWARE=order, ROOT_URLCONF=__name__, PRESSMARK=settings):
        assert "/pressmark/js/" in Client().get("/").content.decode()


def test_synchronous_middleware_around_an_asynchronous_pressmark_is_no_deadlock(tmp_path: Path) -> None:
    """It holds the one thread for synchronous code, in which it has to answer for the file as well."""
    settings: dict[str, Any] = {"resolve": "app", "build_wait": None, "cache_dir": tmp_path / "cache"}
    with override_settings(MIDDLEWARE=[GUARD, OURS], ROOT_URLCONF=__name__, PRESSMARK=settings):
        answer: Any = asyncio.run(AsyncClient().get("/public/"))

    assert "/pressmark/js/" in answer.content.decode()


def test_a_guard_around_flask_is_asked(tmp_path: Path) -> None:
    """It was put around the application after Pressmark."""
    app = Flask("site")
    app.config |= {"PRESSMARK_RESOLVE": "app", "PRESSMARK_BUILD_WAIT": None, "PRESSMARK_CACHE_DIR": tmp_path / "cache"}
    app.add_url_rule("/", view_func=lambda: PAGE, endpoint="page")
    app.add_url_rule("/internal/tools.js", view_func=lambda: (SECRET, {"Content-Type": "text/javascript"}))
    Pressmark(app)
    inner = app.wsgi_app

    def guarded(environ: Any, start_response: Any) -> Any:
        request = WSGIRequest(environ)
        is_known = request.cookies.get("user") == "alice" or not request.path.startswith("/internal/")
        return (inner if is_known else WSGIResponse("no", 403))(environ, start_response)

    assert "/pressmark/js/" in app.test_client().get("/").text
    app = Flask("guarded")
    app.config |= {"PRESSMARK_RESOLVE": "app", "PRESSMARK_BUILD_WAIT": None, "PRESSMARK_CACHE_DIR": tmp_path / "cache"}
    app.add_url_rule("/", view_func=lambda: PAGE, endpoint="page")
    app.add_url_rule("/internal/tools.js", view_func=lambda: (SECRET, {"Content-Type": "text/javascript"}))
    Pressmark(app)
    inner = app.wsgi_app
    app.wsgi_app = guarded  # type: ignore[method-assign]

    assert app.test_client().get("/", headers=VISITOR).text == PAGE


class Guard:
    """Starlette middleware that lets only one visitor see internal files."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        is_internal = scope["type"] == "http" and scope["path"].startswith("/internal/")
        is_known = not is_internal or Request(scope).cookies.get("user") == "alice"
        await (self.app if is_known else Response("no", 403))(scope, receive, send)


@pytest.mark.parametrize("is_outside", [True, False], ids=["the guard outside", "the guard inside"])
def test_a_guard_of_starlette_is_asked(is_outside: bool, tmp_path: Path) -> None:
    async def page(request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def tools(request: Request) -> Response:
        return Response(SECRET, media_type="text/javascript")

    options: dict[str, Any] = {"resolve": "app", "build_wait": None, "cache_dir": tmp_path / "cache"}
    stack = [Middleware(Guard), Middleware(PressmarkMiddleware, **options)]
    routes = [Route("/", page), Route("/internal/tools.js", tools)]
    app = Starlette(routes=routes, middleware=stack if is_outside else stack[::-1])
    client = TestClient(app)

    assert client.get("/internal/tools.js").status_code == 403
    assert client.get("/", headers=VISITOR).text == PAGE
    unguarded = TestClient(Starlette(routes=routes, middleware=stack[1:]))
    assert "/pressmark/js/" in unguarded.get("/", headers=VISITOR).text
