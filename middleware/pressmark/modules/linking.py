"""Write linked modules: one file that defines each of them as a function, and a small module for each that runs it.

The file runs nothing by itself. A module's own text is not changed but for its imports and exports, so names, hoisting
and the dead zones of variables are as they were. Each line of a module is a line of the file.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from pressmark.modules.edits import Edited, Edits, without_hashbang
from pressmark.modules.exports import Binding
from pressmark.modules.facades import facades
from pressmark.modules.graph import Key, Module
from pressmark.modules.linkable import Linkable, UnlinkableError
from pressmark.modules.literals import as_member, as_property, as_string
from pressmark.modules.module_references import Reference, known_references
from pressmark.modules.resolving import resolver_text
from pressmark.verdicts.analyses import Analyses

# What runs a module, in the order of the standard (ECMAScript, 16.2.1.5.3): each once, and all that were about to run
# when one has thrown fail with that error. The numbers are those of the modules.
_RUNTIME = (
    "const $E=[],$f=[],$r=[],$c={},$x=[],$l=[],$o={},$k=[],$z={__proto__:null},$L=location.origin,$i=v=>v,"
    "$y=f=>{Object.defineProperty(f,'name',{value:'default',configurable:true})},"
    "$s=(i,f)=>{($l[i]||=[]).push(f);f()},"
    "$u=i=>v=>{for(const f of $l[i]||[])f();return v},"
    "$v=i=>{if($x[i]){if($x[i].f)throw $x[i].e;return}"
    "const c=$c[i],h=$k.push(i)-1,t=c===void 0||!$o[c];$x[i]={};t&&($o[c]=1);"
    "for(const r of $r[i]||[])$v(r);$f[i]();if(t){$o[c]=0;$k.length=h}},"
    # A live module is begun at once: its functions are there from now on.
    "$b=g=>{const r=g();r.next();return()=>{r.next()}},"
    "$e=i=>{try{$v(i)}catch(e){for(const k of $k)$x[k]={f:1,e};$k.length=0;throw e}},"
    # What a native exports, as a facade of a module that imports it tells.
    "$n=(i,o)=>{Object.defineProperties($E[i]||={__proto__:null},Object.getOwnPropertyDescriptors(o))};"
    "export{$E as E,$e as e,$s as s,$n as n};"
)
_PREFIXES = ("$p", "$q", "$pm", *(f"$pm{number}_" for number in range(100)))


class Linked(NamedTuple):
    """The file of all modules, and the *facades* by which they are asked for, each a text of one line.

    A facade imports the file by the name *FILE*; the first ones are those of *keys*, in the order of their numbers.
    *starts* are the lines of the file on which modules begin, from 0, with the column. *parts* are the texts of the
    file, those of modules with what of them was copied.
    """

    text: str
    facades: tuple[str, ...]
    keys: tuple[Key, ...]
    starts: tuple[tuple[int, int], ...]
    parts: tuple[str | Edited, ...]


def link(found: Linkable, analyses: Analyses, *, keeps_origin: bool = True) -> Linked:
    """Return *found* as a file with facades, which *keeps_origin* if it is on the page's own host.

    Raises UnlinkableError.
    """
    linker = _Linker(found, analyses, keeps_origin=keeps_origin)
    head = linker.head()
    parts: list[str | Edited] = [head]
    starts, (line, column) = [], _moved(0, 0, head)
    for module in found.modules:
        before, body, after = linker.function(module)
        line, column = _moved(line, column, before)
        starts.append((line, column))
        line, column = _moved(line, column, body.text + after)
        parts += (before, body, after)
    parts.append("\n")
    text = "".join(part if isinstance(part, str) else part.text for part in parts)
    keys = tuple(module.key for module in found.modules)
    modules = facades(found, linker.numbers, linker.data)
    return Linked(text, modules, keys, tuple(starts), tuple(parts))


def _moved(line: int, column: int, text: str) -> tuple[int, int]:
    count = text.count("\n")
    return (line + count, len(text) - text.rfind("\n") - 1) if count else (line, column + len(text))


class _Linker:
    def __init__(self, found: Linkable, analyses: Analyses, *, keeps_origin: bool) -> None:
        self._found, self._analyses, self._keeps_origin = found, analyses, keeps_origin
        keys = (*(module.key for module in found.modules), *found.natives)
        self.numbers = {key: number for number, key in enumerate(keys)}
        self._prefix = next(
            prefix for prefix in _PREFIXES if not any(prefix in module.text for module in found.modules)
        )
        self.data: dict[Key, str] = {}
        self._has_resolver = any(each.literal is None for module in found.modules for each in module.facts.dynamic)

    def _own(self, text: str) -> str:
        """Return *text* with names that no module has in the place of ``$E`` and its like."""
        return text.replace("$", self._prefix)

    # The file

    def head(self) -> str:
        """Return what comes before the first module."""
        imports = []
        for module in self._found.modules:
            for request in module.requests:
                if request is not None and request.type == "json" and request not in self.data:
                    name = self._own(f"$j{len(self.data)}")
                    self.data[request] = name
                    imports.append(f'import {name} from{as_string(request.address)}with{{type:"json"}};')
        resolver = resolver_text(self._own("$R")) if self._has_resolver else ""
        numbers = {self.numbers[key]: component for key, component in self._found.cycles.items() if key in self.numbers}
        cycles = self._own(f"Object.assign($c,{json.dumps(numbers, separators=(',', ':'))});") if numbers else ""
        return "".join(imports) + self._own(_RUNTIME) + resolver + cycles

    def function(self, module: Module) -> tuple[str, Edited, str]:
        """Return what stands before the text of *module* in the file, the text, and what stands behind it."""
        number = self.numbers[module.key]
        is_live = module.key in self._found.live
        mutable = any(binding.key == module.key for binding in self._found.mutable)
        has_getters = is_live or mutable
        edits = self._edited(module)
        before = [self._requests(module, number)]
        before.append(self._own(f"$f[{number}]=" + ("$b(function*(){" if is_live else "(()=>{")))
        if module.facts.metas:
            before.append(self._own("const $m={__proto__:null,url:$L+") + f"{as_string(module.address)}}};")
        if mutable:
            before.append(self._own(f"const $t=$u({number});"))
        if has_getters:
            before.append(self._getters(module, number))
        if is_live and any(cut.default == "function" for cut in module.facts.statements.cuts):
            before.append(self._own("$y($d);"))
        before.append("yield;" if is_live else self._imports(module))
        after = ["\n;"]
        if not has_getters:
            after.append(self._snapshot(module, number))
        after.append("});")
        return "".join(before), edits, "".join(after)

    def _requests(self, module: Module, number: int) -> str:
        linked = (key for key in dict.fromkeys(module.requests) if key in self.numbers)
        numbers = [self.numbers[key] for key in linked if key not in self._found.natives]
        return self._own(f"$r[{number}]={json.dumps(numbers, separators=(',', ':'))};") if numbers else ""

    def _locals(self, module: Module) -> list[tuple[str, str]]:
        """Return the names of the module's own exported variables, each with the variable."""
        imported = {each.local for each in module.facts.statements.imports}
        pairs = [(each.name, each.local) for each in module.facts.statements.exports if each.local not in imported]
        return [(name, local or self._own("$d")) for name, local in pairs]

    def _getters(self, module: Module, number: int) -> str:
        getters = ",".join(f"get {as_property(name)}(){{return {local}}}" for name, local in self._by_variable(module))
        return self._own(f"$E[{number}]={{__proto__:null{',' * bool(getters)}") + getters + "};"

    def _snapshot(self, module: Module, number: int) -> str:
        pairs = ",".join(
            local if name == local and name != "__proto__" else f"{as_property(name)}:{local}"
            for name, local in self._by_variable(module)
        )
        return self._own(f"$E[{number}]={{__proto__:null{',' * bool(pairs)}") + pairs + "}"

    def _by_variable(self, module: Module) -> Iterable[tuple[str, str]]:
        """Yield a name for each exported variable: others ask for it by that one."""
        return [(self._name_of(local), local) for local in dict.fromkeys(local for _, local in self._locals(module))]

    def _name_of(self, local: str) -> str:
        return "default" if local == self._own("$d") else local

    def _read(self, binding: Binding) -> str:
        """Return the expression that reads *binding* from outside of its module."""
        if binding.key in self.data:
            return self.data[binding.key]
        native = self._found.is_native(binding)
        name = self._found.name_in_native(binding) if native else binding.local or "default"
        return self._own(f"$E[{self.numbers[binding.key]}]") + as_member(name)

    def _imports(self, module: Module) -> str:
        """Return the declarations of the module's imports, none of which changes unless it says so."""
        by_number: dict[int, list[str]] = {}
        others: list[str] = []
        for local, binding in self._found.bindings(module).items():
            if binding.local == "*":
                continue
            if binding.key in self.data:
                others.append(f"const {local}={self.data[binding.key]};")
                continue
            number = self.numbers[binding.key]
            if self._found.is_native(binding):
                if not self._found.may_change(binding):
                    others.append(f"const {local}={self._read(binding)};")
                continue
            if binding in self._found.mutable:
                others.append(
                    f"let {local};" + self._own(f"$s({number},()=>{{") + f"{local}={self._read(binding)}" + "});"
                )
                continue
            name = binding.local or "default"
            by_number.setdefault(number, []).append(local if local == name else f"{as_property(name)}:{local}")
        constants = [
            f"const{{{','.join(names)}}}=" + self._own(f"$E[{number}];") for number, names in by_number.items()
        ]
        return "".join([*constants, *others])

    # The text of a module

    def _edited(self, module: Module) -> Edited:
        facts = module.facts
        raw = module.text.encode("utf-8")
        edits = Edits(raw)
        is_live = module.key in self._found.live
        for cut in facts.statements.cuts:
            if not cut.default:
                edits.replace(cut.start, cut.end, ";")
            elif cut.default == "function" and is_live:
                edits.replace(cut.start, cut.end, ";")
                edits.insert(cut.name_at, self._own(" $d"))
            else:
                edits.replace(cut.start, cut.end, self._own(";const $d={default:"))
                edits.insert(cut.stop, "}.default;", is_end=True)
        for end in {span.end for span in facts.assigned if span.ends}:
            edits.insert(end, ";", is_end=True)  # what follows must not be taken for arguments
        for span in facts.assigned:
            edits.insert(span.start, self._own(" $t("))  # a word may stand right before it
            edits.insert(span.end, ")", is_end=True)
        for meta in facts.metas:
            edits.replace(meta.start, meta.end, self._own("$m"))
        for call, written in zip(facts.dynamic, module.dynamic_written, strict=True):
            if call.literal is not None:
                is_elsewhere = written.startswith("/") and not self._keeps_origin
                edits.replace(call.start, call.end, self._own("$L+") * is_elsewhere + as_string(written))
            else:
                edits.insert(call.start, self._own("$R(") + f"{as_string(module.address)},")
                edits.insert(call.end, ")", is_end=True)
        bindings = self._found.bindings(module)
        self._read_members(edits, module, bindings)
        anew = {
            name: binding
            for name, binding in bindings.items()
            if binding.local != "*"
            and (is_live or (self._found.is_native(binding) and self._found.may_change(binding)))
        }
        if anew:
            self._read_anew(edits, module, anew)
        for named in facts.map_names:
            edits.replace(named.start, named.end, "sourceMappingURL:")
        edited = edits.edited()
        return edited._replace(text=without_hashbang(edited.text))

    def _read_members(self, edits: Edits, module: Module, bindings: dict[str, Binding]) -> None:
        """Let each ``namespace.member`` be the variable that it means."""
        for local, uses in module.facts.spaces.items():
            binding = bindings[local]
            for use in uses:
                found = self._found.exports.find(binding.key, use.name)
                if found is not None and found.local == "*":
                    raise UnlinkableError(module, f"reads {local}.{use.name}, which is a namespace")
                if use.is_call and found is not None and self._uses_this(found):
                    raise UnlinkableError(module, f"calls {local}.{use.name}(), whose this may be the namespace")
                missing = self._own("$z") + as_member(use.name)
                edits.replace(use.start, use.end, missing if found is None else self._read(found))

    def _uses_this(self, binding: Binding) -> bool:
        """Tell whether a function that *binding* may hold looks at what it is called as a member of."""
        return binding.local in self._found.graph.modules[binding.key].facts.with_this

    def _read_anew(self, edits: Edits, module: Module, bindings: dict[str, Binding]) -> None:
        """Let each reference to an import read its variable at that moment."""
        found = known_references(module.text, bindings, self._analyses)
        if found.refusal:
            raise UnlinkableError(module, f"reads imports anew, and {found.refusal}")
        for each in found.references:
            self._replace(edits, each, self._read(bindings[each.name]))

    def _replace(self, edits: Edits, each: Reference, expression: str) -> None:
        if each.form == "shorthand":
            expression = f"{each.name}:{expression}"
        elif each.form == "call":
            expression = self._own("$i(") + f"{expression})"
        edits.replace(each.start, each.end, expression)
