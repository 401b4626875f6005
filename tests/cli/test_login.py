"""`pressmark build --login NAME=VALUE` sends the application's login form, and asks for pages with what it answers."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.cli.main import main

HEAD = '<!-- compress css --><link rel="stylesheet" href="/static/a.css"><!-- endcompress -->'
SEARCH = '<form action="/search"><input name="q"></form>'
FIELDS = (
    '<input type=hidden name=token value="t&amp;1"><input name=name><input type=password name=word>'
    '<input type=checkbox name=stay checked><input type=checkbox name=spam><input name=dead disabled>'
    '<button name=go value=in>Log in</button><input type=submit name=cancel value=1>'
)  # fmt: skip
FORM = f'{SEARCH}<form method=post action="/enter">{FIELDS}</form>'
SENT = {"token": ["t&1"], "name": ["ann"], "word": ["a=b c"], "stay": ["on"], "go": ["in"]}


def answer(method: str, path: str, cookie: str, form: str, origin: str) -> tuple[int, list[tuple[str, str]], str]:
    """Answer as a site with a login does: the form sets a cookie, and needs that to be sent."""
    is_entered = "session=7" in cookie
    if path == "/login":
        return 302, [("Location", "/enter?next=/"), ("Set-Cookie", "first=1")], ""
    if path == "/enter" and method == "GET":
        return 200, [("Set-Cookie", "seen=yes; Path=/; HttpOnly")], FORM
    if path == "/enter":
        is_right = (
            parse_qs(form) == SENT and "seen=yes" in cookie and "first=1" in cookie and origin.endswith("://shop")
        )
        return (302, [("Location", "/"), ("Set-Cookie", "session=7; Path=/")], "") if is_right else (200, [], FORM)
    if path == "/back":  # as most sites refuse a login: with a page that shows the form again
        return (
            (200, [], f"<form method=post>{FIELDS}</form>") if method == "GET" else (302, [("Location", "/back")], "")
        )
    if path == "/refuses":
        return (200, [], f"<form method=post>{FIELDS}</form>") if method == "GET" else (403, [], "")
    if path == "/elsewhere":
        return 200, [], f'<form action="https://other.example/">{FIELDS}</form>'
    if path == "/raises":
        raise KeyError("login")
    return (200, [], HEAD) if is_entered else (302, [("Location", "/login")], "")


STATUS = {200: "200 OK", 302: "302 Found", 403: "403 Forbidden"}
TYPE = ("Content-Type", "text/html; charset=utf-8")


def wsgi_site(environ, start_response):  # type: ignore[no-untyped-def]
    form = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    assert not form or environ["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    status, headers, page = answer(
        environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_COOKIE", ""), form,
        environ.get("HTTP_ORIGIN", ""),
    )  # fmt: skip
    start_response(STATUS[status], [TYPE, *headers])
    return [page.encode()]


async def asgi_site(scope, receive, send):  # type: ignore[no-untyped-def]
    if scope["type"] == "lifespan":
        return
    asked = {name.decode(): value.decode() for name, value in scope["headers"]}
    form = (await receive())["body"].decode()
    status, headers, page = answer(
        scope["method"], scope["path"], asked.get("cookie", ""), form, asked.get("origin", "")
    )
    pairs = [(name.lower().encode(), value.encode()) for name, value in [TYPE, *headers]]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": page.encode()})


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("a { color: red }")


def wsgi() -> WSGIMiddleware:
    return WSGIMiddleware(wsgi_site, static={"/static/": "static"}, cache_dir="cache")


def asgi() -> ASGIMiddleware:
    return ASGIMiddleware(asgi_site, static={"/static/": "static"}, cache_dir="cache")


def run(*arguments: str, target: str = "wsgi", fields: tuple[str, ...] = ("name=ann", "word=a=b c")) -> Result:
    login = [each for field in fields for each in ("--login", field)]
    return CliRunner().invoke(
        main, ["build", f"{__name__}:{target}", "/", "--host", "shop", "--output", "out", "--json", *login, *arguments]
    )


@pytest.mark.parametrize("target", ["wsgi", "asgi"])
@pytest.mark.parametrize("scheme", [(), ("--https",)], ids=["http", "https"])
def test_pages_behind_a_login_are_built(target: str, scheme: tuple[str, ...]) -> None:
    result = run(*scheme, target=target)

    assert result.exit_code == 0, result.output
    assert [page["status"] for page in json.loads(result.stdout)["pages"]] == [200]


def test_without_it_they_are_not() -> None:
    assert "not every URL is a page: /: it leads to /login" in run(fields=()).output


@pytest.mark.parametrize(
    ("fields", "page", "told"),
    [
        (("name=ann", "word=wrong"), "/login", "the login on /enter?next=/ was refused: its status is 200"),
        (("name=ann", "word=a"), "/back", "the login on /back was refused: its status is 200"),
        (("name=ann", "word=a"), "/refuses", "the login on /refuses was refused: its status is 403"),
        (("mail=ann",), "/login", "the login page /enter?next=/ has no form with 'mail'; its status is 200"),
        (("name=ann",), "/elsewhere", "the login form on /elsewhere goes to another site: https://other.example/"),
        (("mail=ann",), "/other", "the login page /enter?next=/ has no form with 'mail'"),
        (("name=ann",), "/raises", "the login page raised KeyError: 'login'"),
        (("name=ann",), "login", "'login' is no path"),
        (("ann",), "/login", "login field 'ann' is not NAME=VALUE"),
    ],
)
def test_a_login_that_fails_is_told_in_one_line(fields: tuple[str, ...], page: str, told: str) -> None:
    result = run("--login-page", page, fields=fields)

    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output
