"""What a warm answer of the endpoint costs in-process: ``python -m benchmarks.endpoint``.

A stylesheet of 100 KB is asked for as browsers ask, again and again: whole, and by the tag that they have. The floor is
an application that looks the path up in a dictionary and sends what it finds, as it is. What is printed are medians of
microseconds, each pair taken in turn in one run, and their ratio. Nothing else may run on the machine.
"""

import asyncio
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.warm_page import REQUEST_HEADERS
from pressmark import ASGIMiddleware, WSGIMiddleware

ROUNDS = 3000
PAGE = b'<!-- compress css --><link rel="stylesheet" href="/static/a.css"><!-- endcompress -->'

Call = Callable[[], None]
Headers = list[tuple[str, str]]


def make_site(directory: Path) -> dict[str, Any]:
    """Write the static files and return the settings."""
    (directory / "a.css").write_text("".join(f".a{n} {{ color: #{n * 7919:06x} }}\n" for n in range(4500)))
    return {"static": {"/static/": directory}, "cache_dir": directory / ".cache", "minify": False}


def page_wsgi(environ: Any, start_response: Any) -> list[bytes]:
    """Answer with the page."""
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [PAGE]


async def page_asgi(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the page."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": PAGE})


def wsgi_call(app: Any, path: str, more: Headers, answer: list[Any]) -> Call:
    """Return a call of *app*; status, headers and body of its answer are put into *answer*."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": ""}
    environ |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in [*REQUEST_HEADERS.items(), *more]}

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
        answer[:] = status, headers

    def call() -> None:
        answer.extend(app(environ, start_response))

    return call


def asgi_call(app: Any, path: str, more: Headers, answer: list[Any]) -> Call:
    """Return a call of *app*; the messages of its answer are put into *answer*."""
    headers = [(name.encode(), value.encode()) for name, value in [*REQUEST_HEADERS.items(), *more]]
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "headers": headers}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        answer.append(message)

    asyncio.run(app(scope, receive, send))  # the first time a thread reads the store

    def call() -> None:
        answer.clear()
        try:
            app(scope, receive, send).send(None)  # what waits for nothing needs no loop, which would hide the rest
        except StopIteration:
            return
        raise RuntimeError("the answer was not in memory")

    return call


def floor_wsgi(path: str, status: str, headers: Headers, body: bytes) -> Any:
    """Return an application that knows one answer."""
    known = {path: (status, headers, body)}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        status, headers, body = known[environ["PATH_INFO"]]
        start_response(status, list(headers))
        return [body]

    return app


def floor_asgi(path: str, status: int, headers: Any, body: bytes) -> Any:
    """Return an application that knows one answer."""
    known = {path: (status, headers, body)}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        status, headers, body = known[scope["path"]]
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    return app


def medians(first: Call, second: Call) -> tuple[float, float]:
    """Return the medians of both calls' microseconds, taken in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for call, seen in zip((first, second), times, strict=True):
            started = time.perf_counter()
            call()
            seen.append((time.perf_counter() - started) * 1e6)
    return statistics.median(times[0]), statistics.median(times[1])


def prime(app: Any) -> tuple[str, str]:
    """Return the path of the page's bundle, built now, and the tag of its smallest form."""
    answer: list[Any] = []
    wsgi_call(app, "/", [], answer)()
    found = re.search(rb'href="(/pressmark/[^"]+)"', answer[2])
    if not found:
        raise RuntimeError("the page was not bundled")
    path = found[1].decode()
    wsgi_call(app, path, [], answer)()
    first = tag = dict(answer[1])["ETag"]
    while tag == first:  # it is made in the background
        time.sleep(0.01)
        wsgi_call(app, path, [], answer)()
        tag = dict(answer[1])["ETag"]
    return path, tag


def main() -> None:
    """Print one line a case."""
    with tempfile.TemporaryDirectory() as folder:
        options = make_site(Path(folder))
        wsgi, asgi = WSGIMiddleware(page_wsgi, **options), ASGIMiddleware(page_asgi, **options)
        path, tag = prime(wsgi)
        sys.stdout.write(f"{'':12}{'floor':>9}{'Pressmark':>11}{'ratio':>8}\n")
        more: Headers
        for label, more in (("200", []), ("304", [("if-none-match", tag)])):
            answer: list[Any] = []
            ours = wsgi_call(wsgi, path, more, answer)
            ours()
            known = floor_wsgi(path, answer[0], answer[1], b"".join(answer[2:]))
            _print(f"WSGI, {label}", medians(wsgi_call(known, path, more, []), ours))
            ours = asgi_call(asgi, path, more, answer)
            ours()
            known = floor_asgi(path, answer[0]["status"], answer[0]["headers"], answer[1]["body"])
            _print(f"ASGI, {label}", medians(asgi_call(known, path, more, []), ours))


def _print(label: str, found: tuple[float, float]) -> None:
    floor, ours = found
    sys.stdout.write(f"{label:12}{floor:9.2f}{ours:11.2f}{ours / floor:8.1f}\n")


if __name__ == "__main__":
    main()
