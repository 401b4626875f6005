"""The imports and exports of a module, and what keeps it from being understood."""

import pytest

from pressmark.syntax.js_module import read_module
from pressmark.syntax.js_module_statements import Cut, Exported, Imported, Passed, Requested, Specifier, Statements


def statements(text: str) -> Statements:
    found = read_module(text)
    assert found.refusal == ""
    return found.statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a from './x'", [Imported("a", 0, "default")]),
        ("import {a} from './x'", [Imported("a", 0, "a")]),
        ("import {a as b, c} from './x'", [Imported("b", 0, "a"), Imported("c", 0, "c")]),
        ("import {default as a} from './x'", [Imported("a", 0, "default")]),
        ("import {'a b' as a} from './x'", [Imported("a", 0, "a b")]),
        ("import {static as a} from './x'", [Imported("a", 0, "static")]),
        ("import {as as as} from './x'", [Imported("as", 0, "as")]),
        ("import {as} from './x'", [Imported("as", 0, "as")]),
        ("import * as a from './x'", [Imported("a", 0, "*")]),
        ("import a, * as b from './x'", [Imported("a", 0, "default"), Imported("b", 0, "*")]),
        ("import a, {b} from './x'", [Imported("a", 0, "default"), Imported("b", 0, "b")]),
        ("import from from './x'", [Imported("from", 0, "default")]),
        ("import defer from './x'", [Imported("defer", 0, "default")]),
        ("import source, {async, get, of} from './x'",
         [Imported("source", 0, "default"), *(Imported(name, 0, name) for name in ("async", "get", "of"))]),
        ("import/**/{/**/a/**/as/**/b/**/,}/**/from/**/'./x'", [Imported("b", 0, "a")]),
        ("import {\\u0061 as \\u{62}} from './x'", [Imported("b", 0, "a")]),
        ("import {} from './x'", []),
        ("import './x'", []),
    ],
)  # fmt: skip
def test_each_imported_name_is_known(text: str, expected: list[Imported]) -> None:
    found = statements(text)

    assert found.imports == expected
    assert found.requests == [Requested("./x")]


@pytest.mark.parametrize(
    ("text", "exports", "passed", "stars"),
    [
        ("export const a = 1, b = 2", [Exported("a", "a"), Exported("b", "b")], [], []),
        ("export let [a, {b, c: d = 1, ...e}, ...f] = g",
         [Exported(name, name) for name in "abdef"], [], []),
        ("export var a", [Exported("a", "a")], [], []),
        ("export function a() {}", [Exported("a", "a")], [], []),
        ("export async function* a() {}", [Exported("a", "a")], [], []),
        ("export class a {}", [Exported("a", "a")], [], []),
        ("export\nclass a {}", [Exported("a", "a")], [], []),
        ("export\nconst a = 1", [Exported("a", "a")], [], []),
        ("export // b\nfunction a() {}", [Exported("a", "a")], [], []),
        ("export\ndefault 1", [Exported("default", "")], [], []),
        ("let a; export\n{a}", [Exported("a", "a")], [], []),
        ("export\n* from './x'", [], [], [0]),
        ("let a; export {a}", [Exported("a", "a")], [], []),
        ("let a; export {a as b, a as default, a as 'c d'}",
         [Exported("b", "a"), Exported("default", "a"), Exported("c d", "a")], [], []),
        ("const as = 1; export {as, as as from}", [Exported("as", "as"), Exported("from", "as")], [], []),
        ("export default 1", [Exported("default", "")], [], []),
        ("export default function () {}", [Exported("default", "")], [], []),
        ("export default class {}", [Exported("default", "")], [], []),
        ("export default function a() {}", [Exported("default", "a")], [], []),
        ("export default async function* a() {}", [Exported("default", "a")], [], []),
        ("export default class a {}", [Exported("default", "a")], [], []),
        ("export default (function a() {})", [Exported("default", "")], [], []),
        ("export * from './x'", [], [], [0]),
        ("export * as a from './x'", [], [Passed("a", 0, "*")], []),
        ("export * as default from './x'", [], [Passed("default", 0, "*")], []),
        ("export * as 'a b' from './x'", [], [Passed("a b", 0, "*")], []),
        ("export {a, default as b, c as default, 'd e' as 'f g'} from './x'", [],
         [Passed("a", 0, "a"), Passed("b", 0, "default"), Passed("default", 0, "c"), Passed("f g", 0, "d e")], []),
        ("export {} from './x'", [], [], []),
        ("export {}", [], [], []),
    ],
)  # fmt: skip
def test_each_export_is_known(text: str, exports: list[Exported], passed: list[Passed], stars: list[int]) -> None:
    read = read_module(text)
    if read.refusal and "\n" in text:  # left alone, which is no harm
        return
    found = read.statements

    assert read.refusal == ""
    assert sorted(found.exports) == sorted(exports)
    assert (found.passed, found.stars) == (passed, stars)


def test_requests_are_in_the_order_of_the_text_each_once() -> None:
    text = "import './a'; export * from './b'; import c from './a'; import d from './a' with {type: 'json'}"
    found = statements(text)

    assert found.requests == [Requested("./a"), Requested("./b"), Requested("./a", "json")]
    assert [each.request for each in found.specifiers] == [0, 1, 0, 2]


def test_offsets_are_in_bytes() -> None:
    text = "/* ä😀 */ import 'é'; export let ö = import.meta.url"
    found = read_module(text)
    raw = text.encode()
    (specifier,) = found.statements.specifiers

    assert specifier == Specifier(raw.index(b"'"), raw.index(b"';") + 1, 0)
    assert [text.encode()[meta.start : meta.end].decode() for meta in found.metas] == ["import.meta"]
    assert found.statements.requests == [Requested("é")]


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        ("function () {}", "\n(f)()"),
        ("function () {}", "\n[1].map(f)"),
        ("function () {}", "\n/a/g.test(f)"),
        ("function () {}", "\n`a`"),
        ("function () {}", "(f)()"),
        ("async function () {}", "\n(f)()"),
        ("function* () {}", "\n(f)()"),
        ("async function* () {}", "\n[1].map(f)"),
        ("class {}", "\n(f)()"),
        ("class extends f {}", "\n[1].map(f)"),
        ("() => {}", "\n(f)()"),
        ("() => {}", "\n[1].map(f)"),
        ("async x => {}", "\n(f)()"),
        ("() => f\n(1)", "\nf()"),
        ("f\n(1)", ""),
        ("f", "\n++g"),
        ("{a: 1}", "\nf()"),
        ("[1]", ";(f)()"),
        ("1", " // the end"),
        ("(f, g)", "\nf()"),
        ("f = () => {}", ""),
    ],
)
def test_the_value_of_a_default_export_ends_where_it_does_in_browsers(value: str, rest: str) -> None:
    """A declaration of a function or class ends with its body, and so does an arrow function that has one."""
    found = read_module(f"let f, g; export default {value}{rest}")

    if found.refusal:  # left alone, which is no harm
        return
    start = len("let f, g; export default ")
    cut = next(cut for cut in found.statements.cuts if cut.default)
    assert (cut.end, cut.stop) == (start, start + len(value))


def test_a_default_export_that_is_a_function_can_be_named() -> None:
    assert statements("export default async function* (a) {}").cuts == [Cut(0, 15, "function", 37, 31)]


@pytest.mark.parametrize(
    "text",
    [
        "return 1",
        "function a() {} function a() {}",
        "let a; let a",
        "let a; export {a, a}",
        "export default 1; export default 2",
        "let a; export default 1; export {a as default}",
        "export * as a from './x'; export const a = 1",
        "export {a} from './x'; export const a = 1",
        "export {a}",
        "import b from './x'; export {a}",
        "import b from './x'; { let a } export {a}",
        "import b from './x'; function f(a) {} export {a}",
        "import {a} from './x'; let a",
        "import {a} from './x'; { var a }",
        "import {a} from './x'; for (var a of b);",
        "import {a} from './x'; try {} catch { var a }",
        "import {a} from './x'; a: for (;;) var a",
        "import {a} from './x'; export function a() {}",
        "import {a} from './x'; class a {}",
        "import a from './x'; import {a} from './y'",
        "import {a as b, c as b} from './x'",
        "import {if} from './x'",
        "import {await} from './x'",
        "import {yield} from './x'",
        "import {static} from './x'",
        "import {eval} from './x'",
        "import {arguments} from './x'",
        "import {a as let} from './x'",
        "import * as await from './x'",
        "import yield from './x'",
        "import {'a'} from './x'",
        "let a; export {'a'}",
        "let await = 1",
        "function yield() {}",
        "new.target",
        "() => new.target",
        "super.a",
        "with (a) {}",
        "010",
        "delete a",
        "arguments = 1",
        "function f(a, a) {}",
        "label: function f() {}",
        "'\ud800'",
        "class A { static { await } }",
        "import x from './x' with {type: 'json', type: 'json'}",
        "a\n-->b",
        "<a/>",
    ],
)
def test_what_no_browser_runs_is_found(text: str) -> None:
    assert read_module(text).refusal != ""


@pytest.mark.parametrize(
    "text",
    [
        "import defer * as a from './x'",
        "import source a from './x'",
        "import.source('./x')",
        "import.defer('./x')",
        "using a = b",
        "await using a = b",
        "'\0'",
        "a <!--b",
        "import a from './\\x61'",
        "export * from './\\u0061'",
        "import a from './x' with {type: 'text'}",
        "import a from './x' with {kind: 'json'}",
        "import a from './x' with {type: 'json', kind: 'a'}",
        "import a from './x' assert {type: 'json'}",
        "export {'\\ud800' as a} from './x'",
        "import {'\\udc00' as a} from './x'",
    ],
)
def test_unusual_syntax_is_not_understood(text: str) -> None:
    found = read_module(text)

    assert found.refusal != ""
    assert found.statements == Statements()


@pytest.mark.parametrize(
    "text",
    [
        "'<!--'; `<!--`; /<!--/; // <!--",
        "// import 'a'\n/* export {b} */ '; import `c`'; `import('d')`; /import('e')/",
        "const o = {import(x) {}, import: 1}; o.import('a'); o?.import('b'); class A { static import() {} }",
        "function f() { return new.target } class A { m() { new.target } }",
        "import a from './x' with {}",
        "import a from './x' with {'type': 'css'}",
        "export {'😀' as '\\u{1f600}'} from './x'",
        "#!/usr/bin/env node\nlet a",
        "\ufefflet a",
        "import {a} from './x'; { let a } function f(a) { var a }",
        "let undefined; label: for (;;) break label",
    ],
)
def test_what_only_looks_unusual_is_understood(text: str) -> None:
    assert read_module(text).refusal == ""


def test_imports_in_comments_and_strings_are_none() -> None:
    text = "// import 'a'\n/* export * from 'b' */ '; import(`c`)'; `import('d')${e}`; /import.meta.url/"
    found = read_module(text)

    assert (found.statements, list(found.dynamic), list(found.metas)) == (
        Statements([], [], [], [], [], [], []),
        [],
        [],
    )


@pytest.mark.parametrize(
    "text", ["import {'*' as a} from './a.js'", "let a; export {a as '*'}", "let a; export {a as ''}"]
)
def test_a_name_that_stands_for_all_or_none_is_refused(text: str) -> None:
    facts = read_module(text)

    assert (facts.refusal != "", facts.is_broken) == (True, False)
