"""Tables line up."""

from pressmark.report.text_table import aligned


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert list(aligned([("a", "bytes", "why"), ("longer", "5", "")], right=(1,))) == [
        "a       bytes  why",
        "longer      5",
    ]


def test_a_table_without_rows_has_no_lines() -> None:
    assert list(aligned([])) == []
