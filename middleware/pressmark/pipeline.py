"""The walk, told once: what becomes of a region, and what of a request to the endpoint.

``look_up`` and ``peek`` answer from memory and never block; what they cannot answer, ``begin`` and ``respond`` do.
Whatever goes wrong on the way, a region leaves as it was written: this is the one place that catches everything.
"""

import logging
import time
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import replace

from pressmark.concurrency.single_flight import SingleFlight
from pressmark.errors import AssetError, RegionError
from pressmark.http.early_hints import EarlyHints
from pressmark.model import FileKind, Page, Region, Reply, Request, Text
from pressmark.page.scanned_pages import ScannedPages
from pressmark.page.scanner import marker_error
from pressmark.protocols import Clock, Resolver, Store
from pressmark.regions.cached_regions import CachedRegion, CachedRegions
from pressmark.regions.renderer import Rendered, Renderer
from pressmark.report.explanation import Explanation, comment_of, comment_on
from pressmark.serve.bodies import Bodies
from pressmark.serve.endpoint import Endpoint

logger = logging.getLogger("pressmark")

EXPLAIN = "why"
"""The value of the debug toggle that asks for comments on what became of each region."""
MAX_TOLD = 4096
MAX_TOLD_PAGES = 8
"""How many pages a log names for one fault of their markup."""
SWEEP_S = 86400.0
STORE_LOOK_S = 1.0
"""Seconds between two looks whether the store still is the one that it was, where sources are never looked at."""
RECOVERY_S = 10.0
"""Seconds that a request for a lost bundle waits for it to be built again."""
RETRY_S = 30.0
"""Seconds after which a region is tried again that failed for another reason than a missing source."""


class Pipeline:
    """Renders regions and answers requests for what came of them.

    *refresh* is how many seconds sources count as unchanged (``None``: for ever), *build_wait* how many a page waits.
    With *asks* the application is asked for what no directory holds.
    """

    def __init__(  # noqa: PLR0913  # the assembly names each part once
        self,
        *,
        renderer: Renderer,
        resolver: Resolver,
        store: Store,
        endpoint: str,
        maps: str | None,
        has_private_maps: bool,
        public_url: str | None,
        refresh: float | None,
        build_wait: float | None,
        strict: bool,
        enabled: bool,
        debug_toggle: str | None,
        has_precompilers: bool = False,
        makes_subrequests: bool = False,
        hints: EarlyHints | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._renderer, self._resolver, self._store = renderer, resolver, store
        # One thread for what nobody waits for: it must not take the place of builds, nor all processors.
        self._background: SingleFlight[None] = SingleFlight(store.release, threads=1)
        bodies = Bodies(self._load, store, self._background.submit)
        self._endpoint = Endpoint(endpoint, bodies, maps=maps, has_private_maps=has_private_maps)
        self.owns, self.peek = self._endpoint.owns, self._endpoint.peek
        self._refresh, self.build_wait, self._strict, self._clock = refresh, build_wait, strict, clock
        self._enabled, self._debug_toggle, self._has_precompilers = enabled, debug_toggle, has_precompilers
        self.has_toggle = debug_toggle is not None
        self.hints, self.makes_subrequests = hints, makes_subrequests
        self._builds: SingleFlight[Rendered] = SingleFlight(store.release)
        self._memo = CachedRegions(public_url)
        self.scanned_pages = ScannedPages()
        self._warned: set[str] = set()
        self._told: dict[str, set[str]] = {}
        self._swept_at = -SWEEP_S
        self._generation: object = None  # the store's, when it was last looked at

    # Requests

    def respond(self, request: Request) -> Reply:
        """Return the reply. Blocks: may read the store, build and compress. Raises nothing."""
        try:
            return self._endpoint.reply(request)
        except Exception:
            logger.exception("the endpoint failed on %r", request.path)
            return Reply(503, (("Content-Length", "0"), ("Cache-Control", "no-store"), ("Retry-After", "1")), b"")

    def _load(self, kind: FileKind, name: str) -> bytes | None:
        content = self._store.get(kind, name)
        origin = self._memo.origin(name)
        if content is None and origin is not None:  # the store has lost what a page of ours names
            self._memo.forget(*origin)
            wait((self.begin(*origin),), RECOVERY_S)
            content = self._store.get(kind, name)
        return content

    def log_skipped(self, path: str, reason: str) -> None:
        """Log *reason*, why something of the page at *path* stays, once for each of a few pages."""
        if self._is_new_page(reason, path):
            logger.warning("in %s, %s", path, reason)

    # Regions

    def is_untouched(self, query: str) -> bool:
        """Tell whether the page that was asked for with *query* leaves as it was written."""
        return not self._has_precompilers and self.is_plain(query)

    def is_plain(self, query: str) -> bool:
        """Tell whether nothing is made for the page that was asked for with *query* but what no browser could read."""
        if self._debug_toggle is None:
            return not self._enabled
        return not self._enabled or self._toggle(query) not in (None, EXPLAIN)

    def explains(self, query: str) -> bool:
        """Tell whether each region of the page that was asked for with *query* says what became of it."""
        return self._toggle(query) == EXPLAIN

    def without_toggle(self, query: str) -> str:
        """Return *query* as the application gets it: to ask in which form a page leaves is no affair of its own."""
        toggle = self._debug_toggle
        if toggle is None or toggle not in query:
            return query
        return "&".join(parameter for parameter in query.split("&") if parameter.partition("=")[0] != toggle)

    def _toggle(self, query: str) -> str | None:
        toggle = self._debug_toggle
        if toggle is None or toggle not in query:
            return None
        parameters = (parameter.partition("=") for parameter in query.split("&"))
        return next((value for name, _, value in parameters if name == toggle), None)

    def look_up(self, region: Region, page: Page) -> Rendered | None:
        """Return what replaces *region* if it is warm: known, and looked at not long ago. Never blocks."""
        warm = None if page.is_explained else self._memo.find(region, page)
        if warm is None or (warm.failed is not None and self._strict):
            return None
        if self._clock() - warm.looked_at < self._interval(warm):
            return warm.rendered
        if self._refresh == 0 or not warm.may_lag:
            return None
        self.begin(region, page)
        return warm.rendered

    def begin(self, region: Region, page: Page) -> "Future[Rendered]":
        """Return the future of what replaces *region*; all who ask meanwhile get the same one."""
        try:
            render = self._explain if page.is_explained else self._render
            key = self._memo.key(region, page), page.path, page.is_explained
            return self._builds.submit(key, lambda: render(region, page))
        except Exception as error:
            self._report(region, page, error)
            future: Future[Rendered] = Future()
            future.set_result(Rendered(region.raw))
            return future

    def flawed(self, text: Text, page: Page) -> bytes:
        """Return what *text* with its flaw leaves as: with a comment on it, if asked for. Raises only when strict."""
        error = marker_error(text)
        self._report(None, page, error)
        if self._strict:
            raise error
        return comment_on(error) + text.raw if page.is_explained else text.raw

    def landed(self, future: "Future[Rendered]", region: Region, page: Page, timeout: float | None) -> Rendered:
        """Return the result of *future*; if it is not there in *timeout* seconds, what was there before.

        That is what the region became last time, or else the region as it was written.
        """
        if wait((future,), timeout).done:
            return future.result()
        warm = self._memo.find(region, page)
        # Not asked of the store: a disk that is slow now would hold up the event loop.
        if warm is not None and warm.failed is None and warm.generation == self._generation:
            return warm.rendered
        logger.info("a %s region is built in the background; the page went out with the original", region.kind)
        return Rendered(region.raw)

    def _interval(self, warm: CachedRegion) -> float:
        interval = STORE_LOOK_S if self._refresh is None else self._refresh
        if warm.failed is None or isinstance(warm.failed, AssetError) or warm.rendered.sources:
            return interval
        return max(RETRY_S, interval)

    def _fails_still(self, warm: CachedRegion, page: Page, now: float) -> bool:
        """Tell whether a region would hardly fare better than the last time: nothing that was read for it is new."""
        is_new = isinstance(warm.failed, AssetError) or not warm.rendered.sources or self._strict
        is_recent = not is_new and now - warm.failed_at < RETRY_S
        return is_recent and self._has_no_news(warm, page)

    def _render(self, region: Region, page: Page) -> Rendered:
        """Return what replaces *region*, by a look at its sources or by a build. Raises only when strict."""
        started = self._clock()
        self._sweep(started)
        warm = self._memo.find(region, page)
        try:
            if warm is not None and warm.failed is not None and self._fails_still(warm, page, started):
                self._memo.remember(region, page, replace(warm, looked_at=self._clock()))
                return warm.rendered
            if warm is not None and warm.failed is None and self._is_current(warm, page):
                self._use(warm.rendered)
                self._memo.remember(region, page, replace(warm, looked_at=self._clock() if warm.may_lag else started))
                return warm.rendered
            generation = self._generation = self._store.generation()
            rendered = self._renderer.render(region, page)
            self._use(rendered)
        except Exception as error:
            self._report(region, page, error)
            if self._strict:
                raise
            # What failed on this path may do well on another.
            sources = error.sources if isinstance(error, RegionError) else ()
            rendered = Rendered(region.raw, sources=sources, depends_on_path=True)
            self._memo.remember(region, page, CachedRegion(rendered, started, None, error, started))
            return rendered
        if warm is not None and warm.failed is not None:
            self._warned.discard(_cause(warm.failed))  # should it come back, it is worth another line
        if rendered.is_lasting:
            if generation is None:  # there was no directory before
                generation = self._generation = self._store.generation()
            self._memo.remember(region, page, CachedRegion(rendered, started, generation))
        return rendered

    def _use(self, rendered: Rendered) -> None:
        """Note that a page names what was generated for a region, be it by this process or another."""
        for kind, name in rendered.files:
            self._store.use(kind, name)

    def explain(self, region: Region, page: Page) -> Explanation:
        """Return why *region* becomes what it does, by planning it anew. Blocks."""
        return self._renderer.explain(region, page)

    def _explain(self, region: Region, page: Page) -> Rendered:
        rendered = self._render(region, page)
        try:
            return replace(rendered, html=comment_of(self._renderer.explain(region, page)) + rendered.html)
        except Exception as error:
            self._report(region, page, error)
            return rendered

    def _sweep(self, now: float) -> None:
        """Have the store swept in the background, once a day."""
        if now - self._swept_at >= SWEEP_S:
            self._swept_at = now
            with suppress(RuntimeError):  # the system gives no thread: another day will do
                self._background.submit("sweep", self._store.sweep)

    def _is_current(self, warm: CachedRegion, page: Page) -> bool:
        self._generation = self._store.generation()
        return self._generation == warm.generation and self._has_no_news(warm, page)

    def _has_no_news(self, warm: CachedRegion, page: Page) -> bool:
        """Tell whether all that a region was made from is surely what it was, as far as anybody looks."""
        sources = () if self._refresh is None else warm.rendered.sources
        return all(self._resolver.is_current(source, page) for source in sources)

    def _report(self, region: Region | None, page: Page, error: Exception) -> None:
        """Log why a region, or a marker that belongs to none, stays as it is, once per cause."""
        if region is None:
            self.log_skipped(page.path, str(error))
            return
        if not self._is_new(_cause(error)):
            return
        if isinstance(error, RegionError):
            logger.warning("a %s region of %s leaves as it was written: %s", region.kind, page.path, error)
        else:
            logger.error("a %s region of %s leaves as it was written", region.kind, page.path, exc_info=error)

    def _is_new_page(self, cause: str, path: str) -> bool:
        """Tell whether *cause* is new in the page at *path*. Of a fault that all pages share a few are told."""
        told = self._told.setdefault(cause, set()) if len(self._told) < MAX_TOLD else set[str]()
        if path in told or len(told) >= MAX_TOLD_PAGES:
            return False
        told.add(path)
        return True

    def _is_new(self, cause: str) -> bool:
        if cause in self._warned:
            return False
        if len(self._warned) >= MAX_TOLD:
            self._warned.clear()
        self._warned.add(cause)
        return True


def _cause(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
