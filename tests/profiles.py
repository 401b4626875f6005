"""The Hypothesis profiles: that of ``make quick`` tries one in ten of a marathon, and everything else in full.

Marathons are properties that try more than Hypothesis's usual 100 examples, the pages of html5lib-tests with a region
planted in them, and the files of installed packages.
"""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

FULL = "full"
QUICK = "quick"
QUICK_PART = 10

Item = TypeVar("Item")


def marathon(length: int) -> int:
    """Return how much of a marathon's *length* to run: all, or a tenth with ``--hypothesis-profile=quick``."""
    return length // QUICK_PART if is_quick() else length


def sample(items: Sequence[Item]) -> Sequence[Item]:
    """Return the *items* of a marathon to look at: all, or each tenth with ``--hypothesis-profile=quick``."""
    return items[::QUICK_PART] if is_quick() else items


def is_quick() -> bool:
    """Tell whether the profile is chosen."""
    return settings.get_current_profile_name() == QUICK
