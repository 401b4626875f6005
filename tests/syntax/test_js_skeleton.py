"""The skeletons of scripts: equal ones are those of one program, as the tokens of both say."""

from itertools import chain, zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.syntax.js_skeleton import MAX_STEPS, skeleton_of
from pressmark.syntax.js_tokens import ScriptError, Tokens
from pressmark.syntax.verify import script_difference
from tests.profiles import marathon
from tests.syntax.installed import SCRIPTS, read
from tests.syntax.test_js_tokens import DIVISIONS, REGEXES

TOKENS = """
a b 1 0x1f 1e3 .5 1. 1.5 + - ++ -- * ** / = == => < > ! !-- ? ?. ?? . ... ( ) [ ] { } ; , : ~ & && | || % ^ -= += /= -->
"s" 's' `t` `t${a}u` /r/g /[/]/ return in of class get static async yield await #p function if while for case var let
typeof do else new @ \\u0061 \\u{61} #in é · $
""".split()
GAPS = ["", " ", "\n", "\t", " \n ", "\r\n", "\u2028", "/*c*/", "//c\n", "/*\n*/", "/*!l*/", "{/*k*/}"]
texts = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=9)
gaps = st.lists(st.sampled_from(GAPS), min_size=10, max_size=10)


def woven(tokens: list[str], between: list[str]) -> str:
    """Return a script of *tokens* and the gaps *between* them."""
    return "".join(chain.from_iterable(zip_longest(between[: len(tokens) + 1], tokens, fillvalue="")))


def difference(one: str, other: str) -> str:
    """Return the difference of two scripts by their tokens, "" if there is none or they cannot be read.

    A line end before the end of the script or one of a few signs can mean nothing, whatever is before it, and that in
    a class is not always known.
    """
    try:
        found = script_difference(Tokens(one), Tokens(other)) or ""
    except ScriptError:
        return ""
    is_harmless = found.startswith("the line end") and found.endswith(("','", "')'", "']'", "':'", "''"))
    return "" if is_harmless or ("class" in one and found.startswith("the line end")) else found


@settings(max_examples=marathon(800))
@given(texts, gaps, gaps)
def test_scripts_with_one_skeleton_have_the_same_tokens(tokens: list[str], some: list[str], others: list[str]) -> None:
    one, other = woven(tokens, some), woven(tokens, others)
    skeleton = skeleton_of(one)

    assert skeleton is None or skeleton != skeleton_of(other) or not difference(one, other)


@settings(max_examples=marathon(300))
@given(texts, gaps)
def test_what_is_written_has_the_same_tokens(tokens: list[str], between: list[str]) -> None:
    text = woven(tokens, between)
    skeleton = skeleton_of(text)
    written = skeleton.write() if skeleton is not None else text

    assert skeleton_of(written) != skeleton or not difference(text, written)  # as a minifier looks at it


SMALL = {name: path for name, path in SCRIPTS.items() if path.stat().st_size < 4000}


@settings(max_examples=marathon(300))
@given(st.sampled_from(sorted(SMALL)), st.integers(0, 3999), st.sampled_from(["", " ", "\n", "+", "/", '"']))
def test_a_change_of_a_real_script_changes_its_skeleton(name: str, at: int, new: str) -> None:
    text = read(SMALL[name])
    changed = text[: at % len(text)] + new + text[at % len(text) + 1 :]
    skeleton = skeleton_of(text)

    assert skeleton is None or skeleton != skeleton_of(changed) or not difference(text, changed)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_real_script_is_written_again_by_its_skeleton(name: str) -> None:
    text = read(SCRIPTS[name])
    skeleton = skeleton_of(text)

    assert skeleton is None or skeleton_of(skeleton.write()) == skeleton
    assert skeleton is None or len(skeleton.write()) <= len(text)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_skeleton_is_the_same_however_much_is_reduced_at_a_time(name: str) -> None:
    text = read(SCRIPTS[name])
    whole = skeleton_of(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressmark.syntax.js_skeleton.PART", 300)

        assert skeleton_of(text) == whole


def test_most_real_scripts_have_a_skeleton() -> None:
    without = [name for name, path in SCRIPTS.items() if skeleton_of(read(path)) is None]

    assert len(without) < len(SCRIPTS) / 10, without


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = 1 ;\n\n  b ( )", "a=1;b()", id="blanks"),
        pytest.param("a\n  .b()\n  .c()", "a.b().c()", id="chained calls"),
        pytest.param("a = b /* c */ + // d\n e", "a=b+e", id="comments"),
        pytest.param("a = ( b ) / 2 / c", "a=(b)/2/c", id="divisions"),
        pytest.param("a.return / b / c", "a.return/b/c", id="a division of a member"),
        pytest.param("return / b  c /", "return/ b  c /", id="a regular expression"),
        pytest.param("[ ... / b / ]", "[.../ b /]", id="a spread regular expression"),
        pytest.param("a ? .5 : b ?. c", "a?.5:b?.c", id="question marks"),
        pytest.param("1 . a + b1 . c", "1 .a+b1.c", id="points after numbers and names"),
        pytest.param("a ++ + b", "a++ +b", id="signs"),
        pytest.param("a\n\nb\n(c)", "a\nb\n(c)", id="line ends that count"),
        pytest.param("`a  ${ {b: `}`} }  c` ;", "`a  ${ {b: `}`} }  c`;", id="a template in a template"),
        pytest.param("f(function () { /* a */ })", "f(function(){ /* a */ })", id="a comment that is a function"),
        pytest.param("if (a) { /* b */ } else { /* c */ }", "if(a){}else{}", id="comments in blocks"),
        pytest.param("x = a./**/in / b", "x=a.in/b", id="a comment in a member"),
        pytest.param("x = a." + " " * 300 + "in / b", "x=a.in/b", id="a long gap in a member"),
        pytest.param("x = {if(a){/* b */}}", "x={if(a){/* b */}}", id="a method called if"),
        pytest.param("x; if (a) {/* b */}", "x;if(a){}", id="a comment in a statement"),
        pytest.param("class A { m() {} if(a) {/* b */} }", "class A{m(){}if(a){/* b */}}", id="the same in a class"),
        pytest.param("a / /*! b */ c", "a/ /*! b */c", id="a licence after a division"),
        pytest.param("/* a */ b /*! c */ ;", "b/*! c */;", id="a licence"),
    ],
)
def test_a_script_is_written_as_short_as_its_skeleton(text: str, expected: str) -> None:
    skeleton = skeleton_of(text)

    assert skeleton is not None
    assert skeleton.write() == expected


@pytest.mark.parametrize(
    "text",
    [
        "} / a /", "await / a / b", "a\n/ b /", "if (a) / b / .c", "a++ / b", "'a\n'", "/* a", "`a${'", "`a${/b/}`",
        "class C{#in=1;m(){return this.#in / b}}", "x = \\u{61}in / b", "x = a\u200din / b", "x = a\u00b7in / b",
        "if/*! x */(a) /b/.test(c)", "if" + " " * 300 + "(a) /b/.test(c)",
        "a./*! b */in / c", "/*! a */--> b",
        "a\n--> b", "<!-- a", "#!a", "\x01", "(" * 10 + ")" * MAX_STEPS + "/a", "`a",
    ],
)  # fmt: skip
def test_a_script_that_only_its_tokens_or_nothing_can_tell_has_none(text: str) -> None:
    assert skeleton_of(text) is None


@pytest.mark.parametrize("text", [*DIVISIONS.values(), *REGEXES.values()])
def test_no_slash_is_taken_for_another(text: str) -> None:
    skeleton = skeleton_of(text)

    assert skeleton is None or not difference(text, skeleton.write())
