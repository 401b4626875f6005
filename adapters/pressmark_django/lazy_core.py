"""The core of a Django project. Its settings are read at start, and the rest is assembled when it is first used."""

from dataclasses import replace
from threading import Lock

from pressmark.adapters import Core, assemble, check_plugins
from pressmark_django.configuration import finder_directories, public_url, read_settings, static_roots
from pressmark_django.signals import send_signal
from pressmark_django.storage import Publisher, find_storage


class LazyCore:
    """Makes the core that Django's settings describe, once. Raises SettingsError at start."""

    def __init__(self) -> None:
        settings = read_settings()
        check_plugins(settings)  # an unknown name is an error at start
        self._storage = find_storage()
        self._settings = replace(settings, public_url=public_url(self._storage, settings))
        self._core: Core | None = None
        self._lock = Lock()

    @property
    def publishes(self) -> bool:
        """Tell whether bundles are written to a storage, whose server gives them to browsers."""
        return self._storage is not None

    @property
    def endpoint(self) -> str:
        """The path below which bundles are served."""
        return self._settings.endpoint

    def get(self) -> Core:
        """Return the core. Only at the first request does Django know its ``STATIC_URL``."""
        return self._core or self._assemble()

    def _static_roots(self) -> dict[str, tuple[str, ...]]:
        return static_roots(may_be_missing=self._settings.manifest is not None)

    def _assemble(self) -> Core:
        with self._lock:
            if self._core is None:
                settings = replace(self._settings, static=self._static_roots() | dict(self._settings.static))
                publish = None if self._storage is None else Publisher(self._storage)
                linked = [directory for _, directory in finder_directories()]  # by collectstatic --link
                self._core = assemble(settings, publish, send_signal, linked=linked)
            return self._core
