"""Keep a table that several threads fill from growing without end."""

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
