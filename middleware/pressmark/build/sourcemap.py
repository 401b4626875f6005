"""Say of every token of a bundle in which line and column of which source it was written (ECMA-426, source maps).

Joining keeps account of what it copies (``Trace``). Minifying is done by others, but it is proved that it keeps the
tokens, so the first token of what came out is the first of what went in, and so on.

The mappings of each source are made by themselves, once per content, and then joined. Nothing here makes a list of all
tokens, for the sake of the garbage collector.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from pressmark.build.verdicts import Verdicts, key_of
from pressmark.model import Kind, Stretch, Trace
from pressmark.syntax.js import ScriptError, Tokens
from pressmark.syntax.verify import css_places, css_skeleton

# What ends a line of generated code, by the language, and of a source in a person's editor.
_GENERATED_ENDS: dict[Kind, re.Pattern[str]] = {"css": re.compile(r"\n"), "js": re.compile("\r\n|[\n\r\u2028\u2029]")}
_SOURCE_ENDS = re.compile("\r\n|[\n\r]")
_WORDS = re.compile(r"\w+|[^\w\s]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_FIRST = re.compile(r"(;*)([^,;]+)")
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Joined:
    """A source in a bundle: what it said before the filters, where that comes from, and what it says now."""

    before: str
    trace: Trace
    after: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The mappings of one source as if it were all of the bundle; *last* is the last place of an origin in them."""

    mappings: str
    last: Sequence[int]


class _Token(NamedTuple):
    text: str
    start: int


class _Segment(NamedTuple):
    """Where a token is in the source as it is now, and in the origin of that number; -1 is none."""

    start: int
    origin: int
    offset: int


def source_map(kind: Kind, sources: Sequence[Joined], separator: str, verdicts: Verdicts) -> bytes:
    """Return the source map of the bundle in which *separator*, which ends a line, parts what *sources* say now."""
    ends = _GENERATED_ENDS[kind]
    pieces: list[str] = []
    known = (0, 0, 0)
    base = 0
    for source in sources:
        mapped = _mapped_once(kind, source, verdicts)
        pieces.append(_rebased(mapped.mappings, base, known))
        pieces.append(";" * (len(ends.findall(source.after + separator)) - len(ends.findall(source.after))))
        if mapped.mappings.strip(";"):
            known = (mapped.last[0] + base, mapped.last[1], mapped.last[2])
        base += len(source.trace.origins)
    origins = [origin for source in sources for origin in source.trace.origins]
    inline = count(1)
    result = {
        "version": 3,
        "sources": [origin.url or f"inline-{next(inline)}.{kind}" for origin in origins],
        "sourcesContent": [origin.text for origin in origins],
        "names": [],
        "mappings": "".join(pieces),
    }
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _mapped_once(kind: Kind, source: Joined, verdicts: Verdicts) -> Mapped:
    trace = source.trace
    origins = [origin.text for origin in trace.origins]
    key = key_of("mapped", kind, source.before, source.after, json.dumps(trace.stretches), *origins)
    mapped = verdicts.recall(key, Mapped)
    if mapped is None:
        after = _Lines(source.after, _GENERATED_ENDS[kind])
        mapped = _mapped(_segments(kind, source), after, [_Lines(text, _SOURCE_ENDS) for text in origins])
        verdicts.keep(key, mapped)
    return mapped


def _segments(kind: Kind, source: Joined) -> Iterator[_Segment]:
    """Yield a segment for each token, and for each line that begins inside of one."""
    stretches = source.trace.stretches
    starts = [stretch.start for stretch in stretches]
    for place, token in _pairs(kind, source):
        for inner in (0, *(found.end() for found in _GENERATED_ENDS[kind].finditer(token.text))):
            position = token.start + inner
            yield _segment(place + inner, position, stretches[bisect_right(starts, position) - 1])


def _segment(place: int, position: int, stretch: Stretch) -> _Segment:
    return _Segment(place, stretch.origin, stretch.offset + stretch.step * (position - stretch.start))


def _pairs(kind: Kind, source: Joined) -> Iterator[tuple[int, _Token]]:
    """Yield the place of each token in what the source says now, and the token as it was before the filters.

    Nothing from where a filter has made other tokens.
    """
    if source.before == source.after:
        yield from ((found.start(), _Token(found[0], found.start())) for found in _WORDS.finditer(source.before))
        return
    read = _sheet_tokens if kind == "css" else _script_tokens
    after = read(source.after)
    try:
        for before in read(source.before):
            token = next(after, None)
            if token is None or token.text != before.text:
                return
            yield token.start, before
    except ScriptError:  # where tokens alone do not tell, nothing has been minified
        return


def _sheet_tokens(text: str) -> Iterator[_Token]:
    return (token for token in map(_Token, css_skeleton(text), css_places(text)) if token.text != " ")


def _script_tokens(text: str) -> Iterator[_Token]:
    return (_Token(token.text, token.start) for token in Tokens(text))


class _Lines:
    """Lines and columns in *text*, both from 0; columns count UTF-16 code units (ECMA-426, 5.3)."""

    def __init__(self, text: str, ends: re.Pattern[str]) -> None:
        self._starts = [0, *(found.end() for found in ends.finditer(text))]
        self._astral = [found.start() for found in _ASTRAL.finditer(text)]
        self._length = len(text)
        self.count = len(self._starts)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of the character at *offset*."""
        offset = min(offset, self._length)  # what the end of a file closes by itself stands there
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if not self._astral:
            return line, offset - start
        return line, offset - start + bisect_right(self._astral, offset - 1) - bisect_right(self._astral, start - 1)


def _mapped(segments: Iterable[_Segment], after: _Lines, origins: Sequence[_Lines]) -> Mapped:
    """Return *segments* as differences from one to the next, a line for each of *after* (ECMA-426, 9.2)."""
    lines: list[list[str]] = [[] for _ in range(after.count)]
    number = column = 0
    known = (0, 0, 0)
    is_mapped = False
    for segment in segments:
        line, start = after.place(segment.start)
        if line != number:
            number, column, is_mapped = line, 0, False
        if segment.origin >= 0:
            place = (segment.origin, *origins[segment.origin].place(segment.offset))
            lines[line].append(_vlq(start - column, *_differences(place, known)))
            column, known, is_mapped = start, place, True
        elif is_mapped:  # ends the one before
            lines[line].append(_vlq(start - column))
            column, is_mapped = start, False
    return Mapped(";".join([",".join(line) for line in lines]), known)


def _rebased(mappings: str, base: int, known: tuple[int, int, int]) -> str:
    """Return *mappings* to stand behind others, which end at *known* and name *base* origins."""
    found = _FIRST.match(mappings)
    if not found:
        return mappings
    column, *place = _numbers(found[2])
    first = _vlq(column, *_differences((place[0] + base, place[1], place[2]), known))
    return found[1] + first + mappings[found.end() :]


def _differences(new: tuple[int, int, int], old: tuple[int, int, int]) -> tuple[int, int, int]:
    return new[0] - old[0], new[1] - old[1], new[2] - old[2]


def _vlq(*numbers: int) -> str:
    """Return *numbers* in Base64 VLQ: five bits a digit, the lowest first, with the sign before them."""
    text = ""
    for number in numbers:
        rest = number << 1 if number >= 0 else (-number << 1) | 1
        while rest > 31:
            text += _BASE64[rest & 31 | 32]
            rest >>= 5
        text += _BASE64[rest]
    return text


def _numbers(text: str) -> list[int]:
    """Return what ``_vlq`` has written."""
    numbers: list[int] = []
    rest = shift = 0
    for digit in map(_BASE64.index, text):
        rest |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(-(rest >> 1) if rest & 1 else rest >> 1)
            rest = shift = 0
    return numbers
