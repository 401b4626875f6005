"""Wait for a future on an event loop, asyncio's or trio's, without blocking it."""

from concurrent.futures import Future
from contextlib import suppress
from typing import Any

import anyio
from anyio import lowlevel


async def wait_async(future: "Future[Any]", timeout_s: float | None) -> None:
    """Return when *future* is done, and after *timeout_s* seconds at the latest; ``None`` waits without end."""
    done = anyio.Event()
    loop: Any = lowlevel.current_token().native_token
    # asyncio's name for it, and trio's. Neither waits for the loop, which may be about to end.
    call_soon = getattr(loop, "call_soon_threadsafe", None) or loop.run_sync_soon

    def wake(_: object) -> None:
        with suppress(RuntimeError):  # the loop may have ended
            call_soon(done.set)

    future.add_done_callback(wake)
    with anyio.move_on_after(timeout_s):
        await done.wait()
