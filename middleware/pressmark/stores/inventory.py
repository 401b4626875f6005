"""List the entries and files of a cache directory, read without diskcache from its table and from the disk."""

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

LIFE_S = 100 * 365 * 86400.0
"""Seconds from an entry's last use to its expiry: so long that it never expires by itself.

A sweep counts back from it. So a clock that goes wrong cannot hide an entry.
"""
ORPHAN_S = 3600.0
"""Seconds after which a file that no entry names is an orphan: a younger one may be about to get its entry."""

_VALUE = re.compile(r"[0-9a-f]{28}\.val")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its key, the bytes of its value, and the seconds since the epoch when it was last used."""

    key: str
    size: int
    used_at: float


def entries(directory: str) -> list[Entry]:
    """Return all entries of the cache in *directory*, none if there is no cache. Raises sqlite3.Error."""
    rows = _rows(directory, "SELECT key, MAX(size, LENGTH(COALESCE(value, ''))), COALESCE(expire_time, 0) FROM Cache")
    return [Entry(str(key), size, max(0.0, expires - LIFE_S)) for key, size, expires in rows]


def orphans(directory: str) -> list[Path]:
    """Return the files that no entry names: a process was killed while it wrote them. Raises sqlite3.Error."""
    old = time.time() - ORPHAN_S
    files = [path for path, status in _files(directory) if _VALUE.fullmatch(path.name) and status.st_mtime < old]
    rows = _rows(directory, "SELECT filename FROM Cache WHERE filename > ''")
    known = {os.path.normpath(str(name)) for (name,) in rows}
    return [path for path in files if str(path.relative_to(directory)) not in known]


def bytes_on_disk(directory: str) -> int:
    """Return the bytes of all files below *directory*."""
    return sum(status.st_size for _, status in _files(directory))


def _rows(directory: str, query: str) -> list[tuple[Any, ...]]:
    path = os.path.join(os.path.abspath(directory), "cache.db")
    if not os.path.exists(path):
        return []
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def _files(directory: str) -> Iterator[tuple[Path, os.stat_result]]:
    for folder, _, names in os.walk(directory):
        for name in names:
            path = Path(folder, name)
            try:
                yield path, path.lstat()
            except FileNotFoundError:  # removed meanwhile
                continue
