"""Remember the events of pages whose first chunks were scanned, so that the same bytes are not scanned again.

Often that is a whole page; more often its beginning, up to the end of the first region, in the head.
"""

from dataclasses import dataclass

from pressmark.concurrency.bounded import Memo, make_room
from pressmark.model import Region, Text
from pressmark.page.known_regions import KnownRegions
from pressmark.page.lexer import LexerState
from pressmark.page.scanner import Scanner

MAX_BYTES = 12 << 20
"""The memory of all whole pages with their pieces; one page has no more than a quarter of it."""
MAX_BEGINNINGS = 256
MAX_BEGINNING_BYTES = 1 << 12
"""Three MiB in all, with their pieces."""


Events = tuple[Text | Region, ...]
_Key = tuple[int, bytes, bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The events of a page up to the end of its first region, and a scanner's state there."""

    events: Events
    state: LexerState


class ScannedPages:
    """The events of the pages scanned last. Bytes are compared one by one before remembered events are used."""

    def __init__(self) -> None:
        self._pages: Memo[_Key, tuple[bytes, Events]] = Memo(MAX_BYTES)
        self._beginnings: dict[bytes, _Beginning] = {}
        self.known_regions = KnownRegions()

    def peek(self, page: bytes) -> Events | None:
        """Return the events of a whole *page* if it is known."""
        found = self._pages.get(_key(page))
        return found[1] if found is not None and found[0] == page else None

    def scan(self, page: bytes, scanner: Scanner) -> Events:
        """Return the events of *page*, which is the first chunk that *scanner* gets, and remember them."""
        marker = page.find(b"endcompress", 0, MAX_BEGINNING_BYTES)
        end = page.find(b">", marker, MAX_BEGINNING_BYTES) + 1 if marker >= 0 else 0
        if end:
            events = (*self._begin(page[:end], scanner), *scanner.feed(page, end))
        else:
            events = tuple(scanner.feed(page))
        if len(events) > 1 and scanner.is_idle:
            self._pages.put(_key(page), (page, events), size_of(page))
        return events

    def _begin(self, raw: bytes, scanner: Scanner) -> Events:
        known = self._beginnings.get(raw)
        if known is not None:
            scanner.resume(known.state)
            return known.events
        events = tuple(scanner.feed(raw))
        if scanner.is_idle and len(events) <= 2 and isinstance(events[-1], Region):
            make_room(self._beginnings, MAX_BEGINNINGS)
            self._beginnings[raw] = _Beginning(events, scanner.state)
        return events


def size_of(page: bytes) -> int:
    """Return the bytes of memory that a page takes with its events: its pieces, and the body of each region."""
    return 3 * len(page) + 4096


def _key(page: bytes) -> _Key:
    """Return some bytes of *page*: its first and last ones, and a thousand of all, as pages may differ in any row."""
    return len(page), page[:64], page[-64:], page[:: len(page) // 1000 + 1]
