"""Choose the bundles that were not used for long, so that no single clock decides.

All times are those of the file system, written by whichever process used a bundle. A machine may start with its clock
far off, which makes all older stamps look old at once. But whatever pages name is stamped again within a day. So a
bundle goes only once several sweeps, each on another day, have found it unused, with the same stamp. And one sweep
takes no more than a part: the bundles used longest ago go first.

Where room is needed, bundles that only one page has named go first: a stranger may make many of them. Of these the
newest go first, as a site's own pages were asked for before a stranger began.
"""

import json
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from pressmark.stores.bundle_files import BundleFile

SIGHTINGS = 7
"""So many sweeps find a bundle unused before it goes."""
PART = 8
"""One sweep, a day's, removes at most one of so many bundles, or one of a few."""


Choose = Callable[[Sequence[BundleFile], float, float], list[BundleFile]]
"""Chooses bundles to remove: those that were not used for some seconds before now."""


def older(bundles: Sequence[BundleFile], now: float, seconds: float) -> list[BundleFile]:
    """Return those of *bundles* that were not used for *seconds* before *now*: for people, who know the time."""
    return [bundle for bundle in bundles if bundle.used_at < now - seconds]


class Sightings:
    """Chooses bundles for sweeps, and keeps in the file at *path* how many of them have found each bundle unused."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def choose(self, bundles: Sequence[BundleFile], now: float, seconds: float) -> list[BundleFile]:
        """Return those of *bundles* to remove; see above. Raises OSError.

        Age is counted from the newest use, if that is before *now*.
        """
        ordered = sorted(bundles, key=lambda bundle: bundle.used_at)
        unused = older(ordered, min([now, *(bundle.used_at for bundle in ordered[-1:])]), seconds)
        before = self._read()
        counts = [before.get((bundle.path.name, bundle.used_at), 0) + 1 for bundle in unused]
        rows = [(bundle.path.name, bundle.used_at, count) for bundle, count in zip(unused, counts, strict=True)]
        self._path.write_text(json.dumps(rows), encoding="utf-8")
        old = [bundle for bundle, count in zip(unused, counts, strict=True) if count >= SIGHTINGS]
        return old[: max(1, len(bundles) // PART)]

    def _read(self) -> dict[tuple[str, float], int]:
        try:
            return {(str(name), float(at)): int(n) for name, at, n in json.loads(self._path.read_text("utf-8"))}
        except (FileNotFoundError, ValueError, TypeError, OverflowError):  # none yet, or damaged: counted anew
            return {}


def of_one_page(bundles: Sequence[BundleFile], least: int, size: int) -> list[BundleFile]:
    """Return those of *bundles* that only one page has named, used last, until they have *size* bytes.

    None if all of them have less than *least*: nothing would be won.
    """
    found = sorted((bundle for bundle in bundles if bundle.is_of_one_page), key=lambda bundle: -bundle.used_at)
    before = [0, *accumulate(bundle.size for bundle in found)]
    return [bundle for bundle, freed in zip(found, before, strict=False) if freed < size] if before[-1] >= least else []
