"""A future of a thread is awaited on asyncio and on trio, and no longer than allowed."""

import threading
import time
from concurrent.futures import Future

import anyio
import pytest

from pressmark.concurrency.waiting import wait_async

both = pytest.mark.parametrize("backend", ["asyncio", "trio"])


@both
def test_a_future_that_another_thread_fulfils_is_awaited(backend: str) -> None:
    future: Future[int] = Future()
    threading.Timer(0.05, future.set_result, (7,)).start()
    anyio.run(wait_async, future, 30.0, backend=backend)

    assert future.result(0) == 7


@both
def test_a_future_that_is_done_is_not_waited_for(backend: str) -> None:
    future: Future[int] = Future()
    future.set_result(7)

    anyio.run(wait_async, future, None, backend=backend)


@both
def test_the_wait_ends_after_its_seconds(backend: str) -> None:
    started = time.monotonic()
    anyio.run(wait_async, Future[int](), 0.05, backend=backend)

    assert time.monotonic() - started >= 0.05


def test_a_future_that_is_fulfilled_after_the_loop_has_ended_hurts_nobody() -> None:
    future: Future[int] = Future()
    anyio.run(wait_async, future, 0.0)
    future.set_result(7)

    assert future.result(0) == 7
