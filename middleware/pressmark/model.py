"""The values that travel through Pressmark: frozen, without behaviour of their own.

``raw`` is the exact bytes that a value was read from, so that "leave it alone" is one attribute away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["css", "js"]
FileKind = Literal["css", "js", "map"]
"""What is generated: bundles, and the source maps of bundles."""
Mode = Literal["file", "inline", "preload"]

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
    """Bytes of a page that pass as they are.

    With a *flaw* they begin with a marker that begins or ends no region, and it says so and why.
    """

    raw: bytes
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A marked part of a page. *body* lies between the markers, *raw* includes them.

    *head* holds the raw ``<base>`` and ``<meta>`` tags that came before it and bear on what its URLs and
    bytes mean; *in_head* tells that the page has shown nothing yet that only its body can hold,
    *after_pre* that it stands right after the start tag of a ``pre`` or ``listing``.
    """

    kind: Kind
    mode: Mode
    name: str
    body: bytes
    raw: bytes
    head: tuple[bytes, ...] = ()
    in_head: bool = False
    after_pre: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a region. *tag* is lower case; text and conditional comments are ``#text``, ``#comment``.

    *attrs* has the decoded values in source order, the first of equal names only; *text* is what stands
    between the tags of a style or script.
    """

    tag: str
    attrs: tuple[tuple[str, str], ...]
    text: str
    raw: bytes


ANSWER = "app:"
"""How the path of a source begins that is an answer of the application, and no file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that went into a bundle.

    *signature* is what ``stat`` said when it was read, ``None`` where the file was too young for its time stamp to
    tell a later write; it is empty where nothing was, and something may yet come. *mtime_s* is when it was written, in
    whole seconds of Unix time, if anything told.
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
    """What a file, or an element in the page, says: the *text* that its bytes stand for."""

    url: str
    text: str


class Span(NamedTuple):
    """A part of a text, from the character *start* to the next span, and where in an origin it comes from.

    With a *step* of 1 it was copied from *offset* on; with 0 all of it stands for what begins there. *origin* is the
    origin's number, -1 for what was in none.
    """

    start: int
    origin: int
    offset: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """Where each part of a text comes from."""

    origins: tuple[Origin, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Asset:
    """A stylesheet or script with all that is needed to build from it.

    *url* is what relative URLs inside it are relative to. *charset* is a label that the page gave, or ``None``. *trace*
    is there only for who wants a source map. A filter that makes other tokens says by *source_map*, which is JSON after
    ECMA-426, where they come from in what it was given. With a *flaw* it is there and may not be used, and it says why.
    """

    url: str
    media_type: str
    content: bytes
    sources: tuple[Source, ...] = ()
    charset: str | None = None
    trace: Trace | None = None
    source_map: str | None = None
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring elements that share one bundle.

    *assets* are their sources, ready to be joined in order; *attrs* go onto the tag that replaces them. *raw* is the
    elements as they were, *before* and *after* are what stays around that tag. With *is_inline* they all held their
    code themselves.
    """

    kind: Kind
    attrs: tuple[tuple[str, str | None], ...]
    assets: tuple[Asset, ...]
    raw: bytes
    before: bytes
    after: bytes
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """A generated file. *name* is the first 32 hexadecimal digits of the SHA-256 of *content*.

    *source_map* is the file that *content* names as its source map, if it does.
    """

    name: str
    kind: FileKind
    content: bytes
    source_map: "Bundle | None" = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The HTML that replaces a region. *files* were generated for it, from *sources*.

    *links* are the values of Link headers that ask for its bundles. With *depends_on_path* it is right for its page's
    path only; *is_lasting* is false for a region that is hardly asked for twice.
    """

    html: bytes
    files: tuple[tuple[FileKind, str], ...] = ()
    links: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    depends_on_path: bool = False
    is_lasting: bool = True


class Built(NamedTuple):
    """A bundle that was built for a region, and its URL; "" where it stands in the page."""

    region: Region
    bundle: Bundle
    url: str


class Request(NamedTuple):
    """A request as far as Pressmark looks at it. *path* is below the application's mount point, decoded.

    A tuple, because tables are kept by it.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete response of the endpoint. *raw_headers* are *headers* as ASGI wants them, made once."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw_headers: tuple[tuple[bytes, bytes], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        raw = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers)
        object.__setattr__(self, "raw_headers", raw)


Subrequest = Callable[[str, tuple[tuple[str, str], ...]], Reply]
"""Asks the application for a path with its query, as it stands in a URL, and with headers. Blocks; raises anything."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the request and the response around a region say about how its bytes are to be read.

    *mount* is the path that the application is mounted at ("" or "/app"), *path* the page's own percent-encoded path
    including it, *host* the request's Host header, only ever compared with; *charset* is the one that Content-Type
    names, *policies* are the Content-Security-Policy headers. *is_explained* asks for comments that say what became of
    each region; of one that *is_plain* nothing is made but what a browser could not read. *ask* asks the application
    for what no directory holds, if it may be asked.
    """

    mount: str
    path: str
    host: str = ""
    charset: str | None = None
    policies: tuple[str, ...] = ()
    is_explained: bool = False
    is_plain: bool = False
    subrequest: Subrequest | None = field(default=None, compare=False, repr=False)
