"""Join parts to a tracked text, which remembers the origin of each of them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from pressmark.model import Origin, Span, Trace

_start_of = attrgetter("start")

NOWHERE = -1
"""The offset of a part that comes from no file."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some text. *offset* is that of the same text in its file or, without *is_copy*, of the text that it replaces."""

    text: str
    offset: int = NOWHERE
    is_copy: bool = True


@dataclass(frozen=True, slots=True)
class TrackedText:
    """A text with the spans that it comes from. Its own file is origin number 0, *others* are those after it."""

    text: str
    spans: tuple[Span, ...]
    others: tuple[Origin, ...] = ()

    def trace(self, origin: Origin) -> Trace:
        """Return the trace of the text; *origin* is its own file."""
        return Trace((origin, *self.others), self.spans)


def join_parts(parts: Iterable[Part | tuple[str, Trace]]) -> TrackedText:
    """Return *parts* as one text. A part with a trace is a tracked text of another file."""
    texts: list[str] = []
    spans: list[Span] = []
    others: list[Origin] = []
    start = 0
    for part in parts:
        if isinstance(part, Part):
            text, found = part.text, _span(part)
        else:
            text, trace = part
            base = 1 + len(others)
            others += trace.origins
            found = [each._replace(origin=each.origin + base) if each.origin >= 0 else each for each in trace.spans]
        if text:
            texts.append(text)
            for each in found:
                _append(spans, each._replace(start=each.start + start))
            start += len(text)
    return TrackedText("".join(texts), tuple(spans), tuple(others))


def surrounded(tracked: TrackedText, before: str, after: str) -> TrackedText:
    """Return *tracked* with text around it that comes from no file."""
    spans = [Span(0, -1, 0, 0)] if before else []
    spans += [each._replace(start=each.start + len(before)) for each in tracked.spans]
    spans += [Span(len(before) + len(tracked.text), -1, 0, 0)] if after else []
    return TrackedText(f"{before}{tracked.text}{after}", tuple(spans), tracked.others)


def _span(part: Part) -> list[Span]:
    if part.offset == NOWHERE:
        return [Span(0, NOWHERE, 0, 0)]
    return [Span(0, 0, part.offset, int(part.is_copy))]


def _append(spans: list[Span], new: Span) -> None:
    """Append *new*, unless it only continues the last span."""
    if spans:
        last = spans[-1]
        goes_on = last.offset + last.step * (new.start - last.start) == new.offset
        if last.origin == new.origin and last.step == new.step and goes_on:
            return
    spans.append(new)


def compose(trace: Trace, inner: Trace) -> Trace:
    """Return *trace* followed one step further: *inner* is the trace of its first origin."""
    others = len(inner.origins) - 1
    ends = [each.start for each in trace.spans[1:]]
    spans: list[Span] = []
    for each, end in zip(trace.spans, [*ends, None], strict=True):
        if each.origin == 0:
            spans += _followed(each, end, inner)
        else:
            spans.append(each._replace(origin=each.origin + others) if each.origin > 0 else each)
    return Trace((*inner.origins, *trace.origins[1:]), tuple(spans))


def _followed(outer: Span, end: int | None, inner: Trace) -> Iterator[Span]:
    """Yield the spans of *inner* that *outer*, which reaches up to *end*, stands for."""
    first = max(bisect_right(inner.spans, outer.offset, key=_start_of) - 1, 0)
    for each in inner.spans[first:]:
        start = outer.start + max(each.start - outer.offset, 0)
        if start > outer.start and (outer.step == 0 or (end is not None and start >= end)):
            return
        skipped = max(outer.offset - each.start, 0)
        yield each._replace(start=start, offset=each.offset + each.step * skipped, step=each.step * outer.step)
