"""Remember the pages that left last with all their regions warm, so that the same one leaves at once."""

from collections.abc import Iterable
from typing import NamedTuple

from pressmark.concurrency.bounded import Memo
from pressmark.http.headers import HeaderList
from pressmark.model import Page, Region, Text
from pressmark.page.scanned_pages import Events, ScannedPages, size_of
from pressmark.regions.cached_regions import CachedRegions
from pressmark.regions.freshness import Freshness
from pressmark.response.substitution import Substitution
from pressmark.response.visit import Location, Visit

MAX_BYTES = 16 << 20
"""The memory of all pages with what became of them; most of it is that of the scanned pages, too."""


class Warmth(NamedTuple):
    """Regions are warm while the table of cached ones has that *version*, and up to the time *until*."""

    version: int
    until: float


class WarmPage(NamedTuple):
    """What became of a page: *out_headers* and *body*. All of the other facts must be the same again.

    *changes* are the headers in which the one head became the other: names with their values, ``None`` for none.
    """

    events: Events
    location: Location
    status: int
    headers: HeaderList
    warmth: Warmth
    substitution: Substitution
    out_headers: HeaderList
    changes: tuple[tuple[str, str | None], ...]
    body: bytes


class WarmPages:
    """The pages of one application. Only for settings by which nothing else bears on a page that is warm."""

    def __init__(self, scanned_pages: ScannedPages, cached_regions: CachedRegions, freshness: Freshness) -> None:
        self._scanned_pages, self._cached_regions, self._freshness = scanned_pages, cached_regions, freshness
        self._pages: Memo[int, WarmPage] = Memo(MAX_BYTES)  # by the identities of their events

    def find(self, page: bytes, visit: Visit, status: int, headers: HeaderList) -> WarmPage | None:
        """Return what became of *page* with that head, if it would become the same now."""
        events = self._scanned_pages.peek(page)
        found = self._pages.get(id(events)) if events is not None else None
        if found is None or found.events is not events or found.status != status or found.headers != headers:
            return None
        is_same = self._is_warm(found.warmth) and found.location == visit.locate()
        return found if is_same else None

    @property
    def version(self) -> int:
        """The version of the table of cached regions."""
        return self._cached_regions.version

    def remember(  # noqa: PLR0913, PLR0917  # what a page is known by
        self,
        version: int,
        page: bytes,
        visit: Visit,
        status: int,
        headers: HeaderList,
        substitution: Substitution,
        out_headers: HeaderList,
        body: bytes,
    ) -> None:
        """Keep what became of *page*, which was begun with that *version*, if its regions will be warm for a while."""
        events = self._scanned_pages.peek(page)
        if events is None or any(isinstance(event, Text) and event.flaw for event in events):
            return
        warmth = self._warmth(substitution.regions, substitution.page)
        if warmth is not None and warmth.version == version:
            found = WarmPage(
                events, visit.locate(), status, list(headers), warmth, substitution, list(out_headers),
                _changes(dict(headers), dict(out_headers)), body,
            )  # fmt: skip
            self._pages.put(id(events), found, size_of(page, events) + len(body))

    def _warmth(self, regions: Iterable[Region], page: Page) -> Warmth | None:
        """Return the warmth of *regions* of *page*, ``None`` if one is not warm, or has failed."""
        version, times = self.version, list[float]()
        for region in regions:
            cached = self._cached_regions.find(region, page)
            if cached is None or cached.failed is not None:
                return None
            times.append(self._freshness.fresh_until(cached))
        return Warmth(version, min(times, default=0.0))

    def _is_warm(self, warmth: Warmth) -> bool:
        return warmth.version == self._cached_regions.version and self._freshness.now() < warmth.until


def _changes(before: dict[str, str], after: dict[str, str]) -> tuple[tuple[str, str | None], ...]:
    dropped = tuple((name, None) for name in before if name not in after)
    return dropped + tuple((name, value) for name, value in after.items() if before.get(name) != value)
