"""Whoever asks the database has an answer or an error soon, whatever its one thread does."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import diskcache
import pytest

from pressmark.errors import StoreError
from pressmark.stores import database
from pressmark.stores.database import Database

PATIENCE_S = 60.0
ROUNDS = 30


@pytest.fixture
def opened(tmp_path: Path) -> Database:
    return database_in(tmp_path)


def database_in(directory: Path) -> Database:
    """Return a database that is open and holds one value."""
    found = Database(str(directory), lambda: (directory / "locks").mkdir(exist_ok=True))
    found.ask(lambda cache: cache.set("key", b"value"), writes=True)
    return found


def value_of(asked: Database) -> bytes:
    found: bytes = asked.ask(lambda cache: cache.get("key"), writes=False)
    return found


@pytest.fixture
def threads() -> Iterator[list[ThreadPoolExecutor]]:
    """Return two threads that do what they are given one after the other."""
    with ExitStack() as stack:
        yield [stack.enter_context(ThreadPoolExecutor(1)) for _ in range(2)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first in first out", "first in last out"])
def test_the_thread_goes_on_after_two_forks_at_once(
    opened: Database, threads: list[ThreadPoolExecutor], order: tuple[int, int]
) -> None:
    for _ in range(3):
        for thread in threads:
            thread.submit(opened.rest).result()
        for number in order:
            threads[number].submit(opened.resume).result()

        assert value_of(opened) == b"value"


def test_the_thread_rests_until_the_last_fork_is_over(opened: Database, threads: list[ThreadPoolExecutor]) -> None:
    for thread in threads:
        thread.submit(opened.rest).result()
    threads[0].submit(opened.resume).result()

    with pytest.raises(StoreError, match="no answer"):
        value_of(opened)
    threads[1].submit(opened.resume).result()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_two_threads_may_fork_at_once(tmp_path: Path) -> None:
    """In a new process, as forks and the other threads of this one do not go together."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(fork_at_once, tmp_path).result(PATIENCE_S)

    assert found == [b"value"] * ROUNDS


def fork_at_once(directory: Path) -> list[bytes]:
    asked, found = database_in(directory), []
    barrier = threading.Barrier(2)

    def fork() -> None:
        barrier.wait()
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)

    for _ in range(ROUNDS):
        both = [threading.Thread(target=fork) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        found.append(value_of(asked))
    return found


def test_nobody_waits_for_a_database_that_takes_its_time_to_close(
    opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_closing, may_close, close = threading.Event(), threading.Event(), diskcache.Cache.close

    def slow(cache: Any) -> None:
        is_closing.set()
        may_close.wait()
        close(cache)

    monkeypatch.setattr(database, "IDLE_S", 0.01)
    monkeypatch.setattr(diskcache.Cache, "close", slow)
    value_of(opened)
    assert is_closing.wait(PATIENCE_S)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(value_of, opened)
        try:
            error = asking.exception(PATIENCE_S / 6)
        finally:
            may_close.set()

    assert isinstance(error, StoreError)
