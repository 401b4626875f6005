"""Choose the bundles that were not used for long, so that no single clock decides.

All times are those of the file system, written by whichever process used a bundle. A machine may start with its clock
far ahead; so age is counted from the newest use, if that is before the time of the one that sweeps. And one sweep takes
no more than a part: the bundles used longest ago go first, and those that pages name are used again before their turn.

Where room is needed, bundles that only one page has named go first: a stranger may make many of them. Of these the
newest go first, as a site's own pages were asked for before a stranger began.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate

from pressmark.stores.bundle_files import BundleFile

PART = 8
"""One sweep, a day's, removes at most one of so many bundles."""
LEAST = 64
"""It may remove that many of a few."""


Choose = Callable[[Sequence[BundleFile], float, float], list[BundleFile]]
"""Chooses bundles to remove: those that were not used for some seconds before now."""


def older(bundles: Sequence[BundleFile], now: float, seconds: float) -> list[BundleFile]:
    """Return those of *bundles* that were not used for *seconds* before *now*: for people, who know the time."""
    return [bundle for bundle in bundles if bundle.used_at < now - seconds]


def unused(bundles: Sequence[BundleFile], now: float, seconds: float) -> list[BundleFile]:
    """Return those of *bundles* that were not used for *seconds* before the newest use, and before *now*.

    No more than a part of them, those used longest ago.
    """
    ordered = sorted(bundles, key=lambda bundle: bundle.used_at)
    latest = min([now, *(bundle.used_at for bundle in ordered[-1:])])
    return older(ordered, latest, seconds)[: max(LEAST, len(bundles) // PART)]


def of_one_page(bundles: Sequence[BundleFile], least: int, size: int) -> list[BundleFile]:
    """Return those of *bundles* that only one page has named, used last, until they have *size* bytes.

    None if all of them have less than *least*: nothing would be won.
    """
    found = sorted((bundle for bundle in bundles if bundle.is_of_one_page), key=lambda bundle: -bundle.used_at)
    before = [0, *accumulate(bundle.size for bundle in found)]
    return [bundle for bundle, freed in zip(found, before, strict=False) if freed < size] if before[-1] >= least else []
