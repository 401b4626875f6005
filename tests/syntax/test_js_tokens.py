"""The tokens of scripts: where "/" divides and where it begins a regular expression, and what is no script."""

from pathlib import Path

import pytest

from pressmark.syntax.js_tokens import ScriptError, Tokens
from tests.syntax.installed import SCRIPTS, read


def texts(text: str) -> list[str]:
    return [token.text for token in Tokens(text)]


def regexes(text: str) -> list[str]:
    return [token.text for token in Tokens(text) if token.kind == "regex"]


DIVISIONS = {
    "after a name": "a /b/ g",
    "after a number": "1 /b/ g",
    "after a string": "'a' /b/ g",
    "after a template": "`a` /b/ g",
    "after a call": "f(x) /b/ g",
    "after a group": "(x) /b/ g",
    "after an index": "a[0] /b/ g",
    "after a line end": "a\n/b/ g",
    "after a postfix increment": "x++ / 2 / y",
    "after a postfix decrement": "x-- / 2 / y",
    "after this": "this /b/ g",
    "after a member called return": "a.return /b/ g",
    "after an optional member called typeof": "a?.typeof /b/ g",
    "after a call of a member called if": "a.if(x) /b/ g",
    "after a private member": "class A { m() { return this.#if /b/ g } }",
    "after an object": "x = {} / 2 / y",
    "after an object in an argument": "f({} / 2 / y)",
    "after an object that is returned": "function f() { return {} / 2 / y }",
    "after a function expression": "x = function () {} / 2 / y",
    "after an async function expression": "x = async function () {} / 2 / y",
    "after a generator expression": "x = function* () {} / 2 / y",
    "after a class expression": "x = class {} / 2 / y",
    "after a class expression with a parent": "x = class extends B {} / 2 / y",
    "after an object in a ternary": "x = a ? {} / 2 / y : 1",
    "after an object at a ternary's end": "x = a ? 1 : {} / 2 / y",
    "after an object in a for-of head": "for (x of {} / 2 / y);",
    "after an object that is awaited": "async function f() { await {} / 2 / y }",
    "in a template's expression": "`${a /b/ g}`",
    "after a nested template": "`${`${a}` /b/ g}`",
    "after a name that begins like a word": "returned /b/ g",
    "after the name get": "get /b/ g",
    "after an escaped name": "\\u0061 /b/ g",
    "after a name beyond ASCII": "é /b/ g",
    "after a method's call in a class field": "class A { x = f() /b/ g }",
    "in an assignment": "a /= b / c",
}


@pytest.mark.parametrize("text", DIVISIONS.values(), ids=DIVISIONS)
def test_a_slash_after_a_value_divides(text: str) -> None:
    assert regexes(text) == []


def test_a_slash_after_a_regular_expression_divides() -> None:
    assert regexes("x = /a/ /b/ g") == ["/a/"]


REGEXES = {
    "at the beginning": "/r/.x",
    "after an assignment": "x = /r/",
    "after a bracket": "f(/r/)",
    "after a comma": "f(a, /r/)",
    "after a square bracket": "[/r/]",
    "after a brace": "{ /r/.x }",
    "after a semicolon": "a; /r/.x",
    "after return": "function f() { return /r/ }",
    "after typeof": "typeof /r/",
    "after in": "a in /r/",
    "after case": "switch (a) { case /r/: }",
    "after throw": "throw /r/",
    "after void": "void /r/",
    "after an operator": "a + /r/",
    "after a not": "!/r/.x",
    "after an arrow": "() => /r/",
    "after a question mark": "a ? /r/ : 1",
    "after a colon": "a ? 1 : /r/",
    "after a key": "({a: /r/})",
    "after a label": "a: /r/.x",
    "after spread": "f(.../r/)",
    "after an if's head": "if (a) /r/.x",
    "after a while's head": "while (a) /r/.x",
    "after a for's head": "for (;;) /r/.x",
    "after a for await's head": "async function f() { for await (a of b) /r/.x }",
    "after a with's head": "with (a) /r/.x",
    "after a do-while": "do a(); while (b) /r/.x",
    "after else": "if (a) b; else /r/.x",
    "after do": "do /r/.x; while (a)",
    "after a block": "{} /r/.x",
    "after an if's block": "if (a) {} /r/.x",
    "after an else's block": "if (a) {} else {} /r/.x",
    "after a try's block": "try {} catch {} /r/.x",
    "after a catch's block": "try {} catch (e) {} /r/.x",
    "after a finally's block": "try {} finally {} /r/.x",
    "after a switch": "switch (a) {} /r/.x",
    "after a case's block": "switch (a) { case 1: {} /r/.x }",
    "after a default's block": "switch (a) { default: {} /r/.x }",
    "after a case of a ternary": "switch (a) { case b ? c : d: {} /r/.x }",
    "after a labelled block": "a: {} /r/.x",
    "after a function declaration": "function f() {} /r/.x",
    "after an async function declaration": "async function f() {} /r/.x",
    "after a generator declaration": "function* f() {} /r/.x",
    "after a function declaration in a block": "{ function f() {} /r/.x }",
    "after a class declaration": "class A {} /r/.x",
    "after a class declaration with a parent": "class A extends B {} /r/.x",
    "after an arrow's body and a line end": "x = () => {}\n/r/.x",
    "after a return and a line end": "function f() { return\n{} /r/.x }",
    "after a yield": "function* f() { yield /r/ }",
    "after a yield and a line end": "function* f() { yield\n{} /r/.x }",
    "after a break and a line end": "for (;;) { break\n/r/.x }",
    "after a declared name and a line end": "var a\n/r/.x",
    "in a template's expression": "`${/r/}`",
    "in a class field": "class A { x = /r/ }",
    "after a method": "({ m() { /r/.x } })",
    "after a getter": "({ get a() { return /r/ } })",
    "after a static block": "class A { static { /r/.x } }",
    "after an operator assignment": "a ||= /r/",
    "after instanceof": "a instanceof /r/",
}


@pytest.mark.parametrize("text", REGEXES.values(), ids=REGEXES)
def test_a_slash_where_a_value_may_begin_is_a_regular_expression(text: str) -> None:
    assert regexes(text) == ["/r/"]


@pytest.mark.parametrize(
    "text",
    ["await / b / c", "x = of / b / c", "let / b / c", "async / b / c", "yield / b / c", "static / b / c"],
)
def test_a_word_that_may_be_a_name_is_not_guessed_at(text: str) -> None:
    """These are names in some places and words of the language in others: divide, or say that there is doubt."""
    try:
        found = regexes(text)
    except ScriptError:
        found = []

    assert found == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = /a/gi", "/a/gi", id="flags"),
        pytest.param("x = /[/]/", "/[/]/", id="slash in a class"),
        pytest.param("x = /\\//", "/\\//", id="escaped slash"),
        pytest.param("x = /[\\]/]/", "/[\\]/]/", id="escaped bracket in a class"),
        pytest.param("x = /=/", "/=/", id="equals sign first"),
        pytest.param("x = /`/", "/`/", id="backtick"),
        pytest.param("x = /'/", "/'/", id="quote"),
        pytest.param("x = /{/", "/{/", id="brace"),
        pytest.param("x = /(?<a>b)/u", "/(?<a>b)/u", id="named group"),
    ],
)
def test_a_regular_expression_is_one_token(text: str, expected: str) -> None:
    assert regexes(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a/**/b", ["a", "b"], id="block comment"),
        pytest.param("a//b\nc", ["a", "c"], id="line comment"),
        pytest.param("a//b\u2028c", ["a", "c"], id="a line comment ends at LINE SEPARATOR"),
        pytest.param("a<!--b\nc", ["a", "c"], id="opening comment of HTML"),
        pytest.param("-->a\nb", ["b"], id="closing comment of HTML at the beginning"),
        pytest.param("a\n --> b\nc", ["a", "c"], id="closing comment of HTML on a line"),
        pytest.param("a\n/* */ --> b\nc", ["a", "c"], id="closing comment of HTML after a comment"),
        pytest.param("/*\n*/ --> b\nc", ["c"], id="closing comment of HTML after a comment with a line end"),
        pytest.param("a-->b", ["a", "--", ">", "b"], id="no comment inside of a line"),
        pytest.param("#!/usr/bin/x '\na", ["a"], id="hashbang"),
        pytest.param("a<! --b", ["a", "<", "!", "--", "b"], id="no comment with a blank"),
        pytest.param("'<!--'", ["'<!--'"], id="no comment in a string"),
    ],
)
def test_comments_are_no_tokens(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "0", "1.5", ".5", "5.", "1e3", "1.e-3", "1E+3", "0x1F", "0XaB", "0o17", "0b101", "017", "089", "1_000.0_1",
        "10n", "0xFFn", "0b1n",
    ],
)  # fmt: skip
def test_a_number_is_one_token(text: str) -> None:
    assert [(token.kind, token.text) for token in Tokens(text)] == [("number", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1..x", ["1.", ".", "x"], id="a member of a number"),
        pytest.param("1.5.x", ["1.5", ".", "x"], id="a member of a fraction"),
        pytest.param("a?.5:1", ["a", "?", ".5", ":", "1"], id="a fraction after a question mark"),
        pytest.param("a?.b", ["a", "?.", "b"], id="an optional member"),
        pytest.param("a??b", ["a", "??", "b"], id="a coalescence"),
        pytest.param("a>>>=b", ["a", ">>>=", "b"], id="the longest operator"),
        pytest.param("a**=b", ["a", "**=", "b"], id="a power assignment"),
        pytest.param("a&&=b", ["a", "&&=", "b"], id="a logical assignment"),
        pytest.param("a+++b", ["a", "++", "+", "b"], id="greedy from the left"),
        pytest.param("f(...a)", ["f", "(", "...", "a", ")"], id="spread"),
        pytest.param("#a in b", ["#a", "in", "b"], id="private name"),
        pytest.param("\\u{61}b", ["\\u{61}b"], id="escaped name"),
        pytest.param("$_é", ["$_é"], id="name beyond ASCII"),
        pytest.param("a\ufeffb\xa0c", ["a", "b", "c"], id="blanks beyond ASCII"),
        pytest.param("'a\\\nb'", ["'a\\\nb'"], id="a string over two lines"),
        pytest.param("'a\\\r\nb'", ["'a\\\r\nb'"], id="a string over two lines of Windows"),
        pytest.param("'\u2028'", ["'\u2028'"], id="LINE SEPARATOR in a string"),
        pytest.param("'\\''", ["'\\''"], id="escaped quote"),
    ],
)
def test_a_text_has_the_tokens_of_the_standard(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("`a b`", ["`a b`"], id="plain"),
        pytest.param("`a${ b }c`", ["`a${", "b", "}c`"], id="with an expression"),
        pytest.param("`${`${a}`}`", ["`${", "`${", "a", "}`", "}`"], id="nested"),
        pytest.param("`${{a: {}}}`", ["`${", "{", "a", ":", "{", "}", "}", "}`"], id="objects inside"),
        pytest.param("`\\`\\${`", ["`\\`\\${`"], id="escaped marks"),
        pytest.param("`$$${a}$`", ["`$$${", "a", "}$`"], id="dollar signs"),
        pytest.param("`//${a}/*`", ["`//${", "a", "}/*`"], id="no comments inside"),
        pytest.param("f`a`", ["f", "`a`"], id="tagged"),
    ],
)
def test_a_template_is_read_to_its_own_end(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


UNFINISHED = {
    "string": "'a",
    "string cut by a line end": "'a\nb'",
    "string that ends in an escape": "'a\\",
    "template": "`a",
    "template's expression": "`${a",
    "template after an expression": "`${a}",
    "comment": "/* a",
    "comment after a value": "a /* b",
    "comment after a value and a line end": "a\n/* b",
    "comment after a statement": "a(); /* b",
    "regular expression": "x = /a",
    "regular expression cut by a line end": "x = /a\n/",
    "class of a regular expression": "x = /[a/",
    "bracket": "f(",
    "square bracket": "[a",
    "brace": "{ a",
    "bracket that closes nothing": "a)",
    "brace that closes nothing": "a }",
    "brackets that cross": "(a]",
    "brace in a template's expression": "`${ ( }`",
    "number sign alone": "a # b",
    "backslash alone": "a \\ b",
    "number that runs into a word": "1instanceof a",
    "hashbang on the second line": "\n#!a",
}


@pytest.mark.parametrize("text", UNFINISHED.values(), ids=UNFINISHED)
def test_what_is_no_whole_script_is_refused(text: str) -> None:
    with pytest.raises(ScriptError):
        list(Tokens(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a b", [True, False], id="a blank is no line end"),
        pytest.param("a\nb", [True, True], id="LF"),
        pytest.param("a\rb", [True, True], id="CR"),
        pytest.param("a\u2028b\u2029c", [True, True, True], id="line ends beyond ASCII"),
        pytest.param("a \n /**/ b", [True, True], id="a line end and then more"),
        pytest.param("a/*\n*/b", [True, True], id="a line end in a comment"),
        pytest.param("a/* */b", [True, False], id="a comment on a line"),
        pytest.param("a//\nb c", [True, True, False], id="a line comment"),
        pytest.param("`\n`b", [True, False], id="a line end in a template"),
        pytest.param("'\\\n'+b", [True, False, False], id="a line end in a string"),
        pytest.param("`${\na\n}`", [True, True, True], id="line ends in a template's expression"),
    ],
)
def test_a_token_knows_whether_a_line_ended_before_it(text: str, expected: list[bool]) -> None:
    assert [token.newline for token in Tokens(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a{}", [0, 0, 0], id="braces lie outside of themselves"),
        pytest.param("(a)", [0, 1, 0], id="in a bracket"),
        pytest.param("f([a])", [0, 0, 1, 2, 1, 0], id="in two"),
        pytest.param("`${a}b`", [0, 1, 0], id="in a template's expression"),
    ],
)
def test_a_token_knows_how_deep_it_lies(text: str, expected: list[int]) -> None:
    assert [token.depth for token in Tokens(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("return", 0, id="top level"),
        pytest.param("{ return }", 0, id="block"),
        pytest.param("if (a) { return }", 0, id="if's block"),
        pytest.param("function f() { return }", 1, id="function"),
        pytest.param("x = function () { return }", 1, id="function expression"),
        pytest.param("x = async function () { return }", 1, id="async function expression"),
        pytest.param("x = () => { return }", 1, id="arrow"),
        pytest.param("x = async (a) => { return }", 1, id="async arrow"),
        pytest.param("({ m() { return } })", 1, id="method"),
        pytest.param("({ get a() { return } })", 1, id="getter"),
        pytest.param("({ async *[a]() { return } })", 1, id="computed async generator"),
        pytest.param("class A { m() { return } }", 1, id="class's method"),
        pytest.param("class A { if() { return } }", 1, id="class's method with a word's name"),
        pytest.param("function f() { if (a) { return } }", 1, id="block in a function"),
        pytest.param("function f() { function g() { return } }", 2, id="function in a function"),
        pytest.param("function f() {} return", 0, id="after a function"),
        pytest.param("function f(a = function () {}) { return }", 1, id="function as a default"),
    ],
)
def test_a_token_counts_the_functions_around_it(text: str, expected: int) -> None:
    [found] = [token.functions for token in Tokens(text) if token.text == "return"]

    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("class A { x }", True, id="field"),
        pytest.param("class A { m() { x } }", False, id="in a method"),
        pytest.param("class A { a = { x } }", False, id="in a field's object"),
        pytest.param("y = class { x }", True, id="expression"),
        pytest.param("({ x })", False, id="object"),
        pytest.param("({ class: { x } })", False, id="an object under the key class"),
        pytest.param("a.class({ x })", False, id="a member called class"),
    ],
)
def test_a_token_knows_whether_it_is_a_class_member(text: str, expected: bool) -> None:
    [found] = [token.in_class for token in Tokens(text) if token.text == "x"]

    assert found is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x", True, id="first"),
        pytest.param("a; x", True, id="after a semicolon"),
        pytest.param("{ x }", True, id="in a block"),
        pytest.param("if (a) x", True, id="after a head"),
        pytest.param("if (a) b; else x", True, id="after else"),
        pytest.param("function f() { x }", True, id="in a function"),
        pytest.param("a: x", True, id="after a label"),
        pytest.param("a + x", False, id="operand"),
        pytest.param("({ x })", False, id="key"),
        pytest.param("f(x)", False, id="argument"),
        pytest.param("a ? b : x", False, id="end of a ternary"),
        pytest.param("y = {}, x", False, id="after an object"),
    ],
)
def test_a_token_knows_whether_a_statement_surely_begins_there(text: str, expected: bool) -> None:
    [found] = [token.starts_statement for token in Tokens(text) if token.text == "x"]

    assert found is expected


@pytest.mark.parametrize("path", SCRIPTS.values(), ids=SCRIPTS)
def test_installed_scripts_are_read_to_their_ends(path: Path) -> None:
    text = read(path)
    position = 0

    for token in Tokens(text):
        position = text.index(token.text, position) + len(token.text)

    assert "}" not in text[position:].partition("//")[0]
