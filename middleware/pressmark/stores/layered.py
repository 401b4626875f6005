"""A shared store with this process's memory before it. While the shared store fails, memory answers alone."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from pressmark.errors import StoreError, StoreFullError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Clock, Store
from pressmark.stores.memory import MemoryStore

logger = logging.getLogger("pressmark")

RETRY_S = 30.0
"""Seconds that a shared store is left alone after a fault."""


class LayeredStore:
    """Reads bundles from *memory* first; writes to both."""

    def __init__(self, memory: MemoryStore, shared: Store, clock: Clock = time.monotonic) -> None:
        self._memory, self._shared, self._clock = memory, shared, clock
        self._failed_at: float | None = None
        self._reported = ""

    def get(self, kind: FileKind, name: str) -> bytes | None:
        content = self._memory.get(kind, name)
        if content is not None or self._is_down():
            return content
        try:
            content = self._shared.get(kind, name)
        except StoreError as error:
            self._fail(error)
            return None
        if content is not None and kind != "map":
            self._memory.put(Bundle(name, kind, content))
        return content

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*. Raises StoreFullError: a bundle that other processes cannot serve must not be linked."""
        self._shared_or_nothing(lambda: self._shared.put(bundle))
        if bundle.kind != "map" or self._is_down():  # hardly anybody asks for maps, and bundles need the room
            self._memory.put(bundle)

    def use(self, kind: FileKind, name: str) -> None:
        self._shared_or_nothing(lambda: self._shared.use(kind, name))

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record of the shared store: one that only memory holds must be written again."""
        if self._is_down():
            return self._memory.read_record(recipe)
        try:
            return self._shared.read_record(recipe)
        except StoreError as error:
            self._fail(error)
            return self._memory.read_record(recipe)

    def write_record(self, recipe: str, record: bytes) -> None:
        self._shared_or_nothing(lambda: self._shared.write_record(recipe, record))
        if self._is_down():  # else nobody would ask memory for it, and bundles need the room
            self._memory.write_record(recipe, record)

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:
        with ExitStack() as stack:
            if not self._is_down():
                try:
                    stack.enter_context(self._shared.guard(key))
                except StoreError as error:
                    self._fail(error)
            yield

    def sweep(self) -> None:
        try:
            self._shared.sweep()
        except StoreError as error:  # nothing is lost but room, and a full store is logged
            logger.info("the cache was not swept and keeps unused bundles: %s", error)

    def release(self) -> None:
        self._shared.release()

    def generation(self) -> object:
        return self._is_down() or self._shared.generation()

    def _shared_or_nothing(self, write: Callable[[], None]) -> None:
        if self._is_down():
            return
        try:
            write()
        except StoreFullError:
            raise
        except StoreError as error:
            self._fail(error)

    def _is_down(self) -> bool:
        return self._failed_at is not None and self._clock() - self._failed_at < RETRY_S

    def _fail(self, error: StoreError) -> None:
        self._failed_at = self._clock()
        if str(error) != self._reported:
            self._reported = str(error)
            logger.warning(
                "bundles are kept in this process's memory only, and other processes cannot serve them; "
                "the cache is tried again in %d s: %s",
                RETRY_S, error,
            )  # fmt: skip
