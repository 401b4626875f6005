"""Where a source file may stand once it is moved out of its own element, and why it may not stand elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from pressmark.verdicts.catalogue import Rule


class Placement(IntEnum):
    """Where in a bundle a file may stand: anywhere, only first, or only by itself."""

    ANYWHERE = 0
    FIRST = 1
    ALONE = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a source is not where it would save most.

    *at* is the line and column, from 1, to which it applies, if to any.
    """

    rule: Rule
    text: str
    at: tuple[int, int] | None = None


class UnmovableError(Exception):
    """A file would mean something else under another URL: its element stays as it is.

    *taints_custom_properties* tells that ``var()`` in other sheets may take a relative URL from this one; *lexical* are
    the names that a script holds by a top-level let, const or class, ``None`` where it was not analysed.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        taints_custom_properties: bool = False,
        lexical: Iterable[str] | None = None,
    ) -> None:
        super().__init__(reason.text)
        self.reason, self.taints_custom_properties = reason, taints_custom_properties
        self.lexical = None if lexical is None else frozenset(lexical)
