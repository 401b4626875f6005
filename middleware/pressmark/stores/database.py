"""Ask diskcache, on one thread of its own, so that nobody waits for it longer than a limit.

SQLite may block: for a minute if another process writes while a database is opened. So all of it stays on one thread;
whoever asks waits a moment, and goes on without an answer. A fault is remembered for ``RETRY_S`` seconds, apart for
reading and for writing, so that one build meets it once. Who waited for a question of the other sort or for a fork met
no fault of its own: that is remembered until the thread is free.

Before a fork the thread closes the database, and goes on when that is over: a process that has its parent's handles
would take away its locks, and its log (sqlite.org/howtocorrupt.html, 2.6). If several threads fork at once it goes on
after the last of them.

What is kept here is only made again if it is lost. So a database that is damaged is set aside, and begun anew; after
any other fault it is closed, and opened when it is asked again.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import get_ident
from typing import Any, TypeVar

from filelock import FileLock

from pressmark.concurrency.after_fork import rest_during_fork
from pressmark.concurrency.green import locked_natively, native_lock, native_queue, run_at_home, start_native_thread
from pressmark.errors import StoreError
from pressmark.protocols import Clock
from pressmark.stores.damage import has_strange_settings, is_damage
from pressmark.stores.safe_disk import SafeCache, SafeDisk

T = TypeVar("T")

LIMIT_S = 0.5
"""Seconds to wait for an answer."""
BUSY_TIMEOUT_S = 0.2
"""Seconds to wait for another process that writes."""
RETRY_S = 30.0
"""Seconds after a fault in which nothing is asked again."""
IDLE_S = 5.0
"""Seconds after which the thread closes the database and ends."""
REST_S = 2.0
"""Seconds that a fork waits for the thread."""
SLICE = 100
"""So many values are removed at a time."""
PAUSE_S = 0.005
"""Seconds from one time to the next, in which other processes may write."""

_OPTIONS: dict[str, Any] = {
    "disk": SafeDisk,
    "eviction_policy": "none",
    "cull_limit": 0,
    "statistics": 0,
    "timeout": BUSY_TIMEOUT_S,
    "disk_min_file_size": 1 << 40,  # no value in a file of its own
    "sqlite_mmap_size": 0,  # a database that is cut off would end the process by a signal
}


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A piece of work for the thread: a question that *writes* or reads, or ``None`` if it is no question."""

    do: Callable[[], object]
    writes: bool | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What all are told who ask for ``RETRY_S`` seconds from *at* on.

    It is over before if the thread is no longer at the work *behind* which a question of another sort has waited.
    """

    text: str
    at: float
    behind: Work | None


class Database:
    """The diskcache in *directory*. *prepare* makes that; it is called before the database is opened."""

    def __init__(self, directory: str, prepare: Callable[[], None], clock: Clock = time.monotonic) -> None:
        self._directory, self._prepare, self._clock = directory, prepare, clock
        self._path = os.path.join(directory, "cache.db")
        self._faults: dict[bool, Fault] = {}
        self._cache: Any
        self._opened_as: tuple[int | None, ...]
        self._is_running: bool
        self._at: Work | None  # what the thread does
        self._closed: Any
        self._end_of_rest: Any
        self.renew()
        rest_during_fork(self)

    def ask(self, question: Callable[[Any], T], *, writes: bool) -> T:
        """Return what *question* gives for the open cache. Raises StoreError, within ``LIMIT_S`` seconds."""
        fault = self._faults.get(writes)
        if fault is not None and self._lasts(fault):
            raise StoreError(fault.text)
        answers: list[T] = []
        errors: list[Exception] = []
        done = locked_natively()

        def answer() -> None:
            try:
                answers.append(self._answer(question))
            except Exception as error:  # it is for the one who asks
                errors.append(error)
            done.release()

        try:
            self._begin(Work(answer, writes))
        except RuntimeError as error:  # the system gives no thread
            errors.append(error)
        is_answered = bool(errors) or done.acquire(True, LIMIT_S)
        if is_answered and answers:
            return answers[0]
        raise StoreError(self._remember(errors[0] if is_answered else None, writes=writes))

    def expire(self, before: float) -> int:
        """Remove all that expires *before* a time, a slice at a time; return how much. Raises StoreError.

        Others ask in between. May take a minute.
        """
        expired = 0
        while some := self.ask(lambda cache: int(cache.expire_some(before, SLICE)), writes=True):
            expired += some
            run_at_home(lambda: time.sleep(PAUSE_S))
        return expired

    def _begin(self, work: Work) -> None:
        """Have the thread do *work*. Raises RuntimeError if there is none and none can be started."""
        with self._lock:
            if not self._is_running:
                start_native_thread(self._run)
                self._is_running = True
                if self._forking:  # a thread of now must not open the database before they are over
                    self._work.put(Work(self._end_of_rest.acquire))
            self._work.put(work)

    def _remember(self, error: Exception | None, *, writes: bool) -> str:
        """Remember that a question met *error*, or had no answer in time, and return a text that says so."""
        at = self._at
        behind = at if error is None and at is not None and at.writes is not writes else None
        told = f"no answer within {LIMIT_S:g} s" if error is None else repr(error)
        again = "when the thread is free" if behind else f"in {RETRY_S:g} s"
        verb = "write" if writes else "read"
        text = f"cannot {verb} the database in {self._directory!r}: {told}; it is asked again {again}"
        self._faults[writes] = Fault(text, self._clock(), behind)
        return text

    def _lasts(self, fault: Fault) -> bool:
        if fault.behind is not None and fault.behind is not self._at:
            return False
        return self._clock() - fault.at < RETRY_S

    # On the thread

    def _run(self) -> None:
        while (work := self._next()) is not None:
            self._at = work
            work.do()
            self._at = None

    def _next(self) -> Work | None:
        """Return the next piece of work, ``None`` when the thread may end."""
        with suppress(Empty):
            return self._work.get(timeout=IDLE_S)
        self._close()  # without the lock: a slow disk holds up nobody who asks
        with self._lock:
            if not self._work.empty():
                return self._work.get()
            self._is_running = False
        return None

    def _answer(self, question: Callable[[Any], T]) -> T:
        try:
            return question(self._opened())
        except Exception as error:
            is_open = self._cache is not None
            self._close()  # and with it whatever was begun
            if not is_damage(error) and (is_open or not has_strange_settings(self._path)):
                raise
        self._set_aside()
        return question(self._opened())

    def _opened(self) -> Any:
        """Return the open cache, opened anew if its files were replaced or removed."""
        if self._cache is None or self._identity() != self._opened_as:
            self._close()
            self._prepare()
            self._opened_as = self._identity()  # for the case that it cannot be opened
            self._cache = SafeCache(self._directory, **_OPTIONS)
            self._opened_as = self._identity()
        return self._cache

    def _identity(self) -> tuple[int | None, ...]:
        return _inode(self._path), _inode(self._path + "-wal")

    def _close(self) -> None:
        cache, self._cache = self._cache, None
        with suppress(Exception):  # its files may be gone
            if cache is not None:
                cache.close()

    def _set_aside(self) -> None:
        """Set the damaged database aside, unless another process has begun it anew."""
        lock = FileLock(os.path.join(self._directory, "locks", "open.lock"), timeout=LIMIT_S)
        with lock, suppress(FileNotFoundError):
            if os.stat(self._path).st_ino == self._opened_as[0]:
                os.replace(self._path, self._path + ".damaged")
                for suffix in ("-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        os.remove(self._path + suffix)

    # Around a fork

    def rest(self) -> None:
        """Have the thread close the database, and wait until ``resume``. Waits for that, but not for long."""
        if not self._lock.acquire(True, REST_S):
            return
        if not self._forking:
            self._closed, self._end_of_rest = locked_natively(), locked_natively()
            if self._is_running:
                self._work.put(Work(partial(self._rest, self._closed, self._end_of_rest)))
            else:
                self._closed.release()
        self._forking.add(get_ident())
        closed = self._closed
        self._lock.release()
        if closed.acquire(True, REST_S):
            closed.release()  # for another thread that forks

    def _rest(self, closed: Any, end: Any) -> None:
        self._close()
        closed.release()
        end.acquire()

    def resume(self) -> None:
        """Let the thread go on, if no other one forks."""
        if get_ident() not in self._forking:  # rest gave up: perhaps this thread itself has the lock
            return
        with self._lock:
            self._forking.remove(get_ident())
            if not self._forking:
                self._end_of_rest.release()

    def renew(self) -> None:
        """Begin anew in the child, which has no thread of its parent's."""
        self._lock = native_lock()
        self._work: SimpleQueue[Work] = native_queue()
        self._at = None
        self._is_running = False
        self._cache, self._opened_as = None, ()
        self._forking: set[int] = set()  # the threads
        self._closed = self._end_of_rest = None


def _inode(path: str) -> int | None:
    try:
        return os.stat(path).st_ino
    except OSError:
        return None
