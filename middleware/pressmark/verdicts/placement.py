"""The placement of a source file that is moved out of its own element, and the reason if it may not stand anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

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

    @classmethod
    def read(cls, kept: "Reason | Mapping[str, Any] | None") -> "Reason | None":
        """Return a reason that was kept as JSON. Raises ValueError, TypeError or KeyError if it is none."""
        if kept is None or isinstance(kept, Reason):
            return kept
        line, column = kept["at"] or (0, 0)
        return cls(Rule(kept["rule"]), kept["text"], (line, column) if line else None)


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of a script that stays on later ones.

    It *may_write* into the page, *lexical* are the names that it declares by let, const or class. *inspectors* are the
    names of its functions that look at the script which calls them, each with the rule for which that script stays.
    *files* are the names of the scripts that it names, without their folders, *declared* the names that it declares as
    variables or functions.
    """

    may_write: bool = False
    lexical: frozenset[str] = frozenset()
    inspectors: Mapping[str, Rule] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()


NO_EFFECTS = Effects()


def read_inspectors(kept: Mapping[str, str]) -> dict[str, Rule]:
    """Return inspectors that were kept as JSON. Raises ValueError or AttributeError if they are none."""
    return {name: Rule(rule) for name, rule in kept.items()}


class UnmovableError(Exception):
    """A source that may not be moved out of its element: the element stays as it is.

    *taints_custom_properties* means that ``var()`` in other sheets may take a relative URL from this one. *effects* are
    those of a script, ``None`` if it was not analysed.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        taints_custom_properties: bool = False,
        effects: Effects | None = None,
    ) -> None:
        super().__init__(reason.text)
        self.reason, self.taints_custom_properties, self.effects = reason, taints_custom_properties, effects
