"""A circuit breaker: after a few failures a service is left alone for a while, and then tried by one call."""

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import Native, native_lock, run_at_home
from pressmark.errors import SharedStoreError
from pressmark.events import OnEvent, StoreCalled
from pressmark.protocols import Clock

T = TypeVar("T")

MOST_FAILURES = 2
"""So many failures in a row open the circuit."""
NATIVE_THREADS = 4
OPEN_S = 10.0
"""Seconds for which an open circuit lets no call through."""


class Service(Protocol):
    """What a breaker guards: its *name*, for people, and whether calls wait in code that gevent cannot patch."""

    name: str
    waits_natively: bool


class Breaker:
    """Calls *service*; while its circuit is open, calls fail at once. *on_event* hears of each.

    *noun* says what it is.
    """

    def __init__(
        self, service: Service, clock: Clock, on_event: OnEvent | None = None, noun: str = "the shared store"
    ) -> None:
        self._store, self._name, self._clock = service.name, f"{noun} {service.name}", clock
        self._on_event = on_event
        # A library that waits in native code would stop all greenlets: it gets threads of the operating system.
        self._run = Native(NATIVE_THREADS).run if service.waits_natively else run_at_home
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock: threading.Lock = native_lock()
        self._failures = 0
        self._tried_at = 0.0
        self._last = ""

    @property
    def is_open(self) -> bool:
        """Tell whether calls fail at once."""
        return self._failures >= MOST_FAILURES and self._clock() - self._tried_at < OPEN_S

    def call(self, name: str, work: Callable[[], T]) -> T:
        """Return the result of *work*, a call of that *name*.

        Raises SharedStoreError for what it raises, and if the circuit is open.
        """
        with self._lock:
            is_open = self.is_open
            if not is_open:
                self._tried_at = self._clock()  # if the circuit was open, this call alone tries
        if is_open:
            self._tell(StoreCalled(self._store, name, "skipped"))
            raise SharedStoreError(f"{self._name} is not asked for {OPEN_S:g} s, after {self._last}")
        began = time.perf_counter()
        try:
            result: T = self._run(work)
        except Exception as error:
            with self._lock:
                self._failures += 1
                self._tried_at, self._last = self._clock(), f"{type(error).__name__}: {_first_line(error)}"
            self._tell(StoreCalled(self._store, name, "failed", time.perf_counter() - began))
            raise SharedStoreError(f"{self._name} failed: {self._last}") from error
        self._failures = 0
        self._tell(StoreCalled(self._store, name, "done", time.perf_counter() - began))
        return result

    def _tell(self, event: StoreCalled) -> None:
        if (on_event := self._on_event) is not None:
            run_at_home(lambda: on_event(event))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
