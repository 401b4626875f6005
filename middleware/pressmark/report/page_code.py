"""Read a page's code roughly: its tags, and its scripts without comments. Prose, which speaks of code, is left out.

For hints alone. Where "/" may divide or begin a regular expression, the sign before it decides: a wrong guess misses
names, or finds more. Every byte is looked at a bounded number of times, as a page may hold anything.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pressmark.page.html_grammar import ATTRIBUTES, RAW_TEXT_ENDS

_TAG_OR_COMMENT = re.compile(
    rb"<!--(?:-?>|(?s:.*?)(?:--!?>|\Z))|<(?P<name>[a-zA-Z][^\t\n\f\r />]*+)" + ATTRIBUTES + rb"(?:>|\Z)"
)
# What does not end runs to the end of its line, or of the script. The name of a CommonJS module means no address.
_COMMENT_OR_LITERAL = re.compile(
    rb"(?P<comment>//[^\n\r]*+|<!--[^\n\r]*+|/\*(?s:.*?)(?:\*/|\Z))"
    rb"|\brequire\((?:\"[^\"\\\n\r]*+\"|'[^'\\\n\r]*+')\)"
    rb"|(?P<literal>\"(?:[^\"\\\n\r]++|\\(?s:.)|\\\Z)*+\"?+|'(?:[^'\\\n\r]++|\\(?s:.)|\\\Z)*+'?+"
    rb"|`(?:[^`\\]++|\\(?s:.)|\\\Z)*+`?+"
    rb"|(?:(?<=[(,=:\[!&|?;>])|(?<=\breturn))[ \t]*+"
    rb"/(?![/*])(?:[^/\\\[\n\r]++|\\[^\n\r]|\[(?:[^\]\\\n\r]++|\\[^\n\r])*+\]?+)*+/?+)"
)


class PageCode(NamedTuple):
    """The *tags* of a page and the *script* text in it, both as bytes; *literals* are strings and the like in that."""

    tags: bytes
    script: bytes
    literals: tuple[bytes, ...]


def read_page_code(html: bytes, *scripts: bytes) -> PageCode:
    """Return the code of *html* and of the *scripts* beside it."""
    tags: list[bytes] = []
    inner: list[bytes] = []
    for tag, text in _tags(html):
        tags.append(tag)
        if tag[1:7].lower() == b"script":
            inner.append(text)
    literals: list[bytes] = []
    script = b"\n".join(_without_comments(text, literals) for text in (*inner, *scripts))
    return PageCode(b"\n".join(tags), script, tuple(literals))


def _tags(html: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each start tag of *html* with the raw text that belongs to it, in which there are no tags."""
    position = 0
    while found := _TAG_OR_COMMENT.search(html, position):
        start = position = found.end()
        name = found["name"]
        if name is None:
            continue
        if ends := RAW_TEXT_ENDS.get(name.lower().decode("latin-1")):
            end = ends.search(html, start)
            position = end.start() if end else len(html)
        yield found[0], html[start:position]


def _without_comments(script: bytes, literals: list[bytes]) -> bytes:
    """Return *script* with a blank for each comment, and add its strings, templates and regular expressions."""
    pieces: list[bytes] = []
    position = 0
    for found in _COMMENT_OR_LITERAL.finditer(script):
        if found["comment"] is not None:
            pieces += (script[position : found.start()], b" ")
            position = found.end()
        elif found["literal"] is not None:
            literals.append(found[0].lstrip(b" \t"))
    return b"".join((*pieces, script[position:]))
