"""Find the files that a page preloads behind its first region: up to that the lexer has found them."""

from pressmark.page.lexer import Lexer
from pressmark.page.preloads import is_preload

MAX_HEAD_BYTES = 1 << 16
"""What comes later is not looked at."""
NEAR_BYTES = 1 << 12
"""The end of the head is hardly ever further behind its first region."""


def preloads_behind(chunk: bytes) -> tuple[bytes, ...]:
    """Return a short tag for each preload of a head with one behind a region, as far as its first *chunk* goes.

    A browser loads such a file twice, too, if it comes in a bundle.
    """
    start = chunk.find(b"endcompress", 0, MAX_HEAD_BYTES)
    if start < 0:
        return ()
    near = chunk.find(b"</head", start, start + NEAR_BYTES)
    end = near if near >= 0 else MAX_HEAD_BYTES
    if chunk.rfind(b"reload", start, end) < 0 and chunk.rfind(b"RELOAD", start, end) < 0:  # quicker than to go on
        return ()
    far = near if near >= 0 else chunk.find(b"</head", start, MAX_HEAD_BYTES)
    rest = chunk[start : far if far >= 0 else MAX_HEAD_BYTES]
    *_, last = Lexer().feed(b"<!--" + rest + b"<!---->")
    return tuple(tag for tag in last.head if is_preload(tag))
