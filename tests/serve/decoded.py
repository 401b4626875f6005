"""What a client reads from a body in a content coding, by other means than ours where there are any."""

import gzip
import sys

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def decoded(body: bytes, coding: str | None) -> bytes:
    """Return what *body* says, of which the Content-Encoding is *coding*."""
    match coding:
        case "br":
            return bytes(brotli.decompress(body))
        case "gzip":
            return gzip.decompress(body)
        case "zstd":
            return zstd.decompress(body)
        case _:
            assert coding in (None, "identity")
            return body
