"""What is fuzzed: each target takes bytes, and fails where Pressmark says something else than html5lib does."""

from collections.abc import Callable, Iterable

import html5lib
import pytest
import webencodings

from pressmark.errors import RegionError
from pressmark.http.headers import charset_of, refusal
from pressmark.model import Element, Page, Region, Text
from pressmark.page import lexer
from pressmark.page.context import read_context
from pressmark.page.elements import read_elements, read_tag
from pressmark.page.scanned_pages import ScannedPages
from pressmark.page.scanner import Scanner
from pressmark.syntax.charsets import is_readable
from tests.page.fragments import COMMENTS, FOREIGN, MARKERS, RAW, TAGS, TEXTS, scan
from tests.page.html5lib_tests import comments_of

WORDS = [
    word.encode()
    for word in (*MARKERS, *COMMENTS, *RAW, *TAGS, *TEXTS, *FOREIGN, "<frameset>", "<plaintext>", "<table>", "</table>",
                 "charset=", "http-equiv=", "content=", "utf-8", "shift_jis", "utf-16", "href=", "text/html;")
]  # fmt: skip
# Where html5lib is no judge: it does not know template, and passes over more in a select than browsers do now.
DISPUTED = (b"<template", b"<select")


def told(events: Iterable[Text | Region]) -> list[str]:
    """Return what is said of markers that are none."""
    return [event.flaw for event in events if isinstance(event, Text) and event.flaw]


def check_remembered(page: bytes, size: int, flaws: list[str], regions: list[Region]) -> None:
    """A page that is remembered, whole or by how it begins, is read as it was the first time."""
    scanned = ScannedPages()
    scanned.scan(page[: len(page) - size], Scanner())  # the same beginning, another page
    for _ in range(2):
        scanner = Scanner()
        events = scanned.peek(page) or (*scanned.scan(page, scanner), *scanner.finish())
        assert b"".join(event.raw for event in events) == page
        assert [event for event in events if isinstance(event, Region)] == regions
        assert told(events) == flaws


def spelled(data: bytes) -> bytes:
    """Return *data* as it is, or as a page of words, by its first byte."""
    if data[:1] < b"\x40":
        return data[1:]
    return b"".join(WORDS[byte % len(WORDS)] for byte in data[1:])


def fuzz_scanner(data: bytes) -> None:
    """However a page is cut, its regions are the same, its bytes all there, and its markers html5lib's comments."""
    size, page = 1 + data[0] % 32 if data else 1, spelled(data[1:])
    whole = scan(page)
    pieces = scan(*(page[at : at + size] for at in range(0, len(page), size)))
    regions = [event for event in whole if isinstance(event, Region)]
    assert b"".join(event.raw for event in whole) == page
    assert b"".join(event.raw for event in pieces) == page
    assert [event for event in pieces if isinstance(event, Region)] == regions
    assert told(pieces) == told(whole)
    check_remembered(page, size, told(whole), regions)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexer, "skip_to_special", lambda page, *_: (len(page), False))
        assert [event for event in scan(page) if isinstance(event, Region)] == regions
    if regions and not any(tag in page.lower() for tag in DISPUTED):
        seen = [comment.content for comment in comments_of.__wrapped__(page.decode("latin-1"))]
        for region in regions:
            opening = region.raw[4 : region.raw.index(b"--", 4)].decode("latin-1").strip("\t\n\f\r ")
            assert opening in seen, region


def fuzz_tags(data: bytes) -> None:
    """The elements of a region add up to it, and each is what html5lib makes of its bytes by themselves."""
    try:
        data = spelled(data)
        pieces = read_elements(data, "latin-1")
    except RegionError:
        return
    assert b"".join(piece.raw for piece in pieces) == data
    for piece in pieces:
        if isinstance(piece, Element) and not piece.tag.startswith("#"):
            assert dict(piece.attrs) == read_tag(piece.raw, "latin-1")
    # What comes after a link, style or script that was understood is read as it would be without it.
    tags = [piece.tag for piece in pieces if isinstance(piece, Element) and not piece.tag.startswith("#")]
    fragment = html5lib.parseFragment(data.decode("latin-1"), container="div", namespaceHTMLElements=False)
    if not any(isinstance(piece, Element) and piece.tag == "#markup" for piece in pieces):
        assert [node.tag for node in fragment if isinstance(node.tag, str)] == tags


def fuzz_charsets(data: bytes) -> None:
    """Whatever headers and meta tags say, a charset is a label of the Encoding standard, and nothing raises."""
    data = spelled(data)
    text = data.decode("latin-1")
    charset_of([("Content-Type", text)])
    refusal(200, [("Content-Type", text), ("Cache-Control", text)])
    tags = [event for event in scan(data + b"<!-- compress css --><!-- endcompress -->") if isinstance(event, Region)]
    for region in tags:
        try:
            context = read_context(Page("", "/"), region.head)
        except RegionError:
            continue
        assert context.charset is None or webencodings.lookup(context.charset) is not None
        is_readable(context.charset)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "scanner": fuzz_scanner,
    "tags": fuzz_tags,
    "charsets": fuzz_charsets,
}
