"""A sheet stands in a block of @media if it means the same there, and if its media are of types and widths."""

import pytest

from tests.stylesheets.test_sheet_reading import read


@pytest.mark.parametrize(
    "media",
    [
        "print",
        "screen",
        "Screen , PRINT",
        "only screen and (min-width: 40em)",
        "(max-width: 600px)",
        "screen and (min-width:1px) and (max-width: 2.5rem), print",
        "(orientation: portrait)",
    ],
)
def test_a_sheet_may_stand_under_media_types_and_widths(media: str) -> None:
    assert read("a{}").fits_under(media)
    assert read("a{").under("print").text == "@media print{\na{}\n}"


@pytest.mark.parametrize(
    "media",
    [
        "",
        "not print",
        "speech",
        "(prefers-color-scheme: dark)",
        "print}",
        "print/**/",
        "(min-width: 1px",
        "???",
        "(hover)",
    ],
)
def test_a_sheet_under_other_media_keeps_its_element(media: str) -> None:
    assert not read("a{}").fits_under(media)


@pytest.mark.parametrize(
    "text", ["} a{}", "a{} -->", "<!-- a{}", "@namespace x url(y);", "@import 'https://h/a.css';", ") a{}"]
)
def test_a_sheet_that_means_something_else_in_a_block_stands_in_none(text: str) -> None:
    assert not read(text).fits_under("print")
