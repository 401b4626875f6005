"""Crush many images in parallel, each but once, and put each result in the place of its file as a whole."""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from pressmark.images.crushing import KINDS, MAX_BYTES, Crushed, crush
from pressmark.verdicts.analyses import Analyses, key_of

_UNFINISHED = re.compile(r"\.\d+-[0-9a-f]{8}\.pressmark")
_UNFINISHED_S = 3600.0
"""Seconds after which the file of a run that was killed is nobody's any more."""
CHUNK, CHUNK_BYTES = 200, 64 << 20
"""How many images are in memory at once, and about how many bytes of them."""
_NO_IMAGES = frozenset(("node_modules", "__pycache__"))


class Found(NamedTuple):
    """An image at *path*, which lies at *below* in the folder that was given."""

    path: Path
    below: Path


class Result(NamedTuple):
    """What came of the image at *path*: its sizes in bytes, and why it was left alone, "" if it was not.

    It *has_failed* if it could not be read or written.
    """

    path: Path
    kind: str
    before: int
    after: int
    reason: str = ""
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """An image is as small as can be, or was left alone for a *reason*. Kept under the hash of its content."""

    reason: str = ""


class _Waiting(NamedTuple):
    """An image with its content, and the key under which it is kept what was done to it."""

    image: Found
    content: bytes
    key: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The work on images, on *jobs* processors. With *strips* metadata goes, too. *analyses* know what was done before.

    *put* gets each image and its new content, ``None`` if it stays as it is.
    """

    analyses: Analyses
    put: Callable[[Found, bytes, bytes | None], None]
    jobs: int
    strips: bool = False

    def run(self, images: Sequence[Found]) -> Iterator[Result]:
        """Yield the result of each image as it comes. Blocks."""
        for some in _chunks(images):
            waiting: list[_Waiting] = []
            for image in some:
                try:
                    content = _read(image.path)
                except OSError as error:
                    yield Result(
                        image.path,
                        KINDS[image.path.suffix.lower()].name,
                        0,
                        0,
                        error.strerror or str(error),
                        has_failed=True,
                    )
                    continue
                key = self._key(image, content)
                known = self.analyses.read(key, Done)
                if known is None:
                    waiting.append(_Waiting(image, content, key))
                else:
                    yield self._finished(_Waiting(image, content, key), Crushed(None, known.reason))
            yield from self._crushed(waiting)

    def _key(self, image: Found, content: bytes) -> str:
        return key_of("image 1", KINDS[image.path.suffix.lower()].key, str(self.strips), content)

    def _crushed(self, waiting: Sequence[_Waiting]) -> Iterator[Result]:
        lost: list[_Waiting] = []
        for work, crushed in _in_parallel(waiting, self.jobs, strips=self.strips):
            if crushed is not None:
                yield self._finished(work, crushed)
            elif len(waiting) == 1:
                yield _result(work, Crushed(None, "it has ended the tool's process"))
            else:
                lost.append(work)
        for work in lost:  # alone: one of them has ended the process of all
            yield from self._crushed([work])

    def _finished(self, work: _Waiting, crushed: Crushed) -> Result:
        try:
            self.put(work.image, work.content, crushed.content)
        except OSError as error:
            return _result(work, Crushed(None, error.strerror or str(error)))._replace(has_failed=True)
        if crushed.content is None:
            self.analyses.write(work.key, Done(crushed.reason))
        else:  # the same again would hardly gain more
            self.analyses.write(self._key(work.image, crushed.content), Done())
        return _result(work, crushed)


def _chunks(images: Iterable[Found]) -> Iterator[list[Found]]:
    """Yield *images* in parts that fit into memory."""
    chunk, size = list[Found](), 0
    for image in images:
        with suppress(OSError):  # it is told later
            size += image.path.stat().st_size
        chunk.append(image)
        if len(chunk) == CHUNK or size > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _read(path: Path) -> bytes:
    """Return the content of the file at *path*. Raises OSError, also for one that would not fit."""
    if path.stat().st_size > MAX_BYTES:
        raise OSError(f"it has more than {MAX_BYTES >> 20} MiB")
    return path.read_bytes()


def _in_parallel(waiting: Sequence[_Waiting], jobs: int, *, strips: bool) -> Iterator[tuple[_Waiting, Crushed | None]]:
    """Yield what comes of each image, ``None`` if the process that worked on it or on another has ended."""
    if not waiting:
        return
    # Not forked: this process may have threads.
    pool = ProcessPoolExecutor(min(jobs, len(waiting)), get_context("spawn"))
    try:
        futures = {pool.submit(_crush, each.content, each.image.path.suffix, strips): each for each in waiting}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                yield futures[future], None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _crush(content: bytes, ending: str, strips: bool) -> Crushed:  # in another process
    return crush(content, ending, strips=strips)


def _result(work: _Waiting, crushed: Crushed) -> Result:
    path, before = work.image.path, len(work.content)
    after = before if crushed.content is None else len(crushed.content)
    return Result(path, KINDS[path.suffix.lower()].name, before, after, crushed.reason)


def is_image(path: Path) -> bool:
    """Tell whether *path* is that of an image which may become smaller, by its name."""
    return path.suffix.lower() in KINDS


def find_images(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield the images at *paths*, files or folders, each once; not behind links, nor in hidden folders.

    Raises ValueError for a file that is no image by its name, and for a link.
    """
    seen = set[Path]()
    for path in paths:
        if not path.is_dir() and not is_image(path):
            *most, last = KINDS
            raise ValueError(f"{path} is no {', '.join(most)} or {last}")
        if path.is_symlink() and not path.is_dir():
            raise ValueError(f"{path} is a link; name the file that it leads to")
        for found in _below(path) if path.is_dir() else (Found(path, Path(path.name)),):
            whole = found.path.resolve()
            if whole not in seen:
                seen.add(whole)
                yield found


def _below(folder: Path) -> Iterator[Found]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NO_IMAGES)
        for name in sorted(files):
            path = Path(root, name)
            if is_image(path) and not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield Found(path, path.relative_to(folder))


def replace_file(image: Found, before: bytes, after: bytes | None) -> None:
    """Put *after* in the place of an image's file, which holds *before*, as a whole: at no time is there half of one.

    Raises OSError, also if the file has another content by now.
    """
    if after is not None:
        if image.path.read_bytes() != before:
            raise OSError(f"{image.path} was written meanwhile")
        write_whole(image.path, after, like=image.path)


def write_whole(path: Path, content: bytes, *, like: Path) -> None:
    """Write the file at *path* as a whole, with the permissions of the file *like*. Raises OSError."""
    _remove_unfinished(path)
    digest = sha256(os.fsencode(path.name)).hexdigest()[:8]  # the name itself may be as long as may be
    unfinished = path.with_name(f".{os.getpid()}-{digest}.pressmark")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        status = like.stat()
        unfinished.chmod(status.st_mode & 0o7777)
        with suppress(OSError, AttributeError):  # only root may give files away
            os.chown(unfinished, status.st_uid, status.st_gid)
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _remove_unfinished(path: Path) -> None:
    """Remove what runs that were killed have left beside the file at *path*."""
    for old in path.parent.glob(".*.pressmark"):
        with suppress(OSError):  # it has gone meanwhile
            if _UNFINISHED.fullmatch(old.name) and time.time() - old.stat().st_mtime > _UNFINISHED_S:
                old.unlink()
