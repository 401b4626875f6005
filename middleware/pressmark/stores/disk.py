"""The store that all processes of a host share: a directory that only its owner can write.

Bundles are files, so that no fault of a database can hide one. Records, which are only made again if they are lost, are
kept by diskcache. No value that is returned is trusted: the hash of a bundle must be its name, that of a record the
digest before it.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from pressmark.cache_directory import is_private
from pressmark.concurrency.bounded import make_room
from pressmark.concurrency.green import run_at_home
from pressmark.errors import StoreError
from pressmark.model import Bundle, FileKind
from pressmark.stores.bundle_files import BundleFiles
from pressmark.stores.database import Database
from pressmark.stores.inventory import LIFE_S
from pressmark.stores.quota import Quota
from pressmark.stores.retention import Choose, Sightings, older

logger = logging.getLogger("pressmark")

LOCKS = 64
"""The number of lock files. Keys share them, so that they need not be swept."""
GUARD_TIMEOUT_S = 5.0
"""Seconds to wait for another process that does the same work: then it is done twice."""
RETENTION_S = 30 * 86400.0
DAY_S = 86400.0
UNFINISHED_S = 3600.0
"""Seconds after which a file that was never finished is the rest of a killed process."""
MAX_TOUCHED = 1 << 16

MARK = ".gitignore"
"""A file that is new when the directory is made anew, is touched when bundles are removed, and keeps all out of
repositories.
"""


class DiskStore:
    """Keeps up to *max_bytes* below *directory*, which it makes when it first writes.

    A bundle is kept for *retention* seconds after its last use.
    """

    def __init__(self, directory: str, max_bytes: int, retention: float = RETENTION_S) -> None:
        self._directory, self._retention = directory, retention
        self._bundles = BundleFiles(os.path.join(directory, "bundles"))
        self._database = Database(directory, lambda: _prepare(directory))
        self._touched: dict[str, float] = {}
        self._first_pages: dict[tuple[FileKind, str], int | None] = {}
        """The hash of the path of the first page that named a bundle, ``None`` once there is a second."""
        self._quota = Quota(directory, max_bytes, self._bundles, on_removal=lambda: _touch_mark(directory))

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bundle's bytes, if their hash is *name*. Raises StoreError."""
        with _told("read", self._directory):
            return self._bundles.read(kind, name)

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*. Raises StoreError; StoreFullError when the quota is reached."""
        if self.get(bundle.kind, bundle.name) is None:
            with _told("write", self._directory):
                self._quota.make_room(len(bundle.content))
                _prepare(self._directory)
                self._bundles.write(bundle)
            self._first_pages.pop((bundle.kind, bundle.name), None)  # it may be a new file
            self._quota.count(len(bundle.content))
        self._note_use(bundle.kind, bundle.name)

    def names(self) -> list[tuple[FileKind, str]]:
        """Return the kinds and names of all bundles, those used last first. Raises StoreError."""
        with _told("read", self._directory):
            found = sorted(self._bundles.list(), key=lambda bundle: -bundle.used_at)
        return [(bundle.kind, bundle.name) for bundle in found]

    def use(self, kind: FileKind, name: str, path: str) -> None:
        """Note that the page at *path* names a bundle: one write a day, and one at the second page.

        A fault costs nothing: it is noted the next time.
        """
        self._note_use(kind, name)
        key, page = (kind, name), hash(path)
        if key not in self._first_pages:
            make_room(self._first_pages, MAX_TOUCHED)
        first = self._first_pages.setdefault(key, page)
        if first not in (page, None):
            with suppress(OSError):
                self._bundles.settle(kind, name)
                self._first_pages[key] = None

    def _note_use(self, kind: FileKind, name: str) -> None:
        key = f"bundle {kind} {name}"
        if self._is_due(key):
            with suppress(OSError):
                self._bundles.use(kind, name)
                self._note_touch(key)

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record under *recipe*, ``None`` if there is none or it is damaged. Raises StoreError."""
        key = f"recipe {recipe}"
        if not os.path.exists(self._directory):
            return None
        framed = self._database.ask(lambda cache: cache.get(key), writes=False)
        if type(framed) is not bytes or sha256(framed[32:]).digest() != framed[:32]:
            return None
        if self._is_due(key):
            with suppress(StoreError):
                self._database.ask(lambda cache: cache.touch(key, expire=LIFE_S), writes=True)
                self._note_touch(key)
        return framed[32:]

    def write_record(self, recipe: str, record: bytes) -> None:
        """Keep *record* under *recipe*. Raises StoreError."""
        key, framed = f"recipe {recipe}", sha256(record).digest() + record
        with _told("write", self._directory):
            self._quota.make_room(len(framed))
        self._database.ask(lambda cache: cache.set(key, framed, expire=LIFE_S), writes=True)
        self._note_touch(key)
        self._quota.count(len(framed))

    @contextmanager
    def guard(self, key: str) -> Iterator[None]:
        """Hold back all other threads and processes that ask for *key*; the lock of a killed process is released.

        One that has waited for ``GUARD_TIMEOUT_S`` seconds goes on without the lock. Raises StoreError.
        """
        number = int(sha256(key.encode()).hexdigest(), 16) % LOCKS
        path = os.path.join(self._directory, "locks", f"{number:02x}.lock")
        locks: list[FileLock] = []
        try:
            _prepare(self._directory)
            run_at_home(lambda: locks.extend(_acquired(path)))
        except Exception as error:
            raise StoreError(f"cannot lock {path!r}: {error}") from error
        try:
            yield
        finally:
            run_at_home(lambda: _release(locks))

    def sweep(self) -> None:
        """Clean up, if no process has done so in a day. Raises StoreError."""
        mark = os.path.join(self._directory, "locks", "swept")
        with self.guard("sweep"), _told("sweep", self._directory):
            if os.path.exists(mark) and abs(_time_of(self._directory) - os.stat(mark).st_mtime) < DAY_S:
                return
            with open(mark, "wb"):
                pass
            removed, lost = self.clean(Sightings(Path(self._directory, "locks", "unused")).choose)
        if removed or lost:
            logger.info(
                "the cache in %r was swept: %d unused entries and %d unfinished files were removed",
                self._directory, removed, lost,
            )  # fmt: skip

    def clean(self, choose: Choose = older) -> tuple[int, int]:
        """Remove what was not used for *retention* seconds, and files that a killed process left.

        *choose* gives the bundles to remove: by default all that are older. Returns the number of removed entries, and
        of removed unfinished files. Raises StoreError.
        """
        with _told("sweep", self._directory):
            now, bundles = _time_of(self._directory), list(self._bundles.list())
            old = choose(bundles, now, self._retention + DAY_S)  # a use is noted once a day
            lost = list(self._bundles.list_unfinished(now - UNFINISHED_S))
            for path in (*(bundle.path for bundle in old), *lost):
                path.unlink(missing_ok=True)
            if old:
                _touch_mark(self._directory)
            expired = self._database.expire(now + LIFE_S - self._retention - DAY_S)
        return len(old) + expired, len(lost)

    def release(self) -> None:
        """Do nothing: no thread has a connection of its own."""

    def generation(self) -> object:
        """Return a value that identifies the directory, and changes when bundles are removed.

        An inode's number is soon given to another file, so the mark's times count as well.
        """
        try:
            mark = os.stat(os.path.join(self._directory, MARK))
            bundles = os.stat(self._bundles.folder)
        except OSError:
            return None
        return mark.st_ino, mark.st_ctime_ns, mark.st_mtime_ns, bundles.st_ino

    def _is_due(self, key: str) -> bool:
        """Tell whether this process has not noted the use of an entry within a day."""
        return time.monotonic() - self._touched.get(key, -DAY_S) >= DAY_S

    def _note_touch(self, key: str) -> None:
        make_room(self._touched, MAX_TOUCHED)
        self._touched[key] = time.monotonic()


@contextmanager
def _told(verb: str, directory: str) -> Iterator[None]:
    """Have an OSError leave as a StoreError, which says what could not be done with *directory*."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot {verb} the cache in {directory!r}: {error}") from error


def _acquired(path: str) -> Iterator[FileLock]:
    """Yield the lock in the file at *path*; none if its holder is slow: doing its work again is a waste, but not wrong.

    Waits, and is for greenlets: the lock has others inside. Another thread or greenlet may release it.
    """
    lock = FileLock(path, timeout=GUARD_TIMEOUT_S, thread_local=False)
    with suppress(Timeout):
        lock.acquire(poll_interval=0.01)
        yield lock


def _release(locks: list[FileLock]) -> None:
    """Release *locks*, and keep none: also what a lock does at its end is for greenlets.

    One that cannot be released holds up others for ``GUARD_TIMEOUT_S`` seconds, and is no reason to lose the work.
    """
    while locks:
        with suppress(OSError):
            locks.pop().release()


def _prepare(directory: str) -> None:
    """Make *directory* and refuse one that others can write. Raises OSError."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    if not is_private(os.stat(directory)):
        raise PermissionError(
            f"{directory} can be written by others, who could change the files that pages load; "
            "it must belong to the server's user and have the mode 0700"
        )
    for folder in ("locks", "bundles"):
        os.makedirs(os.path.join(directory, folder), mode=0o700, exist_ok=True)
    mark = os.path.join(directory, MARK)
    if not os.path.exists(mark):
        with suppress(FileExistsError), open(mark, "xb") as file:
            file.write(b"*\n")


def _touch_mark(directory: str) -> None:
    """Have pages that name removed bundles built anew, by all processes."""
    with suppress(OSError):  # the directory is lost, and so has another generation
        os.utime(os.path.join(directory, MARK))


def _time_of(directory: str) -> float:
    """Return the time by the clock of the file system, by which the use of bundles is noted. Raises OSError."""
    path = os.path.join(directory, "locks", "time")
    with open(path, "wb"):
        pass
    os.utime(path)
    return os.stat(path).st_mtime
