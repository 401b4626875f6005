"""A drawing is written shorter, draws the same, and keeps what others may look for."""

import pytest

from pressmark.images.drawings import shorten
from tests.images.samples import DRAWING


def short(text: str, *, strips: bool = False) -> str:
    return shorten(text.encode(), strips=strips).decode()


def test_comments_editors_data_and_long_numbers_go() -> None:
    made = short(DRAWING)

    assert len(made) < 0.6 * len(DRAWING)
    for gone in ("<?xml", "Generator", "inkscape", "12.000000", "24px"):
        assert gone in DRAWING
        assert gone not in made


def test_names_titles_sizes_and_metadata_stay() -> None:
    made = short(DRAWING)

    for kept in ('id="layer1"', 'class="big"', 'id="arrow"', "<title>Arrow", 'viewBox="0 0 24 24"', "(c) Example"):
        assert kept in made


def test_metadata_goes_on_request() -> None:
    assert "(c) Example" not in short(
        DRAWING.replace("<metadata>", "<metadata> ").replace("(c) E", "(c) E"), strips=True
    )


def test_numbers_stay_as_long_as_the_drawing_needs() -> None:
    fine = (
        DRAWING.replace('viewBox="0 0 24 24"', 'viewBox="0 0 0.024 0.024"')
        .replace('d="', 'd="M 0.01234567 0.00123456 L 0.01888888 0.01777777 L 0.00345678 0.02111111 z M')
        .replace("zM", "M")
        .replace("M M", "M")
    )
    made = short(fine)

    assert "Generator" not in made
    assert ".01234567" in made or "12346" in made


@pytest.mark.parametrize(
    "inside",
    [
        '<symbol id="s" viewBox="0 0 .01 .01"><path d="M.001234567.002345678h.007Z"/></symbol>',
        "<defs><path id='q' d='M0.123456 0L1 1'/></defs>",
        "<font><glyph d='M0.0001234 1L1 1'/></font>",
        "<style>#arrow:target{fill:red}</style>",
        "<text x='1.23456789'>hi</text>",
        "<g display='none'><path d='M1.23456789 2L3 4'/></g>",
    ],
)
def test_what_no_picture_shows_keeps_its_numbers(inside: str) -> None:
    made = short(DRAWING.replace("</svg>", f"{inside}</svg>"))

    assert "Generator" not in made
    assert "12.000000" in made


def test_a_shape_that_is_used_too_often_is_left_alone() -> None:
    with pytest.raises(ValueError, match="uses its shapes too often"):
        short(DRAWING.replace("</svg>", "<use href='#arrow'/>" * 21 + "</svg>"))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>draw()</script>",
        '<animate attributeName="x" dur="1s"/>',
        '<set attributeName="x"/>',
        "<foreignObject/>",
        '<g onclick="go()"/>',
        "<style>@keyframes a { to { x: 1 } }</style>",
        "<style>@media print { g { fill: red } }</style>",
        '<a href="javascript:go()"/>',
    ],
)
def test_what_moves_or_runs_is_left_alone(inside: str) -> None:
    with pytest.raises(ValueError, match="something moves or runs in it"):
        short(DRAWING.replace("</svg>", f"{inside}</svg>"))


def test_another_encoding_is_left_alone() -> None:
    with pytest.raises(ValueError, match="another encoding"):
        short(DRAWING.replace("utf-8", "iso-8859-1"))


@pytest.mark.parametrize("text", ["<svg", "<p>no</p>", "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>"])
def test_what_is_no_drawing_is_an_error(text: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        short(text)


def test_what_is_short_already_stays() -> None:
    made = short(DRAWING)

    assert short(made) == made
