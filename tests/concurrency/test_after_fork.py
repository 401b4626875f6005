"""A forked process can take every lock, whoever held it."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest

from pressmark.concurrency import after_fork
from tests.conftest import write_old
from tests.site import Site, css_region
from tests.test_warm import locks_below

PATIENCE_S = 60


def test_a_child_is_not_stopped_by_locks_that_its_parent_held(static: Path) -> None:
    """The parent is a new process: threads that other tests left in this one may be inside of SQLite at the fork."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        locks, code = pool.submit(fork_and_ask, static).result(2 * PATIENCE_S)

    assert locks >= 4
    assert code == 0


def fork_and_ask(static: Path) -> tuple[int, int]:
    """Return how many locks were held at the fork, and the child's exit code: 0 where it built the changed page."""
    write_old(static / "a.css", "a { color: red }")
    site = Site(static, css_region("a.css"), {"refresh": 0})
    before = site.get().body
    write_old(static / "a.css", "a { color: blue }")
    locks = locks_below(site.app)
    for lock in locks:
        lock.acquire()
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE_S)  # a child that hangs is ended by it
        code = 1
        try:
            body = site.get().body
            code = 0 if body != before and b"/pressmark/" in body else 2
        finally:
            os._exit(code)
    for lock in locks:
        lock.release()
    _, status = os.waitpid(child, 0)
    return len(locks), os.waitstatus_to_exitcode(status)


class Owner:
    """Counts how often it rests and goes on."""

    def __init__(self) -> None:
        self.rested = self.resumed = 0

    def rest(self) -> None:
        self.rested += 1

    def resume(self) -> None:
        self.resumed += 1

    def renew(self) -> None:
        pass


class Growing(WeakSet[Any]):
    """A set to which another thread adds an owner while it is read."""

    added: Owner | None = None

    def __iter__(self) -> Iterator[Any]:
        for owner in super().__iter__():
            if self.added is None:
                self.added = Owner()
                self.add(self.added)
            yield owner


def test_all_rest_and_go_on_though_another_thread_makes_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Owner()
    for hook in (after_fork._before, after_fork._in_parent):
        monkeypatch.setattr(after_fork, "_resting", Growing([owner]))
        hook()

    assert (owner.rested, owner.resumed) == (1, 1)
