"""Find the files that a page preloads. A browser uses what it has preloaded only under the very same URL.

A preload is kept as a short tag: what it is for and its address, and nothing that may differ from response to response.
"""

import re
from collections.abc import Iterable, Iterator

from pressmark.model import Kind
from pressmark.page.html_grammar import ATTRIBUTES
from pressmark.page.named_urls import names_file

MAX_PRELOADS = 64
"""Further ones in the headers of a page are not looked at."""
MAX_TAG_BYTES = 1 << 12
"""A longer tag is not looked at."""

_MAY_PRELOAD = re.compile(rb"(?i)preload")
_LINK = re.compile(rb"<link(?=[\t\n\f\r /])(" + ATTRIBUTES + rb")>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"([^\t\n\f\r />=]+)[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r >]+))", re.IGNORECASE
)
_USE_OF: dict[Kind, bytes] = {"css": b"style", "js": b"script"}
_USES = (*_USE_OF.values(), b"font")
"""Destinations of files that regions move or stylesheets name. A preloaded image differs from page to page."""


def preloads_in(tags: bytes) -> Iterator[bytes]:
    """Yield a short tag for each preload among *tags*, which are whole."""
    if not _MAY_PRELOAD.search(tags):
        return
    for link in _LINK.finditer(tags):
        if len(link[0]) > MAX_TAG_BYTES:
            continue
        found: dict[bytes, bytes] = {}
        for name, *values in _ATTRIBUTE.findall(link[1]):
            found.setdefault(name.lower(), b"".join(values))
        use, address = found.get(b"as", b"").lower(), found.get(b"href", b"")
        if b"preload" in found.get(b"rel", b"").lower().split() and use in _USES and address:
            yield b"<link as=" + use + b' href="' + address.replace(b'"', b"&quot;") + b'">'


def is_preload(tag: bytes) -> bool:
    """Tell whether a tag of a page's head is the short one of a preload."""
    return tag.startswith(b"<link as=")


def bears_on(tag: bytes, kind: Kind, body: bytes) -> bool:
    """Tell whether a short *tag* of a preload may be of a file that a region of *kind* with *body* names.

    Any font may be one that its stylesheets name.
    """
    use, _, address = tag.removeprefix(b"<link as=").partition(b' href="')
    return kind == "css" if use == b"font" else use == _USE_OF[kind] and names_file(body, address[:-2])


def preloads_of_links(values: Iterable[str]) -> Iterator[bytes]:
    """Yield a short tag for each preload in the *values* of Link headers (RFC 8288)."""
    for value in values:
        for address, parameters in re.findall(r"<([^<>]*)>([^<]*)", value):
            fields = {name.lower(): text for name, text in re.findall(r";\s*(\w+)\s*=\s*\"?([\w-]+)", parameters)}
            tag = f'<link rel="{fields.get("rel", "")}" as="{fields.get("as", "")}" href="{address}">'
            yield from preloads_in(tag.encode("latin-1", "replace"))
