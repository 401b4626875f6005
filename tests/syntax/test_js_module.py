"""The places in a module that a linker must know: assignments, members of namespaces, calls of import()."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressmark.syntax.js_module import read_module
from pressmark.syntax.js_module_facts import Dynamic, MemberUse, Span
from pressmark.syntax.js_module_statements import Statements
from tests.profiles import marathon


def words(text: str, spans: Iterable[Span | MemberUse]) -> list[str]:
    """Return the texts of *spans*, whose offsets are in bytes."""
    raw = text.encode()
    return [raw[span.start : span.end].decode() for span in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("await 1", True),
        ("for await (const a of b);", True),
        ("if (a) { await 1 }", True),
        ("class A { [await 1]() {} }", True),
        ("class A { static [await 1]() {} get [await 2]() {} }", True),
        ("class A extends (await 1) {}", True),
        ("a = {[await 1]() {}}", True),
        ("export default {async [await 1]() {}}", True),
        ("export const a = await 1", True),
        ("async () => await 1", False),
        ("async function f() { for await (const a of b); }", False),
        ("a = {async await() { await 1 }}; a.await; a = {await: 1}", False),
        ("async function f() { return {[await 1]() {}} }", False),
    ],
)
def test_an_await_outside_of_all_functions_is_one_at_the_top_level(text: str, expected: bool) -> None:
    """The computed name of a method is not inside of it."""
    assert read_module(text).awaits is expected


ASSIGNMENTS = [
    "a = 1",
    "a += 1",
    "a **= 2",
    "a ||= 1",
    "a &&= 1",
    "a ??= 1",
    "a++",
    "--a",
    "[a] = b",
    "[, a = 1] = b",
    "[...a] = b",
    "[...[a]] = b",
    "[[a]] = b",
    "[{a}] = b",
    "({a} = b)",
    "({a = 1} = b)",
    "({b: a} = b)",
    "({b: a = 1} = b)",
    "({...a} = b)",
    "({b: [a]} = b)",
    "(a) = 1",
    "(a)++",
    "b = a = 1",
    "() => a = 1",
    "function f(c = a = 1) {}",
    "class A { static { a = 1 } }",
    "\\u0061 = 1",
]


@pytest.mark.parametrize("text", ASSIGNMENTS)
@pytest.mark.parametrize("declared", ["export let a;", "let a; export {a as b};", "export function a() {}"])
def test_each_assignment_to_an_exported_variable_is_known(text: str, declared: str) -> None:
    found = read_module(f"let b; {declared} {text}".replace("as b}", "as c}"))

    assert found.refusal == ""
    assert [span.name for span in found.assigned] == ["a"]


@pytest.mark.parametrize("text", ASSIGNMENTS)
def test_each_assignment_to_an_import_is_known(text: str) -> None:
    assert list(read_module(f"import {{a}} from './x'; let b; {text}").assigned_imports) == ["a"]


@pytest.mark.parametrize("head", ["a of b", "a in b", "[a] of b", "{a} of b", "[{b: a = 1}] of b", "(a) of b"])
def test_a_head_of_a_loop_assigns(head: str) -> None:
    found = read_module(f"export let a; let b; for ({head}) f()")

    assert found.refusal or list(found.heads) == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "function f(a) { a = 1 }",
        "function f({a}) { a = 1 }",
        "function f() { var a; a = 1 }",
        "function f() { { var a } a = 1 }",
        "function f() { for (var a of b) a = 1 }",
        "function f() { a = 1; let a }",
        "function f() { a = 1; function a() {} }",
        "{ let a; a = 1 }",
        "{ class a {} a = 1 }",
        "{ a = 1; function a() {} }",
        "try {} catch (a) { a = 1 }",
        "try {} catch ({a}) { a = 1 }",
        "for (let a = 0; ; a++) g()",
        "for (let a of b) a = 1",
        "switch (b) { case 1: let a; a = 1 }",
        "g = function a() { a = 1 }",
        "g = class a { m() { a = 1 } }",
        "g = a => a = 1",
        "g = (b, a = 1) => a++",
        "class A { m(a) { a = 1 } static { var a; a = 1 } set b(a) { a = 1 } }",
        "g.a = 1; g = {a: 1}; a: for (;;) break a",
        "let née, aé, éa; née = aé = éa = 1",
        "for (const a of b);",
        "[b.a, b[a]] = g; ({a: b} = g)",
    ],
)
def test_an_assignment_to_another_variable_of_the_name_is_none(text: str) -> None:
    found = read_module(f"export let a, e; let b, g; {text}")

    assert found.refusal == ""
    assert (list(found.assigned), list(found.heads)) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "f(function (a, b = a) {})",
        "var f = function (a, b = a) {}",
        "let f = (a, b = a) => b",
        "var f = {m({a}, b = a) {}}",
    ],
)
def test_a_default_may_name_another_parameter(text: str) -> None:
    found = read_module(f"export let a; a = 1; {text}")

    assert (found.refusal, [span.name for span in found.assigned]) == ("", ["a"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n.a; f(n.b.c); n?.d", ["n.a", "n.b", "n?.d"]),
        ("", []),
        ("n.é", ["n.é"]),
        ("a[n.b] = n.c; f`${n.d}`; ({[n.e]: n.f})", ["n.b", "n.c", "n.d", "n.e", "n.f"]),
        ("function g(n) { return n } { let n; n() }", []),
    ],
)
def test_members_of_a_namespace_are_known(text: str, expected: list[str]) -> None:
    whole = f"import * as n from './x'; let a, f; {text}"

    assert sorted(words(whole, read_module(whole).spaces["n"])) == sorted(expected)


@pytest.mark.parametrize(
    "use",
    [
        "f(n)",
        "n[a]",
        "({...n})",
        "({n})",
        "export {n}",
        "export default n",
        "n.a = 1",
        "n.a++",
        "(n.a) = 1",
        "((n.a))++",
        "[n.a] = f",
        "[(n.a)] = f",
        "({a: n.a} = f)",
        "({a: n.a = 1} = f)",
        "[...n.a] = f",
        "for (n.a of f);",
        "for (n.a in f);",
        "delete n.a",
        "delete (n.a)",
        "delete n?.a",
        "n.#a",
        "typeof n",
        "for (const a in n);",
    ],
)
def test_a_namespace_with_another_use_is_one_as_a_whole(use: str) -> None:
    assert "n" not in read_module(f"import * as n from './x'; let a, f; {use}").spaces


@pytest.mark.parametrize(
    ("call", "literal"),
    [
        ("import('./x')", "./x"),
        ('import(/**/"é"/**/)', "é"),
        ("import('./x',)", "./x"),
        ("import\n('./x')", "./x"),
        ("import/**/('./x')", "./x"),
        ("import(x)", None),
        ("import(`./x`)", None),
        ("import('./' + x)", None),
        ("import('./\\x61')", None),
        ("import('./x', {with: {type: 'json'}})", None),
    ],
)
def test_a_literal_of_a_dynamic_import_is_known(call: str, literal: str | None) -> None:
    text = f"/* ä */ {call}"
    (found,) = read_module(text).dynamic

    assert isinstance(found, Dynamic)
    assert found.literal == literal
    assert text.encode()[found.start : found.end].decode() in call


@pytest.mark.parametrize(
    ("text", "names", "resolves"),
    [
        ("import.meta.url", ["url"], False),
        ("import . meta\n.url", ["url"], False),
        ("import.meta.url = import.meta.dirname", ["url", "dirname"], False),
        ("import.meta.resolve('a')", ["resolve"], True),
    ],
)
def test_each_import_meta_is_known(text: str, names: list[str], resolves: bool) -> None:
    found = read_module(text)

    assert ([each.name for each in found.metas], found.resolves) == (names, resolves)


@pytest.mark.parametrize("use", ["f(import.meta)", "const {url} = import.meta", "import.meta[a]", "a in import.meta"])
def test_an_import_meta_as_a_whole_is_not_understood(use: str) -> None:
    found = read_module(use)

    assert (found.refusal != "", found.is_broken) == (True, False)


def test_a_comment_that_names_a_source_map_is_known() -> None:
    text = "'//# sourceMappingURL=a'\n//# sourceMappingURL=b\n/*@ sourceMappingURL=c */ //# sourceURL=d"
    found = read_module(text)

    assert words(text, found.map_names) == ["sourceMappingURL="] * 2
    assert found.map_names[0].start == text.index("\n") + 5
    assert found.has_source_url


PIECES = st.sampled_from(
    """
    import export default from as * { } ( ) [ ] , ; = => . ... ' " ` // /* */ # $ \\ < > ! - + / ? : await async yield
    let const var class function return if for of in new target meta eval using static get super a b é 😀 './x' "x" 0
    with type json \\u0061 <!-- --> import.meta import( ${ sourceMappingURL= extends try catch switch case delete
    """.split()
)
ODD = st.sampled_from(["\n", "\r", "\u2028", "\0", "\ufeff", "\ud800", " ", "\t", "\x85", "\\", "\U0010ffff", "\u00a0"])


@given(st.lists(PIECES | ODD, max_size=14).map(" ".join) | st.text(max_size=30))
@settings(max_examples=marathon(1000))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_module(text)

    assert found.refusal == "" or found.statements == Statements()
