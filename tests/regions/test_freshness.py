"""A cached region is fresh, due, lagging or failed, and a look at its sources decides what it is next."""

from collections.abc import Callable
from typing import Any

import pytest

from pressmark.model import ANSWER, Page, Rendered, Source
from pressmark.regions.cached_regions import CachedRegion, Failure
from pressmark.regions.freshness import RETRY_S, STORE_LOOK_S, Freshness
from pressmark.stores.memory import MemoryStore

PAGE = Page("", "/")
FILE = Source("/srv/a.css", "1", (1,))
ANSWERED = Source(f"{ANSWER} /a.css", "1", ())
MISSING = Failure("AssetNotFoundError: /a.css", is_of_source=True)
OTHER = Failure("RegionError: no")


class Sources:
    """A resolver whose sources are as they were until they change."""

    def __init__(self) -> None:
        self.is_same = True
        self.looks = 0

    def is_current(self, source: Source, page: Page) -> bool:
        self.looks += 1
        return self.is_same


class Site:
    """A clock, sources and a store, and the freshness that looks at them."""

    def __init__(self, refresh: float | None = 1.0, *, strict: bool = False) -> None:
        self.now, self.sources, self.store = 100.0, Sources(), MemoryStore()
        resolver: Any = self.sources
        self.freshness = Freshness(resolver, self.store, refresh, lambda: self.now, strict=strict)
        self.generation = self.freshness.read_generation()

    def region(self, *sources: Source, failed: Failure | None = None) -> CachedRegion:
        return CachedRegion(Rendered(b"", sources=sources), self.now, self.generation, failed, self.now)


def test_a_region_is_fresh_for_the_interval() -> None:
    site = Site(refresh=5)
    cached = site.region(FILE)
    site.now += 4.9
    assert site.freshness.is_fresh(cached)

    site.now += 0.2
    assert not site.freshness.is_fresh(cached)


def test_a_due_region_whose_sources_are_the_same_is_fresh_from_the_start_of_the_look() -> None:
    """A change during the look must be seen by the next one."""
    site = Site()
    cached = site.region(FILE)
    site.now += 10
    current = site.freshness.after_look(cached, PAGE, started=108.0)

    assert current is not None
    assert (current.looked_at, current.rendered) == (108.0, cached.rendered)


def test_a_due_region_whose_sources_have_changed_is_built_anew() -> None:
    site = Site()
    site.sources.is_same = False

    assert site.freshness.after_look(site.region(FILE), PAGE, site.now) is None


def test_a_region_from_another_life_of_the_store_is_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site()
    cached = site.region(FILE)
    monkeypatch.setattr(site.store, "generation", lambda: "another")

    assert site.freshness.after_look(cached, PAGE, site.now) is None


def test_without_an_interval_only_the_store_is_looked_at() -> None:
    site = Site(refresh=None)
    site.sources.is_same = False
    cached = site.region(FILE)
    site.now += STORE_LOOK_S + 0.1

    assert not site.freshness.is_fresh(cached)
    assert site.freshness.after_look(cached, PAGE, site.now) is not None
    assert site.sources.looks == 0


@pytest.mark.parametrize(("refresh", "source", "lags"), [(1, ANSWERED, True), (1, FILE, False), (0, ANSWERED, False)])
def test_a_region_of_answers_lags_unless_each_page_looks(refresh: float, source: Source, lags: bool) -> None:
    site = Site(refresh)

    assert site.freshness.may_lag(site.region(source)) is lags


@pytest.mark.parametrize(
    ("failure", "seconds", "change", "is_tried"),
    [
        pytest.param(MISSING, 1, lambda site: None, True, id="a missing file at each interval"),
        pytest.param(OTHER, RETRY_S - 1, lambda site: None, False, id="another failure not yet"),
        pytest.param(OTHER, RETRY_S + 1, lambda site: None, True, id="another failure after its time"),
        pytest.param(OTHER, 1, lambda site: setattr(site.sources, "is_same", False), True, id="a changed source"),
    ],
)
def test_a_failed_region_is_tried_again(
    failure: Failure, seconds: float, change: Callable[[Site], None], is_tried: bool
) -> None:
    site = Site()
    cached = site.region(FILE, failed=failure)
    site.now += seconds
    change(site)

    assert (site.freshness.after_look(cached, PAGE, site.now) is None) is is_tried


def test_a_failed_region_is_never_usable_in_the_place_of_a_build() -> None:
    site = Site()

    assert site.freshness.is_usable(site.region(FILE))
    assert not site.freshness.is_usable(site.region(FILE, failed=MISSING))
