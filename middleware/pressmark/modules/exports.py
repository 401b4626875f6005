"""Find the variable behind each name that a module exports (ECMAScript, 16.2.1.7.2.2 ResolveExport)."""

from collections.abc import Iterator, Mapping
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
        self._found: dict[tuple[Key, str], Binding | None] = {}

    def find(self, key: Key, name: str) -> Binding | None:
        """Return the variable that the module at *key* exports by *name*, ``None`` if there is none or several."""
        if (key, name) not in self._found:
            self._found[key, name] = self._find(key, name, set())
        found = self._found[key, name]
        return None if found == AMBIGUOUS else found

    def names(self, key: Key) -> list[str]:
        """Return the names that the module at *key* exports, sorted; those of unknown modules are not among them."""
        names = {"default"} if self._is_data(key) else set(self._table(key))
        names |= {name for star in self._starred(key) for name in self._table(star) if name != "default"}
        return sorted(name for name in names if self.find(key, name) is not None)

    def hides(self, key: Key) -> bool:
        """Tell whether nobody knows all exports of the module at *key*."""
        modules = (self._graph.modules.get(each) for each in (key, *self._starred(key)))
        return any(module is None or module.state in _UNREAD for module in modules)

    def _is_data(self, key: Key) -> bool:
        module = self._graph.modules.get(key)
        return module is not None and module.state in ("json", "css")

    def _starred(self, key: Key) -> Iterator[Key]:
        """Yield the modules of which the one at *key* exports all, directly or by others."""
        seen = {key}
        waiting = self._stars(key)
        while waiting:
            star = waiting.pop()
            if star is not None and star not in seen:
                seen.add(star)
                yield star
                waiting += self._stars(star)

    def _table(self, key: Key) -> Mapping[str, Binding | tuple[Key | None, str]]:
        """Return what the module at *key* exports by name: its variables, and names of other modules."""
        if key not in self._own:
            module = self._graph.modules.get(key) or Module(key, "missing")
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

    def _stars(self, key: Key) -> list[Key | None]:
        module = self._graph.modules.get(key)
        return [module.requests[number] for number in module.facts.statements.stars] if module is not None else []

    def _find(self, key: Key | None, name: str, seen: set[tuple[Key, str]]) -> Binding | None:
        while key is not None and (key, name) not in seen:
            seen.add((key, name))
            if (key, name) in self._found:
                return self._found[key, name]
            unread = self._of_unread(key, name)
            if unread is not None or key not in self._graph.modules:
                return unread
            found = self._table(key).get(name)
            if isinstance(found, Binding):
                return found
            if found is None:
                return None if name == "default" else self._of_stars(key, name, seen)
            key, name = found
            if name == "*":
                return None if key is None else Binding(key, "*")
        return None

    def _of_unread(self, key: Key, name: str) -> Binding | None:
        """Return the export *name* of a module whose text does not tell of it, ``None`` if it does."""
        module = self._graph.modules.get(key)
        if module is not None and module.state in _UNREAD:
            return Binding(key, name, is_unknown=True)
        return Binding(key, "default") if self._is_data(key) and name == "default" else None

    def _of_stars(self, key: Key, name: str, seen: set[tuple[Key, str]]) -> Binding | None:
        """Return what the modules have of which the one at *key* exports all; AMBIGUOUS if they have different ones."""
        found: Binding | None = None
        waiting = self._stars(key)[::-1]
        while waiting:
            star = waiting.pop()
            if star is None or (star, name) in seen:
                continue
            if (star, name) in self._found or self._of_unread(star, name) or name in self._table(star):
                each = self._find(star, name, seen)
                if each == AMBIGUOUS or (each is not None and found is not None and each != found):
                    return AMBIGUOUS
                found = found or each
            else:
                seen.add((star, name))
                waiting += self._stars(star)[::-1]
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
