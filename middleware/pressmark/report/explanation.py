"""Explain the result of a region and its reasons to people: as a table, and as a comment in the page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pressmark.errors import AssetError, MarkerError, RegionError, StoreError
from pressmark.model import Bundle, Element, Region
from pressmark.report.text_table import aligned, counted, shortened
from pressmark.verdicts.catalogue import POSSIBLE
from pressmark.verdicts.placement import Reason

HEADINGS = ("element", "bytes", "becomes", "why")
_RIGHT = (HEADINGS.index("bytes"),)
MAX_NAME = 48
"""The characters of a name in a table of text: so the rows of most regions fit in 100 columns."""


@dataclass(frozen=True, slots=True)
class Note:
    """The result of one element: its bundle, and the reason if it shares none with its neighbours.

    *size* is the bytes of its source with all that it imports, 0 if it was not read. *group* is the number of the
    bundle that it is in, from 0, ``None`` if it stays. *reason* is why it stays, or why it does not share the bundle
    before it. *becomes* says what is done to an element that stays.
    """

    element: Element
    url: str
    size: int
    group: int | None
    reason: Reason | None
    becomes: str = "stays"

    @property
    def name(self) -> str:
        """The element's name for people: its URL, or its first characters."""
        if self.url:
            return self.url
        if self.element.tag.startswith("#"):  # no element by itself
            return " ".join(self.element.raw[:100].decode("utf-8", "replace").split())
        attrs = "".join(f' {name}="{value}"' if value else f" {name}" for name, value in self.element.attrs)
        return f"<{self.element.tag}{attrs}>"[:100]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A region with a note on each of its elements, and its bundles; or the *error* for which all of it stays."""

    region: Region
    notes: tuple[Note, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    error: RegionError | None = None


def table_of(explanation: Explanation) -> str:
    """Return a heading and a table of the region's elements as lines of text."""
    rows = [(shortened(name, MAX_NAME), *others) for name, *others in rows_of(explanation)]
    lines = aligned([HEADINGS, *rows], _RIGHT) if rows else ()
    return "\n".join((heading_of(explanation), *(f"  {line}" for line in lines)))


def changes_of(explanation: Explanation) -> Iterator[str]:
    """Yield a line for each rule by which elements stay or part: what an author may change."""
    for rule in sorted({note.reason.rule for note in explanation.notes if note.reason}):
        if rule.change:
            yield f"{rule}: {rule.change.replace('`', '')}"


def gain_of(explanation: Explanation, trusted: Explanation) -> str:
    """Return in one line the difference that it would make if the author trusted the region."""
    left, least = _left(explanation), _left(trusted)
    if least >= left:
        return "With trust in the marker it would become no fewer elements."
    rules = sorted({note.reason.rule for note in explanation.notes if note.reason and note.reason.rule in POSSIBLE})
    return (
        f"With trust in the marker it would become {counted(least, 'element')} instead of {left}; "
        f"you vouch that this does not matter: {', '.join(rules)}."
    )


def _left(explanation: Explanation) -> int:
    made = {note.group for note in explanation.notes if note.group is not None}
    return len(made) + sum(note.group is None for note in explanation.notes)


def rows_of(explanation: Explanation) -> list[tuple[str, ...]]:
    """Return a row for each element of the region, with a cell for each of ``HEADINGS``."""
    is_inline = explanation.region.mode == "inline"
    return [_row(note, explanation.bundles, is_inline=is_inline) for note in explanation.notes]


def comment_of(explanation: Explanation) -> bytes:
    """Return the table as an HTML comment. No text in it can end it early, and none names a directory."""
    if isinstance(explanation.error, AssetError):  # its message names directories
        explanation = replace(explanation, error=RegionError(f"{explanation.error.url!r} is not there or not readable"))
    elif isinstance(explanation.error, StoreError):
        explanation = replace(explanation, error=RegionError("the cache fails"))
    return _comment(table_of(explanation))


def comment_on(error: MarkerError) -> bytes:
    """Return an HTML comment on a marker that begins or ends no region."""
    return _comment(str(error))


def _comment(text: str) -> bytes:
    text = re.sub("-(?=-)", "- ", text)  # by which alone a comment could end; entities would be shown as they are
    return f"<!-- pressmark: {text}\n-->".encode("ascii", "xmlcharrefreplace")


def heading_of(explanation: Explanation) -> str:
    """Return the result of the region in one line."""
    refusal = str(explanation.error or "")
    region, notes, bundles = explanation.region, explanation.notes, explanation.bundles
    title = " ".join(filter(None, (region.kind, region.mode, region.name))) + " region"
    if refusal:
        return f"{title} was not bundled: {refusal}"
    read = sum(note.size for note in notes if note.group is not None)
    stay = sum(note.group is None for note in notes)
    made = {note.group for note in notes if note.group is not None}
    written = sum(len(bundles[group].content) for group in made)
    joined = f"{len(notes) - stay} of {counted(len(notes), 'element')} in {counted(len(made), 'bundle')}"
    served = [note for note in notes if note.group is None and note.becomes != "stays"]
    told = f"; {counted(len(served), 'element')} of modules {served[0].becomes}" if served else ""
    return f"{title}: {joined}, {read:,} bytes become {written:,}{told}"


def _row(note: Note, bundles: Sequence[Bundle], *, is_inline: bool) -> tuple[str, ...]:
    if note.group is None:
        becomes = note.becomes
    else:
        bundle = bundles[note.group]
        becomes = f"{note.group + 1}: " + ("inline" if is_inline else f"{bundle.name[:8]}.{bundle.kind}")
    return note.name, f"{note.size:,}" if note.size else "", becomes, _why(note)


def _why(note: Note) -> str:
    if note.reason is None:
        return ""
    where = f" (line {note.reason.at[0]}, column {note.reason.at[1]})" if note.reason.at else ""
    return f"{note.reason.rule}: {note.reason.text}{where}"
