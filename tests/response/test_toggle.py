"""An application does not see in which form its page is asked for: it is the same page."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pressmark import ASGIMiddleware, WSGIMiddleware

QUERIES = [
    ("plain", ""),
    ("plain=1&a=b", "a=b"),
    ("a=b&plain", "a=b"),
    ("a=b&plain=why&c", "a=b&c"),
    ("a=plain&plainly=1", "a=plain&plainly=1"),
    ("", ""),
]
PLAIN: dict[str, Any] = {"debug_toggle": "plain"}


def asked_by_wsgi(cache: Path, query: str, options: dict[str, Any], **headers: str) -> tuple[str, str]:
    """Return the query that a WSGI application sees, and the one that is there afterwards."""
    seen: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.append(environ["QUERY_STRING"])
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<p>"]

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": query}
    b"".join(WSGIMiddleware(app, cache_dir=cache, **options)(environ | headers, lambda *_: None))  # type: ignore[arg-type]
    return seen[0], environ["QUERY_STRING"]


def asked_by_asgi(cache: Path, query: str, options: dict[str, Any]) -> tuple[str, str]:
    """Return the query that an ASGI application sees, and the one that is there afterwards."""
    seen: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["query_string"])
        scope["route"] = "told"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"<p>"})

    async def send(message: Any) -> None:
        pass

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": []}
    asyncio.run(ASGIMiddleware(app, cache_dir=cache, **options)(scope, receive, send))
    return seen[0].decode(), bytes(scope["query_string"]).decode()  # type: ignore[arg-type]


@pytest.mark.parametrize("asked_by", [asked_by_wsgi, asked_by_asgi])
@pytest.mark.parametrize(("query", "seen"), QUERIES)
@pytest.mark.parametrize("more", [{}, {"precompilers": {"text/less": ["true"]}}], ids=["", "precompilers"])
def test_the_toggle_is_kept_from_the_application_and_from_nobody_else(
    tmp_path: Path, asked_by: Any, query: str, seen: str, more: dict[str, Any]
) -> None:
    assert asked_by(tmp_path, query, PLAIN | more) == (seen, query)


def test_a_conditional_request_keeps_it_too(tmp_path: Path) -> None:
    assert asked_by_wsgi(tmp_path, "plain=why", PLAIN, HTTP_IF_NONE_MATCH='"1"') == ("", "plain=why")


@pytest.mark.parametrize("asked_by", [asked_by_wsgi, asked_by_asgi])
def test_without_a_toggle_every_query_is_the_applications(tmp_path: Path, asked_by: Any) -> None:
    assert asked_by(tmp_path, "plain", {}) == ("plain", "plain")
