"""The fast path over a page ends where a tokenizer would have come, or there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.page import html_grammar, lexer
from pressmark.page.fast_path import skip_to_special
from pressmark.page.lexer import Comment, Lexer
from tests.page.fragments import pages
from tests.profiles import marathon

SPECIAL = html_grammar.SPECIAL_START
MARKER = b"<!-- compress css -->"
NAMES = (
    "script style svg textarea template title xmp iframe frameset noembed noframes noscript plaintext math meta base"
).split()
# What a place could be inside of without being text, and what could hide that.
ODD = [
    '<a b="', '">', "<a b='", "'>", '<a b = "', '"', "'", "=", " ", ">", "<", "<p>", "</p>", "<a b=c>", "<a b", "don't",
    '<a b="c>"', "<!x", "<?x", "</3", "<!doctype html>", "-->", "x", "\n",
]  # fmt: skip
odd = st.lists(st.sampled_from(ODD), max_size=12).map(lambda parts: "".join(parts).encode())


def comments(page: bytes) -> list[Comment]:
    # Whether a pre stands before it may be told too often, and more often by the fast path.
    return [comment._replace(after_pre=False) for comment in Lexer().feed(page)]


@settings(max_examples=marathon(3000))
@given(odd | pages, odd | pages)
def test_leaps_lead_to_the_comments_that_single_steps_lead_to(before: bytes, after: bytes) -> None:
    page = b"<body>" + before + MARKER + after + MARKER
    leaping = comments(page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexer, "skip_to_special", lambda data, *_: (len(data), False))

        assert comments(page) == leaping


@pytest.mark.parametrize("name", [name.upper() for name in NAMES] + NAMES)
def test_a_leap_ends_at_a_tag_that_may_matter(name: str) -> None:
    page = f'<p class="a">don\'t</p>\n <{name}>'.encode()

    assert skip_to_special(page, 0, SPECIAL) == (page.index(b"\n") + 2, True)


@pytest.mark.parametrize("end", ["", " ", "\n", "/", ">", "\t"])
def test_a_leap_ends_at_no_other_tag(end: str) -> None:
    others = "strong small section select img iframes nav noscripts time main map metadata basefont b s t !doctype"
    page = "".join(f"<{name}>" for name in others.split()) + f"<titles{end}<!-- x"

    assert skip_to_special(page.encode(), 0, SPECIAL)[0] == page.index("<!--")
    assert skip_to_special(page.encode().replace(b"<titles", b"titles"), 0, SPECIAL) == (page.index("<!--") - 1, True)


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"text ",
        b"<p>",
        b"<p>\n ",
        b'<p a="b" c=\'d\' e="">text',
        b'<p>don\'t "say" so</p> ',
        b"</p x='y'>",
        b"<!doctype html>",
        b'<p a=b"c> ',
        b"\xff\0<p>",
    ],
)
def test_what_is_surely_text_is_leapt_over(before: bytes) -> None:
    assert skip_to_special(before + MARKER, 0, SPECIAL) == (len(before), True)


@pytest.mark.parametrize(
    "before",
    [
        b'<p a="',
        b"<p a='",
        b'<p a="x>',
        b'<p a= \t\n"x> ',
        b'<p a="x" b=\'y>',
        b"<p a=",
        b"<p",
        b'<p>say "',
        b"<p>don't ",
        b'<p a="x>" ',
        b'<p a="b>',
        b"<p a=" + b" " * 100 + b'"x> ',
    ],
)
def test_what_may_be_no_text_is_not(before: bytes) -> None:
    assert skip_to_special(before + MARKER, 0, SPECIAL) == (len(before), False)
