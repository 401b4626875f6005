"""How long a cold build holds up other requests: ``python -m benchmarks.stalled_loop``.

An event loop answers a small request every millisecond while a page is built for the first time: the demo's largest
page with its fifteen files, from memory; the same from a disk that takes a tenth of a second a file; and with a
minifier that computes for a second. Printed are the longest delays of the small requests, on asyncio and on trio.
The floors are the same loop beside a thread that only computes, which is what CPython's lock costs anyone, and beside
one full garbage collection. Each round begins after such a collection, so that it pays for no garbage but its own.
"""

import gc
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from anyio import to_thread

from benchmarks.cold_build import Loaded, load
from pressmark import ASGIMiddleware
from pressmark.assembly import assemble
from pressmark.model import Asset, Page
from pressmark.settings import Settings
from pressmark.stores.memory import MemoryStore

ROUNDS = 5
READ_S = 0.1
COMPUTE_S = 1.0


class SlowDisk(Loaded):
    """A resolver that waits before it reads."""

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, later."""
        time.sleep(READ_S)
        return super().read(url, page)


class SlowMinifier(Loaded):
    """A resolver that computes once before it reads, as a slow filter in Python would."""

    has_computed = False

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, after a second's work."""
        if not self.has_computed:
            self.has_computed = True
            compute(COMPUTE_S)
        return super().read(url, page)


def compute(seconds: float) -> None:
    """Keep a processor busy."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(1000))


def make_app(page: bytes, resolver: Loaded) -> ASGIMiddleware:
    """Return an application with one page, under a Pressmark that has built nothing yet."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    settings = Settings(build_wait=None, refresh=None)
    wrapped = ASGIMiddleware(app, settings)
    wrapped._core = assemble(settings, resolver=resolver, store=MemoryStore())
    return wrapped


def run(work: Callable[[], Awaitable[object]], backend: str) -> float:
    """Return the longest delay in milliseconds beside *work* on the event loop of *backend*."""
    gc.collect()
    return anyio.run(longest_delay, work, backend=backend)


async def longest_delay(work: Callable[[], Awaitable[object]]) -> float:
    """Return the longest delay in milliseconds of something due every millisecond while *work* goes on."""
    worst = 0.0
    async with anyio.create_task_group() as group:

        async def tick() -> None:
            nonlocal worst
            while True:
                due = time.perf_counter() + 0.001
                await anyio.sleep(0.001)
                worst = max(worst, time.perf_counter() - due)

        group.start_soon(tick)
        await anyio.sleep(0.01)
        worst = 0.0
        await work()
        group.cancel_scope.cancel()
    return worst * 1e3


async def ask(app: ASGIMiddleware) -> None:
    """Ask *app* for its page."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        pass

    scope = {"type": "http", "method": "GET", "path": "/dashboard/", "query_string": b"", "headers": []}
    await app(scope, receive, send)


async def beside_a_thread() -> None:
    """Wait for a thread that only computes."""
    await to_thread.run_sync(compute, COMPUTE_S)


async def beside_a_collection() -> None:
    """Wait for a thread that collects all garbage."""
    await to_thread.run_sync(gc.collect)


def main() -> None:
    """Print one line a case."""
    regions, loaded = load()
    page = b"<!doctype html><meta charset=utf-8>" + b"".join(region.raw for region in regions)
    cases: dict[str, Callable[[], Callable[[], Awaitable[object]]]] = {
        "a thread that computes": lambda: beside_a_thread,
        "a full garbage collection": lambda: beside_a_collection,
        "cold, from memory": lambda: lambda: ask(make_app(page, Loaded(loaded.files))),
        "cold, from a slow disk": lambda: lambda: ask(make_app(page, SlowDisk(loaded.files))),
        "cold, with a slow minifier": lambda: lambda: ask(make_app(page, SlowMinifier(loaded.files))),
    }
    sys.stdout.write(f"longest delay in ms, the worst of {ROUNDS} rounds; {threading.active_count()} thread\n")
    sys.stdout.write(f"{'':30}{'asyncio':>10}{'trio':>10}\n")
    for name, prepare in cases.items():
        row = f"{name:30}"
        for backend in ("asyncio", "trio"):
            row += f"{max(run(prepare(), backend) for _ in range(ROUNDS)):10.1f}"
        sys.stdout.write(row + "\n")


if __name__ == "__main__":
    main()
