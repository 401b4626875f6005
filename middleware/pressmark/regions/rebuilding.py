"""Build a bundle again by the recipe in its URL, on a host that never rendered the page or has lost the bundle."""

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, cast

from pressmark.bundling.builder import Builder
from pressmark.bundling.bundle_recipe import BundleRecipe
from pressmark.bundling.planner import group_of
from pressmark.concurrency.bounded import make_room
from pressmark.concurrency.green import run_at_home
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.errors import RegionError, StoreError
from pressmark.events import BundleRebuilt, OnEvent
from pressmark.model import Bundle, FileKind, Group, Kind, Page, Source
from pressmark.protocols import Clock, Resolver, Store
from pressmark.regions.job import Job
from pressmark.regions.job_reading import JobReader
from pressmark.regions.signed_recipes import SignedRecipes
from pressmark.verdicts.analyses import Analyses

logger = logging.getLogger("pressmark")

RETRY_S, LATE_RETRY_S = 1.0, 30.0
"""Seconds after which a failed recipe may be tried again: if its sources have changed, or in any case."""
COMPILING_S = 35.0
"""Seconds that a request waits for a bundle that needs a compiler, which may take 30 itself."""
MAX_FAILED = 4096


@dataclass(frozen=True, slots=True)
class _Failure:
    """A recipe that failed *at* a time, with its *sources*; it *has_gaps* if one could not be read."""

    at: float
    page: Page
    sources: tuple[Source, ...]
    has_gaps: bool


class Rebuilder:
    """Builds bundles by their recipes, on the threads of *flights*, or of *compiling* if a compiler is needed.

    A recipe that fails is tried again after a second if its sources have changed or could not be read, else after half
    a minute.
    """

    def __init__(  # noqa: PLR0913  # the assembly names each part once
        self,
        *,
        jobs: JobReader,
        recipes: SignedRecipes,
        resolver: Resolver,
        store: Store,
        builder: Builder,
        analyses: Analyses,
        clock: Clock,
        flights: SingleFlight[bytes | None],
        compiling: SingleFlight[bytes | None],
        on_event: OnEvent | None = None,
    ) -> None:
        self._jobs, self._recipes, self._resolver, self._store = jobs, recipes, resolver, store
        self._builder, self._analyses, self._clock = builder, analyses, clock
        self._flights, self._compiling, self._on_event = flights, compiling, on_event
        self._failed: dict[tuple[FileKind, str, str], _Failure] = {}

    def proved(self, group: Group, bundle: Bundle) -> str:
        """Return the recipe of *group* if *bundle* comes of it, else "". Blocks."""
        if not group.recipe:
            return ""
        try:
            job = self._jobs.read_recipe(group.kind, BundleRecipe.from_text(group.recipe))
            return group.recipe if self._build(job).name == bundle.name else ""
        except RegionError as error:
            logger.debug("bundle %s of %r cannot be built by a recipe: %s", bundle.name, group.recipe, error)
            return ""

    def rebuilt(self, kind: FileKind, name: str, token: str, wait_s: float) -> bytes | None:
        """Return the bundle *name* by the recipe in *token*, ``None`` if it is not ours or makes another.

        Blocks; raises StoreError if that takes longer than *wait_s* seconds.
        """
        recipe = self._recipes.read(kind, name, token) if token else None
        key = kind, name, token
        if recipe is None or self._has_failed(key):
            return None
        is_compiled = any(ingredient.compiled_type for ingredient in recipe.ingredients)
        flights = self._compiling if is_compiled else self._flights
        future = flights.submit(key, lambda: self._made(key, recipe))
        try:
            return future.result(max(wait_s, COMPILING_S) if is_compiled else wait_s)
        except TimeoutError as error:
            flights.give_up(key, future)  # unless it has begun, nobody waits for it any more
            raise StoreError("it was not built by its recipe in time") from error

    def _made(self, key: tuple[FileKind, str, str], recipe: BundleRecipe) -> bytes | None:
        began = time.perf_counter()
        content = self._made_once(key, recipe)
        if (on_event := self._on_event) is not None:
            outcome: Literal["done", "failed"] = "failed" if content is None else "done"
            event = BundleRebuilt(key[0], outcome, time.perf_counter() - began)
            run_at_home(lambda: on_event(event))
        return content

    def _made_once(self, key: tuple[FileKind, str, str], recipe: BundleRecipe) -> bytes | None:
        kind, name, _ = key
        job = self._jobs.read_recipe(cast("Kind", kind), recipe)
        try:
            with self._store.guard(f"recipe of {kind}/{name}"):
                content = self._found(kind, name)
                return self._kept(job, name) if content is None else content  # it may be empty
        except RegionError as error:
            logger.info("bundle %s was asked for, and cannot be built by its recipe: %s", name, error)
        except Exception:
            logger.exception("bundle %s was asked for, and its recipe failed", name)
        make_room(self._failed, MAX_FAILED)
        reader = job.reader
        sources = tuple(reader.sources.values())
        self._failed[key] = _Failure(self._clock(), job.page, sources, reader.has_gaps)
        return None

    def _has_failed(self, key: tuple[FileKind, str, str]) -> bool:
        failure = self._failed.get(key)
        if failure is None:
            return False
        age_s = self._clock() - failure.at
        # A missing file comes with the next deployment, and has no source to look at.
        is_same = not failure.has_gaps and all(
            self._resolver.is_current(source, failure.page) for source in failure.sources
        )
        return age_s < (LATE_RETRY_S if is_same else RETRY_S)

    def _found(self, kind: FileKind, name: str) -> bytes | None:
        with suppress(StoreError):
            return self._store.get(kind, name)
        return None

    def _kept(self, job: Job, name: str) -> bytes:
        bundle = self._build(job)
        if bundle.name != name:
            missing = ", ".join(map(repr, job.reader.gaps))
            cause = f"it lacks {missing}" if missing else "they are of another release, or settings or versions differ"
            raise RegionError(f"the files of this host make {bundle.name}: {cause}")
        for file in filter(None, (bundle.source_map, bundle)):
            with suppress(StoreError):  # it is served nevertheless
                self._store.put(file)
        logger.info("bundle %s was asked for, and built by its recipe", name)
        return bundle.content

    def _build(self, job: Job) -> Bundle:
        group = group_of(job.candidates, job.context, job.reader.read, self._analyses, job.options)
        if group is None:
            raise RegionError("one of its files is no stylesheet or script of this host")
        builder = self._builder.without_filters if job.page.is_plain else self._builder
        return builder.build(group)
