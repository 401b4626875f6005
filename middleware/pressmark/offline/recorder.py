"""Note the regions that a process meets, for a manifest: in memory, and in a file that many processes may share.

Each line of the file is a record by itself, so that runs in parallel, on several machines and over several days add up
by being put one after the other. A line that was cut off, by a process that was killed, is left out.
"""

import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakSet

from filelock import FileLock

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock
from pressmark.errors import ManifestError, RegionError
from pressmark.model import FileKind, Kind, Mode
from pressmark.regions.built_ahead import ReadFile
from pressmark.regions.job import Job
from pressmark.regions.record import Record
from pressmark.report.text_table import counted

logger = logging.getLogger("pressmark")

FORMAT = "pressmark recording 2"
LOCK_S = 10.0
"""Seconds to wait for another process that appends to the file."""
VARIABLE = "PRESSMARK_RECORD"
"""The environment variable that names the file to record into."""


class Cache(Protocol):
    """What holds regions that were met before."""

    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A region as it was met on the page at *path*. If inline code does not join, it is right for any such code."""

    kind: Kind
    mode: Mode
    name: str
    path: str
    record: Record
    joins_inline: bool = True

    def fields(self) -> dict[str, Any]:
        """Return the entry as values for JSON: what a manifest holds. Sources and their hashes are no part of it."""
        record = self.record.fields()
        del record["digests"]
        region = {"kind": self.kind, "mode": self.mode, "name": self.name, "page": self.path}
        return {**region, "joins_inline": self.joins_inline, **record}

    @classmethod
    def of(cls, fields: Any) -> "Entry":
        """Return the entry of *fields*. Raises ValueError if they are none."""
        try:
            kind, mode, name, page = (fields[key] for key in ("kind", "mode", "name", "page"))
            return cls(kind, mode, name, page, Record.of(fields), fields["joins_inline"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"no region: {error!r}") from error


@dataclass(eq=False)
class Recorder:
    """Notes regions while it *is_on*: their *entries* by place, and the *failures* by the region's page and text.

    If it has a *file*, it appends them to that as well. *reads* gives each generated file; *manifest* is the setting of
    the application.
    """

    is_on: bool = False
    file: str | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
    reads: dict[tuple[FileKind, str], ReadFile] = field(default_factory=dict)
    manifest: str | None = None
    _caches: "WeakSet[Cache]" = field(default_factory=WeakSet)
    _lock: Any = field(default_factory=native_lock)

    def __post_init__(self) -> None:
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()

    def begin(self, file: str | None = None) -> None:
        """Note regions from now on, as if none had been met."""
        with self._lock:
            self.is_on, self.file = True, file
            self.entries, self.failures, self.reads = {}, {}, {}
        for cache in list(self._caches):
            cache.clear()

    def watch(self, cache: Cache) -> None:
        """Have *cache* cleared when the noting begins: what it holds would not be met again."""
        self._caches.add(cache)

    def end(self) -> None:
        """Note no more regions."""
        self.is_on = False

    def read(self, kind: FileKind, name: str) -> bytes | None:
        """Return the content of a generated file that a noted region names. Raises StoreError."""
        read = self.reads.get((kind, name))
        return read(kind, name) if read is not None else None

    def note(self, place: str, others: tuple[str, ...], job: Job, record: Record, read: ReadFile) -> None:
        """Note the *record* of the region of *job* at *place*, and no more at *others*; *read* gives its files."""
        region, joins_inline = job.region, job.options.joins_inline
        entry = Entry(region.kind, region.mode, region.name, job.page.path, record, joins_inline)
        with self._lock:
            known = self.entries.get(place)
            is_new = known is None or known.record.files != record.files  # a source has changed meanwhile
            if known is None or is_new or entry.path < known.path:  # whatever the order of pages
                self.entries[place] = entry
            for other in others:
                self.entries.pop(other, None)
            self.reads |= dict.fromkeys(record.files, read)
        if is_new and self.file is not None:
            self._append(self.file, {"format": FORMAT, "place": place, "instead_of": others, **entry.fields()})

    def note_failure(self, job: Job, error: RegionError) -> None:
        """Note the *error* for which the region of *job* was not built."""
        if self.is_on:
            path = job.page.path
            with self._lock:
                self.failures.setdefault((path, str(error)), f"{job.region.kind} region on {path}: {error}")

    def _append(self, file: str, fields: dict[str, Any]) -> None:
        line = json.dumps(fields, ensure_ascii=True).encode("ascii") + b"\n"
        try:
            os.makedirs(os.path.dirname(os.path.abspath(file)), exist_ok=True)
            with FileLock(f"{file}.lock", timeout=LOCK_S), open(file, "ab+") as opened:
                if opened.tell() and (opened.seek(-1, os.SEEK_END), opened.read(1))[1] != b"\n":
                    line = b"\n" + line  # after one that was cut off
                opened.write(line)
        except (OSError, NotImplementedError) as error:  # a file system without locks
            self.file = None
            logger.warning("no more regions are recorded in %s: %s", file, error)


def read_recordings(files: Iterable[Path]) -> dict[str, Entry]:
    """Return the regions in recorded *files*, by place; later lines count. Raises OSError and ManifestError."""
    found: dict[str, Entry] = {}
    for path in files:
        for line in path.read_bytes().splitlines():
            try:
                fields = json.loads(line)
                format_, place = fields["format"], fields["place"]
            except (ValueError, KeyError, TypeError):
                continue  # it was cut off
            if format_ != FORMAT:
                raise ManifestError(f"{path} has the format {format_!r}; this version of Pressmark reads {FORMAT!r}")
            try:
                found[str(place)] = Entry.of(fields)
            except ValueError as error:
                raise ManifestError(f"{path} has a line that was not written by Pressmark: {error}") from error
            for other in fields.get("instead_of", ()):
                found.pop(other, None)
    return found


def summary_of(file: Path) -> str:
    """Return a sentence on the regions that were recorded in *file*. Raises OSError and ManifestError."""
    if not file.exists():
        return f"no region was met: {file} was not written"
    entries = read_recordings([file])
    pages = {entry.path for entry in entries.values()}
    return f"{counted(len(entries), 'region')} of {counted(len(pages), 'page')} recorded in {file}"
