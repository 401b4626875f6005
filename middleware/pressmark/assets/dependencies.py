"""Read the files and folders on which the result of a compiler depends, as it has told them."""

import os
from collections.abc import Iterable
from hashlib import sha256
from stat import S_ISDIR

from pressmark.assets.partials import YOUNG_S, signature_of
from pressmark.model import Source

MAX_DEPENDENCIES = 10_000
"""The files and folders of one source that are watched: a look at each costs a ``stat``."""


def read_dependencies(paths: Iterable[str], now: float) -> tuple[Source, ...]:
    """Return the files and folders at *paths*, each once, in the order of their paths.

    The digest of a file is that of its content, that of a folder the digest of the names in it, but for hidden ones:
    who names a folder means that a new file there counts. One that is missing has none, and is waited for. *now* is
    Unix time in seconds.
    """
    return tuple(_source(path, now) for path in sorted(set(paths))[:MAX_DEPENDENCIES])


def _source(path: str, now: float) -> Source:
    try:
        status = os.stat(path)
        content = _names(path) if S_ISDIR(status.st_mode) else _content(path)
    except OSError:
        return Source(path, "", ())
    is_old = now - status.st_mtime > YOUNG_S
    return Source(path, sha256(content).hexdigest(), signature_of(status) if is_old else None, int(status.st_mtime))


def _names(path: str) -> bytes:
    names = (name for name in os.listdir(path) if not name.startswith("."))
    return b"\0".join(sorted(map(os.fsencode, names)))


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def were_written_since(paths: Iterable[str], began: float) -> bool:
    """Tell whether a file at one of *paths* may have been written after the time *began*, by the system's clock.

    The time of a write can be set to any other, so that of the last change of the inode counts.
    """
    return any(os.path.isfile(path) and os.stat(path).st_ctime > began for path in paths)
