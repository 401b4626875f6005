"""Find the function that the setting ``on_event`` names, in the installed packages."""

from functools import cache
from importlib.metadata import entry_points

from pressmark.errors import SettingsError
from pressmark.events import Guarded, OnEvent

OBSERVERS = "pressmark.observers"
"""The group of entry points of functions that take an Event, or of classes whose objects do."""


def find_observer(wanted: str | OnEvent | None) -> OnEvent | None:
    """Return *wanted*, or the observer that it names, as one that raises nothing. Raises SettingsError."""
    if wanted is None:
        return None
    return Guarded(_named(wanted) if isinstance(wanted, str) else wanted)


@cache  # metrics of a name are there once in a process
def _named(name: str) -> OnEvent:
    points = {point.name: point for point in entry_points(group=OBSERVERS)}
    if name not in points:
        raise SettingsError(f"the setting 'on_event' is {name!r}; there are {', '.join(sorted(points))}")
    try:
        found = points[name].load()
    except ImportError as error:
        extra = next(iter(points[name].extras), "")
        hint = f": pip install 'pressmark[{extra}]'" if extra else ""
        raise SettingsError(f"the setting 'on_event' needs a package that is missing: {error}{hint}") from error
    observer: OnEvent = found() if isinstance(found, type) else found
    return observer
