"""How much the tests look at: ``make quick`` and ``make test`` a part of what takes long, ``make behaviour`` all of it.

Marathons are properties that try more than Hypothesis's usual 100 examples, the pages of html5lib-tests with a region
planted in them, and the files of installed packages. The Hypothesis profile of ``make quick`` tries one in ten of them.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

FULL = "full"
QUICK = "quick"
QUICK_PART = 10
IS_ALL = os.environ.get("PRESSMARK_HAZARDS") == "all"

Item = TypeVar("Item")


def marathon(length: int) -> int:
    """Return how much of a marathon's *length* to run: all, or a tenth with ``--hypothesis-profile=quick``."""
    return length // QUICK_PART if is_quick() else length


def sample(items: Sequence[Item]) -> Sequence[Item]:
    """Return the *items* of a marathon to look at: all, or each tenth with ``--hypothesis-profile=quick``."""
    return items[::QUICK_PART] if is_quick() else items


def part(items: Sequence[Item], of: int) -> Sequence[Item]:
    """Return each *of*-th of the *items* that take a browser or a server, all with ``PRESSMARK_HAZARDS=all``."""
    return items if IS_ALL else items[::of]


def is_quick() -> bool:
    """Tell whether the profile is chosen."""
    return settings.get_current_profile_name() == QUICK
