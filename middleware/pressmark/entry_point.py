"""Load what an installed package offers under a name, in a group of entry points."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from pressmark.errors import SettingsError


def names_of(group: str) -> list[str]:
    """Return the names in *group*, in order."""
    return sorted({point.name for point in entry_points(group=group)})


def load_point(group: str, name: str, subject: str) -> Any:
    """Return what is under *name* in *group*, ``None`` if nothing is.

    Raises SettingsError if a package is missing that it needs; *subject* begins the text.
    """
    points = {point.name: point for point in entry_points(group=group)}
    if name not in points:
        return None
    try:
        return points[name].load()
    except ImportError as error:
        raise SettingsError(f"{subject} needs a package that is missing: {error}{hint_at(points[name])}") from error


def hint_at(point: EntryPoint) -> str:
    """Return the end of a text that says how to install what *point* needs, "" if that is not known."""
    extra = next(iter(point.extras), "")
    return f": pip install 'pressmark[{extra}]'" if extra else ""
