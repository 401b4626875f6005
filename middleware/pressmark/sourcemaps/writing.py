"""Write the source map of a bundle: for every token its source, line and column there (ECMA-426, source maps).

Joining records the origin of each copied text (``Trace``). Minifying is done by other code, but it is proved that it
keeps the tokens: so the first token of its output is the first of its input, and so on.

The mappings of each source are made separately, once per content, and then joined. No list of all tokens is made here,
to spare the garbage collector.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import starmap
from typing import NamedTuple

from pressmark.model import Kind, Span, Trace
from pressmark.syntax.js_tokens import ScriptError, Tokens
from pressmark.syntax.mappings import GENERATED_ENDS, SOURCE_ENDS, Lines, numbers_in, vlq
from pressmark.syntax.verify import css_tokens
from pressmark.verdicts.analyses import Analyses, key_of

_WORDS = re.compile(r"\w+|[^\w\s]")
_FIRST = re.compile(r"(;*)([^,;]+)")


@dataclass(frozen=True, slots=True)
class Joined:
    """A source in a bundle: its text before the filters, the trace of that, and its text after them."""

    before: str
    trace: Trace
    after: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The mappings of one source as if it were all of the bundle.

    *last* is the origin, line and column of the last one.
    """

    mappings: str
    last: Sequence[int]


class _OtherTokensError(Exception):
    """The tokens of a source are not those that it had before the filters."""


class _Token(NamedTuple):
    text: str
    start: int


class _Segment(NamedTuple):
    """The offsets of a token in the filtered source and in its origin, by the origin's number; -1 for no origin."""

    start: int
    origin: int
    offset: int


def source_map(kind: Kind, sources: Sequence[Joined], separator: str, analyses: Analyses) -> bytes:
    """Return the source map of the bundle in which *separator*, which ends a line, parts the filtered *sources*."""
    ends = GENERATED_ENDS[kind]
    pieces: list[str] = []
    gap = ""
    known = (0, 0, 0)
    base = 0
    for source in sources:
        mapped = _mapped_once(kind, source, analyses)
        pieces += [gap, _rebased(mapped.mappings, base, known)]
        gap = ";" * (len(ends.findall(source.after + separator)) - len(ends.findall(source.after)))
        if mapped.mappings.strip(";"):
            known = (mapped.last[0] + base, mapped.last[1], mapped.last[2])
        base += len(source.trace.origins)
    origins = [origin for source in sources for origin in source.trace.origins]
    result = {
        "version": 3,
        "sources": [origin.url or _inline_name(kind, origin.text) for origin in origins],
        "sourcesContent": [origin.text for origin in origins],
        "names": [],
        "mappings": "".join(pieces),
    }
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def followed(kind: Kind, source: Joined) -> Trace:
    """Return the trace of *source* after the filters; of nothing if they have made other tokens."""
    try:
        found = [Span(each.start, each.origin, each.offset, int(each.origin >= 0)) for each in _segments(kind, source)]
    except _OtherTokensError:
        found = []
    return Trace(source.trace.origins, tuple(found) or (Span(0, -1, 0, 0),))


def _inline_name(kind: Kind, text: str) -> str:
    """Return a name for inline code that changes with its text: developer tools take equal names for one file."""
    return f"inline-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}.{kind}"


def _mapped_once(kind: Kind, source: Joined, analyses: Analyses) -> Mapped:
    trace = source.trace
    origins = [origin.text for origin in trace.origins]
    key = key_of("mapped", kind, source.before, source.after, json.dumps(trace.spans), *origins)
    mapped = analyses.read(key, Mapped)
    if mapped is None:
        after = Lines(source.after, GENERATED_ENDS[kind])
        try:
            mapped = _mapped(_segments(kind, source), after, [Lines(text, SOURCE_ENDS) for text in origins])
        except _OtherTokensError:
            mapped = Mapped(";" * (after.count - 1), (0, 0, 0))
        analyses.write(key, mapped)
    return mapped


def _segments(kind: Kind, source: Joined) -> Iterator[_Segment]:
    """Yield a segment for each token, and for each line that begins inside a token."""
    spans = source.trace.spans
    starts = [span.start for span in spans]
    for now, token in _pairs(kind, source):
        for inner in (0, *(found.end() for found in GENERATED_ENDS[kind].finditer(token.text))):
            position = token.start + inner
            yield _segment(now + inner, position, spans[bisect_right(starts, position) - 1])


def _segment(now: int, position: int, span: Span) -> _Segment:
    return _Segment(now, span.origin, span.offset + span.step * (position - span.start))


def _pairs(kind: Kind, source: Joined) -> Iterator[tuple[int, _Token]]:
    """Yield the offset of each token in the filtered source, and the token as it was before the filters.

    Raises _OtherTokensError if a filter has made other tokens and gives no source map.
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
                raise _OtherTokensError
            yield token.start, before
        if next(after, None) is not None:
            raise _OtherTokensError
    except ScriptError as error:  # our own filters leave a script alone that cannot be read by tokens alone
        raise _OtherTokensError from error


def _sheet_tokens(text: str) -> Iterator[_Token]:
    return starmap(_Token, css_tokens(text))


def _script_tokens(text: str) -> Iterator[_Token]:
    return (_Token(token.text, token.start) for token in Tokens(text) if token.kind != "end")


def _mapped(segments: Iterable[_Segment], after: Lines, origins: Sequence[Lines]) -> Mapped:
    """Return the mappings of *segments*: differences from one to the next, by the lines of *after* (ECMA-426, 9.2)."""
    lines: list[list[str]] = [[] for _ in range(after.count)]
    number = column = 0
    known = (0, 0, 0)
    is_mapped = False
    for segment in segments:
        line, start = after.line_and_column(segment.start)
        if line != number:
            number, column, is_mapped = line, 0, False
        if segment.origin >= 0:
            point = (segment.origin, *origins[segment.origin].line_and_column(segment.offset))
            lines[line].append(vlq(start - column, *_differences(point, known)))
            column, known, is_mapped = start, point, True
        elif is_mapped:  # ends the one before
            lines[line].append(vlq(start - column))
            column, is_mapped = start, False
    return Mapped(";".join([",".join(line) for line in lines]), known)


def _rebased(mappings: str, base: int, known: tuple[int, int, int]) -> str:
    """Return *mappings* as they follow others, which end at *known* and name *base* origins."""
    found = _FIRST.match(mappings)
    if not found:
        return mappings
    column, *point = numbers_in(found[2])
    first = vlq(column, *_differences((point[0] + base, point[1], point[2]), known))
    return found[1] + first + mappings[found.end() :]


def _differences(new: tuple[int, int, int], old: tuple[int, int, int]) -> tuple[int, int, int]:
    return new[0] - old[0], new[1] - old[1], new[2] - old[2]
