"""A function that looks at the running script looks at the one that calls it, by whatever name."""

import pytest

from pressmark.scripts.inspectors import find_inspectors, inspected_by
from pressmark.scripts.self_reference import find_self_references
from pressmark.stores.memory import MemoryStore
from pressmark.syntax.js_tree import parse
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import Rule

LOOK = "document.currentScript"


def inspectors_of(text: str) -> dict[str, Rule]:
    tree = parse(text)
    return find_inspectors(tree, ((node, reason.rule) for node, reason in find_self_references(tree)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(f"function here() {{ {LOOK} }}", {"here"}, id="declaration"),
        pytest.param(f"var here = function () {{ {LOOK} }}", {"here"}, id="variable"),
        pytest.param(f"const here = () => {LOOK}", {"here"}, id="arrow"),
        pytest.param(f"lib.here = function () {{ {LOOK} }}", {"here"}, id="property"),
        pytest.param(f"lib['here'] = function () {{ {LOOK} }}", {"here"}, id="property in brackets"),
        pytest.param(f"var lib = {{here: function () {{ {LOOK} }}}}", {"here"}, id="literal"),
        pytest.param(f"var lib = {{'here': () => {LOOK}}}", {"here"}, id="literal with a string"),
        pytest.param(f"var lib = {{here() {{ {LOOK} }}}}", {"here"}, id="method"),
        pytest.param(f"class Lib {{ static here() {{ {LOOK} }} }}", {"here"}, id="method of a class"),
        pytest.param(f"class Lib {{ here = () => {LOOK} }}", {"here"}, id="field of a class"),
        pytest.param(f"class Lib {{ constructor() {{ {LOOK} }} }}", {"Lib"}, id="constructor"),
        pytest.param(f"function here() {{ return [1].map(function () {{ {LOOK} }}) }}", {"here"}, id="handed on"),
        pytest.param(f"function here() {{ return (function () {{ {LOOK} }})() }}", {"here"}, id="called in it"),
        pytest.param(
            f"function a() {{ {LOOK} }} function b() {{ a() }} function c() {{ b() }}", {"a", "b", "c"}, id="calls"
        ),
        pytest.param(
            f"(function (w) {{ function a() {{ {LOOK} }} w.here = a; w.b = 1 }})(window)", {"here"}, id="given on"
        ),
        pytest.param(
            f"var lib = (() => {{ function a() {{ {LOOK} }} return {{here: a}} }})()", {"here"}, id="returned"
        ),
        pytest.param(f"var Lib = class {{ constructor() {{ {LOOK} }} }}", {"Lib"}, id="constructor of an expression"),
        pytest.param(f"(function () {{ function inner() {{ {LOOK} }} inner() }})()", set(), id="seen by no other"),
        pytest.param(f"(function () {{ {LOOK} }})()", set(), id="called where it stands"),
        pytest.param(f"var own = {LOOK}", set(), id="no function"),
        pytest.param(f"addEventListener('load', function () {{ {LOOK} }})", set(), id="a listener"),
        pytest.param(f"(function () {{ var x = {{}}; x.t = function () {{ {LOOK} }} }})()", set(), id="a short name"),
        pytest.param("function own() { return document.querySelector('script[src$=\"a.js\"]') }", set(), id="by file"),
        pytest.param(
            "function last() { var s = document.getElementsByTagName('script'); return s[s.length - 1] }",
            {"last"},
            id="the last script",
        ),
        pytest.param("function put(t) { document.write(t) }", {"put"}, id="writes"),
        pytest.param("function f() { return /https?:.*/.exec(new Error().stack) }", {"f"}, id="a stack's address"),
        pytest.param("function f(e) { log(e.stack.split('\\n')[1]) }", set(), id="a stack that is shown"),
        pytest.param("function f() { d = frame.document; d.write('x') }", set(), id="another document"),
        pytest.param("var d = document; function put(t) { d.write(t) }", {"put"}, id="a name of the document"),
        pytest.param("(function (w, d) { w.put = t => d.write(t) })(window, document)", {"put"}, id="a parameter"),
        pytest.param(
            "function put() { var d = document; d = frame.document; d.write('x') }", set(), id="no more the document"
        ),
        pytest.param(f"window.L = function () {{ {LOOK} }}", {"L"}, id="a global of one letter"),
        pytest.param(f"L = function () {{ {LOOK} }}", {"L"}, id="a global that is not declared"),
        pytest.param(f"(function (w) {{ w.L = () => {LOOK} }})(window)", {"L"}, id="a global by a parameter"),
        pytest.param(f"window.$t = window.Tool = () => {LOOK}", {"$t", "Tool"}, id="two names"),
        pytest.param(f"var here = (function () {{ return () => {LOOK} }})()", {"here"}, id="what a function returns"),
        pytest.param(f"var here = function () {{ {LOOK} }}.bind(null)", {"here"}, id="bound"),
        pytest.param(f"var here = once(function () {{ {LOOK} }})", {"here"}, id="wrapped"),
        pytest.param(f"var lib = (function () {{ {LOOK}; return {{}} }})()", set(), id="a library that looks itself"),
        pytest.param(f"var lib = {{get here() {{ return {LOOK} }}}}", {"get here"}, id="getter"),
        pytest.param(
            f"Object.defineProperty(window, 'here', {{get() {{ return {LOOK} }}}})", {"get here"}, id="defined getter"
        ),
        pytest.param(
            f"Object.defineProperty(lib, 'here', {{value: function () {{ {LOOK} }}}})", {"here"}, id="defined value"
        ),
        pytest.param(f"function f() {{ setTimeout(() => {LOOK}) }}", set(), id="a callback when no script runs"),
        pytest.param(
            f"lib.max = () => {LOOK}; function g() {{ return Math.max(1, 2) }}", {"max"}, id="a name of the language"
        ),
        pytest.param(
            f"(function () {{ function e() {{ {LOOK} }} function t(e) {{ e() }} lib.no = t; lib.yes = () => e() }})()",
            {"yes"},
            id="one name in two scopes",
        ),
        pytest.param("function f() { import('a.js') }", set(), id="import"),
    ],
)
def test_inspectors_are_functions_that_others_can_call(text: str, names: set[str]) -> None:
    assert set(inspectors_of(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "here()",
        "lib.here()",
        "a.b.here()",
        "lib['here']()",
        "window.here()",
        "new here",
        "here.call(this)",
        "[1].forEach(here)",
        "var own = lib.here; own()",
        "(function () { here() })()",
        "here`x`",
        "x = {here}",
        "var {here: own} = lib; own()",
        "lib?.here()",
    ],
)
def test_a_use_of_an_inspector_is_found(text: str) -> None:
    reason = inspected_by(text, {"here": Rule.CURRENT_SCRIPT}, Analyses(MemoryStore())).reason

    assert reason is not None
    assert reason.rule is Rule.CURRENT_SCRIPT


@pytest.mark.parametrize(
    "text",
    [
        "there()",
        "log('here')",
        "// here()",
        "lib.here = 1",
        "x = {here: 1}",
        "(function (here) { here() })(a)",
        "(function () { var here = 1; f(here) })()",
        "lib.hereabouts()",
        "Math.here()",
        "if (lib.here === 1) f()",
        "lib.here.there()",
    ],
)
def test_the_same_word_elsewhere_is_no_use(text: str) -> None:
    assert inspected_by(text, {"here": Rule.CURRENT_SCRIPT}, Analyses(MemoryStore())).reason is None


def test_a_function_with_more_parameters_than_arguments_is_read() -> None:
    """The window is handed on by call() as the object itself, and is none of the parameters."""
    text = "(function (a, b, c) { c.write('<p>') }).call(document, 1)"

    assert inspectors_of(text) == {}
