"""List the bundles and records of a cache directory, read without diskcache from its table and from the disk."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from pressmark.stores.bundle_files import BundleFiles

LIFE_S = 100 * 365 * 86400.0
"""Seconds from a record's last use to its expiry: so long that it never expires by itself.

A sweep counts back from it. So a clock that goes wrong cannot hide an entry.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its key, the bytes of its value, and the seconds since the epoch when it was last used."""

    key: str
    size: int
    used_at: float


def entries(directory: str) -> list[Entry]:
    """Return all bundles and records of the cache in *directory*, none if there is no cache. Raises sqlite3.Error."""
    bundles = BundleFiles(os.path.join(directory, "bundles")).list()
    return [*(Entry(f"bundle {each.kind} {each.name}", each.size, each.used_at) for each in bundles),
            *_records(directory)]  # fmt: skip


def unfinished(directory: str) -> list[Path]:
    """Return the files that are being written, or were when a process was killed."""
    return list(BundleFiles(os.path.join(directory, "bundles")).list_unfinished())


def bytes_on_disk(directory: str) -> int:
    """Return the bytes of all files below *directory* of which they can be known."""
    return sum(_sizes(directory))


def _records(directory: str) -> Iterator[Entry]:
    path = os.path.join(os.path.abspath(directory), "cache.db")
    if not os.path.exists(path):
        return
    query = "SELECT key, LENGTH(COALESCE(value, '')), CAST(COALESCE(expire_time, 0) AS REAL) FROM Cache"
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as database:
        database.text_factory = partial(str, encoding="utf-8", errors="replace")  # a damaged row may hold anything
        for key, size, expires in database.execute(query):
            yield Entry(str(key), size, min(LIFE_S, max(0.0, expires - LIFE_S)))


def _sizes(directory: str) -> Iterator[int]:
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                yield Path(folder, name).lstat().st_size
            except OSError:  # removed meanwhile, most likely
                continue
