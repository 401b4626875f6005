"""Tell whether two image files show the same picture: all pixels of all frames, and all that bears on how they look."""

from array import array
from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest
from typing import Any

import png
from PIL import Image, ImageSequence

# What a browser heeds beside pixels: colour, orientation, and how frames follow each other.
_FACTS = ("icc_profile", "gamma", "chromaticity", "srgb", "loop", "default_image")
_ORIENTATION = 0x0112
_RESOLUTIONS, _USUAL_DPI = (0x011A, 0x011B), 72
_DEPTH_AT, _DEEP = 24, 16
_FULL = 0xFFFF // 0xFF
_GREY_OR_COLOUR = frozenset(("1", "L", "LA", "P", "PA", "RGB", "RGBA"))


def difference(before: bytes, after: bytes) -> str:
    """Return what differs between two images, "" if they show the same. Raises OSError for what cannot be decoded."""
    with Image.open(BytesIO(before)) as one, Image.open(BytesIO(after)) as other:
        for name, mine, theirs in zip(
            ("format", "size", *_FACTS, "orientation"), _facts(one), _facts(other), strict=True
        ):
            if mine != theirs:
                return f"{name} would be another"
        for number, (mine, theirs) in enumerate(zip_longest(_frames(one), _frames(other))):
            if mine != theirs:
                return f"frame {number} would look different" if number else "it would look different"
    return ""


def deep_difference(before: bytes, after: bytes) -> str:
    """Return the same for two PNG files, by pixels of 16 bits a channel, of which ``difference`` sees but eight."""
    one, other = _deep_rows(before), _deep_rows(after)
    return "" if all(mine == theirs for mine, theirs in zip_longest(one, other)) else "it would look different"


def _deep_rows(content: bytes) -> Iterator["array[int]"]:
    """Yield the rows of a PNG as red, green, blue and opacity of each pixel, in 16 bits."""
    _, _, rows, facts = png.Reader(bytes=content).asRGBA()
    scale = 1 if facts["bitdepth"] == _DEEP else _FULL
    return (array("H", (value * scale for value in row)) for row in rows)


def is_deep(content: bytes) -> bool:
    """Tell whether a PNG has 16 bits a channel (W3C PNG 11.2.1)."""
    return content[_DEPTH_AT] == _DEEP


def has_shown_exif(content: bytes) -> bool:
    """Tell whether EXIF says how an image is shown: how it is turned, or how large (HTML 4.8.4.3)."""
    with Image.open(BytesIO(content)) as image:
        exif = image.getexif()
        return exif.get(_ORIENTATION, 1) != 1 or any(exif.get(tag, _USUAL_DPI) != _USUAL_DPI for tag in _RESOLUTIONS)


def _facts(image: Any) -> tuple[Any, ...]:
    found = (image.info.get(name) for name in _FACTS)
    return (image.format, image.size, *found, image.getexif().get(_ORIENTATION, 1))


def _frames(image: Any) -> Iterator[tuple[object, ...]]:
    """Yield each frame: how long it is shown, and its pixels.

    Those of a transparent pixel count though they are hidden, as a script may see them; a GIF has none.
    """
    for frame in ImageSequence.Iterator(image):
        mode = "RGBA" if frame.mode in _GREY_OR_COLOUR else frame.mode
        pixels = frame if frame.mode == mode else frame.convert(mode)
        if image.format == "GIF":
            pixels = Image.composite(pixels, Image.new(mode, pixels.size), pixels.getchannel("A"))
        yield mode, frame.info.get("duration"), frame.size, pixels.tobytes()
