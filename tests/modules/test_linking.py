"""Linked modules are functions in one file, with small modules that run them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.modules.facades import FILE
from pressmark.modules.graph import Key
from pressmark.modules.linkable import UnlinkableError
from pressmark.syntax.js_module import read_module
from tests.modules.graphs import Files, body_of, changed, linked

MUTABLE = "export let a = 0; export function f() {{ {} }}"
LIVE = {"/m.js": "import './a.js'", "/b.js": "import './a.js'; export const x = 1, y = 2; export default 3"}


def is_module(text: str) -> bool:
    return read_module(text).refusal == ""


def live(text: str) -> str:
    """Return the *text* of a module of a cycle as it is linked."""
    return body_of(linked({**LIVE, "/a.js": f"import z, {{x, y}} from './b.js'; {text}"}), "/a.js")[2:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import './a.js'; f()", "; f()"),
        ("b = c\nimport './a.js';\n(f)", "b = c\n;\n(f)"),
        ("import {\n  b, // c\n  c\n} from './a.js' // d\nf()", ";\n\n\n // d\nf()"),
        ("import {\r\n  b,\r\n  c\r\n} from './a.js';\r\nf()", ";\n\n\n\r\nf()"),
        ("export const x = 1", ";const x = 1"),
        ("b = c\nexport function f() {}\n(b)", "b = c\n;function f() {}\n(b)"),
        ("export class x {}", ";class x {}"),
        ("let x; export {x, x as y}", "let x; ;"),
        ("export {b as x} from './a.js'; f()", "; f()"),
        ("export default function f() {}\n(b)", ";function f() {}\n(b)"),
        ("export default f", ";const $pd={default:f}.default;"),
        ("export default f;", ";const $pd={default:f}.default;;"),
        ("export default f // g", ";const $pd={default:f}.default; // g"),
        ("export default\nf\nf()", ";const $pd={default:\nf}.default;\nf()"),
        ("export default {a: 1}\nf()", ";const $pd={default:{a: 1}}.default;\nf()"),
        ("export default class {}", ";const $pd={default:class {}}.default;"),
        ("'import \"a\"' // export {b}", "'import \"a\"' // export {b}"),
        ("#!/bin/node\nf()", "///bin/node\nf()"),
        ("/* ä😀 */ export const ö = '€'; f()", "/* ä😀 */ ;const ö = '€'; f()"),
        ("//# sourceMappingURL=m.js.map", "//# sourceMappingURL:m.js.map"),
    ],
)
def test_only_imports_and_exports_are_taken_out(text: str, expected: str) -> None:
    found = changed(text, a="export let b, c; export default 1")

    assert found == expected
    assert found.count("\n") == text.count("\n")


@pytest.mark.parametrize("value", ["function () {}", "async function* () {}", "class {}", "() => {}", "async x => {}"])
@pytest.mark.parametrize("rest", ["\n(f)()", "\n[f].map(f)", "\n/f/.exec(f)"])
def test_what_follows_a_default_export_is_no_part_of_it(value: str, rest: str) -> None:
    if read_module(f"export default {value}{rest}").refusal:  # left alone, which is no harm
        return

    assert changed(f"export default {value}{rest}") == f";const $pd={{default:{value}}}.default;{rest}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1", "$pt(a = 1)"),
        ("b = a = 1", "b = $pt(a = 1)"),
        ("a = a = 1", "$pt(a = $pt(a = 1))"),
        ("[a] = b", "$pt([a] = b)"),
        ("({a} = b)", "($pt({a} = b))"),
        ("for (a = 0; a < 1; a++) ;", "for ($pt(a = 0); a < 1; $pt(a++)) ;"),
        ("g(a++, --a)", "g($pt(a++), $pt(--a))"),
        ("g = () => a = 1", "g = () => $pt(a = 1)"),
        ("if (g) a++; else --a;", "if (g) $pt(a++); else $pt(--a);"),
        ("'ä€'; a = '😀'", "'ä€'; $pt(a = '😀')"),
        ("function g(a) { a = 1 }", "function g(a) { a = 1 }"),
    ],
)
def test_an_assignment_tells_the_importers(text: str, expected: str) -> None:
    found = changed(MUTABLE.format(text))
    wanted = f";let a = 0; ;function f() {{ {expected} }}"

    assert re.sub(r" +|;(?= })", "", found) == re.sub(r" +|;(?= })", "", wanted)


@pytest.mark.parametrize("word", ["return", "typeof", "void", "throw", "delete"])
@pytest.mark.parametrize("assignment", ["++a", "--a", "[a]=b", "{a}=b"])
def test_a_word_before_an_assignment_stays_a_word(word: str, assignment: str) -> None:
    """As minified code has it: ``return++a``."""
    text = MUTABLE.format(f"{word}{assignment}")
    if not is_module(text):
        return

    assert re.search(rf"\b{word}\b(?!\$)", changed(text))


@pytest.mark.parametrize(("head", "tail"), [("case", ": "), ("else", ""), ("do", ";while(0)")])
def test_a_word_of_a_statement_stays_one(head: str, tail: str) -> None:
    before = {"case": "switch(a){", "else": "if(a);"}.get(head, "")
    text = MUTABLE.format(f"{before}{head}++a{tail}{'}' * before.count('{')}")

    assert is_module(text)
    assert re.search(rf"\b{head}\b(?!\$)", changed(text))


@pytest.mark.parametrize(
    ("assignment", "rest"),
    [
        ("a++", "(g)()"),
        ("a--", "[g].map(g)"),
        ("a++", "`g`"),
        ("a = () => {}", "(g)()"),
        ("a = () => {}", "[g].map(g)"),
    ],
)
def test_an_assignment_without_a_semicolon_is_no_callee(assignment: str, rest: str) -> None:
    """Nothing can be called that ends in ``++`` or in the body of an arrow function: a line end parts them there."""
    text = f"export let a = 0; let g; {assignment}\n{rest}"
    if not is_module(text):
        return

    assert re.search(rf"\$pt\({re.escape(assignment)}\)\s*;\s*{re.escape(rest)}", changed(text))


def test_a_constant_import_is_read_once_and_a_mutable_one_whenever_it_is_told() -> None:
    files = {
        "/m.js": "import d, {a, b as c, f, 'g h' as g} from './a.js'",
        "/a.js": "export let a = 1, b = 2; export function f() { b++ } export default 3; export {a as 'g h'}",
    }

    assert "const{default:d,a,f,a:g}=$pE[0];let c;$ps(0,()=>{c=$pE[0].b});" in linked(files).text


def test_an_import_leads_to_its_variable_through_all_that_passes_it_on() -> None:
    files = {
        "/m.js": "import {z} from './b.js'",
        "/b.js": "import {y} from './c.js'; export {y as z}",
        "/c.js": "export * from './d.js'",
        "/d.js": "const x = 1; export {x as y}",
    }

    assert "const{x:z}=$pE[0];" in linked(files).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(x)", "f($pE[0].x)"),
        ("f({x})", "f({x:$pE[0].x})"),
        ("f({x: x})", "f({x: $pE[0].x})"),
        ("x()", "$pi($pE[0].x)()"),
        ("(x)()", "($pi($pE[0].x))()"),
        ("x?.()", "$pi($pE[0].x)?.()"),
        ("x`y`", "$pi($pE[0].x)`y`"),
        ("new x()", "new $pE[0].x()"),
        ("x.y()", "$pE[0].x.y()"),
        ("typeof x", "typeof $pE[0].x"),
        ("f`${x}`", "f`${$pE[0].x}`"),
        ("f = x => x", "f = x => x"),
        ("f = {[x](x) {}}", "f = {[$pE[0].x](x) {}}"),
        ("let né\u0078, éx; f(éx)", "let néx, éx; f(éx)"),
        ("f(z)", "f($pE[0].default)"),
        ("let g = x\ny\n++g", "let g = $pE[0].x\n$pE[0].y\n++g"),
        ("export {x}; export {x as w}", "; ;"),
    ],
)
def test_a_module_of_a_cycle_reads_its_imports_anew(text: str, expected: str) -> None:
    assert live(text) == expected


def test_a_function_of_a_cycle_is_there_from_the_start() -> None:
    files = {**LIVE, "/a.js": "import './b.js'; export default function () {}\n(f)"}

    if is_module(files["/a.js"]):
        assert body_of(linked(files), "/a.js") == "; ;function  $pd() {}\n(f)"


@pytest.mark.parametrize(
    "use",
    [
        "n.no.a",
        "n.no?.a",
        "n.no()",
        "new n.no()",
        "n.no[0]",
        "n.no ** 2",
        "class A extends n.no {}",
        "f\nn.no",
        "n.no`a`",
    ],
)
def test_a_member_that_a_namespace_lacks_is_still_an_expression(use: str) -> None:
    files = {"/m.js": f"import * as n from './a.js'; let f; {use}", "/a.js": "export let a"}
    found = linked(files)

    assert is_module(found.text)
    assert "void 0" not in body_of(found, "/m.js")


@pytest.mark.parametrize("name", ["location", "Object"])
@pytest.mark.parametrize("declared", ["const {} = 1", "import {{{}}} from './a.js'", "var {}", "class {} {{}}"])
def test_a_module_may_have_a_variable_of_the_name_of_a_global(name: str, declared: str) -> None:
    """What is written into the function of a module must not mean one of its variables."""
    files = {
        "/m.js": f"{declared.format(name)}; import './b.js'; import.meta.url; export default function () {{}}",
        "/a.js": "export let location, Object",
        "/b.js": "import './m.js'",
    }
    try:
        found = linked(files)
    except UnlinkableError:
        return
    line, column = found.starts[found.keys.index(Key("/m.js"))]
    head = found.text.split("\n")[line][:column].rpartition("function*(){")[2]

    assert not re.search(rf"(?<![\w$.]){name}\.", head)


@pytest.mark.parametrize("taken", ["$p", "$p $q", "$pm;$q;$p", "/*$p*/'$q'"])
def test_no_name_of_the_file_is_in_a_module(taken: str) -> None:
    found = linked({"/m.js": f"let {re.sub('[^$a-z]+', ', ', taken).strip(', ')}; /*{taken.replace('*/', '')}*/"})
    prefix = re.search(r"const (.+?)E=\[\]", found.text)

    assert prefix
    assert prefix[1] not in body_of(found, "/m.js")


def test_a_facade_runs_its_module_and_exports_its_names() -> None:
    files = {
        "/m.js": "export * from './a.js'; export {b as 'c d'} from './a.js'; export default 1",
        "/a.js": "export let a, b = 1; export function f() { a = 1 }",
    }
    found = linked(files)

    assert found.keys == (Key("/a.js"), Key("/m.js"))
    assert all("\n" not in facade and is_module(facade.replace(FILE, "./d.js")) for facade in found.facades)
    assert found.facades[1] == (
        f'import{{e,E,s}}from"{FILE}";e(1);'
        "let v0;s(0,()=>{v0=E[0].a});const v1=E[0].b;const v2=E[0].b;const v3=E[1].default;const v4=E[0].f;"
        'export{v0 as a,v1 as b,v2 as "c d",v3 as default,v4 as f}'
    )


@pytest.mark.parametrize("name", ["'a b'", "'__proto__'", "'é'", "'\"'", "'\u2028'", "default", "if"])
def test_any_name_can_be_exported(name: str) -> None:
    files = {"/m.js": f"import {{{name} as a}} from './a.js'; export {{{name}}} from './a.js'",
             "/a.js": f"let x; export {{x as {name}}}"}  # fmt: skip
    if not all(map(is_module, files.values())):  # tree-sitter knows no word after "import {"
        return
    found = linked(files)

    assert is_module(found.text)
    assert all(is_module(facade) for facade in found.facades)
    (wanted,) = read_module(files["/a.js"]).statements.exports
    assert [each.name for each in read_module(found.facades[1]).statements.exports] == [wanted.name]


def test_json_is_imported_once() -> None:
    files = {
        "/m.js": "import d from './d.json' with {type: 'json'}; import './a.js'",
        "/a.js": "import {default as e} from './d.json' with {type: 'json'}; export {e}",
        "/d.json": "1",
    }
    found = linked(files)

    assert found.text.startswith('import $pj0 from"/d.json"with{type:"json"};const')
    assert "const d=$pj0;" in found.text
    assert found.keys == (Key("/a.js"), Key("/m.js"))


def test_a_dynamic_import_asks_for_the_address_that_it_means() -> None:
    text = "import('./a.js'); import(b); import('bare'); import(c, {d})"
    expected = 'import("/a.js"); import($pR("/m.js",b)); import("bare"); import($pR("/m.js",c), {d})'

    assert changed(text, a="") == expected


LINES = st.sampled_from(
    [
        "import './a.js'", "import {x,\n y} from './a.js'", "export let a = 1", "export default {\n}", "a = 2",
        "export {a as b}", "é = ''", "// x", "/*\n\n*/", "`\n`", "import\n.meta\n.url", "export *\nfrom\n'./a.js'",
        "f(\n() => a++\n)", "",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=6, unique=True).map("\n".join))
def test_each_line_of_a_module_is_a_line_of_the_file(text: str) -> None:
    files: Files = {"/m.js": text, "/a.js": "\n\nexport let x,\ny"}
    if not is_module(text):
        return
    found = linked(files)

    for key, (line, column) in zip(found.keys, found.starts, strict=True):
        lines = str(files[key.address]).split("\n")
        there = found.text.split("\n")[line : line + len(lines) + 1]
        assert there[len(lines)].startswith(";")
        assert column <= len(there[0])
    assert linked(files) == found
