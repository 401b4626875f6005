"""Let threads that compute take turns: when they take the interpreter from each other, all of them need a third more.

An event loop beside them then also waits for one thread, not for one after the other.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock

T = TypeVar("T")

PATIENCE_S = 1.0
"""Seconds after which a thread computes beside another one: what takes long delays nobody for longer."""


class Turn:
    """The right to compute, for the time of a ``with``."""

    def __enter__(self) -> "Turn":
        self._take()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._give()

    def leave_for(self, work: Callable[[], T]) -> T:
        """Return the result of *work*, which may wait, while others have their turn. Raises what it raises."""
        self._give()
        try:
            return work()
        finally:
            self._take()

    def _take(self) -> None:
        lock = _turns.lock
        self._held: Any = lock if lock.acquire(timeout=PATIENCE_S) else None

    def _give(self) -> None:
        if self._held is not None:
            self._held.release()


class _Turns:
    """The lock of this process."""

    def __init__(self) -> None:
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self.lock = native_lock()


_turns = _Turns()
