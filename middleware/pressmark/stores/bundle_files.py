"""Keep bundles as files that are named by their hash: found, read and proved without any database.

A file is written under another name and then renamed, so that it is whole or not there. The time of its last change is
that of its last use by a page, by the clock of the file system. It lies in a folder of its own until a second page
names it: what only one page has ever named goes first when room is needed.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path

from pressmark.model import Bundle, FileKind

KINDS: tuple[FileKind, ...] = ("css", "js", "map")
UNFINISHED = ".tmp"
_OF_ONE_PAGE = "-of-one-page"
"""The end of the folders for bundles that only one page has named."""
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
        for end in ("", _OF_ONE_PAGE, ""):  # it may be moved from the second to the first meanwhile
            with suppress(FileNotFoundError), open(self._path(kind, name, end), "rb") as file:
                content = file.read()
                return content if sha256(content).hexdigest()[:32] == name else None
        return None

    def write(self, bundle: Bundle) -> None:
        """Keep *bundle*, which no page has named yet."""
        path = self._path(bundle.kind, bundle.name, _OF_ONE_PAGE)
        folder = os.path.dirname(path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(suffix=UNFINISHED, dir=folder)
        try:
            with open(handle, "wb") as file:
                file.write(bundle.content)
            os.replace(unfinished, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(unfinished)
            raise

    def use(self, kind: FileKind, name: str) -> None:
        """Note that a page names a bundle."""
        try:
            os.utime(self._path(kind, name))  # without a time: that of the file system
        except FileNotFoundError:
            os.utime(self._path(kind, name, _OF_ONE_PAGE))

    def settle(self, kind: FileKind, name: str) -> None:
        """Note that a second page names a bundle."""
        path = self._path(kind, name)
        with suppress(FileNotFoundError):  # it has settled already
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            os.replace(self._path(kind, name, _OF_ONE_PAGE), path)

    def list(self) -> Iterator[BundleFile]:
        """Yield all bundles."""
        for kind, end in product(KINDS, ("", _OF_ONE_PAGE)):
            for path in Path(self.folder, kind + end).glob(f"*/*.{kind}"):
                with suppress(FileNotFoundError):  # removed meanwhile
                    status = path.stat()
                    yield BundleFile(kind, path.stem, path, status.st_size, status.st_mtime, bool(end))

    def list_unfinished(self) -> Iterator[Path]:
        """Yield the files that are being written, or were when a process was killed."""
        yield from Path(self.folder).glob(f"*/*/*{UNFINISHED}")

    def _path(self, kind: FileKind, name: str, end: str = "") -> str:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return os.path.join(self.folder, kind + end, name[:2], f"{name}.{kind}")
