"""Say which elements may be bundled, by what they are; what their sources hold is not looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pressmark.model import MEDIA_TYPES, SCRIPT_TYPES, Element, Kind, Text
from pressmark.page.nonces import STAND_IN
from pressmark.syntax.urls import clean
from pressmark.verdicts.placement import Reason

_LINK_ATTRS = frozenset(("rel", "href", "type", "media", "charset"))
_STYLE_ATTRS = frozenset(("type", "media"))
_SCRIPT_ATTRS = frozenset(("src", "type", "defer", "charset"))


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Tells what may join in regions of *kind*. *compiled* are the types that precompilers make into that kind."""

    kind: Kind
    compiled: frozenset[str] = frozenset()

    def refusal(self, element: Element) -> Reason | None:
        """Return why *element* cannot join whatever its source, ``None`` if it can."""
        attrs = dict(element.attrs)
        is_compiled = self.compiled_type(element) is not None
        if self.kind == "css" and element.tag == "link":
            return _unknown(attrs, _LINK_ATTRS) or _ineligible_link(attrs, is_compiled=is_compiled)
        if self.kind == "css" and element.tag == "style":
            is_css = is_compiled or attrs.get("type", "").lower() in ("", "text/css")
            no_css = None if is_css else Reason("type", "is no stylesheet by its type")
            return _unknown(attrs, _STYLE_ATTRS, is_compiled=is_compiled) or no_css
        if self.kind == "js" and element.tag == "script":
            unknown = _unknown(attrs, _SCRIPT_ATTRS, is_compiled=is_compiled)
            return unknown or _ineligible_script(element, attrs, is_compiled=is_compiled)
        return Reason("other", f"is no {'stylesheet' if self.kind == 'css' else 'script'}")

    def compiled_type(self, element: Element) -> str | None:
        """Return the type of *element* if there is a precompiler for it."""
        if not self.compiled or element.tag not in ("link", "style", "script"):
            return None
        media_type = _essence(dict(element.attrs).get("type", "")) or MEDIA_TYPES[self.kind]
        return media_type if media_type in self.compiled else None

    def references(self, pieces: Iterable[Element | Text]) -> tuple[tuple[str, str | None], ...]:
        """Return the references of the elements that join if their sources let them, each with its compiled type."""
        name = "href" if self.kind == "css" else "src"
        elements = [piece for piece in pieces if isinstance(piece, Element) and not self.refusal(piece)]
        return tuple(
            (value, self.compiled_type(element)) for element in elements for key, value in element.attrs if key == name
        )

    def is_inline(self, piece: Element | Text) -> bool:
        """Tell whether *piece* is a style or script that holds its code itself and may join."""
        if not isinstance(piece, Element) or self.refusal(piece):
            return False
        return not {"href", "src"} & {name for name, _ in piece.attrs}

    def traits(self, piece: Element | Text) -> tuple[str, ...]:
        """Return what the plan sees of *piece* beside its source and the text inside it.

        Of what stays it sees little: a nonce there, or a time stamp in a URL, changes no bundle.
        """
        if isinstance(piece, Text):
            return ("text", piece.raw.decode("latin-1"))
        if self.refusal(piece):
            return ("stays", piece.tag)
        media_type = self.compiled_type(piece) or ""
        return (piece.tag, dict(piece.attrs).get("charset", ""), media_type, repr(self.tag_attrs(piece)))

    def tag_attrs(self, element: Element) -> tuple[tuple[str, str | None], ...]:
        """Return the attributes that members of a bundle must share and its tag gets."""
        attrs = dict(element.attrs)
        nonce: tuple[tuple[str, str | None], ...] = (("nonce", attrs["nonce"]),) if "nonce" in attrs else ()
        media = attrs.get("media", "").strip("\t\n\f\r ")
        if media and media.lower() != "all":
            return (("media", attrs["media"]), *nonce)
        # A module runs when the page is parsed (HTML 4.12.1), and so does what was made of one.
        is_deferred = "defer" in attrs or (self.kind == "js" and self.compiled_type(element) == "module")
        return (("defer", None), *nonce) if is_deferred else nonce


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip("\t\n\f\r ").lower()


def _unknown(attrs: Mapping[str, str], known: frozenset[str], *, is_compiled: bool = False) -> Reason | None:
    # Any other nonce is not the only one of the region, or none that a policy could name.
    is_carried = attrs.get("nonce") == STAND_IN and (is_compiled or bool({"href", "src"} & set(attrs)))
    unknown = sorted(set(attrs) - known - ({"nonce"} if is_carried else set()))
    return Reason("attribute", f"has the attribute {', '.join(unknown)}") if unknown else None


def _ineligible_link(attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
    if attrs.get("rel", "").lower().split() != ["stylesheet"]:
        return Reason("rel", "is no plain stylesheet by its rel")
    if not is_compiled and "type" in attrs and _essence(attrs["type"]) != "text/css":
        return Reason("type", "is no stylesheet by its type")
    return None if clean(attrs.get("href", "")) else Reason("no-url", "has no href")


def _ineligible_script(element: Element, attrs: Mapping[str, str], *, is_compiled: bool) -> Reason | None:
    type_ = attrs.get("type", "").strip("\t\n\f\r ").lower()
    if attrs.get("type") and not is_compiled and type_ not in SCRIPT_TYPES:
        return Reason("type", "is no classic script by its type")
    if "src" in attrs:
        if element.text.strip():
            return Reason("other", "has both src and text")
        return None if clean(attrs["src"]) else Reason("no-url", "has an empty src")
    if {"defer", "charset"} & set(attrs):
        return Reason("attribute", "is inline code with an attribute for files")
    return None
