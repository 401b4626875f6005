"""Render one cold region: find its recipe's record in the store, or build its bundles and write the record.

A record is used only if every source that it names has the same content as then, and every bundle that it names can be
served.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from pressmark.bundling.builder import Builder
from pressmark.bundling.planner import Plan, plan
from pressmark.concurrency.green import run_at_home
from pressmark.concurrency.siblings import may_have_siblings
from pressmark.errors import PublishError, RegionError, SharedStoreError, StoreError, UnsharedError
from pressmark.model import Built, Bundle, Group, Page, Region, Rendered
from pressmark.protocols import Store
from pressmark.regions.built_ahead import BuiltAhead, without_inline
from pressmark.regions.composing import compose, log_reasons, reasons_to_keep, rendered, unless_kept
from pressmark.regions.job import Job
from pressmark.regions.job_reading import JobReader
from pressmark.regions.place import last_good_key
from pressmark.regions.rebuilding import Rebuilder
from pressmark.regions.recipe import recipe_of
from pressmark.regions.record import Record
from pressmark.regions.region_modules import RegionModules
from pressmark.regions.signed_recipes import SignedRecipes
from pressmark.regions.tags import Tags
from pressmark.report.explanation import Explanation
from pressmark.verdicts.analyses import Analyses

logger = logging.getLogger("pressmark")

OnBuilt = Callable[[Built], object]
"""A listener that is called with each bundle, in the thread that built it."""


class Renderer:
    """Renders regions. Blocks; raises RegionError if a region cannot be built."""

    def __init__(  # noqa: PLR0913  # the assembly names each part once
        self,
        *,
        jobs: JobReader,
        store: Store,
        builder: Builder,
        rebuilder: Rebuilder,
        analyses: Analyses,
        ahead: BuiltAhead,
        tags: Tags,
        recipes: SignedRecipes,
        modules: RegionModules,
        on_built: OnBuilt | None = None,
    ) -> None:
        self._jobs, self._store, self._builder, self._rebuilder = jobs, store, builder, rebuilder
        self._analyses, self._tags, self._recipes, self._modules = analyses, tags, recipes, modules
        self._ahead, self._on_built = ahead, on_built
        self.needs_compiler, self.has_compilers = jobs.needs_compiler, jobs.has_compilers
        self._is_told = False  # whether the log says that bundles are in memory only

    def render(self, region: Region, page: Page) -> Rendered:
        """Return the HTML that replaces *region* of *page*, with the files and sources behind it."""
        if not self._ahead.is_used:
            return self._rendered(region, page)
        job = self._jobs.read(region, page, is_counted=False)
        found = self._ahead.find(job)
        if found is not None:
            return rendered(*found, self._tags)
        try:
            return self._rendered(region, page)
        except RegionError:
            found = self._ahead.find_instead(job)
            if found is None:
                raise
            return rendered(*found, self._tags)

    def _rendered(self, region: Region, page: Page) -> Rendered:
        """Return the HTML that replaces *region*, from its sources."""
        job = self._jobs.read(region, page)
        try:
            return self._rendered_job(job)
        except UnsharedError as error:
            if job.options.recipes == "must" or not self._recipes.is_able:
                raise
            self._jobs.require_recipes()
            self._tell_of_memory(error)
            return self._rendered_job(self._jobs.read(region, page))

    def _tell_of_memory(self, error: UnsharedError) -> None:
        if not self._is_told:
            self._is_told = True
            logger.warning("bundles are in memory alone, and workers build what others name by recipes in URLs: %s",
                           error.__cause__)  # fmt: skip

    def _rendered_job(self, job: Job) -> Rendered:
        if self._ahead.is_noted:  # bundles will be shipped to every host
            job = replace(job, options=replace(job.options, recipes="no"))
        if self._ahead.is_noted and job.options.joins_inline and any(each.is_inline for each in job.candidates):
            self._record(without_inline(job))
        record = self._record(job)
        if record is None:
            # Anybody can ask for pages that are not there, under any number of paths.
            kind, path = job.region.kind, job.page.path
            logger.info("%s region on %s was not bundled: an error page has nothing built", kind, path)
            return Rendered(job.region.raw, is_lasting=False)
        return rendered(record, job, self._tags.local if self._ahead.serves_others else self._tags)

    def _record(self, job: Job) -> Record | None:
        """Return the record of *job*, ``None`` if there is none and none may be built."""
        try:
            recipe = recipe_of(job, builder=self._builder_key(job))
            record = self._read_record(recipe, job)
            is_built = job.page.as_expected or job.needs_compiler or self._ahead.is_noted
            if record is None and is_built:
                record = self._build_once(recipe, job)
            if record is not None and self._ahead.is_noted:
                self._ahead.note(job, record)
        except RegionError as error:
            error.sources, error.depends_on_path = tuple(job.reader.sources.values()), job.depends_on_path
            if error.fallback is None and job.needs_compiler:
                error.fallback = self._last_good(job)
            self._ahead.note_failure(job, error)
            raise
        return record

    @property
    def is_noted(self) -> bool:
        """Tell whether the records of regions are noted, for which pages wait."""
        return self._ahead.is_noted

    def explain(self, region: Region, page: Page) -> Explanation:
        """Return the explanation of *region* of *page*: plan and build it anew. Blocks; raises no RegionError."""
        try:
            job = self._jobs.read(region, page)
            found = self._plan(job)
            groups = [part for part in found.parts if isinstance(part, Group)]
            bundles = tuple(self._builder_for(job).build(group) for group in groups)
            modules = self._modules.plan(job)
        except RegionError as error:
            return Explanation(region, error=error)
        kept = reasons_to_keep(job, list(zip(groups, bundles, strict=True)), self._tags)
        notes = modules.noted(found.notes) if modules is not None else found.notes
        return Explanation(region, tuple(unless_kept(note, kept) for note in notes), bundles)

    # The record, or the build that makes one

    def _read_record(self, recipe: str, job: Job) -> Record | None:
        record = self._read_usable(recipe, job)
        if record is None or not all(job.reader.still_reads(*digest) for digest in record.digests.items()):
            return None
        return record

    def _read_usable(self, key: str, job: Job) -> Record | None:
        """Return the record under *key*, if it is one for *job* and its bundles can be served."""
        raw = self._store.read_record(key)
        try:
            record = Record.from_bytes(raw) if raw else None
        except ValueError:  # damaged: it is built again
            return None
        if record is None or not record.fits(len(job.said)):
            return None
        try:
            is_served = all(self._store.get(kind, name) is not None for kind, name in record.files)
        except PublishError:
            return None
        return record if is_served else None

    def _last_good(self, job: Job) -> Rendered | None:
        """Return the last result of the region on this site, ``None`` if there is none."""
        with suppress(StoreError):
            record = self._read_usable(last_good_key(job), job)
            return rendered(record, job, self._tags) if record else None
        return None

    def _build_once(self, recipe: str, job: Job) -> Record:
        with self._store.guard(recipe):
            return self._read_record(recipe, job) or self._build(recipe, job)

    def _build(self, recipe: str, job: Job) -> Record:
        found = self._plan(job)
        log_reasons(found, job)
        build, note = self._builder_for(job).build, job.reader.note_files
        bundles = {id(part): build(part, note) for part in found.parts if isinstance(part, Group)}
        recipes = {
            id(part): self._recipe(part, bundles[id(part)], job) for part in found.parts if isinstance(part, Group)
        }
        composed = compose(job, found, bundles, self._tags, recipes, self._modules.plan(job))
        try:
            carried = {bundles[group].name for group, recipe in recipes.items() if recipe}
            for file in composed.files:
                self._put(file, job, is_carried=file.name in carried)
        except StoreError as error:
            if job.needs_compiler:
                is_stored = isinstance(error, PublishError)
                with suppress(RegionError):
                    local = self._tags.local
                    instead = compose(job, found, bundles, local, recipes, holds=not is_stored)
                    error.fallback = rendered(instead.record, job, local)
            raise
        for each in composed.built:
            self._tell(each, job.page.path)
        if job.region.mode != "inline" or job.options.joins_inline:  # else each record would be of one page only
            for key in self._keys(recipe, job):
                self._store.write_record(key, composed.record.to_bytes())
        return composed.record

    def _keys(self, recipe: str, job: Job) -> set[str]:
        """Return the keys of the record of *job*, which was built under *recipe*.

        Now that compilers have told what they include the recipe may be another one; under that it will be looked for.
        """
        if not any(candidate.compiled_type for candidate in job.candidates):
            return {recipe}
        keys = {recipe, recipe_of(job, builder=self._builder_key(job))}
        return keys | ({last_good_key(job)} if job.needs_compiler else set())

    def _builder_key(self, job: Job) -> str:
        return self._builder.in_context(job.region.context).key(job.region.kind) + self._modules.key(job)

    def _recipe(self, group: Group, bundle: Bundle, job: Job) -> str:
        """Return the recipe that the URL of *bundle* carries, "" if none. Raises RegionError if it needs one."""
        recipe = self._rebuilder.proved(group, bundle)
        if group.recipe and not recipe and job.options.recipes == "must":
            raise RegionError("a bundle of its files alone is another one, and no other host could build it")
        return recipe

    def _put(self, file: Bundle, job: Job, *, is_carried: bool) -> None:
        """Keep *file*. Raises StoreError, also if only this process had it, and others may be asked for it.

        One whose recipe *is_carried* by its URL any host builds, whether the shared store has it or not.
        """
        try:
            self._store.put(file)
        except SharedStoreError:
            if not is_carried:
                raise
        except UnsharedError as error:
            if job.options.recipes == "must" and (is_carried or file.kind == "map"):
                return  # the others build it; a map is for developers, who ask again
            if may_have_siblings() if job.page.has_siblings is None else job.page.has_siblings:
                raise
            if not self._is_told:
                self._is_told = True
                logger.warning("bundles are kept in this process's memory only, and lost with it: %s", error.__cause__)

    def _plan(self, job: Job) -> Plan:
        return plan(job.pieces, job.context, job.reader.read, self._analyses, job.options)

    def _builder_for(self, job: Job) -> Builder:
        return self._builder.without_filters if job.page.is_plain else self._builder.in_context(job.region.context)

    def _tell(self, built: Built, path: str) -> None:
        if built.url:
            logger.info(
                "bundle %s of %d bytes was built for the %s region on %s",
                built.bundle.name, len(built.bundle.content), built.region.kind, path,
            )  # fmt: skip
        try:
            if (on_built := self._on_built) is not None:
                run_at_home(lambda: on_built(built))
        except Exception:  # foreign code
            logger.exception("bundle %s was built, but the listener to built bundles failed", built.bundle.name)
