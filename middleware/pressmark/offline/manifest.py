"""Read and write manifests: the records of regions that were built ahead, by their places.

A manifest is a file that is named by the hash of its content, and never changes. Beside it lies the pointer, a small
file under the name that people know, which lists the manifests of all releases, the newest first. So a build adds, old
pages find their old bundles, and a copy that was cut off or edited is noticed. A pointer is replaced as a whole.
"""

import json
import logging
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock
from pressmark.errors import ManifestError
from pressmark.model import FileKind
from pressmark.regions.record import Record
from pressmark.version import VERSION

logger = logging.getLogger("pressmark")

POINTER_FORMAT = "pressmark manifests 1"
FORMAT = "pressmark manifest 1"
_NAME = re.compile(r"manifest-[0-9a-f]{32}\.json")
MAX_BYTES = 256 << 20
"""A larger file is refused."""
KEPT = 20
"""Manifests that the pointer lists; older ones stay as files, but servers read them no more."""
LOCK_S = 60.0
"""Seconds to wait for another build that writes the pointer."""


def read_pointer(path: Path) -> list[str]:
    """Return the names of the manifests beside *path*, the newest first. Raises ManifestError and OSError."""
    return names_in(path, _read(path))


def names_in(path: Path, raw: bytes) -> list[str]:
    """Return the names in the pointer *raw*, from *path*, the newest first. Raises ManifestError."""
    fields = _read_json(path, raw, POINTER_FORMAT)
    names = fields.get("manifests")
    if not isinstance(names, list) or not all(isinstance(name, str) and _NAME.fullmatch(name) for name in names):
        raise ManifestError(f"{path} lists no manifests")
    return names


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the entries of the manifest at *path* by their places. Raises ManifestError and OSError."""
    raw = _read(path)
    if name_of(raw) != path.name:
        raise ManifestError(f"{path} was cut off or edited: its content does not have the hash that it is named by")
    entries = _read_json(path, raw, FORMAT).get("regions")
    if not isinstance(entries, dict):
        raise ManifestError(f"{path} has no regions")
    return entries


def write_manifest(path: Path, entries: Mapping[str, object]) -> str:
    """Write a manifest of *entries* beside *path*, put it first in the pointer there, and return its name.

    Raises ManifestError if the pointer cannot be read, and OSError.
    """
    if _NAME.fullmatch(path.name):
        raise ManifestError(f"{path} is the manifest of one build: name the pointer beside it, such as manifest.json")
    ordered = {place: entries[place] for place in sorted(entries)}
    fields = {"format": FORMAT, "pressmark": VERSION, "regions": ordered}
    raw = json.dumps(fields, ensure_ascii=True, indent=1).encode("ascii")
    name = name_of(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not _has(path.parent / name, raw):
        replace_file(path.parent / name, raw)
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_S):  # another build may add its own
        try:
            names = read_pointer(path)
        except FileNotFoundError:
            names = []
        if names[:1] != [name]:
            kept = [name, *(each for each in names if each != name)][:KEPT]
            pointer = {"format": POINTER_FORMAT, "manifests": kept}
            replace_file(path, json.dumps(pointer, indent=1).encode("ascii"))
    return name


def _has(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def name_of(raw: bytes) -> str:
    """Return the name of the manifest with the content *raw*."""
    return f"manifest-{sha256(raw).hexdigest()[:32]}.json"


def replace_file(path: Path, content: bytes, folder: Path | None = None) -> None:
    """Write *content* to *path*, whole or not at all: first into *folder*, by default its own. Raises OSError."""
    handle, unfinished = tempfile.mkstemp(suffix=".tmp", dir=folder or path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(unfinished, 0o644)  # for the web server
        os.replace(unfinished, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def _read(path: Path) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ManifestError(f"{path} is no regular file")
    if status.st_size > MAX_BYTES:
        raise ManifestError(f"{path} has more than {MAX_BYTES >> 20} MiB")
    return path.read_bytes()


def _read_json(path: Path, raw: bytes, format_: str) -> dict[str, Any]:
    try:
        fields: Any = json.loads(raw)
        found = fields["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ManifestError(f"{path} is no file of `pressmark build`: {error!r}") from error
    if found != format_:
        raise ManifestError(f"{path} has the format {found!r}; this version of Pressmark, {VERSION}, reads {format_!r}")
    return dict(fields)


def _files_in(manifests: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the kinds and names of the files that *manifests* name."""
    for entry in (entry for entries in manifests for entry in entries.values()):
        with suppress(KeyError, TypeError, ValueError):
            yield from ((kind, name) for kind, name in entry["files"])


class Manifests:
    """The manifests that the pointer at *path* lists, or the one at *path* first and then the others beside it.

    What cannot be read is told once, and what was read before stays.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._read_from: object = None  # the state of the pointer when it was read
        self._entries: dict[str, dict[str, Any]] = {}  # by the names of manifests, the newest first
        self._files: set[tuple[str, str]] = set()  # that their regions have
        self._told: set[str] = set()
        self.renew()
        renew_after_fork(self)

    def find(self, places: tuple[str, ...]) -> Iterator[tuple[Record, bool]]:
        """Yield the records of the region at *places*, and whether they are of the newest manifest, which is first."""
        for number, entries in enumerate(self._entries.values()):
            for place in places:
                with suppress(KeyError, ValueError):
                    yield Record.of(entries[place]), number == 0

    def renew(self) -> None:
        self._lock = native_lock()

    def names(self, kind: FileKind, name: str) -> bool:
        """Tell whether a region of any manifest has the file *name*."""
        return (kind, name) in self._files

    def generation(self) -> object:
        """Return a value that changes with the manifests, and read them again if the pointer has changed. Blocks."""
        try:
            status = os.stat(self._path)
            state: object = (status.st_ino, status.st_size, status.st_mtime_ns)
        except OSError as error:
            state = f"{error.strerror}"
        with self._lock:
            if state != self._read_from:
                self._read_from = state if self._load() else None  # a file may yet come
            return state, tuple(self._entries)

    def _load(self) -> bool:
        """Read the pointer and the manifests that were not read before. Tell whether all could be read."""
        try:
            names = self._names()
        except (OSError, ManifestError) as error:
            self._tell(f"no manifest was read; what was read before is used: {error}")
            return False
        found: dict[str, dict[str, Any]] = {}
        for name in names:
            try:
                found[name] = self._entries.get(name) or read_manifest(self._path.parent / name)
            except (OSError, ManifestError) as error:
                self._tell(f"a manifest is not used: {error}")
        self._entries = found or self._entries
        self._files = set(_files_in(self._entries.values()))
        return len(found) == len(names)

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            logger.warning("%s", text)

    def _names(self) -> Sequence[str]:
        if not _NAME.fullmatch(self._path.name):
            return read_pointer(self._path)
        beside = sorted(self._path.parent.glob("manifest-*.json"), key=lambda each: -each.stat().st_mtime)
        return [self._path.name, *(each.name for each in beside if each.name != self._path.name)][:KEPT]
