"""Give the child of a fork new locks: one that another thread held at that moment would never be released."""

import os
from typing import Protocol
from weakref import WeakSet


class Renewable(Protocol):
    """An object with locks, threads or handles that a forked process cannot share."""

    def renew(self) -> None:
        """Replace them. Runs in the child before any other code."""


_known: "WeakSet[Renewable]" = WeakSet()


def renew_after_fork(owner: Renewable) -> None:
    """Have *owner* renewed in every child process, as long as it lives."""
    _known.add(owner)


def _renew() -> None:
    for owner in list(_known):
        owner.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
