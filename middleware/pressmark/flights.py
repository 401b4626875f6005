"""Run each piece of work once, however many ask for it, on a few threads that never keep the process alive."""

import os
import queue
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")

THREADS = 4


class Flights(Generic[T]):
    """Work in the air, by key. A forked process starts with none: its parent's threads did not come along."""

    def __init__(self) -> None:
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
        while True:
            key, work, flight = self._queue.get()
            try:
                result = work()
            except BaseException as error:  # it belongs to those who wait
                self._land(key)
                flight.set_exception(error)
            else:
                self._land(key)
                flight.set_result(result)

    def _land(self, key: Hashable) -> None:
        with self._lock:
            del self._flights[key]
