"""Put a text together from parts, and remember where each of them comes from."""

from collections.abc import Iterable
from dataclasses import dataclass

from pressmark.model import Origin, Stretch, Trace

NOWHERE = -1
"""The offset of a part that was in no file."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some text; *offset* is where it, or with *is_copy* false what it stands for, is in the file at hand."""

    text: str
    offset: int = NOWHERE
    is_copy: bool = True


@dataclass(frozen=True, slots=True)
class Woven:
    """A text with all that it comes from; its own file is number 0, and *others* are those after it."""

    text: str
    stretches: tuple[Stretch, ...]
    others: tuple[Origin, ...] = ()

    def trace(self, origin: Origin) -> Trace:
        """Return where the text comes from, *origin* being the file at hand."""
        return Trace((origin, *self.others), self.stretches)


def weave(parts: Iterable[Part | tuple[str, Trace]]) -> Woven:
    """Return *parts* as one text. A part with a trace was put together from other files before."""
    texts: list[str] = []
    stretches: list[Stretch] = []
    others: list[Origin] = []
    start = 0
    for part in parts:
        if isinstance(part, Part):
            text, found = part.text, _stretch(part)
        else:
            text, trace = part
            base = 1 + len(others)
            others += trace.origins
            found = [each._replace(origin=each.origin + base) if each.origin >= 0 else each for each in trace.stretches]
        if text:
            texts.append(text)
            for each in found:
                _append(stretches, each._replace(start=each.start + start))
            start += len(text)
    return Woven("".join(texts), tuple(stretches), tuple(others))


def _stretch(part: Part) -> list[Stretch]:
    if part.offset == NOWHERE:
        return [Stretch(0, NOWHERE, 0, 0)]
    return [Stretch(0, 0, part.offset, int(part.is_copy))]


def _append(stretches: list[Stretch], new: Stretch) -> None:
    """Append *new*, unless the last stretch goes on with it."""
    if stretches:
        last = stretches[-1]
        goes_on = last.offset + last.step * (new.start - last.start) == new.offset
        if last.origin == new.origin and last.step == new.step and goes_on:
            return
    stretches.append(new)
