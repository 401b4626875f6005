"""The store that several hosts share: a service such as Redis or an object store, behind a circuit breaker.

Nothing that comes back is trusted. The hash of a bundle must be its name; one that is damaged is removed. A record must
be signed with a secret of the application: it holds HTML, and whoever can write to the service could write into pages.
Without a secret, each host makes its own records, and only bundles are shared.

The service may lose what it has: a cache throws it away, or somebody flushes it. So what this process knows to be in
use is looked for now and then, and a mark in the service tells when all is gone.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Protocol

from pressmark.concurrency.bounded import make_room
from pressmark.errors import StoreError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Backend, Clock
from pressmark.stores.breaker import Breaker
from pressmark.stores.signing import Signer

logger = logging.getLogger("pressmark")

LOCK_S = 30.0
"""Seconds after which the lock of a host that is gone counts no more."""
GUARD_WAIT_S = 5.0
"""Seconds to wait for another host that does the same work: then it is done twice."""
POLL_S = 0.05
DAY_S = 86400.0
LOOK_S = 2.0
"""Seconds between two looks at the mark."""
KEEP_S = 30.0
"""Seconds between two looks for bundles in use, in a service that may lose single ones."""
GRACE_S = 10.0
"""Seconds after a loss in which a bundle is waited for: the hosts that have it bring it back."""
WAIT_S = 5.0
"""Seconds to wait for one bundle then."""
RECORD_S = 7 * DAY_S
"""Seconds that a record is kept: without it a region is planned again."""
MAX_KNOWN = 1 << 14
MARK = "mark"
MARK_S = 10 * 365 * DAY_S

Key = tuple[FileKind, str]


class Own(Protocol):
    """The bundles that a host has for itself. Both methods raise StoreError."""

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the content of a bundle, ``None`` if it is not there."""

    def names(self) -> list[Key]:
        """Return the kinds and names of all."""


class SharedStore:
    """Keeps bundles in *backend*, for *retention* seconds after their last use, and records that *signer* signs.

    *own* is what this host has for itself.
    """

    def __init__(
        self, backend: Backend, signer: Signer, retention: float, own: Own, clock: Clock = time.monotonic
    ) -> None:
        self._backend, self._signer, self._retention, self._clock = backend, signer, retention, clock
        self._own = own
        # A service that takes nothing may still give what it has.
        self._reading, self._writing = (Breaker(f"the shared store {backend.name}", clock) for _ in range(2))
        self._known: dict[Key, float] = {}  # when each was last seen to be there, or kept for longer
        self._used: dict[Key, None] = {}  # those that a page has named, and that are to be kept for longer
        self._mark: bytes | None = None
        self.losses = 0
        """How often the service has lost everything."""
        self._looked_at = self._kept_at = -DAY_S
        self._lost_at = -DAY_S
        self._lost: list[Key] = []  # what is to be brought back

    # Bundles

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle, if their hash is *name*. Raises StoreError."""
        content = self._read(kind, name)
        if content is None and self._has_lost():
            content = self._waited_for(kind, name)
        return content

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*; when this returns, every host can serve it. Raises StoreError."""
        kind, name, content = bundle.kind, bundle.name, bundle.content
        key, keep = _key(kind, name), self._retention + DAY_S
        is_new = self._writing.call(lambda: self._backend.create(key, content, keep))
        if not is_new and self._read(kind, name) is None:  # what was there is damaged
            self._writing.call(lambda: self._backend.put(key, content, keep))
        elif not is_new:
            self._writing.call(lambda: self._backend.touch([key], keep))
        self._note((kind, name))

    def use(self, kind: FileKind, name: str) -> None:
        """Have a bundle kept for longer at the next look, once a day. Never blocks."""
        seen_at = self._known.get((kind, name))
        if seen_at is None or self._clock() - seen_at >= DAY_S:
            make_room(self._used, MAX_KNOWN)
            self._used[kind, name] = None

    def _read(self, kind: FileKind, name: str) -> bytes | None:
        content = self._reading.call(lambda: self._backend.get(_key(kind, name)))
        if content is None:
            return None
        if sha256(content).hexdigest()[:32] != name:
            logger.warning("the shared store %s gave a bundle that is none: %s/%s", self._backend.name, kind, name)
            with suppress(StoreError):
                self._writing.call(lambda: self._backend.delete(_key(kind, name)))
            return None
        self._note((kind, name))
        return content

    def _note(self, key: Key) -> None:
        self._known.pop(key, None)  # those used last stand last
        make_room(self._known, MAX_KNOWN)
        self._known[key] = self._clock()

    # Records

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record under *recipe*, ``None`` if there is none, or none of ours. Raises StoreError."""
        if not self._signer.is_able:
            return None
        raw = self._reading.call(lambda: self._backend.get(_record_key(recipe)))
        return self._signer.proved(recipe, raw) if raw is not None else None

    def write_record(self, recipe: str, record: bytes) -> None:
        """Keep *record* under *recipe*. Raises StoreError."""
        if self._signer.is_able:
            signed = self._signer.signed(recipe, record)
            self._writing.call(lambda: self._backend.put(_record_key(recipe), signed, RECORD_S))

    # Other hosts

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:
        """Hold back all other hosts that ask for *key*. After ``GUARD_WAIT_S`` seconds one goes on without the lock.

        The same if the service fails: a second build is a waste, and not wrong.
        """
        name, token = f"lock/{sha256(key.encode()).hexdigest()[:32]}", secrets.token_bytes(16)
        with suppress(StoreError):
            self._acquire(name, token)
        try:
            yield
        finally:
            with suppress(StoreError):
                self._writing.call(lambda: self._backend.release(name, token))

    def _acquire(self, name: str, token: bytes) -> None:
        end = time.monotonic() + GUARD_WAIT_S
        while not self._writing.call(lambda: self._backend.acquire(name, token, LOCK_S)):
            if time.monotonic() > end:
                return
            time.sleep(POLL_S)

    def sweep(self) -> None:
        """Remove what was not used for *retention* seconds, where the service does not do so. Raises StoreError."""
        self._writing.call(lambda: self._backend.sweep(self._retention + DAY_S))

    # Losses

    @property
    def needs_look(self) -> bool:
        """Tell whether it is time to look for losses. Never blocks."""
        return self._clock() - self._looked_at >= LOOK_S

    def look(self) -> None:
        """Bring back what is in use here and the service has lost, as far as this host has it. Raises nothing."""
        with suppress(StoreError):
            self._read_mark()
            self._keep(list(self._used))
            if self._backend.may_lose and self._clock() - self._kept_at >= KEEP_S:
                self._kept_at = self._clock()
                self._keep(list(self._known))
            while self._lost:
                key = self._lost.pop()
                try:
                    self._bring_back(key)
                except StoreError:
                    self._lost.append(key)
                    raise

    def _bring_back(self, key: Key) -> None:
        kind, name = key
        content = self._own.get(kind, name)
        if content is not None:
            self.put(Bundle(name, kind, content))
        else:
            self._known.pop(key, None)

    def _read_mark(self) -> None:
        """Notice whether the service has lost everything. Raises StoreError."""
        self._looked_at = self._clock()
        mark = self._reading.call(lambda: self._backend.get(MARK))
        if mark is None:
            mine = secrets.token_hex(16).encode("ascii")
            self._writing.call(lambda: self._backend.create(MARK, mine, MARK_S))
            mark = self._reading.call(lambda: self._backend.get(MARK))
        if self._mark is not None and mark != self._mark:
            self._lost_at, self._lost = self._clock(), self._own.names()
            self.losses += 1
            logger.warning("the shared store %s has lost what it had; it is put there again", self._backend.name)
        self._mark = mark

    def _keep(self, keys: list[Key]) -> None:
        """Keep the bundles under *keys* for longer; those that are not there are lost. Raises StoreError."""
        keep = self._retention + DAY_S
        found = self._writing.call(lambda: self._backend.touch([_key(*key) for key in keys], keep)) if keys else ()
        for key, is_there in zip(keys, found, strict=True):
            self._used.pop(key, None)
            if is_there:
                self._note(key)
            else:
                self._lost.append(key)

    def _has_lost(self) -> bool:
        """Tell whether the service has just lost everything."""
        if self.needs_look:
            with suppress(StoreError):
                self._read_mark()
        return self._clock() - self._lost_at < GRACE_S

    def _waited_for(self, kind: FileKind, name: str) -> bytes | None:
        end = self._clock() + WAIT_S
        content = None
        while content is None and self._clock() < end:
            time.sleep(2 * POLL_S)
            content = self._read(kind, name)
        return content


def _key(kind: FileKind, name: str) -> str:
    return f"{kind}/{name}"


def _record_key(recipe: str) -> str:
    return f"record/{sha256(recipe.encode()).hexdigest()[:32]}"
