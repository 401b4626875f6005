"""The store of a host before one that several hosts share.

What a page names must be in both: every host then serves it. A bundle of another host is kept here once it was asked
for. A fault of the shared store costs what it alone could give: new bundles, and never a page.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from pressmark.concurrency.bounded import make_room
from pressmark.errors import SharedStoreError, StoreError, StoreFullError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Clock, Store
from pressmark.stores.losses import Losses
from pressmark.stores.shared import DAY_S, SharedStore

logger = logging.getLogger("pressmark")

MAX_SHARED = 1 << 16

StartWatch = Callable[[], object]
"""Has losses looked for on another thread, unless that runs already."""


class TieredStore:
    """*local*, and behind it *shared*; *start_watch* has its *losses* looked for."""

    def __init__(
        self, local: Store, shared: SharedStore, losses: Losses, start_watch: StartWatch, clock: Clock = time.time
    ) -> None:
        self._local, self._shared, self._losses = local, shared, losses
        self._start_watch, self._clock = start_watch, clock
        self._shared_at: dict[tuple[FileKind, str], float] = {}  # when each was last seen to be shared
        self._is_told = False

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle. Raises StoreError if nobody knows whether it is there."""
        with suppress(StoreError):
            content = self._local.get(kind, name)
            if content is not None:
                return content
        content = self._shared.get(kind, name)
        if content is None:
            content = self._losses.waited_for(lambda: self._shared.get(kind, name))
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
        self._note_shared(bundle.kind, bundle.name)

    def use(self, kind: FileKind, name: str, path: str) -> None:
        """Note that the page at *path* is to name a bundle; once a day it is seen to that the service has it.

        Raises SharedStoreError for one of which the service has never been seen to have it.
        """
        with suppress(StoreError):
            self._local.use(kind, name, path)
        if not self._is_shared(kind, name):
            try:
                self._share(kind, name)
            except SharedStoreError:
                if (kind, name) not in self._shared_at:
                    raise
        self._losses.note_named(kind, name)

    def _is_shared(self, kind: FileKind, name: str) -> bool:
        """Tell whether a bundle was seen to be shared within a day, by this process or an earlier one of this host."""
        shared_at = self._shared_at.get((kind, name))
        if shared_at is None:
            with suppress(StoreError, ValueError):
                shared_at = float(self._local.read_record(self._note_key(kind, name)) or "")
                self._shared_at[kind, name] = shared_at
        return shared_at is not None and 0 <= self._clock() - shared_at < DAY_S

    def _share(self, kind: FileKind, name: str) -> None:
        if not self._shared.touch([(kind, name)])[0]:
            content = None
            with suppress(StoreError):
                content = self._local.get(kind, name)
            if content is None:
                raise SharedStoreError(f"neither this host nor the shared store {self._shared.name} has {kind}/{name}")
            self._shared.put(Bundle(name, kind, content))
        self._note_shared(kind, name)

    def _note_shared(self, kind: FileKind, name: str) -> None:
        make_room(self._shared_at, MAX_SHARED)
        self._shared_at[kind, name] = now = self._clock()
        with suppress(StoreError):
            self._local.write_record(self._note_key(kind, name), b"%f" % now)

    def _note_key(self, kind: FileKind, name: str) -> str:
        return f"shared by {self._shared.name}: {kind}/{name}"

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
        with suppress(RuntimeError):  # the system gives no thread
            self._start_watch()
        local = self._local.generation()
        return (local, self._losses.count) if local is not None or self._losses.count else None

    def _tell(self, error: StoreError) -> None:
        if not self._is_told:
            self._is_told = True
            logger.warning("bundles are kept in the shared store and in memory only: %s", error)
