"""Graphs of modules from texts, in the place of the files of a site."""

import re
from collections.abc import Mapping

from pressmark.errors import AssetNotFoundError
from pressmark.model import Asset
from pressmark.modules.exports import Exports
from pressmark.modules.graph import Graph, GraphReader, Key, Prepared, Root
from pressmark.modules.import_map import read_map
from pressmark.modules.linkable import Linkable, linkable
from pressmark.modules.linking import Linked, link
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses

ORIGIN = "https://site.example"

_END = re.compile(r"\n;(?:[$\w]+E\[\d+\]=\{|\}\);)")

Files = Mapping[str, str | bytes]


def to_address(url: str) -> str:
    """Return *url* without the origin of the site."""
    return url.removeprefix(ORIGIN)


def new_analyses() -> Analyses:
    """Return analyses that nobody has made."""
    return Analyses(MemoryStore())


def graph_of(
    files: Files,
    *roots: str | Root,
    import_map: str = "{}",
    base: str = "/",
    fixed: Mapping[str, str] | None = None,
) -> Graph:
    """Return the graph of *roots*, or of the first of *files*."""

    def read(url: str, media_type: str | None) -> Asset:
        if url not in files:
            raise AssetNotFoundError(url, ("/srv",))
        text = files[url]
        content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        return Asset(url, media_type or "text/javascript", content, (), "utf-8")

    reader = GraphReader(
        read_map(import_map, base, to_address), base, to_address, read,
        as_it_is, new_analyses(), fixed or {},
    )  # fmt: skip
    named = roots or (next(iter(files)),)
    return reader.graph([Root(each) if isinstance(each, str) else each for each in named])


def as_it_is(asset: Asset) -> Prepared:
    """Return the text of *asset* without filters."""
    text = asset.content.decode("utf-8-sig")
    return Prepared(text, text)


def linkable_of(files: Files, *roots: str) -> Linkable:
    """Return the modules of *files* that *roots* reach as they can be linked. Raises UnlinkableError."""
    graph = graph_of(files, *roots)
    return linkable(graph, Exports(graph), graph.reached(graph.roots))


def linked(files: Files, *roots: str) -> Linked:
    """Return the modules of *files* that *roots* reach in one file. Raises UnlinkableError."""
    return link(linkable_of(files, *roots), new_analyses())


def body_of(found: Linked, address: str) -> str:
    """Return the text of the module at *address* in a linked file, without what ends it."""
    line, column = found.starts[found.keys.index(Key(address))]
    text = "\n".join(found.text.split("\n")[line:])[column:]
    return _END.split(text, maxsplit=1)[0]


def changed(text: str, **others: str) -> str:
    """Return the *text* of a module of *others*, ``a`` for ``./a.js``, as it is linked."""
    return body_of(linked({"/m.js": text, **{f"/{name}.js": other for name, other in others.items()}}), "/m.js")
