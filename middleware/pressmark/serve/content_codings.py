"""The content codings that a client accepts (RFC 9110, 12.5.3), and the functions that encode and decode them."""

import gzip
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd as zstd  # noqa: PLC0414  # for all of this wing
else:
    from backports import zstd as zstd  # noqa: PLC0414


BROTLI_BEST = 11


@dataclass(frozen=True, slots=True)
class Coding:
    """A content coding. *encode* takes bytes and a level; *quick* is the level for a client that waits.

    *decode* takes encoded bytes and about the most bytes that they may yield. It raises any exception for bytes that it
    cannot decode, or that more bytes follow.
    """

    encode: Callable[[bytes, int], bytes]
    decode: Callable[[bytes, int], bytes]
    quick: int
    best: int


def _brotli(raw: bytes, level: int) -> bytes:
    # Blocks of other sizes make text a little smaller or larger. No client waits for the best level: it tries them all.
    blocks = (0, 16, 17) if level == BROTLI_BEST else (0,)
    forms = (brotli.compress(raw, mode=brotli.MODE_TEXT, quality=level, lgblock=block) for block in blocks)
    return bytes(min(forms, key=len))


def _unbrotli(encoded: bytes, most: int) -> bytes:
    return bytes(brotli.Decompressor().process(encoded, output_buffer_limit=most))


def _unzstd(encoded: bytes, most: int) -> bytes:
    decoder = zstd.ZstdDecompressor()
    return _ended(decoder.decompress(encoded, most), decoder)


def _gzip(raw: bytes, level: int) -> bytes:
    return gzip.compress(raw, compresslevel=level, mtime=0)


def _gunzip(encoded: bytes, most: int) -> bytes:
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return _ended(decoder.decompress(encoded, most), decoder)


def _ended(raw: bytes, decoder: Any) -> bytes:
    if decoder.unused_data or not decoder.eof:  # browsers would go on to read it
        raise ValueError("encoded bytes do not end where they should")
    return raw


# In the order of preference if a client gives several the same weight.
CODINGS = {
    "br": Coding(_brotli, _unbrotli, 5, BROTLI_BEST),
    "zstd": Coding(zstd.compress, _unzstd, 6, 19),
    "gzip": Coding(_gzip, _gunzip, 6, 9),
}


def is_coded(encoded: bytes, coding: str, content: bytes) -> bool:
    """Tell whether *encoded* is *content* in *coding*; decodes hardly more bytes than *content* has."""
    try:
        return CODINGS[coding].decode(encoded, len(content) + 1) == content
    except Exception:  # each library has its own exceptions
        return False


_ITEM = re.compile(r"[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*(?:;[ \t]*[qQ]=([01](?:\.[0-9]{0,3})?)[ \t]*)?", re.ASCII)


def accepted(header: str | None) -> tuple[str, ...]:
    """Return the codings that an Accept-Encoding *header* allows, best first, "identity" always among them.

    Without a header, or with a malformed one, that is identity alone. A coding with q=0 is left out; "*" stands for
    all codings that are not named.
    """
    found = weights(header) if header is not None else None
    if found is None:
        return ("identity",)
    rest = found.get("*", 0.0)
    offered = {coding: found.get(coding, rest) for coding in CODINGS}
    identity = found.get("identity", 0.0)
    liked = [coding for coding, weight in offered.items() if weight > 0 and weight >= identity]
    return (*sorted(liked, key=lambda coding: -offered[coding]), "identity")


def weights(header: str) -> dict[str, float] | None:
    """Return the weight of each coding in an Accept-Encoding *header*, ``None`` if it is malformed."""
    found_weights: dict[str, float] = {}
    for item in header.split(","):
        if not item.strip():
            continue
        found = _ITEM.fullmatch(item)
        if not found or float(found[2] or 1) > 1:
            return None
        name = {"x-gzip": "gzip"}.get(found[1].lower(), found[1].lower())
        found_weights.setdefault(name, float(found[2] or 1))
    return found_weights
