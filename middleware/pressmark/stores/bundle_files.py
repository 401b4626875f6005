"""Keep bundles as files that are named by their hash: found, read and proved without any database.

A file is written under another name and then renamed, so that it is whole or not there. The time of its last change is
that of its last use by a page, by the clock of the file system.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pressmark.model import Bundle, FileKind

KINDS: tuple[FileKind, ...] = ("css", "js", "map")
UNFINISHED = ".tmp"
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file: its path, its size in bytes, and the seconds since the epoch when it was last used."""

    kind: FileKind
    name: str
    path: Path
    size: int
    used_at: float


class BundleFiles:
    """The files below *folder*. All methods may block, and raise OSError."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def read(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle, ``None`` if it is not there or its hash is not *name*."""
        try:
            with open(self._path(kind, name), "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return None
        return content if sha256(content).hexdigest()[:32] == name else None

    def write(self, bundle: Bundle) -> None:
        """Keep *bundle*."""
        path = self._path(bundle.kind, bundle.name)
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
        os.utime(self._path(kind, name))  # without a time: that of the file system

    def list(self) -> Iterator[BundleFile]:
        """Yield all bundles."""
        for kind in KINDS:
            for path in Path(self.folder, kind).glob(f"*/*.{kind}"):
                with suppress(FileNotFoundError):  # removed meanwhile
                    status = path.stat()
                    yield BundleFile(kind, path.stem, path, status.st_size, status.st_mtime)

    def list_unfinished(self) -> Iterator[Path]:
        """Yield the files that are being written, or were when a process was killed."""
        yield from Path(self.folder).glob(f"*/*/*{UNFINISHED}")

    def _path(self, kind: FileKind, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return os.path.join(self.folder, kind, name[:2], f"{name}.{kind}")
