"""Read the files and folders on which the result of a compiler depends, as it has told them."""

import logging
import os
from collections.abc import Iterable
from hashlib import file_digest, sha256
from stat import S_ISDIR, S_ISREG

from pressmark.assets.partials import YOUNG_S, signature_of
from pressmark.errors import AssetError
from pressmark.model import Source

logger = logging.getLogger("pressmark")

MAX_DEPENDENCIES = 10_000
"""The files and folders of one source that are watched: a look at each costs a ``stat``."""


def read_dependencies(paths: Iterable[str], now: float) -> tuple[Source, ...]:
    """Return the files and folders at *paths*, each once, in the order of their paths.

    The digest of a file is that of its content, that of a folder the digest of the names in it, but for hidden ones:
    who names a folder means that a new file there counts. One that is missing has none, and is waited for. *now* is
    Unix time in seconds.
    """
    wanted = sorted(set(paths))
    if len(wanted) > MAX_DEPENDENCIES:
        logger.warning(
            "only %d of %d files are watched, from %s to %s: a compiler reads whole folders; give it fewer",
            MAX_DEPENDENCIES, len(wanted), wanted[0], wanted[MAX_DEPENDENCIES - 1],
        )  # fmt: skip
    return tuple(_source(path, now) for path in wanted[:MAX_DEPENDENCIES])


def _source(path: str, now: float) -> Source:
    try:
        status = os.stat(path)
        if S_ISDIR(status.st_mode):
            digest = sha256(_names(path)).hexdigest()
        elif S_ISREG(status.st_mode):
            digest = _digest(path)
        else:  # a pipe would never end
            return Source(path, "", ())
    except OSError:
        return Source(path, "", ())
    is_old = now - status.st_mtime > YOUNG_S
    return Source(path, digest, signature_of(status) if is_old else None, int(status.st_mtime))


def _names(path: str) -> bytes:
    names = (name for name in os.listdir(path) if not name.startswith("."))
    return b"\0".join(sorted(map(os.fsencode, names)))


def _digest(path: str) -> str:
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def were_written_since(paths: Iterable[str], began: float) -> bool:
    """Tell whether a file or folder at one of *paths* may have been written after *began*, by the system's clock.

    The time of a write can be set to any other, so that of the last change of the inode counts.
    """
    return any(os.path.exists(path) and os.stat(path).st_ctime > began for path in paths)


def refuse_written(url: str, before: Iterable[Source], after: Iterable[Source]) -> None:
    """Raise AssetError if what the asset at *url* includes is not the same *before* and *after* it was worked on."""
    if [(each.path, each.digest) for each in before] != [(each.path, each.digest) for each in after]:
        raise AssetError(url, "includes a file that was written while it was being compiled")
