"""Find the variable behind each name that a module exports (ECMAScript, 16.2.1.7.2.2 ResolveExport)."""

from collections.abc import Mapping
from typing import NamedTuple

from pressmark.modules.graph import Graph, Key, Module


class Binding(NamedTuple):
    """The variable *local* of the module at *key*: "*" is that module's namespace, "" its unnamed default.

    One that *is_unknown* is the export *local* of a module of which nobody knows the exports.
    """

    key: Key
    local: str
    is_unknown: bool = False


AMBIGUOUS = Binding(Key(""), "")
_UNREAD = ("raw", "foreign")


class Exports:
    """The exports of all modules of *graph*."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._own: dict[Key, dict[str, Binding | tuple[Key | None, str]]] = {}

    def find(self, key: Key, name: str) -> Binding | None:
        """Return the variable that the module at *key* exports by *name*, ``None`` if there is none or several."""
        found = self._find(key, name, set())
        return None if found == AMBIGUOUS else found

    def names(self, key: Key) -> list[str]:
        """Return the names that the module at *key* exports, sorted; those of unknown modules are not among them."""
        names = sorted(self._names(key, set()))
        return [name for name in names if self.find(key, name) is not None]

    def hides(self, key: Key) -> bool:
        """Tell whether nobody knows all exports of the module at *key*."""
        seen: set[Key] = set()
        waiting = [key]
        while waiting:
            each = waiting.pop()
            module = self._graph.modules.get(each)
            if module is None or module.state in _UNREAD:
                return True
            if each not in seen:
                seen.add(each)
                waiting += [star for star in self._stars(module) if star is not None]
        return False

    def _table(self, key: Key) -> Mapping[str, Binding | tuple[Key | None, str]]:
        """Return what the module at *key* exports by name: its variables, and names of other modules."""
        if key not in self._own:
            module = self._graph.modules[key]
            said = module.facts.statements
            imported = {each.local: each for each in said.imports}
            table: dict[str, Binding | tuple[Key | None, str]] = {}
            for exported in said.exports:
                source = imported.get(exported.local)
                if source is None:
                    table[exported.name] = Binding(key, exported.local)
                else:
                    table[exported.name] = (module.requests[source.request], source.name)
            table |= {each.name: (module.requests[each.request], each.of) for each in said.passed}
            self._own[key] = table
        return self._own[key]

    def _stars(self, module: Module) -> list[Key | None]:
        return [module.requests[number] for number in module.facts.statements.stars]

    def _names(self, key: Key, seen: set[Key]) -> set[str]:
        module = self._graph.modules.get(key)
        if module is None or key in seen:
            return set()
        if module.state in ("json", "css"):
            return {"default"}
        seen.add(key)
        names = set(self._table(key))
        for star in self._stars(module):
            if star is not None:
                names |= self._names(star, seen) - {"default"}
        return names

    def _find(self, key: Key | None, name: str, seen: set[tuple[Key, str]]) -> Binding | None:
        if key is None or (key, name) in seen:
            return None
        seen.add((key, name))
        module = self._graph.modules.get(key)
        if module is None or module.state == "missing":
            return None
        if module.state in _UNREAD:
            return Binding(key, name, is_unknown=True)
        if module.state in ("json", "css"):
            return Binding(key, "default") if name == "default" else None
        found = self._table(key).get(name)
        if isinstance(found, Binding):
            return found
        if found is not None:
            target, of = found
            if of == "*":
                return None if target is None else Binding(target, "*")
            return self._find(target, of, seen)
        return None if name == "default" else self._of_stars(module, name, seen)

    def _of_stars(self, module: Module, name: str, seen: set[tuple[Key, str]]) -> Binding | None:
        found: Binding | None = None
        for star in self._stars(module):
            each = self._find(star, name, seen)
            if each == AMBIGUOUS:
                return each
            if each is not None and found is not None and each != found:
                return AMBIGUOUS
            found = found or each
        return found


def link_error(graph: Graph, exports: Exports, module: Module) -> str:
    """Return why *module* alone does not link, "" if it does (ECMAScript, 16.2.1.7.3.1 InitializeEnvironment)."""
    said = module.facts.statements
    for request, wanted in zip(module.requests, said.requests, strict=True):
        if request is None:
            return f"imports {wanted.specifier!r}, which no import map names"
        target = graph.modules.get(request)
        if target is not None and target.state in ("missing", "broken"):
            return f"imports {wanted.specifier!r}, which {target.reason}"
    wanted_names = [(each.request, each.name) for each in said.imports]
    wanted_names += [(each.request, each.of) for each in said.passed]
    for number, name in wanted_names:
        request = module.requests[number]
        if name != "*" and request is not None and exports.find(request, name) is None:
            return f"imports {name!r} of {said.requests[number].specifier!r}, which has no such export, or several"
    return ""
