"""Read the elements of a region as candidates: the facts of each element alone, found once.

Whether an element may join by its tag, its attributes and the kind of its region is decided here; its code is not read.
Candidates then travel: to the count of inline texts that vary, to the recipe, to the classifier and the planner.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pressmark.bundling.attributes import TRUSTED, carried, read_trust, read_word, refuse_attributes
from pressmark.compilers.found import cure_for
from pressmark.model import MEDIA_TYPES, SCRIPT_TYPES, Element, Kind, Text
from pressmark.page.context import Context
from pressmark.scripts.own_attributes import of_scripts
from pressmark.scripts.script_reading import effects
from pressmark.stylesheets.references import relative_references
from pressmark.syntax.urls import as_asked, clean, file_name, without_query
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Effects, Reason

logger = logging.getLogger("pressmark")

# Links that no browser takes for a stylesheet or script, nor for what changes one.
_OTHER_RELS = frozenset(
    """
    icon shortcut apple-touch-icon apple-touch-icon-precomposed apple-touch-startup-image mask-icon fluid-icon manifest
    preconnect dns-prefetch canonical author license help search pingback shortlink me amphtml edituri wlwmanifest
    alternate next prev hub self privacy-policy terms-of-service preload prefetch modulepreload prerender
    """.split()
)
_META = re.compile(rb"<meta(?=[\t\n\f\r />])(?![^>]*\b(?:http-equiv|charset)\b)", re.IGNORECASE)
_NOSCRIPT = re.compile(rb"<noscript(?=[\t\n\f\r />])(?!.*<(?:link|style|base)\b)", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(rb"<title(?=[\t\n\f\r />])", re.IGNORECASE)
_MAY_REFER = re.compile(r"url|import|image-set|src|\\", re.IGNORECASE)

TagAttrs = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Candidate:
    """An element that may join. With a *refusal* it stays, and its source is not read.

    *reference* is its URL as written, ``None`` if it holds its code itself; *url* is that URL resolved, "" for inline
    code. *compiled_type* is its media type if a precompiler takes it. *tag_attrs* are the attributes that the members
    of a bundle must share and its tag gets. *integrity* is the hash that its file must have. With *is_trusted* its
    author says that nothing looks for it. One that *is_gap* stays, and parts none of its neighbours.
    """

    element: Element
    refusal: Reason | None = None
    reference: str | None = None
    url: str = ""
    charset: str | None = None
    compiled_type: str | None = None
    tag_attrs: TagAttrs = ()
    integrity: str | None = None
    is_trusted: bool = False
    is_gap: bool = False

    @property
    def is_inline(self) -> bool:
        """Tell whether the element may join and holds its code itself."""
        return self.refusal is None and self.reference is None

    @property
    def has_nonce(self) -> bool:
        """Tell whether the element has the nonce of the page."""
        return any(name == "nonce" and value for name, value in self.element.attrs)

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
            return (("gap" if self.is_gap else "stays", self.element.tag),)
        attrs = dict(self.element.attrs)
        return (
            ("element", self.element.tag),
            ("charset", self.charset or ""),
            ("compiled type", self.compiled_type or ""),
            ("integrity", self.integrity or ""),
            ("trusted", str(self.is_trusted)),
            *((f"attribute {name}", "" if value is None else f"={value}") for name, value in self.tag_attrs),
            *((f"own {name}", attrs[name]) for name in of_scripts(attrs) if self.element.tag == "script"),
        )


Piece = Candidate | Text


def read_candidates(
    pieces: Iterable[Element | Text],
    kind: Kind,
    context: Context,
    compiled: frozenset[str] = frozenset(),
    trusts: Callable[[str], bool] = lambda url: False,
) -> tuple[Piece, ...]:
    """Return the *pieces* of a region of *kind*, its elements as candidates.

    *compiled* are the media types that precompilers make into that kind, *trusts* tells of a URL, "" for inline code,
    whether the author trusts it.
    """
    pieces = tuple(pieces)
    links = (dict(piece.attrs) for piece in pieces if isinstance(piece, Element) and piece.tag == "link")
    asked = (link.get("href", "") for link in links if "preload" in link.get("rel", "").lower().split())
    preloaded = {as_asked(context.resolve(address)) for address in asked if address}
    reader = _Reader(kind, context, compiled, preloaded, trusts)
    return tuple(piece if isinstance(piece, Text) else reader.read(piece) for piece in pieces)


class _Reader:
    """Reads the candidates of one region."""

    def __init__(
        self,
        kind: Kind,
        context: Context,
        compiled: frozenset[str],
        preloaded: set[str],
        trusts: Callable[[str], bool],
    ) -> None:
        self._kind, self._context, self._compiled, self._trusts = kind, context, compiled, trusts
        self._preloaded = context.preloads("style" if kind == "css" else "script") | preloaded

    def read(self, element: Element) -> Candidate:
        attrs = dict(element.attrs)
        if self._kind == "css" and _parts_no_sheets(element, attrs):
            return Candidate(element, Reason(Rule.OTHER, "is no stylesheet, and parts none"), is_gap=True)
        compiled_type = self._compiled_type(element, attrs)
        reference = attrs.get("href" if self._kind == "css" else "src")
        url = "" if reference is None else self._context.resolve(reference).replace(" ", "%20")  # as browsers do
        is_trusted = read_trust(attrs) or self._trusts(url)
        refusal = self._refusal(element, attrs, is_compiled=compiled_type is not None, is_trusted=is_trusted)
        if refusal is not None and refusal.rule is Rule.TYPE:
            refusal = _uncompiled(_essence(attrs.get("type", ""))) or refusal
        if refusal:
            return Candidate(element, refusal, is_gap=self._kind == "js" and _has_no_turn(element, attrs))
        if url and compiled_type is None and as_asked(url) in self._preloaded:
            return Candidate(element, Reason(Rule.PRELOADED, "is preloaded by the page, which would load it twice"))
        if url and compiled_type is None and not is_trusted and file_name(url) in self._context.named:
            text = "code before the region names it, and may look for its element or load it by itself"
            return Candidate(element, Reason(Rule.NAMED, text))
        integrity = attrs.get("integrity") if compiled_type is None else None
        tag_attrs = self._tag_attrs(attrs, compiled_type, is_trusted=is_trusted)
        return Candidate(
            element, None, reference, url, attrs.get("charset"), compiled_type, tag_attrs, integrity, is_trusted
        )

    def _compiled_type(self, element: Element, attrs: Mapping[str, str]) -> str | None:
        if not self._compiled or element.tag not in ("link", "style", "script"):
            return None
        media_type = _essence(attrs.get("type", "")) or MEDIA_TYPES[self._kind]
        return media_type if media_type in self._compiled else None

    def _refusal(
        self, element: Element, attrs: Mapping[str, str], *, is_compiled: bool, is_trusted: bool
    ) -> Reason | None:
        if element.tag in (("link", "style") if self._kind == "css" else ("script",)):
            unknown = refuse_attributes(element.tag, attrs, is_compiled=is_compiled, is_trusted=is_trusted)
            return unknown or _REFUSE[element.tag](element, attrs, is_compiled=is_compiled)
        if element.raw.startswith(b"<!--"):
            return Reason(Rule.OTHER, "is a comment that may instruct a server, a tool or a script")
        return Reason(Rule.OTHER, f"is no {'stylesheet' if self._kind == 'css' else 'script'}")

    def _tag_attrs(self, attrs: Mapping[str, str], compiled_type: str | None, *, is_trusted: bool) -> TagAttrs:
        names = carried(attrs, is_compiled=compiled_type is not None, is_trusted=is_trusted)
        kept = tuple((name, _value(name, attrs[name])) for name in sorted(names) if name != "nonce")
        nonce: TagAttrs = (("nonce", attrs["nonce"]),) if "nonce" in names else ()
        checked: TagAttrs = (("integrity", ""),) if "integrity" in attrs and compiled_type is None else ()
        media = attrs.get("media", "").strip("\t\n\f\r ") if self._kind == "css" else ""
        if media and media.lower() != "all":
            return (("media", attrs["media"]), *kept, *checked, *nonce)
        # A module runs when the page is parsed (HTML 4.12.1), and so does a script that was made of one.
        is_deferred = "defer" in attrs or (self._kind == "js" and compiled_type == "module")
        return (*((("defer", None),) if is_deferred else ()), *kept, *checked, *nonce)


def _value(name: str, value: str) -> str | None:
    """Return the value of an attribute, ``None`` for an empty one; of those that mean the same, one (HTML 2.5.4)."""
    if name == "crossorigin":
        return "use-credentials" if value.lower() == "use-credentials" else "anonymous"
    return value or None


@lru_cache(maxsize=64)
def _uncompiled(media_type: str) -> Reason | None:
    """Return why a source of *media_type* stays, ``None`` if no known compiler takes it. Logged once."""
    cure = cure_for(media_type)
    if not cure:
        return None
    logger.warning("elements of the type %r stay as they are written: their compiler is missing: %s", media_type, cure)
    return Reason(Rule.TYPE, f"is a source whose compiler is missing: {cure}")


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip("\t\n\f\r ").lower()


def _parts_no_sheets(element: Element, attrs: Mapping[str, str]) -> bool:
    """Tell whether *element* between two stylesheets bears on neither of them, nor on what they apply to."""
    if element.tag == "link":
        rels = frozenset(attrs.get("rel", "").lower().split())
        # A listener or a script may make a stylesheet of it.
        may_be_sheet = attrs.get("as", "").lower() == "style" or without_query(attrs.get("href", "")).endswith(".css")
        is_plain = not may_be_sheet and "title" not in attrs and not any(name.startswith("on") for name in attrs)
        return bool(rels) and rels <= _OTHER_RELS and is_plain
    patterns = (_META, _NOSCRIPT, _TITLE)
    return element.tag == "#markup" and any(pattern.match(element.raw) for pattern in patterns)


def _has_no_turn(element: Element, attrs: Mapping[str, str]) -> bool:
    """Tell whether a script runs in no order with the classic ones around it (HTML 4.12.1): when it has come, or later.

    It writes nothing into the page either.
    """
    if element.tag != "script" or "nomodule" in attrs or read_word(attrs) not in (None, TRUSTED):
        return False
    type_ = attrs.get("type", "").strip("\t\n\f\r ").lower()
    return type_ == "module" or ("async" in attrs and "src" in attrs and type_ in SCRIPT_TYPES | {""})


def _refuse_link(_element: Element, attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
    if attrs.get("rel", "").lower().split() != ["stylesheet"]:
        return Reason(Rule.REL, "is no plain stylesheet by its rel")
    if not is_compiled and "type" in attrs and _essence(attrs["type"]) != "text/css":
        return Reason(Rule.TYPE, "is no stylesheet by its type")
    return None if clean(attrs.get("href", "")) else Reason(Rule.NO_URL, "has no href")


def _refuse_style(_element: Element, attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
    is_css = is_compiled or attrs.get("type", "").lower() in ("", "text/css")
    return None if is_css else Reason(Rule.TYPE, "is no stylesheet by its type")


def _refuse_script(element: Element, attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
    type_ = attrs.get("type", "").strip("\t\n\f\r ").lower()
    if attrs.get("type") and not is_compiled and type_ not in SCRIPT_TYPES:
        return Reason(Rule.TYPE, "is no classic script by its type")
    language = attrs.get("language", "").lower()  # counts only without a type (HTML 4.12.1.1)
    if "type" not in attrs and language and f"text/{language}" not in SCRIPT_TYPES:
        return Reason(Rule.TYPE, "is no classic script by its language")
    if "src" in attrs:
        if element.text.strip():
            return Reason(Rule.OTHER, "has both src and text")
        return None if clean(attrs["src"]) else Reason(Rule.NO_URL, "has an empty src")
    if {"defer", "charset"} & set(attrs):
        return Reason(Rule.ATTRIBUTE, "is inline code with an attribute for files")
    return None


_REFUSE = {"link": _refuse_link, "style": _refuse_style, "script": _refuse_script}
