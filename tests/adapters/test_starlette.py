"""Pressmark in Starlette's and FastAPI's middleware stacks."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.testclient import TestClient

from pressmark.errors import SettingsError
from pressmark_starlette import PressmarkMiddleware, static_mounts
from tests.conftest import Write
from tests.site import TAG

PAGE = (
    '<!-- compress css --><link rel="stylesheet" href="{base}/static/a.css">'
    '<link rel="stylesheet" href="{base}/drf/rest_framework/css/prettify.css"><!-- endcompress -->'
)


async def page(request: Request) -> HTMLResponse:
    return HTMLResponse(PAGE.format(base=request.scope.get("root_path", "")))


async def linked(request: Request) -> HTMLResponse:
    url = request.url_for("static", path="a.css")
    return HTMLResponse(f'<!-- compress css --><link rel="stylesheet" href="{url}"><!-- endcompress -->')


def routes(static: Path) -> list[Any]:
    return [
        Route("/", page),
        Route("/linked/", linked),
        Mount("/static", StaticFiles(directory=static), name="static"),
        Mount("/drf", StaticFiles(packages=[("rest_framework", "static")])),
    ]


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    return {"cache_dir": tmp_path / "cache", "build_wait": None}


@pytest.fixture(params=["starlette", "fastapi"])
def app(request: pytest.FixtureRequest, static: Path, write: Write, options: dict[str, Any]) -> Starlette:
    write("a.css", "a{b:url(a.png)}")
    make = Starlette if request.param == "starlette" else FastAPI
    app = make(routes=routes(static))
    app.add_middleware(PressmarkMiddleware, **options)
    return app


def test_static_mounts_are_found_packages_too(app: Starlette) -> None:
    client = TestClient(app)

    (url,) = TAG.findall(client.get("/").content)
    bundle = client.get(url.decode()).text
    assert bundle.startswith('a{b:url("../../static/a.png")}')
    assert ".pln" in bundle


def test_the_urls_that_url_for_makes_are_local(app: Starlette) -> None:
    """``url_for`` writes the scheme and host of the request into the page."""
    assert len(TAG.findall(TestClient(app).get("/linked/").content)) == 1


def test_it_works_below_a_mount(app: Starlette) -> None:
    outer = Starlette(routes=[Mount("/mnt", app)])
    client = TestClient(outer)

    (url,) = TAG.findall(client.get("/mnt/").content)
    assert url.startswith(b"/mnt/pressmark/")
    assert client.get(url.decode()).status_code == 200


def test_below_a_mount_another_applications_files_are_left_alone(
    static: Path, write: Write, options: dict[str, Any]
) -> None:
    """The main site may have a file of the same path, with other content."""
    write("a.css", "a { color: red }")

    async def answer(request: Request) -> HTMLResponse:
        return HTMLResponse('<!-- compress css --><link rel="stylesheet" href="/static/a.css"><!-- endcompress -->')

    inner = Starlette(routes=[Route("/", answer), Mount("/static", StaticFiles(directory=static))])
    inner.add_middleware(PressmarkMiddleware, **options)

    assert TAG.findall(TestClient(Starlette(routes=[Mount("/mnt", inner)])).get("/mnt/").content) == []


def test_static_files_inside_mounted_routes_are_found(static: Path) -> None:
    inner = Mount("/inner", routes=[Mount("/files", StaticFiles(directory=static))])

    assert dict(static_mounts([inner])) == {"/inner/files/": (str(static),)}


def test_a_mount_that_an_earlier_one_covers_is_never_asked(static: Path, tmp_path: Path) -> None:
    mounts = [Mount("/static", StaticFiles(directory=static)), Mount("/static/sub", StaticFiles(directory=tmp_path))]

    assert dict(static_mounts(mounts)) == {"/static/": (str(static),)}


def test_settings_add_to_the_mounts(app: Starlette, static: Path, options: dict[str, Any]) -> None:
    async def answer(request: Request) -> HTMLResponse:
        return HTMLResponse('<!-- compress css --><link rel="stylesheet" href="/more/a.css"><!-- endcompress -->')

    other = Starlette(routes=[Route("/", answer)])
    other.add_middleware(PressmarkMiddleware, static={"/more/": static}, **options)

    assert len(TAG.findall(TestClient(other).get("/").content)) == 1


def test_wrong_settings_are_refused_when_the_stack_is_built(static: Path) -> None:
    app = Starlette(routes=routes(static))
    app.add_middleware(PressmarkMiddleware, cache_dri="x")  # type: ignore[call-arg]

    with pytest.raises(SettingsError, match="did you mean 'cache_dir'"):
        TestClient(app).get("/")


def test_websockets_and_lifespan_pass(app: Starlette) -> None:
    from starlette.websockets import WebSocket  # noqa: PLC0415

    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    app.router.add_websocket_route("/ws", echo)
    with TestClient(app) as client, client.websocket_connect("/ws") as session:
        session.send_text("hello")

        assert session.receive_text() == "hello"


def test_the_debug_toggle_can_ask_why(static: Path, write: Write, options: dict[str, Any]) -> None:
    write("a.css", "a{b:c}")
    app = Starlette(routes=routes(static))
    app.add_middleware(PressmarkMiddleware, debug_toggle="plain", **options)

    assert "<!-- pressmark: css file region: " in TestClient(app).get("/?plain=why").text


def test_a_page_that_passes_other_middleware_keeps_what_it_says_of_itself(static: Path, write: Write) -> None:
    """Starlette's BaseHTTPMiddleware makes a stream of every response."""
    write("a.css", "a { color: red }")

    async def plain(request: Request) -> HTMLResponse:
        return HTMLResponse("<p>plain", headers={"Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"})

    async def passing(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    app = Starlette(routes=[Route("/plain/", plain), *routes(static)])
    app.add_middleware(BaseHTTPMiddleware, dispatch=passing)
    app.add_middleware(PressmarkMiddleware, cache_dir=static.parent / "cache", build_wait=None)
    client = TestClient(app)

    assert {"content-length", "last-modified"} <= client.get("/plain/").headers.keys()
    rewritten = client.get("/")
    assert len(TAG.findall(rewritten.content)) == 1
    assert int(rewritten.headers["content-length"]) == len(rewritten.content)


def test_pages_that_are_static_files_themselves_are_bundled(
    static: Path, write: Write, options: dict[str, Any]
) -> None:
    """StaticFiles with html=True serves a site of files: its pages stream, with a length and a tag."""
    write("a.css", "a{}")
    write("index.html", '<!doctype html><!-- compress css --><link rel="stylesheet" href="a.css"><!-- endcompress -->')
    app = Starlette(routes=[Mount("/", StaticFiles(directory=static, html=True))])
    app.add_middleware(PressmarkMiddleware, **options)
    response = TestClient(app).get("/")
    (url,) = TAG.findall(response.content)

    assert TestClient(app).get(url.decode()).text == "a{}"
    assert int(response.headers["content-length"]) == len(response.content)


def test_what_lifespan_leaves_in_the_state_reaches_pages_and_what_they_are_made_of(options: dict[str, Any]) -> None:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, str]]:
        yield {"colour": "red"}

    async def themed(request: Request) -> HTMLResponse:
        return HTMLResponse('<!-- compress css --><link rel="stylesheet" href="/theme.css"><!-- endcompress -->')

    async def theme(request: Request) -> Response:
        return Response(f"a{{color:{request.state.colour}}}", media_type="text/css")

    app = Starlette(routes=[Route("/", themed), Route("/theme.css", theme)], lifespan=lifespan)
    app.add_middleware(PressmarkMiddleware, resolve="app", **options)
    with TestClient(app) as client:
        (url,) = TAG.findall(client.get("/").content)

        assert client.get(url.decode()).text == "a{color:red}"


def test_at_a_single_route_regions_stay(
    static: Path, write: Write, options: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Requests for bundles would not come to it."""
    write("a.css", "a{}")
    only_there = Middleware(PressmarkMiddleware, static={"/static/": static}, **options)
    app = Starlette(routes=[Mount("/in", routes=[Route("/", page, middleware=[only_there])])])

    assert TAG.findall(TestClient(app).get("/in/").content) == []
    assert caplog.messages[0].endswith("requests for bundles do not come to it: wrap the whole application")


@pytest.mark.parametrize("place", ["the list of a mount", "the list of a router", "around a mounted application"])
def test_around_all_that_is_mounted_regions_are_bundled(
    static: Path, write: Write, options: dict[str, Any], place: str
) -> None:
    write("a.css", "a{}")
    around = Middleware(PressmarkMiddleware, static={"/in/static/": static}, **options)
    inner: list[Any] = [Route("/", page)]
    wrap: Any = PressmarkMiddleware
    mounts = {
        "the list of a mount": Mount("/in", routes=inner, middleware=[around]),
        "the list of a router": Mount("/in", Router(inner, middleware=[around])),
        "around a mounted application": Mount("/in", wrap(Starlette(routes=inner), **around.kwargs)),
    }
    client = TestClient(Starlette(routes=[mounts[place]]))
    (url,) = TAG.findall(client.get("/in/").content)

    assert client.get(url.decode()).status_code == 200


def test_two_mounted_applications_have_each_their_own(static: Path, write: Write, tmp_path: Path) -> None:
    write("a.css", "a{}")
    write("drf.css", "b{}")
    mounts = []
    for name in ("one", "two"):
        app = Starlette(routes=routes(static))
        app.add_middleware(PressmarkMiddleware, cache_dir=tmp_path / name, build_wait=None)
        mounts.append(Mount(f"/{name}", app))
    client = TestClient(Starlette(routes=mounts))
    urls = [TAG.findall(client.get(f"/{name}/").content)[0].decode() for name in ("one", "two")]

    assert [url.partition("/pressmark/")[0] for url in urls] == ["/one", "/two"]
    assert [client.get(url).status_code for url in urls] == [200, 200]


@pytest.mark.parametrize(("more", "is_seen"), [({}, True), ({"refresh": 3600}, False)])
def test_in_debug_mode_a_change_shows_at_once(
    static: Path, write: Write, options: dict[str, Any], more: dict[str, Any], *, is_seen: bool
) -> None:
    write("a.css", "a{}")
    app = Starlette(debug=True, routes=routes(static))
    app.add_middleware(PressmarkMiddleware, **options, **more)
    client = TestClient(app)
    before = client.get("/").content
    write("a.css", "changed{}")

    assert (client.get("/").content != before) is is_seen


@pytest.mark.parametrize(("debug", "more", "seconds"), [(True, {}, None), (True, {"build_wait": 3}, 3), (False, {}, 2)])
def test_in_debug_mode_a_page_waits_for_its_bundles(
    static: Path, write: Write, tmp_path: Path, more: dict[str, Any], *, debug: bool, seconds: float | None
) -> None:
    write("a.css", "a{}")
    made: list[Any] = []

    class Noted(PressmarkMiddleware):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    app = Starlette(debug=debug, routes=routes(static))
    app.add_middleware(Noted, cache_dir=tmp_path / "cache", **more)
    TestClient(app).get("/")

    assert made[-1]._middleware._core.pipeline.build_wait == seconds


def test_jinja2_templates_have_the_tag(static: Path, write: Write, tmp_path: Path, options: dict[str, Any]) -> None:
    write("a.css", "a{}")
    link = '<link rel="stylesheet" href="/static/a.css">'
    (tmp_path / "page.html").write_text(f"{{% compress css %}}{link}{{% endcompress %}}")
    templates = Jinja2Templates(tmp_path)
    templates.env.add_extension("pressmark_jinja2.CompressExtension")

    async def templated(request: Request) -> Response:
        return templates.TemplateResponse(request, "page.html")

    app = Starlette(routes=[*routes(static)[2:], Route("/", templated)])
    app.add_middleware(PressmarkMiddleware, **options)

    assert len(TAG.findall(TestClient(app).get("/").content)) == 1
