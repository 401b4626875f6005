"""The store that several hosts share: a service such as Redis or an object store, behind a circuit breaker.

Nothing that comes back is trusted. The hash of a bundle must be its name. A record must be signed with a secret of the
application: it holds HTML, and whoever can write to the service could write into pages. Without a secret, each host
makes its own records, and only bundles are shared.
"""

import logging
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256

from pressmark.errors import StoreError
from pressmark.events import OnEvent
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Backend, Clock
from pressmark.stores.breaker import Breaker
from pressmark.stores.signing import Signer

logger = logging.getLogger("pressmark")

LOCK_S = 30.0
"""Seconds after which the lock of a host that is gone counts no more."""
GUARD_WAIT_S = 5.0
"""Seconds to wait for another host that does the same work: then it is done twice."""
POLL_S, MAX_POLL_S = 0.05, 0.8
DAY_S = 86400.0
RECORD_S = 7 * DAY_S
"""Seconds that a record is kept: without it a region is planned again."""
MARK = "mark"
MARK_S = 10 * 365 * DAY_S
TOUCHED_AT_ONCE = 100


class SharedStore:
    """Keeps bundles in *backend*, for *retention* seconds after their last use, and records that *signer* signs."""

    def __init__(
        self,
        backend: Backend,
        signer: Signer,
        retention: float,
        clock: Clock = time.monotonic,
        on_event: OnEvent | None = None,
    ) -> None:
        self._backend, self._signer, self._keep_s = backend, signer, retention + DAY_S
        # A service that takes nothing may still give what it has.
        self._reading, self._writing = (Breaker(backend, clock, on_event) for _ in range(2))
        self.name, self.may_lose = backend.name, backend.may_lose
        self._is_told = False

    # Bundles

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle, if their hash is *name*. Raises SharedStoreError."""
        content = self._value(_key(kind, name))
        if content is None or sha256(content).hexdigest()[:32] == name:
            return content
        logger.warning("the shared store %s: %s/%s is damaged, and was ignored", self.name, kind, name)
        return None

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*; when this returns, every host can serve it. Raises SharedStoreError."""
        kind, name, content = bundle.kind, bundle.name, bundle.content
        key = _key(kind, name)
        if self._writing.call("create", lambda: self._backend.create(key, content, self._keep_s)):
            return
        if self.get(kind, name) is None or not self.touch([(kind, name)])[0]:  # it is damaged, or about to end
            self._writing.call("put", lambda: self._backend.put(key, content, self._keep_s))

    def touch(self, bundles: Sequence[tuple[FileKind, str]]) -> list[bool]:
        """Keep *bundles* for longer. Tell for each whether it is there. Raises SharedStoreError."""
        keys = [_key(*bundle) for bundle in bundles]
        slices = (keys[start : start + TOUCHED_AT_ONCE] for start in range(0, len(keys), TOUCHED_AT_ONCE))
        return [is_there for some in slices for is_there in self._touched(some)]

    def _touched(self, keys: Sequence[str]) -> list[bool]:
        return self._writing.call("touch", lambda: _flags(self._backend.touch(keys, self._keep_s), len(keys)))

    # Records

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record under *recipe*, ``None`` if there is none, or none of ours. Raises SharedStoreError."""
        if not self._signer.is_able:
            return None
        raw = self._value(_record_key(recipe))
        record = self._signer.proved(recipe, raw) if raw is not None else None
        if raw is not None and record is None and not self._is_told:
            self._is_told = True
            logger.warning("the shared store %s: records that were not signed with a secret of this host are ignored",
                           self.name)  # fmt: skip
        return record

    def write_record(self, recipe: str, record: bytes) -> None:
        """Keep *record* under *recipe*. Raises SharedStoreError."""
        if self._signer.is_able:
            signed = self._signer.signed(recipe, record)
            self._writing.call("put", lambda: self._backend.put(_record_key(recipe), signed, RECORD_S))

    # Other hosts

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:
        """Hold back all other hosts that ask for *key*. After ``GUARD_WAIT_S`` seconds one goes on without the lock.

        The same if the service fails: a second build is a waste, and not wrong.
        """
        name, token = f"lock/{sha256(key.encode()).hexdigest()[:32]}", secrets.token_bytes(16)
        is_held = False
        with suppress(StoreError):
            is_held = self._acquire(name, token)
        try:
            yield
        finally:
            if is_held:
                with suppress(StoreError):
                    self._writing.call("unlock", lambda: self._backend.release(name, token))

    def _acquire(self, name: str, token: bytes) -> bool:
        end, pause_s = time.monotonic() + GUARD_WAIT_S, POLL_S
        while not self._writing.call("lock", lambda: self._backend.acquire(name, token, LOCK_S)):
            if time.monotonic() > end:
                return False
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, MAX_POLL_S)  # each try at a bucket is several requests
        return True

    def mark(self) -> bytes:
        """Return a value that changes when the service has lost everything. Raises SharedStoreError."""
        found = self._value(MARK)
        if found is None:
            mine = secrets.token_hex(16).encode("ascii")
            self._writing.call("create", lambda: self._backend.create(MARK, mine, MARK_S))
            found = self._value(MARK)  # another host may have been first
        return found or b""

    def sweep(self) -> None:
        """Remove what was not used for long, where the service does not do so. Raises SharedStoreError."""
        self._writing.call("sweep", lambda: self._backend.sweep(self._keep_s))

    def _value(self, key: str) -> bytes | None:
        return self._reading.call("get", lambda: _bytes(self._backend.get(key)))


def _key(kind: FileKind, name: str) -> str:
    return f"{kind}/{name}"


def _record_key(recipe: str) -> str:
    return f"record/{sha256(recipe.encode()).hexdigest()[:32]}"


def _bytes(value: object) -> bytes | None:
    if value is not None and not isinstance(value, bytes):
        raise TypeError(f"a value is a {type(value).__name__}, and must be bytes")
    return value


def _flags(found: Sequence[bool], count: int) -> list[bool]:
    if len(found) != count:
        raise ValueError(f"touch told of {len(found)} keys, and was asked for {count}")
    return list(found)
