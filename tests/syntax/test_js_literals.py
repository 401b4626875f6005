"""Strings and numbers have values, whatever way they are written."""

import pytest

from pressmark.syntax.js_literals import number_key, number_value, string_value


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'a'", "a"), ('"a\'b"', "a'b"), (r"'a\'b'", "a'b"), (r"'\n\t\x41\u0042\u{43}\0\101'", "\n\tABC\0A"),
        ("'a\\\nb'", "ab"), ("'a\\\r\nb'", "ab"), (r"'\ud83d\ude00'", "😀"),
        (r"'\ud83d'", "\ud83d"), (r"'\q\\'", "q\\"), ("''", ""),
    ],
)  # fmt: skip
def test_a_string_has_the_value_of_its_escapes(literal: str, value: str) -> None:
    assert string_value(literal) == value


@pytest.mark.parametrize(
    "spellings",
    [
        ("1000", "1e3", "1_000", "0x3e8", "0X3E8", "0b1111101000", "0o1750", "01750", "1000.0", "1E+3"),
        (".5", "0.5", "5e-1", "0.50"), ("0", "0x0", "0.0", "00"), ("089", "89"), ("1e400", "2e999"),
        ("10n", "0xan", "0b1010n", "1_0n"),
    ],
)  # fmt: skip
def test_a_number_has_one_value_in_all_spellings(spellings: tuple[str, ...]) -> None:
    assert len({number_value(each) for each in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("1", "1n"), ("1", "2"), ("010", "10"), ("9007199254740993n", "9007199254740992n")]
)
def test_different_numbers_are_told_apart(one: str, other: str) -> None:
    assert number_value(one) != number_value(other)


def test_a_whole_number_is_the_name_of_a_property() -> None:
    assert [number_key(each) for each in ("1", "0x10", "1e3")] == ["1", "16", "1000"]
    assert number_key("1.5") != "1.5"
    assert number_key("1n") != "1"
