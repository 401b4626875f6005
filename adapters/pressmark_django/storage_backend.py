"""One of Django's storages as a shared store: ``storage://ALIAS``, an alias of ``STORAGES``."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, storages

from pressmark.adapters import SettingsError


class StorageBackend:
    """The storage that *url* names. Storages know no locks, so hosts may do the same work at once.

    Raises SettingsError.
    """

    may_lose, waits_natively = False, False

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
        self._storage.delete(key)
        self._save(key, value)

    def touch(self, keys: Sequence[str], seconds: float) -> Sequence[bool]:
        """Tell for each of *keys* whether it is there: nothing ends in a storage."""
        return [bool(self._storage.exists(key)) for key in keys]

    def acquire(self, key: str, token: bytes, seconds: float) -> bool:
        """Let everybody have the lock."""
        return True

    def release(self, key: str, token: bytes) -> None:
        """Do nothing."""

    def sweep(self, seconds: float) -> None:
        """Do nothing: not every storage knows when a file was last used."""

    def _save(self, key: str, value: bytes) -> None:
        saved = self._storage.save(key, ContentFile(value, name=key))
        if saved != key:  # another host was first, and the storage does not overwrite
            self._storage.delete(saved)
