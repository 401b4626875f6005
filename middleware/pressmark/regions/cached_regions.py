"""The cached regions of a process: their HTML as it left, and the region from which each generated file comes."""

from collections.abc import Hashable
from dataclasses import dataclass

from pressmark.concurrency.bounded import make_room
from pressmark.http.security_policy import allows_bundle, allows_nonce
from pressmark.model import Page, Region, Rendered
from pressmark.page.nonces import STAND_IN
from pressmark.page.preloads import bears_on

MAX_REGIONS = 4096
MAX_ORIGINS = 4096


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
    """The cached regions by their keys, bounded in number: a dropped one is built again.

    *public_url* is that of bundles.
    """

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url
        self._regions: dict[Hashable, CachedRegion | None] = {}  # None: the page's path is a part of the key
        self._origins: dict[str, tuple[Region, Page]] = {}

    def find(self, region: Region, page: Page) -> CachedRegion | None:
        """Return the cached region, ``None`` if it is cold."""
        key = self.key(region, page)
        cached = self._regions.get(key)
        return self._regions.get((key, page.path)) if cached is None and key in self._regions else cached

    def key(self, region: Region, page: Page) -> Hashable:
        """Return all that the rendered region depends on, but for the page's path.

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
        if cached.rendered.depends_on_path:
            if key not in self._regions:
                make_room(self._regions, MAX_REGIONS - 1)
            self._regions[key] = None
            key = (key, page.path)
        if key not in self._regions:
            make_room(self._regions, MAX_REGIONS)
        self._regions[key] = cached
        for _, name in cached.rendered.files:
            if name not in self._origins:
                make_room(self._origins, MAX_ORIGINS)
            self._origins[name] = (region, page)

    def origin(self, name: str) -> tuple[Region, Page] | None:
        """Return the region and the page from which the generated file *name* comes, ``None`` if that is not known."""
        return self._origins.get(name)

    def forget(self, region: Region, page: Page) -> None:
        """Drop *region*, so that it is built anew."""
        self._regions.pop(self.key(region, page), None)
