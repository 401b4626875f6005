"""The bytes of generated files in each content coding: made once, kept in memory and in the store.

A client that comes first gets what is compressed quickly. The smallest form is made behind its back, on another thread,
and is what all others get, of this process and, by the store, of every other one.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from pressmark.errors import StoreError
from pressmark.forks import renew_after_fork
from pressmark.model import Kind
from pressmark.protocols import Store
from pressmark.serve.encodings import CODINGS, is_coded

logger = logging.getLogger("pressmark")

MAX_MEMORY_BYTES = 64 << 20
FORMAT = 1
"""Changes with the levels and the libraries that encode."""

Load = Callable[[Kind, str], bytes | None]
Background = Callable[[Hashable, Callable[[], None]], object]
"""Runs the work under a key on another thread, unless it runs already."""


@dataclass(frozen=True, slots=True)
class Body:
    """A generated file as it is sent. *tag* differs for any two bodies; an *is_useless* one saves no bytes."""

    coding: str
    content: bytes
    tag: str
    is_best: bool
    is_useless: bool = False


class Bodies:
    """Gives the files that *load* finds in the coding that is wanted."""

    def __init__(self, load: Load, store: Store, background: Background) -> None:
        self._load, self._store, self._background = load, store, background
        self._kept: OrderedDict[tuple[Kind, str, str], Body] = OrderedDict()
        self._bytes = 0
        self.version = 0  # changes when a body is let go
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def recall(self, kind: Kind, name: str, codings: tuple[str, ...]) -> Body | None:
        """Return the file in the first of *codings* that saves bytes, if memory alone can tell. Never blocks."""
        for coding in codings:
            body = self._kept.get((kind, name, coding))
            if body is None or not body.is_useless:
                return body
        return None

    def get(self, kind: Kind, name: str, codings: tuple[str, ...]) -> Body | None:
        """Return the file in the first of *codings* that saves bytes, ``None`` if there is no such file.

        The last of *codings* is "identity". Blocks: may read the store and compress. Raises StoreError.
        """
        body = self.recall(kind, name, codings)
        if body is not None:
            return body
        content = self._load(kind, name)
        if content is None:
            return None
        for coding in codings:
            body = self._kept.get((kind, name, coding)) or self._make(kind, name, coding, content)
            if not body.is_useless:
                break
        return body

    def _make(self, kind: Kind, name: str, coding: str, content: bytes) -> Body:
        if coding == "identity":
            return self._keep(kind, name, Body(coding, content, f'"{name}"', is_best=True))
        key = f"encoded {FORMAT} {coding} {kind} {name}"
        encoded = self._store.recall(key)
        is_best = encoded is not None and is_coded(encoded, coding, content)
        if encoded is None or not is_best:
            encoded = CODINGS[coding].encode(content, CODINGS[coding].quick)
            with suppress(RuntimeError):  # the system gives no thread: then the quick form will do
                self._background((kind, name, coding), lambda: self._improve(kind, name, coding, content))
        return self._keep(kind, name, _body(name, coding, encoded, len(content), is_best=is_best))

    def _improve(self, kind: Kind, name: str, coding: str, content: bytes) -> None:
        """Make the smallest form, keep it, and let the store have it."""
        encoded = CODINGS[coding].encode(content, CODINGS[coding].best)
        self._keep(kind, name, _body(name, coding, encoded, len(content), is_best=True))
        try:
            self._store.note(f"encoded {FORMAT} {coding} {kind} {name}", encoded)
        except StoreError as error:  # another process makes it again, no more
            logger.info("the %s form of %s is kept in memory only: %s", coding, name, error)

    def _keep(self, kind: Kind, name: str, body: Body) -> Body:
        with self._lock:
            key = kind, name, body.coding
            previous = self._kept.pop(key, None)
            if previous is not None:
                self.version += 1
                body = previous if previous.is_best else body  # another thread may have made it meanwhile
            self._bytes += len(body.content) - (len(previous.content) if previous else 0)
            self._kept[key] = body
            while self._bytes > MAX_MEMORY_BYTES and len(self._kept) > 1:
                self.version += 1
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.content)
            return body


def _body(name: str, coding: str, encoded: bytes, length: int, *, is_best: bool) -> Body:
    # Levels and libraries differ, and a strong tag is that of the very bytes (RFC 9110, 8.8.1).
    tag = f'"{name}-{coding}.{sha256(encoded).hexdigest()[:8]}"'
    if len(encoded) >= length:
        return Body(coding, b"", tag, is_best, is_useless=True)
    return Body(coding, encoded, tag, is_best)
