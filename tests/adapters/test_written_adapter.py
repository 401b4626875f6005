"""The adapter that the documentation shows, a tween for Pyramid, bundles whole pages and keeps HTTP's rules."""

from pathlib import Path
from typing import Any

import pytest
from pyramid.config import Configurator
from pyramid.response import Response
from werkzeug.test import Client

from tests.conftest import Write
from tests.documentation import BLOCKS
from tests.site import TAG, css_region

MAX_LINES = 62
"""Blank lines and docstrings included; without them it is less than fifty."""
PAGE = b"<title>x</title>" + css_region("a.css")


def code() -> str:
    [block] = [block for block in BLOCKS if block.page.endswith("writing-an-adapter.md") and block.language == "python"]
    return block.code


@pytest.fixture
def client(static: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Client:
    write("a.css", "a { color: red }")
    names: dict[str, Any] = {"__name__": "adapter"}
    exec(compile(code(), "docs/writing-an-adapter.md", "exec"), names)
    monkeypatch.setattr("tests.adapters.test_written_adapter.tween", names["pressmark_tween"], raising=False)
    options = {"static": {"/static/": str(static)}, "cache_dir": static.parent / "cache", "build_wait": None}
    config = Configurator(settings={"pressmark": options | {"debug_toggle": "plain"}})
    config.add_tween("tests.adapters.test_written_adapter.tween")
    for name, view in {"page": page, "data": data, "my shop/é": relative}.items():
        config.add_route(name, f"/{name}")
        config.add_view(view, route_name=name)
    return Client(config.make_wsgi_app())


def page(request: Any) -> Response:
    return Response(PAGE, content_type="text/html", charset="utf-8", etag="v1", conditional_response=True)


def relative(request: Any) -> Response:
    return Response(PAGE.replace(b"/static/", b"../static/"), content_type="text/html", charset="utf-8")


def data(request: Any) -> Response:
    return Response(json_body={"a": 1})


def test_it_is_short() -> None:
    lines = code().splitlines()
    statements = [line for line in lines if line.strip() and not line.strip().startswith(('"""', "#"))]

    assert len(lines) <= MAX_LINES
    assert len(statements) < 50


def test_a_page_is_bundled_and_its_bundle_served(client: Client) -> None:
    answer = client.get("/page")
    [url] = TAG.findall(answer.data)

    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert client.get(url.decode()).data == b"a{color:red}"
    assert "immutable" in client.get(url.decode()).headers["Cache-Control"]


def test_a_page_that_the_client_has_is_not_sent_again(client: Client) -> None:
    tag = client.get("/page").headers["ETag"]
    again = client.get("/page", headers={"If-None-Match": tag})

    assert tag != '"v1"'
    assert (again.status_code, again.data) == (304, b"")


def test_a_path_with_a_space_and_an_accent_is_quoted_once(client: Client) -> None:
    answer = client.get("/my%20shop/%C3%A9")
    [url] = TAG.findall(answer.data)

    assert client.get(url.decode()).data == b"a{color:red}"


def test_a_response_that_is_no_page_passes(client: Client) -> None:
    answer = client.get("/data")

    assert answer.json == {"a": 1}
    assert answer.headers["Content-Type"] == "application/json"


def test_the_answer_to_head_has_no_length_that_the_page_would_not_keep(client: Client) -> None:
    assert "Content-Length" not in client.head("/page").headers


def test_the_debug_toggle_leaves_a_page_as_written(client: Client) -> None:
    assert client.get("/page?plain=1").data == PAGE
    assert b"<!-- pressmark: css file region" in client.get("/page?plain=why").data


def test_a_file_that_there_is_not_is_a_404(client: Client) -> None:
    assert client.get(f"/pressmark/css/{'0' * 32}.css").status_code == 404
