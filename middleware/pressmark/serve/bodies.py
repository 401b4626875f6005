"""The bodies of generated files: their bytes in each content coding, made once, kept in memory and in the store.

The first client gets a body that is compressed quickly. The smallest form is made meanwhile on another thread. All
later clients get that one, from this process and, by the store, from every other.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock
from pressmark.errors import StoreError
from pressmark.model import FileKind
from pressmark.protocols import Store
from pressmark.serve import dictionaries
from pressmark.serve.content_codings import CODINGS, is_coded

logger = logging.getLogger("pressmark")

MAX_MEMORY_BYTES = 64 << 20
FORMAT = 1
"""Changes with the levels and the libraries that encode."""

Load = Callable[[FileKind, str, str], bytes | None]
"""Gives the file of a kind and name, if need be by the signed recipe that its URL carries."""
Background = Callable[[Hashable, Callable[[], None]], object]
"""Runs the work under a key on another thread, unless it is running already."""


@dataclass(frozen=True, slots=True)
class Body:
    """A generated file as it is sent. *tag* differs for any two bodies; an *is_useless* one saves no bytes."""

    coding: str
    content: bytes
    tag: str
    is_best: bool
    is_useless: bool = False


class Wanted(NamedTuple):
    """A file that is asked for. The client accepts *codings*, best first, of which "identity" is the last.

    Of a pack *name* is that of the file and, after a slash, the number of a line. *dictionary* is the SHA-256, in
    hexadecimal digits, of another file that it has. *label* is the region's name before the hash, *recipe* the signed
    recipe behind it.
    """

    kind: FileKind
    name: str
    codings: tuple[str, ...]
    dictionary: str | None = None
    label: str = ""
    recipe: str = ""


class Bodies:
    """Gives the bodies of files, which *load* finds, in the form that is wanted."""

    def __init__(self, load: Load, store: Store, background: Background) -> None:
        self._load, self._store, self._background = load, store, background
        self._kept: OrderedDict[tuple[FileKind, str, str], Body] = OrderedDict()
        self._bytes = 0
        self.version = 0  # changes when a body is let go
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()

    def peek(self, wanted: Wanted) -> Body | None:
        """Return the best form of the file, ``None`` if memory alone does not have it. Never blocks."""
        body = self._peek_plain(wanted)
        if body is None or wanted.dictionary is None:
            return body
        difference = self._kept.get((wanted.kind, wanted.name, _difference_from(wanted.dictionary)))
        return body if difference is not None and difference.is_useless else difference

    def get(self, wanted: Wanted) -> Body | None:
        """Return the best form of the file, ``None`` if there is no such file. Blocks: may read the store and compress.

        That is the difference from the dictionary if it is shorter, else the file in the first coding that saves bytes.
        """
        body = self.peek(wanted)
        if body is not None:
            return body
        body = self._peek_plain(wanted)
        content = self._load(wanted.kind, wanted.name, wanted.recipe)
        if content is None:
            return None
        for coding in wanted.codings if body is None else ():
            body = self._kept.get((wanted.kind, wanted.name, coding)) or self._make(wanted, coding, content)
            if not body.is_useless:
                break
        if body is None or wanted.dictionary is None:
            return body
        difference = self._make_difference(wanted, wanted.dictionary, content, len(body.content))
        return body if difference is None or difference.is_useless else difference

    def _peek_plain(self, wanted: Wanted) -> Body | None:
        for coding in wanted.codings:
            body = self._kept.get((wanted.kind, wanted.name, coding))
            if body is None or not body.is_useless:
                return body
        return None

    def _make_difference(self, wanted: Wanted, dictionary: str, content: bytes, most: int) -> Body | None:
        """Return the difference from a file that we still have, useless if it is not shorter than *most* bytes.

        For a dictionary that is not ours nothing is kept: clients can make them up.
        """
        known = None
        with suppress(StoreError):
            known = self._store.get(wanted.kind, dictionary[:32])
        if known is None or len(known) < dictionaries.LEAST or sha256(known).hexdigest() != dictionary:
            return None
        encoded = dictionaries.encode(content, known)
        body = _body(wanted.name, dictionaries.CODING, encoded, most, is_best=True)
        return self._keep(wanted, _difference_from(dictionary), body)

    def _make(self, wanted: Wanted, coding: str, content: bytes) -> Body:
        kind, name = wanted.kind, wanted.name
        if coding == "identity":
            return self._keep(wanted, coding, Body(coding, content, f'"{name}"', is_best=True))
        key = f"encoded {FORMAT} {coding} {kind} {name}"
        encoded = self._store.read_record(key)
        is_best = encoded is not None and is_coded(encoded, coding, content)
        if encoded is None or not is_best:
            encoded = CODINGS[coding].encode(content, CODINGS[coding].quick)
            with suppress(RuntimeError):  # the system gives no thread: the quick form stays
                self._background((kind, name, coding), lambda: self._improve(wanted, coding, content))
        return self._keep(wanted, coding, _body(name, coding, encoded, len(content), is_best=is_best))

    def _improve(self, wanted: Wanted, coding: str, content: bytes) -> None:
        """Make the smallest form, keep it, and let the store have it."""
        kind, name = wanted.kind, wanted.name
        encoded = CODINGS[coding].encode(content, CODINGS[coding].best)
        self._keep(wanted, coding, _body(name, coding, encoded, len(content), is_best=True))
        try:
            self._store.write_record(f"encoded {FORMAT} {coding} {kind} {name}", encoded)
        except StoreError as error:  # another process makes it again, and no harm is done
            logger.info("bundle %s/%s as %s is kept in this process's memory only: %s", kind, name, coding, error)

    def _keep(self, wanted: Wanted, form: str, body: Body) -> Body:
        with self._lock:
            key = wanted.kind, wanted.name, form
            previous = self._kept.pop(key, None)
            if previous is not None:
                self.version += 1
                body = previous if previous.is_best else body  # another thread may have made it meanwhile
                self._bytes -= len(previous.content)
            self._bytes += len(body.content)
            self._kept[key] = body
            while self._bytes > MAX_MEMORY_BYTES and len(self._kept) > 1:
                self.version += 1
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.content)
            return body


def _difference_from(dictionary: str) -> str:
    return f"{dictionaries.CODING} {dictionary}"


def _body(name: str, coding: str, encoded: bytes, length: int, *, is_best: bool) -> Body:
    # Levels and libraries differ, and a strong tag is that of the very bytes (RFC 9110, 8.8.1).
    tag = f'"{name}-{coding}.{sha256(encoded).hexdigest()[:8]}"'
    if len(encoded) >= length:
        return Body(coding, b"", tag, is_best, is_useless=True)
    return Body(coding, encoded, tag, is_best)
