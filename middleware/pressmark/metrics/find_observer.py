"""Find the function that the setting ``on_event`` names, in the installed packages."""

from functools import cache

from pressmark.entry_point import load_point, names_of
from pressmark.errors import SettingsError
from pressmark.events import Guarded, OnEvent

OBSERVERS = "pressmark.observers"
"""The group of entry points of functions that take an Event, or of classes whose objects do."""


def find_observer(wanted: str | OnEvent | None) -> OnEvent | None:
    """Return *wanted*, or the observer that it names, as one that raises nothing. Raises SettingsError."""
    if wanted is None:
        return None
    if isinstance(wanted, type):
        wanted = wanted()
    return Guarded(_named(wanted) if isinstance(wanted, str) else wanted)


@cache  # metrics of a name are there once in a process
def _named(name: str) -> OnEvent:
    found = load_point(OBSERVERS, name, "the setting 'on_event'")
    if found is None:
        raise SettingsError(f"the setting 'on_event' is {name!r}; there are {', '.join(names_of(OBSERVERS))}")
    observer: OnEvent = found() if isinstance(found, type) else found
    return observer
