"""The freshness of cached regions: how long one may be used, and when it must be built anew.

Theory
------
A cached region passes through these states; ``refresh`` is the interval between two looks.

* *Fresh*: it was looked at less than an interval ago. It is used at once, nothing is read.
* *Due*: the interval is over. Its sources are looked at, each by one ``stat`` (or one conditional request, if the
  application made it), and so is the store: it may have lost the bundles, or be another one than it was. If all is as
  it was the region is fresh again, else it is built anew. Only a thread that may block looks.
* *Lagging*: due, and made from answers of the application, which may take its time. It is used as it is, and looked at
  on another thread meanwhile.
* *Failed*: it leaves as it was written, and a failure is dear to repeat. A missing file is looked for at each interval,
  for it comes with the next deployment. Any other failure counts for ``RETRY_S``, unless a source has changed since.
* *Unbuilt*: on an error page nothing is built. If nothing was there for its region, it leaves as it was written on all
  such pages for ``RETRY_S``. Other pages do not know of that.

A look at files counts from its start, so that the next one finds a change that came during it. A look at answers, which
may take long, and one at a failed region count from their end.
"""

from dataclasses import replace

from pressmark.model import Page
from pressmark.protocols import Clock, Resolver, Store
from pressmark.regions.built_ahead import BuiltAhead
from pressmark.regions.cached_regions import CachedRegion

STORE_LOOK_S = 1.0
"""Seconds between two looks at the store if sources are never looked at."""
RETRY_S = 30.0
"""Seconds after which a region is tried again that failed for another reason than a missing source, or was unbuilt."""


class Freshness:
    """Decides the state of cached regions. *refresh* is the interval in seconds, ``None`` if sources never change.

    *ahead* has what was built ahead.
    """

    def __init__(  # noqa: PLR0913  # what may change, and how often that is looked at
        self,
        resolver: Resolver,
        store: Store,
        refresh: float | None,
        clock: Clock,
        *,
        strict: bool,
        ahead: BuiltAhead | None = None,
    ) -> None:
        self._ahead = ahead
        self._resolver, self._store, self._refresh, self._strict = resolver, store, refresh, strict
        self.now = clock
        self._usual_interval = STORE_LOOK_S if refresh is None else refresh
        self._generation: object = None  # the store's, when it was last looked at

    def is_fresh(self, cached: CachedRegion) -> bool:
        """Tell whether *cached* needs no look yet. Never blocks."""
        now = self.now()
        if now < self.fresh_until(cached):
            return True
        return cached.failed is not None and now < cached.looked_at + self._interval(cached)

    def fresh_until(self, cached: CachedRegion) -> float:
        """Return the time from which *cached* needs a look, unless it has failed and is dear to build."""
        return cached.looked_at + self._usual_interval

    def is_unbuilt(self, unbuilt_at: float | None) -> bool:
        """Tell whether error pages still leave a region as it was written. Never blocks."""
        return unbuilt_at is not None and not self._strict and self.now() - unbuilt_at < RETRY_S

    def may_lag(self, cached: CachedRegion) -> bool:
        """Tell whether *cached* is used as it is while it is looked at. Never blocks."""
        return self._refresh != 0 and cached.has_answers

    def is_usable(self, cached: CachedRegion) -> bool:
        """Tell whether *cached* may stand in for a build that is not done in time. Never blocks.

        The store is not asked: a disk that is slow now would hold up the event loop.
        """
        return cached.failed is None and cached.generation == self._generation

    def read_generation(self) -> object:
        """Return the value that changes when the store loses its entries, or the manifest is another.

        Costs one ``stat`` of each.
        """
        generation = self._store.generation()
        if self._ahead is not None and self._ahead.is_used:
            generation = generation, self._ahead.generation()
        self._generation = generation
        return generation

    def after_look(self, cached: CachedRegion, page: Page, started: float) -> CachedRegion | None:
        """Return *cached* as fresh from *started* on, ``None`` if it must be built anew. Blocks."""
        if cached.failed is not None:
            return replace(cached, looked_at=self.now()) if self._fails_still(cached, page, started) else None
        if self.read_generation() != cached.generation or not self._is_unchanged(cached, page):
            return None
        return replace(cached, looked_at=self.now() if cached.has_answers else started)

    def _interval(self, cached: CachedRegion) -> float:
        if cached.failed is None or cached.failed.is_of_source or cached.rendered.sources:
            return self._usual_interval
        return max(RETRY_S, self._usual_interval)

    def _fails_still(self, cached: CachedRegion, page: Page, now: float) -> bool:
        """Tell whether a region would very likely fail again: none of its sources has changed."""
        is_of_source = cached.failed is not None and cached.failed.is_of_source
        is_worth_a_try = is_of_source or not cached.rendered.sources or self._strict
        is_recent = now - cached.failed_at < RETRY_S
        return not is_worth_a_try and is_recent and self._is_unchanged(cached, page)

    def _is_unchanged(self, cached: CachedRegion, page: Page) -> bool:
        sources = () if self._refresh is None else cached.rendered.sources
        return all(self._resolver.is_current(source, page) for source in sources)
