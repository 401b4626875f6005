"""What a shared store has lost is put there again, by the hosts that have it.

A cache throws single values away, and somebody may flush it. So bundles that pages have named within a day are touched
now and then, and a mark in the service tells when all is gone. For a while after that a missing bundle is waited for,
as another host may be about to bring it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from weakref import ref

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.bounded import make_room
from pressmark.concurrency.green import native_lock
from pressmark.errors import StoreError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Clock, Store
from pressmark.stores.shared import DAY_S, POLL_S, SharedStore

logger = logging.getLogger("pressmark")

LOOK_S = 2.0
"""Seconds between two looks at the mark, in a service that may lose single values."""
SLOW_LOOK_S = 60.0
"""The same in one that loses nothing by itself, where each look may be paid for."""
TOUCH_S = 30.0
"""Seconds between two looks for bundles in use, in a service that may lose single ones."""
GRACE_S = 10.0
"""Seconds after a loss in which a missing bundle is waited for."""
WAIT_S = 5.0
"""Seconds to wait for one bundle then."""
MAX_NAMED = 1 << 14
RESTORED_BYTES = 256 << 20
"""The bytes that are put back after a loss of everything, those used last first."""

Key = tuple[FileKind, str]


class Losses:
    """Restores to *shared* what it loses, from *local*; *names* gives the bundles there, those used last first."""

    def __init__(
        self, shared: SharedStore, local: Store, names: Callable[[], list[Key]], clock: Clock = time.monotonic
    ) -> None:
        self._shared, self._local, self._names, self._clock = shared, local, names, clock
        self._named: dict[Key, float] = {}  # when a page last named each
        self._to_restore: list[Key] = []  # the next one is the last
        self._touched_at = self._lost_at = -DAY_S
        self._mark: bytes | None = None
        self._is_all_lost = False  # and not looked at yet
        self.count = 0
        """How often everything was lost."""

    def note_named(self, kind: FileKind, name: str) -> None:
        """Note that a page names a bundle, which the service has. Never blocks."""
        self._named.pop((kind, name), None)  # those named last stand last
        make_room(self._named, MAX_NAMED)
        self._named[kind, name] = self._clock()

    @property
    def pause_s(self) -> float:
        """The seconds between two looks."""
        return LOOK_S if self._shared.may_lose else SLOW_LOOK_S

    def look(self) -> None:
        """Look for losses, and restore what this host has of them. Blocks. Raises nothing."""
        with suppress(StoreError):
            self._read_mark()
            if self._shared.may_lose and self._clock() - self._touched_at >= TOUCH_S:
                self._touched_at = self._clock()
                self._touch(self._in_use())
            if self._is_all_lost:
                self._is_all_lost, self._to_restore = False, list(self._all())[::-1]
            self._restore()

    def waited_for(self, get: Callable[[], bytes | None]) -> bytes | None:
        """Return what *get* gives as soon as another host has restored it; ``None`` at once if nothing was lost.

        Raises StoreError.
        """
        with suppress(StoreError):
            self._read_mark()
        if self._clock() - self._lost_at >= GRACE_S:
            return None
        end = time.monotonic() + WAIT_S
        content = get()
        while content is None and time.monotonic() < end:
            time.sleep(2 * POLL_S)
            content = get()
        return content

    def _read_mark(self) -> None:
        record = f"mark of {self._shared.name}"
        if self._mark is None:  # what an earlier process has seen
            with suppress(StoreError):
                self._mark = self._local.read_record(record)
        mark = self._shared.mark()
        if mark == self._mark:
            return
        if self._mark is not None:
            self._lost_at = self._clock()
            self.count += 1
            self._is_all_lost = True  # reading all bundles is not for a thread that a browser waits for
            logger.warning("the shared store %s has lost all bundles: this host puts its own there", self._shared.name)
        self._mark = mark
        with suppress(StoreError):
            self._local.write_record(record, mark)

    def _in_use(self) -> list[Key]:
        now = self._clock()
        return [key for key, named_at in list(self._named.items()) if now - named_at < DAY_S]

    def _all(self) -> Iterable[Key]:
        """Return all bundles of this host, each once: those that pages have named lately, then those used last."""
        names: list[Key] = []
        with suppress(StoreError):
            names = self._names()
        return dict.fromkeys((*reversed(self._in_use()), *names))

    def _touch(self, keys: list[Key]) -> None:
        found = self._shared.touch(keys)
        self._to_restore += [key for key, is_there in zip(keys, found, strict=True) if not is_there]

    def _restore(self) -> None:
        """Restore what is lost, up to ``RESTORED_BYTES``. Raises StoreError: the rest is for the next look."""
        restored = 0
        while self._to_restore:
            kind, name = self._to_restore[-1]
            content = self._local.get(kind, name)
            restored += len(content or b"")
            if restored > RESTORED_BYTES:
                self._to_restore.clear()
                return
            if content is not None:
                self._shared.put(Bundle(name, kind, content))
            self._to_restore.pop()


class Watch:
    """Looks for *losses* as long as that object exists, also when nobody asks this host for pages."""

    def __init__(self, losses: Losses) -> None:
        self._losses = ref(losses)
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()
        self._is_on = False

    def start(self) -> None:
        """Start a thread for it, if there is none yet. Raises RuntimeError if the system gives none."""
        with self._lock:
            if not self._is_on:
                threading.Thread(target=_watch, args=(self._losses,), name="pressmark watch", daemon=True).start()
                self._is_on = True


def _watch(found: "ref[Losses]") -> None:
    while (losses := found()) is not None:
        try:
            losses.look()
        except Exception:  # nobody else would notice that the watch has ended
            logger.exception("the shared store was not looked at for losses; it is again in a moment")
        pause_s = losses.pause_s
        del losses  # else it would exist for ever
        time.sleep(pause_s)
