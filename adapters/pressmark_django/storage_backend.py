"""One of Django's storages as a shared store: ``storage://ALIAS``, an alias of ``STORAGES``."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, storages
from django.utils import timezone

from pressmark.adapters import SettingsError

DAY_S = 86400.0
FOLDERS = ("css", "js", "map", "record")


class StorageBackend:
    """The storage that *url* names. Storages know no locks, so hosts may do the same work at once.

    Raises SettingsError.
    """

    may_lose = False

    def __init__(self, url: str) -> None:
        self.name, alias = url, urlsplit(url).netloc
        try:
            self._storage: Any = storages[alias]
        except InvalidStorageError as error:
            raise SettingsError(f"the setting 'store' is {url!r}, and STORAGES has no {alias!r}") from error

    def get(self, key: str) -> bytes | None:
        """Return the value under *key*, or ``None``."""
        if not self._storage.exists(key):
            return None
        with self._storage.open(key) as file:
            return bytes(file.read())

    def create(self, key: str, value: bytes, seconds: float) -> bool:
        """Keep *value*, unless there is one. Tell whether there was none: two hosts at once may both be told so."""
        if self._storage.exists(key):
            return False
        self._save(key, value)
        return True

    def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep *value* under *key*."""
        self.delete(key)
        self._save(key, value)

    def touch(self, keys: Sequence[str], seconds: float) -> Sequence[bool]:
        """Write those of *keys* again that are older than a day, which makes them new. Tell whether each is there."""
        return [self._touched(key) for key in keys]

    def delete(self, key: str) -> None:
        """Remove what is under *key*."""
        self._storage.delete(key)

    def acquire(self, key: str, token: bytes, seconds: float) -> bool:
        """Let everybody have the lock."""
        return True

    def release(self, key: str, token: bytes) -> None:
        """Do nothing."""

    def sweep(self, seconds: float) -> None:
        """Remove what was written *seconds* ago or earlier."""
        for folder in FOLDERS:
            for name in self._names(folder):
                if self._age_s(f"{folder}/{name}") > seconds:
                    self.delete(f"{folder}/{name}")

    def _names(self, folder: str) -> Sequence[str]:
        try:
            names: Sequence[str] = self._storage.listdir(folder)[1]
        except FileNotFoundError:
            return ()
        return names

    def _save(self, key: str, value: bytes) -> None:
        saved = self._storage.save(key, ContentFile(value, name=key))
        if saved != key:  # another host was first, and the storage does not overwrite
            self._storage.delete(saved)

    def _touched(self, key: str) -> bool:
        if not self._storage.exists(key):
            return False
        if self._age_s(key) > DAY_S:
            content = self.get(key)
            if content is not None:
                self.put(key, content, 0)
        return True

    def _age_s(self, key: str) -> float:
        age: timedelta = timezone.now() - self._storage.get_modified_time(key)  # both with a time zone, or both without
        return age.total_seconds()
