"""Find the service that the setting ``store`` names: by the scheme of its URL, in the installed packages."""

from urllib.parse import urlsplit

from pressmark.entry_point import load_point, names_of
from pressmark.errors import SettingsError
from pressmark.protocols import Backend

BACKENDS = "pressmark.stores"
"""The group of entry points that are named by the schemes of URLs: functions from a URL to a Backend."""


def find_backend(store: str | Backend) -> Backend:
    """Return *store*, or the backend at the URL that it is. Raises SettingsError."""
    if not isinstance(store, str):
        return store
    scheme = urlsplit(store).scheme
    make = load_point(BACKENDS, scheme, "the setting 'store'")
    if make is None:
        known = ", ".join(names_of(BACKENDS))
        raise SettingsError(f"the setting 'store' is a URL of the scheme {scheme!r}; there are {known}")
    backend: Backend = make(store)
    return backend
