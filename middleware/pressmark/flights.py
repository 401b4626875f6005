"""Run each piece of work once, however many ask for it, on a few threads that never keep the process alive."""

import os
import queue
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")

THREADS = 16
"""Most of them wait: for a disk, for another process. Pages wait for them in turn."""
IDLE_S = 5.0
"""Seconds after which a thread without work ends."""


class Flights(Generic[T]):
    """Work in the air, by key. A forked process starts with none: its parent's threads did not come along."""

    def __init__(self, at_thread_end: Callable[[], object] = lambda: None) -> None:
        self._at_thread_end = at_thread_end
        self._reset()

    def join(self, key: Hashable, work: Callable[[], T]) -> "Future[T]":
        """Return the future of *work* under *key*, which starts unless it is under way already."""
        if self._pid != os.getpid():
            self._reset()
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._flights[key] = Future()
                self._queue.put((key, work, flight))
                self._start_thread()
            return flight

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._flights: dict[Hashable, Future[T]] = {}
        self._queue: queue.SimpleQueue[tuple[Hashable, Callable[[], T], Future[T]]] = queue.SimpleQueue()
        self._threads = 0

    def _start_thread(self) -> None:
        if self._threads < THREADS:
            self._threads += 1
            threading.Thread(target=self._work, name="pressmark", daemon=True).start()

    def _work(self) -> None:
        while (item := self._next()) is not None:
            key, work, flight = item
            del item
            try:
                result = work()
            except BaseException as error:  # it belongs to those who wait
                self._land(key)
                flight.set_exception(error)
            else:
                self._land(key)
                flight.set_result(result)

            del work, flight  # an idle thread keeps nothing alive

    def _next(self) -> tuple[Hashable, Callable[[], T], Future[T]] | None:
        """Return the next piece of work, ``None`` when the thread may end."""
        try:
            return self._queue.get(timeout=IDLE_S)
        except queue.Empty:
            pass
        with self._lock:
            if self._queue.empty():
                self._threads -= 1
                self._at_thread_end()
                return None
        return self._next()

    def _land(self, key: Hashable) -> None:
        with self._lock:
            del self._flights[key]
