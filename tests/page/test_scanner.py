"""Where the regions of a page are, however its bytes are cut, and that no byte is lost or held for long."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pressmark.model import Region, Text
from pressmark.page.open_region import MAX_MARKER_BYTES, MAX_REGION_BYTES, TOO_LARGE
from pressmark.page.scanner import (
    LOST,
    MAX_REGIONS,
    MIXED,
    NEARLY,
    NESTED,
    TOO_MANY,
    UNBEGUN,
    UNENDED,
    Scanner,
)
from tests.page.browser import comments_of
from tests.page.fragments import CLOSING, OPENING, chunks, foreign, pages, plain, regions, scan
from tests.profiles import marathon

LINK = b'<link rel="stylesheet" href="/a.css">'
REGION = OPENING.encode() + LINK + CLOSING.encode()


@settings(max_examples=marathon(500))
@given(pages, st.integers(1, 30))
def test_the_events_add_up_to_the_page(page: bytes, size: int) -> None:
    assert b"".join(event.raw for event in scan(*chunks(page, size))) == page


@settings(max_examples=marathon(500))
@given(pages, st.integers(1, 30))
def test_the_regions_are_the_same_for_any_chunks(page: bytes, size: int) -> None:
    assert regions(*chunks(page, size)) == regions(page)


@pytest.mark.parametrize("size", [1000, 70_000], ids=["small chunks", "chunks longer than a tag may be kept"])
@pytest.mark.parametrize("length", [70_000, 300_000])
def test_the_regions_are_the_same_after_a_very_long_tag(length: int, size: int) -> None:
    """An image written into the page as a data URL is such a tag."""
    page = b'<img src="data:image/png;base64,' + b"A" * length + b'">' + REGION

    assert regions(*chunks(page, size)) == regions(page)


@settings(max_examples=marathon(300))
@given(pages)
def test_a_region_lies_between_its_markers(page: bytes) -> None:
    for region in regions(page):
        assert re.fullmatch(rb"(?s)<!--[^>]*>" + re.escape(region.body) + rb"<!--[^>]*>", region.raw)


def markers_taken(page: bytes) -> list[str]:
    """Return the names of the regions that the scanner finds in *page*."""
    return [region.name for region in regions(page)]


@settings(max_examples=marathon(1000))
@given(plain, plain)
def test_a_marker_is_taken_where_html5lib_sees_a_comment(before: str, after: str) -> None:
    """Outside of svg, math, template and noscript both agree on every comment."""
    assume("compress" not in before)
    assume("<!--\0" not in before)  # html5lib lets a ">" right after it end the comment (HTML 13.2.5.43)
    page = f"{before}<!-- compress css probe -->{LINK.decode()}{CLOSING}{after}".encode()

    assert ("probe" in markers_taken(page)) == ("compress css probe" in comments_of(page))


@settings(max_examples=marathon(1200))
@given(foreign)
def test_a_marker_is_never_taken_where_html5lib_sees_none(before: str) -> None:
    """Where a tokenizer alone cannot know what the bytes mean, a marker may be overlooked, but not made up."""
    page = f"{before}<!-- compress css probe -->{LINK.decode()}{CLOSING}".encode()
    assume("probe" in markers_taken(page))
    assume("<noscript" not in before)  # html5lib reads it as a browser without scripts
    assume("<template" not in before)  # html5lib does not know it
    assume("<select" not in before)  # browsers read more inside of it than html5lib does

    assert "compress css probe" in comments_of(page)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("<svg a=/><![CDATA[>", id="a slash that is a value and closes no svg"),
        pytest.param("<svg><style></svg><textarea></style></svg>", id="a style in svg, which is no raw text"),
        pytest.param("<svg><title></svg><textarea></title></svg>", id="a title in svg"),
        pytest.param("<svg><script></svg><textarea></script></svg>", id="a script in svg"),
        pytest.param("<svg><p><![CDATA[></svg><textarea>]]></svg>", id="a paragraph that ends the svg before CDATA"),
        pytest.param("<svg><desc><p><![CDATA[></p></desc></svg><textarea>]]></svg>", id="CDATA in HTML in svg"),
        pytest.param("<frameset><style><!--</style>", id="a style in a frameset, which is none"),
    ],
)
def test_a_marker_in_a_text_is_not_taken_for_broken_foreign_content(before: str) -> None:
    """Each leaves a textarea or a CDATA section open around the marker; in doubt nothing is a marker."""
    page = f"{before}<!-- compress css probe -->{LINK.decode()}{CLOSING}".encode()

    assert "compress css probe" not in comments_of(page)
    assert markers_taken(page) == []


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        pytest.param("<!-- compress css -->", ("css", "file", ""), id="css"),
        pytest.param("<!-- compress js -->", ("js", "file", ""), id="js"),
        pytest.param("<!--compress css-->", ("css", "file", ""), id="no blanks around"),
        pytest.param("<!--\n\tcompress \f\r css\n-->", ("css", "file", ""), id="line ends and tabs"),
        pytest.param("<!-- compress css --!>", ("css", "file", ""), id="the other end of a comment"),
        pytest.param("<!-- compress css file -->", ("css", "file", ""), id="file"),
        pytest.param("<!-- compress css inline -->", ("css", "inline", ""), id="inline"),
        pytest.param("<!-- compress css preload -->", ("css", "preload", ""), id="preload"),
        pytest.param("<!-- compress css inline main -->", ("css", "inline", "main"), id="mode and name"),
        pytest.param("<!-- compress css,inline main -->", ("css", "inline", "main"), id="comma before the mode"),
        pytest.param("<!-- compress css , inline main -->", ("css", "inline", "main"), id="comma with blanks"),
        pytest.param("<!-- compress css, -->", ("css", "file", ""), id="comma alone"),
        pytest.param("<!-- compress css main -->", ("css", "file", "main"), id="name alone"),
        pytest.param("<!-- compress css,main -->", ("css", "file", "main"), id="comma before the name"),
        pytest.param("<!-- compress css Main-Page_2 -->", ("css", "file", "Main-Page_2"), id="every sort of character"),
        pytest.param("<!-- compress css file file -->", ("css", "file", "file"), id="a name like a mode"),
        pytest.param("<!-- compress css inlined -->", ("css", "file", "inlined"), id="a name that begins like a mode"),
        pytest.param("<!-- compress css INLINE -->", ("css", "file", "INLINE"), id="a mode in upper case is a name"),
    ],
)
def test_a_marker_says_kind_mode_and_name(marker: str, expected: tuple[str, str, str]) -> None:
    [region] = regions(marker.encode() + LINK + CLOSING.encode())

    assert (region.kind, region.mode, region.name) == expected


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("<!-- compress js trust -->", ("file", "", True)),
        ("<!-- compress js,trust -->", ("file", "", True)),
        ("<!-- compress js trust main -->", ("file", "main", True)),
        ("<!-- compress js inline trust -->", ("inline", "", True)),
        ("<!-- compress js preload trust main -->", ("preload", "main", True)),
        ("<!-- compress js trust trust -->", ("file", "trust", True)),
        ("<!-- compress js trusted -->", ("file", "trusted", False)),
        ("<!-- compress js inline trusted -->", ("inline", "trusted", False)),
        ("<!-- compress js -->", ("file", "", False)),
        ("<!-- compress js trust context:0123456789abcdef -->", ("file", "", True)),
    ],
)
def test_a_marker_says_that_its_author_trusts_a_region(marker: str, expected: tuple[str, str, bool]) -> None:
    [region] = regions(marker.encode() + LINK + CLOSING.encode())

    assert (region.mode, region.name, region.is_trusted) == expected


@pytest.mark.parametrize(
    "marker",
    [
        pytest.param("<!-- compress -->", id="no kind"),
        pytest.param("<!-- compress CSS -->", id="kind in upper case"),
        pytest.param("<!-- Compress css -->", id="word in upper case"),
        pytest.param("<!-- compress html -->", id="another kind"),
        pytest.param("<!-- compresscss -->", id="no blank"),
        pytest.param("<!-- compress,css -->", id="comma before the kind"),
        pytest.param("<!-- compress css foo bar -->", id="two names"),
        pytest.param("<!-- compress css main inline -->", id="name before the mode"),
        pytest.param("<!-- compress css inline, main -->", id="comma after the mode"),
        pytest.param("<!-- compress css,,inline -->", id="two commas"),
        pytest.param("<!-- compress css inline a b -->", id="mode and two names"),
        pytest.param("<!-- compress css a.b -->", id="a point in the name"),
        pytest.param("<!-- compress css é -->", id="a name beyond ASCII"),
        pytest.param("<!-- compress css context:0123456789abcdef main -->", id="context before the name"),
        pytest.param("<!-- a compress css -->", id="a word before"),
        pytest.param("<!--- compress css -->", id="a hyphen before"),
        pytest.param("<!-- compress\xa0css -->", id="a no-break space"),
        pytest.param("<!-- compress\0css -->", id="NUL"),
        pytest.param("<!-- compress\vcss -->", id="vertical tab"),
        pytest.param("<! compress css -->", id="no comment"),
        pytest.param("<!- compress css -->", id="half a comment"),
        pytest.param("<? compress css -->", id="an instruction"),
        pytest.param("&lt;!-- compress css -->", id="escaped"),
        pytest.param("<!-- endcompress -->", id="an end only"),
        pytest.param("<!-- compress css" + " " * MAX_MARKER_BYTES + "-->", id="longer than a marker may be"),
    ],
)
def test_what_is_not_quite_a_marker_is_none(marker: str) -> None:
    page = marker.encode() + LINK + CLOSING.encode()

    assert regions(page) == []


@pytest.mark.parametrize(
    "closing",
    [
        "<!-- endcompress -->",
        "<!-- endcompress css -->",
        "<!--endcompress-->",
        "<!--\nendcompress\tcss\n-->",
        "<!-- endcompress --!>",
    ],
)
def test_an_end_marker_may_name_the_kind(closing: str) -> None:
    assert [region.body for region in regions(OPENING.encode() + LINK + closing.encode())] == [LINK]


@pytest.mark.parametrize(
    "closing",
    ["<!-- endcompress css main -->", "<!-- /compress -->", "<!-- endcompress CSS -->", "<!-- end compress -->"],
)
def test_what_is_not_quite_an_end_marker_is_none(closing: str) -> None:
    assert regions(OPENING.encode() + LINK + closing.encode()) == []


def test_a_region_has_its_body_and_its_markers() -> None:
    assert scan(b"<p>" + REGION + b"</p>") == [
        Text(b"<p>"),
        Region("css", "file", "", LINK, REGION),
        Text(b"</p>"),
    ]


def test_an_empty_region_is_one() -> None:
    assert [region.body for region in regions((OPENING + CLOSING).encode())] == [b""]


def test_two_regions_are_two() -> None:
    assert [region.raw for region in regions(REGION + b"<p>" + REGION)] == [REGION, REGION]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(OPENING + "a", id="unterminated"),
        pytest.param("a" + CLOSING, id="end only"),
        pytest.param(OPENING + "a" + OPENING + "b" + CLOSING, id="opened twice"),
        pytest.param(OPENING + "<!-- compress js -->b<!-- endcompress js -->" + CLOSING, id="nested"),
        pytest.param(OPENING + "a<!-- endcompress js -->", id="ended as the other kind"),
        pytest.param(OPENING + "<!-- a " + CLOSING, id="ended in a comment"),
        pytest.param(OPENING + "<script>" + CLOSING, id="ended in a script"),
        pytest.param(OPENING + "<p a='" + CLOSING, id="ended in an attribute"),
        pytest.param("<plaintext>" + OPENING + CLOSING, id="in plain text"),
        pytest.param("<svg>" + OPENING + CLOSING + "</svg>", id="in svg"),
        pytest.param("<template>" + OPENING + CLOSING + "</template>", id="in a template"),
        pytest.param("<noscript>" + OPENING + CLOSING + "</noscript>", id="in noscript"),
        pytest.param("<script><!--<script></script>" + OPENING + CLOSING, id="in a script that hides its end"),
    ],
)
def test_what_is_no_region_is_text(page: str) -> None:
    assert regions(page.encode()) == []


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("<script><!--</script>", id="a script that opens a comment"),
        pytest.param("<script>'<!--<script>'--></script>", id="a script that closes it again"),
        pytest.param("<script><!--<script></script></script>", id="a script in a script"),
        pytest.param("<title>a</title x=1>", id="an end tag with an attribute"),
        pytest.param("<svg/>", id="an svg that is closed at once"),
        pytest.param("<svg><title>a</title></svg>", id="after an svg with a title"),
        pytest.param("<template><p></template>", id="after a template"),
        pytest.param("<noscript><p></noscript>", id="after noscript"),
        pytest.param("<p a=b'c>", id="a quote in an unquoted value"),
        pytest.param("<p 'a>", id="a quote in a name"),
        pytest.param("<p a= >", id="a value that is missing"),
        pytest.param("<p/a='>'>", id="a slash before an attribute"),
        pytest.param("</p a='>'>", id="an end tag with a quoted attribute"),
        pytest.param("a < b", id="a sign in a text"),
        pytest.param("</>", id="an end tag without a name"),
        pytest.param("<!doctype html '>", id="a doctype with a quote"),
        pytest.param("<?php a ?>", id="an instruction"),
        pytest.param("<![CDATA[>", id="a section that is none"),
        pytest.param("<!-->", id="an abrupt comment"),
        pytest.param("<!--->", id="another"),
        pytest.param("<!-- a --!>", id="a comment that ends otherwise"),
        pytest.param("<!-- <!-- -->", id="a comment in a comment"),
        pytest.param("<!----!>", id="an empty comment that ends otherwise"),
        pytest.param("<scripty>", id="a tag that begins like a script"),
        pytest.param("\0\r\n\ufeff", id="odd characters"),
    ],
)
def test_a_region_is_found_behind_what_looks_like_trouble(before: str) -> None:
    assert len(regions(before.encode() + REGION)) == 1


@pytest.mark.parametrize(
    "before",
    [OPENING + OPENING + CLOSING, OPENING + "<!-- endcompress js -->", CLOSING, "<!-- compress css a b -->"],
    ids=["opened twice", "ended as the other kind", "end only", "nearly a marker"],
)
def test_a_region_follows_what_is_no_region(before: str) -> None:
    assert [region.raw for region in regions(before.encode() + REGION)] == [REGION]


def flaws(*pieces: bytes) -> list[tuple[bytes, str]]:
    """Return the markers that are none in a page that comes in *pieces*, each with what is said of it."""
    return [(raw[: raw.index(b">") + 1], flaw) for raw, flaw in flawed(*pieces)]


def flawed(*pieces: bytes) -> list[tuple[bytes, str]]:
    """Return the bytes that begin with a marker that is none, each with what is said of it."""
    return [(event.raw, event.flaw) for event in scan(*pieces) if isinstance(event, Text) and event.flaw]


@pytest.mark.parametrize(
    ("page", "marker", "flaw"),
    [
        pytest.param(OPENING + "a", OPENING, UNENDED, id="unterminated"),
        pytest.param("a" + CLOSING, CLOSING, UNBEGUN, id="end only"),
        pytest.param(
            "<!-- compress CSS -->a" + CLOSING, CLOSING, NEARLY.format("<!-- compress CSS -->"), id="nearly a beginning"
        ),
        pytest.param(OPENING + "a" + OPENING + "b" + CLOSING, OPENING, NESTED, id="opened twice"),
        pytest.param(OPENING + "a<!-- endcompress js -->", OPENING, MIXED, id="ended as the other kind"),
        pytest.param(OPENING + "a<!-- /compress -->", OPENING, UNENDED, id="nearly an end"),
        pytest.param(OPENING + "<script>" + CLOSING, OPENING, UNENDED, id="ended in a script"),
        pytest.param(OPENING + "<svg><p></svg>" + CLOSING, OPENING, LOST, id="ended behind what only a tree tells"),
        pytest.param(OPENING + "<svg>" + CLOSING, OPENING, LOST, id="ended in an svg that is not closed"),
        pytest.param(
            OPENING + CLOSING + OPENING + CLOSING + OPENING + "<math>" + CLOSING + "</p>", OPENING, LOST, id="late"
        ),
        pytest.param("<svg><p></svg>" + OPENING + CLOSING, OPENING, LOST, id="behind what only a tree tells"),
        pytest.param(OPENING + "<plaintext><!--compress", OPENING, LOST, id="ended in plain text, with half a marker"),
        pytest.param("<plaintext>" + OPENING + CLOSING, OPENING, LOST, id="in plain text"),
    ],
)
@pytest.mark.parametrize("size", [1 << 30, 7], ids=["in one chunk", "in many"])
def test_a_marker_that_is_none_is_told_with_its_flaw(page: str, marker: str, flaw: str, size: int) -> None:
    assert flaws(*chunks(page.encode(), size)) == [(marker.encode(), flaw)]


@settings(max_examples=marathon(500))
@given(pages, st.integers(1, 30))
def test_the_flaws_are_the_same_for_any_chunks(page: bytes, size: int) -> None:
    assert flaws(*chunks(page, size)) == flaws(page)


@pytest.mark.parametrize("size", [1 << 30, 100_000], ids=["in one chunk", "in many"])
def test_a_region_too_large_is_told_once(size: int) -> None:
    page = OPENING.encode() + b" " * MAX_REGION_BYTES + OPENING.encode() + CLOSING.encode()

    assert [flaw for _, flaw in flaws(*chunks(b"a" + page, size))] in ([TOO_LARGE], [NESTED])


def test_each_region_too_many_is_told() -> None:
    assert flaws(REGION * (MAX_REGIONS + 2)) == [(OPENING.encode(), TOO_MANY)] * 2


@pytest.mark.parametrize("size", [1 << 30, 1, 7, 40], ids=["in one chunk", "by bytes", "in sevens", "in forties"])
@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<svg>" + OPENING + "<link></svg>", id="in an svg that turns out to hold HTML"),
        pytest.param("<math><mi>" + OPENING + CLOSING + "<p>x", id="in a math that turns out to hold HTML"),
        pytest.param("<math><pr</math><!-- compress css --<", id="a comment that is not one behind a lost math"),
        pytest.param("<script>" + OPENING + "</script><plaintext>", id="in a script before plain text"),
        pytest.param("<script>" + OPENING + "</script><frameset>" + CLOSING, id="in a script before a frameset"),
    ],
)
def test_a_comment_that_was_none_of_ours_is_not_told_later(page: str, size: int) -> None:
    assert flaws(*chunks(page.encode(), size)) == []


@pytest.mark.parametrize("place", [0, 1], ids=["before the word", "behind it"])
def test_an_end_marker_may_not_be_longer_than_a_marker(place: int) -> None:
    blanks = " " * MAX_MARKER_BYTES
    closing = f"<!-- {blanks}endcompress -->" if place == 0 else f"<!-- endcompress{blanks} -->"
    page = (OPENING + LINK.decode() + closing + "<p>").encode()

    for size in (1 << 30, 500, 7):
        assert regions(*chunks(page + REGION, size)) == []
        assert flaws(*chunks(page, size)) == [(OPENING.encode(), UNENDED)]


@pytest.mark.parametrize("page", [REGION, b"<!-- compressed -->", b"<noscript>" + REGION + b"</noscript>", b"<svg><p>"])
def test_a_page_without_flaws_has_none(page: bytes) -> None:
    assert flaws(page) == []


def test_a_page_has_no_more_than_so_many_regions() -> None:
    page = REGION * (MAX_REGIONS + 3)

    assert len(regions(page)) == MAX_REGIONS


@pytest.mark.parametrize("size", [1 << 30, 100_000], ids=["in one chunk", "in many"])
@pytest.mark.parametrize(("extra", "count"), [(0, 1), (1, 0)], ids=["as large as it may be", "a byte larger"])
def test_a_region_may_be_so_large_and_no_larger(extra: int, count: int, size: int) -> None:
    body = b" " * (MAX_REGION_BYTES - len(OPENING) - len(CLOSING) + extra)
    page = OPENING.encode() + body + CLOSING.encode()

    events = scan(*chunks(page, size))

    assert b"".join(event.raw for event in events) == page
    assert sum(isinstance(event, Region) for event in events) == count


def test_a_region_follows_one_that_is_too_large() -> None:
    page = OPENING.encode() + b" " * MAX_REGION_BYTES + CLOSING.encode()

    assert [region.raw for region in regions(*chunks(page + REGION, 100_000))] == [REGION]


def test_a_region_remembers_the_tags_before_it_that_bear_on_it() -> None:
    page = b"<meta charset=a><meta name=b><base href=/c/><base href=/d/><link>" + REGION

    [region] = regions(page)

    assert region.head == (b"<meta charset=a>", b"<base href=/c/>", b"<base href=/d/>")


@pytest.mark.parametrize(
    "before",
    [
        b"<!-- <base href=/c/> -->",
        b"<template><meta charset=a></template>",
        b"<script><base href=/c/></script>",
        b"<title><meta charset=a></title>",
        b"<p title='<base href=/c/>'>",
    ],
)
def test_a_base_that_is_none_is_not_remembered(before: bytes) -> None:
    assert [region.head for region in regions(before + REGION)] == [()]


def test_a_region_does_not_remember_what_comes_after_it() -> None:
    assert [region.head for region in regions(REGION + b"<base href=/c/>")] == [()]


@settings(max_examples=marathon(300))
@given(pages, st.integers(1, 5))
def test_no_more_than_a_marker_is_held_back_outside_of_a_region(page: bytes, size: int) -> None:
    page = page.replace(b"<!-- compress", b"<!--  compres").replace(b"<!--compress", b"<!-- compres")
    scanner, sent = Scanner(), 0

    for place, chunk in enumerate(chunks(page, size)):
        sent += sum(len(event.raw) for event in scanner.feed(chunk))
        assert place * size + len(chunk) - sent <= MAX_MARKER_BYTES


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param(b"<p>text", id="text"),
        pytest.param(b"<p title='", id="an unfinished tag"),
        pytest.param(b"<!-- a comment", id="an unfinished comment"),
        pytest.param(b"<script>", id="a script"),
        pytest.param(b"<!-- compact", id="a comment that reads unlike a marker"),
        pytest.param(b"<!-- " + b" " * MAX_MARKER_BYTES, id="a comment of blanks longer than a marker"),
        pytest.param(b"<!-- compress css " + b"a" * MAX_MARKER_BYTES, id="a marker longer than one may be"),
        pytest.param(b"a < b", id="a sign in a text"),
    ],
)
def test_what_cannot_become_a_marker_leaves_at_once(chunk: bytes) -> None:
    scanner = Scanner()

    assert b"".join(event.raw for event in scanner.feed(chunk)) == chunk


@pytest.mark.parametrize(
    ("chunk", "held"),
    [
        pytest.param(b"<p>a<", b"<", id="one sign"),
        pytest.param(b"<p>a<!-", b"<!-", id="most of a comment's start"),
        pytest.param(b"<p>a<!--", b"<!--", id="a comment's start"),
        pytest.param(b"<p>a<!-- comp", b"<!-- comp", id="half a word"),
        pytest.param(b"<p>a<!-- compress css --", b"<!-- compress css --", id="nearly a marker"),
        pytest.param(b"<p>a<!-- endc", b"<!-- endc", id="half an end marker"),
    ],
)
def test_what_may_become_a_marker_is_held_back(chunk: bytes, held: bytes) -> None:
    scanner = Scanner()

    sent = b"".join(event.raw for event in scanner.feed(chunk))

    assert chunk == sent + held


def test_a_region_is_held_back_until_it_ends() -> None:
    scanner = Scanner()

    before = list(scanner.feed(b"a" + OPENING.encode() + LINK))
    after = list(scanner.feed(CLOSING.encode()))

    assert (before, [event.raw for event in after]) == ([Text(b"a")], [REGION])


def test_a_region_too_large_leaves_before_it_ends() -> None:
    scanner = Scanner()

    sent = list(scanner.feed(OPENING.encode() + b" " * MAX_REGION_BYTES))

    assert sum(len(event.raw) for event in sent) == len(OPENING) + MAX_REGION_BYTES


def test_an_empty_page_has_no_events() -> None:
    assert scan(b"", b"") == []
