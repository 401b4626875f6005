"""Which content coding a client gets (RFC 9110, 12.5.3), and how it is made."""

import gzip
import re
from collections.abc import Callable

import brotli

# In the order of preference where a client likes several equally well.
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=5)),
    "gzip": lambda content: gzip.compress(content, compresslevel=6, mtime=0),
}

_ITEM = re.compile(r"[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*(?:;[ \t]*[qQ]=([01](?:\.[0-9]{0,3})?)[ \t]*)?", re.ASCII)


def accepted(header: str | None) -> tuple[str, ...]:
    """Return the codings that an Accept-Encoding *header* allows, best first, "identity" always among them.

    No header and one that is malformed allow identity alone. A coding with q=0 is left out; "*" stands for all
    that are not named.
    """
    weights = _weights(header) if header is not None else None
    if weights is None:
        return ("identity",)
    rest = weights.get("*", 0.0)
    offered = {coding: weights.get(coding, rest) for coding in CODINGS}
    identity = weights.get("identity", 0.0)
    liked = [coding for coding, weight in offered.items() if weight > 0 and weight >= identity]
    return (*sorted(liked, key=lambda coding: -offered[coding]), "identity")


def encode(content: bytes, coding: str) -> bytes:
    """Return *content* in *coding*."""
    return content if coding == "identity" else CODINGS[coding](content)


def _weights(header: str) -> dict[str, float] | None:
    """Return what the header says of each coding, ``None`` if it is no list of codings."""
    weights: dict[str, float] = {}
    for item in header.split(","):
        if not item.strip():
            continue
        found = _ITEM.fullmatch(item)
        if not found or float(found[2] or 1) > 1:
            return None
        name = {"x-gzip": "gzip"}.get(found[1].lower(), found[1].lower())
        weights.setdefault(name, float(found[2] or 1))
    return weights
