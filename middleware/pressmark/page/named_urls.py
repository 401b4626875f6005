"""Tell by its bytes alone whether HTML may name a host or a file, however their URLs are spelled.

A region is cached under the facts of its page that bear on it, and for each request it must be found out quickly which
of them do. Nothing that matters is missed; a text that is no URL counts as well.
"""

import re
from html import unescape

from pressmark.syntax.urls import as_asked

# Character references that may stand for a character of a host or an unreserved one, a slash, or what URLs drop.
_ENCODED = re.compile(rb"&(?:#|(?:sol|bsol|colon|period|lowbar|UnderBar|fjlig|Tab|NewLine);)")
_ENDS = frozenset(b"/\\?#&\"'<> \t\n\f\r)")
"""The bytes that may follow a host."""
# A reference of nothing but a query or fragment is to the page itself, whose name it does not hold.
_WITHOUT_PATH = re.compile(rb"[=(\"'][\x00-\x20]*[?#]")
_NO_NAME = re.compile(r"(?:\.|%2e)*", re.IGNORECASE)
_CHANGED = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~-]")
"""The parts of a file's name that another spelling may change."""


def names_host(raw: bytes, host: str) -> bool:
    """Tell whether HTML may refer to the page's own *host*, the whole of it: only then a reference depends on it."""
    wanted = host.lower().encode("ascii", "replace")
    if not wanted or not _ENDS.isdisjoint(wanted):
        return False
    text = _read(raw)
    joined = _joined(text)
    return b"//" in joined and any(_has_authority(each.lower(), b"//" + wanted) for each in (text, joined))


def names_file(raw: bytes, address: bytes) -> bool:
    """Tell whether HTML may refer to the file at *address*, which is the value of an attribute as it is written."""
    path = as_asked(unescape(address.decode("latin-1"))).partition("?")[0]
    name = path.rpartition("/")[2]
    if _NO_NAME.fullmatch(name) or _WITHOUT_PATH.search(raw):
        return True
    part = max(_CHANGED.split(name), key=len).encode("ascii")
    return any(part in _joined(text) for text in (raw, _read(raw)))


def _read(raw: bytes) -> bytes:
    """Return HTML with its character references read, if any may matter."""
    return unescape(raw.decode("latin-1")).encode("latin-1", "replace") if _ENCODED.search(raw) else raw


def _joined(raw: bytes) -> bytes:
    """Return *raw* without the characters that URL parsers drop."""
    return raw.translate(None, b"\t\n\r")


def _has_authority(text: bytes, wanted: bytes) -> bool:
    end = 0
    while (start := text.find(wanted, end)) >= 0:
        end = start + len(wanted)
        if end == len(text) or text[end] in _ENDS:
            return True
    return False
