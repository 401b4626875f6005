"""The values that travel through Pressmark: frozen, without behaviour of their own.

``raw`` is the exact bytes that a value was read from, so that "leave it alone" is one attribute away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["css", "js"]
FileKind = Literal["css", "js", "map", "pack"]
"""The kinds of generated files: bundles, source maps, and packs of small modules, one a line."""
Mode = Literal["file", "inline", "preload"]

Recipes = Literal["no", "may", "must"]
"""Which URLs of bundles carry a recipe: none, those that can, or all, so that what cannot is no bundle."""
MEDIA_TYPES: dict[str, str] = {"css": "text/css", "js": "text/javascript"}

# The MIME essences that HTML runs as a classic script (MIME Sniffing, 4.6).
SCRIPT_TYPES = frozenset(
    """
    application/ecmascript application/javascript application/x-ecmascript application/x-javascript text/ecmascript
    text/javascript text/javascript1.0 text/javascript1.1 text/javascript1.2 text/javascript1.3 text/javascript1.4
    text/javascript1.5 text/jscript text/livescript text/x-ecmascript text/x-javascript
    """.split()
)


@dataclass(frozen=True, slots=True)
class Text:
    """Bytes of a page that pass as they are. With a *flaw*, for people, they begin with a marker of no region."""

    raw: bytes
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class ModulesAround:
    """All of a whole page that bears on the modules of its region of that *number*.

    *bodies* hold the modules and maps of each region with some, *name* is that of the first. *bars* are reasons why a
    browser may take no map there. *early* are scripts before, *scripts* and *modules* all others outside, by address.
    *asked* is what code imports, *said* what else it does that matters. *maps* are later ones.
    """

    bodies: tuple[bytes, ...]
    number: int
    bars: tuple[str, ...] = ()
    early: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    maps: tuple[bytes, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A marked part of a page. *body* lies between the markers, *raw* includes them.

    *head* holds the raw ``<base>`` and ``<meta>`` tags before it that bear on the meaning of its URLs and bytes, and a
    short tag for each preload that may be of one of its files. With *is_trusted* its author says that nothing looks for
    its elements.
    *in_head* means that nothing before it ends the page's head, *after_pre* that it may stand right after the start tag
    of a ``pre`` or ``listing``. *context* names what a template's tag has found in the thread of its request, in which
    filters and precompilers are to be called. One that *has_modules*, or an import map, has *around* it what bears on
    them, ``None`` if the page was not all there.
    """

    kind: Kind
    mode: Mode
    name: str
    body: bytes
    raw: bytes
    head: tuple[bytes, ...] = ()
    in_head: bool = False
    after_pre: bool = False
    is_trusted: bool = False
    context: str = ""
    has_modules: bool = False
    around: ModulesAround | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a region. *tag* is lower case; text and conditional comments are ``#text``, ``#comment``.

    *attrs* has the decoded values in source order, the first of equal names only; *text* is the content of a style or
    script.
    """

    tag: str
    attrs: tuple[tuple[str, str], ...]
    text: str
    raw: bytes


ANSWER = "app:"
"""The start of a source's path that is an answer of the application, and no file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file or answer that was read for a region, or the path of a missing file that may yet come.

    *signature* are the values of ``stat`` when a file was read, ``None`` if it was so young that a later write may not
    change its time stamp; empty for a missing file. *mtime_s* is the time of its last write, in whole seconds of Unix
    time, if that is known.
    """

    path: str
    digest: str
    signature: tuple[int, ...] | None
    mtime_s: int | None = field(default=None, compare=False)

    @property
    def is_answer(self) -> bool:
        """Tell whether it is an answer of the application, and no file."""
        return self.path.startswith(ANSWER)


@dataclass(frozen=True, slots=True)
class Origin:
    """The original *text* of a file or of an element in the page, decoded."""

    url: str
    text: str


class Span(NamedTuple):
    """A part of a text, from the character *start* to the next span, with its offset in an origin.

    With a *step* of 1 it was copied from *offset* on; with 0 all of it stands for the text that begins there. *origin*
    is the origin's number, -1 for text without an origin.
    """

    start: int
    origin: int
    offset: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """The origins of a text, and the spans by which each part of it comes from them."""

    origins: tuple[Origin, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Asset:
    """A stylesheet or script with all that is needed to build from it.

    *url* is the base of relative URLs inside it. *charset* is a label that the page gave, or ``None``. *trace* is there
    only if a source map is wanted. A filter that makes other tokens gives a *source_map*, which is JSON after ECMA-426,
    from its output to its input. A precompiler that knows them gives as *dependencies* the whole paths of all other
    files on which its result depends, and of folders in which a new file would count, and so may a filter; ``None``
    means that it cannot tell. With a *flaw* the asset exists but may not be used; the flaw is the reason. A script that
    *reads_functions* takes the text of its own functions apart, which no filter should change; ``None`` if nobody has
    looked.
    """

    url: str
    media_type: str
    content: bytes
    sources: tuple[Source, ...] = ()
    charset: str | None = None
    trace: Trace | None = None
    source_map: str | None = None
    flaw: str = ""
    dependencies: tuple[str, ...] | None = None
    reads_functions: bool | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring elements that share one bundle.

    *assets* are their sources, ready to be joined in order; *attrs* go onto the tag that replaces them. *members* are
    the elements, with the *gaps* between them; *before* and *after* are the gaps and placeholders that stay around that
    tag. With *is_inline* they all held their code themselves. *recipe* is the text by which any host builds the
    bundle, "" if there is none. *minified_bytes* is the size of the one file that it is made of, if that is minified
    already, else 0.
    """

    kind: Kind
    attrs: tuple[tuple[str, str | None], ...]
    assets: tuple[Asset, ...]
    members: tuple[Element, ...]
    gaps: tuple[bytes, ...]
    before: bytes
    after: bytes
    is_inline: bool = False
    recipe: str = ""
    minified_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """A generated file, its *name* after ``builder.name_of``, and the *source_map* that *content* names, if any."""

    name: str
    kind: FileKind
    content: bytes
    source_map: "Bundle | None" = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The HTML that replaces a region. *files* were generated for it, from *sources*.

    *links* are the values of Link headers that ask for its bundles. With *depends_on_path* it is right for its page's
    path only; *is_lasting* is false for a region whose inline code varies: it is not cached. *shown* are the elements
    whose white space its stylesheets show, by ``page.white_space``. *modules* tells new addresses of modules apart.
    """

    html: bytes
    files: tuple[tuple[FileKind, str], ...] = ()
    links: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    depends_on_path: bool = False
    is_lasting: bool = True
    shown: tuple[str, ...] = ()
    modules: str = ""


class Built(NamedTuple):
    """A bundle that was built for a region, and its URL; "" if its text stands in the page."""

    region: Region
    bundle: Bundle
    url: str


class Request(NamedTuple):
    """The parts of a request that the endpoint reads. *path* is below the application's mount point, decoded.

    A tuple, because it is the key of a table.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete response of the endpoint or to a subrequest. *raw_headers* are *headers* in the form of ASGI."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw_headers: tuple[tuple[bytes, bytes], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        raw = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers)
        object.__setattr__(self, "raw_headers", raw)


Subrequest = Callable[[str, tuple[tuple[str, str], ...]], Reply]
"""Asks the application for a path with its query, as they stand in a URL, with headers. Blocks; raises anything."""


@dataclass(frozen=True, slots=True)
class Page:
    """The facts of a request and its response by which the regions of a page are read.

    *mount* is the path that the application is mounted at ("" or "/app"), *path* the page's own percent-encoded path
    including it, *host* the request's Host header, only ever compared with; *charset* is the one that Content-Type
    names, *policies* are the Content-Security-Policy headers, *preloads* short tags of those that Link headers ask for.
    *is_explained* asks for a comment that explains each
    region. For a page that *is_plain* only sources that a browser could not read are bundled. *subrequest* asks the
    application for files that no directory holds, ``None`` if it may not be asked. For a page that *is_behind_route*
    nobody would serve a bundle. *has_siblings* means that other processes may be asked for its bundles, ``None`` that
    the server does not tell. One that *is_document* is no response, such as a mail. A page that is not *as_expected*,
    an error, has nothing built for it that is not there. One that *has_module_links* has headers that ask for modules.
    """

    mount: str
    path: str
    host: str = ""
    charset: str | None = None
    policies: tuple[str, ...] = ()
    is_explained: bool = False
    is_plain: bool = False
    subrequest: Subrequest | None = field(default=None, compare=False, repr=False)
    is_behind_route: bool = False
    has_siblings: bool | None = None
    is_document: bool = False
    as_expected: bool = True
    preloads: tuple[bytes, ...] = ()
    has_module_links: bool = False

    @classmethod
    def of_bundle(cls, mount: str, charset: str | None, *, is_plain: bool) -> "Page":
        """Return a page of which nothing is known but what bears on a bundle. It has no application to ask."""
        return cls(mount, f"{mount}/", charset=charset, is_plain=is_plain)
