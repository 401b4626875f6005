"""Write HTML tags. Values become markup in this module only."""

import base64
import re
from hashlib import new as new_hash
from hashlib import sha384
from html import escape

from pressmark.model import Kind
from pressmark.page.html_grammar import ATTRIBUTE, TAG_NAME

_HASH = re.compile(r"(sha(?:256|384|512))-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?", re.IGNORECASE)
_AS: dict[Kind, str] = {"css": "style", "js": "script"}

Attributes = tuple[tuple[str, str | None], ...]


def tag_for(kind: Kind, url: str, attrs: Attributes) -> str:
    """Return the element that loads the generated file at *url*; an attribute of ``None`` has no value."""
    if kind == "css":
        return _start("link", (("rel", "stylesheet"), ("href", url), *attrs))
    return _start("script", (("src", url), *attrs)) + "</script>"


def preload_for(kind: Kind, url: str, attrs: Attributes) -> str:
    """Return the element that asks a browser to fetch the generated file at *url* early."""
    kept = tuple(pair for pair in attrs if pair[0] in ("media", "nonce", "integrity", "crossorigin"))
    return _start("link", (("rel", "preload"), ("href", url), ("as", _AS[kind]), *kept))


def link_for(kind: Kind, url: str, attrs: Attributes) -> str | None:
    """Return the value of a Link header that asks a browser to fetch the generated file at *url* (RFC 8288).

    ``None`` if a header cannot carry it: a nonce is for this page only, and a header holds printable ASCII.
    """
    kept = {name: value or "" for name, value in attrs if name in ("media", "nonce", "integrity", "crossorigin")}
    written = "".join(f'; {name}="{value}"' for name, value in kept.items())
    is_plain = (url + written).isascii() and (url + written).isprintable()
    if "nonce" in kept or not is_plain or any('"' in value or "\\" in value for value in kept.values()):
        return None
    return f"<{url}>; rel=preload; as={_AS[kind]}{written}"


def integrity_of(content: bytes) -> str:
    """Return the hash by which a browser refuses any bytes but *content* (Subresource Integrity, 3.5)."""
    return f"sha384-{base64.b64encode(sha384(content).digest()).decode('ascii')}"


def has_integrity(content: bytes, integrity: str) -> bool:
    """Tell whether a browser takes *content* for that of a file with this *integrity* (Subresource Integrity, 3.3).

    Of several hashes only the strongest count. One of another kind is told in a browser's console, and counts as wrong.
    """
    found = [_HASH.fullmatch(word) for word in integrity.split()]
    known = [(match[1].lower(), match[2]) for match in found if match]
    strongest = max((name for name, _ in known), default="")
    digest = base64.b64encode(new_hash(strongest or "sha384", content).digest()).decode("ascii")
    return (
        bool(known)
        and len(known) == len(integrity.split())
        and any(name == strongest and _is_same(given, digest) for name, given in known)
    )


def _is_same(given: str, digest: str) -> bool:
    return given.replace("-", "+").replace("_", "/").rstrip("=") == digest.rstrip("=")


def with_attribute(raw: bytes, name: bytes, value: str) -> bytes:
    """Return the element *raw* with another *value* of its attribute *name*, which it has."""
    tag = TAG_NAME.match(raw)
    position = tag.end() if tag else len(raw)
    while (found := ATTRIBUTE.match(raw, position)) and found.end() > position:
        if found[0].partition(b"=")[0].strip(b"\t\n\f\r ").lower() == name:
            written = name + b'="' + escape(value).encode("ascii", "xmlcharrefreplace") + b'"'
            return raw[:position] + written + raw[found.end() :]
        position = found.end()
    return raw


def module_preload_for(url: str, attrs: Attributes) -> str:
    """Return the element that asks a browser to fetch and compile the module at *url* early."""
    return _start("link", (("rel", "modulepreload"), ("href", url), *attrs))


def import_map_for(text: str, attrs: Attributes) -> str:
    """Return the import map of the JSON *text*, in which no character ends it early."""
    return f"{_start('script', (('type', 'importmap'), *attrs))}{text}</script>"


def inline_for(kind: Kind, text: str, attrs: Attributes) -> str:
    """Return the element that holds *text*, which must have passed ``can_inline``."""
    tag = "style" if kind == "css" else "script"
    return f"{_start(tag, attrs)}{text}</{tag}>"


def placeholder_for(tag: str) -> bytes:
    """Return an element *tag* that has no effect, but counts as a sibling."""
    return b"<link>" if tag == "link" else f"<{tag}></{tag}>".encode()


def can_inline(kind: Kind, text: str) -> bool:
    """Tell whether *text* means the same inside an element as in a file.

    An end tag would end it, "<!--" may hide the script's own end tag, and NUL becomes U+FFFD (HTML 13.2.5.4).
    """
    lowered = text.lower()
    hazards = ("</style",) if kind == "css" else ("</script", "<script", "<!--")
    return "\0" not in text and not any(hazard in lowered for hazard in hazards)


def _start(tag: str, attrs: Attributes) -> str:
    written = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs)
    return f"<{tag}{written}>"
