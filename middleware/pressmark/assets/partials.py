"""Find the partials of a source: the files of its ending that lie beside it and below, which it may include.

No compiler reports all the files that it has read: Sass partials that only define variables are in no source map.
"""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress

from pressmark.model import Source

MAX_FILES = 1000
YOUNG_S = 2.0
"""Seconds: a file written this recently may be written again without a change of its time stamp."""


def find_partials(path: str) -> tuple[Source, ...]:
    """Return the files with the ending of *path* in its folder and below, and the folders, as new files may come there.

    The digest of a file is its time and size, that of a folder is empty.
    """
    ending, found, folders = os.path.splitext(path)[1], list[Source](), [os.path.dirname(path)]
    while folders and len(found) < MAX_FILES:
        folder = folders.pop()
        found += _source(folder)
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif entry.name.endswith(ending) and entry.is_file():
                found += _source(entry.path)
    return tuple(found)


def _entries(folder: str) -> Iterator["os.DirEntry[str]"]:
    """Yield the entries of *folder* in the order of their names, but no hidden ones and no ``node_modules``."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:  # gone meanwhile, or not for us
        return
    yield from (entry for entry in listed if entry.name[0] != "." and entry.name != "node_modules")


def _source(path: str) -> Iterator[Source]:
    """Yield the source at *path*; nothing if it is gone by now, as the temporary file of an editor is."""
    with suppress(OSError):
        status = os.stat(path)
        digest = "" if stat.S_ISDIR(status.st_mode) else f"{status.st_mtime_ns} {status.st_size}"
        is_old = time.time() - status.st_mtime > YOUNG_S
        yield Source(path, digest, signature_of(status) if is_old else None, int(status.st_mtime))


def signature_of(status: os.stat_result) -> tuple[int, ...]:
    """Return the values that change with a file: its times in nanoseconds, its bytes, the number of its inode."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
