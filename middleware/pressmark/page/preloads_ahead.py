"""Find the files that a page preloads behind its first region: up to that the lexer has found them."""

from pressmark.page.lexer import Lexer
from pressmark.page.preloads import is_preload

MAX_HEAD_BYTES = 1 << 16
"""What comes later is not looked at."""


def preloads_behind(chunk: bytes) -> tuple[bytes, ...]:
    """Return a short tag for each preload of a head with one behind a region, as far as its first *chunk* goes.

    A browser loads such a file twice, too, if it comes in a bundle.
    """
    start = chunk.find(b"endcompress", 0, MAX_HEAD_BYTES)
    if start < 0:
        return ()
    end = chunk.find(b"</head", start, MAX_HEAD_BYTES)
    rest = chunk[start : end if end >= 0 else MAX_HEAD_BYTES]
    if b"reload" not in rest and b"RELOAD" not in rest:
        return ()
    *_, last = Lexer().feed(b"<!--" + rest + b"<!---->")
    return tuple(tag for tag in last.head if is_preload(tag))
