"""What is kept of regions takes no more memory than it may, as the interpreter itself counts it."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pressmark.model import Page, Region, Rendered, Source, Subrequest
from pressmark.regions import cached_regions
from pressmark.regions.cached_regions import CachedRegion, CachedRegions, Failure
from pressmark.shells.subrequest import wsgi_subrequest
from tests.conftest import Write
from tests.site import Site, css_region

BYTES = 4 << 20
PATHS = 40
SHEET_BYTES = 1 << 19


@pytest.fixture
def grown() -> Iterator[Callable[[], int]]:
    """Return a function that tells by how many bytes the memory in use has grown."""
    gc.collect()
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]

    def read() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - start

    yield read
    tracemalloc.stop()


def with_raw(raw: bytes) -> Region:
    return Region("css", "file", "", raw[1:], raw)


def subrequest_to(host: str) -> Subrequest:
    return wsgi_subrequest(lambda environ, start_response: [], {"HTTP_HOST": host, "SERVER_PORT": "80"})


def of_large_regions(number: int) -> tuple[Region, Page, Rendered]:
    return with_raw(b"%d" % number + b"x" * 100_000), Page("", "/"), Rendered(b"%d" % number)


def of_many_sources(number: int) -> tuple[Region, Page, Rendered]:
    sources = tuple(Source(f"/srv/{number}/{each}.scss", f"{number} {each}", (10**18 + each, 10**18, 10**5, 10**6))
                    for each in range(50))  # fmt: skip
    return with_raw(b"%d" % number), Page("", "/"), Rendered(b"", sources=sources)


def of_wordy_pages(number: int) -> tuple[Region, Page, Rendered]:
    policies = (f"style-src 'self' https://{number}.example " + "x" * 5000,)
    host, path = f"{number}" + "H" * 5000, f"/{number}/" + "p" * 5000
    page = Page("", path, host, policies=policies, subrequest=subrequest_to(f"{host}."))
    return with_raw(b"%d" % number), page, Rendered(b"")


def of_folders(number: int) -> tuple[Region, Page, Rendered]:
    return with_raw(b"x" * 1000), Page("", f"/{number}/page"), Rendered(b"x" * 1000, depends_on_path=True)


def of_generated_files(number: int) -> tuple[Region, Page, Rendered]:
    """Each of them is known with its region and its page, by which it is made again."""
    page = Page("", f"/{number}", f"{number}.example", subrequest=subrequest_to(f"{number}.example"))
    return with_raw(b"%d" % number), page, Rendered(b"", (("css", f"{number:032d}"),))


@pytest.mark.parametrize(
    "entry", [of_large_regions, of_many_sources, of_wordy_pages, of_folders, of_generated_files]
)  # fmt: skip
def test_cached_regions_take_no_more_memory_than_they_may(
    entry: Callable[[int], tuple[Region, Page, Rendered]],
    grown: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cached_regions, "MAX_BYTES", BYTES)
    cached = CachedRegions(None)
    number = 0
    while number < 1000 or (len(cached._regions) > number * 0.9 and number < 5000):
        region, page, rendered = entry(number)
        cached.remember(region, page, CachedRegion(rendered, 0.0, None))
        number += 1

    assert BYTES / 8 < grown() <= BYTES * 1.05
    assert cached.find(region, page) is not None


def test_a_region_that_fails_in_each_folder_keeps_no_text_of_its_sources(
    static: Path, write: Write, grown: Callable[[], int]
) -> None:
    write("big.css", "a { color: red }\n" * (SHEET_BYTES // 17))
    style = b"<style>b { background: url(b.png) }</style><!-- endcompress"
    site = Site(static, css_region("big.css", "gone.css").replace(b"<!-- endcompress", style))
    site.get("/first/page")
    before = grown()
    for number in range(PATHS):
        assert site.get(f"/{number}/page").body == site.page

    assert grown() - before < PATHS * SHEET_BYTES / 10


def test_a_region_that_fails_on_all_paths_is_kept_once(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }")
    site = Site(static, css_region("a.css", "gone.css"))
    for number in range(PATHS):
        site.get(f"/{number}/page")

    assert len(site.app._core.pipeline._cached_regions._regions) == 1


def test_a_generated_file_is_known_for_as_long_as_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached_regions, "MAX_BYTES", BYTES)
    cached, page = CachedRegions(None), Page("", "/")
    for number in range(100):
        region = with_raw(b"%d" % number + b"x" * 100_000)
        cached.remember(region, page, CachedRegion(Rendered(b"", (("css", f"{number}"),)), 0.0, None))

    assert cached.origin("0") is None
    assert cached.origin("99") == (region, page)


def test_a_file_of_two_regions_is_known_by_the_one_that_is_left() -> None:
    cached, page = CachedRegions(None), Page("", "/")
    first, second = with_raw(b"first"), with_raw(b"second")
    for region in (first, second, first):
        cached.remember(region, page, CachedRegion(Rendered(b"", (("css", "a"),)), 0.0, None))
    cached.forget(second, page)

    assert cached.origin("a") == (first, page)


@pytest.mark.parametrize(
    ("raw", "preloads"),
    [
        (b'<link rel="stylesheet" href="https://cdn.example/a.css">', ()),
        (b"<link rel=stylesheet href=/a.css>", (b'<link as=style href="//cdn.example/a.css">',)),
    ],
    ids=["the region", "a preload"],
)
def test_a_host_counts_only_as_a_whole(raw: bytes, preloads: tuple[bytes, ...]) -> None:
    """Any visitor chooses the Host that it sends."""
    cached, page = CachedRegions(None), Page("", "/", preloads=preloads)
    hosts = ("", "c", "cd", "cdn", "example", "//cdn.example", "cdn.example/a", "cdn.example:80")

    assert len({cached.key(with_raw(raw), replace(page, host=host)) for host in hosts}) == 1
    assert (
        len({cached.key(with_raw(raw), replace(page, host=host)) for host in ("", "CDN.example", "cdn.example")}) == 2
    )


@pytest.mark.parametrize("failed", [None, Failure("it is missing", True)])
def test_what_an_earlier_look_has_found_takes_not_the_place_of_a_later_one(failed: Failure | None) -> None:
    regions = CachedRegions("/pressmark/")
    region, one, other = with_raw(b"region"), Page("", "/one"), Page("", "/other")
    later = CachedRegion(Rendered(b"new"), 2.0, None, failed)
    earlier = CachedRegion(Rendered(b"old"), 1.0, None)
    regions.remember(region, one, later)

    kept = regions.remember(region, other, earlier)

    assert kept is regions.find(region, one) is (later if failed is None else earlier)
    latest = CachedRegion(Rendered(b"newest"), 3.0, None)
    assert regions.remember(region, other, latest) is regions.find(region, one) is latest
