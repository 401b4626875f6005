"""A shared store with this process's memory before it.

What a page names the shared store must have, or other processes could not serve it: there a fault is an error. A record
that it does not keep is only made again: there a fault costs time, and a line in the log.

The shared store may lose a bundle that memory has. So the generation is remembered in which it surely had one; in
another one the bundle is put there again before a page names it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from pressmark.concurrency.bounded import make_room
from pressmark.errors import SharedStoreError, StoreError, StoreFullError, UnsharedError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Store
from pressmark.stores.memory import MemoryStore

logger = logging.getLogger("pressmark")

T = TypeVar("T")

MAX_SHARED = 1 << 16
"""The number of bundles of which the generation is remembered."""
MAX_REPORTED = 64
"""The number of texts of faults that are remembered as logged."""


class LayeredStore:
    """Reads bundles from *memory* first; writes to both."""

    def __init__(self, memory: MemoryStore, shared: Store) -> None:
        self._memory, self._shared = memory, shared
        self._reported: set[str] = set()
        self._generation: object = None
        self._shared_in: dict[tuple[FileKind, str], object] = {}

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle. Raises StoreError: nobody knows then whether it is there."""
        content = self._memory.get(kind, name)
        if content is not None:
            return content
        generation = self._generation
        if generation is None:  # of a process that has shown no page yet
            generation = self._shared.generation()
        content = self._shared.get(kind, name)
        if content is not None:
            self._remember(Bundle(name, kind, content), generation)
        return content

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*. Raises StoreError; UnsharedError if there is no shared store, and memory has it."""
        generation = self._generation
        try:
            self._shared.put(bundle)
        except (StoreFullError, SharedStoreError):
            raise
        except StoreError as error:
            if self._shared.generation() is not None:
                raise
            self._memory.put(bundle)
            raise UnsharedError(f"other processes could not serve its bundle: {error}") from error
        if generation is None:  # there was no directory before
            generation = self._shared.generation()
        self._remember(bundle, generation)

    def use(self, kind: FileKind, name: str, path: str) -> None:
        """Note that the page at *path* names a bundle, which is put into the shared store if that has lost it.

        Raises StoreError.
        """
        if self._generation is not None and self._shared_in.get((kind, name)) != self._generation:
            content = self._memory.get(kind, name)
            if content is not None:
                self.put(Bundle(name, kind, content))
        self._shared.use(kind, name, path)

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record of the shared store: one that only memory holds must be written again."""
        return self._without_fault(lambda: self._shared.read_record(recipe), lambda: self._memory.read_record(recipe))

    def write_record(self, recipe: str, record: bytes) -> None:
        # Memory has it only if the store fails: else nobody would ask it, and bundles need the room.
        self._without_fault(
            lambda: self._shared.write_record(recipe, record), lambda: self._memory.write_record(recipe, record)
        )

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:
        with ExitStack() as stack:
            self._without_fault(lambda: stack.enter_context(self._shared.guard(key)), lambda: None)
            yield

    def sweep(self) -> None:
        try:
            self._shared.sweep()
        except StoreError as error:  # nothing is lost but room, and a full store is logged
            logger.info("the cache was not swept and keeps unused bundles: %s", error)

    def release(self) -> None:
        self._shared.release()

    def generation(self) -> object:
        self._generation = self._shared.generation()
        return self._generation

    def _remember(self, bundle: Bundle, generation: object) -> None:
        """Keep in memory a *bundle* that the shared store had after it was of *generation*."""
        if bundle.kind != "map":  # hardly anybody asks for maps, and bundles need the room
            self._memory.put(bundle)
            make_room(self._shared_in, MAX_SHARED)
            self._shared_in[bundle.kind, bundle.name] = generation

    def _without_fault(self, work: Callable[[], T], instead: Callable[[], T]) -> T:
        """Return the result of *work* or, if the shared store fails, *instead*."""
        try:
            return work()
        except StoreFullError:
            return instead()  # a bundle that it does not take is told of
        except StoreError as error:
            if str(error) not in self._reported and self._shared.generation() is not None:
                if len(self._reported) > MAX_REPORTED:
                    self._reported.clear()
                self._reported.add(str(error))
                logger.warning("records of builds are kept in this process's memory only: %s", error)
            return instead()
