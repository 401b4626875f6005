"""The outlines of stylesheets: equal ones are those of the same significant tokens."""

from itertools import chain, zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.syntax.css_outline import outline_of
from tests.profiles import marathon
from tests.syntax.installed import STYLESHEETS, read
from tests.syntax.same import same_sheet

WORDS = r"""
a b .c #d 1 1px .5 50% + - > ~ * | = : :: ( ) [ ] , ! !important "s" 's t' url(x) \61 \9 \: rgb( var(--x) (a:b) color é
U+26 & / not( a:hover --x --
""".split()
STATEMENTS = ["{}", "{}a", ";", "@media {} b", "@import {};", "{}:{};", "{}: {} ;", "--x: {} ;", "@supports ({}: a) {}"]
GAPS = ["", "", " ", "\n", "\t", "\r\n", "/*c*/", " /* */ ", "/*!l*/"]
words = st.lists(st.sampled_from([*WORDS, "url( x )"]), max_size=4)
gaps = st.lists(st.sampled_from(GAPS), min_size=30, max_size=30)


@st.composite
def pieces(draw: st.DrawFn) -> list[str]:
    """Return the pieces of a sheet with some rules in each other, between which there may be gaps."""
    found: list[str] = []
    depth = 0
    for _ in range(draw(st.integers(1, 5))):
        for part in draw(st.sampled_from(STATEMENTS)).split("{}"):
            found += [part, *draw(words)]
        end = draw(st.sampled_from(["{", "}", ";"]))
        depth += {"{": 1, "}": -1}.get(end, 0)
        found.append(end)
    return [*found, *"}" * depth][:28]


def woven(parts: list[str], between: list[str]) -> str:
    """Return a sheet of *parts* and the gaps *between* them."""
    return "".join(chain.from_iterable(zip_longest(between[: len(parts) + 1], parts, fillvalue="")))


@settings(max_examples=marathon(800))
@given(pieces(), gaps, gaps, st.booleans())
def test_sheets_with_one_outline_have_the_same_tokens(
    parts: list[str], some: list[str], others: list[str], ends: bool
) -> None:
    one = woven(parts, some)
    outline = outline_of(one)
    other = one.replace("}", ";}", 1) if ends else woven(parts, others)
    written = outline.write() if outline is not None else one

    assert outline is None or outline_of(other) != outline or same_sheet(one, other)
    assert outline is None or outline_of(written) != outline or same_sheet(one, written)


@settings(max_examples=marathon(300))
@given(st.sampled_from(sorted(STYLESHEETS)), st.integers(0, 9999), st.sampled_from(["", " ", "\n", ":", ";", "}"]))
def test_a_change_of_a_real_sheet_changes_its_outline(name: str, at: int, new: str) -> None:
    text = read(STYLESHEETS[name])[:3000]
    text = text[: text.rfind("}") + 1]
    place = at % max(1, len(text))
    changed = text[:place] + new + text[place + 1 :]
    outline = outline_of(text)

    assert outline is None or outline != outline_of(changed) or same_sheet(text, changed)


def test_nearly_all_real_sheets_have_an_outline_by_which_they_are_written_again() -> None:
    outlines = {name: outline_of(read(path)) for name, path in STYLESHEETS.items()}
    found = {name: outline for name, outline in outlines.items() if outline is not None}

    assert len(found) > len(outlines) * 0.9, outlines.keys() - found.keys()
    assert all(outline_of(outline.write()) == outline for outline in found.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a {\n\tb : c ;\n}\n", "a{b :c}", id="blanks and the last semicolon"),
        pytest.param("a , b > c + d ~ e {}", "a,b>c+d~e{}", id="combinators"),
        pytest.param("a:not( b > c ) > d {}", "a:not(b > c)>d{}", id="brackets in a selector"),
        pytest.param("a{--x:  b  c ; d: url( e )}", "a{--x:b  c;d:url( e )}", id="what counts as it is"),
        pytest.param("@media (a: 1px) and (b) {a{b: c}}", "@media (a:1px) and (b){a{b:c}}", id="a condition"),
        pytest.param("a/* b */ c{d:/* e */f}", "a c{d:f}", id="comments"),
        pytest.param("/*! a */ b {}", "/*! a */b{}", id="a licence"),
        pytest.param(".\\31 0 .a\\:b {}", ".\\31 0 .a\\:b{}", id="escapes"),
        pytest.param("a{b: c}\n@import 'd' ;\n", "a{b:c}@import 'd'", id="a statement at the end"),
    ],
)
def test_a_sheet_is_written_as_short_as_its_outline(text: str, expected: str) -> None:
    outline = outline_of(text)

    assert outline is not None
    assert outline.write() == expected


@pytest.mark.parametrize(
    "text",
    [
        "a{b:'c\n}", "a{", "a{b:c}}", "a{b:(c}", "a{b:c)}", "/* a", "a/**/b{}", "a/**/(b){}", "<!-- a{}",
        "a{b:url(c d)}", "a{\\75rl(b)}", "a{--x:{b:c}}", "a;b{}", "a{b --x:c}", "a{--x:b/**/c}", "a /*! b */ c{}",
        "\x01{}", "a{b:c\\",
        "a{\\--x: a  b}", "a{\\2d-x: a , b}", "a{-\\-x: a  b}", "a{\\2d\\2dx: a  b}", "/* " * 9,
    ],
)  # fmt: skip
def test_a_sheet_that_only_its_tokens_can_tell_has_none(text: str) -> None:
    assert outline_of(text) is None
