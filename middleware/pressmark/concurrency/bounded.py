"""Keep a table that several threads fill from growing without end."""

from sys import getsizeof
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def make_room(table: dict[K, V], most: int) -> None:
    """Drop the oldest entries of *table* until another one makes *most* of them; other threads may change it, too."""
    while len(table) >= most:
        try:
            table.pop(next(iter(table)), None)
        except (RuntimeError, StopIteration):
            table.clear()


def bytes_of(value: object) -> int:
    """Return the bytes of memory that *value* takes with all that it holds: texts, numbers, tuples, values with slots.

    A part that it holds twice is counted twice.
    """
    parts = value if isinstance(value, tuple) else (getattr(value, name) for name in getattr(value, "__slots__", ()))
    return getsizeof(value) + sum(map(bytes_of, parts))
