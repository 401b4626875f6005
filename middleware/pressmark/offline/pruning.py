"""Find and remove what no release needs any more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pressmark.errors import DeploymentError
from pressmark.offline.destinations import Destination
from pressmark.offline.releases import Pointer, Release, Releases

BATCH = 500


@dataclass(frozen=True, slots=True)
class Pruning:
    """The *releases* that are to go, the bytes of the *files* that no other has, and the number of those *kept*."""

    releases: tuple[Release, ...]
    files: Mapping[str, int]
    kept: int


def plan_pruning(destination: Destination, keep: int, days: float) -> Pruning:
    """Return what may go: all but the last *keep* releases, the current one, and those that were so in *days* days.

    A release that was begun and not completed counts as one of these while it is younger than that. Files that no
    release has ever had are not ours.
    """
    known = Releases(destination).all()
    pointers = {release.pointer: Releases(destination).pointer(release.pointer) for release in known}
    now, age = datetime.now(UTC), timedelta(days=days)
    stays = {release.name for release in [each for each in known if each.is_complete][:keep]}
    stays |= {release.name for release in known if now - _last_used(release, pointers[release.pointer], now) < age}
    stays |= {pointer.release for pointer in pointers.values()}
    kept = [release for release in known if release.name in stays]
    goes = [release for release in known if release.name not in stays]
    needed = {path for release in kept for path in release.all_files}
    listed = destination.listed()
    theirs = {path for release in goes for path in release.all_files} - needed
    files = {path: listed[path].size for path in theirs if path in listed}
    return Pruning(tuple(goes), files, len(kept))


def prune(destination: Destination, planned: Pruning, on_removed: Callable[[int], object]) -> None:
    """Remove what is *planned*, but for what a release that came meanwhile has. *on_removed* is called with numbers.

    The records of releases go last, so that it can be interrupted. Raises DeploymentError if one of them has become
    current meanwhile.
    """
    releases, paths = Releases(destination), sorted(planned.files)
    with releases.locked():
        _refuse_current(releases, planned)
        for pointer in {release.pointer for release in planned.releases}:
            releases.forget(pointer, {path.rpartition("/")[2] for path in paths})
    for start in range(0, len(paths), BATCH):
        others = _refuse_current(releases, planned)
        needed = {path for release in others for path in release.all_files}
        batch = [path for path in paths[start : start + BATCH] if path not in needed]
        destination.remove(batch)
        on_removed(len(batch))
    with releases.locked():
        _refuse_current(releases, planned)
        destination.remove([release.path for release in planned.releases])


def _refuse_current(releases: Releases, planned: Pruning) -> list[Release]:
    """Return the releases that stay. Raises DeploymentError if one that is to go has become current."""
    known, going = releases.all(), {release.name for release in planned.releases}
    if again := going & {releases.pointer(release.pointer).release for release in known}:
        raise DeploymentError(f"the release {min(again)} has become the current one meanwhile: run this again")
    return [release for release in known if release.name not in going]


def _last_used(release: Release, pointer: Pointer, now: datetime) -> datetime:
    """Return the last time at which pages may have been made by *release*: when another one became current."""
    ended: datetime = now
    last = release.time
    for name, since in pointer.history:
        if name == release.name:
            last = max(last, ended)
        ended = datetime.fromisoformat(since)
    return last
