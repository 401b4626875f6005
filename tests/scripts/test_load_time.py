"""A function runs while its script loads if any code that runs then may call it, by whatever way."""

import pytest

from pressmark.scripts.holders import Holders
from pressmark.scripts.load_time import MAX_FUNCTIONS, LoadTime
from pressmark.syntax.js_tree import Node, Tree, parse


def runs(text: str) -> bool:
    """Tell whether the code at the word LOOK of *text* may run while the script loads."""
    tree = parse(text)
    return LoadTime(tree, Holders(tree)).runs(_look(tree))


def _look(tree: Tree) -> Node:
    at = tree.raw.index(b"LOOK")
    node = tree.root.named_descendant_for_byte_range(at, at + 4)
    assert node is not None
    return node


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("LOOK", id="outside of functions"),
        pytest.param("if (a) { LOOK }", id="in a block"),
        pytest.param("(function () { LOOK })()", id="called where it stands"),
        pytest.param("(() => LOOK)()", id="an arrow"),
        pytest.param("!function () { LOOK }.call(this)", id="by call()"),
        pytest.param("function f() { LOOK } f()", id="by its name"),
        pytest.param("f(); function f() { LOOK }", id="before it is declared"),
        pytest.param("function f() { LOOK } function g() { f() } g()", id="through another"),
        pytest.param("var f = function () { LOOK }, g = f; g()", id="by another name"),
        pytest.param("var x = {f() { LOOK }}; x.f()", id="a method"),
        pytest.param("var x = {f: () => LOOK}; y.f()", id="a method of any object"),
        pytest.param("var x = {f: () => LOOK}; x['f']()", id="a method in brackets"),
        pytest.param("class A { f() { LOOK } } new A().f()", id="a method of a class"),
        pytest.param("class A { f = () => LOOK } new A().f()", id="a field of a class"),
        pytest.param("class A { static { LOOK } }", id="a static block"),
        pytest.param("class A { constructor() { LOOK } }", id="a constructor, by caution"),
        pytest.param("[1].map(function () { LOOK })", id="a callback"),
        pytest.param("f(g); function g() { LOOK }", id="handed on by its name"),
        pytest.param("new Promise(done => LOOK)", id="of a promise"),
        pytest.param("p.then(() => LOOK)", id="a promise that is kept"),
        pytest.param("x = {get f() { return LOOK }}; x.f", id="a getter"),
        pytest.param("x = {set f(v) { LOOK }}", id="a setter, by caution"),
        pytest.param("x = {[f]() { LOOK }}", id="a computed name, by caution"),
        pytest.param("x = {toString() { LOOK }}", id="called without being named"),
        pytest.param("var x = {f() { LOOK }}; x[a]()", id="a computed member"),
        pytest.param("class A { f() { LOOK } } all = ['f']", id="its name in a string"),
        pytest.param("g({f() { LOOK }})", id="in an object that is handed on"),
        pytest.param("g({x: {f() { LOOK }}})", id="in an object of one that is handed on"),
        pytest.param("var x = {f() { LOOK }}; g(x)", id="in an object handed on by its name"),
        pytest.param("class A { f() { LOOK } } g(new A())", id="in what a class makes"),
        pytest.param("class A { f() { LOOK } } g(A)", id="in a class"),
        pytest.param("var x = (function () { return {f() { LOOK }} })(); g(x)", id="returned and handed on"),
        pytest.param("var f = (function () { return () => LOOK })()", id="returned, by caution"),
        pytest.param("x = [() => LOOK]", id="in a list, by caution"),
        pytest.param("f = once(() => LOOK)", id="wrapped"),
        pytest.param("Object.values({f() { LOOK }}).forEach(g => g())", id="handed to the language"),
        pytest.param("var n = {}; n.p = function () { LOOK }; n.p()", id="a member of one letter"),
        pytest.param("var p = {}; p.f = function () { LOOK }; g(p)", id="a member of an object that is handed on"),
        pytest.param("function P() {} P.prototype.f = function () { LOOK }; g(new P())", id="of a prototype"),
        pytest.param("function P() {} P.prototype = {f: function () { LOOK }}; g(new P())", id="a prototype"),
        pytest.param("function P() { this.f = function () { LOOK } } g(new P())", id="made by a constructor"),
        pytest.param("x[k] = function () { LOOK }; x.f()", id="given by a computed name"),
        pytest.param("class A { f() { LOOK } g(n) { this[n]() } } new A().g(x)", id="called by a computed name inside"),
        pytest.param("var x = {f: function () { LOOK }}.f()", id="of a literal"),
        pytest.param("Object.assign({}, {f() { LOOK }}).f()", id="of a copy"),
        pytest.param("Object.defineProperties(x, {f: {value: function () { LOOK }}}); x.f()", id="of a description"),
        pytest.param("function f() { LOOK } this.f()", id="a member of this window"),
        pytest.param("function f() { LOOK } (function (w) { w.f() })(this)", id="a member of a window"),
        pytest.param("function f() { LOOK } window[n]()", id="a computed member of the window"),
        pytest.param("function f() { LOOK } eval('f()')", id="by a text"),
        pytest.param("class A { constructor() { LOOK } } class B extends A {} new B()", id="by a class below"),
        pytest.param("function f() { LOOK } x ??= f; x()", id="given where nothing is"),
        pytest.param("function f() { LOOK } const {g = f} = x; g()", id="a default"),
        pytest.param("function f() { LOOK } f['call']()", id="by call() in brackets"),
        pytest.param(
            "document.addEventListener('go', function () { LOOK }); document.dispatchEvent(new Event('go'))",
            id="an event that is sent",
        ),
        pytest.param("x.onclick = function () { LOOK }; x.click()", id="a handler whose event is sent"),
        pytest.param(
            "var f = document.createElement('iframe'); f.addEventListener('load', function () { LOOK }); b.append(f)",
            id="a frame that has come at once",
        ),
        pytest.param("x.addEventListener('load', () => LOOK); x.send()", id="a request that waits"),
        pytest.param("function setTimeout(f) { f() } setTimeout(() => LOOK)", id="a timer of its own"),
        pytest.param(
            "x.addEventListener = (n, f) => f(); x.addEventListener('a', () => LOOK)", id="an event of its own"
        ),
    ],
)
def test_a_function_runs_that_code_which_runs_may_call(text: str) -> None:
    assert runs(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("function f() { LOOK }", id="nobody calls it"),
        pytest.param("function f() { LOOK } function g() { f() }", id="only one that nobody calls"),
        pytest.param("function f() { g(); LOOK } function g() { f() }", id="they call each other"),
        pytest.param("window.f = function () { LOOK }", id="given to the window"),
        pytest.param("addEventListener('load', function () { LOOK })", id="a listener"),
        pytest.param("x.addEventListener('go', f); function f() { LOOK }", id="a listener by its name"),
        pytest.param("setTimeout(() => LOOK)", id="a timer"),
        pytest.param("x.onload = function () { LOOK }", id="a handler"),
        pytest.param("window.addEventListener('load', () => { LOOK }); x.click()", id="a listener of the page"),
        pytest.param("class A { f() { LOOK } } new A().g()", id="another method"),
        pytest.param("var x = {f() { LOOK }, g() {}}; x.g()", id="another member"),
        pytest.param("var x = {f() { LOOK }}; y.x = x", id="an object that is given a name"),
        pytest.param("A.prototype.f = function () { LOOK }", id="of a prototype"),
        pytest.param("var x = (function () { return {f() { LOOK }} })()", id="of a module"),
        pytest.param("typeof f; function f() { LOOK }", id="only asked for"),
    ],
)
def test_a_function_does_not_run_that_is_only_kept(text: str) -> None:
    assert not runs(text)


def test_a_function_with_very_many_names_is_taken_to_run() -> None:
    names = "".join(f"f{n + 1} = f{n};" for n in range(5000))

    assert runs(f"var f0 = function () {{ LOOK }}; {names}")


def test_a_function_deep_in_objects_is_taken_to_run() -> None:
    assert runs("var x = {" + "a: {" * 1000 + "f() { LOOK }" + "}" * 1000 + "}")


def test_a_script_of_very_many_functions_is_taken_to_run_them() -> None:
    chain = "".join(f"function f{n}() {{ f{n + 1}() }}" for n in reversed(range(MAX_FUNCTIONS + 2)))

    assert runs(f"function f{MAX_FUNCTIONS + 2}() {{ LOOK }} {chain}")
    assert not runs("function f3() { LOOK } function f2() { f3() } function f1() { f2() }")
