"""The bundles of `pressmark build --output`, which lie beside their manifest, before another store."""

import os
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path

from pressmark.model import Bundle, FileKind
from pressmark.protocols import Store


class ShippedStore:
    """Reads bundles from the files below *folder* first; everything else is done by *store*."""

    def __init__(self, folder: str, store: Store) -> None:
        self._folder, self._store = Path(folder), store
        self.read_record, self.write_record = store.read_record, store.write_record
        self.sweep, self.release = store.sweep, store.release

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle. Raises StoreError."""
        content = self._shipped(kind, name)
        return self._store.get(kind, name) if content is None else content  # it may be empty

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*, unless it was shipped. Raises StoreError."""
        if self._shipped(bundle.kind, bundle.name) is None:
            self._store.put(bundle)

    def use(self, kind: FileKind, name: str, path: str) -> None:
        """Note that the page at *path* names a bundle. Raises StoreError."""
        if not os.path.exists(self._path(kind, name)):  # False also if the disk fails
            self._store.use(kind, name, path)

    def guard(self, key: str) -> AbstractContextManager[None]:
        return self._store.guard(key)

    def generation(self) -> object:
        return self._store.generation()

    def _shipped(self, kind: FileKind, name: str) -> bytes | None:
        try:
            content = self._path(kind, name).read_bytes()
        except OSError:
            return None
        return content if sha256(content).hexdigest()[:32] == name else None

    def _path(self, kind: FileKind, name: str) -> Path:
        return self._folder / kind / f"{name}.{kind}"
