"""Read the elements of a region as candidates: the facts of each element alone, found once.

Whether an element may join by its tag, its attributes and the kind of its region is decided here; its code is not read.
Candidates then travel: to the count of inline texts that vary, to the recipe, to the classifier and the planner.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pressmark.model import MEDIA_TYPES, SCRIPT_TYPES, Element, Kind, Text
from pressmark.page.context import Context
from pressmark.page.nonces import STAND_IN
from pressmark.scripts.script_reading import effects
from pressmark.stylesheets.references import relative_references
from pressmark.syntax.urls import as_asked, clean
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Effects, Reason

_LINK_ATTRS = frozenset(("rel", "href", "type", "media", "charset"))
_STYLE_ATTRS = frozenset(("type", "media"))
_SCRIPT_ATTRS = frozenset(("src", "type", "defer", "charset"))

_MAY_REFER = re.compile(r"url|import|image-set|src|\\", re.IGNORECASE)

TagAttrs = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Candidate:
    """An element that may join. With a *refusal* it stays, and its source is not read.

    *reference* is its URL as written, ``None`` if it holds its code itself; *url* is that URL resolved, "" for inline
    code. *compiled_type* is its media type if a precompiler takes it. *tag_attrs* are the attributes that the members
    of a bundle must share and its tag gets.
    """

    element: Element
    refusal: Reason | None = None
    reference: str | None = None
    url: str = ""
    charset: str | None = None
    compiled_type: str | None = None
    tag_attrs: TagAttrs = ()

    @property
    def is_inline(self) -> bool:
        """Tell whether the element may join and holds its code itself."""
        return self.refusal is None and self.reference is None

    @property
    def has_nonce(self) -> bool:
        """Tell whether the element has the nonce of the page."""
        return any(name == "nonce" for name, _ in self.element.attrs)

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The relative URLs in the text of an inline style that may join."""
        is_style = self.is_inline and self.element.tag == "style" and _MAY_REFER.search(self.element.text)
        return tuple(relative_references(self.element.text)) if is_style else ()

    @cached_property
    def effects(self) -> Effects:
        """The effects of its own code on later scripts, if it stays. Read when first needed, as that takes a parser."""
        return effects(self.element.text if self.element.tag == "script" else "")

    @property
    def traits(self) -> tuple[tuple[str, str], ...]:
        """All that a plan depends on, but for the source and the inline text.

        For an element that stays this is little: a nonce there, or a time stamp in a URL, changes no bundle.
        """
        if self.refusal:
            return (("stays", self.element.tag),)
        return (
            ("element", self.element.tag),
            ("charset", self.charset or ""),
            ("compiled type", self.compiled_type or ""),
            *((f"attribute {name}", "" if value is None else f"={value}") for name, value in self.tag_attrs),
        )


Piece = Candidate | Text


def read_candidates(
    pieces: Iterable[Element | Text], kind: Kind, context: Context, compiled: frozenset[str] = frozenset()
) -> tuple[Piece, ...]:
    """Return the *pieces* of a region of *kind*, its elements as candidates.

    *compiled* are the media types that precompilers make into that kind.
    """
    pieces = tuple(pieces)
    links = (dict(piece.attrs) for piece in pieces if isinstance(piece, Element) and piece.tag == "link")
    asked = (link.get("href", "") for link in links if "preload" in link.get("rel", "").lower().split())
    reader = _Reader(kind, context, compiled, {as_asked(context.resolve(address)) for address in asked if address})
    return tuple(piece if isinstance(piece, Text) else reader.read(piece) for piece in pieces)


class _Reader:
    """Reads the candidates of one region."""

    def __init__(self, kind: Kind, context: Context, compiled: frozenset[str], preloaded: set[str]) -> None:
        self._kind, self._context, self._compiled = kind, context, compiled
        self._preloaded = context.preloads("style" if kind == "css" else "script") | preloaded

    def read(self, element: Element) -> Candidate:
        attrs = dict(element.attrs)
        compiled_type = self._compiled_type(element, attrs)
        refusal = self._refusal(element, attrs, is_compiled=compiled_type is not None)
        if refusal:
            return Candidate(element, refusal)
        reference = attrs.get("href" if self._kind == "css" else "src")
        url = "" if reference is None else self._context.resolve(reference).replace(" ", "%20")  # as browsers do
        if url and compiled_type is None and as_asked(url) in self._preloaded:
            return Candidate(element, Reason(Rule.PRELOADED, "is preloaded by the page, which would load it twice"))
        tag_attrs = self._tag_attrs(attrs, compiled_type)
        return Candidate(element, None, reference, url, attrs.get("charset"), compiled_type, tag_attrs)

    def _compiled_type(self, element: Element, attrs: Mapping[str, str]) -> str | None:
        if not self._compiled or element.tag not in ("link", "style", "script"):
            return None
        media_type = _essence(attrs.get("type", "")) or MEDIA_TYPES[self._kind]
        return media_type if media_type in self._compiled else None

    def _refusal(self, element: Element, attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
        if self._kind == "css" and element.tag == "link":
            return _unknown(attrs, _LINK_ATTRS) or _refuse_link(attrs, is_compiled=is_compiled)
        if self._kind == "css" and element.tag == "style":
            is_css = is_compiled or attrs.get("type", "").lower() in ("", "text/css")
            no_css = None if is_css else Reason(Rule.TYPE, "is no stylesheet by its type")
            return _unknown(attrs, _STYLE_ATTRS, is_compiled=is_compiled) or no_css
        if self._kind == "js" and element.tag == "script":
            unknown = _unknown(attrs, _SCRIPT_ATTRS, is_compiled=is_compiled)
            return unknown or _refuse_script(element, attrs, is_compiled=is_compiled)
        if element.raw.startswith(b"<!--"):
            return Reason(Rule.OTHER, "is a comment that may instruct a server, a tool or a script")
        return Reason(Rule.OTHER, f"is no {'stylesheet' if self._kind == 'css' else 'script'}")

    def _tag_attrs(self, attrs: Mapping[str, str], compiled_type: str | None) -> TagAttrs:
        nonce: TagAttrs = (("nonce", attrs["nonce"]),) if "nonce" in attrs else ()
        media = attrs.get("media", "").strip("\t\n\f\r ")
        if media and media.lower() != "all":
            return (("media", attrs["media"]), *nonce)
        # A module runs when the page is parsed (HTML 4.12.1), and so does a script that was made of one.
        is_deferred = "defer" in attrs or (self._kind == "js" and compiled_type == "module")
        return (("defer", None), *nonce) if is_deferred else nonce


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip("\t\n\f\r ").lower()


def _unknown(attrs: Mapping[str, str], known: frozenset[str], *, is_compiled: bool = False) -> Reason | None:
    # Any other nonce is not the only one of the region, or none that a policy could name.
    is_carried = attrs.get("nonce") == STAND_IN and (is_compiled or bool({"href", "src"} & set(attrs)))
    unknown = sorted(set(attrs) - known - ({"nonce"} if is_carried else set()))
    return Reason(Rule.ATTRIBUTE, f"has the attribute {', '.join(unknown)}") if unknown else None


def _refuse_link(attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
    if attrs.get("rel", "").lower().split() != ["stylesheet"]:
        return Reason(Rule.REL, "is no plain stylesheet by its rel")
    if not is_compiled and "type" in attrs and _essence(attrs["type"]) != "text/css":
        return Reason(Rule.TYPE, "is no stylesheet by its type")
    return None if clean(attrs.get("href", "")) else Reason(Rule.NO_URL, "has no href")


def _refuse_script(element: Element, attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
    type_ = attrs.get("type", "").strip("\t\n\f\r ").lower()
    if attrs.get("type") and not is_compiled and type_ not in SCRIPT_TYPES:
        return Reason(Rule.TYPE, "is no classic script by its type")
    if "src" in attrs:
        if element.text.strip():
            return Reason(Rule.OTHER, "has both src and text")
        return None if clean(attrs["src"]) else Reason(Rule.NO_URL, "has an empty src")
    if {"defer", "charset"} & set(attrs):
        return Reason(Rule.ATTRIBUTE, "is inline code with an attribute for files")
    return None
