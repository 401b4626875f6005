"""Deploy a release: put what is missing at a destination, and then, as one step, make it the current release.

Files whose names tell their contents go first, so nothing that an older release names is touched. Those that keep their
names go next; the record and the pointer come last. So whatever is interrupted leaves the release before it whole, but
for files that keep their names, and is completed by doing it again.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from pressmark.errors import DeploymentError
from pressmark.offline.destinations import Destination, Stored, tag_of
from pressmark.offline.output import ENDINGS
from pressmark.offline.packing import File, Parcel
from pressmark.offline.releases import Fact, Release, Releases

THREADS = 16
"""Files that are read or sent at once."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What was done: files and bytes that were *sent*, and the paths of files that were *replaced* under their names.

    If it *is_new*, the release was not the current one before.
    """

    release: Release
    sent: int = 0
    sent_bytes: int = 0
    replaced: tuple[str, ...] = ()
    is_new: bool = True


def deploy(
    parcel: Parcel, destination: Destination, name: str, revision: str, on_sent: Callable[[int, int], object]
) -> Deployed:
    """Put *parcel* at *destination* as the release *name*, of this *revision* of its sources, and return the result.

    If the current release has the same files, it stays; if one of this kind was interrupted, it is completed. *on_sent*
    is called with the numbers of files that are sent and to be sent. Raises DeploymentError, OSError, and what the
    destination raises.
    """
    releases = Releases(destination)
    known = releases.all()
    if others := {each.pointer for each in known} - {parcel.pointer}:
        raise DeploymentError(
            f"releases there have their pointer at {min(others)!r}, and this one would have it at {parcel.pointer!r}: "
            "give directories the same paths, or deploy to another place"
        )
    release = _planned(parcel, known, releases.pointer(parcel.pointer).release, name, revision)
    is_new = not release.is_complete
    if is_new:
        releases.write(release)  # before anything is compared: `prune` leaves what it names
    files = (*parcel.files, *(file for file in parcel.earlier_files if file.path in release.earlier_files))
    tags = {
        (path, fact.digest): fact.tag
        for each in reversed(known)
        if each.is_complete
        for path, fact in each.all_files.items()
    }
    sent = _Sending(destination, files, release.all_files, tags, on_sent)
    sent.send()
    if is_new:
        release = release.completed(sent.facts)
        releases.write(release)
        if releases.find(release.name).digest != release.digest:
            raise DeploymentError(f"another deployment has the name {release.name!r}: give another --id")
        releases.move_to(release, parcel.manifests if release.earlier_files else ())
    return Deployed(release, sent.count, sent.size, tuple(sent.replaced), is_new)


def _planned(parcel: Parcel, known: Sequence[Release], current: str, name: str, revision: str) -> Release:
    """Return the release of *parcel*: if it has the same files, the *current* one or one that was interrupted.

    At a new destination pages of earlier builds are to find their bundles as well: nobody has brought these before.
    Raises DeploymentError.
    """
    earlier_files = {} if any(release.is_complete for release in known) else _facts_of(parcel.earlier_files)
    facts = _facts_of(parcel.files)
    release = Release(
        name, datetime.now(UTC), revision, parcel.pointer, parcel.manifests[0], parcel.bundles, facts, earlier_files
    )  # fmt: skip
    same = [each for each in known if each.digest == release.digest and (each.name == current or not each.is_complete)]
    if same:
        return same[0]
    if any(each.name == name and each.is_complete for each in known):
        raise DeploymentError(f"there is a release {name!r} already: give another --id")
    return release


class _Sending:
    """Sends the *files* that a destination lacks."""

    def __init__(
        self,
        destination: Destination,
        files: Sequence[File],
        facts: Mapping[str, Fact],
        tags: Mapping[tuple[str, str], str],
        on_sent: Callable[[int, int], object],
    ) -> None:
        self._destination, self._files, self._tags, self._on_sent = destination, files, tags, on_sent
        self.facts = dict(facts)
        self.count = self.size = 0
        self.replaced: list[str] = []

    def send(self) -> None:
        """Send what is missing, and look once more. Raises DeploymentError if a file does not stay there."""
        listed = self._destination.listed()
        missing = self._missing(listed)
        self._refuse_changed(missing, listed)
        self.replaced = sorted(file.path for file in missing if file.path in listed and not file.is_fixed)
        self._on_sent(0, len(missing))
        for is_fixed in (True, False):
            self._send([file for file in missing if file.is_fixed is is_fixed], len(missing))
        if lost := self._missing(self._destination.listed()):  # also one that `prune` has taken meanwhile
            raise DeploymentError(
                f"{lost[0].path!r} is not at {self._destination.name} as it was sent: another command may have changed "
                "it; deploy again"
            )

    def _refuse_changed(self, missing: Sequence[File], listed: Mapping[str, Stored]) -> None:
        """Raise DeploymentError if a file would get another content under a name that says that it never changes.

        A bundle is known to be right by its name, so one that was damaged there is replaced.
        """
        for file in missing:
            fact, stored = self.facts[file.path], listed.get(file.path)
            if file.is_fixed and stored is not None and fact.digest[:32] not in file.path:
                is_other = stored.size != fact.size or re.fullmatch("[0-9a-f]{32}", stored.tag)
                if is_other and not file.path.endswith(tuple(ENDINGS.values())):
                    raise DeploymentError(
                        f"{file.path!r} is there with another content, and its name says that it never changes: let "
                        "--hashed leave it out, or remove it there"
                    )

    def _missing(self, listed: Mapping[str, Stored]) -> list[File]:
        return [file for file in self._files if not self._is_there(file, listed.get(file.path))]

    def _is_there(self, file: File, stored: Stored | None) -> bool:
        fact = self.facts[file.path]
        if stored is None or stored.size != fact.size:
            return False
        return stored.tag in (fact.tag, self._tags.get((file.path, fact.digest)))

    def _send(self, files: Sequence[File], total: int) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(self._put, file) for file in files]
            try:
                for file, future in zip(files, futures, strict=True):
                    fact = self.facts[file.path]
                    self.facts[file.path] = fact._replace(tag=future.result() or fact.tag)
                    self.count, self.size = self.count + 1, self.size + fact.size
                    self._on_sent(self.count, total)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _put(self, file: File) -> str:
        content = file.source.read_bytes()
        if sha256(content).hexdigest() != self.facts[file.path].digest:
            raise DeploymentError(f"{str(file.source)!r} has changed meanwhile: deploy again")
        return self._destination.write(file.path, content, file.headers)


def _facts_of(files: Iterable[File]) -> dict[str, Fact]:
    def fact(file: File) -> tuple[str, Fact]:
        content = file.source.read_bytes()
        return file.path, Fact(len(content), sha256(content).hexdigest(), tag_of(content))

    with ThreadPoolExecutor(THREADS) as pool:
        return dict(pool.map(fact, files))
