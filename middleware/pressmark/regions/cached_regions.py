"""The cached regions of a process: their HTML as it left, and the region from which each generated file comes."""

import re
import threading
from collections.abc import Hashable
from dataclasses import dataclass

from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.bounded import make_room
from pressmark.http.security_policy import allows_bundle, allows_nonce
from pressmark.model import Page, Region, Rendered
from pressmark.page.nonces import STAND_IN
from pressmark.page.preloads import bears_on

MAX_BYTES = 64 << 20
"""All cached regions with their keys, as far as pages and sources make them large."""
ENTRY_BYTES = 2000
"""What an entry takes beside its texts."""
MAX_ORIGINS = 4096
# What may be a URL of nothing but a query, which is one of the page's own path.
_QUERY_ONLY = re.compile(rb"[=(\"']\s*\?")


@dataclass(frozen=True, slots=True)
class CachedRegion:
    """A region as it leaves.

    *failed* is the error for which it leaves as it was written, if there is one, and *failed_at* the time of that.
    """

    rendered: Rendered
    looked_at: float
    generation: object
    failed: Exception | None = None
    failed_at: float = 0.0

    @property
    def has_answers(self) -> bool:
        """Tell whether it has sources that the application answers, which may be slow to ask again."""
        return any(source.is_answer for source in self.rendered.sources)


class CachedRegions:
    """The cached regions by their keys, bounded in bytes: a dropped one is built again.

    *public_url* is that of bundles.
    """

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url
        self._regions: dict[Hashable, CachedRegion | None] = {}  # None: the page's folder is a part of the key
        self._sizes: dict[Hashable, int] = {}
        self._bytes = 0
        self._origins: dict[str, tuple[Region, Page]] = {}
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = threading.Lock()

    def find(self, region: Region, page: Page) -> CachedRegion | None:
        """Return the cached region, ``None`` if it is cold."""
        key = self.key(region, page)
        cached = self._regions.get(key)
        return self._regions.get((key, _folder(region, page))) if cached is None and key in self._regions else cached

    def key(self, region: Region, page: Page) -> Hashable:
        """Return all that the rendered region depends on, but for the folder of the page.

        Of a policy only its effects count: it may hold a nonce, and so differ from request to request. The host counts
        only if the region names it.
        """
        policy = bool(page.policies) and allows_bundle(page.policies, region.kind, self._public_url)
        named = [raw.lower() for raw in (region.raw, *region.head) if b"//" in raw]
        host = page.host.lower().encode("latin-1", "replace") if named else b""
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
            page.preloads and tuple(tag for tag in page.preloads if bears_on(tag, region.body)),
            page.subrequest is not None and page.host.lower(),  # for the application another host may be another site
            any(host in raw for raw in named) and host,
        )

    def remember(self, region: Region, page: Page, cached: CachedRegion) -> None:
        """Keep *cached* for *region*, and *region* as the one from which its files come."""
        key = self.key(region, page)
        size = len(region.raw) + len(cached.rendered.html) + sum(map(len, region.head)) + ENTRY_BYTES
        with self._lock:
            if cached.rendered.depends_on_path:
                self._put(key, None, size)
                key = (key, _folder(region, page))
            self._put(key, cached, size + len(page.path))
        for _, name in cached.rendered.files:
            if name not in self._origins:
                make_room(self._origins, MAX_ORIGINS)
            self._origins[name] = (region, page)

    def origin(self, name: str) -> tuple[Region, Page] | None:
        """Return the region and the page from which the generated file *name* comes, ``None`` if that is not known."""
        return self._origins.get(name)

    def forget(self, region: Region, page: Page) -> None:
        """Drop *region*, so that it is built anew."""
        with self._lock:
            self._drop(self.key(region, page))

    def _put(self, key: Hashable, cached: CachedRegion | None, size: int) -> None:
        """Keep *cached* in the place of the oldest ones, as long as it needs room."""
        self._drop(key)
        self._regions[key], self._sizes[key] = cached, size
        self._bytes += size
        while self._bytes > MAX_BYTES and len(self._regions) > 1:
            self._drop(next(iter(self._regions)))

    def _drop(self, key: Hashable) -> None:
        self._regions.pop(key, None)
        self._bytes -= self._sizes.pop(key, 0)


def _folder(region: Region, page: Page) -> str:
    """Return the part of a page's path against which the relative URLs of *region* are resolved."""
    return page.path if _QUERY_ONLY.search(region.raw) else page.path.rpartition("/")[0]
