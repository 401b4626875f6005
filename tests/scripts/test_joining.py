"""Scripts are joined in forms that keep them apart, and only behind those that cannot notice it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressmark.model import Asset
from pressmark.scripts.joining import REPORT, JoinedScripts, Script, words_of
from pressmark.scripts.script_analysis import analyse
from pressmark.scripts.script_reading import read_script
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses

STRICT = '"use strict";'


def read(text: str) -> Script:
    return read_script(Asset("/static/a.js", "text/javascript", text.encode(), (), "utf-8"), Analyses(MemoryStore()))


def refused(later: str, *earlier: str, is_exact: bool = False) -> str | None:
    """Return the rule by which the script *later* does not follow *earlier* ones, ``None`` if it may."""
    joined = JoinedScripts(Analyses(MemoryStore()), is_exact)
    for text in earlier:
        joined.add(read(text))
    reason = joined.parts(read(later))
    return reason.rule if reason else None


@pytest.mark.parametrize(
    ("earlier", "later", "rule"),
    [
        ("function f() { return 1 } f()", "function f() { return 2 }", "hoisting"),
        ("var f = 1", "function f() {}", "hoisting"),
        ("f()", "function f() {}", "hoisting"),
        ("window.f = function () {}", "function f() {}", "hoisting"),
        ("if (typeof f === 'undefined') g()", "function f() {}", "hoisting"),
        ("window['f']()", "function f() {}", "hoisting"),
        ("g('f' in window)", "function f() {}", "hoisting"),
        ("(function () { this.f() })()", "function f() {}", "hoisting"),
        ("(() => { this.f() })()", "function f() {}", "hoisting"),
        ("function Tool() { this.f() }", "function f() {}", None),
        ("function go(w) { w.f('x') } go(window)", "function f() {}", "hoisting"),
        ("'use strict'", "f()", None),
        ("f()", "'use strict'", None),
        ("'use strict'; var {a} = b", "f()", "strictness"),
        ("f()", "'use strict'; const a = b", "strictness"),
        ("f()", "let a = b", None),
        ("f()", "class A {}", None),
        ("let a = b", "f()", "exceptions"),
        ("const a = 1, b = {c() {}}; class D extends HTMLElement { e = x }", "f(b)", None),
        ("const a = 1; f()", "g()", None),
        ("f(); const a = 1", "g()", "exceptions"),
        ("const a = b; f()", "g()", "exceptions"),
        ("f(a)", "let a", "hoisting"),
        ("f(() => a)", "const a = 1", "hoisting"),
        ("typeof a", "let a", "hoisting"),
        ("f('a')", "let a", None),
        ("b.a(), window.a, 'a' in window, c['a']", "let a", None),
        ("l: function f() {}", "g()", "exceptions"),
        ("function f() {}", "var f = 1", None),
        ("(function (f) { f() })()", "function f() {}", None),
        ("(function (w) { w.f = 1 })(window)", "function f() {}", "hoisting"),
        ("!function (e, t) { t(e) }(this, function (C) { C.f = 1 })", "function f() {}", "hoisting"),
        ("Object.defineProperty(w, 'f', {})", "function f() {}", "hoisting"),
        ("(function (f) {})(); if (typeof f === 'function') f()", "function f() {}", "hoisting"),
        ("{ let f = 1 } f()", "function f() {}", "hoisting"),
        ("(function () { if (a) { let f } f() })()", "function f() {}", "hoisting"),
        ("typeof l\\u0061ter", "function later() {}", "hoisting"),
        ("f()", "l: function f() {}", "hoisting"),
        ("(function () { f(); var f })()", "function f() {}", None),
        ("(function () { f(); function f() {} })()", "function f() {}", None),
        ("(({f}, [g = f]) => f)(a)", "function f() {}", None),
        ("try { a() } catch (f) { f() }", "function f() {}", None),
        ("(function f() { f() })(), (class f { static a = f })", "function f() {}", None),
        ("a.b.f(), {f: 1}", "function f() {}", None),
        ("log('f')", "function f() {}", None),
        ("g()", "var f = 1", None),
        ("var A = A || {}", "var A = A || {}", None),
        ("window.Ab = window.$ = 1", "var Ab = 2", "hoisting"),
        ("(function (w) { w.$ = 1 })(this)", "var $ = 2", "hoisting"),
        ("x.Ab = 1", "var Ab = 2", None),
        ("x.Ab = 1", "var Ab = 2; delete window.Ab", "hoisting"),
        ("x.Ab = 1; Reflect.deleteProperty(window, 'Ab')", "var Ab = 2", "hoisting"),
        ("x.Ab = 1; for (const name of names) delete window[name]", "var Ab = 2", "hoisting"),
        ("x.Ab = 1; delete window['other']; delete y[name]", "var Ab = 2", None),
        ("(function () { var root = this; x.Ab = 1; delete root[k] }).call(this)", "var Ab = 2", "hoisting"),
        ("x.Ab = 1; delete this[k]; delete (top)[k]", "var Ab = 2", "hoisting"),
        ("x.Ab = 1; Reflect.deleteProperty(window, name)", "var Ab = 2", "hoisting"),
        ("x.a = 1; delete x.a", "var a = 2", None),
        ("if (window.Ab === 1) f()", "var Ab = 2", None),
        ("x.a = 1", "var a = 2", None),
        ("function f() {}", "function g() {}", None),
    ],
)
def test_a_script_may_follow_one_that_cannot_notice_it(earlier: str, later: str, rule: str | None) -> None:
    assert refused(later, earlier) == rule


@pytest.mark.parametrize(
    ("earlier", "later", "rule"),
    [
        ("a.f()", "function f() {}", "hoisting"),
        ("log('f')", "var f", "hoisting"),
        ("Promise.resolve().then(f)", "g()", "microtasks"),
        ("(async () => { f() })()", "g()", "microtasks"),
        ("queueMicrotask(f)", "g()", "microtasks"),
        ("f()", "let a", "lexical-names"),
        ("f()", "Promise.resolve()", None),
        ("f()", "var g = 1", None),
    ],
)
def test_an_exact_script_follows_none_that_could_notice_it(earlier: str, later: str, rule: str | None) -> None:
    assert refused(later, earlier, is_exact=True) == rule


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        pytest.param("f()", "try{\nf()\n}", id="a call"),
        pytest.param("f() // end", "try{\nf() // end\n}", id="a comment at the end"),
        pytest.param("'use strict'; f()", "\"use strict\";try{\n'use strict'; f()\n}", id="strict"),
        pytest.param(
            "a = b\nfunction f() {}\n(c)()", "function f() {}\ntry{\na = b\n;\n(c)()\n}", id="a function in between"
        ),
        pytest.param("async function f() {} function* g() {}", "async function f() {}\nfunction* g() {}\ntry{\n; ;\n}",
                     id="other functions"),
        pytest.param("é = 1\nfunction é2() {}", "function é2() {}\ntry{\né = 1\n;\n}", id="beyond ASCII"),
        pytest.param("{ function f() {} }", "try{\n{ function f() {} }\n}", id="a function in a block"),
        pytest.param("const a = 1\nclass B {}", "const a = 1\nclass B {}\ntry{\n;\n;\n}", id="constants"),
        pytest.param("let a; f(); function g() {}", "let a;\nfunction g() {}\ntry{\n; f(); ;\n}", id="constants first"),
    ],
)  # fmt: skip
def test_an_isolated_script_declares_its_functions_first(text: str, isolated: str) -> None:
    tracked = read(text).isolated

    assert tracked is not None
    assert tracked.text == isolated + REPORT


@pytest.mark.parametrize("text", ["let a = b", "f(); class A {}", "l: function f() {}"])
def test_what_a_block_would_keep_to_itself_is_not_isolated(text: str) -> None:
    assert read(text).isolated is None


@pytest.mark.parametrize(
    ("text", "functions", "body"),
    [
        pytest.param("f()", "", "f()", id="nothing is declared"),
        pytest.param("var a = 1", "var a;", "a = 1", id="a variable"),
        pytest.param("var a = 1, b, c = 2, d;", "var a,b,c,d;", "a = 1,c = 2;", id="variables with and without values"),
        pytest.param("var a, b; f()", "var a,b;", "; f()", id="variables without values"),
        pytest.param("if (a) var b; else var c = 1", "var b,c;", "if (a) ; else c = 1", id="branches"),
        pytest.param("for (var i = 0, n; ;) ;", "var i,n;", "for (i = 0; ;) ;", id="a loop"),
        pytest.param("for (var k in a) ;", "var k;", "for (k in a) ;", id="a loop over keys"),
        pytest.param("for (var k of a) var v = k", "var k,v;", "for (k of a) v = k", id="a loop over values"),
        pytest.param("(() => { var a })()", "", "(() => { var a })()", id="a variable of a function"),
        pytest.param(
            "f()\nfunction f(a) { return a }", f"function f(a) {{{STRICT} return a }}\n", "f()\n;", id="a function"
        ),
        pytest.param("{ function f() {} }", "", "{ function f() {} }", id="a function of a block"),
        pytest.param("é = 1; var b = 2", "var b;", "é = 1; b = 2", id="beyond ASCII"),
        pytest.param("function f() { arguments }", f"function f() {{{STRICT} arguments }}\n", ";", id="arguments"),
    ],
)
def test_a_wrapped_script_declares_outside_what_it_declares(text: str, functions: str, body: str) -> None:
    """*functions* and variables stand before the strict function."""
    found = read(f"'use strict';{text}").form(is_last=True, is_mixed=True)

    assert found.text == f"{functions}(function(){{{STRICT}\n'use strict';{body}\n}}).call(this)"


def test_a_wrapped_script_reports_its_exceptions() -> None:
    found = read("'use strict';f()").form(is_last=False, is_mixed=True)

    assert found.text == f"(function(){{{STRICT}try{{\n'use strict';f()\n}}{REPORT}}}).call(this)"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("let a", id="let"),
        pytest.param("class A {}", id="class"),
        pytest.param("var {a} = b", id="a pattern"),
        pytest.param("for (var [a] of b) ;", id="a pattern in a loop"),
        pytest.param("for (var async of b) ;", id="a name that would begin something else"),
        pytest.param("f(arguments)", id="arguments"),
        pytest.param("f({arguments})", id="arguments as a member"),
        pytest.param("f(() => arguments)", id="arguments in an arrow function"),
        pytest.param("function f(a = 1) {}", id="a parameter with a default value"),
    ],
)
def test_a_script_that_a_function_would_change_is_not_wrapped(text: str) -> None:
    assert analyse(f"'use strict';{text}").edits is None


@pytest.mark.parametrize(
    "text",
    [
        "let a",
        "const a = 1, b = -2, c = 'd', e = [1, /f/], g = {h: 1, i() {}, 'j': () => k}, l = `m`, n = class {}",
        "let a; function f() { return g() }",
        "let a = new Map(), b = new Date",
        "class A extends HTMLElement { static b = 1; c = d; #e; get f() { return g } }",
        "const a = document.querySelector('#b .c'), d = document.getElementById(\"e\"), f = document.body",
        "let a; document.addEventListener('b', () => c(), {once: true}); addEventListener('d', function () {})",
        "'use strict'; /* a */ const b = () => c.d",
    ],
)
def test_declarations_are_sure(text: str) -> None:
    assert analyse(text).cuts is not None


@pytest.mark.parametrize(
    "text",
    [
        "const a = b",
        "const a = b.c",
        "const a = b()",
        "const a = [...b]",
        "const a = {[b]: 1}",
        "const a = {...b}",
        "const a = {b}",
        "const a = `${b}`",
        "const {a} = {}",
        "const a = +1n",
        "const a = new B()",
        "const a = new Map(b)",
        "const a = document.querySelector('a >')",
        "const a = document.querySelector(b)",
        "const a = document.body.dataset.b.c",
        "const a = 1; if (b) c()",
        "let a; b.addEventListener('c', d)",
        "let a; document.addEventListener('b', c)",
        "let a; addEventListener('b')",
        "let a; addEventListener('b', true)",
        "class A extends B {}",
        "class A extends (f(), Object) {}",
        "class A { static b = c() }",
        "class A { static { b() } }",
        "class A { [b]() {} }",
        "class A { static [b] = 1 }",
    ],
)
def test_other_statements_are_not_sure(text: str) -> None:
    assert analyse(f"{text}; let end").cuts is None


@given(st.text(alphabet="ab_$.-\xe9\u2014\xa0\u2028\ud800\u0663 \n\x1c\x85\U0001d4b3"))
def test_the_words_of_a_text_are_those_that_a_search_finds(text: str) -> None:
    assert words_of(text) == frozenset(re.findall(r"[\w$]+", text))
