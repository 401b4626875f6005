"""A page of 1 GiB, streamed: ``python -m benchmarks.streamed_page``.

Prints by how many MiB the peak of a process's memory grows while it goes through, and how many milliseconds pass
before its first byte leaves: for the bare application and under Pressmark, each in a process of its own. The page's
region comes late, and is warm.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pressmark import ASGIMiddleware, WSGIMiddleware

PIECE = b'<div class="row"><a href="/item/1">' + b"lorem ipsum " * 5000 + b"</a></div>\n"
PIECES = (1 << 30) // len(PIECE)
REGION = b'<!-- compress css --><link rel="stylesheet" href="/static/a.css"><!-- endcompress -->'
KINDS = {
    "a stream": [],
    "a stream with an ETag": [("etag", '"v1"')],
}


def page(pieces: int) -> Iterator[bytes]:
    """Yield the page."""
    yield b"<!doctype html><title>x</title><body>"
    for _ in range(pieces):
        yield PIECE
    yield REGION


def ask_wsgi(is_bare: bool, options: dict[str, Any], headers: list[tuple[str, str]]) -> Any:
    """Return a function that goes through a page of some pieces and returns the seconds to its first byte."""
    asked = {"pieces": 0}

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers])
        return page(asked["pieces"])

    wrapped: Any = app if is_bare else WSGIMiddleware(app, **options)

    def ask(pieces: int) -> float:
        asked["pieces"] = pieces
        started, first = time.perf_counter(), 0.0
        for piece in wrapped({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: None):
            first = first or (time.perf_counter() - started if piece else 0.0)
        return first

    return ask


def ask_asgi(is_bare: bool, options: dict[str, Any], headers: list[tuple[str, str]]) -> Any:
    """Return the same for ASGI."""
    asked = {"pieces": 0}
    raw = [(name.encode(), value.encode()) for name, value in headers]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html"), *raw]}
        await send(start)
        for piece in page(asked["pieces"]):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    wrapped: Any = app if is_bare else ASGIMiddleware(app, **options)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    def ask(pieces: int) -> float:
        asked["pieces"] = pieces
        started, first = time.perf_counter(), [0.0]

        async def send(message: dict[str, Any]) -> None:
            first[0] = first[0] or (time.perf_counter() - started if message.get("body") else 0.0)

        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        asyncio.run(wrapped(scope, receive, send))
        return first[0]

    return ask


def measure(protocol: str, wrapper: str, kind: str) -> None:
    """Print the growth in MiB and the milliseconds to the first byte of one case."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.css").write_text("a { color: red }")
        options = {"static": {"/static/": folder}, "cache_dir": f"{folder}/.cache", "build_wait": None}
        ask = (ask_wsgi if protocol == "WSGI" else ask_asgi)(wrapper == "bare", options, KINDS[kind])
        ask(1)  # builds the region
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        first = ask(PIECES)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        sys.stdout.write(f"{grown / 1024:8.1f} MiB {first * 1e3:9.2f} ms")


def main() -> None:
    """Print one line a case, each measured in a process of its own."""
    if len(sys.argv) > 1:
        measure(*sys.argv[1:])
        return
    sys.stdout.write(f"{'1 GiB':30}{'bare':>21}{'under Pressmark':>24}\n")
    for protocol in ("WSGI", "ASGI"):
        for kind in KINDS:
            cells = [
                subprocess.run(
                    [sys.executable, "-m", "benchmarks.streamed_page", protocol, wrapper, kind],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
                for wrapper in ("bare", "pressmark")
            ]
            sys.stdout.write(f"{protocol + ', ' + kind:30}{cells[0]:>24}{cells[1]:>24}\n")


if __name__ == "__main__":
    main()
