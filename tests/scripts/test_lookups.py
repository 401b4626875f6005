"""A script must not find a name of a later one too early: where it could, and where it could not."""

import pytest

from pressmark.scripts.lookups import Lookups, Sought
from pressmark.syntax.js_tree import parse

NONE: frozenset[str] = frozenset()
LATER = frozenset(("later",))


def finds(text: str, sought: Sought) -> bool:
    return Lookups(parse(text)).find(sought) == LATER


@pytest.mark.parametrize(
    "text",
    [
        "later()",
        "(function () { later() })()",
        "typeof later",
        "function f() { return typeof later }",
        "function f() { try { later() } catch (e) {} }",
        "window.later",
        "function f() { return window.later }",
        "function f() { return self['later'] }",
        "'later' in window",
        "(function (w) { return w.later })(this)",
        "(function (g, w) { g(w) })(function (x) { return x.later }, window)",
        "function f() { return this.later }",
        "Object.defineProperty(window, 'later', {})",
        "window.hasOwnProperty('later')",
        "Reflect.has(window, 'later')",
        "(this).later",
        "window.window.later",
        "(function () { const {later} = window; f(later) })()",
        "(function () { const {later: x} = window; f(x) })()",
        "function f(v) { later = v }",
        "function f() { delete later }",
        "function f(w) { return w.later } f(window)",
        "var a = this; var b = a; b.later",
        "(function () { var that = this; return that.later })()",
        "document.defaultView.later",
        "function f(w = {}) { return w.later } f(window)",
        "function f() { for (const w of [window]) g(w.later) }",
        "function f() { const {w = {}} = x; return w.later }",
        "'use strict'; (function () { return this.later }).call(window)",
        "window.later()",
        "this.later()",
        "(function (w) { w.later() })(window)",
        "function f(w) { w.later() } f(window)",
        "function f() { this.later() } f()",
        "(function () { var root = this; root.later() }).call(this)",
        "function f(x) { x.later?.() }",
        "function f(x) { x?.later() }",
        "function f(x) { return x.later?.name }",
        "function f(x) { x.later && x.later() }",
        "function f(x) { try { x.later() } catch (e) {} }",
        "function f(x) { g(x.later) }",
        "function f(x) { g[x.later] }",
    ],
)
def test_what_could_be_found_too_early(text: str) -> None:
    assert finds(text, Sought(LATER, NONE))


@pytest.mark.parametrize(
    "text",
    [
        "function f() { later() }",
        "addEventListener('load', () => later())",
        "(function (later) { later() })()",
        "(function () { var x = {}; return x.later })()",
        "(function () { var x = new Thing(); return x.later })()",
        "function f({later}) { return later }",
        "document.later",
        "class A { f() { return this.later } }",
        "x.y.later()",
        "'later'",
        "function f() { window.later() }",
        "function f(x) { x.later() }",
        "function A() { this.later() }",
        "function A() { this.later.call(this) }",
        "function f(x) { return new x.later() }",
        "function f(x) { return x.later['name'] }",
        "function f(x) { x.later.name = 1 }",
    ],
)
def test_what_could_not(text: str) -> None:
    assert not finds(text, Sought(LATER, NONE))


def test_a_lexical_name_is_no_member_of_the_window() -> None:
    assert not finds("window.later", Sought(NONE, LATER))
    assert finds("later", Sought(NONE, LATER))


def test_a_name_that_is_there_before_may_be_noticed_at_any_time() -> None:
    assert finds("function f() { later() }", Sought(LATER, NONE, known=LATER))
    assert finds("function f(x) { x.later() }", Sought(LATER, NONE, known=LATER))


@pytest.mark.parametrize(
    ("text", "is_made"),
    [
        ("window.later = 1", True),
        ("(function (w) { w.later = 1 })(this)", True),
        ("this.later = 1", True),
        ("(function (give) { give(window) })(function (w) { w.later = 1 })", True),
        ("(function (give, w) { give(w) })(function (x) { x.later = 1 }, this)", True),
        ("(function (w) { w.later = 1 })(typeof window !== 'undefined' ? window : this)", True),
        ("(function (w) { w.later = 1 }).call(this, window)", True),
        ("(function () { var root = this; root.later = 1 }).call(this)", True),
        ("(function (w) { w.later = 1 })(this || {})", True),
        ("(function () { this.later = 1 }).call(lib)", False),
        ("window.later", False),
        ("later = 1", False),
        ("(function () { var x = {}; x.later = 1 })()", False),
        ("class A { constructor() { this.later = 1 } }", False),
    ],
)
def test_a_variable_matters_to_what_makes_a_member_of_the_window(text: str, is_made: bool) -> None:
    assert finds(text, Sought(NONE, NONE, variables=LATER)) == is_made


@pytest.mark.parametrize(
    "text",
    [
        "function A() { this.later = 1 }",
        "function f(w) { w.later = 1 } f(window)",
        "(function (w) { w.later = 1 })({})",
        "(function (make) { make(this.Lib = {}) })(function (w) { w.later = 1 })",
        "!function (g, make) { 'object' == typeof exports ? make(exports) : make((g = g || self).lib = {}) }"
        "(this, function (w) { w.later = 1 })",
        "x.later = 1",
        "var f = function () { this.later = 1 }; f.call(x)",
    ],
)
def test_a_variable_that_is_deleted_matters_to_what_may_make_a_member_of_the_window(text: str) -> None:
    assert finds(text, Sought(NONE, NONE, variables=LATER, deleted=LATER))
    assert not finds(text, Sought(NONE, NONE, variables=LATER))
