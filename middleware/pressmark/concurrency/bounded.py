"""Keep a table that several threads fill from growing without end."""

from dataclasses import dataclass
from sys import getsizeof
from typing import Generic, TypeVar

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock

K = TypeVar("K")
V = TypeVar("V")


def make_room(table: dict[K, V], most: int) -> None:
    """Drop the oldest entries of *table* until another one makes *most* of them; other threads may change it, too."""
    while len(table) >= most:
        try:
            table.pop(next(iter(table)), None)
        except (RuntimeError, StopIteration):
            table.clear()


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V
    size: int
    is_used: bool = False  # since it was last its turn to go


class Memo(Generic[K, V]):
    """A table of values that take no more than *most* bytes in all.

    The oldest go first, but not those that were asked for since it was last their turn (the clock algorithm). One that
    would take more than a quarter of the bytes is not kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._table: dict[K, _Entry[V]] = {}
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()
        self._bytes = sum(entry.size for entry in self._table.values())  # a thread that is gone may have been counting

    def get(self, key: K) -> V | None:
        """Return the value under *key*, ``None`` if there is none."""
        found = self._table.get(key)
        if found is None:
            return None
        found.is_used = True
        return found.value

    def put(self, key: K, value: V, size: int) -> None:
        """Keep *value*, which takes *size* bytes, unless another thread puts one now: nobody waits for that."""
        if 4 * size > self._most or not self._lock.acquire(blocking=False):
            return
        try:
            before = self._table.pop(key, None)
            self._bytes += size - (before.size if before is not None else 0)
            while self._table and self._bytes > self._most:
                oldest = next(iter(self._table))
                entry = self._table.pop(oldest)
                if entry.is_used:
                    entry.is_used = False
                    self._table[oldest] = entry
                else:
                    self._bytes -= entry.size
            self._table[key] = _Entry(value, size)
        finally:
            self._lock.release()

    def __len__(self) -> int:
        return len(self._table)


def bytes_of(value: object) -> int:
    """Return the bytes of memory that *value* takes with all that it holds: texts, numbers, tuples, values with slots.

    A part that it holds twice is counted twice.
    """
    parts = value if isinstance(value, tuple) else (getattr(value, name) for name in getattr(value, "__slots__", ()))
    return getsizeof(value) + sum(map(bytes_of, parts))
