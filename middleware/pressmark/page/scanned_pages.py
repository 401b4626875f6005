"""Remember the events of pages whose first chunks were scanned, so that the same bytes are not scanned again.

Often that is a whole page; more often its beginning, up to the end of the first region, in the head.
"""

from dataclasses import dataclass

from pressmark.concurrency.bounded import Memo, make_room
from pressmark.model import Region, Text
from pressmark.page.known_regions import KnownRegions
from pressmark.page.lexer import LexerState
from pressmark.page.modules_around import with_modules_around, without_modules_around
from pressmark.page.scanner import Scanner

MAX_BYTES = 12 << 20
"""The memory of all whole pages with their pieces; one page has no more than a quarter of it."""
EVENT_BYTES = 400
"""The memory of a piece beside its bytes."""
MAX_SEEN = 4096
"""How many pages that came once are known again."""
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
        self._seen: dict[int, bool] = {}  # hashes of the keys of pages that came once
        self._beginnings: dict[bytes, _Beginning] = {}
        self.known_regions = KnownRegions()

    def peek(self, page: bytes) -> Events | None:
        """Return the events of a whole *page* if it is known."""
        found = self._pages.get(_key(page))
        return found[1] if found is not None and found[0] == page else None

    def peek_beginning(self, chunk: bytes) -> Events | None:
        """Return the events of a *chunk* that may not be the whole page, if it is known."""
        events = self.peek(chunk)
        return None if events is None else without_modules_around(events)

    def scan(self, page: bytes, scanner: Scanner, *, is_whole: bool = True) -> Events:
        """Return the events of *page*, which is the first chunk that *scanner* gets, and remember them.

        Only if it *is_whole* it is known what is around its modules.
        """
        marker = page.find(b"endcompress", 0, MAX_BEGINNING_BYTES)
        end = page.find(b">", marker, MAX_BEGINNING_BYTES) + 1 if marker >= 0 else 0
        if end:
            events = (*self._begin(page[:end], scanner), *scanner.feed(page, end))
        else:
            events = tuple(scanner.feed(page))
        if is_whole and scanner.is_idle:
            events = with_modules_around(events)
        # The same bytes may come as a whole page later, and then it counts what is around its modules.
        is_same = is_whole or not any(isinstance(event, Region) and event.has_modules for event in events)
        if len(events) > 1 and scanner.is_idle and is_same:
            self._remember(_key(page), page, events)
        return events

    def _remember(self, key: _Key, page: bytes, events: Events) -> None:
        """Keep *page* if it comes for the second time: one with a token comes once, and would displace others."""
        digest = hash(key)
        if self._seen.pop(digest, False) or self._pages.get(key) is not None:
            self._pages.put(key, (page, events), size_of(page, events))
        else:
            make_room(self._seen, MAX_SEEN)
            self._seen[digest] = True

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


def size_of(page: bytes, events: Events) -> int:
    """Return the bytes of memory that *page* takes with *events*: its pieces, and the body of each region."""
    return 3 * len(page) + EVENT_BYTES * len(events)


def _key(page: bytes) -> _Key:
    """Return some bytes of *page*: its first and last ones, and up to a thousand of all: pages differ in any row."""
    return len(page), page[:64], page[-64:], page[:: len(page) // 1000 + 1]
