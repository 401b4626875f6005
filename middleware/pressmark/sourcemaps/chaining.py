"""Follow a compiled text back to its sources, by the source map that the compiler gives (ECMA-426)."""

import json
from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import urljoin

from pressmark.model import Origin, Span, Trace
from pressmark.syntax.mappings import SOURCE_ENDS, Lines, Mapping, read_mappings

_GIVEN = -1
"""The number of the text that the compiler was given; other files that it has read are origins of their own."""
_start_of = attrgetter("start")


class _Source(NamedTuple):
    number: int
    lines: Lines


def remapped(source_map: str, url: str, before: str, trace: Trace, after: str) -> Trace:
    """Return the trace of *after*, which a compiler has made of *before*, the file at *url*.

    *trace* is that of *before*. Other files that the compiler has read are followed if *source_map* holds their text.
    Raises ValueError for a text that is no source map.
    """
    origins = list(trace.origins)
    try:
        found = json.loads(source_map)
        sources = _sources(found, url, before, origins)
        made = Lines(after, SOURCE_ENDS)
        spans = [
            _span(made.offset(mapping.line, mapping.column), mapping, sources, trace)
            for mapping in read_mappings(found["mappings"])
        ]
    except (AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
        raise ValueError(f"the source map of {url!r} is malformed: {error!r}") from error
    return Trace(tuple(origins), (Span(0, -1, 0, 0), *sorted(spans, key=_start_of)))


def _sources(found: dict[str, object], url: str, before: str, origins: list[Origin]) -> list[_Source | None]:
    """Return the sources of a map, ``None`` for one whose text it does not hold. Adds to *origins*."""
    names = [urljoin(url, f"{found.get('sourceRoot') or ''}{name}") for name in found["sources"]]  # type: ignore[attr-defined]
    texts: Sequence[str | None] = found.get("sourcesContent") or [None] * len(names)  # type: ignore[assignment]
    sources: list[_Source | None] = []
    for name, text in zip(names, [before] if len(names) == 1 else texts, strict=True):
        if text is None:
            sources.append(None)
        elif text == before:
            sources.append(_Source(_GIVEN, Lines(before, SOURCE_ENDS)))
        else:
            origins.append(Origin(name, text))
            sources.append(_Source(len(origins) - 1, Lines(text, SOURCE_ENDS)))
    return sources


def _span(start: int, mapping: Mapping, sources: Sequence[_Source | None], trace: Trace) -> Span:
    source = sources[mapping.source] if mapping.source >= 0 else None
    if source is None:
        return Span(start, -1, 0, 0)
    offset = source.lines.offset(mapping.source_line, mapping.source_column)
    if source.number != _GIVEN:
        return Span(start, source.number, offset, 0)
    found = trace.spans[bisect_right(trace.spans, offset, key=_start_of) - 1]
    return Span(start, found.origin, found.offset + found.step * (offset - found.start), 0)
