"""The two walks through Pressmark: that of a region in a page, and that of a request to the endpoint.

``look_up`` and ``peek`` answer from memory and never block. For all else ``begin`` starts a build on another thread,
and ``respond`` blocks. If anything fails, a region leaves as it was written: every exception is caught here.
"""

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from pressmark.concurrency.green import run_at_home
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.errors import (
    AssetError,
    OfflineGenerationError,
    PublishError,
    RegionError,
    SharedStoreError,
    StoreError,
)
from pressmark.events import FileServed, OnEvent, Outcome, RegionBuilt, RegionRendered
from pressmark.model import FileKind, Page, Region, Rendered, Reply, Request, Text
from pressmark.page.scanner import marker_error
from pressmark.protocols import Store
from pressmark.regions.cached_regions import CachedRegion, CachedRegions, Failure
from pressmark.regions.freshness import Freshness
from pressmark.regions.rebuilding import Rebuilder
from pressmark.regions.renderer import Renderer
from pressmark.report.explanation import Explanation, comment_of, comment_on
from pressmark.report.log_once import LogOnce, cause_of
from pressmark.report.overlay import overlay_for
from pressmark.serve.bodies import Load
from pressmark.serve.endpoint import Endpoint

logger = logging.getLogger("pressmark")

SWEEP_S = 86400.0
RECOVERY_S = 10.0
"""Seconds that a request for a lost bundle waits for it to be built again."""
RENEWAL_S = 10.0  # one that cannot be built never agrees with the others


class PipelineOptions(NamedTuple):
    """What holds for all pages.

    A page waits *build_wait* seconds for its regions, ``None`` without end. If it is *strict*, a region that cannot be
    built raises. If it *shows_errors*, a page shows why a region of it was not built.
    """

    build_wait: float | None
    strict: bool = False
    shows_errors: bool = False


class Pipeline:
    """Renders regions and answers requests for the files generated for them.

    *make_endpoint* is called with the function that loads a generated file. *builds* run on other threads, and so do
    *patient_builds*, which may wait long for a compiler. Pages wait for both, nobody for work in the *background*.
    *on_event* hears of regions.
    """

    def __init__(  # noqa: PLR0913  # the assembly names each part once
        self,
        *,
        renderer: Renderer,
        store: Store,
        make_endpoint: Callable[[Load], Endpoint],
        cached_regions: CachedRegions,
        freshness: Freshness,
        log_once: LogOnce,
        builds: SingleFlight[Rendered],
        patient_builds: SingleFlight[Rendered],
        rebuilder: Rebuilder,
        background: SingleFlight[None],
        options: PipelineOptions,
        on_event: OnEvent | None = None,
    ) -> None:
        self._renderer, self._store = renderer, store
        self._endpoint = make_endpoint(self._load)
        self.owns, self.peek = self._endpoint.owns, self._endpoint.peek
        self._cached_regions, self._freshness, self._log_once = cached_regions, freshness, log_once
        self.log_skipped = log_once.page
        self._builds, self._patient_builds, self._background = builds, patient_builds, background
        self._rebuilder = rebuilder
        self._options, self._on_event = options, on_event
        self.needs_compiler = renderer.needs_compiler
        self._swept_at, self._renewed_at = -SWEEP_S, -RENEWAL_S

    @property
    def build_wait(self) -> float | None:
        """The seconds that a page waits for its regions, ``None`` if it waits for all of them: what is noted, too."""
        return None if self._renderer.is_noted else self._options.build_wait

    # Requests

    def respond(self, request: Request) -> Reply:
        """Return the reply. Blocks: may read the store, build and compress. Raises nothing."""
        try:
            return self._endpoint.reply(request)
        except StoreError as error:
            self._log_once.request(request.path, str(error))
        except Exception:
            logger.exception("request for %r was answered with 503: the endpoint failed", request.path)
        if self._on_event is not None:
            self._on_event(FileServed("", 503, "identity", 0))
        return Reply(503, (("Content-Length", "0"), ("Cache-Control", "no-store"), ("Retry-After", "1")), b"")

    def _load(self, kind: FileKind, name: str, recipe: str) -> bytes | None:
        try:
            content = self._store.get(kind, name)
        except PublishError as error:
            return error.content
        except StoreError:
            content = self._rebuilder.rebuilt(kind, name, recipe, RECOVERY_S)
            if content is None:
                raise
        if content is None:
            content = self._rebuilder.rebuilt(kind, name, recipe, RECOVERY_S)
        origin = self._cached_regions.origin(name)
        if content is None and origin is not None:  # the store has lost a file that a page names
            self._cached_regions.forget(*origin)
            wait((self.begin(*origin),), RECOVERY_S)
            content = self._store.get(kind, name)
        if content is None and kind != "map":
            self._log_once.lost(kind, name)
        return content

    # Regions

    def look_up(self, region: Region, page: Page) -> Rendered | None:
        """Return the HTML that replaces *region* if it is fresh or lagging, else ``None``. Never blocks."""
        rendered = self._look_up(region, page)
        return self._told(rendered, "warm", region, page) if rendered is not None else None

    def _look_up(self, region: Region, page: Page) -> Rendered | None:
        if page.is_explained:
            return None
        cached = self._cached_regions.find(region, page)
        if cached is not None and cached.failed is not None and self._options.strict:
            return None
        if cached is not None and self._freshness.is_fresh(cached):
            return cached.rendered
        if not page.as_expected and self._freshness.is_unbuilt(self._cached_regions.unbuilt_at(region, page)):
            return Rendered(region.raw)
        if cached is None or not self._freshness.may_lag(cached):
            return None
        self.begin(region, page)
        return cached.rendered

    def begin(self, region: Region, page: Page) -> "Future[Rendered]":
        """Return the future of the HTML that replaces *region*; all callers meanwhile share it. Never blocks."""
        try:
            render = self._explain if page.is_explained else self._render
            key = self._cached_regions.key(region, page), page.path, page.is_explained, page.as_expected
            builds = self._patient_builds if self.needs_compiler(region) else self._builds
            return builds.submit(key, lambda: render(region, page))
        except Exception as error:
            self._log_once.region(region, page.path, error)
            future: Future[Rendered] = Future()
            future.set_result(Rendered(region.raw))
            return future

    def foresee(self, region: Region, page: Page) -> None:
        """Begin to build *region* if it is cold, as the page will soon ask for it. Never blocks."""
        if self._look_up(region, page) is None:
            self.begin(region, page)

    def landed(self, future: "Future[Rendered]", region: Region, page: Page) -> Rendered:
        """Return the result of *future*; if it is not there yet, the cached region, else the region as it was written.

        Never blocks. Raises only when strict.
        """
        if future.done():
            return self._told(future.result(), "cold", region, page)
        cached = self._cached_regions.find(region, page)
        if cached is not None and self._freshness.is_usable(cached):
            return self._told(cached.rendered, "warm", region, page)
        self._log_once.background(region, page.path)
        if self._on_event is not None:
            self._on_event(RegionRendered(region.kind, "kept", "WaitedTooLong"))
        return Rendered(region.raw)

    def _told(self, rendered: Rendered, outcome: Outcome, region: Region, page: Page) -> Rendered:
        """Return *rendered*, after whoever measures has heard of it."""
        if self._on_event is not None:
            self._on_event(self._event(rendered, outcome, region, page))
        return rendered

    def _event(self, rendered: Rendered, outcome: Outcome, region: Region, page: Page) -> RegionRendered:
        """Return the event of *region*, which leaves as *rendered*."""
        if rendered.html != region.raw:
            return RegionRendered(region.kind, outcome)
        cached = self._cached_regions.find(region, page)
        if cached is not None and cached.failed is not None:
            return RegionRendered(region.kind, "kept", cached.failed.cause.partition(":")[0])
        return RegionRendered(region.kind, "kept", "NothingToBundle" if page.as_expected else "ErrorPage")

    def flawed(self, text: Text, page: Page) -> bytes:
        """Return *text*, which has a flaw, with a comment on it if the page asks for one. Raises only when strict."""
        error = marker_error(text)
        self._log_once.marker(page.path, str(error))
        if self._options.strict:
            raise error
        return comment_on(error) + text.raw if page.is_explained else text.raw

    def renew(self, regions: Iterable[Region], page: Page) -> None:
        """Have *regions* of *page*, whose modules do not agree, built anew, once in ``RENEWAL_S``. Never blocks."""
        if self._freshness.now() - self._renewed_at < RENEWAL_S:
            return
        self._renewed_at = self._freshness.now()
        self._log_once.page(page.path, "its regions know different versions of its modules: they are built anew")
        for region in regions:
            self._cached_regions.forget(region, page)

    def explain(self, region: Region, page: Page) -> Explanation:
        """Return the explanation of *region*: plan it anew. Blocks."""
        return self._renderer.explain(region, page)

    def _render(self, region: Region, page: Page) -> Rendered:
        """Return the HTML that replaces *region*, after a look at its sources or a build. Raises only when strict."""
        started = self._freshness.now()
        self._sweep(started)
        cached = self._cached_regions.find(region, page)
        try:
            current = self._freshness.after_look(cached, page, started) if cached is not None else None
            return self._build(region, page, cached, started) if current is None else self._keep(region, page, current)
        except Exception as error:
            self._log_once.region(region, page.path, error)
            if self._options.strict or isinstance(error, OfflineGenerationError):
                raise
            rendered = self._failed(region, page, error)
            # Not the error itself: its traceback would keep all that was read for the region.
            failure = Failure(cause_of(error), isinstance(error, AssetError))
            return self._remember(region, page, CachedRegion(rendered, started, None, failure, self._freshness.now()))

    def _failed(self, region: Region, page: Page, error: Exception) -> Rendered:
        """Return the HTML of a region that cannot be built: as it was written, or what its error has for it."""
        found = Rendered(region.raw, depends_on_path=True)
        if isinstance(error, RegionError):
            found = replace(error.fallback or found, sources=error.sources, depends_on_path=error.depends_on_path)
        if self._options.shows_errors and not page.policies:
            text = f"{region.kind} region on {page.path}: {error}"
            found = replace(found, html=found.html + overlay_for(text))
        with suppress(StoreError):
            self._use(found, page)
        return found

    def _build(self, region: Region, page: Page, cached: CachedRegion | None, started: float) -> Rendered:
        generation, began = self._freshness.read_generation(), time.perf_counter()
        rendered = self._renderer.render(region, page)
        if (on_event := self._on_event) is not None:
            built = RegionBuilt(region.kind, time.perf_counter() - began, len(rendered.files))
            run_at_home(lambda: on_event(built))
        self._use(rendered, page)
        if cached is not None and cached.failed is not None:
            self._log_once.forget(cached.failed.cause)
        if generation is None:  # there was no directory before
            generation = self._freshness.read_generation()
        return self._remember(region, page, CachedRegion(rendered, started, generation))

    def _remember(self, region: Region, page: Page, cached: CachedRegion) -> Rendered:
        """Keep *cached*; return what the page shows."""
        if not page.as_expected and cached.rendered.html == region.raw:
            self._cached_regions.remember_unbuilt(region, page, cached.looked_at)
        elif cached.rendered.is_lasting:
            return self._cached_regions.remember(region, page, cached).rendered
        return cached.rendered

    def _keep(self, region: Region, page: Page, current: CachedRegion) -> Rendered:
        self._use(current.rendered, page)
        return self._cached_regions.remember(region, page, current).rendered

    def _explain(self, region: Region, page: Page) -> Rendered:
        rendered = self._render(region, page)
        try:
            return replace(rendered, html=comment_of(self._renderer.explain(region, page)) + rendered.html)
        except Exception as error:
            self._log_once.region(region, page.path, error)
            return rendered

    def _use(self, rendered: Rendered, page: Page) -> None:
        """Note that *page* names the files generated for a region, by this process or another."""
        for kind, name in rendered.files:
            try:
                self._store.use(kind, name, page.path)
            except SharedStoreError:
                if f"{name}~".encode() not in rendered.html:  # by the recipe in its URL any host builds it
                    raise

    def _sweep(self, now: float) -> None:
        """Have the store swept in the background, once a day."""
        if now - self._swept_at >= SWEEP_S:
            self._swept_at = now
            with suppress(RuntimeError):  # the system gives no thread: tried again in a day
                self._background.submit("sweep", self._store.sweep)
