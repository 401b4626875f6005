"""Find the graphs of modules that elements of a page reach: each module once an address, with what it asks for.

Nothing here depends on the level that a graph gets. A module that cannot be read is in the graph nevertheless, with the
reason, as others may ask for it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from pressmark.errors import AssetError, AssetNotFoundError
from pressmark.model import Asset, Trace
from pressmark.modules.import_map import Address, ImportMap, ToAddress, as_address, is_own, url_of
from pressmark.modules.module_facts import known_facts
from pressmark.syntax.js_module_facts import ModuleFacts
from pressmark.syntax.urls import without_query
from pressmark.verdicts.analyses import Analyses

MAX_MODULES = 2000
MAX_BYTES = 16 << 20
COMPILED = {"ts": "text/typescript", "mts": "text/typescript", "tsx": "text/tsx", "jsx": "text/jsx"}
"""The media types of modules that no browser reads, by the endings of their files."""
_ENDINGS = {"": (".js", ".mjs", *(f".{ending}" for ending in COMPILED)), "json": (".json",), "css": (".css",)}
_INLINE = "inline:"
# Those of files that no page names as such.
_MEDIA_TYPES = {"mjs": "text/javascript", "json": "application/json", **COMPILED}

State = Literal["module", "raw", "broken", "missing", "foreign", "json", "css"]
"""What a module is for us: one that is understood, one that browsers run and we do not understand, one that none runs,
a file that is not there, one of another site or of the application, and two that have no effects."""


class Key(NamedTuple):
    """By what a browser knows a module: its *address*, and the *type* that was asked for, "" for a script."""

    address: Address
    type: str = ""


class Prepared(NamedTuple):
    """The text of a module as it will be served, and *before* the filters; that has the *trace* to its sources."""

    text: str
    before: str
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """A module of a graph. *requests* are the modules that it asks for, ``None`` where a bare name means nothing.

    *dynamic* are those of its calls of ``import()``, ``None`` for one that is computed or means nothing. *written* and
    *dynamic_written* are the specifiers by which a module elsewhere asks for the same. One that *is_fixed* must neither
    change its address nor be asked for early. *prepared* tells where its text comes from, if it is of a file.
    """

    key: Key
    state: State
    text: str = ""
    facts: ModuleFacts = field(default_factory=ModuleFacts)
    requests: tuple[Key | None, ...] = ()
    dynamic: tuple[Key | None, ...] = ()
    written: tuple[str, ...] = ()
    dynamic_written: tuple[str, ...] = ()
    reason: str = ""
    is_fixed: bool = False
    prepared: Prepared | None = None

    @property
    def is_inline(self) -> bool:
        """Tell whether it stands in the page itself."""
        return self.address.startswith(_INLINE)

    @property
    def is_compiled(self) -> bool:
        """Tell whether no browser reads the file itself."""
        return without_query(self.address).rpartition(".")[2].lower() in COMPILED

    @property
    def address(self) -> Address:
        """The address of the module."""
        return self.key.address


class Root(NamedTuple):
    """Where a graph begins: the *address* of an element's file, or the *text* of an inline module."""

    address: Address
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """All modules that some roots reach, by their keys. The keys of inline modules are made up.

    If it *is_whole*, no bound was met.
    """

    modules: Mapping[Key, Module]
    roots: tuple[Key, ...]
    is_whole: bool = True

    def reached(self, starts: Iterable[Key]) -> Iterator[Module]:
        """Yield the modules that *starts* reach by static imports, in the order of evaluation, if there is no cycle."""
        seen: set[Key] = set()
        for start in starts:
            waiting: list[tuple[Key, bool]] = [(start, False)]
            while waiting:
                key, is_done = waiting.pop()
                if is_done:
                    yield self.modules[key]
                elif key not in seen and key in self.modules:
                    seen.add(key)
                    waiting.append((key, True))
                    waiting += [(each, False) for each in reversed(self.modules[key].requests) if each is not None]


Read = Callable[[str, str | None], Asset | None]
"""Gives the asset at a URL, of a media type if that is not by its name. Raises AssetError."""
Prepare = Callable[[Asset], Prepared]
"""Gives the text of a module. Raises RegionError and ValueError."""


@dataclass(slots=True)
class GraphReader:
    """Reads graphs of a page with *import_map*. *base* is that of its document, in which *to_address* knows its host.

    The addresses *fixed* must not change, each with the reason why. Other modules are *served_from* that folder.
    """

    import_map: ImportMap
    base: Address
    to_address: ToAddress
    read: Read
    prepare: Prepare
    analyses: Analyses
    fixed: Mapping[Address, str] = field(default_factory=dict)
    served_from: Address = "/"
    _modules: dict[Key, Module] = field(default_factory=dict)
    _bytes: int = 0

    def graph(self, roots: Sequence[Root]) -> Graph:
        """Return the graph of *roots*. Blocks: reads files."""
        keys: list[Key] = []
        for number, root in enumerate(roots):
            if root.text is None:
                keys.append(Key(as_address(root.address)))
            else:
                keys.append(Key(f"{_INLINE}{number}"))
                self._modules[keys[-1]] = self._module(keys[-1], root.text, self.base)
        waiting = list(keys)
        while waiting and len(self._modules) <= MAX_MODULES and self._bytes <= MAX_BYTES:
            key = waiting.pop()
            if key not in self._modules:
                self._modules[key] = self._found(key)
            module = self._modules[key]
            waiting += [
                each for each in (*module.requests, *module.dynamic) if each is not None and each not in self._modules
            ]
        return Graph(dict(self._modules), tuple(keys), is_whole=not waiting)

    def _found(self, key: Key) -> Module:
        """Return the module at *key*, whatever it is."""
        if key.address in self.fixed:
            return Module(key, "raw", reason=self.fixed[key.address], is_fixed=True)
        name = without_query(key.address).rpartition("/")[2].lower()
        if not is_own(key.address):
            return Module(key, "foreign", reason="is of another site")
        if not name.endswith(_ENDINGS[key.type]):
            return Module(key, "foreign", reason="is no static file by its name")
        try:
            asset = self.read(key.address, _MEDIA_TYPES.get(name.rpartition(".")[2]))
        except AssetNotFoundError:
            return Module(key, "missing", reason="is missing")
        except AssetError:  # whose reason names directories, and visitors can read ours
            return Module(key, "missing", reason="cannot be read")
        if asset is None or any(source.is_answer for source in asset.sources):
            return Module(key, "foreign", reason="is no static file")
        self._bytes += len(asset.content)
        return _data(key, asset.content) if key.type else self._script(key, asset)

    def _script(self, key: Key, asset: Asset) -> Module:
        if "#" in key.address:
            return Module(key, "raw", reason="has a fragment in its address")
        try:
            asset.content.decode("utf-8-sig")
            prepared = self.prepare(asset)
            found = self._module(key, prepared.text, key.address)
            if found.state != "module" and prepared.text != prepared.before:  # which a parser may understand better
                found = self._module(key, prepared.before, key.address)
            return replace(found, prepared=prepared._replace(text=found.text))
        except UnicodeDecodeError:
            return Module(key, "raw", reason="is not UTF-8")
        except ValueError as error:
            return Module(key, "raw", reason=str(error))

    def _module(self, key: Key, text: str, base: Address) -> Module:
        facts = known_facts(text, self.analyses)
        if facts.refusal:
            at = f" (line {facts.at[0]}, column {facts.at[1]})" if facts.at else ""
            return Module(key, "broken" if facts.is_broken else "raw", text, facts, reason=f"{facts.refusal}{at}")

        # A file may be asked for under several hosts, and means the same for all of them.
        to_address = self.to_address if base == self.base else _unchanged

        def resolved(specifier: str, type_: str = "") -> Key | None:
            address = self.import_map.resolve(specifier, base, to_address)
            return None if address is None else Key(address, type_)

        literals = [each.literal for each in facts.dynamic]
        return Module(
            key,
            "module",
            text,
            facts,
            tuple(resolved(*each) for each in facts.statements.requests),
            tuple(None if each is None else resolved(each) for each in literals),
            tuple(self._written(each.specifier, base) for each in facts.statements.requests),
            tuple("" if each is None else self._written(each, base) for each in literals),
        )

    def _written(self, specifier: str, base: Address) -> str:
        """Return the specifier by which a module that we serve asks for what *specifier* means at *base*.

        That is the address itself, unless the map leads it on. Raises ValueError if there is none.
        """
        target = self.import_map.resolve(specifier, base, _unchanged)
        if target is None:
            return specifier
        url = url_of(specifier, base, _unchanged)
        for each in (target, specifier if url is None else url):
            if self.import_map.resolve(each, self.served_from, _unchanged) == target:
                return each
        raise ValueError(f"asks for {specifier!r}, which means another module elsewhere")


def _unchanged(url: str) -> str:
    return url


def _data(key: Key, content: bytes) -> Module:
    """Return a module that has no effects: JSON or a stylesheet."""
    if key.type == "css":
        return Module(key, "css", reason="is a stylesheet")
    try:
        text = content.decode("utf-8-sig")
        json.loads(text)
    except ValueError as error:
        return Module(key, "broken", reason=f"is no JSON: {error}")
    return Module(key, "json", text)
