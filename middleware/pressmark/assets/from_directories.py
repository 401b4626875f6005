"""Find the files of static URLs in directories that no reference can leave.

A file is read only if the browser would get the same: if every static server sends it, by its ending, as a stylesheet
or script. A symbolic link is followed as long as it leads below its root, or below another directory that is named.
"""

import os
import re
import stat
import time
from collections.abc import Sequence
from hashlib import sha256

from pressmark.assets.partials import YOUNG_S, find_partials, signature_of
from pressmark.assets.url_paths import read_segments, spellings, spellings_below
from pressmark.concurrency.green import close_natively
from pressmark.errors import AssetError, AssetNotFoundError
from pressmark.model import MEDIA_TYPES, Asset, Page, Source

MAX_ASSET_BYTES = 8 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_CAN_WALK = os.open in os.supports_dir_fd and bool(_NO_FOLLOW)


class DirectoryResolver:
    """Resolves URLs by *roots*: (URL prefix, directories) in the order in which they are tried.

    Links may lead into any of these directories, and into those that are *linked*.
    """

    def __init__(self, roots: tuple[tuple[str, tuple[str, ...]], ...], linked: Sequence[str] = ()) -> None:
        self._roots = [(spelled, directories) for prefix, directories in roots for spelled in spellings(prefix)]
        self._known = (*(directory for _, directories in roots for directory in directories), *linked)

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, an absolute path or URL; ``None`` if no prefix covers it.

        A prefix may be written with or without the mount point of the *page*'s application. If the page gives a
        *media_type*, every file but a hidden one is read.
        """
        path = re.split(r"[?#]", url, maxsplit=1)[0]
        is_hidden = media_type is not None and re.search(r"/(?:\.|%2e)", path, re.IGNORECASE)
        media_type = media_type or MEDIA_TYPES.get(path.rpartition(".")[2].lower())
        if media_type is None or is_hidden:
            return None
        missing: list[str] = []
        absent: list[Source] = []
        for directory, segments in self._candidates(path, page.mount):
            try:
                content, source = _read(directory, segments, url, self._known)
            except (FileNotFoundError, NotADirectoryError):
                missing.append(directory)
                absent.append(Source(os.path.join(directory, *segments), "", ()))
                continue
            except (OSError, UnicodeEncodeError) as error:  # the second: the system's locale lacks a character
                raise AssetError(url, f"cannot be read: {error}") from error
            return Asset(url, media_type, content, (source, *absent))
        if missing:
            raise AssetNotFoundError(url, tuple(missing), tuple(absent))
        return None

    def partials(self, asset: Asset) -> tuple[Source, ...]:
        """Return the files of the same ending beside *asset* and below, with their times and sizes as digests."""
        return find_partials(asset.sources[0].path)

    def is_current(self, source: Source, page: Page) -> bool:
        """Tell whether *source* is surely unchanged since it was read. Costs one ``stat``."""
        if source.signature is None:
            return False
        if not source.signature:
            return not os.path.lexists(source.path)
        try:
            return signature_of(os.stat(source.path)) == source.signature
        except OSError:
            return False

    def _candidates(self, path: str, mount: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return the directories that may hold *path*, each with the segments of the file's name below it."""
        candidates = []
        for candidate in spellings_below(path, mount):
            for prefix, directories in self._roots:
                segments = read_segments(candidate[len(prefix) :]) if candidate.startswith(prefix) else None
                if segments:
                    candidates += [(directory, segments) for directory in directories]
        return candidates


def is_within(path: str, root: str) -> bool:
    """Tell whether *path* is *root* or lies below it; both are absolute, and without links."""
    try:
        return os.path.commonpath((root, path)) == root
    except ValueError:  # they are on different drives of Windows
        return False


def _read(directory: str, segments: tuple[str, ...], url: str, known: Sequence[str]) -> tuple[bytes, Source]:
    """Return the content of the file and its source; it may lie in any of the *known* directories.

    Raises OSError, AssetError.
    """
    path = os.path.join(directory, *segments)
    real = os.path.realpath(path)
    roots = (os.path.realpath(each) for each in (directory, *known))
    root = next((each for each in roots if is_within(real, each) and real != each), None)
    if root is None:
        raise AssetError(url, f"leads out of {directory}; to allow it, add the directory that it leads to to static")
    descriptor = _open_below(root, os.path.relpath(real, root).split(os.sep))
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        close_natively(descriptor)
        raise AssetError(url, f"is no regular file in {directory}")
    with open(descriptor, "rb") as file:
        content = file.read(MAX_ASSET_BYTES + 1)
    if len(content) > MAX_ASSET_BYTES:
        raise AssetError(url, f"is larger than {MAX_ASSET_BYTES} bytes")
    is_old = time.time() - status.st_mtime > YOUNG_S
    # The path before its links were resolved: a link on the way may later lead to another file.
    signature = signature_of(status) if is_old else None
    return content, Source(path, sha256(content).hexdigest(), signature, int(status.st_mtime))


def _open_below(root: str, names: list[str]) -> int:
    """Open a file below *root* without following any link: a file that was resolved may have been swapped since."""
    if not _CAN_WALK:
        return os.open(os.path.join(root, *names), _FLAGS)
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in names[:-1]:
            inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOW, dir_fd=folder)
            close_natively(folder)
            folder = inner
        return os.open(names[-1], _FLAGS | _NO_FOLLOW, dir_fd=folder)
    finally:
        close_natively(folder)
