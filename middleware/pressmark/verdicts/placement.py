"""The placement of a source file that is moved out of its own element, and the reason if it may not stand anywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from pressmark.verdicts.catalogue import Rule


class Placement(IntEnum):
    """The positions in a bundle that a file may have: any, only the first, or only alone."""

    ANYWHERE = 0
    FIRST = 1
    ALONE = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason why an element stays, or why its source is parted from its neighbours.

    *at* is the line and column, from 1, to which it applies, if there is one.
    """

    rule: Rule
    text: str
    at: tuple[int, int] | None = None


class UnmovableError(Exception):
    """A source that may not be moved out of its element: the element stays as it is.

    *taints_custom_properties* means that ``var()`` in other sheets may take a relative URL from this one. *lexical* are
    the names that a script declares by a top-level let, const or class, ``None`` if it was not analysed.
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
