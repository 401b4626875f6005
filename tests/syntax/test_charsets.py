"""The text that bytes are to a browser, where that is certain."""

import pytest

from pressmark.syntax.charsets import UncertainEncodingError, decode, decode_css


@pytest.mark.parametrize(
    ("content", "charset", "expected"),
    [
        pytest.param(b"a{}", None, "a{}", id="ASCII needs no declaration"),
        pytest.param(b"a{}", "latin-1", "a{}", id="ASCII in a charset that extends it"),
        pytest.param("é".encode(), "utf-8", "é", id="UTF-8"),
        pytest.param("é".encode(), "UTF8", "é", id="another label of UTF-8"),
        pytest.param(b"\xef\xbb\xbf\xc3\xa9", None, "é", id="UTF-8's byte order mark"),
        pytest.param(b"\xef\xbb\xbf\xc3\xa9", "latin-1", "é", id="a byte order mark wins over a charset"),
        pytest.param("é".encode("utf-16"), None, "é", id="UTF-16's byte order mark"),
        pytest.param(b"\xfe\xff\x00\xe9", "utf-8", "é", id="the other byte order"),
        pytest.param(b"\xfe\xff\x00\xe9\x00", None, "é\ufffd", id="an odd number of bytes"),
        pytest.param(b"a\xff", "utf-8", "a\ufffd", id="invalid bytes"),
        pytest.param(b"\xed\xa0\x80", "utf-8", "\ufffd\ufffd\ufffd", id="an encoded surrogate"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbfa", None, "\ufeffa", id="only one byte order mark is taken away"),
        pytest.param(b"", None, "", id="nothing"),
    ],
)
def test_certain_bytes_have_a_text(content: bytes, charset: str | None, expected: str) -> None:
    assert decode(content, charset) == expected


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        pytest.param(b"\xe9", None, id="nothing declared"),
        pytest.param(b"\xe9", "latin-1", id="another charset"),
        pytest.param(b"\xe9", "no-such-charset", id="an unknown label"),
        pytest.param(b"\xc3\xa9", "", id="an empty label"),
        pytest.param(b"a{}\x1b$B", "iso-2022-jp", id="escape sequences of Japanese"),
        pytest.param(b"a{}", "utf-16le", id="single bytes said to be double"),
    ],
)
def test_uncertain_bytes_have_none(content: bytes, charset: str | None) -> None:
    with pytest.raises(UncertainEncodingError):
        decode(content, charset)


@pytest.mark.parametrize(
    ("content", "charset", "expected"),
    [
        pytest.param(b'@charset "utf-8";\xc3\xa9', None, "é", id="declared by the sheet"),
        pytest.param(b'@charset "utf-8";\xc3\xa9', "latin-1", "é", id="the sheet wins over the link"),
        pytest.param(b'@charset "utf-16";\xc3\xa9', None, "é", id="UTF-16 in single bytes is UTF-8"),
        pytest.param(b'@charset "utf-8";', None, "", id="nothing but the declaration"),
        pytest.param(b'@charset "no-such";a', None, "a", id="an unknown label and ASCII"),
    ],
)
def test_a_sheet_may_declare_its_charset(content: bytes, charset: str | None, expected: str) -> None:
    assert decode_css(content, charset).partition(";")[2] == expected


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(b"@charset 'utf-8';", id="single quotes"),
        pytest.param(b'@CHARSET "utf-8";', id="upper case"),
        pytest.param(b'@charset  "utf-8";', id="two blanks"),
        pytest.param(b' @charset "utf-8";', id="a later place"),
        pytest.param(b'@charset "utf-8" ;', id="a blank at the end"),
    ],
)
def test_what_is_no_charset_rule_by_its_bytes_declares_nothing(rule: bytes) -> None:
    assert decode_css(rule + b"\xc3\xa9", "utf-8").endswith("é")
    with pytest.raises(UncertainEncodingError):
        decode_css(rule + b"\xc3\xa9", None)


@pytest.mark.parametrize(
    "content",
    [b'@charset "latin-1";\xe9', b'@charset "no-such";\xe9', b"@charset 'utf-8';\xc3\xa9"],
    ids=["another charset", "an unknown label", "no declaration at all"],
)
def test_a_sheet_may_leave_doubt(content: bytes) -> None:
    with pytest.raises(UncertainEncodingError):
        decode_css(content, None)


def test_the_reason_says_what_was_declared() -> None:
    with pytest.raises(UncertainEncodingError, match="declared as latin-1"):
        decode(b"\xe9", "latin-1")
