"""The store that all processes of a host share: diskcache, in a directory that only its owner can write.

No value that it returns is trusted: the hash of a bundle must be its name, that of a record the digest before it.
"""

import logging
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import diskcache
from filelock import FileLock, Timeout

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.bounded import make_room
from pressmark.errors import StoreError, StoreFullError
from pressmark.model import Bundle, FileKind
from pressmark.stores.inventory import LIFE_S, bytes_on_disk, orphans
from pressmark.stores.safe_disk import SafeDisk

logger = logging.getLogger("pressmark")

LOCKS = 64
"""The number of lock files. Keys share them, so that they need not be swept."""

GUARD_TIMEOUT_S = 60.0
RETENTION_S = 30 * 86400.0
DAY_S = 86400.0
MAX_TOUCHED = 1 << 16
MEASURE_S = 60.0
"""Seconds between two measurements of the bytes that the directory takes."""
BUSY_TIMEOUT_S = 5.0
"""Seconds to wait for a database that another process writes."""

MARK = ".gitignore"
"""A file that is new when the directory is made anew, and keeps it out of repositories."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The bytes that a directory took, and the time of that, by the monotonic clock."""

    size: int
    at: float


class DiskStore:
    """Keeps up to *max_bytes* below *directory*, which it opens when it is first used.

    An entry is kept for *retention* seconds after its last use.
    """

    def __init__(self, directory: str, max_bytes: int, retention: float = RETENTION_S) -> None:
        self._directory = directory
        self._max_bytes, self._retention = max_bytes, retention
        self._touched: dict[str, float] = {}
        self._measured = Measured(0, -MEASURE_S)
        self._cache: Any = None
        self._opened: object = None  # the generation that the cache was opened in
        self._abandoned: list[Any] = []
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = threading.Lock()
        # To close a handle of the parent process would harm the parent's.
        self._abandoned.append(self._cache)
        self._cache = self._opened = None

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bundle's bytes, if their hash is *name*. Raises StoreError."""
        content = self._read(f"bundle {kind} {name}")
        return content if content is not None and sha256(content).hexdigest()[:32] == name else None

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*. Raises StoreError; StoreFullError when the quota is reached."""
        if self.get(bundle.kind, bundle.name) is None:
            self._write(f"bundle {bundle.kind} {bundle.name}", bundle.content)
        else:
            self.use(bundle.kind, bundle.name)

    def use(self, kind: FileKind, name: str) -> None:
        """Note that a page names a bundle: one write a day. Raises StoreError."""
        self._touch(f"bundle {kind} {name}")

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record under *recipe*, ``None`` if there is none or it is damaged. Raises StoreError."""
        framed = self._read(f"recipe {recipe}")
        if framed is None or sha256(framed[32:]).digest() != framed[:32]:
            return None
        self._touch(f"recipe {recipe}")
        return framed[32:]

    def write_record(self, recipe: str, record: bytes) -> None:
        """Keep *record* under *recipe*. Raises StoreError."""
        self._write(f"recipe {recipe}", sha256(record).digest() + record)

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:
        """Hold back all other threads and processes that ask for *key*; the lock of a killed process is released.

        One that has waited for ``GUARD_TIMEOUT_S`` seconds goes on without the lock. Raises StoreError.
        """
        number = int(sha256(key.encode()).hexdigest(), 16) % LOCKS
        lock = FileLock(os.path.join(self._directory, "locks", f"{number:02x}.lock"), timeout=GUARD_TIMEOUT_S)
        try:
            self._open()
            lock.acquire(poll_interval=0.01)
        except Timeout:
            yield  # the holder is slow; doing its work again is a waste, but not wrong
            return
        except Exception as error:
            raise StoreError(f"cannot lock {lock.lock_file!r}: {error}") from error
        try:
            yield
        finally:
            lock.release()

    def sweep(self) -> None:
        """Clean up, if no process has done so in a day. Raises StoreError."""
        mark = os.path.join(self._directory, "locks", "swept")
        with self.guard("sweep"):
            if os.path.exists(mark) and abs(time.time() - os.stat(mark).st_mtime) < DAY_S:
                return
            with open(mark, "wb"):
                pass
            removed, lost = self.clean()
        if removed or lost:
            logger.info(
                "the cache in %r was swept: %d unused entries and %d orphaned files were removed",
                self._directory, removed, lost,
            )  # fmt: skip

    def clean(self) -> tuple[int, int]:
        """Remove the entries that were not used for *retention* seconds, and files that a killed process left.

        Returns the number of removed entries, and of removed files without an entry. Raises StoreError.
        """
        try:
            # A day more, as the last use may have been up to a day after it was noted.
            removed: int = self._open().expire(now=time.time() + LIFE_S - self._retention - DAY_S)
            lost = orphans(self._directory)
            for path in lost:
                path.unlink(missing_ok=True)
        except Exception as error:
            raise StoreError(f"cannot sweep the cache in {self._directory!r}: {error!r}") from error
        return removed, len(lost)

    def release(self) -> None:
        """Close the calling thread's connection to the database."""
        if self._cache is not None:
            self._cache.close()

    def generation(self) -> object:
        """Return a value that identifies the database: another one has lost the entries of this one.

        An inode's number is soon given to another file, so a second file that is written only once counts as well.
        """
        try:
            database = os.stat(os.path.join(self._directory, "cache.db"))
            mark = os.stat(os.path.join(self._directory, MARK))
        except OSError:
            return None
        return database.st_ino, mark.st_ino, mark.st_ctime_ns

    def _read(self, key: str) -> bytes | None:
        try:
            value = self._open().get(key)
        except Exception as error:
            raise StoreError(f"cannot read the cache in {self._directory!r}: {error!r}") from error
        return value if type(value) is bytes else None

    def _touch(self, key: str) -> None:
        """Put off the expiry of an entry, unless this process did so within a day."""
        now = time.monotonic()
        if now - self._touched.get(key, -DAY_S) < DAY_S:
            return
        try:
            self._open().touch(key, expire=LIFE_S)
        except Exception as error:
            raise StoreError(f"cannot write the cache in {self._directory!r}: {error!r}") from error
        self._note_touch(key)

    def _note_touch(self, key: str) -> None:
        make_room(self._touched, MAX_TOUCHED)
        self._touched[key] = time.monotonic()

    def _used(self) -> int:
        """Return the bytes that the directory takes, orphaned files included; measured at most ``MEASURE_S`` ago."""
        now = time.monotonic()
        if now - self._measured.at >= MEASURE_S:
            self._measured = Measured(bytes_on_disk(self._directory), now)
        return self._measured.size

    def _write(self, key: str, value: bytes) -> None:
        try:
            cache = self._open()
            used = max(self._used(), cache.volume())  # the second counts bytes that other processes wrote since
            is_full = used + len(value) > self._max_bytes
            if not is_full:
                cache.set(key, value, expire=LIFE_S)
                self._note_touch(key)
                self._measured = replace(self._measured, size=self._measured.size + len(value))
        except Exception as error:
            raise StoreError(f"cannot write the cache in {self._directory!r}: {error!r}") from error
        if is_full:
            raise StoreFullError(
                f"the cache in {self._directory!r} holds {used} bytes, and cache_size is {self._max_bytes}: "
                "no new bundle is built until cache_size is larger or the directory is emptied"
            )

    def _open(self) -> Any:
        """Return the open cache, opened anew if its directory was replaced."""
        if self._is_open():
            return self._cache
        with self._lock:
            if not self._is_open():
                if self._cache is not None:
                    self._cache.close()
                _prepare(self._directory)
                self._cache = _connect(self._directory)
                self._opened = self.generation()
            return self._cache

    def _is_open(self) -> bool:
        return self._opened is not None and self._opened == self.generation()


def _prepare(directory: str) -> None:
    """Make *directory* and refuse one that others can write. Raises OSError."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    status = os.stat(directory)
    if os.name == "posix" and (status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        raise PermissionError(
            f"{directory} can be written by others, who could change the files that pages load; "
            "it must belong to the server's user and have the mode 0700"
        )
    os.makedirs(os.path.join(directory, "locks"), mode=0o700, exist_ok=True)
    with suppress(FileExistsError), open(os.path.join(directory, MARK), "x", encoding="ascii") as file:
        file.write("*\n")


def _connect(directory: str) -> Any:
    options = {"disk": SafeDisk, "eviction_policy": "none", "cull_limit": 0, "statistics": 0, "timeout": BUSY_TIMEOUT_S}
    try:
        return diskcache.Cache(directory, **options)
    except (sqlite3.DatabaseError, TypeError) as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        # A damaged database is kept beside the new one, for people to look at, and everything is built anew.
        path = os.path.join(directory, "cache.db")
        os.replace(path, path + ".damaged")
        for suffix in ("-wal", "-shm"):
            if os.path.exists(path + suffix):
                os.remove(path + suffix)
        return diskcache.Cache(directory, **options)
