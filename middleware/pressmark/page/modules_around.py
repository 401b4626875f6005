"""Find in a whole page what bears on the modules of its regions (HTML 8.1.5.2): maps, other modules, code that asks.

All is found by patterns, and what looks like a script counts as one: a doubt only leaves modules as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from pressmark.model import ModulesAround, Region, Text
from pressmark.page.elements import read_tag
from pressmark.page.html_grammar import ATTRIBUTES

_NAME_END = rb"(?=[\t\n\f\r />])"
_TYPE = re.compile(rb"""\btype\s*=\s*["']?\s*(?:module|importmap)\s*["'\s/>]""", re.IGNORECASE)
_START = re.compile(rb"<!--|<(?:script|link)(?=[\t\n\f\r />])", re.IGNORECASE)
_SCRIPT_START = re.compile(rb"<script(?=[\t\n\f\r />])", re.IGNORECASE)
_SCRIPT_END = re.compile(rb"</script(?=[\t\n\f\r />])", re.IGNORECASE)
MAX_TAG_BYTES = 1 << 10
"""A longer tag counts as none."""
MAX_SCRIPTS = 1000
"""A region of more has no modules."""
_TAG = re.compile(rb"<[a-z]+" + ATTRIBUTES + rb">", re.IGNORECASE)
_IMPORTS = re.compile(rb"\bimport\s*\(")
# What a static or dynamic import with a literal asks for; other words between these two are no harm.
_ASKED = re.compile(rb"""\b(?:import|from)\s*(?:\(\s*)?(?:"([^"\n]+)"|'([^'\n]+)'|`([^`$\n]+)`)""")
_SCRIPTS = (
    rb"""(?:document\s*\.\s*scripts\b|getElementsByTagName\(\s*["']script["']\s*\)"""
    rb"""|querySelectorAll\(\s*["'`][^"'`\n]{0,200}\bscript\b[^"'`\n]{0,200}["'`]\s*\))"""
)
LOOKS_FOR_SCRIPTS = "looks for scripts"
LOOKS = re.compile(_SCRIPTS, re.IGNORECASE)
"""Code that looks for the scripts of a page, and would find an import map."""
_COUNTS = re.compile(
    _SCRIPTS + rb"""(?:\s*\.\s*(?:length|item)\b|\s*\[|[^;\n]{0,60}\.length\b)|\bscript\s*:(?:nth|first|last|only)-""",
    re.IGNORECASE,
)
MAKES = re.compile(rb"createElement\(\s*[\"'`]script[\"'`].{0,400}?[\"'`]module[\"'`]", re.DOTALL)
"""Code that makes elements of modules."""
SAID = (
    ("asks import.meta.resolve", re.compile(rb"import\s*\.\s*meta\s*\.\s*resolve")),
    ("registers a service worker", re.compile(rb"\bserviceWorker\b")),
    ("counts scripts", _COUNTS),
    ("makes elements of modules", MAKES),
    (LOOKS_FOR_SCRIPTS, LOOKS),
)


def has_modules(body: bytes) -> bool:
    """Tell whether the *body* of a region may hold a module or an import map."""
    lowered = body.lower()
    if b"<script" not in lowered or (b"module" not in lowered and b"importmap" not in lowered):
        return False
    starts = list(islice(_SCRIPT_START.finditer(body), MAX_SCRIPTS + 1))
    return len(starts) <= MAX_SCRIPTS and any(_TYPE.search(_tag(body, each.start())) for each in starts)


def _tag(raw: bytes, start: int) -> bytes:
    """Return the tag that begins at *start*, or what may be one, as far as it is looked at."""
    tag = _TAG.match(raw, start, start + MAX_TAG_BYTES)
    return tag[0] if tag else raw[start : start + MAX_TAG_BYTES].partition(b">")[0]


class _Token(NamedTuple):
    """A start tag of a script or link; of a script its text, and *raw*, all of it."""

    tag: bytes
    text: bytes | None
    raw: bytes


def _tokens(raw: bytes) -> Iterator[_Token]:
    """Yield the scripts and links in *raw*, but for those in comments. Each byte is looked at once."""
    position = 0
    while found := _START.search(raw, position):
        position = found.end()
        if found[0] == b"<!--":
            position = raw.find(b"-->", position) + 3
            if position < 3:
                return
            continue
        tag = _TAG.match(raw, found.start(), found.start() + MAX_TAG_BYTES)
        if tag is None:
            continue
        position = tag.end()
        if found[0].lower() == b"<link":
            yield _Token(tag[0], None, tag[0])
            continue
        end = _SCRIPT_END.search(raw, position)
        if end is None:
            return
        close = raw.find(b">", end.end()) + 1 or end.end()
        yield _Token(tag[0], raw[position : end.start()], raw[tag.start() : close])
        position = close


@dataclass(slots=True)
class _Reader:
    bodies: list[bytes] = field(default_factory=list)
    bars: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    asked: dict[str, None] = field(default_factory=dict)
    said: dict[str, None] = field(default_factory=dict)
    maps: list[bytes] = field(default_factory=list)

    def read(self, raw: bytes, *, is_region: bool) -> None:
        """Read a part of the page; *is_region* if it is one with modules."""
        own: list[bytes] = []
        for token in _tokens(raw):
            if token.text is None:
                self._read_link(token.tag, is_region=is_region)
            elif self._read_script(token.tag, token.text, is_region=is_region, is_first=not own):
                own.append(token.raw)
        if is_region:
            self.bodies.append(b"".join(own))

    def _read_link(self, tag: bytes, *, is_region: bool) -> None:
        if (
            b"modulepreload" not in tag.lower()
            or "modulepreload" not in read_tag(tag, "latin-1").get("rel", "").lower()
        ):
            return
        if is_region:
            self.bars.append("the region holds a modulepreload")
        elif not self.bodies:
            self.bars.append("a modulepreload stands before the region")

    def _read_script(self, tag: bytes, text: bytes, *, is_region: bool, is_first: bool) -> bool:
        """Read a script; tell whether it is a module or map of a region."""
        attrs = {name: _decoded(value) for name, value in read_tag(tag + b"</script>", "latin-1").items()}
        said = attrs.get("type", "").lower()
        type_ = said.strip()
        if said != type_ and type_ in ("module", "importmap"):  # which not all browsers take for one
            self.bars.append(f"there is a script of the type {said!r}")
        is_early = not self.bodies and not (is_region and not is_first)
        if type_ in ("module", "importmap") and is_region:
            self._note(text if "src" not in attrs else b"", is_module=type_ == "module")
            return True
        if type_ == "importmap":
            if is_early:
                self.bars.append("an import map stands before the region: move it into the region")
            else:
                self.maps.append(text)
            return False
        if type_ == "module":
            if is_early:
                self.bars.append("a module stands before the region: move it into the region")
            if "src" in attrs or "href" in attrs:  # the second in an svg
                self.modules += [attrs[name] for name in ("src", "href") if name in attrs]
            else:
                self._note(text, is_module=True)
            return False
        if "src" in attrs:
            (self.early if is_early else self.scripts).append(attrs["src"])
        elif is_early and _IMPORTS.search(text):
            self.bars.append("code before the region may call import()")
        self._note(text, is_module=False)
        return False

    def _note(self, text: bytes, *, is_module: bool) -> None:
        if is_module or b"import" in text:
            self.asked |= {
                (found[1] or found[2] or found[3]).decode("utf-8", "replace"): None for found in _ASKED.finditer(text)
            }
        self.said |= {what: None for what, pattern in SAID if pattern.search(text)}


def with_modules_around(events: tuple[Text | Region, ...]) -> tuple[Text | Region, ...]:
    """Return the *events* of a whole page, its regions with modules with what is around these."""
    if not any(isinstance(event, Region) and event.has_modules for event in events):
        return events
    reader = _Reader()
    name = next(event.name for event in events if isinstance(event, Region) and event.has_modules)
    for event in events:
        is_region = isinstance(event, Region) and event.has_modules
        reader.read(event.body if isinstance(event, Region) else event.raw, is_region=is_region)
    found = ModulesAround(
        tuple(reader.bodies), 0, tuple(dict.fromkeys(reader.bars)), tuple(reader.early), tuple(reader.scripts),
        tuple(reader.modules), tuple(reader.asked), tuple(reader.said), tuple(reader.maps), name,
    )  # fmt: skip
    numbers = iter(range(len(found.bodies)))
    return tuple(
        replace(event, around=replace(found, number=next(numbers)))
        if isinstance(event, Region) and event.has_modules
        else event
        for event in events
    )


def without_modules_around(events: tuple[Text | Region, ...]) -> tuple[Text | Region, ...]:
    """Return *events* as those of a page that is not all there."""
    if not any(isinstance(event, Region) and event.around for event in events):
        return events
    return tuple(replace(event, around=None) if isinstance(event, Region) else event for event in events)


def _decoded(value: str) -> str:
    """Return the *value* of an attribute that was read as Latin-1 as what it is in UTF-8, if it is that."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
