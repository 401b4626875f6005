"""Deploy a release: put what is missing at a destination, and then, as one step, make it the current release.

Files whose names tell their contents go first, so nothing that an older release names is touched. Those that keep their
names go next; the record and the pointer come last. So whatever is interrupted leaves the release before it whole, and
is completed by doing it again.
"""

import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from posixpath import dirname
from typing import NamedTuple

from pressmark.errors import DeploymentError, ManifestError
from pressmark.offline.destinations import Destination, Stored, paths_below, tag_of
from pressmark.offline.manifest import read_manifest, read_pointer
from pressmark.offline.output import ENDINGS
from pressmark.offline.releases import Fact, Release, Releases

THREADS = 16
"""Files that are read or sent at once."""
POINTER = "manifest.json"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=60"
HASHED = r"\.[0-9a-f]{8,64}\.[^/]+$"
"""Paths that tell the content of their file: no other content will ever have them."""
_BUNDLE = re.compile(r"(css|js|map)/(?:[\w-]+\.)?([0-9a-f]{32})\.(?:css|js|map)(?:\.br|\.zst|\.gz)?")
_MANIFEST = re.compile(r"manifest-[0-9a-f]{32}\.json")
_CODINGS = {ending: coding for coding, ending in ENDINGS.items()}
_TEXTS = ("text/css", "text/javascript")
_TYPES = mimetypes.MimeTypes()
for _type, _ending in (
    ("text/javascript", ".js"), ("text/javascript", ".mjs"), ("application/json", ".map"), ("font/woff", ".woff"),
    ("font/woff2", ".woff2"), ("image/webp", ".webp"), ("image/avif", ".avif"), ("image/svg+xml", ".svg"),
    ("application/manifest+json", ".webmanifest"), ("application/wasm", ".wasm"),
):  # fmt: skip
    _TYPES.add_type(_type, _ending)


class File(NamedTuple):
    """A file of a release: where it goes, lies, and how it is sent. It *is_fixed* if its name tells its content."""

    path: str
    source: Path
    headers: Mapping[str, str]
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that a release has: *files*, the path of its *pointer*, the *manifests* there, and its number of bundles.

    *elders* are files of earlier builds that lie beside its own.
    """

    files: tuple[File, ...]
    elders: tuple[File, ...]
    pointer: str
    manifests: tuple[str, ...]
    bundles: int


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


def pack(sources: Sequence[tuple[Path, str]], fixed: str = HASHED) -> Parcel:
    """Return the files of *sources*, directories each with the path that it has at the destination.

    *fixed* is the pattern of paths, beside those of bundles, that tell the contents of their files. Raises
    DeploymentError if there is no manifest, or one names a bundle that is not there, and OSError.
    """
    found = _found(sources)
    pointer, names = _find_pointer(found)
    source, folder = found.pop(pointer), _folder(pointer)
    bundles = _bundles_of(source.parent / names[0])
    paths = sorted(f"{kind}/{name}.{kind}" for kind, name in bundles)
    if lost := [path for path in paths if folder + path not in found]:
        raise DeploymentError(
            f"the manifest names {lost[0]!r}, and {str(source.parent)!r} lacks it: write it by --output"
        )
    built = {path: path.removeprefix(folder) for path in found if path.startswith(folder)}
    named = {path: match.groups() for path, each in built.items() if (match := _BUNDLE.fullmatch(each))}
    manifests = {path: each for path, each in built.items() if _MANIFEST.fullmatch(each)}
    elders = {path for path, file in named.items() if file not in bundles}
    elders |= {path for path, each in manifests.items() if each != names[0]}

    def file(path: str) -> File:
        is_fixed = path in named or path in manifests or bool(re.search(fixed, path))
        return File(path, found[path], _headers(path, found, is_fixed=is_fixed), is_fixed)

    return Parcel(
        tuple(file(path) for path in found if path not in elders),
        tuple(file(path) for path in found if path in elders),
        pointer,
        tuple(names),
        sum(kind != "map" for kind, _ in bundles),
    )


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
    release = _planned(parcel, known, releases.pointer(parcel.pointer).release, name, revision)
    is_new = not release.is_complete
    if is_new:
        releases.write(release)  # before anything is compared: `prune` leaves what it names
    files = (*parcel.files, *(file for file in parcel.elders if file.path in release.elders))
    tags = {(path, fact.digest): fact.tag for each in reversed(known) for path, fact in each.all_files.items()}
    sent = _Sending(destination, files, release.all_files, tags, on_sent)
    sent.send()
    if is_new:
        release = release.completed(sent.facts)
        releases.write(release)
        releases.move_to(release, parcel.manifests if release.elders else ())
    return Deployed(release, sent.count, sent.size, tuple(sent.replaced), is_new)


def _planned(parcel: Parcel, known: Sequence[Release], current: str, name: str, revision: str) -> Release:
    """Return the release of *parcel*: if it has the same files, the *current* one or one that was interrupted.

    At a new destination pages of earlier builds are to find their bundles as well: nobody has brought these before.
    Raises DeploymentError.
    """
    elders = {} if any(release.is_complete for release in known) else _facts_of(parcel.elders)
    facts = _facts_of(parcel.files)
    release = Release(
        name, datetime.now(UTC), revision, parcel.pointer, parcel.manifests[0], parcel.bundles, facts, elders
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
        self.replaced = sorted(file.path for file in missing if file.path in listed and not file.is_fixed)
        self._on_sent(0, len(missing))
        for is_fixed in (True, False):
            self._send([file for file in missing if file.is_fixed is is_fixed], len(missing))
        if missing and (lost := self._missing(self._destination.listed())):
            raise DeploymentError(
                f"{self._destination.name} does not keep what it is sent: {lost[0].path!r} is another file there"
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


def _find_pointer(found: Mapping[str, Path]) -> tuple[str, list[str]]:
    """Return the path of the pointer among the files *found*, and the names of its manifests."""
    pointers: dict[str, list[str]] = {}
    for path in found:
        if path.rpartition("/")[2] == POINTER:
            try:
                pointers[path] = read_pointer(found[path])
            except ManifestError:  # of another tool
                continue
    if len(pointers) != 1:
        raise DeploymentError(
            f"there are {len(pointers)} manifests of Pressmark: {', '.join(pointers)}"
            if pointers
            else "there is no manifest: name the directory that `pressmark build --output` has written"
        )
    (path, names), *_ = pointers.items()
    if not names:
        raise DeploymentError(f"{found[path]} lists no manifest: build again")
    return path, names


def _found(sources: Sequence[tuple[Path, str]]) -> dict[str, Path]:
    """Return the files of *sources* by their paths at the destination. Raises DeploymentError."""
    found: dict[str, Path] = {}
    for folder, prefix in sources:
        if not folder.is_dir():
            raise DeploymentError(f"{str(folder)!r} is no directory")
        for path in paths_below(folder):
            if prefix + path in found:
                raise DeploymentError(f"both {found[prefix + path]} and {folder / path} go to {prefix + path!r}")
            found[prefix + path] = folder / path
    return found


def _folder(path: str) -> str:
    return f"{folder}/" if (folder := dirname(path)) else ""


def _bundles_of(manifest: Path) -> set[tuple[str, str]]:
    """Return the kinds and names of the files that the *manifest* names."""
    try:
        entries = read_manifest(manifest)
    except (OSError, ManifestError) as error:
        raise DeploymentError(f"the manifest cannot be read: {error}") from error
    return {(kind, name) for entry in entries.values() for kind, name in entry["files"]}


def _headers(path: str, others: Mapping[str, Path], *, is_fixed: bool) -> dict[str, str]:
    """Return the headers to send the file at *path* with; one beside its original may be a compressed form of it."""
    stem, dot, ending = path.rpartition(".")
    coding = _CODINGS.get(dot + ending) if stem in others else None
    kind = _TYPES.guess_type(stem if coding else path)[0] or "application/octet-stream"
    is_bundle = is_fixed and kind in _TEXTS
    encoded = {"Content-Encoding": coding} if coding else {}
    return {
        "Content-Type": f"{kind}; charset=utf-8" if is_bundle else kind,
        "Cache-Control": FOR_EVER if is_fixed else FOR_A_WHILE,
        **encoded,
    }
