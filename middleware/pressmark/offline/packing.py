"""Pack a release: all files of its directories, with the headers that they are to be sent with, and its manifest."""

import mimetypes
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname
from typing import NamedTuple, cast

from pressmark.errors import DeploymentError, ManifestError
from pressmark.model import FileKind
from pressmark.offline.destinations import hidden_below, paths_below
from pressmark.offline.manifest import read_manifest, read_pointer
from pressmark.offline.output import ENDINGS

POINTER = "manifest.json"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=60"
HASHED = r"\.(?=[0-9]*[a-f])[0-9a-f]{8,64}\.[^/]+$"
"""Paths that tell the content of their file: no other content will ever have them. Digits alone may be a date."""
_BUNDLE = re.compile(
    r"(?:(css|js|map|pack)/(?:[\w-]+\.)?([0-9a-f]{32})\.(?:css|js|map|pack)|js/([0-9a-f]{32})/[0-9]{1,5}\.js)"
    r"(?:\.br|\.zst|\.gz)?"
)
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

    *earlier_files* are files of earlier builds that lie beside its own, *left_out* the paths of hidden ones.
    """

    files: tuple[File, ...]
    earlier_files: tuple[File, ...]
    pointer: str
    manifests: tuple[str, ...]
    bundles: int
    left_out: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The folder of the pointer and of bundles, with a slash at its end unless it is the root."""
        return _folder(self.pointer)


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
    named = {path: _file(match) for path, each in built.items() if (match := _BUNDLE.fullmatch(each))}
    manifests = {path: each for path, each in built.items() if _MANIFEST.fullmatch(each)}
    earlier_files = {path for path, file in named.items() if file not in bundles}
    earlier_files |= {path for path, each in manifests.items() if each != names[0]}

    def file(path: str) -> File:
        is_fixed = path in named or path in manifests or bool(re.search(fixed, path))
        headers = _headers(path, found, is_fixed=is_fixed, is_bundle=path in named)
        return File(path, found[path], headers, is_fixed)

    return Parcel(
        tuple(file(path) for path in found if path not in earlier_files),
        tuple(file(path) for path in found if path in earlier_files),
        pointer,
        tuple(names),
        sum(kind in ("css", "js") for kind, _ in bundles),
        tuple(str(root / path) for root, _ in sources for path in hidden_below(root)),
    )


def is_built(path: str) -> bool:
    """Tell whether the file at *path* in the folder of a build is one of a build, by its name."""
    return bool(_BUNDLE.fullmatch(path) or _MANIFEST.fullmatch(path))


def named_file(path: str) -> tuple[FileKind, str] | None:
    """Return kind and name of the generated file at *path*, ``None`` for a compressed form and other files.

    What lies in a pack is none by itself.
    """
    found = _BUNDLE.fullmatch(path)
    if found is None or path.endswith(tuple(ENDINGS.values())) or found[3]:
        return None
    return _file(found)


def _file(found: re.Match[str]) -> tuple[FileKind, str]:
    """Return kind and name of the file that was *found*: a module in a pack is in that."""
    return ("pack", found[3]) if found[3] else (cast("FileKind", found[1]), found[2])


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
            source, there = folder / path, prefix + path
            if not source.is_file():
                raise DeploymentError(f"{str(source)!r} is no regular file")
            if not there.isprintable():
                raise DeploymentError(f"{str(source)!r} has a name with signs that no URL should have")
            if there in found and found[there].read_bytes() != source.read_bytes():
                raise DeploymentError(f"both {found[there]} and {source} go to {there!r}, and differ")
            found.setdefault(there, source)
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


def _headers(path: str, others: Mapping[str, Path], *, is_fixed: bool, is_bundle: bool) -> dict[str, str]:
    """Return the headers to send the file at *path* with; one beside its original may be a compressed form of it."""
    stem, dot, ending = path.rpartition(".")
    coding = _CODINGS.get(dot + ending) if stem in others else None
    kind = _TYPES.guess_type(stem if coding else path)[0] or "application/octet-stream"
    encoded = {"Content-Encoding": coding} if coding else {}
    return {
        "Content-Type": f"{kind}; charset=utf-8" if is_bundle and kind in _TEXTS else kind,
        "Cache-Control": FOR_EVER if is_fixed else FOR_A_WHILE,
        **encoded,
    }
