"""WSGI, ASGI and Django's own stack drive one exchange: the same page leaves each of them in the same way."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.errors import ShortBodyError
from tests.adapters import django_project
from tests.conftest import Write
from tests.site import TAG, css_region

django_project.configure()

from django.http import StreamingHttpResponse  # noqa: E402  # Django must be configured first
from django.test import RequestFactory, override_settings  # noqa: E402

from pressmark_django.middleware import PressmarkMiddleware  # noqa: E402

Headers = dict[str, str]
World = Callable[..., tuple[Headers, bytes, Headers]]
OURS = f'"v1-cc.{"0" * 16}"'


def through_wsgi(options: Any, chunks: list[bytes], headers: Headers, query: str, asked: Headers) -> Any:
    started: list[Any] = []
    visible: Headers = {}

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        visible.update({key: value for key, value in environ.items() if key.startswith("HTTP_IF")})
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers.items()])
        yield from chunks

    fields = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in asked.items()}
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": query} | fields

    def start_response(status: str, found: Any, exc_info: Any = None) -> Any:
        started.append(found)

    body = b"".join(WSGIMiddleware(app, **options)(environ, start_response))
    return dict(started[-1]), body, {key[5:].replace("_", "-").lower(): value for key, value in visible.items()}


def through_asgi(options: Any, chunks: list[bytes], headers: Headers, query: str, asked: Headers) -> Any:
    messages: list[Any] = []
    visible: Headers = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        visible.update({name.decode(): value.decode() for name, value in scope["headers"]})
        fields = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        head = [(b"content-type", b"text/html; charset=utf-8"), *fields]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body"})

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query.encode()}
    scope["headers"] = [(name.lower().encode(), value.encode()) for name, value in asked.items()]
    asyncio.run(ASGIMiddleware(app, **options)(scope, send, send))  # type: ignore[arg-type]
    found = {name.decode().title(): value.decode() for name, value in messages[0]["headers"]}
    return found, b"".join(message.get("body", b"") for message in messages[1:]), visible


def through_django(options: Headers, chunks: list[bytes], headers: Headers, query: str, asked: Headers) -> Any:
    visible: Headers = {}

    def view(request: Any) -> StreamingHttpResponse:
        visible.update({key.lower(): value for key, value in request.headers.items() if key.startswith("If")})
        return StreamingHttpResponse(iter(chunks), headers=headers)

    with override_settings(PRESSMARK=options):
        request = RequestFactory().get(f"/?{query}", headers=asked)
        response: Any = PressmarkMiddleware(view)(request)
    return dict(response.items()), b"".join(response.streaming_content), visible


@pytest.fixture(params=[through_wsgi, through_asgi, through_django], ids=["WSGI", "ASGI", "Django"])
def world(request: pytest.FixtureRequest, static: Path, write: Write) -> World:
    """Return a function that sends chunks under headers through Pressmark, and gives the head, the body and what of
    its own conditions the application saw."""
    write("a.css", "a { color: red }")
    options: dict[str, Any] = {"static": {"/static/": str(static)}, "cache_dir": static.parent / "cache"}

    def send(chunks: list[bytes], headers: Headers, query: str = "", asked: Headers | None = None, **more: Any) -> Any:
        return request.param(options | {"build_wait": None} | more, chunks, headers, query, asked or {})

    return send


def test_an_empty_first_chunk_costs_a_page_no_length(world: World) -> None:
    page = css_region("a.css")
    headers, body, _ = world([b"", page], {"Content-Length": str(len(page))})

    assert TAG.search(body)
    assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("form", [{"enabled": False}, {"debug_toggle": "plain", "query": "plain=1"}], ids=str)
@pytest.mark.parametrize("name", ["if-none-match", "if-match"])
def test_the_application_never_sees_a_tag_of_ours(world: World, form: dict[str, Any], name: str) -> None:
    """It would take it for the tag of a page that it does not have, and so fail or send the page again."""
    page = css_region("a.css")
    _, body, visible = world([page], {"ETag": '"v1"'}, asked={name: OURS}, **form)

    assert body == page
    assert visible == ({} if name == "if-none-match" else {"if-match": '"v1"'})


def test_a_page_that_breaks_off_does_not_end_as_if_it_were_whole(world: World) -> None:
    """Its head has left without the length by which a client would know."""
    with pytest.raises(ShortBodyError, match="gave 12 bytes of a page, and its Content-Length says 20"):
        world([b"<p>one", b"<p>two"], {"Content-Length": "20"})


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_page_becomes_the_same_however_it_is_cut(world: World, size: int) -> None:
    """Bytes that look like the start tag of a pre are taken for one, or not, in every cutting alike."""
    page = b"<!<pre a='<!-- compress css --><!'>" + css_region("a.css", marker="compress css") + b"<p></p>"
    chunks = [page[start : start + size] for start in range(0, len(page), size)]

    assert world(chunks, {})[1] == world([page], {})[1]
