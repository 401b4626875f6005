"""Whether a response may change, and what its headers say then."""

import pytest

from pressmark.http.headers import (
    charset_of,
    content_length,
    has_etag,
    policies_of,
    refusal,
    rewritten,
    without_length,
)

HTML = ("Content-Type", "text/html; charset=utf-8")


@pytest.mark.parametrize("status", [200, 201, 203, 207, 226, 400, 401, 403, 404, 410, 500, 503])
def test_a_page_of_any_ordinary_status_may_change(status: int) -> None:
    assert refusal(status, [HTML]) is None


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_passes_for_nobody_sees_its_page(status: int) -> None:
    assert refusal(status, [HTML]) == ""


@pytest.mark.parametrize("status", [100, 101, 103, 199, 204, 205, 206, 304, 416])
def test_a_response_without_a_whole_page_may_not(status: int) -> None:
    assert refusal(status, [HTML]) is not None


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html", "TEXT/HTML", " text/html ", "text/html;charset=utf-8", "text/html; charset=\"UTF-8\"",
        "text/html; charset=windows-1252", "text/html ; charset=shift_jis", "text/html;", "text/html; charset=",
        "text/html; profile=a; charset=utf-8",
    ],
)  # fmt: skip
def test_html_may_change(content_type: str) -> None:
    assert refusal(200, [("content-type", content_type)]) is None


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain", "application/json", "text/css", "text/html-like", "application/xhtml+xml", "text/event-stream",
        "multipart/x-mixed-replace; boundary=a", "image/svg+xml", "", "html", "text/html, text/plain", "x;text/html",
        "text/html; charset=utf-16", "text/html; charset=UTF-16BE", "text/html; charset=utf-32",
        "text/html; charset=utf-7",
        "text/html; charset=iso-2022-jp", "text/html; charset=iso-2022-kr", "text/html; charset=hz-gb-2312",
        "text/html; charset=no-such", "text/html; x=y; charset='utf-16'", 'text/html;CHARSET="utf-16le"',
    ],
)  # fmt: skip
def test_what_is_no_html_or_is_hard_to_read_may_not(content_type: str) -> None:
    assert refusal(200, [("Content-Type", content_type)]) is not None


def test_a_response_without_a_type_is_not_guessed_at() -> None:
    assert refusal(200, [("Content-Length", "5")]) is not None


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(("Content-Encoding", "gzip"), id="compressed"),
        pytest.param(("content-encoding", "br"), id="compressed otherwise"),
        pytest.param(("Content-Encoding", "identity, gzip"), id="several encodings"),
        pytest.param(("Cache-Control", "no-transform"), id="no-transform"),
        pytest.param(("Cache-Control", "max-age=1, No-Transform"), id="no-transform among others"),
        pytest.param(("Cache-Control", "public,no-transform,max-age=1"), id="no-transform without blanks"),
        pytest.param(("Content-Range", "bytes 0-1/2"), id="a range"),
        pytest.param(("Trailer", "Content-Digest"), id="trailers"),
        pytest.param(("Content-Disposition", 'Attachment; filename="a.html"'), id="a download"),
        pytest.param(("Content-Type", "application/json"), id="a second type"),
    ],
)
def test_a_header_may_forbid_a_change(header: tuple[str, str]) -> None:
    assert refusal(200, [HTML, header]) is not None
    assert refusal(200, [header, HTML]) is not None


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(("Content-Encoding", "identity"), id="identity"),
        pytest.param(("Content-Encoding", " Identity "), id="identity in upper case"),
        pytest.param(("Content-Encoding", ""), id="an empty encoding"),
        pytest.param(("Cache-Control", "x-no-transform, no-transform-x"), id="words that hold no-transform"),
        pytest.param(("X-Cache-Control", "no-transform"), id="another header"),
        pytest.param(("Pragma", "no-transform"), id="yet another"),
        pytest.param(("Accept-Ranges", "bytes"), id="ranges on offer"),
        pytest.param(("Vary", "Accept-Encoding"), id="vary"),
        pytest.param(("Content-Disposition", 'inline; filename="a.html"'), id="a name for who saves the page"),
    ],
)
def test_another_header_does_not(header: tuple[str, str]) -> None:
    assert refusal(200, [HTML, header]) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([HTML, ("Content-Encoding", "gzip")], "compressed (gzip)"),
        ([("Content-Encoding", "br"), HTML], "compressed (br)"),
        ([("Content-Type", "text/html; charset=latin-1")], "charset 'latin-1'"),
        ([("Content-Type", "text/html; charset=latin-1"), HTML], "charset 'latin-1'"),
    ],
)
def test_what_an_author_would_not_expect_has_a_reason(headers: list[tuple[str, str]], expected: str) -> None:
    assert expected in (refusal(200, headers) or "")


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        [("Content-Encoding", "gzip"), ("Content-Type", "application/json")],
        [("Content-Encoding", "gzip")],
        [("Content-Type", "text/plain; charset=latin-1")],
        [("Content-Type", "text/html; charset=utf-16")],
        [HTML, ("Cache-Control", "no-transform")],
        [HTML, ("Content-Encoding", "gzip"), ("Content-Type", "text/plain")],
    ],
)
def test_what_an_author_would_expect_has_none(headers: list[tuple[str, str]]) -> None:
    assert refusal(200, headers) == ""


def test_headers_may_be_a_generator() -> None:
    assert refusal(200, (header for header in [HTML])) is None


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html", None),
        ("text/html; charset=utf-8", "utf-8"),
        ('text/html; charset="utf-8"', "utf-8"),
        ("text/html; Charset = Latin-1 ; x=y", "Latin-1"),
        ("text/html; charset=", None),
        ('text/html; charset=""', None),
        ("text/html; x-charset=utf-8", None),
    ],
)
def test_a_content_type_names_a_charset(content_type: str, expected: str | None) -> None:
    assert charset_of([("X", "y"), ("content-TYPE", content_type)]) == expected


def test_a_response_without_a_type_names_no_charset() -> None:
    assert charset_of([]) is None


def test_only_enforced_policies_are_read() -> None:
    headers = [
        ("Content-Security-Policy", "a"),
        ("content-security-policy", "b"),
        ("Content-Security-Policy-Report-Only", "c"),
    ]

    assert policies_of(headers) == ("a", "b")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("5", 5), (" 5 ", 5), ("0", 0), ("", None), ("-5", None), ("5x", None), ("\u0665", None), ("9" * 30, None)],
)
def test_a_length_is_a_plain_number(value: str, expected: int | None) -> None:
    assert content_length([("content-length", value)]) == expected


def test_a_response_may_have_no_length() -> None:
    assert content_length([HTML]) is None


@pytest.mark.parametrize(
    ("headers", "expected"), [([("etag", '"a"')], True), ([("ETag", 'W/"a"')], True), ([HTML], False)]
)
def test_an_entity_tag_is_seen(headers: list[tuple[str, str]], expected: bool) -> None:
    assert has_etag(headers) is expected


KEPT = [
    ("Set-Cookie", "a=1"),
    HTML,
    ("set-cookie", "b=2"),
    ("X-Odd", "caf\xe9"),
    ("Vary", "Cookie"),
    ("Link", "</a.css>; rel=preload"),
    ("Set-Cookie", "a=1"),
]
OF_THE_BODY = [
    ("ETag", '"a"'), ("last-modified", "x"), ("Accept-Ranges", "bytes"), ("Content-MD5", "x"), ("Digest", "x"),
    ("Content-Digest", "x"), ("REPR-DIGEST", "x"),
]  # fmt: skip


def test_headers_without_a_length_keep_order_duplicates_and_case() -> None:
    mixed = [OF_THE_BODY[0], *KEPT[:3], ("Content-Length", "5"), *OF_THE_BODY[1:], *KEPT[3:]]

    assert without_length(mixed) == KEPT


def test_rewritten_headers_keep_order_duplicates_and_case() -> None:
    mixed = [*KEPT[:2], *OF_THE_BODY, ("content-LENGTH", "5"), *KEPT[2:]]

    tag = ("ETag", '"a-cc.0123456789abcdef"')
    assert rewritten(mixed, 77, lambda: "0123456789abcdef") == [*KEPT[:2], tag, ("content-LENGTH", "82"), *KEPT[2:]]


def test_rewritten_headers_get_no_length_where_there_was_none() -> None:
    assert rewritten(KEPT, 77, lambda: "0" * 16) == KEPT


@pytest.mark.parametrize("value", ["", "-5", "5, 5", "\u0665", "5.0", "9" * 19])
def test_what_is_no_length_is_not_kept(value: str) -> None:
    assert rewritten([("Content-Length", value)], 1, lambda: "0" * 16) == []


@pytest.mark.parametrize("value", ["a", '"a', 'a"', "W/a", '"a" "b"', "", 'w/"a"'])
def test_what_is_no_entity_tag_is_not_kept(value: str) -> None:
    assert rewritten([("ETag", value)], 77, lambda: "0" * 16) == []
