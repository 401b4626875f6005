"""Write the facade of each linked module: a small module that runs it and exports what it exports.

A module that waits for natives cannot run at once. The modules that its facade stands for, in the order of their
evaluation, are cut into *runs*: neighbours that wait for the same natives. Each run becomes a module of its own, which
imports those, and the facade imports runs and natives in that order. The browser's own algorithm does the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pressmark.modules.exports import Binding
from pressmark.modules.graph import Key, Module
from pressmark.modules.linkable import Linkable, UnlinkableError
from pressmark.modules.literals import as_member, as_string, is_word

FILE = "{file}"
"""The name of the file of all modules, in a facade."""
MAX_RUNS = 3
"""Each run of an element's module is one more request."""


def facades(found: Linkable, numbers: Mapping[Key, int], data: Mapping[Key, str]) -> tuple[str, ...]:
    """Return the facades of the modules *found*, in the order of their *numbers*, and then the runs that they need.

    *data* are the modules of JSON. Raises UnlinkableError if a module at which a graph begins needs too many.
    """
    writer = _Writer(found, numbers, data)
    written = [writer.facade(module) for module in found.modules]
    return (*written, *writer.runs)


@dataclass(slots=True)
class _Writer:
    found: Linkable
    numbers: Mapping[Key, int]
    data: Mapping[Key, str]
    runs: dict[str, int] = field(default_factory=dict)

    def facade(self, module: Module) -> str:
        """Return the facade of *module*, in one line."""
        before, given = "", ""
        if self.found.waits.get(module.key):
            before, given = self._waiting(module)
        number = self.numbers[module.key]
        names = "e,E,s,n" if given else "e,E,s"
        lines = [f'import{{{names}}}from"{FILE}";{before}{given}e({number});']
        written = []
        exports = self.found.exports
        for place, name in enumerate(exports.names(module.key)):
            binding = exports.find(module.key, name)
            if binding is not None:
                lines.append(self._export(binding, f"v{place}"))
                written.append(f"v{place} as {name if is_word(name) else as_string(name)}")
        return "".join(lines) + (f"export{{{','.join(written)}}}" if written else "")

    def _export(self, binding: Binding, local: str) -> str:
        """Return the declaration of *local*, which is exported in the place of *binding*."""
        if binding.key in self.data:
            return f'import {local} from{as_string(binding.key.address)}with{{type:"json"}};'
        if self.found.is_native(binding):
            return f"import{{{_name(self.found.name_in_native(binding))} as {local}}}{_source(binding.key)};"
        read = f"E[{self.numbers[binding.key]}]{as_member(binding.local or 'default')}"
        if binding in self.found.mutable:
            return f"let {local};s({self.numbers[binding.key]},()=>{{{local}={read}}});"
        return f"const {local}={read};"

    def _waiting(self, module: Module) -> tuple[str, str]:
        """Return what the facade of a *module* that waits imports, and what it tells of natives."""
        order = [each for each in self.found.graph.reached([module.key]) if each.key in self.numbers]
        parts: list[str] = []
        cut: list[list[Module]] = []
        for each in order:
            if each.key in self.found.natives:
                parts += self._closed(cut)
                parts.append(f"import{_from(each.key)};")
            elif cut and self.found.waits[cut[-1][-1].key] == self.found.waits[each.key]:
                cut[-1].append(each)
            else:
                parts += self._closed(cut)
                cut.append([each])
        count = sum(part.startswith('import"./') for part in parts)
        if count > MAX_RUNS and module.key in self.found.graph.roots:
            raise UnlinkableError(module, f"waits for modules that cannot be linked, in {count} parts")
        return "".join(parts), self._given([each for run in cut for each in run])

    def _closed(self, cut: list[list[Module]]) -> Iterable[str]:
        """Return the import of the last run, if one is open, and close it."""
        if not cut:
            return []
        run = cut.pop()
        waits = self.found.waits[run[0].key]
        imports = "".join(f"import{_from(key)};" for key in self.found.natives if key in waits)
        given = self._given(run)
        # A cycle is entered at the member that ends last, which runs the others.
        last = {self.found.cycles[each.key]: each.key for each in run if each.key in self.found.cycles}
        called = [each.key for each in run if last.get(self.found.cycles.get(each.key, -1), each.key) == each.key]
        calls = "".join(f"e({self.numbers[key]});" for key in called)
        text = f'{imports}import{{{"e,n" if given else "e"}}}from"{FILE}";{given}{calls}'
        number = len(self.found.modules) + self.runs.setdefault(text, len(self.runs))
        return [f'import"./{number}.js";']

    def _given(self, modules: Sequence[Module]) -> str:
        """Return what tells the file of the exports of natives that *modules* import."""
        wanted: dict[Key, dict[str, None]] = {}
        for module in modules:
            for binding in self._read_by(module):
                if self.found.is_native(binding):
                    wanted.setdefault(binding.key, {})[self.found.name_in_native(binding)] = None
        written = []
        for key, names in wanted.items():
            number = self.numbers[key]
            locals_ = {name: f"n{number}_{place}" for place, name in enumerate(names)}
            imports = ",".join(f"{_name(name)} as {local}" for name, local in locals_.items())
            getters = ",".join(f"get {_name(name)}(){{return {local}}}" for name, local in locals_.items())
            written.append(f"import{{{imports}}}{_source(key)};n({number},{{{getters}}});")
        return "".join(written)

    def _read_by(self, module: Module) -> Iterable[Binding]:
        """Yield the variables of other modules that *module* reads."""
        for local, binding in self.found.bindings(module).items():
            if binding.local != "*":
                yield binding
            for use in module.facts.spaces.get(local, ()) if binding.local == "*" else ():
                member = self.found.exports.find(binding.key, use.name)
                if member is not None:
                    yield member


def _name(name: str) -> str:
    return name if is_word(name) else as_string(name)


def _from(key: Key) -> str:
    return f'{as_string(key.address)}with{{type:"{key.type}"}}' if key.type else as_string(key.address)


def _source(key: Key) -> str:
    return f"from{_from(key)}"
