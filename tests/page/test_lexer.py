"""Which comments the lexer reports, and what it says of them."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pressmark.page.lexer import MAX_TAG_BYTES, Comment, Lexer
from tests.page.browser import comments_of
from tests.page.fragments import chunks, pages, plain
from tests.profiles import marathon


def comments(*pieces: bytes) -> list[bytes]:
    lexer = Lexer()
    return [comment.content for piece in pieces for comment in lexer.feed(piece)]


@settings(max_examples=marathon(1000))
@given(plain)
def test_no_comment_is_reported_that_html5lib_does_not_see(page: str) -> None:
    assume("\0" not in page)  # a parser passes on another character

    ours = {content.decode("latin-1").strip("\t\n\f\r ") for content in comments(page.encode())}

    assert ours <= set(comments_of(page.encode()))


@settings(max_examples=marathon(300))
@given(pages, st.integers(1, 20))
def test_a_comment_is_reported_only_if_its_chunk_holds_it_wholly(page: bytes, size: int) -> None:
    whole = comments(page)

    assert all(content in whole for content in comments(*chunks(page, size)))


@settings(max_examples=marathon(300))
@given(pages)
def test_a_comment_knows_its_place(page: bytes) -> None:
    for comment in Lexer().feed(page):
        assert page[comment.start :].startswith(b"<!--")
        assert page[: comment.end].endswith(b">")
        assert comment.content in page[comment.start : comment.end]


@settings(max_examples=marathon(300))
@given(pages, st.integers(1, 20), pages)
@example(b"<a<!--compress><![CDATA[<pre>", 8, b"<!-- compress css -->")
@example(b"<pre><!-- a -->", 5, b"<!-- compress css -->")
@example(b"<!<pre a='<!-- compress css --><!", 1, b"'><!-- compress css -->")
def test_deferred_bytes_count_as_much_as_fed_ones(before: bytes, size: int, after: bytes) -> None:
    eager, lazy = Lexer(), Lexer()

    for chunk in chunks(before, size):
        list(eager.feed(chunk))
        lazy.defer(chunk)

    assert list(lazy.feed(after)) == list(eager.feed(after))


@settings(max_examples=marathon(300))
@given(pages, st.integers(1, 20))
@example(b"<!<pre a='\n>'>", 1)
@example(b"<script><pre></script>", 3)
@example(b"<pre " + b"a" * (MAX_TAG_BYTES + 9) + b">", MAX_TAG_BYTES // 2)
@example(b"<a>" * 2000 + b"<pre" + b" " * 3000 + b">", 1000)
def test_a_pre_before_a_comment_is_seen_or_not_however_the_bytes_are_cut(page: bytes, size: int) -> None:
    whole, cut = Lexer(), Lexer()
    list(whole.feed(page))
    for chunk in chunks(page, size):
        list(cut.feed(chunk))
    at_once = [comment.after_pre for comment in Lexer().feed(page + b"<!--x-->")]
    seen = [[comment.after_pre for comment in lexer.feed(b"<!--x-->")] for lexer in (whole, cut)]

    assert seen[0] == seen[1]
    assert at_once[-1:] in (seen[0], []) or not seen[0]


@pytest.mark.parametrize(
    ("page", "content"),
    [
        pytest.param(b"<!--a-->", b"a", id="plain"),
        pytest.param(b"<!---->", b"", id="empty"),
        pytest.param(b"<!-->", b"", id="abrupt"),
        pytest.param(b"<!--->", b"", id="abrupt with a hyphen"),
        pytest.param(b"<!--a--!>", b"a", id="other end"),
        pytest.param(b"<!----!>", b"", id="empty with the other end"),
        pytest.param(b"<!-- a -- b -->", b" a -- b ", id="hyphens inside"),
        pytest.param(b"<!--a--->", b"a-", id="a hyphen at the end"),
        pytest.param(b"<!-----> ", b"-", id="a hyphen alone"),
        pytest.param(b"<!--a--!-->", b"a--!", id="half of the other end"),
        pytest.param(b"<!--a<!--b-->", b"a<!--b", id="a comment in a comment"),
        pytest.param(b"<!-- > -->", b" > ", id="a sign inside"),
        pytest.param(b"<!--->-->", b"", id="what follows an abrupt comment is text"),
    ],
)
def test_a_comment_has_its_content(page: bytes, content: bytes) -> None:
    assert comments(page) == [content]


@pytest.mark.parametrize("page", [b"<!a>", b"<?a>", b"</ a>", b"<!-a->", b"<![CDATA[a]]>", b"<!doctype html>"])
def test_what_only_counts_as_a_comment_is_not_reported(page: bytes) -> None:
    assert comments(page) == []


def test_a_comment_has_the_head_tags_before_it() -> None:
    page = b'<META http-equiv="refresh"><base href="/a/"><!--x--><base href="/b/"><meta charset=c><!--y-->'

    assert list(Lexer().feed(page)) == [
        Comment(44, 52, b"x", (b'<META http-equiv="refresh">', b'<base href="/a/">'), True),
        Comment(
            85,
            93,
            b"y",
            (b'<META http-equiv="refresh">', b'<base href="/a/">', b'<base href="/b/">', b"<meta charset=c>"),
            True,
        ),
    ]


HEAD = "<!DOCTYPE html>\n<html lang=en><head>"


@pytest.mark.parametrize(
    ("before", "in_head"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param("\ufeff" + HEAD, True, id="byte order mark"),
        pytest.param(HEAD + "<title>a <b> c</title>", True, id="title"),
        pytest.param(HEAD + '<meta charset=utf-8><link href="/a>b"><base href=/>', True, id="void elements"),
        pytest.param(HEAD + "<script>document.write('<p>')</script><style>p{}</style>", True, id="raw text"),
        pytest.param(HEAD + "<template><p></p></template><noscript><img></noscript>", True, id="opaque"),
        pytest.param(HEAD + "<!-- <p> -->", True, id="comment"),
        pytest.param(HEAD + "a", False, id="text"),
        pytest.param(HEAD + "</head>", False, id="end of the head"),
        pytest.param(HEAD + "<p>", False, id="an element of the body"),
        pytest.param(HEAD + "<body>", False, id="body"),
        pytest.param(HEAD + "</p>", False, id="an end tag that makes an element"),
        pytest.param(HEAD + "<textarea></textarea>", False, id="raw text of the body"),
        pytest.param(HEAD + "<svg></svg>", False, id="svg"),
        pytest.param("<linker>", False, id="a name that begins like one of the head"),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1, 7, 1000])
def test_a_comment_knows_whether_the_head_is_still_open(before: str, in_head: bool, chunk_bytes: int) -> None:
    lexer, raw = Lexer(), before.encode()
    for start in range(0, len(raw), chunk_bytes):
        list(lexer.feed(raw[start : start + chunk_bytes]))

    assert [comment.in_head for comment in lexer.feed(b"<!--x-->")] == [in_head]


@pytest.mark.parametrize(
    ("before", "after_pre"),
    [
        ("<pre>", True),
        ("<p>a</p><PRE class='>'>", True),
        ("<listing>", True),
        ("<pre title='a<b'>", True),
        ("<pre>a", False),
        ("<pre>\n", False),
        ("<pre><!--y-->", False),
        ("<pre></pre>", False),
        ("<present>", False),
        ("<p>", False),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [1, 5, 1000])
def test_a_comment_knows_whether_a_line_end_in_its_place_would_be_lost(
    before: str, after_pre: bool, chunk_bytes: int
) -> None:
    lexer, raw = Lexer(), before.encode()
    for start in range(0, len(raw), chunk_bytes):
        list(lexer.feed(raw[start : start + chunk_bytes]))

    assert [comment.after_pre for comment in lexer.feed(b"<!--x-->")] == [after_pre]


def test_places_count_from_the_bytes_last_fed() -> None:
    lexer = Lexer()
    list(lexer.feed(b"<p title='"))

    assert [(comment.start, comment.end) for comment in lexer.feed(b"'><!--a-->")] == [(2, 10)]


@pytest.mark.parametrize("size", [1, 7, 100])
@pytest.mark.parametrize(
    "before",
    [b"<p a='>'>", b"<script>'<p>'</script>", b"<!-- a -->", b"<style>a>b</style>", b"<title></titl></title >"],
    ids=["attribute", "script", "comment", "style", "title"],
)
def test_a_token_may_be_cut_anywhere(before: bytes, size: int) -> None:
    lexer = Lexer()
    for chunk in chunks(before, size):
        list(lexer.feed(chunk))

    assert [comment.content for comment in lexer.feed(b"<!--x-->")] == [b"x"]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (b"<p title='", b"'>"),
        (b'<p title="', b'">'),
        (b"<p title=", b">"),
        (b"<p ", b">"),
        (b"<!", b">"),
        (b"</p ", b">"),
    ],
    ids=["single quotes", "double quotes", "no quotes", "a name", "a bogus comment", "an end tag"],
)
def test_an_endless_tag_is_followed_to_its_end(start: bytes, end: bytes) -> None:
    lexer = Lexer()
    for piece in (start, *[b"a" * MAX_TAG_BYTES] * 3):
        list(lexer.feed(piece))

    assert [comment.content for comment in lexer.feed(end + b"<!--x-->")] == [b"x"]


@pytest.mark.parametrize("size", [1000, 4093, 1 << 20])
def test_endless_attributes_are_followed_to_their_end(size: int) -> None:
    lexer = Lexer()
    for piece in chunks(b"<p" + b" a='>' b=\"'\" c" * 10_000, size):
        list(lexer.feed(piece))

    assert [comment.content for comment in lexer.feed(b"='>'><!--x-->")] == [b"x"]


@pytest.mark.parametrize(
    ("tag", "is_closed"),
    [
        ("<svg/>", True),
        ("<svg a=b />", True),
        ("<svg a='=b'c/>", True),
        ("<svg a='/'/ >", False),
        ("<svg a=/>", False),
        ("<svg a=b/>", False),
        ("<svg a=b/c=d/>", False),
        ("<svg a= /b/>", False),
        ("<svg / a>", False),
    ],
)
def test_a_slash_closes_an_svg_unless_it_is_of_a_value(tag: str, is_closed: bool) -> None:
    """What stands in an svg is not reported."""
    page = f"{tag}<!--a-->"

    assert (comments(page.encode()) == [b"a"]) is is_closed
