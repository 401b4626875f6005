"""Frameworks that Pressmark has never heard of are wrapped from outside, in one line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import bottle
import falcon
import falcon.asgi
import pytest
from litestar import Litestar, MediaType
from litestar import get as litestar_get
from pyramid.config import Configurator
from pyramid.response import Response
from quart import Quart
from starlette.testclient import TestClient
from werkzeug.test import Client

from pressmark import ASGIMiddleware, WSGIMiddleware
from tests.conftest import Write
from tests.site import TAG, css_region

PAGE = f"<!doctype html><title>é</title>{css_region('a.css', 'b.css').decode()}<p>page"


def litestar(*middleware: Any) -> Any:
    @litestar_get("/", media_type=MediaType.HTML, sync_to_thread=False)
    def page() -> str:
        return PAGE

    options: dict[str, Any] = {"openapi_config": None, "logging_config": None}  # else it sets up logging for all
    return Litestar([page], middleware=middleware, **options)


def quart() -> Any:
    app = Quart("site")

    @app.get("/")
    async def page() -> str:
        return PAGE

    return app


class FalconPage:
    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        response.content_type = falcon.MEDIA_HTML
        response.text = PAGE


class AsyncFalconPage:
    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        response.content_type = falcon.MEDIA_HTML
        response.text = PAGE


def test_in_litestars_own_list_of_middleware_regions_stay(
    static: Path, write: Write, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It runs behind the router, which knows no route to a bundle."""
    write("a.css", "a{}")
    write("b.css", "b{}")

    def pressmark(app: Any) -> Any:
        return ASGIMiddleware(app, static={"/static/": static}, cache_dir=tmp_path / "cache", build_wait=None)

    app = litestar(pressmark)

    assert TestClient(app).get("/").text == PAGE
    assert caplog.messages == [
        "css region on / was not bundled: the middleware stands behind a route, and requests for bundles do not come "
        "to it: wrap the whole application"
    ]


def falcon_wsgi() -> Any:
    app = falcon.App()
    app.add_route("/", FalconPage())
    return app


def falcon_asgi() -> Any:
    app = falcon.asgi.App()
    app.add_route("/", AsyncFalconPage())
    return app


def pyramid() -> Any:
    with Configurator() as configurator:
        configurator.add_route("page", "/")
        configurator.add_view(lambda request: Response(PAGE), route_name="page")
        return configurator.make_wsgi_app()


def bottle_app() -> Any:
    app = bottle.Bottle()
    app.get("/", callback=lambda: PAGE)
    return app


@pytest.fixture
def options(static: Path, write: Write) -> dict[str, Any]:
    write("a.css", "a { color: red }")
    write("b.css", "b { color: red }")
    return {"static": {"/static/": static}, "cache_dir": static.parent / "cache", "build_wait": None}


def check(get: Callable[[str], Any], content: Callable[[Any], bytes]) -> None:
    page = content(get("/"))
    [url] = TAG.findall(page)

    assert "é".encode() in page
    assert page.endswith(b"<p>page")
    assert content(get(url.decode())) == b"a{color:red}\nb{color:red}"


@pytest.mark.parametrize("make", [litestar, quart, falcon_asgi])
def test_an_asgi_framework_is_wrapped_from_outside(make: Callable[[], Any], options: dict[str, Any]) -> None:
    client = TestClient(ASGIMiddleware(make(), **options))  # without its lifespan, which Falcon does not end here

    check(client.get, lambda response: bytes(response.content))


@pytest.mark.parametrize("make", [falcon_wsgi, pyramid, bottle_app])
def test_a_wsgi_framework_is_wrapped_from_outside(make: Callable[[], Any], options: dict[str, Any]) -> None:
    client = Client(WSGIMiddleware(make(), **options))

    check(client.get, lambda response: bytes(response.data))
