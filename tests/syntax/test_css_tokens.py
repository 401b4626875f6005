"""The tokens of stylesheets: they lose no character, and they are the standard's."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pressmark.syntax.css_tokens import (
    Token,
    block_end,
    closers,
    ends_in_escape,
    function_name,
    opens,
    preprocess,
    quote,
    string_value,
    tokenize,
    unescape,
    url_value,
)
from tests.profiles import marathon
from tests.syntax.installed import STYLESHEETS, read
from tests.syntax.patience import patience
from tests.syntax.words import our_words, their_words

FRAGMENTS = r"""a é 🙂 _ -a -- --x - 1 1.5 .5 + +1 e3 1e3 1e 1. % px ! # #a @ @media $ \ \41 \" \) | ~ ^= = * / . < >
    <!- url( URL( u\72l( \75rl( f( ( ) [ ] { } ; : , " ' /* */ --> <!-- \u \110000""".split()
SPACES = [" ", "\n", "\t", "\r\n", "\f", "\\\n", "\\41 ", "url( ", "\0"]

soups = st.lists(st.sampled_from(FRAGMENTS + SPACES), max_size=12).map("".join)


def kinds(text: str) -> list[str]:
    return [token.kind for token in tokenize(text)]


def single(text: str) -> Token:
    [token] = tokenize(text)
    return token


@settings(max_examples=marathon(400))
@given(soups | st.text(max_size=40))
def test_tokens_add_up_to_the_text(text: str) -> None:
    text = preprocess(text)

    assert "".join(token.text for token in tokenize(text)) == text


@pytest.mark.parametrize("size", [5, 20, 1000])
@settings(max_examples=marathon(200))
@given(text=st.lists(soups, max_size=5).map("".join))
def test_tokens_are_the_same_however_many_are_read_at_a_time(text: str, size: int) -> None:
    text = preprocess(text)
    whole = tokenize(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressmark.syntax.css_tokens._PART", size)

        assert tokenize(text) == whole


@settings(max_examples=marathon(1500))
@given(soups)
def test_tokens_are_those_of_another_tokenizer(text: str) -> None:
    assume(not (re.search(r"\\(?:\n|\r|\f)", text) and "(" in text))  # tinycss2 reads it as part of a url
    assume(not ("\\\\)" in text and "(" in text))  # and in what is left of a bad one it takes "\\)" for an escape

    assert our_words(text) == their_words(text)


@pytest.mark.parametrize("path", STYLESHEETS.values(), ids=STYLESHEETS)
def test_tokens_of_installed_stylesheets_are_those_of_another_tokenizer(path: Path) -> None:
    text = read(path)

    assert our_words(text) == their_words(text)


@pytest.mark.parametrize("path", STYLESHEETS.values(), ids=STYLESHEETS)
def test_nothing_is_left_open_by_installed_stylesheets(path: Path) -> None:
    assert closers(tokenize(preprocess(read(path)))) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\r\nb\rc\fd", "a\nb\nc\nd", id="every line end is one LF"),
        pytest.param("a\r\r\nb", "a\n\nb", id="CR CR LF is two"),
        pytest.param("a\0b", "a\ufffdb", id="NUL is the replacement character"),
        pytest.param("a\ud800b", "a\ufffdb", id="so is a lone surrogate"),
        pytest.param("a\u2028b", "a\u2028b", id="LINE SEPARATOR is a name character"),
    ],
)
def test_text_is_preprocessed(text: str, expected: str) -> None:
    assert preprocess(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("url(a.png)", ["url"], id="plain url"),
        pytest.param("URL( a.png )", ["url"], id="upper case and blanks"),
        pytest.param("\\75 \\52 l(a)", ["url"], id="escaped name"),
        pytest.param("\\00006Cx(a)", ["function", "ident", ")"], id="an escaped name that is another"),
        pytest.param("url()", ["url"], id="empty url"),
        pytest.param("url('a')", ["function", "string", ")"], id="quoted url"),
        pytest.param("url( 'a')", ["function", "space", "string", ")"], id="quoted url after a blank"),
        pytest.param("url(a b)", ["bad_url"], id="blank inside"),
        pytest.param('url(a"b)', ["bad_url"], id="quote inside"),
        pytest.param("url(a(b)", ["bad_url"], id="bracket inside"),
        pytest.param("url(a\\\nb)", ["bad_url"], id="escaped line end"),
        pytest.param("url(a b\\)c)", ["bad_url"], id="a bad url ends at an unescaped bracket"),
        pytest.param("url(a\\)b)", ["url"], id="escaped bracket"),
        pytest.param("url(a", ["url"], id="unclosed"),
        pytest.param("xurl(a)", ["function", "ident", ")"], id="another name"),
        pytest.param("url (a)", ["ident", "space", "(", "ident", ")"], id="blank before the bracket"),
        pytest.param("url-prefix(a)", ["function", "ident", ")"], id="url-prefix"),
        pytest.param("1url(a)", ["dimension", "(", "ident", ")"], id="a unit called url"),
        pytest.param("u/**/rl(a)", ["ident", "comment", "function", "ident", ")"], id="a comment parts the name"),
    ],
)
def test_a_url_is_told_from_its_look_alikes(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1e3", ["number"], id="exponent"),
        pytest.param("1e3px", ["dimension"], id="exponent and unit"),
        pytest.param("1e-", ["dimension"], id="a unit that begins like an exponent"),
        pytest.param("1-->", ["dimension", "delim"], id="a unit of two hyphens"),
        pytest.param("1.5.5", ["number", "number"], id="a second point begins a number"),
        pytest.param("1.", ["number", "delim"], id="a point without digits"),
        pytest.param("+.5%", ["percentage"], id="sign and no leading zero"),
        pytest.param("1+2", ["number", "number"], id="a sign belongs to the number after it"),
        pytest.param("1 + 2", ["number", "space", "delim", "space", "number"], id="a lonely sign does not"),
        pytest.param("2n-1", ["dimension"], id="an+b without blanks"),
        pytest.param("-->", ["cdc"], id="cdc"),
        pytest.param("--", ["ident"], id="two hyphens are a name"),
        pytest.param("-\\41", ["ident"], id="hyphen and escape"),
        pytest.param("-1a", ["dimension"], id="hyphen and digit"),
        pytest.param("@-->", ["at", "delim"], id="an at-keyword of two hyphens"),
        pytest.param("@1", ["delim", "number"], id="an at sign alone"),
        pytest.param("#1", ["hash"], id="a hash that is no id"),
        pytest.param("# ", ["delim", "space"], id="a number sign alone"),
        pytest.param("a\\ b", ["ident"], id="an escaped blank"),
        pytest.param("\\\n", ["delim", "space"], id="a backslash before a line end"),
        pytest.param("\\", ["ident"], id="a backslash at the end"),
        pytest.param("'a\nb'", ["bad_string", "space", "ident", "string"], id="a line end ends a string badly"),
        pytest.param("'a\\\nb'", ["string"], id="an escaped line end does not"),
        pytest.param("'\\41\nb'", ["string"], id="a line end that ends an escape does not"),
        pytest.param("/*/", ["comment"], id="a comment needs two stars"),
    ],
)
def test_a_text_has_the_tokens_of_the_standard(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_a_long_run_of_escapes_is_one_name() -> None:
    """An escape can be read in one way only, so that no run of them makes the tokenizer try them all."""
    text = "\\4e2d\\6587" * 50 + "  a"

    with patience(2):
        assert kinds(text) == ["ident", "space", "ident"]


def test_a_long_run_of_escapes_in_a_broken_url_is_one_token() -> None:
    with patience(2):
        assert kinds("url(" + "\\4e2d\\6587" * 50 + "x y)") == ["bad_url"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("a{b:c}", "", id="a whole rule"),
        pytest.param("a{b:c", "}", id="block"),
        pytest.param("@media x{a{b:f([c", "])}}", id="nested brackets of every kind"),
        pytest.param("a{b:'c", "'}", id="string"),
        pytest.param('a{b:"c\\"', '"}', id="a string that ends in an escaped quote"),
        pytest.param("a{b:'c'", "}", id="a whole string"),
        pytest.param("a{b:url(c", ")}", id="url"),
        pytest.param("a{b:url(c\\)", ")}", id="a url that ends in an escaped bracket"),
        pytest.param("a{b:url('c", "')}", id="quoted url"),
        pytest.param("a{/* b", "*/}", id="comment"),
        pytest.param("a{/* b *", "/}", id="a comment that ends in a star"),
        pytest.param("a{/*", "*/}", id="a comment just begun"),
        pytest.param("a{/*/", "*/}", id="a comment that looks closed"),
        pytest.param("a{/**/", "}", id="an empty comment"),
        pytest.param("a{b:c)]", "}", id="stray closers close nothing"),
        pytest.param("a(}", ")", id="a brace in a bracket closes nothing"),
    ],
)
def test_what_the_end_of_the_file_closes_can_be_written_out(text: str, expected: str) -> None:
    assert closers(tokenize(text)) == expected


@settings(max_examples=marathon(500))
@given(soups)
def test_a_closed_text_leaves_nothing_open(text: str) -> None:
    tokens = tokenize(preprocess(text))
    assume(tokens)
    assume(tokens[-1].kind != "bad_url")
    assume(tokens[-1].kind == "comment" or not ends_in_escape(tokens[-1].text))

    closed = tokenize("".join(token.text for token in tokens) + closers(tokens))

    assert closed[: len(tokens) - 1] == tokens[:-1]
    assert closers(closed) == ""


@settings(max_examples=marathon(300))
@given(soups)
def test_a_closed_text_does_not_reach_into_what_follows(text: str) -> None:
    tokens = tokenize(preprocess(text))
    assume(tokens)
    assume(tokens[-1].kind not in ("bad_url", "bad_string"))
    assume(tokens[-1].kind == "comment" or not ends_in_escape(tokens[-1].text))

    longer = tokenize("".join(token.text for token in tokens) + closers(tokens) + "\n@q{}")

    assert [token.text for token in longer][-3:] == ["@q", "{", "}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("(", ")", id="bracket"),
        pytest.param("f(", ")", id="function"),
        pytest.param("[", "]", id="square bracket"),
        pytest.param("{", "}", id="brace"),
        pytest.param("url(a)", "", id="a url is whole"),
        pytest.param("a", "", id="a name"),
    ],
)
def test_a_token_tells_what_ends_its_block(text: str, expected: str) -> None:
    assert opens(single(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("(a)b", 3, id="plain"),
        pytest.param("(a (b)c)d", 8, id="nested"),
        pytest.param("f({)}) g", 5, id="a bracket inside braces"),
        pytest.param("(a", 2, id="to the end of the file"),
    ],
)
def test_a_block_ends_after_its_own_closer(text: str, expected: int) -> None:
    assert block_end(tokenize(text), 0) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("abc", "abc", id="nothing to unescape"),
        pytest.param("\\61 bc", "abc", id="one blank belongs to the escape"),
        pytest.param("\\61  b", "a b", id="the second does not"),
        pytest.param("\\000061b", "ab", id="six digits end by themselves"),
        pytest.param("\\61\nb", "ab", id="a line end belongs to the escape"),
        pytest.param("\\g", "g", id="a letter that is no digit"),
        pytest.param("a\\\nb", "ab", id="an escaped line end is nothing"),
        pytest.param("\\0 a", "\ufffda", id="zero"),
        pytest.param("\\d800 a", "\ufffda", id="a surrogate"),
        pytest.param("\\110000 a", "\ufffda", id="beyond the last character"),
        pytest.param("\\1f600", "\U0001f600", id="beyond the first plane"),
        pytest.param("a\\", "a\ufffd", id="the end of the file"),
    ],
)
def test_escapes_mean_characters(text: str, expected: str) -> None:
    assert unescape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("'a'", "a", id="plain"),
        pytest.param("'a", "a", id="unclosed"),
        pytest.param("'", "", id="only begun"),
        pytest.param("'a\\'", "a'", id="unclosed after an escaped quote"),
        pytest.param("'a\\", "a", id="the escaped end of the file is nothing"),
        pytest.param('"a\\"b"', 'a"b', id="escaped quote"),
        pytest.param("'\\\n'", "", id="escaped line end"),
        pytest.param("'a\\\\'", "a\\", id="escaped backslash"),
    ],
)
def test_a_string_has_a_value(text: str, expected: str) -> None:
    assert string_value(single(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("url(a.png)", "a.png", id="plain"),
        pytest.param("url( \n a.png\t)", "a.png", id="blanks around"),
        pytest.param("url(a", "a", id="unclosed"),
        pytest.param("url()", "", id="empty"),
        pytest.param("url(", "", id="empty and unclosed"),
        pytest.param("url(a\\ )", "a ", id="an escaped blank at the end"),
        pytest.param("url( a\\ \n)", "a ", id="an escaped blank and another"),
        pytest.param("url(a\\20 )", "a ", id="a blank written as a number"),
        pytest.param("url(a\\)b)", "a)b", id="escaped bracket"),
        pytest.param("\\75rl(a)", "a", id="escaped name"),
        pytest.param("url(a\\", "a\ufffd", id="the end of the file"),
    ],
)
def test_a_url_has_a_value(text: str, expected: str) -> None:
    assert url_value(single(text)) == expected


@pytest.mark.parametrize("text", ["image-set(", "IMAGE-SET(", "\\69mage-\\73 et("])
def test_a_function_has_a_lower_case_name(text: str) -> None:
    assert function_name(single(text)) == "image-set"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_quoted_value_reads_as_it_was(value: str) -> None:
    token = single(preprocess(quote(value)))

    assert (token.kind, string_value(token)) == ("string", value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\\", True), ("a\\\\", False), ("a\\\\\\", True), ("a", False), ("", False)],
    ids=["one backslash", "two", "three", "none", "nothing"],
)
def test_only_an_odd_number_of_backslashes_escapes_the_end(text: str, expected: bool) -> None:
    assert ends_in_escape(text) is expected
