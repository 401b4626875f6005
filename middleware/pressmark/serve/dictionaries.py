"""Send only the difference from a file that the browser already has (RFC 9842, Compression Dictionary Transport)."""

import base64
import re
from hashlib import sha256

from pressmark.model import FileKind
from pressmark.serve.content_codings import weights, zstd

CODING = "dcz"
LEVEL = 6
"""Two versions of a file are mostly the same: higher levels save no more bytes, and take ten times as long."""
LEAST = 8
"""The fewest bytes of a dictionary that Zstandard takes."""

_MAGIC = b"\x5e\x2a\x4d\x18\x20\x00\x00\x00"  # a skippable frame of Zstandard that holds the dictionary's hash
_AVAILABLE = re.compile(r"[ \t]*:([A-Za-z0-9+/]{43}=):[ \t]*", re.ASCII)
_DESTINATIONS: dict[FileKind, str] = {"css": "style", "js": "script"}


def use_as(kind: FileKind, label: str) -> str:
    """Return the Use-As-Dictionary of a file, for later files of its kind with the same *label* before the hash."""
    pattern = f"{label}.*.{kind}" if label else f"*.{kind}"
    return f'match="{pattern}", match-dest=("{_DESTINATIONS[kind]}")'


def offered(available: str | None, accept_encoding: str | None) -> str | None:
    """Return the SHA-256, in hexadecimal digits, of the dictionary that a client has and accepts, if there is one."""
    found = _AVAILABLE.fullmatch(available or "")
    liked = weights(accept_encoding or "") if found else None
    if not found or not liked or not liked.get(CODING):
        return None
    return base64.b64decode(found[1]).hex()


def encode(content: bytes, dictionary: bytes) -> bytes:
    """Return *content* in the coding ``dcz`` (RFC 9842, 5)."""
    prefix = zstd.ZstdDict(dictionary, is_raw=True).as_prefix
    return _MAGIC + sha256(dictionary).digest() + zstd.compress(content, LEVEL, zstd_dict=prefix)
