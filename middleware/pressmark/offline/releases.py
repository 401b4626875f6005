"""The releases at a destination: a record of each, and the pointer that says which of them is current.

A record lists the files of its release, so that nothing that another release has is ever removed. The pointer is the
one that servers read (``manifest``): it lists manifests, the current release's first. Records lie in a hidden folder.
"""

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from pressmark.errors import DeploymentError
from pressmark.offline.destinations import Destination
from pressmark.offline.manifest import KEPT, POINTER_FORMAT
from pressmark.verdicts.analyses import digest_of
from pressmark.version import VERSION

FORMAT = "pressmark release 1"
FOLDER = ".pressmark/releases/"
HISTORY = 200
"""Changes of the current release that the pointer tells of."""
LOCK = ".pressmark/lock"
LOCK_S, LOCK_WAIT_S, LOCK_POLL_S = 60.0, 90.0, 0.2
"""Seconds after which the lock of a command counts no more, to wait for one, and between two looks at it."""
_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-cache"}


class Fact(NamedTuple):
    """What is known of a file: its bytes, its SHA-256, and the tag that it got at the destination."""

    size: int
    digest: str
    tag: str


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its *files* by their paths, and the *manifest* that the *pointer* names first while it is current.

    *earlier_files* are files of earlier builds that came with the first release of a destination. *time* is that of its
    deployment, in UTC. It *is_complete* once all its files are there.
    """

    name: str
    time: datetime
    revision: str
    pointer: str
    manifest: str
    bundles: int
    files: Mapping[str, Fact] = field(repr=False)
    earlier_files: Mapping[str, Fact] = field(default_factory=dict, repr=False)
    is_complete: bool = False

    @property
    def path(self) -> str:
        """The path of its record."""
        return f"{FOLDER}{self.name}.json"

    @property
    def all_files(self) -> dict[str, Fact]:
        """Its files, and those of earlier builds."""
        return {**self.earlier_files, **self.files}

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(fact.size for fact in self.files.values())

    @property
    def digest(self) -> str:
        """The hash of its files and its manifest: equal for two releases of which one is superfluous."""
        files = (part for path, fact in sorted(self.files.items()) for part in (path, fact.digest))
        return digest_of(self.pointer, self.manifest, *files)

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        fields = {
            "format": FORMAT, "pressmark": VERSION, "id": self.name, "time": self.time.isoformat(),
            "revision": self.revision, "pointer": self.pointer, "manifest": self.manifest, "bundles": self.bundles,
            "is_complete": self.is_complete, "files": self.files, "earlier_files": self.earlier_files,
        }  # fmt: skip
        return json.dumps(fields, indent=1).encode("ascii")

    def completed(self, facts: Mapping[str, Fact]) -> "Release":
        """Return the release, now that all its files are there: *facts* have their tags."""
        files, earlier_files = ({path: facts[path] for path in part} for part in (self.files, self.earlier_files))
        return replace(self, files=files, earlier_files=earlier_files, is_complete=True)

    @classmethod
    def from_bytes(cls, path: str, raw: bytes) -> Self:
        """Return the release whose record *raw* is, from *path*. Raises DeploymentError if it is none."""
        try:
            fields: dict[str, Any] = json.loads(raw)
            if fields["format"] != FORMAT:
                raise DeploymentError(f"{path} has the format {fields['format']!r}; this version reads {FORMAT!r}")
            files, earlier_files = (
                {name: Fact(*fact) for name, fact in fields[part].items()} for part in ("files", "earlier_files")
            )
            return cls(
                fields["id"], datetime.fromisoformat(fields["time"]), fields["revision"], fields["pointer"],
                fields["manifest"], fields["bundles"], files, earlier_files, fields["is_complete"],
            )  # fmt: skip
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DeploymentError(f"{path} is no record of a release: {error!r}") from error


@dataclass(frozen=True, slots=True)
class Pointer:
    """What the pointer says: *manifests*, the current one first, and which release was current since when."""

    manifests: tuple[str, ...] = ()
    history: tuple[tuple[str, str], ...] = ()

    @property
    def release(self) -> str:
        """The name of the current release, "" if there is none."""
        return self.history[0][0] if self.history else ""

    def moved_to(self, release: Release, now: datetime, others: Sequence[str] = ()) -> "Pointer":
        """Return the pointer with *release* as the current one, *now*; *others* are manifests that it may lack."""
        names = dict.fromkeys((release.manifest, *self.manifests, *others))
        history = ((release.name, now.isoformat()), *self.history)
        return Pointer(tuple(names)[:KEPT], history[:HISTORY])

    def to_bytes(self) -> bytes:
        """Return the pointer as JSON, as servers read it."""
        return json.dumps(
            {"format": POINTER_FORMAT, "manifests": self.manifests, "releases": self.history}, indent=1
        ).encode("ascii")

    @classmethod
    def from_bytes(cls, path: str, raw: bytes) -> "Pointer":
        """Return the pointer in *raw*, from *path*. Raises DeploymentError if it is none."""
        try:
            fields = json.loads(raw)
            if fields["format"] != POINTER_FORMAT:
                raise DeploymentError(f"{path} has the format {fields['format']!r}; this reads {POINTER_FORMAT!r}")
            history = tuple((name, time) for name, time in fields.get("releases", ()))
            return cls(tuple(fields["manifests"]), history)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DeploymentError(f"{path} is no list of manifests: {error!r}") from error


class Releases:
    """The releases at a *destination*."""

    def __init__(self, destination: Destination) -> None:
        self._destination = destination

    def all(self) -> list[Release]:
        """Return all releases, the newest first. Raises DeploymentError."""
        paths = [path for path in self._destination.listed(FOLDER) if path.endswith(".json")]
        raw = ((path, self._destination.read(path)) for path in paths)
        found = [Release.from_bytes(path, each) for path, each in raw if each is not None]
        return sorted(found, key=lambda release: release.time, reverse=True)

    def find(self, name: str) -> Release:
        """Return the release of this *name*. Raises DeploymentError."""
        raw = self._destination.read(f"{FOLDER}{name}.json")
        if raw is not None:
            return Release.from_bytes(name, raw)
        known = ", ".join(release.name for release in self.all()[:10]) or "none"
        raise DeploymentError(f"{self._destination.name} has no release {name!r}; there are {known}")

    def write(self, release: Release) -> None:
        """Write the record of *release*."""
        self._destination.write(release.path, release.to_bytes(), _HEADERS)

    def pointer(self, path: str) -> Pointer:
        """Return the pointer at *path*, an empty one if there is none. Raises DeploymentError."""
        raw = self._destination.read(path)
        return Pointer.from_bytes(path, raw) if raw is not None else Pointer()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold back other commands that change the pointer. Raises DeploymentError if one does not end.

        A lock that is old is that of a command that was killed.
        """
        deadline = time.monotonic() + LOCK_WAIT_S
        while not self._destination.create(LOCK, f"{time.time():.0f}".encode("ascii")):
            taken_at, is_late = self._destination.read(LOCK), time.monotonic() > deadline
            # An empty one is about to be written, or was left by a command that was killed just then.
            is_old = time.time() - float(taken_at) > LOCK_S if taken_at else taken_at is not None and is_late
            if is_old:
                self._destination.remove([LOCK])
            elif is_late:
                raise DeploymentError(
                    f"another command changes {self._destination.name}: run this again when it has ended"
                )
            time.sleep(LOCK_POLL_S)
        try:
            yield
        finally:
            self._destination.remove([LOCK])

    def move_to(self, release: Release, others: Sequence[str] = ()) -> None:
        """Make *release* the current one. *others* are manifests of earlier builds that came with it."""
        with self.locked():
            pointer = self.pointer(release.pointer)
            if pointer.release != release.name or pointer.manifests[:1] != (release.manifest,):
                moved = pointer.moved_to(release, datetime.now(UTC), others)
                self._destination.write(release.pointer, moved.to_bytes(), _HEADERS)

    def forget(self, path: str, manifests: Collection[str]) -> None:
        """Take *manifests*, which will be gone, from the pointer at *path*, while it is locked; but never the first."""
        pointer = self.pointer(path)
        kept = [name for name in pointer.manifests[1:] if name not in manifests]
        if len(kept) + 1 < len(pointer.manifests):
            changed = replace(pointer, manifests=(pointer.manifests[0], *kept))
            self._destination.write(path, changed.to_bytes(), _HEADERS)

    def roll_back_to(self, name: str) -> tuple[Release, list[str]]:
        """Make the release of this *name* the current one; nothing else is written.

        Return it with the paths of its files that have another content now. Raises DeploymentError.
        """
        release = self.find(name)
        if not release.is_complete:
            raise DeploymentError(f"the release {name} was never complete: deploy it again")
        listed = self._destination.listed()
        if lost := [path for path in release.all_files if path not in listed]:
            raise DeploymentError(f"the release {name} lacks {len(lost)} of its files, such as {lost[0]}")
        changed = [path for path, fact in release.files.items() if listed[path] != (fact.size, fact.tag)]
        self.move_to(release)
        return release, changed
