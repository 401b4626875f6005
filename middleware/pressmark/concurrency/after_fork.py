"""Give the child of a fork new locks: one that another thread held at that moment would never be released.

What a child must not have, such as the handles of a database, is closed in the parent before the fork.
"""

import os
from contextlib import suppress
from typing import Protocol, TypeVar
from weakref import WeakSet


class Renewable(Protocol):
    """An object with locks, threads or handles that a forked process cannot share."""

    def renew(self) -> None:
        """Replace them. Runs in the child before any other code."""


class Resting(Renewable, Protocol):
    """An object that works in the background, and not during a fork."""

    def rest(self) -> None:
        """Stop, and close everything. Runs before the fork, and waits for no long."""

    def resume(self) -> None:
        """Go on. Runs in the parent after the fork."""


T = TypeVar("T")

_known: "WeakSet[Renewable]" = WeakSet()
_resting: "WeakSet[Resting]" = WeakSet()


def renew_after_fork(owner: Renewable) -> None:
    """Have *owner* renewed in every child process, as long as it lives."""
    _known.add(owner)


def rest_during_fork(owner: Resting) -> None:
    """Have *owner* rest while the process forks, and renewed in the child."""
    _known.add(owner)
    _resting.add(owner)


def _all_of(owners: "WeakSet[T]") -> list[T]:
    """Return all *owners*, also if another thread adds one meanwhile: else nobody would rest, or rest for ever."""
    while True:
        with suppress(RuntimeError):  # the set has changed
            return list(owners)


def _before() -> None:
    for owner in _all_of(_resting):
        owner.rest()


def _in_parent() -> None:
    for owner in _all_of(_resting):
        owner.resume()


def _in_child() -> None:
    for owner in _all_of(_known):
        owner.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
