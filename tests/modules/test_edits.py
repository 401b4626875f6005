"""Changes of a text by offsets in bytes leave each line on its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.modules.edits import Edits, without_hashbang

TEXTS = st.text(st.sampled_from("aé😀\n\r;"), max_size=20)


def test_an_insertion_and_a_replacement_are_at_bytes() -> None:
    edits = Edits("ä b c".encode())
    edits.replace(3, 4, "é")
    edits.insert(5, "(")
    edits.insert(6, ")", is_end=True)

    assert edits.text() == "ä é (c)"


def test_what_ends_at_a_place_stands_before_what_begins_there() -> None:
    edits = Edits(b"ab")
    edits.insert(1, "<b")
    edits.insert(1, "a>", is_end=True)

    assert edits.text() == "aa><bb"


def test_the_inner_of_two_ends_comes_first() -> None:
    edits = Edits(b"ab")
    for number in (1, 2):
        edits.insert(0, f"{number}(")
        edits.insert(2, f"){number}", is_end=True)

    assert edits.text() == "1(2(ab)2)1"


@given(TEXTS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from(["x", "", "é", None]))))
def test_each_line_stays_on_its_line(text: str, changes: list[tuple[int, int, str | None]]) -> None:
    """Whatever is put in or replaced, if the offsets are those of letters."""
    edits = Edits(text.encode())
    offsets = [len(text[:count].encode()) for count in range(len(text) + 1)]
    for one, other, new in changes:
        start, end = sorted(offsets[min(each, len(text))] for each in (one, other))
        edits.insert(start, "y") if new is None else edits.replace(start, end, new)

    assert edits.text().count("\n") == text.count("\n")


@given(TEXTS)
def test_no_change_changes_nothing(text: str) -> None:
    assert Edits(text.encode()).text() == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("#!/bin/node\na", "///bin/node\na"), ("#!", "//"), ("a\n#!b", "a\n#!b"), (" #!", " #!"), ("#a", "#a")],
)
def test_a_hashbang_becomes_a_comment(text: str, expected: str) -> None:
    assert without_hashbang(text) == expected
