"""Where releases are deployed to: a directory, or what the scheme of a URL names."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import md5
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from pressmark.entry_point import load_point, names_of
from pressmark.errors import DeploymentError, SettingsError
from pressmark.offline.manifest import replace_file
from pressmark.stores.find_backend import BACKENDS

DESTINATIONS = "pressmark.destinations"
"""The group of entry points that are named by the schemes of URLs: functions from a URL to a Destination.

They take the keyword *is_patient*, as ``find_destination`` does.
"""


UNFINISHED = ".pressmark/unfinished/"
"""The folder of files that are being written to a directory."""
DAY_S = 86400.0


class Stored(NamedTuple):
    """A file that is there: its bytes, and the MD5 of its content in hexadecimal digits, or another text for it."""

    size: int
    tag: str


class Destination(Protocol):
    """Keeps files under paths with "/". All methods block, raise OSError and the like, and may be called by threads."""

    name: str
    waits_natively: bool
    """Whether calls wait in code that gevent cannot patch."""

    def listed(self, folder: str = "") -> dict[str, Stored]:
        """Return all files below *folder*, by their paths."""

    def read(self, path: str) -> bytes | None:
        """Return the file at *path*, or ``None``."""

    def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
        """Write a file, whole or not at all, to be sent with *headers*, and return its tag."""

    def create(self, path: str, content: bytes) -> bool:
        """Write a file unless there is one. Tell whether there was none."""

    def remove(self, paths: Sequence[str]) -> None:
        """Remove the files at *paths*, as far as they are there."""


class Directory:
    """A directory, which a web server serves with headers of its own."""

    waits_natively = False

    def __init__(self, path: Path) -> None:
        self._root, self.name = path, str(path)

    def listed(self, folder: str = "") -> dict[str, Stored]:
        """Return all files below *folder*, by their paths."""
        paths = (f"{folder}{path}" for path in paths_below(self._root / folder, has_hidden=True))
        return {path: _stored(self._root / path) for path in paths if not path.startswith(UNFINISHED)}

    def read(self, path: str) -> bytes | None:
        """Return the file at *path*, or ``None``."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
        """Write a file, whole or not at all."""
        target, unfinished = self._root / path, self._root / UNFINISHED
        for folder in (target.parent, unfinished):
            folder.mkdir(parents=True, exist_ok=True)
        replace_file(target, content, unfinished)
        return tag_of(content)

    def create(self, path: str, content: bytes) -> bool:
        """Write a file unless there is one. Tell whether there was none."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("xb") as file:
                file.write(content)
        except FileExistsError:
            return False
        return True

    def remove(self, paths: Sequence[str]) -> None:
        """Remove the files, and folders that are empty then; also the rests of writes that were killed long ago."""
        for rest in (self._root / UNFINISHED).glob("*"):
            with suppress(FileNotFoundError):
                if time.time() - rest.stat().st_mtime > DAY_S:
                    rest.unlink()
        for path in paths:
            (self._root / path).unlink(missing_ok=True)
            with suppress(OSError):  # one that is not empty, or that another process has removed
                for parent in takewhile(lambda each: each != self._root, (self._root / path).parents):
                    parent.rmdir()


def find_destination(url: str, *, is_patient: bool = True) -> Destination:
    """Return the destination at *url*, a path or a URL. Raises DeploymentError.

    One that *is_patient* tries for minutes: a deployment has the time, and a page has not.
    """
    scheme = urlsplit(url).scheme if "://" in url else ""
    if not scheme:
        return Directory(Path(os.path.abspath(url)))
    try:
        make = load_point(DESTINATIONS, scheme, f"a destination of the scheme {scheme!r}")
    except SettingsError as error:
        raise DeploymentError(str(error)) from error
    if make is None:
        if is_store(url):
            raise DeploymentError(f"a store of the scheme {scheme!r} has no releases: it ends bundles by itself")
        known = ", ".join(f"{each}://" for each in names_of(DESTINATIONS))
        raise DeploymentError(f"there is no destination of the scheme {scheme!r}: a directory would do, or {known}")
    destination: Destination = make(url, is_patient=is_patient)
    return destination


def is_store(url: str) -> bool:
    """Tell whether *url* is that of a store that hosts share, and of no destination of releases."""
    scheme = urlsplit(url).scheme if "://" in url else ""
    return scheme in names_of(BACKENDS) and scheme not in names_of(DESTINATIONS)


def paths_below(root: Path, *, has_hidden: bool = False) -> Iterator[str]:
    """Yield the paths of all files below *root*, with "/", in order; hidden ones only if it *has_hidden* ones."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if has_hidden or name[0] != ".")
        for name in sorted(names):
            if (has_hidden or name[0] != ".") and not name.endswith(".tmp"):
                yield (Path(folder) / name).relative_to(root).as_posix()


def hidden_below(root: Path) -> list[str]:
    """Return the paths of hidden files and folders below *root*, which ``paths_below`` leaves out."""
    shown = set(paths_below(root))
    hidden = (path for path in paths_below(root, has_hidden=True) if path not in shown)
    return [path for path in hidden if not path.rpartition("/")[2].endswith(".lock")]


def tag_of(content: bytes) -> str:
    """Return the MD5 of *content*, by which object stores name what was put at once. It proves nothing."""
    return md5(content, usedforsecurity=False).hexdigest()


def _stored(path: Path) -> Stored:
    content = path.read_bytes()
    return Stored(len(content), tag_of(content))
