"""Which bytes a Range header asks for."""

import pytest

from pressmark.serve.ranges import requested

NONE = range(0)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-9", range(10)),
        ("bytes=5-9", range(5, 10)),
        ("bytes=99-99", range(99, 100)),
        ("bytes=0-", range(100)),
        ("bytes=99-", range(99, 100)),
        ("bytes=90-1000", range(90, 100)),
        ("bytes=-1", range(99, 100)),
        ("bytes=-100", range(100)),
        ("bytes=-1000", range(100)),
        ("bytes=0-" + "9" * 30, range(100)),
        ("bytes=-" + "9" * 30, range(100)),
        ("bytes=" + "0" * 5000 + "7-8", range(7, 9)),
        ("BYTES=0-0", range(1)),
        ("bytes= 0-0\t", range(1)),
        ("bytes=0-0,", range(1)),
        ("bytes=100-", NONE),
        ("bytes=100-200", NONE),
        ("bytes=" + "9" * 30 + "-", NONE),
        ("bytes=-0", NONE),
    ],
)
def test_one_range_is_taken(header: str, expected: range) -> None:
    assert requested(header, 100) == expected


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=,",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=0-0x5",
        "bytes=0--5",
        "bytes=+1-5",
        "bytes=1.0-5",
        "bytes=0-1,5-6",
        "bytes=0-1,,-1",
        "bytes 0-1",
        "bytes=0-1/100",
        "lines=0-1",
        "bytes =0-1",
        "bytes=0 - 1",
        "bytes=\u0660-\u0661",
        "bytes=0-1;5-6",
    ],
)
def test_what_is_malformed_or_asks_for_more_than_one_is_ignored(header: str) -> None:
    assert requested(header, 100) is None


def test_nothing_can_be_taken_of_an_empty_body() -> None:
    assert requested("bytes=0-", 0) == NONE
    assert requested("bytes=-5", 0) == NONE
