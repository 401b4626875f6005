"""The files that code in a page names are found however it is cut, and only where a region names them, too."""

import pytest

from pressmark.model import Region
from pressmark.page.named_files import named_in
from pressmark.page.scanner import Scanner

REGION = b"<!-- compress css --><link rel=stylesheet href=/static/theme.css><!-- endcompress -->"


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("f('theme.css')", ["theme.css"]),
        ('f("/static/css/theme.min.css?v=1")', ["theme.min.css"]),
        ("q(`link[href=theme.css]`)", ["theme.css"]),
        ("load('a.js'); load('b.js')", ["a.js", "b.js"]),
        ("f('see theme.css there')", []),
        ("// theme.css", []),
        ("f('theme.cssx', 'theme.css.map', '.css')", []),
    ],
)
def test_a_name_is_one_in_a_string(script: str, names: list[str]) -> None:
    assert list(named_in(script.encode())) == [f"<script names={name}>".encode() for name in names]


def heads_of(page: bytes, size: int) -> list[tuple[bytes, ...]]:
    scanner = Scanner()
    chunks = (page[start : start + size] for start in range(0, len(page), size))
    events = [event for chunk in chunks for event in scanner.feed(chunk)]
    return [event.head for event in (*events, *scanner.finish()) if isinstance(event, Region)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_names_are_found_however_the_page_is_cut(size: int) -> None:
    page = b"<script>f('other.css'); f('theme.css', 'theme.css')</script>" + REGION

    assert heads_of(page, size) == [(b"<script names=theme.css>",)]


@pytest.mark.parametrize(
    "before",
    [b"<p>'theme.css'", b"<!-- 'theme.css' -->", b"<style>a{b:'theme.css'}</style>", b"<title>'theme.css'</title>"],
)
def test_what_is_no_script_names_nothing(before: bytes) -> None:
    assert heads_of(before + REGION, 10_000) == [()]


def test_code_behind_a_region_is_not_known() -> None:
    assert heads_of(REGION + b"<script>f('theme.css')</script>", 10_000) == [()]


def test_names_take_no_room_from_other_tags_of_the_head() -> None:
    names = ",".join(f"'n{number}.css'" for number in range(1000))
    page = f"<script>f({names})</script><base href=/x/>".encode() + REGION

    assert heads_of(page, 10_000_000) == [(b"<base href=/x/>",)]
