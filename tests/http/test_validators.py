"""The entity tags of rewritten pages, and which conditions of a request are whose."""

import pytest

from pressmark.http.validators import is_current, matches, not_modified, split_conditions, tag_of

DIGEST = "0123456789abcdef"
OURS = f'"v1-cc.{DIGEST}"'


@pytest.mark.parametrize(
    ("etag", "tag"),
    [
        ('"v1"', OURS),
        (' "v1" ', OURS),
        ('W/"v1"', f"W/{OURS}"),
        ('""', f'"-cc.{DIGEST}"'),
        ('"v\xe9"', f'"v\xe9-cc.{DIGEST}"'),
    ],
)
def test_a_tag_grows_inside_its_quotes_and_a_weak_one_stays_weak(etag: str, tag: str) -> None:
    assert tag_of(etag, DIGEST) == tag


@pytest.mark.parametrize("etag", ["", "v1", '"v1', 'w/"v1"', 'W/ "v1"', '"a" "b"', '"a b"', '"a", "b"'])
def test_what_is_no_tag_has_none(etag: str) -> None:
    assert tag_of(etag, DIGEST) is None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"if-none-match": '"v1"'},
        {"if-none-match": "*"},
        {"if-match": 'W/"v1", "v2"', "if-range": '"v1"'},
        {"if-none-match": '"v1-cc.x"'},
        {"if-range": "Wed, 21 Oct 2015 07:28:00 GMT"},
    ],
)
def test_a_condition_that_names_no_rewritten_page_is_the_applications(fields: dict[str, str]) -> None:
    assert split_conditions("GET", fields) == ({}, None)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("value", [OURS, f"W/{OURS}", f'"v0", {OURS}', f'"v1-cc.{DIGEST}-gzip"'])
def test_a_condition_that_names_a_rewritten_page_is_ours(method: str, value: str) -> None:
    seen, condition = split_conditions(method, {"if-none-match": value, "if-modified-since": "x"})

    assert seen == dict.fromkeys(("if-none-match", "if-modified-since", "if-range", "range"))
    assert condition == value


def test_a_range_of_a_rewritten_page_is_asked_for_as_the_whole() -> None:
    assert split_conditions("GET", {"if-range": OURS}) == ({"if-range": None, "range": None}, None)


def test_a_change_to_the_page_that_the_client_knows_is_the_applications_to_judge() -> None:
    assert split_conditions("PUT", {"if-match": f'{OURS}, "v2"'}) == ({"if-match": '"v1", "v2"'}, None)
    assert split_conditions("PUT", {"if-none-match": OURS}) == ({"if-none-match": '"v1"'}, None)


@pytest.mark.parametrize(
    ("header", "etag", "expected"),
    [
        ('"a"', '"a"', True),
        ('W/"a"', '"a"', True),
        ('"a"', 'W/"a"', True),
        ('"b" ,W/"a"', '"a"', True),
        ('"b, \\"a\\""', '"a"', False),
        (" * ", '"a"', True),
        ('"*"', '"a"', False),
        ('"aa"', '"a"', False),
        ("a", '"a"', False),
        ("", '"a"', False),
    ],
)
def test_tags_are_compared_weakly(header: str, etag: str, expected: bool) -> None:
    assert matches(header, etag) is expected


def test_a_page_is_current_by_its_own_tag_alone() -> None:
    assert is_current(OURS, [("X", OURS), ("eTag", f" W/{OURS} ")])
    assert not is_current(OURS, [("X", OURS), ("ETag", '"v1"')])
    assert not is_current(OURS, [])


def test_not_modified_keeps_all_but_what_describes_the_page() -> None:
    kept = [("Set-Cookie", "a=1"), ("ETag", OURS), ("vary", "Cookie"), ("Set-Cookie", "b=2"), ("Cache-Control", "x"),
            ("Date", "x"), ("Expires", "x"), ("Content-Location", "/x"), ("X-Request-Id", "1"),
            ("Content-Security-Policy", "x")]  # fmt: skip
    gone = [("Content-Type", "text/html"), ("Content-Length", "5"), ("Content-Language", "en"), ("Last-Modified", "x")]

    assert not_modified([*gone[:2], *kept, *gone[2:]]) == kept
