"""Choose the level at which the modules of a page are served, and make the files for it.

Theory
------
There are four levels, and each has all that the one below it has but its doubts. *Kept*: nothing is done. *Preloaded*:
the browser is told of the whole graph at once; no address changes. *Named*: each module is served by us under the hash
of its content, and an import map leads its own address there. *Linked*: all modules are functions in one file, and the
map leads each address to a small module that runs one of them. A doubt about a level leaves the one below.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pressmark.modules.components import components
from pressmark.modules.edits import Edited
from pressmark.modules.exports import Exports, link_error
from pressmark.modules.facades import FILE
from pressmark.modules.graph import Graph, Key, Module
from pressmark.modules.linkable import UnlinkableError, linkable, live_modules, why_native
from pressmark.modules.linking import link
from pressmark.modules.naming import UnnamableError, named
from pressmark.syntax.urls import file_name
from pressmark.verdicts.analyses import Analyses

Level = Literal["kept", "preload", "named", "linked"]
LEVELS: tuple[Level, ...] = ("kept", "preload", "named", "linked")

LEAST_MODULES = 3
LEAST_BYTES = 10_000
"""Below both a file of all modules saves nothing."""
MAX_MAP_BYTES = 8 << 10
"""The most that the import map may add to a page, compressed."""

Finish = Callable[[Sequence[str | Edited], Sequence[Module]], tuple[bytes, bytes | None]]
"""Gives the content of a linked file by its texts, those of modules among them, and its source map if it has one."""
_NO_LABEL = re.compile(r"[^A-Za-z0-9_-]+")
NameOf = Callable[[bytes], str]
"""Gives the name of a file by its content."""


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """What becomes of the modules of a page, and why it is no more.

    *targets* are the addresses below the folder of scripts, by the modules' own; *preloads* are some of those, or own
    addresses at the level "preload". *files* are the contents by their names, *count* the modules in the graph.
    """

    level: Level
    reason: str = ""
    targets: Mapping[str, str] = field(default_factory=dict)
    preloads: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    count: int = 0
    source_map: bytes | None = None


def joined(parts: Sequence[str | Edited], _modules: Sequence[Module]) -> tuple[bytes, bytes | None]:
    """Return the content of a linked file without a source map."""
    return "".join(part if isinstance(part, str) else part.text for part in parts).encode("utf-8"), None


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that may be done: the *highest* level, with the *reason* why it is no higher.

    *asked* are the addresses that code outside of the graph asks for, *label* comes before the name of a linked file.
    With *has_labels* a named one has its own before its name. A file *keeps_origin* if the page's own paths mean the
    same in it. *finish* writes linked files.
    """

    highest: Level = "linked"
    reason: str = ""
    asked: frozenset[str] = frozenset()
    label: str = ""
    has_labels: bool = False
    keeps_origin: bool = True
    finish: Finish = joined


def plan_modules(graph: Graph, limits: Limits, name_of: NameOf, analyses: Analyses) -> ModulePlan:
    """Return the plan for *graph*, the graph of all module elements of a page."""
    try:
        return _plan(graph, limits, name_of, analyses)
    except RecursionError:
        files = [module for module in graph.modules.values() if not module.is_inline]
        return ModulePlan("preload", "the graph is too deep", {}, tuple(_there(files)), {}, len(files))


def _plan(graph: Graph, limits: Limits, name_of: NameOf, analyses: Analyses) -> ModulePlan:
    exports = Exports(graph)
    # A file that is not there leaves its own element alone.
    roots = [key for key in graph.roots if graph.modules[key].state not in ("missing", "foreign")]
    static = list(graph.reached(roots))
    files = [module for module in static if not module.is_inline]
    if limits.highest == "kept" or not files:
        return ModulePlan("kept", limits.reason or "there is nothing to fetch")
    preload = ModulePlan("preload", limits.reason, {}, tuple(_there(files)), {}, len(files))
    reason = _doubt(graph, exports, static)
    if limits.highest == "preload" or reason:
        return replace(preload, reason=limits.reason or reason)
    late = _late(graph, exports, static)
    reason = limits.reason or _no_link(files)
    if limits.highest == "linked" and not reason:
        try:
            return _linked(graph, exports, files, late, limits, name_of, analyses)
        except (UnlinkableError, _LargeMapError) as error:
            reason = str(error)
    if not limits.keeps_origin:
        return replace(preload, reason=f"{reason}; on another host a module cannot ask for those of this one")
    try:
        targets, contents = _named(graph, exports, [*files, *late], name_of, has_labels=limits.has_labels)
        _refuse_large(targets)
    except _LargeMapError as error:
        return replace(preload, reason=str(error))
    if not targets:
        raw = next((module for module in files if module.state == "raw"), None)
        return replace(preload, reason=reason if raw is None else f"{raw.address} {raw.reason}")
    preloads = tuple(targets.get(module.address, "") for module in files)
    return ModulePlan("named", reason, targets, tuple(filter(None, preloads)), contents, len(files))


class _LargeMapError(ValueError):
    """The import map would be too large."""


def _there(modules: Iterable[Module]) -> Iterable[str]:
    """Yield the addresses of the scripts that are surely there, and run or fail as they are."""
    found = (module for module in modules if module.state in ("module", "raw"))
    return (module.address for module in found if not (module.is_fixed or module.is_compiled))


def _doubt(graph: Graph, exports: Exports, static: Sequence[Module]) -> str:
    """Return why no address may change, "" if all may."""
    if not graph.is_whole:
        return "the graph is too large"
    for module in static:
        if module.state in ("broken", "missing"):
            return f"{module.address} {module.reason}"
        error = link_error(graph, exports, module)
        if error:
            return f"{_name(module)} {error}"
    for module in graph.modules.values():
        if module.facts.resolves:
            return f"{_name(module)} uses import.meta.resolve"
    return ""


def _name(module: Module) -> str:
    return "an inline module" if module.is_inline else module.address


def _late(graph: Graph, exports: Exports, static: Sequence[Module]) -> list[Module]:
    """Return the modules that only ``import()`` reaches, as far as they link."""
    known = {module.key for module in static}
    found: dict[Key, Module] = {}
    for module in graph.modules.values():
        for key in module.dynamic:
            if key is None or key in known or key in found:
                continue
            reached = list(graph.reached([key]))
            if all(each.state == "module" and not link_error(graph, exports, each) for each in reached):
                found |= {each.key: each for each in reached if each.key not in known}
    return list(found.values())


def _no_link(files: Sequence[Module]) -> str:
    size = sum(len(module.text) for module in files)
    if len(files) == 1 or (len(files) < LEAST_MODULES and size < LEAST_BYTES):
        return "so few modules in one file would save nothing"
    return ""


def _linked(  # noqa: PLR0913, PLR0917  # what a link is made of
    graph: Graph,
    exports: Exports,
    files: Sequence[Module],
    late: Sequence[Module],
    limits: Limits,
    name_of: NameOf,
    analyses: Analyses,
) -> ModulePlan:
    found = linkable(graph, exports, files)
    if not limits.keeps_origin and (late or found.natives or any(module.state == "json" for module in files)):
        raise UnlinkableError(files[-1], "asks for modules that are not linked")
    if not found.modules:
        raise UnlinkableError(files[-1], "is not alone in that it cannot be linked")
    linked = link(found, analyses, keeps_origin=limits.keeps_origin)
    content, source_map = limits.finish(linked.parts, found.modules)
    file = f"{limits.label}{name_of(content)}.js"
    pack = "\n".join(facade.replace(FILE, f"../{file}") for facade in linked.facades).encode("utf-8")
    folder = name_of(pack)
    targets = {key.address: f"{folder}/{number}.js" for number, key in enumerate(linked.keys)}
    # A module that has run is there at once for import(), natively.
    again = {key.address for module in files for key in module.dynamic if key is not None}
    asked = {*limits.asked, *again, *(key.address for key in graph.roots)}
    asked |= {
        key.address for root in graph.roots for key in graph.modules[root].requests
        if key is not None and graph.modules[root].is_inline
    }  # fmt: skip
    more, contents = _named(graph, exports, [*found.natives.values(), *late], name_of, has_labels=limits.has_labels)
    _refuse_large(targets | more)
    waiting = any(found.waits.get(key) for key in graph.roots)
    runs = tuple(f"{folder}/{number}.js" for number in range(len(linked.keys), len(linked.facades)) if waiting)
    natives = tuple(more[key.address] for key in found.natives if key.address in more)
    preloads = (file, *(target for address, target in targets.items() if address in asked), *runs, *natives)
    files_made = {name_of(content): content, folder: pack, **contents}
    first = next(iter(found.natives.values()), None)
    reason = (
        "" if first is None else f"but for {len(found.natives)}, such as {first.address}, which {why_native(first)}"
    )
    return ModulePlan("linked", reason, targets | more, preloads, files_made, len(files), source_map)


def _named(
    graph: Graph, exports: Exports, modules: Iterable[Module], name_of: NameOf, *, has_labels: bool
) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the addresses and contents of the *modules* that can be served under others."""
    targets: dict[str, str] = {}
    contents: dict[str, bytes] = {}
    wanted = [module for module in modules if module.state == "module"]
    live = live_modules(graph, exports, wanted, components(graph, [module.key for module in wanted]))
    for module in wanted:
        try:
            content = named(module, is_live=module.key in live).encode("utf-8")
        except UnnamableError:
            continue
        contents[name_of(content)] = content
        # Browsers send back by it which version they have, to get the difference alone.
        label = f"{_NO_LABEL.sub('-', file_name(module.address).partition('.')[0])}." if has_labels else ""
        targets[module.address] = f"{label}{name_of(content)}.js"
    return targets, contents


def _refuse_large(targets: Mapping[str, str]) -> None:
    size = len(zlib.compress(json.dumps(targets).encode("utf-8")))
    if size > MAX_MAP_BYTES:
        raise _LargeMapError(f"the import map would add {size} bytes to the page")
