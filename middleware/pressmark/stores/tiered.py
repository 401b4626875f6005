"""The store of a host before one that several hosts share.

What a page names must be in both: every host then serves it. A bundle of another host is kept here once it was asked
for. A fault of the shared store costs what it alone could give: new bundles, and never a page.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from pressmark.errors import StoreError, StoreFullError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Store
from pressmark.stores.shared import SharedStore

logger = logging.getLogger("pressmark")

Background = Callable[[Callable[[], None]], object]
"""Runs work on another thread, unless such work is running already."""


class TieredStore:
    """*local*, and behind it *shared*, which is looked after in the *background*."""

    def __init__(self, local: Store, shared: SharedStore, background: Background) -> None:
        self._local, self._shared, self._background = local, shared, background
        self._is_told = False

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle. Raises StoreError if nobody knows whether it is there."""
        with suppress(StoreError):
            content = self._local.get(kind, name)
            if content is not None:
                return content
        content = self._shared.get(kind, name)
        if content is not None:
            with suppress(StoreError):
                self._local.put(Bundle(name, kind, content))
        return content

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle* in both. Raises StoreError if other hosts could not serve it, or the quota is reached."""
        try:
            self._local.put(bundle)
        except StoreFullError:
            raise
        except StoreError as error:
            self._tell(error)
        self._shared.put(bundle)

    def use(self, kind: FileKind, name: str, path: str) -> None:
        """Note that the page at *path* names a bundle. A fault costs nothing: it is noted the next time."""
        with suppress(StoreError):
            self._local.use(kind, name, path)
        self._shared.use(kind, name)

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record of this host, else the shared one, which is kept here then."""
        record = None
        with suppress(StoreError):
            record = self._local.read_record(recipe)
        if record is None:
            with suppress(StoreError):
                record = self._shared.read_record(recipe)
            if record is not None:
                with suppress(StoreError):
                    self._local.write_record(recipe, record)
        return record

    def write_record(self, recipe: str, record: bytes) -> None:
        """Keep *record* in both, as far as they take it. Raises StoreError if this host does not."""
        with suppress(StoreError):
            self._shared.write_record(recipe, record)
        self._local.write_record(recipe, record)

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:
        """Hold back every other process of all hosts that asks for *key*."""
        with ExitStack() as stack:
            with suppress(StoreError):
                stack.enter_context(self._local.guard(key))
            stack.enter_context(self._shared.guard(key))
            yield

    def sweep(self) -> None:
        """Remove what has not been used for long. Raises StoreError."""
        with suppress(StoreError):
            self._shared.sweep()
        self._local.sweep()

    def release(self) -> None:
        self._local.release()

    def generation(self) -> object:
        """Return a value that changes when one of both has lost entries, ``None`` before there are any.

        Losses of the shared store are looked for on another thread.
        """
        if self._shared.needs_look:
            with suppress(RuntimeError):  # the system gives no thread
                self._background(self._shared.look)
        local, losses = self._local.generation(), self._shared.losses
        return (local, losses) if local is not None or losses else None

    def _tell(self, error: StoreError) -> None:
        if not self._is_told:
            self._is_told = True
            logger.warning("bundles are kept in the shared store and in memory only: %s", error)
