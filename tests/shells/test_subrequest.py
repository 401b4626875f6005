"""With resolve="app", files that views make are bundled with no configuration, in every shell and framework."""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import trio
from flask import Flask, Response, request
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.model import Reply
from pressmark.shells.subrequest import ROUTING, asgi_subrequest, wsgi_subrequest
from pressmark_flask import Pressmark
from pressmark_starlette import PressmarkMiddleware

PATIENCE_S = 20.0
LEFT = {"pool": object()}
PAGE = (
    '<!doctype html><!-- compress css --><link rel="stylesheet" href="{0}/theme.css?dark">'
    '<link rel="stylesheet" href="{0}/other/"><!-- endcompress -->'
)
BUNDLE = re.compile(r'href="([^"]*/pressmark/css/[^"]+)"')
Get = Callable[[str], str]


def css(text: str) -> Response:
    return Response(text, mimetype="text/css")


def flask_site(cache: Path) -> Get:
    """Return what gets the text at a path of a Flask application."""
    app = Flask(__name__)
    app.config |= {"PRESSMARK_CACHE_DIR": cache, "PRESSMARK_RESOLVE": "app", "PRESSMARK_BUILD_WAIT": None}
    app.add_url_rule("/", "page", lambda: PAGE.format(""))
    app.add_url_rule(
        "/theme.css", "theme", lambda: Response(f"a {{ b: {request.query_string.decode()} }}", mimetype="text/css")
    )
    app.add_url_rule("/other/", "other", lambda: Response("c { d: e }", mimetype="text/css"))
    Pressmark(app)
    return lambda path: app.test_client().get(path).text


def starlette_site(cache: Path) -> Get:
    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(PAGE.format(""))

    async def theme(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"a {{ b: {request.url.query} }}", media_type="text/css")

    async def other(request: Request) -> StreamingResponse:
        async def pieces() -> Any:
            yield b"c { d: "
            yield b"e }"

        return StreamingResponse(pieces(), media_type="text/css")

    app = Starlette(routes=[Route("/", page), Route("/theme.css", theme), Route("/other/", other)])
    app.add_middleware(PressmarkMiddleware, cache_dir=cache, resolve="app", build_wait=None)
    client = TestClient(app)
    client.__enter__()  # one loop for all requests, as a server has
    return lambda path: client.get(path).text


@pytest.fixture(params=[flask_site, starlette_site], ids=["flask", "starlette"])
def get(request: pytest.FixtureRequest, tmp_path: Path) -> Get:
    found: Get = request.param(tmp_path / "cache")
    return found


def test_files_that_views_make_share_a_bundle(get: Get) -> None:
    [url] = BUNDLE.findall(get("/"))

    assert get(url) == "a{b:dark}\nc{d:e}"


def test_below_a_mount_point_the_application_is_asked_with_it(tmp_path: Path) -> None:
    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(PAGE.format(request.scope["root_path"]))

    async def css(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"a {{ b: '{request.scope['root_path']}' }}", media_type="text/css")

    inner = Starlette(routes=[Route("/", page), Route("/theme.css", css), Route("/other/", css)])
    inner.add_middleware(PressmarkMiddleware, cache_dir=tmp_path, resolve="app", build_wait=None)
    with TestClient(Starlette(routes=[Mount("/app", inner)])) as client:
        [url] = BUNDLE.findall(client.get("/app/").text)

        assert url.startswith("/app/pressmark/")
        assert client.get(url).text == "a{b:'/app'}\na{b:'/app'}"


# What an asker sends, and takes


def wsgi_reply(app: Any, target: str = "/a/%C3%A9.css?x=%20", **environ: Any) -> Reply:
    base = {
        "HTTP_HOST": "example.com",
        "wsgi.url_scheme": "https",
        "HTTP_COOKIE": "secret=1",
        "HTTP_AUTHORIZATION": "x",
    }
    return wsgi_subrequest(app, base | environ)(target, (("If-None-Match", '"1"'),))


def test_a_wsgi_application_is_asked_as_a_server_asks_and_without_cookies() -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append(environ)
        start_response("200 OK", [("Content-Type", "text/css")])
        return [b"a", b"{}"]

    reply = wsgi_reply(app, "/app/%C3%A9.css?x=%20", SCRIPT_NAME="/app")
    [environ] = seen

    assert reply == Reply(200, (("Content-Type", "text/css"),), b"a{}")
    assert {name: environ.get(name) for name in (
        "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "wsgi.url_scheme",
        "HTTP_IF_NONE_MATCH", "HTTP_COOKIE", "REMOTE_ADDR", "HTTP_AUTHORIZATION", "HTTP_ACCEPT_ENCODING",
    )} == {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "/app", "PATH_INFO": "/\xc3\xa9.css", "QUERY_STRING": "x=%20",
        "HTTP_HOST": "example.com", "wsgi.url_scheme": "https", "HTTP_IF_NONE_MATCH": '"1"', "HTTP_COOKIE": None,
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_AUTHORIZATION": None, "HTTP_ACCEPT_ENCODING": "identity",
    }  # fmt: skip


def test_a_wsgi_answer_is_closed_and_its_written_bytes_count() -> None:
    closed: list[bool] = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])(b"written,")
        return Body([b"given"])

    assert wsgi_reply(app).body == b"written,given"
    assert closed == [True]


def test_an_endless_answer_is_read_no_further_than_it_may_be_used() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        while True:
            yield b"x" * (1 << 20)

    assert len(wsgi_reply(app).body) <= 10 << 20


def asgi_reply(app: Any, target: str, scope: dict[str, Any], run: Any = asyncio.run) -> Reply:
    async def ask() -> Reply:
        place = {name: value for name, value in scope.items() if name in ROUTING}
        asker = asgi_subrequest(app, scope, place, LEFT)
        if run is trio.run:
            return await trio.to_thread.run_sync(asker, target, (("If-None-Match", '"1"'),))
        return await asyncio.to_thread(asker, target, (("If-None-Match", '"1"'),))

    reply: Reply = run(ask) if run is trio.run else run(ask())
    return reply


@pytest.mark.parametrize("run", [asyncio.run, trio.run], ids=["asyncio", "trio"])
@pytest.mark.parametrize(
    ("path", "asked"), [("/app/x", "/app/é.css"), ("/x", "/é.css")], ids=["whole path", "cut path"]
)
def test_an_asgi_application_is_asked_as_its_server_asks_and_without_cookies(run: Any, path: str, asked: str) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend((scope, await receive()))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/css")]})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"{}"})

    state = {**LEFT, "user": "alice"}
    scope = {"type": "http", "asgi": {"version": "3.0"}, "scheme": "https", "path": path, "root_path": "/app",
             "headers": [(b"host", b"example.com"), (b"cookie", b"a=1")], "client": ("203.0.113.7", 1),
             "state": state, "method": "POST",
             "extensions": {"http.response.pathsend": {}}}  # fmt: skip
    reply = asgi_reply(app, "/app/%C3%A9.css?x=%20", scope, run)

    assert reply == Reply(200, (("content-type", "text/css"),), b"a{}")
    assert seen[0]["path"] == asked
    assert (seen[0]["method"], seen[0]["query_string"], seen[0]["scheme"]) == ("GET", b"x=%20", "https")
    assert (seen[0]["state"], seen[0]["extensions"]) == (LEFT, {})
    assert seen[0]["state"] is not LEFT
    assert seen[0]["client"] == ("192.0.2.1", 0)
    assert dict(seen[0]["headers"]) == {
        b"host": b"example.com", b"accept": b"*/*", b"accept-encoding": b"identity", b"if-none-match": b'"1"',
    }  # fmt: skip
    assert seen[1] == {"type": "http.request", "body": b"", "more_body": False}


def test_work_after_an_answer_is_not_cut_off(tmp_path: Path) -> None:
    done: list[str] = []

    async def later() -> None:
        await asyncio.sleep(0.05)
        done.append("done")

    async def css(request: Request) -> PlainTextResponse:
        return PlainTextResponse("a{}", media_type="text/css", background=BackgroundTask(later))

    app = Starlette(routes=[Route("/a.css", css)])
    scope = {"type": "http", "path": "/", "headers": []}

    assert asgi_reply(app, "/a.css", scope).body == b"a{}"
    assert done == ["done"]


# Through the whole middleware


def make_wsgi(pages: dict[str, tuple[str, bytes]], cache: Path, **options: Any) -> tuple[WSGIMiddleware, list[str]]:
    """Return a site of *pages*, path -> type and body, and the list of paths that it is asked for."""
    asked: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        type_, body = pages.get(environ["PATH_INFO"], ("text/html", b"none"))
        start_response("200 OK" if environ["PATH_INFO"] in pages else "404 Not Found", [("Content-Type", type_)])
        return [body.replace(b"HOST", environ.get("HTTP_HOST", "").encode())]

    return WSGIMiddleware(app, cache_dir=cache, build_wait=None, resolve="app", **options), asked


def fetch(app: Any, path: str = "/", **environ: str) -> bytes:
    base = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": ""}
    return b"".join(app(base | environ, lambda *_: None))


HTML = ("text/html; charset=utf-8", PAGE.format("").encode())
CSS = ("text/css", b"a { b: c }")


def test_a_change_of_what_a_view_makes_shows_at_the_next_page(tmp_path: Path) -> None:
    pages = {"/": HTML, "/theme.css": CSS, "/other/": CSS}
    app, _ = make_wsgi(pages, tmp_path, refresh=0)
    before = fetch(app)
    pages["/theme.css"] = ("text/css", b"x{}")

    assert before != fetch(app)
    assert b"x{}" in fetch(app, BUNDLE.findall(fetch(app).decode())[0])


def test_a_warm_page_asks_for_nothing_until_it_is_time(tmp_path: Path) -> None:
    app, asked = make_wsgi({"/": HTML, "/theme.css": CSS, "/other/": CSS}, tmp_path, refresh=3600)
    fetch(app)
    asked.clear()
    fetch(app)

    assert asked == ["/"]


def test_one_that_may_not_be_used_stays_and_the_others_do_not_wait_for_it(tmp_path: Path) -> None:
    app, _ = make_wsgi({"/": HTML, "/other/": CSS}, tmp_path)
    body = fetch(app)

    assert b'href="/theme.css?dark"' in body
    assert b"/other/" not in body


def test_the_page_says_why_an_answer_was_not_used(tmp_path: Path) -> None:
    app, _ = make_wsgi({"/": HTML, "/other/": CSS}, tmp_path, debug_toggle="plain")

    assert b"answer: is answered by the application with status 404" in fetch(app, QUERY_STRING="plain=why")


def test_two_sites_of_one_application_do_not_share_what_it_makes(tmp_path: Path) -> None:
    app, _ = make_wsgi({"/": HTML, "/theme.css": ("text/css", b"a{b:'HOST'}"), "/other/": CSS}, tmp_path)
    bundles = {
        host: fetch(app, BUNDLE.findall(fetch(app, HTTP_HOST=host).decode())[0]) for host in ("a.example", "b.example")
    }

    assert b"a.example" in bundles["a.example"]
    assert b"b.example" in bundles["b.example"]


def test_by_default_nothing_is_asked(tmp_path: Path) -> None:
    app, asked = make_wsgi({"/": HTML, "/theme.css": CSS, "/other/": CSS}, tmp_path)
    app = WSGIMiddleware(app.app, cache_dir=tmp_path)

    assert fetch(app) == HTML[1]
    assert asked == ["/"]


def test_what_pressmark_itself_asks_for_passes_another_pressmark_as_it_is(tmp_path: Path) -> None:
    app, _ = make_wsgi({"/": HTML, "/theme.css": CSS, "/other/": CSS}, tmp_path)

    assert wsgi_subrequest(app, {})("/", ()).body == HTML[1]
    assert fetch(app) != HTML[1]


def test_who_asked_first_is_in_no_bundle(tmp_path: Path) -> None:
    """What middleware has found out of a visitor is in the state of the request."""

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse('<!-- compress js --><script src="/me.js"></script><!-- endcompress -->')

    async def me(request: Request) -> PlainTextResponse:
        user = getattr(request.state, "user", "nobody")
        return PlainTextResponse(f"var me='{user}'", media_type="text/javascript")

    class Known:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if (b"cookie", b"user=alice") in scope["headers"]:
                scope.setdefault("state", {})["user"] = "alice"
            await self.app(scope, receive, send)

    app = Starlette(routes=[Route("/", page), Route("/me.js", me)])
    app.add_middleware(PressmarkMiddleware, cache_dir=tmp_path, resolve="app", build_wait=None)
    app.add_middleware(Known)
    client = TestClient(app)
    [url] = re.findall(r'src="([^"]*)"', client.get("/", headers={"Cookie": "user=alice"}).text)

    assert client.get(url).text == "var me='nobody'"


def test_a_warm_page_does_not_wait_for_views_that_are_asked_again(tmp_path: Path) -> None:
    pages = {"/": HTML, "/theme.css": CSS, "/other/": CSS}
    may_answer = threading.Event()
    may_answer.set()

    def wait(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/":
            assert may_answer.wait(PATIENCE_S), "the page waited for this view"
        return inner.app(environ, start_response)

    inner, _ = make_wsgi(pages, tmp_path)
    app = WSGIMiddleware(wait, cache_dir=tmp_path, build_wait=None, resolve="app", refresh=0.01)
    before = fetch(app)
    may_answer.clear()
    pages["/theme.css"] = ("text/css", b"x{}")
    time.sleep(0.05)  # more than the interval of refresh
    during = fetch(app)
    may_answer.set()
    deadline = time.monotonic() + PATIENCE_S
    while fetch(app) == before and time.monotonic() < deadline:
        time.sleep(0.05)

    assert during == before
    assert fetch(app) != before


def test_a_region_that_fails_asks_no_more_than_once_in_its_time(tmp_path: Path) -> None:
    app, asked = make_wsgi(
        {"/": HTML, "/theme.css": CSS, "/other/": CSS}, tmp_path, filters={"css": [lambda asset: 1 / 0]}
    )
    for _ in range(10):
        fetch(app)

    assert asked.count("/theme.css") == 1


def test_an_asgi_application_in_trio_is_asked_too(tmp_path: Path) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        type_, body = (b"text/html; charset=utf-8", HTML[1]) if scope["path"] == "/" else (b"text/css", b"a{}")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", type_)]})
        await send({"type": "http.response.body", "body": body})

    middleware = ASGIMiddleware(app, cache_dir=tmp_path, resolve="app", build_wait=None)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    trio.run(middleware, scope, receive, send)

    assert BUNDLE.search(b"".join(message.get("body", b"") for message in sent).decode())
