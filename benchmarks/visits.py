"""How long a browser takes to load a page over a slow line: ``python -m benchmarks.visits``.

The demo's larger page with its fifteen files and their fonts, visited first and again by the same Chromium, over
HTTP/1.1 and HTTP/2, with TLS. Hypercorn serves it: each file from WhiteNoise, the bundles of django-compressor from
WhiteNoise, or Pressmark's own. A forwarder between the two holds back each packet for half of the round trip, and the
first of a connection for one more, as the handshake of TCP takes. Printed are medians of the time up to the browser's
load event. All files may be kept for ever; the page itself is asked for each time.
"""

import asyncio
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import Playwright, async_playwright

from benchmarks.browsing.servers import make_certificate, serve, serving, trusting, with_files
from benchmarks.browsing.slow_line import slow_line
from benchmarks.report.tables import Table, publish
from benchmarks.wire import compressing
from demo.flask_site import app as demo
from pressmark import WSGIMiddleware

ROUNDS = 5
ROUND_TRIPS_MS = (40, 150)
PROTOCOLS = {"HTTP/1.1": ["--disable-http2"], "HTTP/2": []}
_LINK = re.compile(r'(?:src|href)="(/[^"]+)"')
_URL = re.compile(r"url\(['\"]?([^'\")?#]+)")

Times = dict[tuple[str, str, int], list[tuple[float, float]]]
"""Way, protocol and round trip -> the milliseconds of first and second visits."""


def make_site(folder: Path) -> None:
    """Write the page and its files, fonts included, and the page as django-compressor makes it."""
    client = demo.test_client()
    body = client.get("/dashboard/?plain").text
    for url in _LINK.findall(body):
        raw = client.get(url).data
        paths = [url, *(urljoin(url, each) for each in _URL.findall(raw.decode("utf-8")) if ":" not in each)]
        for path in paths if url.endswith(".css") else paths[:1]:
            answer = client.get(path)
            if answer.status_code == 200:
                target = folder / "static" / path.removeprefix("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(answer.data)
        body = body.replace(f'"{url}"', f'"/static{url}"')
    (folder / "page.html").write_text(body, encoding="utf-8")
    # In a process of its own: Django can be set up once.
    subprocess.run([sys.executable, "-m", "benchmarks.visits", "compress", str(folder)], check=True)
    subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", str(folder / "static")], check=True)


def compress(folder: Path) -> None:
    """Write the page as django-compressor makes it, and its bundles."""
    page = (folder / "page.html").read_text(encoding="utf-8")
    (folder / "compressed.html").write_text(compressing(folder / "static")(page), encoding="utf-8")


def answering(path: Path) -> Any:
    """Return an application that answers with the page at *path*."""
    page = path.read_bytes()

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))])
        return [page]

    return app


def _white_noise(folder: Path, page: str) -> Any:
    return with_files(answering(folder / page), folder)


def _pressmark(folder: Path) -> Any:
    app = WSGIMiddleware(answering(folder / "page.html"), static={"/static/": folder / "static"}, build_wait=None)
    return with_files(app, folder)


WAYS: dict[str, Callable[[Path], Any]] = {
    "WhiteNoise, each file": lambda folder: _white_noise(folder, "page.html"),
    "django-compressor, then WhiteNoise": lambda folder: _white_noise(folder, "compressed.html"),
    "Pressmark": _pressmark,
}


async def visit_twice(playwright: Playwright, url: str, arguments: list[str]) -> tuple[float, float]:
    """Return the milliseconds that a new browser takes for its first and its second visit of *url*."""
    with tempfile.TemporaryDirectory() as profile:
        browser = await playwright.chromium.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), args=arguments
        )
        found = []
        for _ in range(2):
            page = await browser.new_page()
            await page.goto(url, wait_until="load")
            found.append(await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart"))
            await page.close()
        await browser.close()
    return found[0], found[1]


async def measured(ports: dict[str, int], key: str) -> Times:
    """Return the times of all visits; *key* is the hash of the servers' public key, which the browser is to trust."""
    found: Times = {}
    trusted = trusting(key)
    async with async_playwright() as playwright:
        for port in ports.values():  # once, so that everything is built
            await visit_twice(playwright, f"https://127.0.0.1:{port}/", trusted)
        for _, (protocol, arguments), trip, (way, port) in product(
            range(ROUNDS), PROTOCOLS.items(), ROUND_TRIPS_MS, ports.items()
        ):
            async with slow_line(port, trip) as line:
                times = await visit_twice(playwright, f"https://127.0.0.1:{line}/", [*trusted, *arguments])
            found.setdefault((way, protocol, trip), []).append(times)
    return found


def tables() -> list[Table]:
    """Return a table for each protocol."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        make_site(folder)
        key = make_certificate(folder)
        ports = {
            way: stack.enter_context(serving("benchmarks.visits", folder, number)) for number, way in enumerate(WAYS)
        }
        found = asyncio.run(measured(ports, key))
    columns = [f"{visit} visit, {trip} ms" for visit in ("first", "second") for trip in ROUND_TRIPS_MS]
    about = (
        "The time up to Chromium's load event for the same page, over TLS, with round trips of so many milliseconds "
        "and no bound on the bytes a second."
    )
    return [
        Table(f"Visits over {protocol}", about, "milliseconds", columns, {
            way: [
                statistics.median(times[visit] for times in found[way, protocol, trip])
                for visit in (0, 1)
                for trip in ROUND_TRIPS_MS
            ]
            for way in WAYS
        }, "bars")
        for protocol in PROTOCOLS
    ]  # fmt: skip


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", folder, number, port]:
            serve(list(WAYS.values())[int(number)](Path(folder)), Path(folder), int(port))
        case ["compress", folder]:
            compress(Path(folder))
        case _:
            publish(*tables())
