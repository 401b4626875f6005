"""With ``minify_html`` whole pages leave as smaller HTML, with the headers that belong to it."""

import logging
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.errors import SettingsError
from pressmark.page import html_minifying
from tests.conftest import Write
from tests.site import Site, css_region

START = b"<!doctype html>\n<html>\n  <head>\n    <title>t</title>\n    "
END = b"\n  </head>\n  <body>\n    <p>one   two</p>\n    <!-- some words -->\n    <pre>a  b</pre>\n  </body>\n</html>\n"
SMALL_END = b"\n</head>\n<body>\n<p>one two</p>\n<pre>a  b</pre>\n</body>\n</html>\n"


@pytest.fixture(autouse=True)
def sources(write: Write) -> None:
    write("a.css", "a { color: red }")
    write("code.css", ".code { white-space: pre }")


def site(static: Path, page: bytes, **options: Any) -> Site:
    headers = options.pop("page_headers", [])
    return Site(static, page, {"minify_html": True} | options, page_headers=headers)


def test_a_page_with_a_bundle_is_smaller_html(static: Path) -> None:
    answer = site(static, START + css_region("a.css") + END).get()

    assert len(answer.bundles) == 1
    assert answer.body.startswith(b"<!doctype html>\n<html>\n<head>\n<title>t</title>\n<link ")
    assert answer.body.endswith(SMALL_END)


def test_a_page_without_a_region_is_smaller_html_too(static: Path) -> None:
    assert site(static, START + END).get().body.endswith(SMALL_END)


def test_it_is_off_unless_it_is_wanted(static: Path) -> None:
    assert Site(static, START + END).get().body == START + END


@pytest.mark.parametrize("region", [b"", css_region("a.css")])
def test_length_and_entity_tag_are_those_of_what_leaves(static: Path, region: bytes) -> None:
    page = START + region + END
    headers = [("Content-Length", str(len(page))), ("ETag", '"v1"'), ("Last-Modified", "x"), ("Content-MD5", "x")]
    found = site(static, page, page_headers=headers)
    answer = found.get()

    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert re.fullmatch(r'"v1-cc\.[0-9a-f]{16}"', answer.headers["ETag"])
    assert "Last-Modified" not in answer.headers
    assert found.get().headers["ETag"] == answer.headers["ETag"]
    assert site(static, page, page_headers=headers, minify_html=False).get().headers["ETag"] != answer.headers["ETag"]
    again = found.get(HTTP_IF_NONE_MATCH=answer.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_a_page_that_cannot_be_smaller_keeps_its_headers(static: Path) -> None:
    page = b"<!doctype html><title>t</title><p>a"
    headers = [("Content-Length", str(len(page))), ("ETag", '"v1"')]
    answer = site(static, page, page_headers=headers).get()

    assert (answer.body, answer.headers["ETag"]) == (page, '"v1"')


def test_white_space_that_a_bundle_shows_stays(static: Path) -> None:
    page = START + css_region("code.css") + b"\n</head><body><p class='code'>a  b</p><p>a  b</p>"
    found = site(static, page)

    for _ in range(2):  # cold and warm
        assert found.get().body.endswith(b"<p class='code'>a  b</p><p>a b</p>")
    other = site(static, page)  # from the record that the first has left
    assert other.get().body.endswith(b"<p class='code'>a  b</p><p>a b</p>")


def test_where_a_region_stays_or_is_not_ready_white_space_stays_too(static: Path, write: Write) -> None:
    broken = START + css_region("none.css") + b"\n</head><body><p class='code'>a  b</p>"
    cold = START + css_region("code.css") + b"\n</head><body><p class='code'>a  b</p>"

    assert site(static, broken).get().body.endswith(b"<p class='code'>a  b</p>")
    assert site(static, cold, build_wait=0.0).get().body.endswith(b"<p class='code'>a  b</p>")


def test_a_stylesheet_outside_of_regions_may_show_white_space(static: Path) -> None:
    page = START + b'<link rel="stylesheet" href="/static/code.css">' + b"\n</head><body><p  class='code'>a  b</p>"

    assert site(static, page).get().body.endswith(b"<p class='code'>a  b</p>")


def test_a_page_that_explains_itself_keeps_all_its_comments(static: Path) -> None:
    found = site(static, START + css_region("a.css") + END, debug_toggle="debug")

    assert b"<!-- some words -->" in found.get("/?debug=explain").body
    assert b"<!-- some words -->" in found.get("/?debug=off").body


def test_an_error_page_is_smaller_too(static: Path) -> None:
    assert site(static, START + END).get_404("/nowhere").body.endswith(SMALL_END)


def test_what_is_no_page_passes(static: Path) -> None:
    found = site(static, START + END)
    found.content_type = "text/plain"

    assert found.get().body == START + END


def test_a_stream_passes_as_it_comes(static: Path) -> None:
    def stream(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        yield START
        yield END

    app = WSGIMiddleware(stream, static={"/static/": str(static)}, minify_html=True)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    assert b"".join(app(environ, lambda *_: lambda _: None)) == START + END


def test_a_parser_that_fails_leaves_the_page(
    static: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(html_minifying, "parse", fail)
    caplog.set_level(logging.WARNING)

    assert site(static, START + END).get().body == START + END
    assert (
        caplog.records[0].getMessage()
        == "page / was not bundled: its HTML could not be minified: RecursionError('too deep')"
    )


def test_deep_nesting_ends_no_process(static: Path) -> None:
    page = b"<!doctype html><title>t</title>" + b"<div>  " * 60_000

    assert site(static, page).get().status == 200


def test_asgi_does_the_same(static: Path) -> None:
    async def whole(request: Any) -> HTMLResponse:
        return HTMLResponse(START + css_region("a.css") + END, headers={"ETag": '"v1"'})

    async def streamed(request: Any) -> StreamingResponse:
        return StreamingResponse(iter([START, END]), media_type="text/html")

    inner = Starlette(routes=[Route("/", whole), Route("/stream", streamed)])
    app: Any = ASGIMiddleware(inner, static={"/static/": str(static)}, minify_html=True, build_wait=None)
    with TestClient(app) as client:
        answer = client.get("/")
        assert answer.content.endswith(SMALL_END)
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert client.get("/", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        assert client.get("/stream").content == START + END


def test_without_its_package_the_setting_is_an_error_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pressmark.page.html_minifying", None)

    with pytest.raises(SettingsError, match=r"minify_html.*pip install 'pressmark\[html\]'"):
        WSGIMiddleware(lambda environ, start_response: [], minify_html=True)
