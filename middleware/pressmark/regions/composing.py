"""Compose the HTML of a region: its pieces that stay, and a tag for each group."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pressmark.bundling.planner import Plan
from pressmark.errors import RegionError
from pressmark.model import Built, Bundle, Group, Rendered
from pressmark.page.white_space import shown_selectors
from pressmark.regions.job import Job
from pressmark.regions.record import Loading, Member, ModuleHead, ModuleTag, Part, Record
from pressmark.regions.region_modules import RegionPlan
from pressmark.regions.tags import Tags
from pressmark.report.explanation import Note
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason

LEAST_SAVED = 0.98
"""A bundle of one minified file is made if it is smaller than that part of the file."""

logger = logging.getLogger("pressmark")


@dataclass(frozen=True, slots=True)
class Composed:
    """The record of a composed region, its bundles, and the files of its modules."""

    record: Record
    built: tuple[Built, ...]
    modules: tuple[Bundle, ...] = ()

    @property
    def files(self) -> list[Bundle]:
        """The generated files that the page will name, a map before the bundle that names it."""
        return [*_files(self.built), *self.modules]


def compose(  # noqa: PLR0913, PLR0917  # what a region is composed of
    job: Job,
    found: Plan,
    bundles: Mapping[int, Bundle],
    tags: Tags,
    recipes: Mapping[int, str],
    modules: RegionPlan | None = None,
    *,
    holds: bool = False,
) -> Composed:
    """Return the region of *job* with a tag for each group; *bundles* and their *recipes* are by the ids of groups.

    *modules* are what becomes of the modules. If it *holds* them, the elements hold the texts of all bundles. Raises
    RegionError if one cannot.
    """
    indices = {id(part): index for index, part in enumerate(job.parts)}
    parts: list[Part] = []
    built: list[Built] = []
    for part in found.parts:
        if not isinstance(part, Group):
            index = indices.get(id(part))
            parts += [part.raw] if index is None else modules.parts(index) if modules is not None else [index]
            continue
        bundle, recipe = bundles[id(part)], recipes[id(part)]
        tag = _held(job, part, bundle, tags) if holds else _tag(job, part, bundle, tags, recipe)
        parts += _kept(part, indices) if tag is None else [tag]
        url = tags.loading(job.region, job.context, tag).url if isinstance(tag, Loading) else ""
        built.append(Built(job.region, bundle, url))
    made = modules.files if modules is not None else ()
    files = tuple((file.kind, file.name) for file in (*_files(built), *made))
    kept = reasons_to_keep(job, [(part, bundles[id(part)]) for part in found.parts if isinstance(part, Group)], tags)
    notes = modules.noted(found.notes) if modules is not None else found.notes
    members = tuple(_member(unless_kept(note, kept)) for note in notes)
    shown = {each for bundle in bundles.values() if bundle.kind == "css" for each in _shown(bundle)}
    if modules is not None and not modules.is_placed(parts):  # one alone at its own address would run twice
        raise RegionError("a module of it has lost its place")
    told = modules.digest if modules is not None else ""
    record = Record(tuple(parts), files, job.reader.digests, members, tuple(sorted(shown)), told)
    return Composed(record, tuple(built), made)


def _shown(bundle: Bundle) -> tuple[str, ...]:
    return shown_selectors(bundle.content.decode("utf-8", "replace"))


def rendered(record: Record, job: Job, tags: Tags) -> Rendered:
    """Return the HTML of *record* for the region of *job*; *tags* know where bundles are served."""
    region, pieces = job.region, job.parts
    written: list[bytes] = []
    links: list[str] = []
    for part in record.parts:
        if isinstance(part, Loading):
            tag = tags.loading(region, job.context, part)
            links += [tag.link] if tag.link else []
            written.append(tag.markup)
        elif isinstance(part, ModuleTag):
            hashes = next((head.hashes for head in record.parts if isinstance(head, ModuleHead)), {})
            written.append(tags.module_tag(job.context, pieces[part.place].raw, part.target, hashes))
        elif isinstance(part, ModuleHead):
            written.append(tags.module_head(job.context, part))
        else:
            written.append(pieces[part].raw if isinstance(part, int) else part)
    html = b"".join(written)
    if html == region.body:  # if nothing was replaced the markers stay, too
        html = region.raw
    elif region.after_pre and html[:1] in (b"\n", b"\r"):
        html = b"<!---->" + html  # right after a <pre> a line end would be dropped (HTML 13.2.6.4.7)
    sources = tuple(job.reader.sources.values())
    return Rendered(
        html, record.files, tuple(links), sources, job.depends_on_path, job.options.joins_inline, record.shown,
        record.modules,
    )  # fmt: skip


def log_reasons(found: Plan, job: Job) -> None:
    """Log, for developers, why elements stay or share no bundle."""
    where = f"{job.region.kind} region on {job.page.path}"
    for note in found.notes:
        if note.reason:
            logger.debug("%s: %s %s [%s]", where, note.name, note.reason.text, note.reason.rule)


def reasons_to_keep(job: Job, built: Sequence[tuple[Group, Bundle]], tags: Tags) -> list[Reason | None]:
    """Return for each group the reason why its elements stay although it has a bundle, ``None`` if they do not."""
    if job.region.mode == "inline":
        held = (tags.holding(job.context, *each) for each in built)
        return [each if isinstance(each, Reason) else None for each in held]
    text = "is minified already, and alone: a bundle of it would be no smaller"
    return [Reason(Rule.MINIFIED, text) if _saves_nothing(job, *each) else None for each in built]


def unless_kept(note: Note, kept: Sequence[Reason | None]) -> Note:
    """Return *note*, as that of an element that stays if its group is *kept* as it was written."""
    found = None if note.group is None else kept[note.group]
    return replace(note, group=None, reason=found) if found else note


def _member(note: Note) -> Member:
    rule, reason = (str(note.reason.rule), note.reason.text) if note.reason else ("", "")
    return Member(note.name, note.size, note.group, rule, reason)


def _files(built: Iterable[Built]) -> list[Bundle]:
    named = (each.bundle for each in built if each.url)
    return [file for bundle in named for file in (bundle.source_map, bundle) if file is not None]


def _tag(job: Job, group: Group, bundle: Bundle, tags: Tags, recipe: str) -> Loading | bytes | None:
    """Return the tag that replaces *group*, ``None`` if it stays."""
    prefers_inline = job.page.is_plain or (job.options.recipes == "must" and not recipe)
    if job.region.mode == "inline" or (prefers_inline and group.is_inline and _may_hold(job)):
        held = tags.holding(job.context, group, bundle)
        if isinstance(held, bytes):
            return held
        if not prefers_inline:
            logger.warning("%s region on %s: a group was not bundled: it %s", group.kind, job.page.path, held.text)
            return None
    if _saves_nothing(job, group, bundle):
        return None
    if job.options.recipes == "must" and not recipe:
        logger.warning(
            "%s region on %s: a compiled element is in a bundle that no other host can build: let it be a static file",
            group.kind, job.page.path,
        )  # fmt: skip
    return Loading.of(group, bundle, recipe)


def _saves_nothing(job: Job, group: Group, bundle: Bundle) -> bool:
    """Tell whether a bundle of one file, which is minified already, is no smaller and is asked for in no other way."""
    is_lone = bool(group.minified_bytes) and job.options.keeps_minified
    return is_lone and len(bundle.content) > group.minified_bytes * LEAST_SAVED


def _kept(group: Group, indices: Mapping[int, int]) -> Iterator[int | bytes]:
    """Yield the members of *group* by their *indices*, with the gaps between them."""
    for element, gap in zip(group.members, [*group.gaps, b""], strict=True):
        yield indices[id(element)]
        yield gap


def _held(job: Job, group: Group, bundle: Bundle, tags: Tags) -> bytes:
    held = tags.holding(job.context, group, bundle) if _may_hold(job) else None
    if not isinstance(held, bytes):
        raise RegionError("the page may not hold its bundle")
    return held


def _may_hold(job: Job) -> bool:
    """Tell whether code may stand in the page itself."""
    return not job.context.policies and job.context.charset is not None
