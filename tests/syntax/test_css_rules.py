"""The top-level rules of stylesheets: where each begins and ends."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.syntax.css_tokens import CssRule, closers, parse_rules, preprocess, tokenize
from tests.profiles import marathon
from tests.syntax.installed import STYLESHEETS, read
from tests.syntax.test_css_tokens import soups


def rules(text: str) -> list[str]:
    tokens = tokenize(text)
    return ["".join(token.text for token in tokens[rule.start : rule.end]) for rule in parse_rules(tokens)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a{} b{}", ["a{}", "b{}"], id="two rules"),
        pytest.param("@import 'a';b{}", ["@import 'a';", "b{}"], id="a statement ends at its semicolon"),
        pytest.param("@media x{a{}}b{}", ["@media x{a{}}", "b{}"], id="a block ends an at-rule"),
        pytest.param("@import 'a'", ["@import 'a'"], id="the end of the file ends a statement"),
        pytest.param("a;b{}", ["a;b{}"], id="a semicolon does not end a qualified rule"),
        pytest.param(";@import 'a';b{}", [";@import 'a';b{}"], id="a stray semicolon begins one"),
        pytest.param("}a{}b{}", ["}a{}", "b{}"], id="a stray brace joins the next rule"),
        pytest.param("a{}}b{}", ["a{}", "}b{}"], id="a brace too many joins the next rule"),
        pytest.param("a{b:c", ["a{b:c"], id="the end of the file ends a block"),
        pytest.param("a", ["a"], id="a selector without a block"),
        pytest.param("@a (;) {} b{}", ["@a (;) {}", "b{}"], id="a semicolon in brackets"),
        pytest.param("a[{]{}b{}", ["a[{]{}b{}"], id="a brace in square brackets"),
        pytest.param("a({)}){}b{}", ["a({)}){}", "b{}"], id="braces in brackets"),
        pytest.param("<!-- a{} -->b{}", ["a{}", "b{}"], id="comment marks of HTML are skipped"),
        pytest.param("@media x{<!-- a{}}", ["@media x{<!-- a{}}"], id="but not inside of a rule"),
        pytest.param("/*x*/a/*y*/{}/*z*/", ["a/*y*/{}"], id="comments between rules are skipped"),
        pytest.param("--x:hover{}b{}", ["--x:hover{}", "b{}"], id="a rule that looks like a custom property"),
        pytest.param("@a;;b{}", ["@a;", ";b{}"], id="a second semicolon begins a rule"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_rules_begin_and_end_where_the_standard_says(text: str, expected: list[str]) -> None:
    assert rules(text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [("@IMPORT 'a';", "import"), ("@\\69mport 'a';", "import"), ("@-x-y;", "-x-y"), ("import{}", "")],
    ids=["upper case", "escaped", "prefixed", "no at-rule"],
)
def test_an_at_rule_has_a_lower_case_name(text: str, name: str) -> None:
    [rule] = parse_rules(tokenize(text))

    assert rule.name == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a{}", CssRule("", 0, 3, 1), id="closed"),
        pytest.param("a{", CssRule("", 0, 2, 1), id="open block"),
        pytest.param("a{f(}", CssRule("", 0, 4, 1), id="open bracket in a block"),
        pytest.param("a", CssRule("", 0, 1, -1), id="no block"),
        pytest.param("@a;", CssRule("a", 0, 2, -1), id="statement"),
        pytest.param("@a", CssRule("a", 0, 1, -1), id="open statement"),
    ],
)
def test_a_rule_knows_where_it_ends_and_its_block_begins(text: str, expected: CssRule) -> None:
    assert [*parse_rules(tokenize(text))] == [expected]


@settings(max_examples=marathon(300))
@given(st.lists(soups, max_size=3).map("{}".join))
def test_only_space_and_comments_lie_between_rules(text: str) -> None:
    tokens = tokenize(preprocess(text))
    inside = {place for rule in parse_rules(tokens) for place in range(rule.start, rule.end)}

    outside = {token.kind for place, token in enumerate(tokens) if place not in inside}

    assert outside <= {"space", "comment", "cdo", "cdc"}


@pytest.mark.parametrize("path", STYLESHEETS.values(), ids=STYLESHEETS)
def test_every_rule_of_installed_stylesheets_is_closed(path: Path) -> None:
    assert closers(tokenize(preprocess(read(path)))) == ""
