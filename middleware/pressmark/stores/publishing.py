"""A store whose bundles are also written to where another server gives them out, before any page names them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from pressmark.errors import StoreError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Store

Publish = Callable[[Bundle], None]
"""Makes a bundle available to everybody; does nothing where it is. Blocks, may raise anything."""


class PublishingStore:
    """*inner*, with everything that is put into it, or found there, published once by this process."""

    def __init__(self, inner: Store, publish: Publish) -> None:
        self._inner, self._publish = inner, publish
        self._published: set[tuple[FileKind, str]] = set()
        self.use, self.recall, self.note = inner.use, inner.recall, inner.note
        self.sweep, self.release, self.generation = inner.sweep, inner.release, inner.generation

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle, proved by its name and published, or ``None``. Raises StoreError."""
        content = self._inner.get(kind, name)
        if content is not None:
            self._give_out(Bundle(name, kind, content))
        return content

    def put(self, bundle: Bundle) -> None:
        """Keep and publish *bundle*. Raises StoreError."""
        self._inner.put(bundle)
        self._give_out(bundle)

    def guard(self, key: str) -> AbstractContextManager[None]:
        """Hold back every other process that asks for *key*, until the context ends."""
        return self._inner.guard(key)

    def _give_out(self, bundle: Bundle) -> None:
        if (bundle.kind, bundle.name) in self._published:
            return
        try:
            self._publish(bundle)
        except Exception as error:  # foreign code
            raise StoreError(f"{bundle.kind}/{bundle.name} could not be published: {error!r}") from error
        self._published.add((bundle.kind, bundle.name))
