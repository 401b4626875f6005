"""Whoever asks the database has an answer or an error soon, whatever its one thread does."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
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


@dataclass(frozen=True)
class SlowClose:
    """A close of the database that is begun and then waits until it may end."""

    is_begun: threading.Event
    may_end: threading.Event


@pytest.fixture
def slow_close(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowClose]:
    """Have a thread with nothing to do end at once, and close the database slowly."""
    found, close = SlowClose(threading.Event(), threading.Event()), diskcache.Cache.close

    def slow(cache: Any) -> None:
        found.is_begun.set()
        found.may_end.wait()
        close(cache)

    monkeypatch.setattr(database, "IDLE_S", 0.01)
    monkeypatch.setattr(diskcache.Cache, "close", slow)
    yield found
    found.may_end.set()


def test_nobody_waits_for_a_database_that_takes_its_time_to_close(opened: Database, slow_close: SlowClose) -> None:
    value_of(opened)
    assert slow_close.is_begun.wait(PATIENCE_S)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(value_of, opened)
        try:
            error = asking.exception(PATIENCE_S / 6)
        finally:
            slow_close.may_end.set()

    assert isinstance(error, StoreError)


def test_a_fork_while_the_thread_ends_waits_until_the_database_is_closed(
    opened: Database, slow_close: SlowClose, threads: list[ThreadPoolExecutor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "REST_S", PATIENCE_S)
    value_of(opened)
    assert slow_close.is_begun.wait(PATIENCE_S)
    forking = threads[0].submit(opened.rest)
    with pytest.raises(TimeoutError):
        forking.result(0.1)
    slow_close.may_end.set()
    forking.result(PATIENCE_S / 6)
    asking = threads[1].submit(value_of, opened)
    threads[0].submit(opened.resume).result()

    assert asking.result() == b"value"


def test_a_fork_by_the_thread_that_holds_the_lock_goes_on(
    opened: Database, threads: list[ThreadPoolExecutor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a handler of a signal may fork at any moment."""
    monkeypatch.setattr(database, "REST_S", 0.01)
    with opened._lock:
        for step in (opened.rest, opened.resume):
            threads[0].submit(step).result(PATIENCE_S / 6)

    assert value_of(opened) == b"value"


class Stuck:
    """A question that is begun and then waits until it may end."""

    def __init__(self) -> None:
        self.is_begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, _: Any) -> None:
        self.is_begun.set()
        self.may_end.wait()


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    monkeypatch.setattr(database, "LIMIT_S", 0.1)
    found = Stuck()
    yield found
    found.may_end.set()


def begin(asked: Database, question: Stuck, *, writes: bool) -> None:
    """Have *question* asked for longer than anybody waits."""
    with pytest.raises(StoreError, match="no answer"):
        asked.ask(question, writes=writes)
    assert question.is_begun.is_set()


def value_soon(asked: Database) -> bytes:
    """Return the value once the thread is free, long before a fault is over by itself."""
    for _ in range(1000):
        with suppress(StoreError):
            return value_of(asked)
        time.sleep(0.001)
    return value_of(asked)


def test_a_write_that_takes_too_long_is_no_fault_of_reading(opened: Database, stuck: Stuck) -> None:
    begin(opened, stuck, writes=True)
    with pytest.raises(StoreError, match="when the thread is free"):
        value_of(opened)
    stuck.may_end.set()

    assert value_soon(opened) == b"value"
    with pytest.raises(StoreError, match="in 30 s"):
        opened.ask(lambda cache: cache.set("key", b"new"), writes=True)


def test_a_read_that_takes_too_long_is_a_fault_of_reading(opened: Database, stuck: Stuck) -> None:
    begin(opened, stuck, writes=False)
    stuck.may_end.set()

    with pytest.raises(StoreError, match="in 30 s"):
        value_of(opened)


def test_one_waits_for_a_thread_that_is_busy_and_others_do_not(
    opened: Database, stuck: Stuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One build reads many records: it meets a hanging disk once."""
    begin(opened, stuck, writes=True)
    with pytest.raises(StoreError):
        value_of(opened)
    monkeypatch.setattr(database, "LIMIT_S", PATIENCE_S)
    before = time.monotonic()
    with pytest.raises(StoreError):
        value_of(opened)

    assert time.monotonic() - before < PATIENCE_S / 2


def test_a_fork_that_takes_long_is_no_fault(
    opened: Database, threads: list[ThreadPoolExecutor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LIMIT_S", 0.1)
    threads[0].submit(opened.rest).result()
    with pytest.raises(StoreError, match="no answer"):
        value_of(opened)
    threads[0].submit(opened.resume).result()

    assert value_soon(opened) == b"value"


def test_a_fork_after_which_a_thread_could_not_be_started_is_over_once(
    tmp_path: Path, threads: list[ThreadPoolExecutor], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Database(str(tmp_path), lambda: (tmp_path / "locks").mkdir(exist_ok=True))
    threads[0].submit(asked.rest).result()
    with monkeypatch.context() as patch:
        patch.setattr(database, "start_native_thread", no_thread)
        with pytest.raises(StoreError, match="can't start new thread"):
            asked.ask(lambda cache: cache.set("key", b"value"), writes=True)
    asking = threads[1].submit(asked.ask, lambda cache: cache.get("key", b"none"), writes=False)
    threads[0].submit(asked.resume).result()

    assert asking.result() == b"none"


def no_thread(_: object) -> None:
    raise RuntimeError("can't start new thread")
