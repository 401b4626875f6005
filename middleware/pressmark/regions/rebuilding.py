"""Build a bundle again by the recipe in its URL, on a host that never rendered the page or has lost the bundle."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from pressmark.bundling.builder import Builder
from pressmark.bundling.bundle_recipe import BundleRecipe
from pressmark.bundling.planner import group_of
from pressmark.concurrency.bounded import make_room
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.errors import RegionError, StoreError
from pressmark.model import Bundle, FileKind, Group, Kind
from pressmark.protocols import Clock, Resolver, Store
from pressmark.regions.job import Job
from pressmark.regions.job_reading import JobReader
from pressmark.regions.signed_recipes import SignedRecipes
from pressmark.verdicts.analyses import Analyses

logger = logging.getLogger("pressmark")

RETRY_S, LATE_RETRY_S = 1.0, 30.0
"""Seconds after which a failed recipe may be tried again: if its sources have changed, or in any case."""
MAX_FAILED = 4096


@dataclass(frozen=True, slots=True)
class _Failure:
    """A recipe that failed *at* a time, with the *job* of which it was read."""

    at: float
    job: Job


class Rebuilder:
    """Builds bundles by their recipes, on the threads of *flights*.

    A recipe that fails is not tried again while its sources stay as they are.
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
    ) -> None:
        self._jobs, self._recipes, self._resolver, self._store = jobs, recipes, resolver, store
        self._builder, self._analyses, self._clock, self._flights = builder, analyses, clock, flights
        self._failed: dict[tuple[FileKind, str], _Failure] = {}

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
        if recipe is None or self._has_failed(kind, name):
            return None
        future = self._flights.submit((kind, name), lambda: self._made(kind, name, recipe))
        try:
            return future.result(wait_s)
        except TimeoutError as error:
            raise StoreError(f"it was not built by its recipe within {wait_s:g} seconds") from error

    def _made(self, kind: FileKind, name: str, recipe: BundleRecipe) -> bytes | None:
        job = self._jobs.read_recipe(cast("Kind", kind), recipe)
        try:
            with self._store.guard(f"recipe of {kind}/{name}"):
                content = self._found(kind, name)
                return self._kept(job, name) if content is None else content  # it may be empty
        except RegionError as error:
            logger.info("bundle %s was asked for, and cannot be built by its recipe: %s", name, error)
        make_room(self._failed, MAX_FAILED)
        self._failed[kind, name] = _Failure(self._clock(), job)
        return None

    def _has_failed(self, kind: FileKind, name: str) -> bool:
        failure = self._failed.get((kind, name))
        if failure is None:
            return False
        age_s, reader = self._clock() - failure.at, failure.job.reader
        # A missing file comes with the next deployment, and has no source to look at.
        is_same = not reader.has_gaps and all(
            self._resolver.is_current(source, reader.page) for source in reader.sources.values()
        )
        return age_s < (LATE_RETRY_S if is_same else RETRY_S)

    def _found(self, kind: FileKind, name: str) -> bytes | None:
        with suppress(StoreError):
            return self._store.get(kind, name)
        return None

    def _kept(self, job: Job, name: str) -> bytes:
        bundle = self._build(job)
        if bundle.name != name:
            raise RegionError(f"the files of this host make {bundle.name}: they are of another release")
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
