"""A page that takes MAKING_S seconds, under Pressmark with early hints: ``asgi`` and ``wsgi``, beside its files."""

import asyncio
import os
import time
from typing import Any

from pressmark import ASGIMiddleware, WSGIMiddleware
from tests.site import css_region, js_region

MAKING_S = float(os.environ["MAKING_S"])
PAGE = (
    b"<!doctype html><meta charset=utf-8><title>x</title><link rel=icon href=data:,>"
    + css_region("a.css", "b.css")
    + js_region("a.js")
    + b"<p>text"
)
OPTIONS: dict[str, Any] = {
    "static": {"/static/": "static"}, "cache_dir": "cache", "build_wait": None, "early_hints": True, "integrity": True,
}  # fmt: skip
HEADERS = {"Content-Type": "text/html; charset=utf-8"}


async def _asgi(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(MAKING_S)
    headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE})


def _wsgi(environ: Any, start_response: Any) -> list[bytes]:
    time.sleep(MAKING_S)
    start_response("200 OK", list(HEADERS.items()))
    return [PAGE]


asgi = ASGIMiddleware(_asgi, **OPTIONS)
wsgi = WSGIMiddleware(_wsgi, **OPTIONS)
