"""The cached regions of a process: their HTML as it left, and the region from which each generated file comes."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.bounded import bytes_of, make_room
from pressmark.concurrency.green import native_lock
from pressmark.http.security_policy import allows_bundle, allows_nonce
from pressmark.model import Page, Region, Rendered
from pressmark.page.named_urls import names_host
from pressmark.page.nonces import STAND_IN
from pressmark.page.preloads import bears_on

MAX_BYTES = 64 << 20
"""The memory of all cached regions with their keys, pages and sources."""
ENTRY_BYTES = 2500
"""The memory of an entry beside these: its key, its place in tables, a subrequest."""
COPIES = 3
"""How often a key and a subrequest hold the host and path of a page once more."""
MAX_UNBUILT = 4096
MAX_RECENT = 256
MAX_RECENT_BYTES = 1 << 13
# What may be a URL of nothing but a query, which is one of the page's own path.
_QUERY_ONLY = re.compile(rb"[=(\"']\s*\?")


@dataclass(frozen=True, slots=True)
class Failure:
    """The *cause* for which a region leaves as it was written. It *is_of_source* if a source cannot be used."""

    cause: str
    is_of_source: bool = False


@dataclass(frozen=True, slots=True)
class CachedRegion:
    """A region as it leaves, *failed_at* that time if it has *failed*."""

    rendered: Rendered
    looked_at: float
    generation: object
    failed: Failure | None = None
    failed_at: float = 0.0

    @property
    def has_answers(self) -> bool:
        """Tell whether it has sources that the application answers, which may be slow to ask again."""
        return any(source.is_answer for source in self.rendered.sources)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A region of *page* with what is cached for it: ``None`` if the page's folder is a part of the key."""

    cached: CachedRegion | None
    region: Region
    page: Page
    size: int


class _Recent(NamedTuple):
    """What was found for a *region* on a page of these *facts* when the table had that *version*."""

    region: Region
    facts: tuple[object, ...]
    version: int
    cached: CachedRegion | None


class CachedRegions:
    """The cached regions by their keys, bounded in bytes: a dropped one is built again.

    A generated file is known by the region that names it, and for as long as that is cached.

    *public_url* is that of bundles.
    """

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url
        self._regions: dict[Hashable, _Entry] = {}
        self._origins: dict[str, Hashable] = {}  # the keys of the regions that name files
        self._bytes = 0
        self._unbuilt: dict[int, float] = {}  # the times at which nothing was there, by the hashes of keys
        self.version = 0  # of the table, another with each change of an entry
        # What was found last for regions, by their identities: to make and hash a key takes longer than all the rest.
        self._recent: dict[int, _Recent] = {}
        self._recent_version = 0
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()

    def find(self, region: Region, page: Page) -> CachedRegion | None:
        """Return the cached region, ``None`` if it is cold."""
        facts, recent = _facts(page), self._recent.get(id(region))
        if recent is not None and recent.region is region and recent.version == self.version and recent.facts == facts:
            return recent.cached
        version = self.version
        if version != self._recent_version:  # what was dropped must not be kept
            self._recent, self._recent_version = {}, version
        cached = self._find(region, page)
        if len(region.raw) <= MAX_RECENT_BYTES:
            make_room(self._recent, MAX_RECENT)
            self._recent[id(region)] = _Recent(region, facts, version, cached)
        return cached

    def _find(self, region: Region, page: Page) -> CachedRegion | None:
        key = self.key(region, page)
        entry = self._regions.get(key)
        if entry is not None and entry.cached is None:
            entry = self._regions.get((key, _folder(region, page)))
        return entry.cached if entry is not None else None

    def key(self, region: Region, page: Page) -> Hashable:
        """Return all that the rendered region depends on, but for the folder of the page.

        Of a policy only its effects count: it may hold a nonce, and so differ from request to request. The host counts
        only if the region names it.
        """
        policy = bool(page.policies) and allows_bundle(page.policies, region.kind, self._public_url)
        preloads = frozenset(tag for tag in page.preloads if bears_on(tag, region.kind, region.body))
        around = (url.encode("utf-8") for url in region.around.modules) if region.around else ()
        is_host_named = any(names_host(raw, page.host) for raw in (region.raw, *region.head, *preloads, *around))
        return (
            region.raw,
            region.head,
            region.in_head,
            region.after_pre,
            page.mount,
            page.charset,
            bool(page.policies),
            policy,
            bool(page.policies) and allows_nonce(page.policies, region.kind, STAND_IN),
            page.is_plain,
            page.is_behind_route,
            page.is_document,
            preloads,
            page.subrequest is not None and page.host.lower(),  # for the application another host may be another site
            is_host_named and page.host.lower(),
            region.around,
            region.has_modules and page.has_module_links,
        )

    def remember(self, region: Region, page: Page, cached: CachedRegion) -> CachedRegion:
        """Keep *cached* for *region*, and *region* as the one from which its files come.

        Returns what is kept: that of a later look, if another page's came back first.
        """
        key = self.key(region, page)
        copies = COPIES * (len(page.host) + len(page.path))
        size = ENTRY_BYTES + bytes_of(region) + bytes_of(page) + copies
        with self._lock:
            known = self._find(region, page)
            if known is not None and known.failed is None and known.looked_at > cached.looked_at:
                return known
            if cached.rendered.depends_on_path:
                self._put(key, _Entry(None, region, page, size))
                key = (key, _folder(region, page))
            self._put(key, _Entry(cached, region, page, size + bytes_of(cached)))
            return cached

    def unbuilt_at(self, region: Region, page: Page) -> float | None:
        """Return the time at which an error page left *region* as it was written, ``None`` if none did."""
        return self._unbuilt.get(hash(self.key(region, page)))

    def remember_unbuilt(self, region: Region, page: Page, now: float) -> None:
        """Note that an error page has left *region* as it was written, *now* and in whatever folder.

        A hash of the key is enough, and small: anybody may ask for any number of such pages.
        """
        make_room(self._unbuilt, MAX_UNBUILT)
        self._unbuilt[hash(self.key(region, page))] = now

    def origin(self, name: str) -> tuple[Region, Page] | None:
        """Return the region and the page from which the generated file *name* comes, ``None`` if that is not known.

        The page counts as expected, so that the file can be built: an error page names only what had been built.
        """
        entry = self._regions.get(self._origins.get(name))
        return (entry.region, replace(entry.page, as_expected=True)) if entry is not None else None

    def forget(self, region: Region, page: Page) -> None:
        """Drop *region*, so that it is built anew."""
        with self._lock:
            self._drop(self.key(region, page))

    def clear(self) -> None:
        """Drop all regions."""
        with self._lock:
            for key in list(self._regions):
                self._drop(key)
            self._unbuilt.clear()

    def _put(self, key: Hashable, entry: _Entry) -> None:
        """Keep *entry* in the place of the oldest ones, as long as it needs room."""
        self._drop(key)
        self._regions[key] = entry
        self.version += 1  # now: who has found nothing so far must look again
        self._bytes += entry.size
        for name in _files(entry):
            self._origins[name] = key
        while self._bytes > MAX_BYTES and len(self._regions) > 1:
            self._drop(next(iter(self._regions)))

    def _drop(self, key: Hashable) -> None:
        entry = self._regions.pop(key, None)
        if entry is not None:
            self.version += 1
            self._bytes -= entry.size
            for name in _files(entry):
                if self._origins.get(name) == key:
                    del self._origins[name]


def _facts(page: Page) -> tuple[object, ...]:
    """Return all of a page that what is cached for its regions may depend on."""
    return (
        page.path, page.host, page.mount, page.charset, page.policies, page.preloads, page.is_plain,
        page.is_behind_route, page.is_document, page.subrequest is None, page.has_module_links,
    )  # fmt: skip


def _files(entry: _Entry) -> Iterator[str]:
    return (name for _, name in entry.cached.rendered.files) if entry.cached is not None else iter(())


def _folder(region: Region, page: Page) -> str:
    """Return the part of a page's path against which the relative URLs of *region* are resolved."""
    return page.path if _QUERY_ONLY.search(region.raw) else page.path.rpartition("/")[0]
