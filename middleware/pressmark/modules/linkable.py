"""Decide whether modules can be linked into one file, and how each of them must be written there.

Theory
------
A linked module is a function that runs when it is first asked for, after all that it imports. Its imports are then
constants: nothing can change them any more. Three things are not so simple:

* A variable that the exporting module assigns to later is *mutable*: each assignment tells the importers.
* In a cycle a module's functions can be called before it has run. It is *live*: its functions exist from the start, and
  it reads each import anew. So does every module whose functions a live one could call before that has run.
* A namespace is an object that only a browser can make: only its members can be read.

Some modules cannot be functions: one that waits at its top level, one that is not understood, or of another site, or a
stylesheet. They are *natives*, and keep their places in the order (``facades``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pressmark.modules.components import components
from pressmark.modules.exports import Binding, Exports
from pressmark.modules.graph import Graph, Key, Module

_HOISTED = ("function", "var")


@dataclass(frozen=True, slots=True)
class Linkable:
    """Modules that can be linked, in the order of their evaluation, with those of them that are *live*.

    *cycles* are the numbers of the cycles that they are in. *mutable* are the variables that are assigned to later.
    *waits* are the *natives* that each module waits for.
    """

    graph: Graph
    exports: Exports
    modules: tuple[Module, ...]
    live: frozenset[Key]
    cycles: Mapping[Key, int]
    mutable: frozenset[Binding]
    natives: Mapping[Key, Module]
    waits: Mapping[Key, frozenset[Key]]

    def is_native(self, binding: Binding) -> bool:
        """Tell whether *binding* is a variable of a native."""
        return binding.key in self.natives

    def name_in_native(self, binding: Binding) -> str:
        """Return the name by which a native exports *binding*."""
        if binding.is_unknown or self.natives[binding.key].state == "css":
            return binding.local
        exported = self.natives[binding.key].facts.statements.exports
        return next(each.name for each in exported if each.local == binding.local)

    def may_change(self, binding: Binding) -> bool:
        """Tell whether a native may assign to *binding* once it has run."""
        facts = self.natives[binding.key].facts
        is_assigned = binding.local in (*facts.heads, *(span.name for span in facts.assigned))
        return binding.is_unknown or is_assigned or facts.has_eval

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
    natives = {module.key: module for module in listed if _is_native(module)}
    scripts = tuple(module for module in listed if module.state == "module" and module.key not in natives)
    cycles = components(graph, [module.key for module in (*scripts, *natives.values())])
    for module in natives.values():
        if module.key in cycles:
            raise UnlinkableError(module, f"is in a cycle, and {why_native(module)}")
    for module in scripts:
        _refuse(module)
    mutable = frozenset(Binding(module.key, span.name) for module in scripts for span in module.facts.assigned)
    live = live_modules(graph, exports, scripts, cycles)
    waits = {
        module.key: frozenset(each.key for each in graph.reached([module.key]) if each.key in natives)
        for module in (scripts if natives else ())
    }
    found = Linkable(graph, exports, scripts, live, cycles, mutable, natives, waits)
    for module in scripts:
        _refuse_natives(found, module)
        _refuse_namespaces(found, module)
        _refuse_live(found, module)
    return found


def _binding(exports: Exports, request: Key, name: str) -> Binding | None:
    return Binding(request, "*") if name == "*" else exports.find(request, name)


def _is_native(module: Module) -> bool:
    return module.state in ("raw", "foreign", "css") or (module.state == "module" and module.facts.awaits)


def why_native(module: Module) -> str:
    """Return why a native cannot be linked."""
    return "awaits at its top level" if module.state == "module" else module.reason


def _refuse_natives(found: Linkable, module: Module) -> None:
    """Raise UnlinkableError for a module that asks natives for what they cannot give."""
    for star in module.facts.statements.stars:
        key = module.requests[star]
        if key is not None and found.exports.hides(key):
            raise UnlinkableError(module, f"exports all of {key.address}, of which nobody knows the exports")
    for local, binding in found.bindings(module).items():
        if found.is_native(binding) and module.key in found.live:
            raise UnlinkableError(module, f"is in a cycle, and imports {local} of {binding.key.address}")
        if found.is_native(binding) and binding.local == "*" and found.natives[binding.key].state != "module":
            raise UnlinkableError(module, f"imports all of {binding.key.address}, of which nobody knows the exports")


def _refuse(module: Module) -> None:
    """Raise UnlinkableError for a module that must stay one of its own."""
    facts = module.facts
    if facts.assigned_imports:
        raise UnlinkableError(module, f"assigns to {facts.assigned_imports[0]}, which it imports")
    if facts.heads:
        raise UnlinkableError(module, f"assigns to {facts.heads[0]}, which it exports, in the head of a loop")
    changing = [name for name, kind in facts.kinds.items() if kind not in ("const",)]
    if facts.has_eval and changing:
        raise UnlinkableError(module, f"has eval, which may assign to {changing[0]}, which it exports")
    if facts.has_source_url:
        raise UnlinkableError(module, "names itself with sourceURL")


def live_modules(
    graph: Graph, exports: Exports, modules: Iterable[Module], cycles: Mapping[Key, int]
) -> frozenset[Key]:
    """Return the modules of *cycles*, and those whose functions one of them might call before they have run."""
    live = set(cycles)
    waiting = list(live)
    while waiting:
        for binding in _read_by(graph, exports, graph.modules[waiting.pop()]):
            if binding.key not in live and _is_hoisted(graph.modules[binding.key], binding):
                live.add(binding.key)
                waiting.append(binding.key)
    return frozenset(live & {module.key for module in modules})


def _read_by(graph: Graph, exports: Exports, module: Module) -> Iterator[Binding]:
    """Yield the variables of others that *module* may read, also as members of a namespace."""
    for each in module.facts.statements.imports:
        request = module.requests[each.request]
        if request is None or request not in graph.modules:
            continue
        if each.name == "*":
            names = [use.name for use in module.facts.spaces.get(each.local, ())] or exports.names(request)
        else:
            names = [each.name]
        found = (exports.find(request, name) for name in names)
        yield from (binding for binding in found if binding is not None and binding.local != "*")


def _is_hoisted(module: Module, binding: Binding) -> bool:
    """Tell whether others can use the variable of *module* before that has run."""
    if module.state != "module":
        return False
    if not binding.local:
        return any(cut.default == "function" for cut in module.facts.statements.cuts)
    return module.facts.kinds.get(binding.local) in _HOISTED


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
    if module.key in found.cycles and found.waits.get(module.key):  # some of its members would not wait
        raise UnlinkableError(module, "is in a cycle, and waits for modules that cannot be linked")
    if module.key not in found.live:
        return
    if module.facts.has_eval or module.facts.has_arguments:
        raise UnlinkableError(module, "is in a cycle, and has eval or arguments")
