"""A page of two files under Pressmark, whose cache directory nobody can make."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pressmark import ASGIMiddleware, WSGIMiddleware
from pressmark.adapters import FrameworkSecrets

NOWHERE = "/proc/pressmark"
STATIC = Path(os.environ["DEMO_CACHE_DIR"], "static")
STATIC.mkdir(exist_ok=True)
for name in ("a.css", "b.css"):
    unfinished = STATIC / f"{name}.{os.getpid()}"
    unfinished.write_text("a { color: red }")
    unfinished.replace(STATIC / name)  # as a whole: another worker may read it already
PAGE = b"""<!doctype html><title>x</title><!-- compress css --><link rel="stylesheet" href="/static/a.css">
<link rel="stylesheet" href="/static/b.css"><!-- endcompress -->"""


def page(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [PAGE]


async def async_page(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE})


SECRET = FrameworkSecrets(["a secret that a framework has anyway"])
wsgi = WSGIMiddleware(page, static={"/static/": STATIC}, cache_dir=NOWHERE)
asgi = ASGIMiddleware(async_page, static={"/static/": STATIC}, cache_dir=NOWHERE)
wsgi_with_secret = WSGIMiddleware(page, static={"/static/": STATIC}, cache_dir=NOWHERE, secret=SECRET)
asgi_with_secret = ASGIMiddleware(async_page, static={"/static/": STATIC}, cache_dir=NOWHERE, secret=SECRET)
