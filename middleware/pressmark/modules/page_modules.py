"""Read the modules of a page: its elements and import map, and what limits the level that they may get."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pressmark.errors import AssetError
from pressmark.http.security_policy import allows_inline, allows_nonce
from pressmark.model import Element, ModulesAround
from pressmark.modules.graph import Graph, GraphReader, Prepare, Read, Root
from pressmark.modules.import_map import Address, ImportMap, as_address, is_own, read_map
from pressmark.modules.planning import LEVELS, Level, Limits
from pressmark.page.context import Context
from pressmark.page.elements import read_elements
from pressmark.page.modules_around import LOOKS_FOR_SCRIPTS, SAID
from pressmark.page.nonces import STAND_IN
from pressmark.verdicts.analyses import Analyses

IN_PIECES = "the page is sent in pieces, and no map may come after a module: send it whole"
_MAY_IMPORT = re.compile(rb"\bimport\s*\(")
_FIXED = ("integrity", "nomodule")


def type_of(element: Element) -> str:
    """Return "module" or "importmap" for a script of that type, else ""."""
    type_ = dict(element.attrs).get("type", "").lower() if element.tag == "script" else ""
    return type_ if type_ in ("module", "importmap") else ""


@dataclass(frozen=True, slots=True)
class PageModules:
    """The modules of a page, and the import map among them.

    *entries* are the addresses of elements whose file may have another, *fixed* those of all others, with the reason.
    *map_text* is the text of the page's own import map, "" if it has none. *flaws* are the reasons why no import map
    may be written. *nonce* is the one that all elements have, ``None`` if they have none.
    """

    roots: tuple[Root, ...]
    entries: frozenset[Address]
    fixed: dict[Address, str]
    import_map: ImportMap
    map_text: str
    flaws: tuple[str, ...]
    nonce: str | None


def read_page_modules(bodies: Sequence[bytes], context: Context) -> PageModules:
    """Return the modules in *bodies*, which are those of the regions of one page in *context*."""
    elements = [each for body in bodies for each in read_elements(body, context.encoding) if isinstance(each, Element)]
    found = [(type_of(each), each) for each in elements if type_of(each)]
    maps = [each for type_, each in found if type_ == "importmap"]
    modules = [each for type_, each in found if type_ == "module"]
    nonces = {dict(each.attrs).get("nonce") for _, each in found}
    flaws = []
    if len(maps) > 1:
        flaws.append("the regions hold several import maps: write one")
    if maps and found[0][0] != "importmap":
        flaws.append("the import map comes after a module: move it in front of it")
    if maps and "src" in dict(maps[0].attrs):
        flaws.append("the import map has a src, which no browser reads")
    if len(nonces) > 1:
        flaws.append("the modules have different nonces")
    text, import_map = maps[0].text if maps and not flaws else "", ImportMap()
    try:
        import_map = read_map(text, context.base, context.resolve) if text else import_map
    except (ValueError, RecursionError) as error:
        flaws.append(f"the import map is none: {error}")
    roots, entries, fixed = [], set[Address](), dict[Address, str]()
    for each in modules:
        attrs = dict(each.attrs)
        if "src" not in attrs:
            roots.append(Root("", each.text))
            continue
        address = as_address(context.resolve(attrs["src"]))
        reason = _fixed(attrs, address)
        if reason:
            fixed[address] = reason
        roots.append(Root(address))
        entries.add(address)
    fixed |= dict.fromkeys(import_map.integrity, "has a hash in the page's import map")
    return PageModules(
        tuple(dict.fromkeys(roots)),
        frozenset(entries - fixed.keys()),
        fixed,
        import_map,
        text,
        tuple(flaws),
        nonces.pop() if len(nonces) == 1 else None,
    )


def _fixed(attrs: dict[str, str], address: Address) -> str:
    """Return why the address of an element with *attrs* must not change, "" if it may."""
    named = next((name for name in _FIXED if name in attrs), "")
    if named:
        return f"has {named}"
    if attrs.get("crossorigin", "").lower() == "use-credentials":
        return "has crossorigin=use-credentials"
    return "has a fragment" if "#" in address else ""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Finds what limits the level of the modules of a page. *read* gives the files of other scripts.

    With *is_exact* code that only looks for script elements counts, and other scripts of the page.
    """

    context: Context
    read: Read
    highest: Level
    is_exact: bool = False

    def limits(self, found: PageModules, around: ModulesAround | None, graph: Graph, *, has_links: bool) -> Limits:
        """Return the limits for *graph*, the graph of all modules of a page with *around* around them."""
        if self.highest in ("kept", "preload"):
            return Limits(self.highest, "the setting modules says so")
        if around is None:
            return Limits("preload", IN_PIECES)
        doubt = next(self._doubts(found, around, graph, has_links=has_links), "")
        if doubt:
            return Limits("preload", doubt)
        asked = (found.import_map.resolve(each, self.context.base, self.context.resolve) for each in around.asked)
        reason = "the setting modules says so" if self.highest != "linked" else ""
        return Limits(self.highest, reason, frozenset(address for address in asked if address is not None))

    def _doubts(self, found: PageModules, around: ModulesAround, graph: Graph, *, has_links: bool) -> Iterator[str]:
        yield from found.flaws
        yield from around.bars
        if has_links:
            yield "a Link header asks for modules before the import map"
        yield from self._policy(found)
        for said in around.said:
            if self.is_exact or said != LOOKS_FOR_SCRIPTS:
                yield f"code in the page {said}"
        yield from self._other_modules(around, graph)
        yield from self._other_maps(around, graph)
        yield from self._texts(around, graph)

    def _policy(self, found: PageModules) -> Iterator[str]:
        policies = self.context.policies
        has_nonce = found.nonce == STAND_IN and allows_nonce(policies, "js", STAND_IN)
        if policies and not has_nonce and not allows_inline(policies, "js"):
            yield "the page's Content Security Policy allows no import map: give the modules its nonce"

    def _other_modules(self, around: ModulesAround, graph: Graph) -> Iterator[str]:
        known = {key.address for key in graph.modules}
        for url in around.modules:
            address = as_address(self.context.resolve(url))
            if address in known:
                yield f"a module outside of the region is {address}, which would run twice: put it into the region"

    def _other_maps(self, around: ModulesAround, graph: Graph) -> Iterator[str]:
        known = {key.address for key in graph.modules}
        for raw in around.maps:
            try:
                later = read_map(raw.decode("utf-8", "replace"), self.context.base, self.context.resolve)
            except (ValueError, RecursionError):
                continue
            if later.scopes or any(name in known or name.endswith("/") for name in later.imports.exact):
                yield "another import map comes later, and names the same modules"

    def _texts(self, around: ModulesAround, graph: Graph) -> Iterator[str]:
        for module in graph.modules.values():
            for said in module.facts.said:
                if self.is_exact or said != LOOKS_FOR_SCRIPTS:
                    yield f"{module.address} {said}"
        for url in around.early:
            if _MAY_IMPORT.search(self._text(url)):
                yield f"{url}, which comes before the region, may call import()"
        for url in (*around.early, *around.scripts) if self.is_exact else ():
            raw = self._text(url)
            for said, pattern in SAID:
                if pattern.search(raw):
                    yield f"{url} {said}"

    def _text(self, url: str) -> bytes:
        """Return the bytes of another script of the page, as far as they can be seen."""
        address = self.context.resolve(url)
        if not is_own(address):
            return b""
        try:
            asset = self.read(address, None)
        except AssetError:
            return b""
        return asset.content if asset is not None else b""


def graph_of(  # noqa: PLR0913  # what a graph is read with
    found: PageModules,
    context: Context,
    *,
    read: Read,
    prepare: Prepare,
    analyses: Analyses,
    served_from: Address = "/",
) -> Graph:
    """Return the graph of all modules that were *found* in a page. Blocks: reads files."""
    reader = GraphReader(
        found.import_map, context.base, context.resolve, read, prepare, analyses, found.fixed, served_from
    )
    return reader.graph(found.roots)


def lower(one: Limits, highest: Level, reason: str) -> Limits:
    """Return *one* with a level no higher than *highest*."""
    return one if LEVELS.index(one.highest) <= LEVELS.index(highest) else replace(one, highest=highest, reason=reason)
