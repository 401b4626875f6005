"""A later script's names as members of the window, which an earlier one makes or asks for before they are declared.

Each rule is shown from both sides: code that would notice, and code like it that could not.
"""

from tests.behaviour.hazard import Hazard, js


def part(claim: str, earlier: str, later: str) -> Hazard:
    """Return a page whose first file would notice what the second declares."""
    return js(claim, earlier, later, bundles=2)


def join(claim: str, earlier: str, later: str) -> Hazard:
    """Return a page whose first file cannot notice what the second declares."""
    return js(claim, earlier, later, bundles=1)


HAZARDS = (
    # Made, and maybe deleted
    part(
        "a member of the window that a later script declares can be deleted for ever",
        "window.made = 1; log.push(made)",
        "var made = made || 3; log.push(made)",
    ),
    join(
        "a library makes a member of its own object that a later script has as a variable",
        "(function (lib) { lib.map = function (id) { log.push(id); return {id: id} } })(window.L = {})",
        "var map = L.map('one'); log.push(map.id, window.map.id)",
    ),
    part(
        "a library makes a member of the window by a parameter",
        "(function (root) { root.chart = 'library' })(this); log.push(chart)",
        "var chart; log.push(chart); chart = 'own'; log.push(window.chart)",
    ),
    join(
        "a constructor gives its object a member, and another one is deleted",
        "function Tool() { this.made = 1; this.other = 2; delete this.other } log.push(Object.keys(new Tool()).length)",
        "var made = made || 3; log.push(typeof made)",
    ),
    join(
        "members of another object are made, and deleted by names that are computed",
        "function clear(cache) { cache.made = 1; for (var key in cache) delete cache[key] } clear({}); log.push(1)",
        "var made = made || 3; log.push(made)",
    ),
    join(
        "a library makes a member of what it is given",
        "function start(tool) { tool.made = 2; return tool } log.push(start({}).made)",
        "var made = 1; log.push(made)",
    ),
    part(
        "a member that is made can be deleted by its name in quotes",
        "window.made = 1; log.push(delete window['made'])",
        "var made = 2; log.push(made)",
    ),
    part(
        "a member that is made can be deleted by a name that is computed",
        "window.made = 1; for (const name of ['made']) log.push(delete window[name])",
        "var made = 2; log.push(made)",
    ),
    part(
        "a member that is made can be deleted by Reflect",
        "window.made = 1; log.push(Reflect.deleteProperty(window, 'made'))",
        "var made = 2; log.push(made)",
    ),
    part(
        "a member that is made can be deleted as if it were a variable",
        "window.made = 1; log.push(delete made)",
        "var made = 2; log.push(made)",
    ),
    part(
        "a member that is made can be deleted by the script that declares it",
        "(function (w) { w.made = 1 })(window)",
        "var made; log.push(delete window.made, typeof made)",
    ),
    part(
        "a member that is made can be deleted by a name of the window's other name",
        "self.made = 1; var names = ['made']; names.forEach(function (name) { log.push(delete self[name]) })",
        "var made = 2; log.push(made)",
    ),
    part(
        "a member that is made can be deleted by a name that is computed, of the window under a name of the script",
        "(function () { var root = this; root.made = 1; for (var k of ['made']) log.push(delete root[k]) }).call(this)",
        "var made = made || 2; log.push(made)",
    ),
    # Called, or asked for members
    join(
        "a constructor calls a method that a later script has as a function",
        "function Editor() { this.render() } Editor.prototype.render = function () { log.push('own') };"
        "addEventListener('DOMContentLoaded', function () { new Editor() })",
        "function render() { log.push('page') } render()",
    ),
    join(
        "a method is called for another object",
        "function Base() { this.init.call({n: 1}) } Base.prototype.init = function () { log.push(this.n) };"
        "addEventListener('DOMContentLoaded', function () { new Base() })",
        "function init() { log.push('page') } init()",
    ),
    join(
        "a class that is a member is instantiated, and members of a member are asked for",
        "addEventListener('load', function () { make({Tool: function () { this.n = 1 }}) })\n"
        "function make(lib) { log.push(new lib.Tool().n, lib.Tool.name) }",
        "function Tool() { this.n = 2 } log.push(new Tool().n)",
    ),
    part(
        "a function of the browser is called by a member of the window that was handed on",
        "function go(w) { log.push(w.isFinite('x')) } go(window)",
        "function isFinite() { return 'own' } log.push(isFinite())",
    ),
    part(
        "a function of another script is called by a member of the window",
        "window.$ = function () { return 'first' };(function () { var root = this; log.push(root.$()) }).call(this)",
        "function $() { return 'second' } log.push($())",
    ),
    part(
        "a call of a member fails, and its caller catches that",
        "function probe(w) { return w.later() } try { log.push(probe(window)) } catch (e) { log.push('fallback') }",
        "function later() { return 'later' } log.push(later())",
    ),
    part(
        "an object has the window's place in a function that is called for it",
        "(function () { (function (w) { w.run = function () { log.push(typeof later) }; w.run() })(this) }).call({})",
        "function later() {}",
    ),
    join(
        "the window's function is called when the page is there",
        "addEventListener('DOMContentLoaded', function () { window.later() })",
        "function later() { log.push('later') }",
    ),
    part(
        "the window's function is called while there is none",
        "window.later(); log.push('not reached')",
        "function later() { log.push('later') }",
    ),
    part(
        "the function of this is called while there is none",
        "(function () { this.later(); log.push('not reached') })()",
        "function later() { log.push('later') }",
    ),
    part(
        "a member is called if it is there",
        "(function (give) { give(window) })(function (w) { w.later?.(); log.push('reached') })",
        "function later() { log.push('later') }",
    ),
    part(
        "a member is tested before it is called",
        "(function (give) { give(window) })(function (w) { w.later && w.later(); log.push('reached') })",
        "function later() { log.push('later') }",
    ),
    part(
        "a call that fails is caught",
        "(function (give) { give(window) })(function (w) { try { w.later() } catch (e) { log.push('none') } })",
        "function later() { log.push('later') }",
    ),
    part(
        "a member is handed on",
        "(function (give) { give(window) })(function (w) { log.push(String(w.later)) })",
        "function later() { return 'later' }",
    ),
    part(
        "a function that two scripts have is called as a member",
        "(function (give) { give(window) })(function (w) { log.push(w.named()) })\nfunction named() { return 'first' }",
        "function named() { return 'second' } log.push(named())",
    ),
)
