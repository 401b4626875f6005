"""Parts become one text, which knows where each of them comes from."""

from pressmark.model import Origin, Stretch, Trace
from pressmark.sourcemaps.tracked_text import Part, through, weave

OTHER = Origin("/b.css", "b{}")


def test_what_was_copied_in_one_piece_is_one_stretch() -> None:
    woven = weave((Part("a{", 3), Part("}", 5), Part("", 9)))

    assert (woven.text, woven.stretches) == ("a{}", (Stretch(0, 0, 3),))


def test_what_was_left_out_parts_two_stretches() -> None:
    assert weave((Part("a", 0), Part("b", 2))).stretches == (Stretch(0, 0, 0), Stretch(1, 0, 2))


def test_what_was_in_no_file_comes_from_nowhere() -> None:
    woven = weave((Part("x"), Part("a", 0), Part("y"), Part("z")))

    assert woven.stretches == (Stretch(0, -1, 0, 0), Stretch(1, 0, 0), Stretch(2, -1, 0, 0))


def test_what_stands_for_something_else_comes_from_where_that_begins() -> None:
    assert weave((Part("a", 0), Part("long", 1, is_copy=False))).stretches == (Stretch(0, 0, 0), Stretch(1, 0, 1, 0))


def test_a_text_that_was_woven_before_brings_its_origins() -> None:
    inner = weave((Part("b"), Part("{}", 1))).trace(OTHER)
    woven = weave((Part("a", 0), ("b{}", inner), ("b{}", inner)))

    assert woven.text == "ab{}b{}"
    assert woven.others == (OTHER, OTHER)
    assert woven.stretches == (
        Stretch(0, 0, 0),
        Stretch(1, -1, 0, 0),
        Stretch(2, 1, 1),
        Stretch(4, -1, 0, 0),
        Stretch(5, 2, 1),
    )


def test_a_trace_begins_with_the_file_at_hand() -> None:
    own = Origin("/a.css", "a")

    assert weave((Part("a", 0),)).trace(own) == Trace((own,), (Stretch(0, 0, 0),))


def test_a_trace_is_followed_through_what_made_its_first_origin() -> None:
    """What was copied is where the text inside says, stretch by stretch; the other origins come after its own."""
    made, source, partial = Origin("/a.css", "abcdef"), Origin("/a.scss", "..ab.."), Origin("/_b.scss", "....")
    trace = Trace((made, OTHER), (Stretch(0, 0, 1), Stretch(4, -1, 0, 0), Stretch(5, 1, 2), Stretch(6, 0, 5, 0)))
    inner = Trace((source, partial), (Stretch(0, 0, 2), Stretch(3, 1, 1), Stretch(5, -1, 0, 0)))

    assert through(trace, inner) == Trace(
        (source, partial, OTHER),
        (
            Stretch(0, 0, 3),
            Stretch(2, 1, 1),
            Stretch(4, -1, 0, 0),
            Stretch(5, 2, 2),
            Stretch(6, -1, 0, 0),
        ),
    )
