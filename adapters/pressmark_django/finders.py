"""A finder of static files that gives the bundles of a build to ``collectstatic``, below ``pressmark/``."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import get_files
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join

from pressmark import Settings
from pressmark.adapters import SettingsError
from pressmark_django.configuration import read_settings

PREFIX = "pressmark"


class BundleFinder(BaseFinder):
    """Finds what ``manage.py compress --output`` has written into the folder of the setting ``manifest``."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            settings = read_settings()
        except SettingsError:  # which the check of the settings tells
            settings = Settings()
        manifest = None if settings.has_remote_manifest else settings.manifest  # what was deployed is there already
        # Source maps that are kept from strangers are no static files.
        self._private = ("map/*",) if isinstance(settings.source_maps, str) else ()
        self._storage = FileSystemStorage(Path(str(manifest)).parent) if manifest is not None else None

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Return an error if there is no folder to look in."""
        if self._storage is not None:
            return []
        hint = 'Set PRESSMARK = {"manifest": BASE_DIR / "bundles" / "manifest.json"}, and build with --output bundles.'
        return [
            Error(
                "BundleFinder has no folder: PRESSMARK names no file as its manifest.", hint=hint, id="pressmark.E002"
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the absolute path of a bundle, or all such in a list."""
        found = self._found(path)
        every = find_all or kwargs.get("all", False)
        return [found] if every and found else found or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield the path of each bundle, and the storage that has it. Manifests name pages, and stay private."""
        if self._storage is not None and self._storage.exists(""):
            self._storage.prefix = PREFIX  # as collectstatic asks for it
            for path in get_files(self._storage, list(ignore_patterns or ())):
                if self._is_public(path):
                    yield path, self._storage

    def _is_public(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        is_bundle = not name.startswith(".") and not name.endswith((".tmp", ".json"))
        return is_bundle and not any(fnmatch(path, pattern) for pattern in self._private)

    def _found(self, path: str) -> str | None:
        if self._storage is None or not path.startswith(f"{PREFIX}/"):
            return None
        inner = path.removeprefix(f"{PREFIX}/")
        found = safe_join(self._storage.location, inner)
        return found if Path(found).is_file() and self._is_public(inner) else None
