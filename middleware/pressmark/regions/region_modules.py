"""Decide what becomes of the modules of a region, and write it as parts of the region's record."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from pressmark.assets.region_reader import RegionReader
from pressmark.bundling.builder import Builder, name_of
from pressmark.bundling.precompile import Precompilers
from pressmark.compilers.found import cure_for
from pressmark.errors import AssetNotFoundError
from pressmark.http.security_policy import allows_nonce
from pressmark.model import MEDIA_TYPES, Asset, Bundle, Element, FileKind
from pressmark.modules.graph import COMPILED, Prepared
from pressmark.modules.import_map import as_address, url_of
from pressmark.modules.page_modules import Doubts, PageModules, graph_of, lower, read_page_modules, type_of
from pressmark.modules.planning import Level, ModulePlan, plan_modules
from pressmark.page.markup import integrity_of
from pressmark.page.nonces import STAND_IN
from pressmark.regions.job import Job
from pressmark.regions.module_maps import mapped
from pressmark.regions.record import ModuleHead, ModuleTag, Part
from pressmark.regions.tags import Tags
from pressmark.report.explanation import Note
from pressmark.report.text_table import counted
from pressmark.syntax.urls import origin_of
from pressmark.verdicts.analyses import Analyses, digest_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason

FORMAT = 2
"""Changes with what becomes of modules."""


_BECOMES: dict[Level, str] = {"kept": "stays", "preload": "preloaded", "named": "named", "linked": "linked"}
_TOLD: dict[Level, str] = {
    "kept": "left as it is",
    "preload": "only preloaded",
    "named": "named but not linked",
    "linked": "linked into one file",
}


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """What becomes of the modules of a region: the *plan* of its page, as it concerns this region.

    *targets* are the new addresses of elements, *head* stands before the element *head_at*, or in its place if that
    *is_map*. All are known by the indices of their pieces. *kept* are elements that keep their addresses, and why.
    """

    plan: ModulePlan
    targets: Mapping[int, str] = field(default_factory=dict)
    head: ModuleHead | None = None
    head_at: int = -1
    is_map: bool = False
    kept: Mapping[bytes, str] = field(default_factory=dict)

    def parts(self, index: int) -> list[Part]:
        """Return what stands in the place of the piece at *index*."""
        part: Part = ModuleTag(index, self.targets[index]) if index in self.targets else index
        if index != self.head_at or self.head is None:
            return [part]
        return [self.head] if self.is_map else [self.head, part]

    @property
    def digest(self) -> str:
        """A text that differs for any other addresses of modules, "" if they have their own."""
        return digest_of(json.dumps(sorted(self.plan.targets.items())))[:16] if self.plan.targets else ""

    def is_placed(self, parts: Sequence[Part]) -> bool:
        """Tell whether *parts* have all that becomes of the modules."""
        placed = {part.place for part in parts if isinstance(part, ModuleTag)}
        return placed == set(self.targets) and (self.head is None or self.head in parts)

    def noted(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        """Return *notes* with what becomes of each module and why it is no more."""
        return tuple(self._noted(note) if type_of(note.element) else note for note in notes)

    def _noted(self, note: Note) -> Note:
        plan = self.plan
        if note.element.raw in self.kept:
            return replace(note, reason=Reason(Rule.MODULE, f"keeps its address, as it {self.kept[note.element.raw]}"))
        is_map = type_of(note.element) == "importmap"
        told = "the page's import map" if is_map else f"one of {counted(plan.count, 'module')} of the page"
        reason = f"{told}, {_TOLD[plan.level]}{': ' * bool(plan.reason)}{plan.reason}"
        url = "" if is_map else dict(note.element.attrs).get("src", "")
        return replace(note, url=url, reason=Reason(Rule.MODULE, reason), becomes=_BECOMES[plan.level])

    @property
    def files(self) -> tuple[Bundle, ...]:
        """The files that are served in the place of the modules."""
        packs = {target.partition("/")[0] for target in self.plan.targets.values() if "/" in target}
        kinds: dict[str, FileKind] = {name: "pack" if name in packs else "js" for name in self.plan.files}
        source_map = self.plan.source_map
        maps = (Bundle(name_of(source_map), "map", source_map),) if source_map is not None else ()
        return (*maps, *(Bundle(name, kinds[name], content) for name, content in self.plan.files.items()))


@dataclass(frozen=True, slots=True)
class RegionModules:
    """Plans the modules of regions, at most to the level *highest*, with the filters of *builder*.

    With *is_exact* they stay if code may count script elements. *compilers* make modules of TypeScript and JSX.
    """

    builder: Builder
    analyses: Analyses
    tags: Tags
    highest: Level
    is_exact: bool = False
    compilers: Precompilers = field(default_factory=Precompilers)

    def plan(self, job: Job) -> RegionPlan | None:
        """Return what becomes of the modules of *job*, ``None`` if it has none. Blocks; raises RegionError."""
        own = [
            (index, type_of(part))
            for index, part in enumerate(job.parts)
            if isinstance(part, Element) and type_of(part)
        ]
        if not own or not self.is_meant(job):
            return None
        bodies = self._bodies(job, [index for index, _ in own])
        around = job.region.around if bodies is not None else None
        found = read_page_modules(bodies or [b"".join(job.parts[index].raw for index, _ in own)], job.context)
        doubts = Doubts(job.context, job.reader.read, self.highest, self.is_exact)
        prepare = self._filtered if self.highest not in ("kept", "preload") and around is not None else _as_it_is
        graph = graph_of(
            found, job.context, read=lambda url, type_: _read(job.reader, url, type_),
            prepare=lambda asset: prepare(asset, job), analyses=self.analyses,
            served_from="/" if origin_of(self.tags.public_url or "") else self.tags.module_url(job.context, "0.js"),
        )  # fmt: skip
        limits = doubts.limits(found, around, graph, has_links=job.page.has_module_links)
        if not self._may_preload(job, found):
            limits = lower(limits, "kept", "the page's Content Security Policy may forbid it")
        name = around.name if around is not None else job.region.name
        label = f"{name}." if name and self.tags.has_names else ""
        limits = replace(limits, label=label, has_labels=self.tags.has_names)
        limits = replace(limits, keeps_origin=not origin_of(self.tags.public_url or ""))
        if (maps := self.builder.maps) is not None and job.options.is_traced:
            limits = replace(limits, finish=lambda parts, modules: mapped(parts, modules, maps, self.analyses))
        plan = plan_modules(graph, limits, name_of, self.analyses)
        return _region_plan(plan, found, job, own, is_first=around is None or around.number == 0)

    def key(self, job: Job) -> str:
        """Return a key for all that the modules of *job* depend on here, "" if it has none."""
        if not job.region.has_modules:
            return ""
        origin = bool(origin_of(self.tags.public_url or ""))
        return f"; modules {FORMAT} {self.highest} {self.is_exact} {origin} {self.tags.has_names} {self.compilers.key}"

    def is_meant(self, job: Job) -> bool:
        """Tell whether the modules of *job* may be planned at all."""
        page, are_compiled = job.page, "module" in job.options.precompilers.types
        is_file = job.region.mode != "inline" and not (page.is_plain or page.is_document)
        return self.highest != "kept" and is_file and not are_compiled

    def _bodies(self, job: Job, indices: Sequence[int]) -> Sequence[bytes] | None:
        """Return the modules of all regions of the page, ``None`` if it is not known for sure which they are."""
        around = job.region.around
        own = b"".join(job.parts[index].raw for index in indices)
        return around.bodies if around is not None and around.bodies[around.number] == own else None

    def _filtered(self, asset: Asset, job: Job) -> Prepared:
        if asset.media_type in COMPILED.values():
            asset = self._compiled(asset, job)
        text = asset.content.decode("utf-8-sig")
        given = replace(asset, content=text.encode("utf-8"), trace=None)
        return Prepared(self.builder.filtered("js", given, job.reader.note_files), text, asset.trace)

    def _compiled(self, asset: Asset, job: Job) -> Asset:
        """Return the module that TypeScript or JSX means. Raises ValueError without a compiler, and FilterError."""
        if asset.media_type not in self.compilers.types:
            raise ValueError(f"is a source whose compiler is missing: {cure_for(asset.media_type)}")
        compilers = replace(self.compilers, note=job.reader.note)
        return compilers.finish(compilers.begin(asset, self.analyses), MEDIA_TYPES["js"])

    def _may_preload(self, job: Job, found: PageModules) -> bool:
        has_nonce = found.nonce == STAND_IN and allows_nonce(job.context.policies, "js", STAND_IN)
        return not job.options.needs_nonce or has_nonce


def _as_it_is(asset: Asset, _job: Job) -> Prepared:
    text = asset.content.decode("utf-8-sig")
    return Prepared(text, text)


def _read(reader: RegionReader, url: str, media_type: str | None) -> Asset | None:
    try:
        return reader.read(url, media_type)
    except AssetNotFoundError as error:
        reader.note_files(error.absent)  # one that comes later counts
        raise


def _region_plan(
    plan: ModulePlan, found: PageModules, job: Job, own: Sequence[tuple[int, str]], *, is_first: bool
) -> RegionPlan:
    targets: dict[int, str] = {}
    kept: dict[bytes, str] = {}
    for index, type_ in own:
        part = job.parts[index]
        src = dict(part.attrs).get("src") if isinstance(part, Element) and type_ == "module" else None
        address = as_address(job.context.resolve(src)) if src is not None else ""
        if address in found.entries and address in plan.targets:
            targets[index] = plan.targets[address]
        elif address in found.fixed:
            kept[part.raw] = found.fixed[address]
    if not is_first or not (plan.targets or plan.preloads):
        return RegionPlan(plan, targets, kept=kept)
    table = _table(plan, found, job) if plan.targets else ""
    hashes = _hashes(plan)
    head = ModuleHead(table, plan.preloads, plan.level == "preload", found.nonce, hashes)
    # What asks for modules must not come before the page's own map: Firefox would take that for void.
    first = own[0] if table else next(((index, type_) for index, type_ in own if type_ == "module"), None)
    if first is None:
        return RegionPlan(plan, targets, kept=kept)
    is_map = bool(table) and first[1] == "importmap"
    return RegionPlan(plan, targets, head, first[0], is_map, kept)


def _hashes(plan: ModulePlan) -> dict[str, str]:
    """Return the hashes of all files at their targets."""
    hashes: dict[str, str] = {}
    for target in {*plan.targets.values(), *(plan.preloads if plan.targets else ())}:
        pack, slash, rest = target.partition("/")
        if slash:
            content = plan.files[pack].split(b"\n")[int(rest.partition(".")[0])]
        else:
            content = plan.files[target.removesuffix(".js").rpartition(".")[2]]
        hashes[target] = integrity_of(content)
    return hashes


def _table(plan: ModulePlan, found: PageModules, job: Job) -> str:
    """Return the page's import map with the addresses of *plan*, each a list with its target."""
    table: dict[str, Any] = json.loads(found.map_text) if found.map_text else {}
    imports: dict[str, Any] = table.setdefault("imports", {})
    base, resolve = job.context.base, job.context.resolve
    for names in (imports, *table.get("scopes", {}).values()):
        for key, value in names.items():
            address = (url_of(value, base, resolve) if isinstance(value, str) else None) or ""
            if address in plan.targets and not key.endswith("/"):
                names[key] = [plan.targets[address]]
        for key, value in list(names.items()):
            folder = url_of(value, base, resolve) if key.endswith("/") and isinstance(value, str) else None
            for address, target in plan.targets.items() if folder else ():
                rest = address.removeprefix(folder or "") if address.startswith(folder or "") else ""
                for each in dict.fromkeys((rest, unquote(rest)) if rest else ()):
                    names.setdefault(key + each, [target])
    known = {url_of(key, base, resolve) for key in imports}
    for address, target in plan.targets.items():
        if address not in known:
            imports[address] = [target]
    return json.dumps(table)
