"""Parts become one text, which knows where each of them comes from."""

from pressmark.model import Origin, Span, Trace
from pressmark.sourcemaps.tracked_text import Part, compose, join_parts

OTHER = Origin("/b.css", "b{}")


def test_what_was_copied_in_one_piece_is_one_stretch() -> None:
    tracked = join_parts((Part("a{", 3), Part("}", 5), Part("", 9)))

    assert (tracked.text, tracked.spans) == ("a{}", (Span(0, 0, 3),))


def test_what_was_left_out_parts_two_stretches() -> None:
    assert join_parts((Part("a", 0), Part("b", 2))).spans == (Span(0, 0, 0), Span(1, 0, 2))


def test_what_was_in_no_file_comes_from_nowhere() -> None:
    tracked = join_parts((Part("x"), Part("a", 0), Part("y"), Part("z")))

    assert tracked.spans == (Span(0, -1, 0, 0), Span(1, 0, 0), Span(2, -1, 0, 0))


def test_what_stands_for_something_else_comes_from_where_that_begins() -> None:
    assert join_parts((Part("a", 0), Part("long", 1, is_copy=False))).spans == (Span(0, 0, 0), Span(1, 0, 1, 0))


def test_a_text_that_was_woven_before_brings_its_origins() -> None:
    inner = join_parts((Part("b"), Part("{}", 1))).trace(OTHER)
    tracked = join_parts((Part("a", 0), ("b{}", inner), ("b{}", inner)))

    assert tracked.text == "ab{}b{}"
    assert tracked.others == (OTHER, OTHER)
    assert tracked.spans == (
        Span(0, 0, 0),
        Span(1, -1, 0, 0),
        Span(2, 1, 1),
        Span(4, -1, 0, 0),
        Span(5, 2, 1),
    )


def test_a_trace_begins_with_the_file_at_hand() -> None:
    own = Origin("/a.css", "a")

    assert join_parts((Part("a", 0),)).trace(own) == Trace((own,), (Span(0, 0, 0),))


def test_a_trace_is_followed_through_what_made_its_first_origin() -> None:
    """What was copied is where the text inside says, span by span; the other origins come after its own."""
    made, source, partial = Origin("/a.css", "abcdef"), Origin("/a.scss", "..ab.."), Origin("/_b.scss", "....")
    trace = Trace((made, OTHER), (Span(0, 0, 1), Span(4, -1, 0, 0), Span(5, 1, 2), Span(6, 0, 5, 0)))
    inner = Trace((source, partial), (Span(0, 0, 2), Span(3, 1, 1), Span(5, -1, 0, 0)))

    assert compose(trace, inner) == Trace(
        (source, partial, OTHER),
        (
            Span(0, 0, 3),
            Span(2, 1, 1),
            Span(4, -1, 0, 0),
            Span(5, 2, 2),
            Span(6, -1, 0, 0),
        ),
    )
