"""Render one cold region: find its recipe's record in the store, or build its bundles and write the record.

A record is used only if every source that it names has the same content as then, and every bundle that it names can be
served.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from pressmark.assets.region_reader import RegionReader
from pressmark.assets.static_names import StaticNames
from pressmark.bundling.builder import Builder
from pressmark.bundling.candidates import Candidate, Piece, read_candidates
from pressmark.bundling.options import PlanOptions
from pressmark.bundling.planner import Plan, plan
from pressmark.bundling.precompile import Precompilers
from pressmark.concurrency.green import run_at_home
from pressmark.concurrency.siblings import may_have_siblings
from pressmark.errors import PublishError, RegionError, StoreError, UnsharedError
from pressmark.http.security_policy import allows_bundle, allows_nonce
from pressmark.model import Built, Bundle, Group, Page, Region, Rendered
from pressmark.page.context import Context, read_context
from pressmark.page.elements import read_elements
from pressmark.page.nonces import STAND_IN
from pressmark.protocols import Resolver, Store
from pressmark.regions.built_ahead import BuiltAhead, without_inline
from pressmark.regions.composing import compose, log_reasons, rendered, unless_refused
from pressmark.regions.job import Job, resolved
from pressmark.regions.place import last_good_key
from pressmark.regions.recipe import recipe_of
from pressmark.regions.record import Record
from pressmark.regions.tags import Tags
from pressmark.regions.varying import Varying
from pressmark.report.explanation import Explanation
from pressmark.stylesheets.url_style import UrlStyle
from pressmark.syntax.charsets import is_readable
from pressmark.syntax.urls import origin_of
from pressmark.verdicts.analyses import Analyses

logger = logging.getLogger("pressmark")

OnBuilt = Callable[[Built], object]
"""A listener that is called with each bundle, in the thread that built it."""


class Renderer:
    """Renders regions. Blocks; raises RegionError if a region cannot be built."""

    def __init__(  # noqa: PLR0913  # the assembly names each part once
        self,
        *,
        resolver: Resolver,
        store: Store,
        builder: Builder,
        analyses: Analyses,
        varying: Varying,
        ahead: BuiltAhead,
        names: StaticNames,
        tags: Tags,
        precompilers: Precompilers,
        url_style: UrlStyle,
        is_exact: bool = False,
        on_built: OnBuilt | None = None,
    ) -> None:
        self._resolver, self._store, self._builder = resolver, store, builder
        self._analyses, self._tags, self._is_exact = analyses, tags, is_exact
        self._precompilers, self._url_style = precompilers, url_style
        self._varying, self._on_built = varying, on_built
        self._ahead, self._names = ahead, names
        self._is_told = False  # whether the log says that bundles are in memory only

    def render(self, region: Region, page: Page) -> Rendered:
        """Return the HTML that replaces *region* of *page*, with the files and sources behind it."""
        if not self._ahead.is_used:
            return self._rendered(region, page)
        job = self._begin(region, page, is_counted=False)
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
        job = self._begin(region, page)
        if self._ahead.is_noted and job.options.joins_inline and any(each.is_inline for each in job.candidates):
            self._record(without_inline(job))
        record = self._record(job)
        if record is None:
            # Anybody can ask for pages that are not there, under any number of paths.
            logger.info("%s region on %s was not bundled: an error page has nothing built", region.kind, page.path)
            return Rendered(region.raw, is_lasting=False)
        return rendered(record, job, self._tags.local if self._ahead.serves_others else self._tags)

    def _record(self, job: Job) -> Record | None:
        """Return the record of *job*, ``None`` if there is none and none may be built."""
        try:
            recipe = recipe_of(job, builder=self._builder.key(job.region.kind))
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

    def needs_compiler(self, region: Region) -> bool:
        """Tell whether *region* may hold what no browser can read as it was written. Never blocks."""
        text = region.body.lower()
        return any(media_type.encode("utf-8") in text for media_type in self._precompilers.unreadable)

    def explain(self, region: Region, page: Page) -> Explanation:
        """Return the explanation of *region* of *page*: plan and build it anew. Blocks; raises no RegionError."""
        try:
            job = self._begin(region, page)
            found = self._plan(job)
            groups = [part for part in found.parts if isinstance(part, Group)]
            bundles = tuple(self._builder_for(job).build(group) for group in groups)
        except RegionError as error:
            return Explanation(region, error=error)
        notes = found.notes
        if region.mode == "inline":
            inline = [self._tags.holding(job.context, *each) for each in zip(groups, bundles, strict=True)]
            notes = tuple(unless_refused(note, inline) for note in notes)
        return Explanation(region, notes, bundles)

    # Before anything is read

    def _begin(self, region: Region, page: Page, *, is_counted: bool = True) -> Job:
        """Return the job of *region*. Only if it *is_counted* its texts count as some that it has had."""
        if page.is_plain:
            region = replace(region, mode="file")  # a link stays a link
        context = read_context(page, region.head)
        self._refuse(region, page, context)
        elements, types = read_elements(region.body, context.encoding), self._precompilers.types
        pieces = read_candidates(elements, region.kind, context, types)
        joins_inline = not is_counted or self._admits(region, page, context, pieces)
        options = self._options(region, page, context, joins_inline=joins_inline)
        return Job(region, page, context, pieces, RegionReader(self._resolver, page, types), options, self._names)

    def _refuse(self, region: Region, page: Page, context: Context) -> None:
        """Raise RegionError if the page allows no region of this kind and mode."""
        if page.is_behind_route and region.mode != "inline":
            raise RegionError(
                "the middleware stands behind a route, and requests for bundles do not come to it: "
                "wrap the whole application"
            )
        if not is_readable(context.charset):
            raise RegionError(f"the page's encoding {context.charset!r} is not supported; serve the page as utf-8")
        if self._needs_nonce(region, context) and not allows_nonce(context.policies, region.kind, STAND_IN):
            raise RegionError("the page's Content Security Policy may block a bundle: allow 'self' there")
        if origin_of(context.base) and region.mode != "inline" and not origin_of(self._tags.public_url or ""):
            raise RegionError("the page's <base> leads to another host, which has no bundles; set public_url")
        if region.mode == "inline" and (context.policies or context.charset is None):
            raise RegionError("inline mode needs a page with a declared encoding and no Content Security Policy")

    def _needs_nonce(self, region: Region, context: Context) -> bool:
        """Tell whether the page's policies let a bundle load only by a nonce, if at all."""
        return not allows_bundle(context.policies, region.kind, self._tags.public_url)

    def _options(self, region: Region, page: Page, context: Context, *, joins_inline: bool) -> PlanOptions:
        is_inline = region.mode == "inline"
        return PlanOptions(
            region.kind,
            joins_inline=joins_inline,
            is_exact=self._is_exact,
            # Mails have their styles in the body, and hardly any selector that counts elements there.
            counts_siblings=self._is_exact or not (region.in_head or (page.is_document and is_inline)),
            tag="script" if region.kind == "js" else "style" if is_inline else "link",
            needs_file=not is_inline,
            needs_nonce=self._needs_nonce(region, context),
            is_traced=self._builder.makes_maps and not is_inline and not page.is_plain,
            is_plain=page.is_plain,
            precompilers=self._precompilers,
            url_style=self._url_style_of(region, page, context),
        )

    def _admits(self, region: Region, page: Page, context: Context, pieces: tuple[Piece, ...]) -> bool:
        """Tell whether inline code of *region* may be bundled. Raises RegionError if its comments differ too often."""
        is_built = page.as_expected or self.needs_compiler(region)
        self._varying.admit_comments(pieces, page, is_built=is_built)
        references = resolved([piece for piece in pieces if isinstance(piece, Candidate)], context)
        return self._varying.admit_inline(region, pieces, page, references, is_built=is_built)

    def _url_style_of(self, region: Region, page: Page, context: Context) -> UrlStyle:
        """Return the style of URLs in bundles of a region: inline code has no URL to be relative to."""
        found = replace(self._url_style, fixed=context.preloads("font"))
        if context.policies:  # which may let no image come from a data: URL
            found = replace(found, max_data_bytes=0)
        if found.folder is not None:
            is_held = region.mode == "inline" or page.is_plain
            mount = "" if self._tags.public_url else context.mount
            found = replace(found, folder=None if is_held else f"{mount}{found.folder}{region.kind}/")
        return found

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
        bundles = {id(part): self._builder_for(job).build(part) for part in found.parts if isinstance(part, Group)}
        composed = compose(job, found, bundles, self._tags)
        try:
            for file in composed.files:
                self._put(file, job)
        except StoreError as error:
            if job.needs_compiler:
                is_stored = isinstance(error, PublishError)
                with suppress(RegionError):
                    local = self._tags.local
                    instead = compose(job, found, bundles, local, holds=not is_stored)
                    error.fallback = rendered(instead.record, job, local)
            raise
        for each in composed.built:
            self._tell(each, job.page.path)
        if job.region.mode != "inline" or job.options.joins_inline:  # else each record would be of one page only
            for key in (recipe, last_good_key(job)) if job.needs_compiler else (recipe,):
                self._store.write_record(key, composed.record.to_bytes())
        return composed.record

    def _put(self, file: Bundle, job: Job) -> None:
        """Keep *file*. Raises StoreError, also if only this process had it, and others may be asked for it."""
        try:
            self._store.put(file)
        except UnsharedError as error:
            if may_have_siblings() if job.page.has_siblings is None else job.page.has_siblings:
                raise
            if not self._is_told:
                self._is_told = True
                logger.warning("bundles are kept in this process's memory only, and lost with it: %s", error.__cause__)

    def _plan(self, job: Job) -> Plan:
        return plan(job.pieces, job.context, job.reader.read, self._analyses, job.options)

    def _builder_for(self, job: Job) -> Builder:
        return self._builder.without_filters if job.page.is_plain else self._builder

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
