"""Load what an installed package offers under a name, in a group of entry points."""

import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pressmark.errors import SettingsError


def points_of(group: str) -> dict[str, EntryPoint]:
    """Return what is in *group*, by its name. What is installed later another process sees."""
    return _points_on(tuple(sys.path), group)


@lru_cache(maxsize=16)
def _points_on(path: tuple[str, ...], group: str) -> dict[str, EntryPoint]:
    """Return the same for a *path* of imports: it takes some 30 ms, as all packages are asked."""
    return {point.name: point for point in entry_points(group=group)}


def names_of(group: str) -> list[str]:
    """Return the names in *group*, in order."""
    return sorted(points_of(group))


def load_point(group: str, name: str, subject: str) -> Any:
    """Return what is under *name* in *group*, ``None`` if nothing is.

    Raises SettingsError if a package is missing that it needs; *subject* begins the text.
    """
    point = points_of(group).get(name)
    if point is None:
        return None
    try:
        return point.load()
    except ImportError as error:
        raise SettingsError(f"{subject} needs a package that is missing: {error}{hint_at(point)}") from error


def hint_at(point: EntryPoint) -> str:
    """Return the end of a text that says how to install what *point* needs, "" if that is not known."""
    extra = next(iter(point.extras), "")
    return f": pip install 'pressmark[{extra}]'" if extra else ""
