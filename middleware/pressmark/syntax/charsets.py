"""Decode the bytes of a source file as a browser would, if that is certain."""

import re

import webencodings

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
HIDES_ASCII = ("utf-16le", "utf-16be", "iso-2022-jp", "hz-gb-2312", "replacement")
"""Encodings in which the bytes of ASCII may be other characters (Encoding standard, 4.2 and 14)."""

_CHARSET_RULE = re.compile(rb'@charset "([^"]*)";')


class UncertainEncodingError(Exception):
    """The bytes may be different texts, depending on headers of the server that are not known."""


def decode_css(content: bytes, charset: str | None) -> str:
    """Return a stylesheet's text without byte order mark (CSS Syntax 3, 3.2).

    *charset* is the label that the link or the page declares. Raises UncertainEncodingError as ``decode`` does.
    """
    return decode(content, css_charset(content, charset))


def css_charset(content: bytes, charset: str | None) -> str | None:
    """Return the label of a stylesheet's encoding, which the sheets it imports inherit (CSS Syntax 3, 3.2)."""
    marked = next((codec for bom, codec in _BOMS if content.startswith(bom)), None)
    return marked or declared_charset(content) or charset


def declared_charset(content: bytes) -> str | None:
    """Return the encoding that a stylesheet's first bytes declare, ``None`` if they do not."""
    rule = _CHARSET_RULE.match(content)
    declared = rule[1].decode("latin-1") if rule else None
    # "utf-16" written in single bytes cannot be true; the standard reads it as UTF-8.
    return "utf-8" if declared and declared.lower().startswith("utf-16") else declared


def is_utf8(charset: str | None) -> bool:
    """Tell whether *charset* is a label of UTF-8."""
    found = webencodings.lookup(charset) if charset else None
    return found is not None and found.name == "utf-8"


def decode(content: bytes, charset: str | None) -> str:
    """Return the text of *content* without byte order mark. Invalid bytes become U+FFFD.

    A byte order mark wins. Without one only ASCII and UTF-8 are certain: any other *charset* may be overruled
    by a header that a static server sends. Raises UncertainEncodingError.
    """
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(codec, "replace")
    found = webencodings.lookup(charset) if charset else None
    hides_ascii = found is not None and found.name in HIDES_ASCII
    if content.isascii() and not hides_ascii:
        return content.decode("ascii")
    if not is_utf8(charset):
        raise UncertainEncodingError(
            f"has characters beyond ASCII and is declared as {charset or 'nothing'}; save it as UTF-8 and declare "
            "that in the page"
        )
    return content.decode("utf-8", "replace")


def is_readable(charset: str | None) -> bool:
    """Tell whether the bytes of ASCII are always ASCII in *charset* (Encoding standard, 4.2 and 14)."""
    found = webencodings.lookup(charset) if charset else None
    if charset is None:
        return True
    return found is not None and found.name not in (*HIDES_ASCII, "x-user-defined")
