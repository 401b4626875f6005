"""Run each piece of work once for all callers (single flight), on a few threads that never keep the process alive."""

import queue
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import Native, run_at_home

T = TypeVar("T")

THREADS = 16
"""The threads for builds. Most of them wait, for a disk or another process, and pages wait for them."""
IDLE_S = 5.0
"""Seconds after which a thread without work ends."""


class SingleFlight(Generic[T]):
    """The pieces of work that run or wait for a thread, by key.

    A forked process starts with none, as it has no thread of its parent's. *at_thread_end* is called by each thread
    before it ends. Work that *computes* stops no greenlets (see ``green``).
    """

    def __init__(
        self, at_thread_end: Callable[[], object] = lambda: None, threads: int = THREADS, *, computes: bool = True
    ) -> None:
        self._at_thread_end, self._most_threads, self._computes = at_thread_end, threads, computes
        self.renew()
        renew_after_fork(self)

    def submit(self, key: Hashable, work: Callable[[], T]) -> "Future[T]":
        """Return the future of *work* under *key*, which starts unless it is running or waiting already.

        A thread for it is started at home: on a thread of the operating system no greenlet would go on.
        """
        return run_at_home(lambda: self._submit(key, work))

    def _submit(self, key: Hashable, work: Callable[[], T]) -> "Future[T]":
        with self._lock:
            future = self._running.get(key)
            if future is None:
                self._start_thread()
                future = self._running[key] = Future()
                self._queue.put((key, work, future))
            return future

    def give_up(self, key: Hashable, future: "Future[T]") -> None:
        """Cancel *future*, under *key*, unless it is done; if a thread works on it, count that as lost.

        Another takes the place of a lost thread, which ends when its work does, if ever.
        """
        with self._lock:
            if self._running.get(key) is not future:
                return
            del self._running[key]
            if future.cancel():
                return
            self._threads -= 1
            self._lost.add(future)
            if not self._queue.empty():
                with suppress(RuntimeError):  # the system gives no thread: the next piece of work asks again
                    self._start_thread()

    @property
    def lost(self) -> int:
        """The number of threads that are lost now."""
        return len(self._lost)

    def renew(self) -> None:
        self._lock = threading.Lock()  # of the greenlets: who starts a thread holds it, and waits for that
        self._running: dict[Hashable, Future[T]] = {}
        self._queue: queue.SimpleQueue[tuple[Hashable, Callable[[], T], Future[T]]] = queue.SimpleQueue()
        self._threads = 0
        self._lost: set[Future[T]] = set()
        self._native = Native(self._most_threads) if self._computes else None

    def _start_thread(self) -> None:
        if self._threads < self._most_threads:
            try:
                threading.Thread(target=self._work, name="pressmark", daemon=True).start()
            except RuntimeError:  # the system gives no more threads: the present ones do the work
                if not self._threads:
                    raise
                return
            self._threads += 1

    def _work(self) -> None:
        while (item := self._next()) is not None:
            key, work, future = item
            del item
            if not future.set_running_or_notify_cancel():
                del work, future
                continue
            try:
                result = self._native.run(work) if self._native else work()
            except BaseException as error:  # it is for the callers that wait
                is_lost = self._finish(key, future)
                future.set_exception(error)
            else:
                is_lost = self._finish(key, future)
                future.set_result(result)
            if is_lost:
                self._at_thread_end()
                return
            del work, future  # an idle thread keeps nothing alive

    def _next(self) -> tuple[Hashable, Callable[[], T], Future[T]] | None:
        """Return the next piece of work, ``None`` when the thread may end."""
        try:
            return self._queue.get(timeout=IDLE_S)
        except queue.Empty:
            pass
        with self._lock:
            if not self._queue.empty():
                return self._queue.get()
            self._threads -= 1
        self._at_thread_end()
        return None

    def _finish(self, key: Hashable, future: "Future[T]") -> bool:
        """Note that the work on *future* is done. Tell whether this thread was given up meanwhile."""
        with self._lock:
            if future in self._lost:
                self._lost.remove(future)
                return True
            del self._running[key]
            return False
