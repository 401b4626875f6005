"""Say which elements may be bundled, by what they are; what their sources hold is not looked at."""

from collections.abc import Iterable, Mapping

from pressmark.build.place import Reason
from pressmark.model import Element, Kind, Text
from pressmark.page.nonces import STAND_IN
from pressmark.syntax.urls import clean

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


def ineligibility(element: Element, kind: Kind) -> Reason | None:
    """Return why *element* cannot join whatever its source, ``None`` if it can."""
    attrs = dict(element.attrs)
    if kind == "css" and element.tag == "link":
        return _unknown(attrs, _LINK_ATTRS) or _ineligible_link(attrs)
    if kind == "css" and element.tag == "style":
        is_css = attrs.get("type", "").lower() in ("", "text/css")
        return _unknown(attrs, _STYLE_ATTRS) or (None if is_css else Reason("type", "is no stylesheet by its type"))
    if kind == "js" and element.tag == "script":
        return _unknown(attrs, _SCRIPT_ATTRS) or _ineligible_script(element, attrs)
    return Reason("other", f"is no {'stylesheet' if kind == 'css' else 'script'}")


def _unknown(attrs: Mapping[str, str], known: frozenset[str]) -> Reason | None:
    # Any other nonce is not the only one of the region, or none that a policy could name.
    carried = {"nonce"} if attrs.get("nonce") == STAND_IN and {"href", "src"} & set(attrs) else set()
    unknown = sorted(set(attrs) - known - carried)
    return Reason("attribute", f"has the attribute {', '.join(unknown)}") if unknown else None


def _ineligible_link(attrs: Mapping[str, str]) -> Reason | None:
    if attrs.get("rel", "").lower().split() != ["stylesheet"]:
        return Reason("rel", "is no plain stylesheet by its rel")
    if "type" in attrs and attrs["type"].partition(";")[0].strip().lower() != "text/css":
        return Reason("type", "is no stylesheet by its type")
    return None if clean(attrs.get("href", "")) else Reason("no-url", "has no href")


def _ineligible_script(element: Element, attrs: Mapping[str, str]) -> Reason | None:
    if "type" in attrs and attrs["type"] and attrs["type"].strip("\t\n\f\r ").lower() not in _JS_TYPES:
        return Reason("type", "is no classic script by its type")
    if "src" in attrs:
        if element.text.strip():
            return Reason("other", "has both src and text")
        return None if clean(attrs["src"]) else Reason("no-url", "has an empty src")
    if {"defer", "charset"} & set(attrs):
        return Reason("attribute", "is inline code with an attribute for files")
    return None


def tag_attrs(element: Element) -> tuple[tuple[str, str | None], ...]:
    """Return the attributes that members of a bundle must share and its tag gets."""
    attrs = dict(element.attrs)
    nonce: tuple[tuple[str, str | None], ...] = (("nonce", attrs["nonce"]),) if "nonce" in attrs else ()
    media = attrs.get("media", "").strip("\t\n\f\r ")
    if media and media.lower() != "all":
        return (("media", attrs["media"]), *nonce)
    return (("defer", None), *nonce) if "defer" in attrs else nonce


def references(kind: Kind, pieces: Iterable[Element | Text]) -> tuple[str, ...]:
    """Return the references of the elements that join if their sources let them."""
    name = "href" if kind == "css" else "src"
    elements = [piece for piece in pieces if isinstance(piece, Element) and not ineligibility(piece, kind)]
    return tuple(value for element in elements for key, value in element.attrs if key == name)


def is_inline(piece: Element | Text, kind: Kind) -> bool:
    """Tell whether *piece* is a style or script that holds its code itself and may join."""
    if not isinstance(piece, Element) or ineligibility(piece, kind):
        return False
    return not {"href", "src"} & {name for name, _ in piece.attrs}


def traits(piece: Element | Text, kind: Kind) -> tuple[str, ...]:
    """Return what the plan sees of *piece* beside its source and the text inside it.

    Of what stays it sees little: a nonce there, or a time stamp in a URL, changes no bundle.
    """
    if isinstance(piece, Text):
        return ("text", piece.raw.decode("latin-1"))
    if ineligibility(piece, kind):
        return ("stays", piece.tag)
    return (piece.tag, dict(piece.attrs).get("charset", ""), repr(tag_attrs(piece)))
