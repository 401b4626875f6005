"""Decide which elements of a region share a bundle. Nothing is reordered, nothing is dropped.

An element joins only if everything about it is understood: its attributes, where its source lies and what that
source does to its neighbours. Any other is a barrier: it stays byte for byte, and what comes after it cannot share
a bundle with what came before it.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from pressmark.build.css import Sheet, read_sheet
from pressmark.build.js import Script, read_script
from pressmark.build.place import Place, UnmovableError
from pressmark.model import MEDIA_TYPES, Asset, Element, Group, Kind, Text
from pressmark.page.context import Context
from pressmark.syntax.urls import clean

logger = logging.getLogger("pressmark")

Read = Callable[[str], Asset | None]
Part = Text | Element | Group

_LINK_ATTRS = frozenset(("rel", "href", "type", "media", "charset"))
_STYLE_ATTRS = frozenset(("type", "media"))
_SCRIPT_ATTRS = frozenset(("src", "type", "defer", "charset"))
# The MIME essences that HTML runs as a classic script (MIME Sniffing, 4.6).
_JS_TYPES = frozenset(
    """
    application/ecmascript application/javascript application/x-ecmascript application/x-javascript text/ecmascript
    text/javascript text/javascript1.0 text/javascript1.1 text/javascript1.2 text/javascript1.3 text/javascript1.4
    text/javascript1.5 text/jscript text/livescript text/x-ecmascript text/x-javascript
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Member:
    """An element that may join: its prepared source and what it must have in common with its neighbours."""

    element: Element
    asset: Asset
    source: Sheet | Script
    attrs: tuple[tuple[str, str | None], ...]


@dataclass(slots=True)
class _Run:
    """Members so far, and everything from the first of them on."""

    members: list[_Member] = field(default_factory=list)
    raw: bytes = b""
    gaps: bytes = b""
    pending: bytes = b""  # the gap after the last member

    def add(self, member: _Member) -> None:
        self.raw += self.pending + member.element.raw
        self.gaps += self.pending
        self.pending = b""
        self.members.append(member)

    def takes(self, member: _Member) -> bool:
        if not self.members:
            return True
        last = self.members[-1]
        if Place.ALONE in (last.source.place, member.source.place) or member.source.place is Place.FIRST:
            return False
        if member.attrs != last.attrs:
            return False
        if isinstance(member.source, Sheet):
            return True
        script = member.source
        return all(
            isinstance(earlier.source, Script)
            and script.is_strict == earlier.source.is_strict
            and script.can_follow(earlier.source)
            for earlier in self.members
        )

    def parts(self, kind: Kind) -> Iterable[Part]:
        if self.members:
            assets = tuple(member.asset for member in self.members)
            yield Group(kind, self.members[0].attrs, assets, self.raw, self.gaps)
        if self.pending:
            yield Text(self.pending)


def plan(
    kind: Kind, pieces: Iterable[Element | Text], context: Context, read: Read, *, joins_inline: bool = True
) -> tuple[Part, ...]:
    """Return the parts of a region in order: groups to be bundled, and what stays.

    *read* gives the asset at an absolute path or URL. With *joins_inline* false the text of style and script
    elements stays in the page. Raises AssetError for a source that should be there and is not.
    """
    parts: list[Part] = []
    run = _Run()
    planner = _Planner(kind, context, read, joins_inline)
    for piece in _settled(planner, pieces):
        if isinstance(piece, Text) and not run.members:
            parts.append(piece)
            continue
        if isinstance(piece, Text):
            run.pending += piece.raw
            continue
        if isinstance(piece, Element) or not run.takes(piece):
            parts += run.parts(kind)
            run = _Run()
        if isinstance(piece, Element):
            parts.append(piece)
        else:
            run.add(piece)
    parts += run.parts(kind)
    return tuple(parts)


def references(kind: Kind, pieces: Iterable[Element | Text]) -> tuple[str, ...]:
    """Return the references of the elements that join if their sources let them."""
    name = "href" if kind == "css" else "src"
    elements = [piece for piece in pieces if isinstance(piece, Element) and not _ineligible(piece, kind)]
    return tuple(value for element in elements for key, value in element.attrs if key == name)


def is_inline(piece: Element | Text, kind: Kind) -> bool:
    """Tell whether *piece* is a style or script that holds its code itself and may join."""
    if not isinstance(piece, Element) or _ineligible(piece, kind):
        return False
    return not {"href", "src"} & {name for name, _ in piece.attrs}


def traits(piece: Element | Text, kind: Kind) -> tuple[str, ...]:
    """Return what the plan sees of *piece* beside its source and the text inside it.

    Of what stays it sees nothing: a nonce there, or a time stamp in a URL, changes no bundle.
    """
    if isinstance(piece, Text):
        return ("text", piece.raw.decode("latin-1"))
    if _ineligible(piece, kind):
        return ("stays",)
    return (piece.tag, dict(piece.attrs).get("charset", ""), repr(_tag_attrs(piece)))


def _settled(planner: "_Planner", pieces: Iterable[Element | Text]) -> list[Element | Text | _Member]:
    settled = [piece if isinstance(piece, Text) else planner.member(piece) for piece in pieces]
    if not planner.is_tainted:
        return settled
    return [
        planner.stay(piece.element, "uses var() beside a custom property with a relative URL")
        if isinstance(piece, _Member) and isinstance(piece.source, Sheet) and piece.source.uses_variables
        else piece
        for piece in settled
    ]


class _Planner:
    """Decides about single elements of one region."""

    def __init__(self, kind: Kind, context: Context, read: Read, joins_inline: bool) -> None:
        self._kind, self._context, self._read, self._joins_inline = kind, context, read, joins_inline
        self.is_tainted = False

    def member(self, element: Element) -> _Member | Element:
        """Return *element* ready to join, or as it is."""
        reason = _ineligible(element, self._kind)
        if reason:
            return self.stay(element, reason)
        attrs = dict(element.attrs)
        reference = attrs.get("href" if self._kind == "css" else "src")
        try:
            asset = self._inline_asset(element) if reference is None else self._asset(reference, attrs.get("charset"))
            source: Sheet | Script = read_sheet(asset, self._read) if self._kind == "css" else read_script(asset)
        except UnmovableError as error:
            self.is_tainted |= error.taints_variables
            return self.stay(element, str(error))
        prepared = replace(asset, content=source.text.encode("utf-8"), charset="utf-8")
        return _Member(element, prepared, source, _tag_attrs(element))

    def stay(self, element: Element, reason: str) -> Element:
        name = element.raw.partition(b">")[0][:200].decode("latin-1") if element.attrs else element.tag
        logger.debug("%r stays as it is: it %s", name, reason)
        return element

    def _asset(self, reference: str, charset: str | None) -> Asset:
        asset = self._read(self._context.resolve(reference))
        if asset is None:
            raise UnmovableError("refers to nothing under a static prefix")
        if asset.media_type != MEDIA_TYPES[self._kind]:
            raise UnmovableError(f"refers to {asset.media_type}")
        return replace(asset, charset=charset or self._context.charset)

    def _inline_asset(self, element: Element) -> Asset:
        if self._context.policies:
            raise UnmovableError("is inline code under a Content Security Policy, which judges it by itself")
        if not self._joins_inline:
            raise UnmovableError("is inline code that differs from request to request")
        if element.text.startswith("\ufeff"):
            raise UnmovableError("begins with a character that at the start of a file would be a byte order mark")
        content = element.text.encode("utf-8", "surrogatepass")
        return Asset(self._context.base, MEDIA_TYPES[self._kind], content, (), "utf-8")


def _ineligible(element: Element, kind: Kind) -> str:
    """Return why *element* cannot join whatever its source, "" if it can."""
    names = {name for name, _ in element.attrs}
    attrs = dict(element.attrs)
    if kind == "css" and element.tag == "link":
        return _unknown(names - _LINK_ATTRS) or _ineligible_link(attrs)
    if kind == "css" and element.tag == "style":
        is_css = attrs.get("type", "").lower() in ("", "text/css")
        return _unknown(names - _STYLE_ATTRS) or ("" if is_css else "is no stylesheet by its type")
    if kind == "js" and element.tag == "script":
        return _unknown(names - _SCRIPT_ATTRS) or _ineligible_script(element, attrs)
    return f"is no {'stylesheet' if kind == 'css' else 'script'}"


def _unknown(names: set[str]) -> str:
    return f"has the attribute {', '.join(sorted(names))}" if names else ""


def _ineligible_link(attrs: dict[str, str]) -> str:
    if attrs.get("rel", "").lower().split() != ["stylesheet"]:
        return "is no plain stylesheet by its rel"
    if "type" in attrs and attrs["type"].partition(";")[0].strip().lower() != "text/css":
        return "is no stylesheet by its type"
    return "" if clean(attrs.get("href", "")) else "has no href"


def _ineligible_script(element: Element, attrs: dict[str, str]) -> str:
    if "type" in attrs and attrs["type"] and attrs["type"].strip("\t\n\f\r ").lower() not in _JS_TYPES:
        return "is no classic script by its type"
    if "src" in attrs:
        return "has both src and text" if element.text.strip() else "" if clean(attrs["src"]) else "has an empty src"
    return "is inline code with an attribute for files" if {"defer", "charset"} & set(attrs) else ""


def _tag_attrs(element: Element) -> tuple[tuple[str, str | None], ...]:
    """Return the attributes that members of a bundle must share and its tag gets."""
    attrs = dict(element.attrs)
    media = attrs.get("media", "").strip("\t\n\f\r ")
    if media and media.lower() != "all":
        return (("media", attrs["media"]),)
    return (("defer", None),) if "defer" in attrs else ()
