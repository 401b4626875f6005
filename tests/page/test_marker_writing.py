"""What template tags write is what the scanner reads."""

import pytest

from pressmark.model import Region
from pressmark.page.marker_writing import check_end, in_context, markers_for
from pressmark.page.scanner import Scanner


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["css"], ("css", "file", "")),
        (["js", "file"], ("js", "file", "")),
        (["css", "inline"], ("css", "inline", "")),
        (["js", "preload", "my-name_1"], ("js", "preload", "my-name_1")),
        (["css", "main"], ("css", "file", "main")),
        (["css", "trust"], ("css", "file", "")),
        (["css", "inline", "trust", "main"], ("css", "inline", "main")),
    ],
    ids=" ".join,
)
def test_a_region_is_what_its_words_say(words: list[str], expected: tuple[str, ...]) -> None:
    start, end = markers_for(words)
    scanner = Scanner()
    [region] = [
        event for event in [*scanner.feed(f"{start}x{end}".encode()), *scanner.finish()] if isinstance(event, Region)
    ]

    assert (region.kind, region.mode, region.name) == expected
    assert region.body == b"x"


@pytest.mark.parametrize("words", [["css"], ["css", "main"], ["js", "inline", "trust", "main"]], ids=" ".join)
def test_a_marker_may_say_in_what_context_its_region_was_rendered(words: list[str]) -> None:
    start, end = markers_for(words)
    [region] = Scanner().feed(f"{in_context(start, '0123456789abcdef')}{end}".encode())
    [other] = Scanner().feed(f"{in_context(start, '')}{end}".encode())

    assert isinstance(region, Region)
    assert isinstance(other, Region)
    assert (region.kind, region.mode, region.name, region.is_trusted, other.context) == (
        other.kind, other.mode, other.name, other.is_trusted, "",
    )  # fmt: skip
    assert region.context == "0123456789abcdef"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "followed by ''; it must be css or js"),
        (["html"], "followed by 'html'; it must be css or js"),
        (["css", "file", "a", "b"], "takes a kind, a mode, trust and a name"),
        (["css", "a", "b"], "takes a kind, a mode, trust and a name"),
        (["css", "file", "-->"], "'-->'; it must be a mode"),
        (["css", "é"], "'é'; it must be a mode"),
        (["css", ""], "''; it must be a mode"),
    ],
)
def test_other_words_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(ValueError, match="compress is followed by") as raised:
        markers_for(words)

    assert message in str(raised.value)


@pytest.mark.parametrize("words", [["js"], ["css", "css"], ["x"]])
def test_an_end_names_its_own_kind_or_none(words: list[str]) -> None:
    check_end([], "css")
    check_end(["css"], "css")
    with pytest.raises(ValueError, match="it ends a region of css"):
        check_end(words, "css")
