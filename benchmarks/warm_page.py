"""What a warm page costs: ``python -m benchmarks.warm_page``.

A site is generated from a seed. For each page size and number of regions, the page is asked for in turn under a
wrapper that does nothing and under Pressmark, and the medians are compared. Nothing else may run on the machine.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pressmark import ASGIMiddleware, WSGIMiddleware

ROUNDS = 300
SIZES_KB = (10, 50, 200)
REGIONS = (0, 2, 4)
FILES_PER_REGION = 6


def make_site(directory: Path) -> None:
    """Write the static files."""
    for number in range(max(REGIONS) * FILES_PER_REGION):
        (directory / f"{number}.css").write_text(f".a{number} {{ color: red }}\n" * 50)


def make_page(size: int, regions: int) -> bytes:
    """Return a page of about *size* bytes with its regions spread over it."""
    rng = random.Random(size + regions)
    rows: list[str] = []
    while sum(map(len, rows)) < size:
        words = " ".join(rng.choice(("lorem", "ipsum", "dolor", "sit")) for _ in range(8))
        rows.append(f'<div class="row" id="r{len(rows)}"><a href="/item/{len(rows)}">{words}</a></div>\n')
    for number in range(regions):
        first = number * FILES_PER_REGION
        links = "".join(f'<link rel="stylesheet" href="/static/{first + i}.css">\n' for i in range(FILES_PER_REGION))
        rows.insert(number * len(rows) // regions, f"<!-- compress css -->\n{links}<!-- endcompress -->\n")
    return ("<!doctype html><meta charset=utf-8><title>x</title>\n" + "".join(rows)).encode()


def wsgi_calls(page: bytes, static: Path) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return a call of the page under a wrapper that does nothing, and one under Pressmark."""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", headers)
        return [page]

    def wrapper(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        return app(environ, lambda status, headers, exc_info=None: start_response(status, headers))

    def call(wrapped: Any) -> Callable[[], None]:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": ""}

        def asked() -> None:
            for _ in wrapped(environ, lambda *_: None):
                pass

        return asked

    middleware = WSGIMiddleware(app, static={"/static/": static}, cache_dir=static / ".cache", refresh=None)
    return call(wrapper), call(middleware)


def asgi_calls(page: bytes, static: Path) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return the same two calls for ASGI."""
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(page)).encode())]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    async def wrapper(scope: Any, receive: Any, send: Any) -> None:
        async def passing(message: Any) -> None:
            await send(message)

        await app(scope, receive, passing)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    loop = asyncio.new_event_loop()

    def call(wrapped: Any) -> Callable[[], None]:
        scope = {"type": "http", "method": "GET", "path": "/", "root_path": "", "query_string": b"", "headers": []}
        return lambda: loop.run_until_complete(wrapped(scope, receive, send))

    middleware = ASGIMiddleware(app, static={"/static/": static}, cache_dir=static / ".cache", refresh=None)
    return call(wrapper), call(middleware)


def microseconds(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """Return the median of each call's microseconds, the calls taken in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 10):
        for call, seen in zip((one, other), times, strict=True):
            started = time.perf_counter()
            call()
            if number >= 10:
                seen.append((time.perf_counter() - started) * 1e6)
    return statistics.median(times[0]), statistics.median(times[1])


def main() -> None:
    """Print one line a case."""
    with tempfile.TemporaryDirectory() as folder:
        static = Path(folder)
        make_site(static)
        for name, calls in (("WSGI", wsgi_calls), ("ASGI", asgi_calls)):
            for size in SIZES_KB:
                for regions in REGIONS:
                    page = make_page(size * 1000, regions)
                    bare, ours = microseconds(*calls(page, static))
                    line = f"{name} {size:4} KB, {regions} regions: bare {bare:7.1f} µs, Pressmark {ours:8.1f} µs"
                    sys.stdout.write(f"{line}, added {ours - bare:8.1f} µs\n")


if __name__ == "__main__":
    main()
