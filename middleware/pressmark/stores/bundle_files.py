"""Keep bundles as files that are named by their hash: found, read and proved without any database.

A file is written under another name and then renamed, so that it is whole or not there. The time of its last change is
that of its last use by a page, by the clock of the file system.

Its owner may "execute" it until a second page names it: what only one page has ever named goes first when room is
needed. A file without that mode (from an older cache, on Windows, or a copy) counts as named by several.
"""

import math
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pressmark.model import Bundle, FileKind

KINDS: tuple[FileKind, ...] = ("css", "js", "map", "pack")
UNFINISHED = ".tmp"
_OF_ONE_PAGE, _OF_SEVERAL = 0o700, 0o600
"""The modes of bundles that one page has named, and more than one."""
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file: its path, its size in bytes, and the seconds since the epoch when it was last used.

    *is_of_one_page* means that no second page has named it.
    """

    kind: FileKind
    name: str
    path: Path
    size: int
    used_at: float
    is_of_one_page: bool = False


class BundleFiles:
    """The files below *folder*. All methods may block, and raise OSError."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def read(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle, ``None`` if it is not there or its hash is not *name*."""
        with suppress(FileNotFoundError), open(self._path(kind, name), "rb") as file:
            content = file.read()
            return content if sha256(content).hexdigest()[:32] == name else None
        return None

    def write(self, bundle: Bundle) -> None:
        """Keep *bundle*, in the place of a bad copy if there is one; no page has named a new one yet."""
        path = self._path(bundle.kind, bundle.name)
        folder = os.path.dirname(path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(suffix=UNFINISHED, dir=folder)
        try:
            with open(handle, "wb") as file:
                file.write(bundle.content)
            with suppress(OSError):  # a file system without modes
                os.chmod(unfinished, _mode_for(path))
            os.replace(unfinished, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(unfinished)
            raise

    def use(self, kind: FileKind, name: str) -> None:
        """Note that a page names a bundle."""
        os.utime(self._path(kind, name))  # without a time: that of the file system

    def settle(self, kind: FileKind, name: str) -> None:
        """Note that a second page names a bundle."""
        os.chmod(self._path(kind, name), _OF_SEVERAL)

    def list(self) -> Iterator[BundleFile]:
        """Yield all bundles."""
        for kind in KINDS:
            for path in Path(self.folder, kind).glob(f"*/*.{kind}"):
                with suppress(FileNotFoundError):  # removed meanwhile
                    status = path.stat()
                    yield BundleFile(kind, path.stem, path, status.st_size, status.st_mtime, _is_of_one_page(status))

    def list_unfinished(self, before: float = math.inf) -> Iterator[Path]:
        """Yield the files that are being written, or were when a process was killed: those last written *before*."""
        for path in Path(self.folder).glob(f"*/*/*{UNFINISHED}"):
            with suppress(FileNotFoundError):  # finished meanwhile
                if path.stat().st_mtime < before:
                    yield path

    def _path(self, kind: FileKind, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return os.path.join(self.folder, kind, name[:2], f"{name}.{kind}")


def _is_of_one_page(status: os.stat_result) -> bool:
    return bool(status.st_mode & stat.S_IXUSR)


def _mode_for(path: str) -> int:
    """Return the mode for a bundle at *path*: whoever has named the one that lies there still does. Raises OSError."""
    try:
        return _OF_ONE_PAGE if _is_of_one_page(os.stat(path)) else _OF_SEVERAL
    except FileNotFoundError:
        return _OF_ONE_PAGE
