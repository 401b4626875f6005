"""The places of a name that mean one variable of the top level of a module."""

import re

import pytest

from pressmark.syntax.js_references import references
from pressmark.syntax.js_tree import parse_module

MARK = re.compile("«|»")


def marked(text: str, name: str) -> str:
    """Return *text* with marks around each reference to *name*."""
    raw = text.encode()
    for node in sorted(references(parse_module(text), name), key=lambda node: -node.start_byte):
        there = raw[node.start_byte : node.end_byte]
        raw = raw[: node.start_byte] + f"«{there.decode()}»".encode() + raw[node.end_byte :]
    return raw.decode()


@pytest.mark.parametrize(
    "expected",
    [
        # Uses
        "«a»; f(«a»); «a».a; b[«a»]; new «a»; «a»`a${«a»}`; typeof «a»; ({a: «a»}); ({«a»}); [«a»]; [...«a»]",
        "«a» = 1; «a»++; [«a»] = b; ({«a»} = b); ({a: «a» = «a»} = b); for («a» of «a»); for («a» in b);",
        "export default «a»",
        "class b extends «a» { [«a»]() {} a = «a»; static { «a» } #a = 1; get a() { return «a» } }",
        "() => «a»; async b => «a»; (b, c = «a») => {}; function f({b = «a», [«a»]: c}) {}",
        "let {b = «a», [«a»]: c, a: d} = «a»",
        "b = {a() { return «a» }, get a() {}, [«a»]: 1, 'a': 2}",
        "«\\u0061»; «\\u{61}»; b\\u0061; '\\u0061'",
        "a: for (;;) { break a }",
        "b?.a; b?.[«a»]; «a»?.b; b.#a in c".replace("; b.#a in c", ""),
        # Declarations, imports and exports are none
        "let a = 1; export {a}; export {a as b}; «a»",
        "import a from './a'; «a»",
        "import {b as a, a as c} from './a'; «a»; export {a as 'd'}",
        "import * as a from './a'; «a».a",
        "function a() { «a» }",
        "class a { m() { «a» } }",
        "export const {b: [a]} = {}; «a»",
        "for (var a of b) «a»",
        "{ var a } «a»",
        "export * as a from './a'; export {a as b} from './a'",
        # Inner scopes
        "function f(a) { a } «a»",
        "function f({a, ...b}, c = a) { a } «a»",
        "function f() { a; { var a } a } «a»",
        "function f() { a; for (var a of b) a; a } «a»",
        "function f() { a; function a() {} } «a»",
        "function f() { { function a() {} a } «a» }",
        "{ a; let a; a } «a»",
        "{ class a { m() { a } } a } «a»",
        "try { «a» } catch (a) { a } finally { «a» }",
        "try {} catch ({b: a}) { a; { a } } «a»",
        "for (let a = 0; a; a++) a; «a»",
        "for (const a of b) a; «a»",
        "for (const [b = «a»] of «a») b",
        "switch («a») { case a: let a }",
        "b = function a() { a }; «a»",
        "b = class a extends a { m() { a } }; «a»",
        "b = a => a; «a»",
        "b = (a, c = a) => a; «a»",
        "b = {m(a) { a }, set c(a) { a }}; «a»",
        "class b { m(a) { a } static { var a; a } } «a»",
        "class b { static { { let a; a } «a» } }",
        "b = {[«a»](a) { a }}",
        "class b { [«a»](a) { a } static get [«a»]() { var a; a } }",
        "function f(b = () => a, a) {} «a»",
        "function f() { return function () { a; var a } } «a»",
        # Other names
        "let née, aé, éa, a$, $a, _a, aa; née + aé + éa + a$ + $a + _a + aa + «a»",
        "'a'; `a`; /a/; // a\n/* a */",
        "/* ä😀 */ «a»; 'ö'; «a»",
    ],
)
def test_references_mean_the_variable_of_the_top_level(expected: str) -> None:
    assert marked(MARK.sub("", expected), "a") == expected


@pytest.mark.parametrize("name", ["é", "$", "get", "async", "of", "as", "from", "\U0001d4b3"])
def test_any_name_has_references(name: str) -> None:
    expected = f"«{name}» + x{name} + b.{name} + ({{«{name}»}}); {{ let {name}; {name} }}"

    assert marked(MARK.sub("", expected), name) == expected


def test_a_parameter_of_a_function_in_a_variable_is_no_variable_of_its_body() -> None:
    expected = "var f = function (a, b = a) { a }; let g = {m: (a, b = a) => a}; «a»"

    assert marked(MARK.sub("", expected), "a") == expected
