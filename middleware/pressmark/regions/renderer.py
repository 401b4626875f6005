"""Render one cold region: find its recipe's record in the store, or build its bundles and note it.

A record says what the region becomes and what it was made from. It is believed only while every source that it
names has the content that it had, and every bundle that it names can be served.
"""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from pressmark.assets.region_reader import RegionReader, digest_key
from pressmark.bundling.builder import Builder
from pressmark.bundling.candidates import Eligibility
from pressmark.bundling.classify import Rules
from pressmark.bundling.planner import Plan, plan
from pressmark.bundling.precompile import Precompilers
from pressmark.errors import RegionError
from pressmark.model import Built, Bundle, Element, FileKind, Group, Page, Region, Rendered, Text
from pressmark.page.context import Context, allows_bundle, allows_nonced, is_readable, read_context
from pressmark.page.elements import read_elements
from pressmark.protocols import Resolver, Store
from pressmark.regions.tags import Tag, Tags
from pressmark.regions.varying_inline import VaryingInline
from pressmark.report.explanation import Explanation, Note
from pressmark.scripts.script_reading import effects
from pressmark.stylesheets.url_style import UrlStyle
from pressmark.syntax.urls import clean, is_relative, origin_of
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.placement import Reason

logger = logging.getLogger("pressmark")

_MAY_REFER = re.compile(r"url|import|image-set|src|\\\\", re.IGNORECASE)

Piece = Element | Text


OnBuilt = Callable[[Built], object]
"""Is told of each bundle, in the thread that built it."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One region with all that was read of it."""

    region: Region
    page: Page
    context: Context
    pieces: tuple[Piece, ...]
    reader: RegionReader
    eligible: Eligibility
    rules: Rules


class _Result(NamedTuple):
    """What a region becomes, as ``Rendered`` has it."""

    html: bytes
    files: tuple[tuple[FileKind, str], ...]
    links: tuple[str, ...]


class Renderer:
    """Renders regions. Blocks; raises RegionError where a region cannot be built."""

    def __init__(  # noqa: PLR0913  # the assembly names each part once
        self,
        *,
        resolver: Resolver,
        store: Store,
        builder: Builder,
        analyses: Analyses,
        tags: Tags,
        precompilers: Precompilers,
        url_style: UrlStyle,
        is_exact: bool = False,
        on_built: OnBuilt | None = None,
    ) -> None:
        self._resolver, self._store, self._builder = resolver, store, builder
        self._analyses, self._tags, self._is_exact = analyses, tags, is_exact
        self._precompilers, self._url_style = precompilers, url_style
        self._variants, self._on_built = VaryingInline(), on_built

    def render(self, region: Region, page: Page) -> Rendered:
        """Return what replaces *region* of *page*."""
        job = self._begin(region, page)
        try:
            recipe = self._recipe(job)
            html, files, links = self._recall(recipe, job) or self._build_once(recipe, job)
        except RegionError as error:
            error.sources = tuple(job.reader.sources.values())
            raise
        if html == region.body:  # where nothing was replaced the markers stay too
            html = region.raw
        elif region.after_pre and html[:1] in (b"\n", b"\r"):
            html = b"<!---->" + html  # right after a <pre> a line end would be dropped (HTML 13.2.6.4.7)
        sources = tuple(job.reader.sources.values())
        return Rendered(html, files, links, sources, _depends_on_path(job), job.rules.joins_inline)

    def explain(self, region: Region, page: Page) -> Explanation:
        """Return why *region* of *page* becomes what it does, by planning it anew. Raises nothing but bugs."""
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
            notes = tuple(_unless_refused(note, inline) for note in notes)
        return Explanation(region, notes, bundles)

    def _begin(self, region: Region, page: Page) -> _Job:
        if page.is_plain:
            region = replace(region, mode="file")  # each element stays what it is
        context = read_context(page, region.head)
        self._refuse(region, context)
        pieces = read_elements(region.body, context.encoding)
        reader = RegionReader(self._resolver, page, self._precompilers.types)
        eligible = Eligibility(region.kind, self._precompilers.types)
        rules = self._rules(region, page, context, joins_inline=self._variants.admit(region, pieces, eligible))
        return _Job(region, page, context, pieces, reader, eligible, rules)

    def _refuse(self, region: Region, context: Context) -> None:
        """Raise RegionError if the page lets no region like this one be built."""
        if not is_readable(context.charset):
            raise RegionError(f"the page's encoding {context.charset!r} hides what its bytes say")
        if self._needs_nonce(region, context) and not allows_nonced(context.policies, region.kind):
            raise RegionError("the page's Content Security Policy may block a bundle: allow 'self' there")
        if origin_of(context.base) and region.mode != "inline" and not origin_of(self._tags.public_url or ""):
            raise RegionError("the page's <base> leads to another host, which would be asked for the bundle")
        if region.mode == "inline" and (context.policies or context.charset is None):
            raise RegionError("inline mode needs a page with a declared encoding and no Content Security Policy")

    def _needs_nonce(self, region: Region, context: Context) -> bool:
        """Tell whether the page's policies let a bundle load by nothing but its nonce, if at all."""
        return not allows_bundle(context.policies, region.kind, self._tags.public_url)

    def _recipe(self, job: _Job) -> str:
        """Return the hash of all that the result depends on and that is known before the sources are parsed."""
        region, context, reader = job.region, job.context, job.reader
        seen = [(context.resolve(reference), type_) for reference, type_ in job.eligible.references(job.pieces)]
        if job.page.is_plain:
            seen = [(url, media_type) for url, media_type in seen if media_type]
        for url, media_type in seen:
            reader.read(url, media_type)
        ingredients = [
            repr(replace(job.rules, precompilers=Precompilers())),  # those have a key
            self._precompilers.key,
            self._builder.key(region.kind),
            self._tags.key,
            region.mode,
            region.name,
            *(context.base if _depends_on_path(job) else "", context.charset or "", context.mount),
            str(bool(context.policies)),
            *(
                f"{url.partition('?')[0].partition('#')[0]} {reader.digests[digest_key(url, type_)]}"
                for url, type_ in seen
            ),
        ]
        for piece in job.pieces:
            ingredients += job.eligible.traits(piece)
            # What may leave as it stands is a part of the result, to the byte.
            if region.mode == "inline" or (job.rules.joins_inline and job.eligible.is_inline(piece)):
                ingredients.append(piece.raw.decode("latin-1"))
            elif isinstance(piece, Element) and piece.tag == "script":  # what it does to later ones
                ingredients.append(repr(effects(piece.text)))
        return key_of("recipe 4", *ingredients)

    def _recall(self, recipe: str, job: _Job) -> _Result | None:
        raw = self._store.read_record(recipe)
        record = json.loads(raw) if raw else None
        if record is None or not all(job.reader.still_reads(*seen) for seen in record["seen"].items()):
            return None
        if any(self._store.get(kind, name) is None for kind, name in record["files"]):
            return None
        parts = (job.pieces[part].raw if isinstance(part, int) else part.encode("latin-1") for part in record["parts"])
        files = tuple((kind, name) for kind, name in record["files"])
        return _Result(b"".join(parts), files, tuple(record["links"]))

    def _build_once(self, recipe: str, job: _Job) -> _Result:
        with self._store.guard(recipe):
            return self._recall(recipe, job) or self._build(recipe, job)

    def _build(self, recipe: str, job: _Job) -> _Result:
        places = {id(piece): place for place, piece in enumerate(job.pieces)}
        parts: list[int | str] = []
        html: list[bytes] = []
        files: list[Bundle] = []
        links: list[str] = []
        built: list[Built] = []
        found = self._plan(job)
        _log_reasons(found, job)
        for part in found.parts:
            if isinstance(part, Group):
                bundle = self._builder_for(job).build(part)
                tag = self._tag(job, part, bundle)
                html.append(tag.markup)
                links += [tag.link] if tag.link else []
                if tag.url:  # a map before what names it
                    files += [bundle.source_map, bundle] if bundle.source_map else [bundle]
                built.append(Built(job.region, bundle, tag.url or ""))
            else:
                html.append(part.raw)
            # What stays is noted by its place: its bytes may differ from one page to the next.
            parts.append(places.get(id(part), html[-1].decode("latin-1")))
        for file in files:
            self._store.put(file)
        for each in built:
            self._tell(each)
        generated = tuple((file.kind, file.name) for file in files)
        record = {"parts": parts, "files": generated, "links": links, "seen": job.reader.digests}
        self._store.write_record(recipe, json.dumps(record).encode("ascii"))
        return _Result(b"".join(html), generated, tuple(links))

    def _plan(self, job: _Job) -> Plan:
        return plan(job.pieces, job.context, job.reader.read, self._analyses, job.rules)

    def _rules(self, region: Region, page: Page, context: Context, *, joins_inline: bool) -> Rules:
        """Return all that is decided for a whole region."""
        return Rules(
            region.kind,
            joins_inline=joins_inline,
            is_exact=self._is_exact,
            counts_siblings=self._is_exact or not region.in_head,
            tag="script" if region.kind == "js" else "style" if region.mode == "inline" else "link",
            needs_file=region.mode != "inline",
            needs_nonce=self._needs_nonce(region, context),
            is_traced=self._builder.makes_maps and region.mode != "inline" and not page.is_plain,
            is_plain=page.is_plain,
            precompilers=self._precompilers,
            url_style=self._addresses_for(region, page, context),
        )

    def _addresses_for(self, region: Region, page: Page, context: Context) -> UrlStyle:
        """Return how bundles of a region write URLs: what stands in the page is at no place of its own."""
        found = self._url_style
        if context.policies:  # which may let no image come from a data: URL
            found = replace(found, max_data_bytes=0)
        if found.folder is not None:
            is_held = region.mode == "inline" or page.is_plain
            mount = "" if self._tags.public_url else context.mount
            found = replace(found, folder=None if is_held else f"{mount}{found.folder}{region.kind}/")
        return found

    def _tell(self, built: Built) -> None:
        try:
            if self._on_built is not None:
                self._on_built(built)
        except Exception:  # foreign code
            logger.exception("what is told of built bundles failed on %s", built.bundle.name)

    def _builder_for(self, job: _Job) -> Builder:
        return self._builder.without_filters if job.page.is_plain else self._builder

    def _tag(self, job: _Job, group: Group, bundle: Bundle) -> Tag:
        """Return what takes the place of *group*, which may be the group as it was."""
        is_plain, context = job.page.is_plain, job.context
        may_hold = group.is_inline and not context.policies and context.charset is not None
        if job.region.mode == "inline" or (is_plain and may_hold):
            tag = self._tags.holding(context, group, bundle)
            if isinstance(tag, Tag):
                return tag
            if not is_plain:
                logger.warning("a %s group stays as it is: it %s", group.kind, tag.text)
                return Tag(group.raw)
        logger.info(
            "built %s of %d bytes from %d %s sources", bundle.name, len(bundle.content), len(group.assets), group.kind
        )
        return self._tags.loading(job.region, job.context, group, bundle)


def _log_reasons(found: Plan, job: _Job) -> None:
    where = f"{job.region.kind} region of {job.page.path}"
    for note in found.notes:
        if note.reason:
            logger.debug("%s: %s %s [%s]", where, note.name, note.reason.text, note.reason.rule)


def _unless_refused(note: Note, inline: list[Tag | Reason]) -> Note:
    """Return *note* as one on an element that stays if its group cannot stand inside the page."""
    found = None if note.group is None else inline[note.group]
    return replace(note, group=None, reason=found) if isinstance(found, Reason) else note


def _depends_on_path(job: "_Job") -> bool:
    """Tell whether the page's own path may bear on what the region becomes."""
    references = [value for piece in job.pieces if isinstance(piece, Element) for name, value in piece.attrs
                  if name in ("href", "src")]  # fmt: skip
    styles = [piece.text for piece in job.pieces if isinstance(piece, Element) and piece.tag == "style"]
    return any(is_relative(clean(reference)) for reference in references) or any(map(_MAY_REFER.search, styles))
