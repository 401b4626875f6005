"""Tables line up."""

from pressmark.report.text_table import aligned, shortened


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert list(aligned([("a", "bytes", "why"), ("longer", "5", "")], right=(1,))) == [
        "a       bytes  why",
        "longer      5",
    ]


def test_a_table_without_rows_has_no_lines() -> None:
    assert list(aligned([])) == []


def test_a_long_text_is_cut_in_its_middle() -> None:
    assert [shortened(text, 9) for text in ("123456789", "1234567890", "")] == ["123456789", "123...890", ""]
