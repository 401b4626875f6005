"""A page that is asked for again by its entity tag: under WSGI, under ASGI and in Django's own stack."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from werkzeug.test import Client as WerkzeugClient
from werkzeug.wrappers import Response

from pressmark import ASGIMiddleware, WSGIMiddleware
from tests.adapters import django_project
from tests.conftest import Write
from tests.site import TAG, css_region

django_project.configure()

from django.test import Client as DjangoClient  # noqa: E402  # Django must be configured first
from django.test import override_settings  # noqa: E402

# What Django's view says, under the directory that the other two serve, too.
PAGE = b"<!doctype html><title>x</title>" + css_region("own.css", "a.css") + b"<p>page"


@dataclass
class Answer:
    """A response. *headers* by lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes


Ask = Callable[..., Answer]


def ask_wsgi(options: dict[str, Any], page: Path, _: ExitStack) -> Ask:
    def app(environ: Any, start_response: Any) -> Any:
        response = Response(page.read_bytes(), mimetype="text/html")
        response.add_etag()
        response.set_cookie("a", "1")
        response.last_modified = 0  # type: ignore[assignment]
        length = page.stat().st_size
        return response.make_conditional(environ, accept_ranges=True, complete_length=length)(environ, start_response)

    client = WerkzeugClient(WSGIMiddleware(app, **options))

    def ask(method: str = "GET", **headers: str) -> Answer:
        answer = client.open("/", method=method, headers=_spelled(headers))
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.data)

    return ask


def ask_asgi(options: dict[str, Any], page: Path, _: ExitStack) -> Ask:
    client = TestClient(ASGIMiddleware(StaticFiles(directory=page.parent, html=True), **options))

    def ask(method: str = "GET", **headers: str) -> Answer:
        answer = client.request(method, "/", headers=_spelled(headers) | {"Accept-Encoding": "identity"})
        return Answer(answer.status_code, dict(answer.headers), answer.content)

    return ask


def ask_django(options: dict[str, Any], _: Path, stack: ExitStack) -> Ask:
    middleware = ["pressmark_django.middleware.PressmarkMiddleware", "django.middleware.http.ConditionalGetMiddleware"]
    stack.enter_context(override_settings(PRESSMARK=options, MIDDLEWARE=middleware))
    client = DjangoClient()

    def ask(method: str = "GET", **headers: str) -> Answer:
        answer: Any = client.generic(method, "/", headers=_spelled(headers))
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.items()}, answer.content)

    return ask


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture(params=[ask_wsgi, ask_asgi, ask_django], ids=["wsgi", "asgi", "django"])
def ask(request: pytest.FixtureRequest, static: Path, write: Write, tmp_path: Path) -> Any:
    """Return a function that asks for a page whose application answers conditional requests by itself."""
    for name in ("own.css", "a.css", "admin/css/base.css"):
        write(name, "a { color: red }")
    page = tmp_path / "pages" / "index.html"
    page.parent.mkdir()
    page.write_bytes(PAGE)
    options = {"static": {"/static/": str(static)}, "cache_dir": str(tmp_path / "c"), "build_wait": None, "refresh": 0}
    with ExitStack() as stack:
        yield request.param(options, page, stack)


def test_a_rewritten_page_has_a_tag_of_its_own(ask: Ask) -> None:
    page = ask()

    assert len(TAG.findall(page.body)) == 1
    assert page.headers["etag"].count("-cc.") == 1
    assert page.headers["etag"] == ask().headers["etag"]
    assert not {"last-modified", "accept-ranges"} & page.headers.keys()


def test_a_page_asked_for_by_its_tag_is_not_sent_again(ask: Ask) -> None:
    tag = ask().headers["etag"]
    again = ask(if_none_match=f'"other", W/{tag}', if_modified_since="Wed, 21 Oct 2015 07:28:00 GMT")

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert not {"content-type", "content-encoding", "last-modified"} & again.headers.keys()


def test_a_page_that_names_a_new_bundle_is_sent_whatever_its_application_says(ask: Ask, write: Write) -> None:
    first = ask()
    write("own.css", "a { color: blue }")
    again = ask(if_none_match=first.headers["etag"])

    assert again.status == 200
    assert TAG.findall(again.body) != TAG.findall(first.body)
    assert again.headers["etag"] != first.headers["etag"]


def test_a_page_that_leaves_as_it_was_written_does_so_no_longer_than_it_must(
    ask: Ask, static: Path, write: Write
) -> None:
    first = ask()
    (static / "own.css").unlink()
    second = ask(if_none_match=first.headers["etag"])

    assert (second.status, TAG.findall(second.body)) == (200, [])
    assert second.headers["etag"] != first.headers["etag"]
    assert "last-modified" not in second.headers
    assert ask(if_none_match=f"{first.headers['etag']}, {second.headers['etag']}").status == 304

    write("own.css", "a { color: red }")
    again = ask(if_none_match=second.headers["etag"])
    assert (again.status, again.headers["etag"]) == (200, first.headers["etag"])


def test_conditions_that_name_no_rewritten_page_are_the_applications(ask: Ask) -> None:
    own = ask().headers["etag"].partition("-cc.")[0] + '"'

    assert ask(if_none_match=own).status == 304
    assert ask(if_none_match='"other"').status == 200


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi], indirect=True)  # Django answers no ranges
def test_a_part_of_a_rewritten_page_is_never_joined_with_one_of_the_original(ask: Ask) -> None:
    page = ask()
    assert ask(range="bytes=0-9").status == 206
    again = ask(range="bytes=0-9", if_range=page.headers["etag"])

    assert (again.status, again.body) == (200, page.body)


@pytest.mark.parametrize("ask", [ask_wsgi, ask_asgi], indirect=True)  # Django's views make the page for HEAD, too
def test_head_says_nothing_that_only_the_body_could_tell(ask: Ask) -> None:
    answer = ask("HEAD", if_none_match=ask().headers["etag"])

    assert (answer.status, answer.body) == (200, b"")
    assert not {"etag", "last-modified"} & answer.headers.keys()


OURS = f'"v1-cc.{"0" * 16}"'


def test_what_a_wsgi_application_notes_is_seen_outside(tmp_path: Path) -> None:
    seen: list[str | None] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ.get("HTTP_IF_NONE_MATCH"))
        environ["noted"] = True
        start_response("200 OK", [("Content-Type", "text/html")])
        return [PAGE]

    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_IF_NONE_MATCH": OURS, "HTTP_RANGE": "bytes=0-9"}
    environ: dict[str, Any] = dict(asked)
    WSGIMiddleware(app, cache_dir=tmp_path)(environ, lambda *_: print)

    assert seen == [None]
    assert environ == asked | {"noted": True}


def test_a_wsgi_application_that_is_asked_late_sees_no_condition_of_ours(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start_response: Any) -> Any:
        seen.append({key: value for key, value in environ.items() if key.startswith("HTTP_")})
        start_response("200 OK", [("Content-Type", "text/html")])
        yield PAGE

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_IF_NONE_MATCH": OURS, "HTTP_RANGE": "bytes=0-9"}
    result: Any = WSGIMiddleware(app, cache_dir=tmp_path)(environ, lambda *_: print)
    list(result)
    result.close()

    assert seen == [{}]
    assert (environ["HTTP_IF_NONE_MATCH"], environ["HTTP_RANGE"]) == (OURS, "bytes=0-9")


def test_what_an_asgi_application_notes_is_seen_outside(tmp_path: Path) -> None:
    seen: list[object] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["headers"])
        scope["endpoint"] = "home"

    async def nothing(*_: Any) -> Any:
        return {}

    headers = [(b"if-none-match", OURS.encode()), (b"host", b"h")]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    asyncio.run(ASGIMiddleware(app, cache_dir=tmp_path)(scope, nothing, nothing))

    assert seen == [[(b"host", b"h")]]
    assert (scope["endpoint"], scope["headers"]) == ("home", headers)


def test_what_a_django_view_notes_is_seen_outside(static: Path, write: Write) -> None:
    """A token that a view asks for must reach the middleware that sets its cookie."""
    write("own.css", "a { color: red }")
    write("admin/css/base.css", "a { color: red }")
    middleware = ["django.middleware.csrf.CsrfViewMiddleware", "pressmark_django.middleware.PressmarkMiddleware"]
    options = {"static": {"/static/": str(static)}, "cache_dir": str(static.parent / "c"), "build_wait": None}
    with override_settings(PRESSMARK=options, MIDDLEWARE=middleware):
        page: Any = DjangoClient().get("/form/")
        again: Any = DjangoClient().get("/form/", headers={"If-None-Match": page["ETag"]})

    assert "-cc." in page["ETag"]
    assert again.status_code == 304
    assert ("csrftoken" in again.cookies, again["Vary"]) == (True, "Cookie")
    assert again.wsgi_request.headers["If-None-Match"] == page["ETag"]


def test_a_condition_comes_before_a_range(ask: Ask) -> None:
    page = ask()

    assert ask(if_none_match=page.headers["etag"], range="bytes=0-9").status == 304
    assert ask(if_none_match=page.headers["etag"][:-1] + 'x"', range="bytes=0-9").status == 200
