"""Find the service that the setting ``store`` names: by the scheme of its URL, in the installed packages."""

from importlib.metadata import entry_points
from urllib.parse import urlsplit

from pressmark.errors import SettingsError
from pressmark.protocols import Backend

BACKENDS = "pressmark.stores"
"""The group of entry points that are named by the schemes of URLs: functions from a URL to a Backend."""


def find_backend(store: str | Backend) -> Backend:
    """Return *store*, or the backend at the URL that it is. Raises SettingsError."""
    if not isinstance(store, str):
        return store
    scheme = urlsplit(store).scheme
    points = {point.name: point for point in entry_points(group=BACKENDS)}
    if scheme not in points:
        known = ", ".join(sorted(points))
        raise SettingsError(f"the setting 'store' is a URL of the scheme {scheme!r}; there are {known}")
    try:
        make = points[scheme].load()
    except ImportError as error:
        extra = next(iter(points[scheme].extras), "")
        hint = f": pip install 'pressmark[{extra}]'" if extra else ""
        raise SettingsError(f"the setting 'store' needs a package that is missing: {error}{hint}") from error
    backend: Backend = make(store)
    return backend
