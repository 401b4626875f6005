"""Where a source file may stand once it is moved out of its own element, and why it may not stand elsewhere."""

from dataclasses import dataclass
from enum import IntEnum


class Place(IntEnum):
    """Where in a bundle a file may stand: anywhere, only first, or only by itself."""

    ANYWHERE = 0
    FIRST = 1
    ALONE = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a source is not where it would save most.

    *rule* is the name that the README explains; *at* is the line and column, from 1, to which it applies, if to any.
    """

    rule: str
    text: str
    at: tuple[int, int] | None = None


class UnmovableError(Exception):
    """A file would mean something else under another URL: its element stays as it is.

    *taints_variables* tells that other sheets' ``var()`` may take a relative URL from this one.
    """

    def __init__(
        self, text: str, *, rule: str = "", at: tuple[int, int] | None = None, taints_variables: bool = False
    ) -> None:
        super().__init__(text)
        self.reason = Reason(rule, text, at)
        self.taints_variables = taints_variables


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column, from 1, of the character at *offset*."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
