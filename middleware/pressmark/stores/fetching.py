"""A store that brings a bundle which it lacks from where it was deployed to."""

from collections.abc import Callable
from contextlib import suppress

from pressmark.errors import StoreError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Store

Fetch = Callable[[FileKind, str], bytes | None]
"""Gives a bundle, ``None`` if it is not to be had. Raises nothing."""


class FetchingStore:
    """*store*, which keeps what *fetch* gives."""

    def __init__(self, store: Store, fetch: Fetch) -> None:
        self._store, self._fetch = store, fetch
        self.put, self.use, self.guard, self.generation = store.put, store.use, store.guard, store.generation
        self.read_record, self.write_record = store.read_record, store.write_record
        self.sweep, self.release = store.sweep, store.release

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle. Raises StoreError if nobody knows whether it is there."""
        try:
            content = self._store.get(kind, name)
        except StoreError:
            content = self._fetch(kind, name)
            if content is None:
                raise
            return content
        if content is None:
            content = self._fetch(kind, name)
            if content is not None:
                with suppress(StoreError):  # memory has it then
                    self._store.put(Bundle(name, kind, content))
        return content
