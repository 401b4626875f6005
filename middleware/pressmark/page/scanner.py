"""Find regions in a stream of HTML bytes. No I/O, no HTML tree.

However the bytes are cut into chunks, the joined events are the same. At most one region is held back; past
``MAX_REGION_BYTES`` it leaves unchanged. A marker that a chunk's end may have cut in two is held back too: at most one
comment that reads like a marker so far, and of that no more than ``MAX_MARKER_BYTES``.

Bytes that cannot hold a marker leave before the lexer reads them. It reads them when a marker follows, if ever.
"""

import re
from collections.abc import Generator, Iterator

from pressmark.errors import MarkerError
from pressmark.model import Region, Text
from pressmark.page.known_regions import Known, KnownRegions
from pressmark.page.lexer import Comment, Lexer, LexerState
from pressmark.page.open_region import MAX_MARKER_BYTES, SPACE, OpenRegion, opening_of

MAX_SHOWN_BYTES = 60
HEAD_BYTES = 1 << 12
"""Where most pages that have a region have one."""
MAX_LOOKS = 32
"""How many times ``compress`` is looked at from the end of a chunk, to find the last that may be in a marker."""
MAX_REGIONS = 32
"""Regions a page; later ones leave as they were written."""

_CLOSING = re.compile(SPACE + rb"*endcompress(?:" + SPACE + rb"+(css|js))?" + SPACE + rb"*")
_WORDS = (b"compress", b"endcompress")
_NEARLY_OPENING = re.compile(SPACE + rb"*compress" + SPACE + rb"[\x20-\x7e]{1,60}")
# Bounded, as it searches pages of any content; no marker that people write is longer.
_LOOKS_OPENING = re.compile(
    rb"<!--" + SPACE + rb"{0,64}+compress" + SPACE + rb"{1,64}+(?:css|js)(?:[\t\n\f\r ,][\t\n\f\r ,:\w-]{0,128}?)?--!?>"
)

UNENDED = "begins no region: no end marker follows it"
NESTED = "begins no region: another begins before it ends"
MIXED = "begins no region: the end marker that follows it names the other kind"
TOO_MANY = f"begins no region: a page has at most {MAX_REGIONS}"
UNBEGUN = "ends no region: no marker such as <!-- compress css --> begins one before it"
NEARLY = "ends no region: {} before it is no marker; that has a kind, a mode, trust and a name, in this order"
LOST = (
    "begins no region for sure: it comes after a <frameset>, a <plaintext>, or an <svg>, <math> or <template> that is "
    "not closed or has invalid content; put the region before that element, or mend it"
)


class Scanner:
    """Turns the chunks of one page into Text and Region events whose raw bytes add up to the page."""

    def __init__(self, known: KnownRegions | None = None) -> None:
        self._lexer, self._known = Lexer(), known
        self._held = b""
        self._open: OpenRegion | None = None
        self._regions = 0
        self._is_lost = False
        self._nearly = b""  # the last comment that is nearly a marker

    def feed(self, chunk: bytes, start: int = 0) -> Iterator[Text | Region]:
        """Yield the events that *chunk* sets free, from *start* on. Exhaust the iterator before the next call."""
        data = self._held + chunk if self._held else chunk
        cut = marker_start(data)
        ready, self._held = (data, b"") if cut == len(data) else (data[:cut], data[cut:])
        end = markers_end(ready)
        if end > start:
            start = yield from self._scan(ready, start, end)
        if start < len(ready):
            rest = ready[start:] if start else ready
            self._lexer.defer(rest)
            yield from self._pass(rest)

    @property
    def state(self) -> LexerState:
        """The lexer's state right after a region, when the scanner is idle."""
        return self._lexer.state

    def resume(self, state: LexerState) -> None:
        """Go on right after the first region of a page, where another scanner had *state*."""
        self._lexer.resume(state)
        self._regions = 1

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is held back and no region is open."""
        return not self._held and self._open is None

    def finish(self) -> Iterator[Text]:
        """Yield the bytes still held back as text: an unfinished region is none."""
        rest, self._held = self._held, b""
        if self._open is not None:
            self._open.add(rest)
            self._lexer.defer(rest)
            self._open.flaw = self._open.flaw or (LOST if self._lexer.ends_lost() else UNENDED)
            yield from self._open.overflow()
            self._open = None
        elif rest:
            yield Text(rest)

    def _scan(self, data: bytes, start: int, end: int) -> Generator[Text | Region, None, int]:
        """Yield the events of *data* from *start* on; return the offset from which the lexer has not read it.

        After *end* there is no marker.
        """
        position = start  # the bytes before it were given to an event or to the open region
        for comment in self._lexer.feed(data, start):
            if comment.end - comment.start > MAX_MARKER_BYTES:
                continue
            known = self._find_known(data, comment)
            if known is not None:
                if comment.start > position:
                    yield Text(data[position : comment.start])
                position = comment.start + len(known.region.raw)
                is_last = position >= end
                self._lexer.resume(known.state, 0 if is_last else position)
                yield known.region
                if is_last:
                    return position
                continue
            opening = opening_of(comment)
            closing = None if opening else _CLOSING.fullmatch(comment.content)
            if not (opening or closing):
                if _NEARLY_OPENING.fullmatch(comment.content):
                    self._nearly = comment.content
                continue
            if self._open is None and comment.start > position:
                yield Text(data[position : comment.start])
                position = comment.start
            raw, position = data[position : comment.end], comment.end
            yield from self._take_marker(raw, comment, opening, closing)
            if position >= end:
                return position
        yield from self._pass(data[position:], self._lexer.given_up_at - position)
        return len(data)

    def _take_marker(
        self, raw: bytes, comment: Comment, opening: OpenRegion | None, closing: re.Match[bytes] | None
    ) -> Iterator[Text | Region]:
        """Yield the events of *raw*, which ends in the marker *comment*: an *opening* or a *closing* one."""
        if self._open is not None:
            self._open.add(raw)
            if closing:
                yield from self._close(closing[1], comment.end - comment.start)
            else:
                self._open.flaw = self._open.flaw or NESTED
        elif opening:
            self._open, self._nearly = opening, b""
            self._open.add(raw)
            self._open.flaw = "" if self._regions < MAX_REGIONS else TOO_MANY
        else:
            yield Text(raw, self._unbegun())

    def _find_known(self, data: bytes, comment: Comment) -> Known | None:
        """Return the region that *comment* begins if it is known, and count it."""
        if self._known is None or self._open is not None or self._regions >= MAX_REGIONS:
            return None
        known = self._known.find(data, comment)
        if known is not None:
            self._regions += 1
            self._nearly = b""
        return known

    def _unbegun(self) -> str:
        """Return the flaw of an end marker before which no region has begun."""
        nearly, self._nearly = self._nearly, b""
        return NEARLY.format(f"<!-- {nearly.decode('ascii').strip()} -->") if nearly else UNBEGUN

    def _pass(self, rest: bytes, unknown: int = 0) -> Iterator[Text]:
        """Yield the text of *rest*, which holds no marker; an open region may hold it back.

        If the lexer has given up, it knows nothing of the bytes after the offset *unknown*.
        """
        if self._open is not None:
            self._open.add(rest)
            yield from self._open.overflow()
            return
        is_told = self._is_lost or not self._lexer.has_given_up
        lost = None if is_told else _LOOKS_OPENING.search(rest, max(0, unknown))
        if lost:
            self._is_lost = True
            if lost.start():
                yield Text(rest[: lost.start()])
            yield Text(rest[lost.start() :], LOST)
        elif rest:
            yield Text(rest)

    def _close(self, kind: bytes | None, closing_bytes: int) -> Iterator[Text | Region]:
        region, self._open = self._open, None
        if region is None:
            return
        self._regions += 1
        if not region.flaw and kind not in (None, region.kind.encode()):
            region.flaw = MIXED
        if region.flaw:
            yield from region.overflow()
        else:
            closed = region.close(closing_bytes)
            if self._known is not None:
                self._known.remember(closed, region.opening, self._lexer.state)
            yield closed


def marker_error(text: Text) -> MarkerError:
    """Return the error about the marker at the start of *text*, which has a flaw."""
    marker = text.raw[: text.raw.find(b">", 0, MAX_MARKER_BYTES) + 1 or MAX_SHOWN_BYTES].decode("latin-1")
    return MarkerError(" ".join(marker.split()), text.flaw)


def may_hold_marker(page: bytes) -> bool:
    """Tell whether a whole *page* may hold a marker. Costs least if it holds none, or one in its head."""
    return page.rfind(b"compress", 0, HEAD_BYTES) >= 0 or page.rfind(b"compress", HEAD_BYTES - 8) >= 0


def markers_end(data: bytes) -> int:
    """Return an offset in *data* after which there is no marker, 0 if there surely is none at all."""
    offset = len(data)
    for _ in range(MAX_LOOKS):
        # CPython searches backwards three times faster than forwards.
        offset = data.rfind(b"compress", 0, offset)
        if offset < 0:
            return 0
        start = data.rfind(b"<!--", max(0, offset - MAX_MARKER_BYTES), offset)
        if start >= 0 and data[start + 4 : offset].strip(b"\t\n\f\r ") in (b"", b"end"):
            break
    return data.find(b">", offset) + 1 or len(data)


def marker_start(data: bytes) -> int:
    """Return the start of a marker that the end of *data* may have cut in two, else the length of *data*."""
    for length in (3, 2, 1):
        if data.endswith(b"<!-"[:length]):
            return len(data) - length
    start = data.rfind(b"<!--", max(0, len(data) - MAX_MARKER_BYTES))
    if start < 0 or data.find(b"-->", start + 4) >= 0 or data.find(b"--!>", start + 4) >= 0:
        return len(data)
    words = data[start + 4 :].lstrip(b"\t\n\f\r ")
    reads_like_marker = any(words.startswith(word) or word.startswith(words) for word in _WORDS)
    return start if reads_like_marker else len(data)
