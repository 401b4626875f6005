"""A store of this process alone: for tests, and for servers without a writable directory."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock
from pressmark.model import Bundle, FileKind


class MemoryStore:
    """Keeps the values used last, up to *max_bytes*."""

    def __init__(self, max_bytes: int = 64 << 20) -> None:
        self._max_bytes = max_bytes
        self._values: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()

    def get(self, kind: FileKind, name: str) -> bytes | None:
        return self._get(f"{kind}/{name}")

    def put(self, bundle: Bundle) -> None:
        self._put(f"{bundle.kind}/{bundle.name}", bundle.content)

    def use(self, kind: FileKind, name: str, path: str) -> None:
        self.get(kind, name)

    def read_record(self, recipe: str) -> bytes | None:
        return self._get(recipe)

    def write_record(self, recipe: str, record: bytes) -> None:
        self._put(recipe, record)

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:  # no other process can ask
        yield

    def sweep(self) -> None:  # it keeps to its bytes
        pass

    def release(self) -> None:
        pass

    def generation(self) -> object:
        return None

    def _get(self, key: str) -> bytes | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def _put(self, key: str, value: bytes) -> None:
        with self._lock:
            self._bytes += len(value) - len(self._values.pop(key, b""))
            self._values[key] = value
            while self._bytes > self._max_bytes and len(self._values) > 1:
                _, dropped = self._values.popitem(last=False)
                self._bytes -= len(dropped)
