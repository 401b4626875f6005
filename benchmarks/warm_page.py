"""What a response costs once its regions are warm: ``python -m benchmarks.warm_page``.

A site is generated from a seed. Each response is asked for in turn under a wrapper that does nothing, under one that
only searches it (``bytes.find``, and ``bytes.rfind``, the faster of the two in CPython), and under Pressmark: the same
page again, and one of very many in turn, which differ in every other line. What is printed are medians of
microseconds over the wrapper that does nothing. Nothing else may run on the machine.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from pressmark import ASGIMiddleware, WSGIMiddleware

ROUNDS = 300
SIZES_KB = (10, 50, 200)
REGIONS = (0, 2, 4)
FILES_PER_REGION = 6
VARIANT_BYTES = 30_000_000
"""The bytes of pages that differ: more than Pressmark remembers."""
NEEDLE = b"<!-- compress"
REQUEST_HEADERS = {
    "host": "example.org", "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", "accept": "text/html,*/*;q=0.8",
    "accept-language": "en", "accept-encoding": "gzip, br", "referer": "https://example.org/",
    "cookie": "sessionid=0123456789abcdef", "sec-fetch-dest": "document", "connection": "keep-alive",
}  # fmt: skip
RESPONSE_HEADERS = {"x-frame-options": "DENY", "vary": "Cookie", "referrer-policy": "same-origin"}

Pages = Iterator[bytes]
Call = Callable[[], None]


def make_site(directory: Path) -> None:
    """Write the static files."""
    for number in range(max(REGIONS) * FILES_PER_REGION):
        (directory / f"{number}.css").write_text(f".a{number} {{ color: red }}\n" * 50)


def make_page(size: int, regions: int, variant: int = 0) -> bytes:
    """Return a page of about *size* bytes with its regions spread over it; one of each *variant* has its own rows."""
    rng = random.Random(size + regions)
    rows: list[str] = []
    length = 0
    while length < size:
        words = " ".join(rng.choice(("lorem", "ipsum", "dolor", "sit")) for _ in range(8))
        number = len(rows) if len(rows) % 2 else len(rows) * 1000 + variant
        rows.append(f'<div class="row" id="r{number:07}"><a href="/item/{number:07}">{words}</a></div>\n')
        length += len(rows[-1])
    for number in range(regions):
        first = number * FILES_PER_REGION
        links = "".join(f'<link rel="stylesheet" href="/static/{first + i}.css">\n' for i in range(FILES_PER_REGION))
        # The first in the head, the last at the end of the body.
        rows.insert(number * len(rows) // max(1, regions - 1), f"<!-- compress css -->\n{links}<!-- endcompress -->\n")
    return ("<!doctype html><meta charset=utf-8><title>x</title>\n" + "".join(rows)).encode()


def wsgi_call(wrap: Callable[[Any], Any], pages: Pages, content_type: str) -> Call:
    """Return a call of an application under *wrap*."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        page = next(pages)
        headers = [("Content-Type", content_type), ("Content-Length", str(len(page)))]
        start_response("200 OK", [*headers, *((name.title(), value) for name, value in RESPONSE_HEADERS.items())])
        return [page]

    wrapped = wrap(app)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "SCRIPT_NAME": "", "QUERY_STRING": ""}
    environ |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in REQUEST_HEADERS.items()}

    def call() -> None:
        for _ in wrapped(environ, lambda *_: None):
            pass

    return call


def wsgi_wrappers(options: dict[str, Any]) -> dict[str, Callable[[Any], Any]]:
    """Return the wrappers of an application by name."""

    def searching(search: Callable[[bytes], object]) -> Callable[[Any], Any]:
        def wrap(app: Any) -> Any:
            def wrapper(environ: dict[str, Any], start_response: Any) -> list[bytes]:
                result: list[bytes] = app(environ, lambda status, headers, exc=None: start_response(status, headers))
                search(result[0])
                return result

            return wrapper

        return wrap

    return _named(searching, lambda app: WSGIMiddleware(app, **options))


_LOOP = asyncio.new_event_loop()


def asgi_call(wrap: Callable[[Any], Any], pages: Pages, content_type: str) -> Call:
    """Return a call of an application under *wrap*."""
    more = [(name.encode(), value.encode()) for name, value in RESPONSE_HEADERS.items()]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        page = next(pages)
        headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(page)).encode()), *more]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    wrapped = wrap(app)
    headers = [(name.encode(), value.encode()) for name, value in REQUEST_HEADERS.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "root_path": "", "query_string": b"", "headers": headers}
    return lambda: _LOOP.run_until_complete(wrapped(scope, receive, send))


def asgi_wrappers(options: dict[str, Any]) -> dict[str, Callable[[Any], Any]]:
    """Return the wrappers of an application by name."""

    def searching(search: Callable[[bytes], object]) -> Callable[[Any], Any]:
        def wrap(app: Any) -> Any:
            async def wrapper(scope: Any, receive: Any, send: Any) -> None:
                async def passing(message: Any) -> None:
                    if message["type"] == "http.response.body":
                        search(message["body"])
                    await send(message)

                await app(scope, receive, passing)

            return wrapper

        return wrap

    return _named(searching, lambda app: ASGIMiddleware(app, **options))


def _named(searching: Callable[[Callable[[bytes], object]], Any], pressmark: Any) -> dict[str, Callable[[Any], Any]]:
    return {
        "nothing": searching(lambda page: None),
        "find": searching(lambda page: page.find(NEEDLE + b" none")),
        "rfind": searching(lambda page: page.rfind(NEEDLE + b" none")),
        "again": pressmark,
        "another": pressmark,
    }


def medians(calls: dict[str, Call]) -> dict[str, float]:
    """Return the median of each call's microseconds, the calls taken in turn."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(ROUNDS + 10):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            if number >= 10:
                times[name].append((time.perf_counter() - started) * 1e6)
    return {name: statistics.median(seen) for name, seen in times.items()}


def main() -> None:
    """Print one line a case."""
    with tempfile.TemporaryDirectory() as folder:
        static = Path(folder)
        make_site(static)
        options = {"static": {"/static/": static}, "cache_dir": static / ".cache", "refresh": None}
        sys.stdout.write("microseconds over a wrapper that does nothing, medians\n")
        sys.stdout.write(f"{'':28}{'find':>9}{'rfind':>9}{'again':>9}{'another':>9}\n")
        for name, make_call, make_wrappers in (
            ("WSGI", wsgi_call, wsgi_wrappers),
            ("ASGI", asgi_call, asgi_wrappers),
        ):
            for size, regions, content_type in [
                (50, 2, "application/json"),
                *((size, regions, "text/html; charset=utf-8") for size in SIZES_KB for regions in REGIONS),
            ]:
                pages = [make_page(size * 1000, regions, variant) for variant in range(VARIANT_BYTES // size // 1000)]
                calls = {
                    key: make_call(wrap, cycle(pages if key != "again" else pages[:1]), content_type)
                    for key, wrap in make_wrappers(options).items()
                }
                for call in (calls["again"], calls["another"]):
                    call()  # builds the regions
                found = medians(calls)
                label = f"{name} {size:4} KB, " + (f"{regions} regions" if "html" in content_type else "JSON")
                row = "".join(f"{found[key] - found['nothing']:9.1f}" for key in found if key != "nothing")
                sys.stdout.write(f"{label:28}{row}\n")


if __name__ == "__main__":
    main()
