"""Shorten SVG files: comments, the data of editors, and longer spellings of numbers, colours and paths.

What scripts, stylesheets and readers may look for stays: names, groups, titles, metadata. A file in which something
moves or runs is left alone, as no one picture shows all that it does.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

import resvg_py
import svgo
from PIL import Image

_LEFT_ALONE = re.compile(
    r"<(?:\w+:)?(?:script|animate\w*|set|foreignObject)\b|\son\w+\s*=|@keyframes|@media|\banimation\b|javascript:",
    re.IGNORECASE,
)
# What is drawn elsewhere, at another time, or by fonts that this machine may lack: no picture tells what it looks like.
_UNSEEN = re.compile(
    r"<(?:\w+:)?(?:symbol|glyph|missing-glyph|font|defs|marker|pattern|mask|clipPath|text|tspan|view|switch|image)\b"
    r"|:target|\b(?:display|visibility|opacity|media)\b",
    re.IGNORECASE,
)
_MAX_USES = 20
"""Uses of uses can make any number of shapes."""
_DECLARED_ENCODING = re.compile(r"\A\s*<\?xml[^>]*\bencoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_USE = re.compile(r"<(?:\w+:)?use\b", re.IGNORECASE)
_SPELLING = ("removeDoctype", "removeXMLProcInst", "removeComments", "removeEditorsNSData", "cleanupAttrs")
_NUMBERS = ("cleanupNumericValues", "convertColors", "convertTransform", "convertPathData")
_PRECISIONS = (3, 5, 8)
"""Digits behind the point, the shortest form first."""
_SIDES = (100, 400, 1200)
"""The pixels of the longer side of a drawing that is drawn, to be compared."""


def shorten(content: bytes, *, strips: bool) -> bytes:
    """Return the shortest form of an SVG file that draws the same, or *content* itself.

    Raises ValueError for a file that may not be changed.
    """
    text = content.decode("utf-8-sig")
    if _DECLARED_ENCODING.match(text):
        raise ValueError("it is in another encoding than UTF-8")
    if "<!ENTITY" in text:
        raise ValueError("it declares entities")
    if _LEFT_ALONE.search(text):
        raise ValueError("something moves or runs in it")
    if len(_USE.findall(text)) > _MAX_USES:
        raise ValueError("it uses its shapes too often")
    drawn = list(_drawn(text))
    names = _names(text, strips=strips)
    for shorter in _shorter(text, strips=strips):
        raw = shorter.encode("utf-8")
        if len(raw) < len(content) and _names(shorter, strips=strips) == names and list(_drawn(shorter)) == drawn:
            return raw
    return content


def _shorter(text: str, *, strips: bool) -> Iterator[str]:
    """Yield shorter forms of *text*, the shortest first."""
    always = (*_SPELLING, *(("removeMetadata",) if strips else ()))
    for precision in _PRECISIONS if not _UNSEEN.search(text) else ():
        yield _by_svgo(text, [*always, *_NUMBERS], precision)
    yield _by_svgo(text, list(always), _PRECISIONS[-1])


def _by_svgo(text: str, plugins: list[str], precision: int) -> str:
    made = svgo.optimize(text, {"floatPrecision": precision, "plugins": plugins})
    return str(made["data"])


def _names(text: str, *, strips: bool) -> list[tuple[object, ...]]:
    """Return what others may look for: elements in their order with their names, and all text."""
    found: list[tuple[object, ...]] = []
    for element in ElementTree.fromstring(text).iter():  # noqa: S314  # expat bounds entities, and there are none
        tag = str(element.tag).rpartition("}")[2]
        namespace = str(element.tag).partition("}")[0]
        if ("svg" in namespace or "}" not in str(element.tag)) and not (strips and tag == "metadata"):
            named = {
                name: element.get(name) for name in ("id", "class", "role", "aria-label", "lang") if element.get(name)
            }
            words = (element.text or "").split() if tag not in ("svg", "g", "defs") else []
            found.append((tag, sorted(named.items()), words))
    return found


def _drawn(text: str) -> Iterator[bytes]:
    """Yield the pixels of the drawing in several sizes. Raises ValueError if it cannot be drawn."""
    for side in _SIDES:
        png = resvg_py.svg_to_bytes(svg_string=text, width=side, height=side)
        with Image.open(BytesIO(bytes(png))) as image:
            yield repr(image.size).encode() + image.convert("RGBA").tobytes()
