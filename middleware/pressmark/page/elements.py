"""Read the elements of a region: html5lib parses each one, and its raw bytes are kept beside the result.

A region is cut into pieces by the lexical rules by which the scanner found it. Then html5lib parses each link, style
and script by itself. A piece that it reads as anything but that one element is never joined. It gets the tags only: the
text of a style or script is as it stands, and html5lib takes a time that grows with the square of its length.
"""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element as Node

import html5lib
import html5lib.treebuilders.etree  # which html5lib would import in the first build, while another waits for it

from pressmark.errors import RegionError
from pressmark.model import Element, Text
from pressmark.page.html_grammar import ATTRIBUTE, ATTRIBUTES, META_OF_INTEREST, RAW_TEXT_ENDS, SCRIPT_STATES

MAX_TAG_BYTES = 1 << 14
MAX_TAG_TOKENS = 200
"""Attributes, and runs of blanks between them. html5lib compares each attribute with all others."""

_SPACE = rb"[\t\n\f\r ]"
_NAME_END = rb"(?=[\t\n\f\r />])"
_BLANK = re.compile(_SPACE + rb"+")
_COMMENT = re.compile(rb"<!--(?:-?>|((?s:.*?))--!?>)")
_CONDITIONAL = re.compile(rb"<!--" + _SPACE + rb"*\[(?:if|endif)|\[endif\]--!?>\Z", re.IGNORECASE)
# A comment of words is for people. Any other may be for a server that includes something in its place, for a cache, a
# tool or a script: it begins with "#" or one of their words, or holds markup, an assignment or a template's brackets.
_INSTRUCTION = re.compile(
    rb"\A" + _SPACE + rb"*(?:#|(?:esi|/?ko|/?mfunc|mclude)\b)"
    rb"|[<>{}\[\]$`\\|~^\x00-\x08\x0e-\x1f]|\A\?|[\w\"']=|=[\w\"']|[a-z]:[a-z]|(?<!\w)[@%]",
    re.IGNORECASE,
)
_LINK = re.compile(rb"<link" + _NAME_END + ATTRIBUTES + rb">", re.IGNORECASE)
_END = re.compile(rb"</(?:style|script)" + _SPACE + rb"*>", re.IGNORECASE)
_START = re.compile(rb"<(style|script)" + _NAME_END + ATTRIBUTES + rb">", re.IGNORECASE)
_TAG = re.compile(rb"</?[a-z][^\t\n\f\r />]*" + ATTRIBUTES + rb">", re.IGNORECASE)
_BOGUS_COMMENT = re.compile(rb"<(?:!(?!--)|\?|/(?=[^a-z]))[^>]*>", re.IGNORECASE)
# Possessive, and with a last alternative for CPython 3.11.0 to 3.11.4: see syntax/css_tokens.py.
_TEXT = re.compile(rb"(?:[^<]++|<(?![a-z/!?])|<\Z)++", re.IGNORECASE)
_HEAD_TAG = re.compile(rb"<(base|meta)" + _NAME_END, re.IGNORECASE)
# The content of these is never touched: it is text, inert markup, or has parsing rules of its own.
_FLAT = re.compile(rb"<(noscript|textarea|title|iframe|xmp|noembed|noframes)" + _NAME_END, re.IGNORECASE)
_OPAQUE = re.compile(rb"<(?:template|svg|math|select|table|object|plaintext|frameset)" + _NAME_END, re.IGNORECASE)


def read_elements(body: bytes, encoding: str) -> tuple[Element | Text, ...]:
    """Return the pieces of a region's *body*, whose raw bytes add up to it.

    Text is white space and comments of words. Anything but a whole link, style or script becomes an Element without
    attributes whose tag is ``#text``, ``#comment`` (a conditional one) or ``#markup``: it never joins a bundle.
    Raises RegionError if *body* is not in *encoding*, or holds a ``<base>``, or a ``<meta>`` of an encoding or policy,
    which would change the meaning of its neighbours.
    """
    pieces: list[Element | Text] = []
    position = text_start = 0
    while position < len(body):
        piece = _read_piece(body, position, encoding)
        if isinstance(piece, Element):
            pieces += [Text(body[text_start:position]), piece] if text_start < position else [piece]
            text_start = position + len(piece.raw)
        position += len(piece.raw)
    return tuple([*pieces, Text(body[text_start:])] if text_start < len(body) else pieces)


def read_tag(raw: bytes, encoding: str) -> dict[str, str]:
    """Return the decoded attributes of *raw*, which is one start tag; none if it is anything else."""
    element = _parse(raw, encoding)
    return dict(element.attrs) if element else {}


def _read_piece(body: bytes, position: int, encoding: str) -> Element | Text:
    if blank := _BLANK.match(body, position):
        return Text(blank[0])
    if comment := _COMMENT.match(body, position):
        return _read_comment(comment[0], comment[1] or b"")
    if link := _LINK.match(body, position):
        return _parse_short(link[0], encoding) or Element("#markup", (), "", link[0])
    if start := _START.match(body, position):
        return _read_raw_text(body, start, encoding)
    return _read_barrier(body, position)


def _read_comment(raw: bytes, content: bytes) -> Element | Text:
    if _CONDITIONAL.search(raw):
        return Element("#comment", (), "", raw)
    return Element("#markup", (), "", raw) if _INSTRUCTION.search(content) else Text(raw)


def _read_raw_text(body: bytes, start: re.Match[bytes], encoding: str) -> Element:
    """Return the style or script that begins with *start*; if it cannot be understood, the rest of *body*."""
    text_end = _raw_text_end(start[1].lower().decode("ascii"), body, start.end())
    end = _END.match(body, text_end)
    element = _parse_short(start[0] + end[0], encoding) if end else None
    if end is None or element is None or element.text:
        return _opaque(body[start.start() :])
    text = _decoded(body[start.end() : text_end], encoding)
    return replace(element, text=_normalized(text), raw=body[start.start() : end.end()])


def _raw_text_end(name: str, body: bytes, position: int) -> int:
    """Return the offset of the end tag of the style or script whose text begins at *position*; else the body's end.

    A script may hide it behind "<!--" (HTML 13.2.5.15 to 13.2.5.31).
    """
    if name != "script":
        found = RAW_TEXT_ENDS[name].search(body, position)
        return found.start() if found else len(body)
    state = "data"
    while found := SCRIPT_STATES[state][0].search(body, position):
        state = SCRIPT_STATES[state][1][found[0].lower()]
        if state == "end":
            return found.start()
        position = found.end() - 2 if found[0] == b"<!--" else found.end()  # "<!-->" both begins and ends an escape
    return len(body)


def _read_barrier(body: bytes, position: int) -> Element:
    """Return a piece that is no style, link or script: up to its end if that is sure, else the rest of *body*."""
    text = _TEXT.match(body, position)
    if text:
        return Element("#text", (), "", text[0])
    if flat := _FLAT.match(body, position):
        start = _TAG.match(body, position)
        closing = re.compile(rb"</" + flat[1] + _NAME_END + ATTRIBUTES + rb">", re.IGNORECASE)
        end = closing.search(body, start.end()) if start else None
        return _opaque(body[position : end.end() if end else len(body)])
    whole = (
        None if _OPAQUE.match(body, position) else _TAG.match(body, position) or _BOGUS_COMMENT.match(body, position)
    )
    if whole is None:
        return _opaque(body[position:])
    if _HEAD_TAG.match(whole[0]) and _changes_meaning(whole[0]):
        raise _misplaced()
    return Element("#markup", (), "", whole[0])


def _opaque(raw: bytes) -> Element:
    """Return a piece of which only a browser knows the tags.

    Raises RegionError for each ``<base>`` or ``<meta>`` in it that would be refused, and for one that may hold another.
    """
    position = 0
    while found := _HEAD_TAG.search(raw, position):
        tag = _TAG.match(raw, found.start())
        if tag is None or _changes_meaning(tag[0]) or _HEAD_TAG.search(tag[0], 1):
            raise _misplaced()
        position = tag.end()  # beyond it, so that each byte is looked at once
    return Element("#markup", (), "", raw)


def _changes_meaning(tag: bytes) -> bool:
    """Tell whether *tag*, a ``<base>`` or ``<meta>``, bears on what follows."""
    return tag[1:2].lower() == b"b" or META_OF_INTEREST.search(tag) is not None


def _misplaced() -> RegionError:
    return RegionError("the region holds a <base>, or a <meta> of an encoding or policy; put it before the region")


def _parse_short(raw: bytes, encoding: str) -> Element | None:
    """Return the one element in the tags *raw*; ``None`` if it is anything else, or so long that it would take long."""
    is_long = len(raw) > MAX_TAG_BYTES or sum(1 for _ in ATTRIBUTE.finditer(raw)) > MAX_TAG_TOKENS
    return None if is_long else _parse(raw, encoding)


def _parse(raw: bytes, encoding: str) -> Element | None:
    """Return the one element that html5lib reads in *raw*; ``None`` if it reads anything else."""
    root: Node = html5lib.parseFragment(_decoded(raw, encoding), container="div", namespaceHTMLElements=False)
    if len(root) != 1 or root.text or root[0].tail or len(root[0]) or not isinstance(root[0].tag, str):
        return None
    node = root[0]
    return Element(node.tag, tuple((str(k), str(v)) for k, v in node.attrib.items()), node.text or "", raw)


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise RegionError(f"the region has bytes that are not in the page's encoding {encoding!r}") from error


def _normalized(text: str) -> str:
    """Return *text* as the HTML parser passes it on: line ends are LF, NUL is U+FFFD (13.2.3.5, 13.2.5.4)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
