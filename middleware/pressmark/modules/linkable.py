"""Decide whether modules can be linked into one file, and how each of them must be written there.

Theory
------
A linked module is a function that runs when it is first asked for, after all that it imports. Its imports are then
constants: nothing can change them any more. Three things are not so simple:

* A variable that the exporting module assigns to later is *mutable*: each assignment tells the importers.
* In a cycle a module's functions can be called before it has run. It is *live*: its functions exist from the start, and
  it reads each import anew. So does every module whose functions a live one could call before that has run.
* A namespace is an object that only a browser can make: only its members can be read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pressmark.modules.components import components
from pressmark.modules.exports import Binding, Exports
from pressmark.modules.graph import Graph, Key, Module

_HOISTED = ("function", "var")


@dataclass(frozen=True, slots=True)
class Linkable:
    """Modules that can be linked, in the order of their evaluation, with those of them that are *live*.

    *cycles* are the numbers of the cycles that they are in. *mutable* are the variables that are assigned to later.
    """

    graph: Graph
    exports: Exports
    modules: tuple[Module, ...]
    live: frozenset[Key]
    cycles: Mapping[Key, int]
    mutable: frozenset[Binding]

    def bindings(self, module: Module) -> dict[str, Binding]:
        """Return the variables behind the imports of *module*, by their local names."""
        found = {}
        for each in module.facts.statements.imports:
            request = module.requests[each.request]
            binding = None if request is None else _binding(self.exports, request, each.name)
            if binding is not None:
                found[each.local] = binding
        return found


class UnlinkableError(ValueError):
    """Modules cannot be linked as they are. *module* is the one for which, at a line and column if that is known."""

    def __init__(self, module: Module, reason: str) -> None:
        super().__init__(f"{module.address} {reason}")
        self.module = module


def linkable(graph: Graph, exports: Exports, modules: Iterable[Module]) -> Linkable:
    """Return *modules* as they can be linked. Raises UnlinkableError."""
    listed = tuple(modules)
    for module in listed:
        _refuse(module)
    scripts = tuple(module for module in listed if module.state == "module")
    cycles = components(graph, [module.key for module in scripts])
    mutable = frozenset(Binding(module.key, span.name) for module in scripts for span in module.facts.assigned)
    found = Linkable(graph, exports, scripts, _live(graph, exports, scripts, cycles), cycles, mutable)
    for module in scripts:
        _refuse_namespaces(found, module)
        _refuse_live(found, module)
    return found


def _binding(exports: Exports, request: Key, name: str) -> Binding | None:
    return Binding(request, "*") if name == "*" else exports.find(request, name)


def _refuse(module: Module) -> None:
    """Raise UnlinkableError for a module that must stay one of its own."""
    facts = module.facts
    if module.state not in ("module", "json"):
        raise UnlinkableError(module, module.reason or "is no script")
    if facts.awaits:
        raise UnlinkableError(module, "awaits at its top level")
    if facts.assigned_imports:
        raise UnlinkableError(module, f"assigns to {facts.assigned_imports[0]}, which it imports")
    if facts.heads:
        raise UnlinkableError(module, f"assigns to {facts.heads[0]}, which it exports, in the head of a loop")
    changing = [name for name, kind in facts.kinds.items() if kind not in ("const",)]
    if facts.has_eval and changing:
        raise UnlinkableError(module, f"has eval, which may assign to {changing[0]}, which it exports")
    if facts.has_source_url:
        raise UnlinkableError(module, "names itself with sourceURL")


def _live(graph: Graph, exports: Exports, modules: tuple[Module, ...], cycles: Mapping[Key, int]) -> frozenset[Key]:
    """Return the modules of cycles, and those whose functions one of them might call before they have run."""
    live = set(cycles)
    waiting = list(live)
    while waiting:
        module = graph.modules[waiting.pop()]
        for each in module.facts.statements.imports:
            request = module.requests[each.request]
            binding = None if request is None else _binding(exports, request, each.name)
            if binding is None or binding.key in live:
                continue
            target = graph.modules[binding.key]
            names = target.facts.kinds.values() if binding.local == "*" else [target.facts.kinds.get(binding.local, "")]
            is_unnamed = binding.local == "" and any(cut.default == "function" for cut in target.facts.statements.cuts)
            if target.state == "module" and (is_unnamed or any(kind in _HOISTED for kind in names)):
                live.add(binding.key)
                waiting.append(binding.key)
    return frozenset(live & {module.key for module in modules})


def _refuse_namespaces(found: Linkable, module: Module) -> None:
    said = module.facts.statements
    for each in said.imports:
        if each.name == "*" and each.local not in module.facts.spaces:
            raise UnlinkableError(module, f"uses {each.local}, a namespace, as a whole")
    for name, binding in found.bindings(module).items():
        if binding.local == "*" and name not in module.facts.spaces:
            raise UnlinkableError(module, f"imports {name}, which is a namespace")
    for passed in said.passed:
        request = module.requests[passed.request]
        if passed.of == "*" or (
            request is not None and (b := found.exports.find(request, passed.of)) and b.local == "*"
        ):
            raise UnlinkableError(module, f"exports a namespace as {passed.name}")


def _refuse_live(found: Linkable, module: Module) -> None:
    if module.key not in found.live:
        return
    if module.facts.has_eval or module.facts.has_arguments:
        raise UnlinkableError(module, "is in a cycle, and has eval or arguments")
