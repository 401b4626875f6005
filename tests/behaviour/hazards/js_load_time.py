"""What a function does for the script that runs, or finds of later ones, matters only if it runs while that loads.

Each rule is shown from both sides: a function that runs later or never, and one that runs, by whatever way.
"""

from tests.behaviour.hazard import Hazard, js

NAME = ".split('/').pop()"
OWN = f"function own() {{ var s = document.currentScript; return s ? s.src{NAME} : 'none' }}"


def joins(claim: str, script: str) -> Hazard:
    """Return a page whose three files share a bundle: ``own()`` of the second is not called while it loads."""
    return js(
        claim, "log.push(1); throw new Error('x')", f"(function () {{ {OWN} {script} }})()", "log.push(3)", bundles=1
    )


def stays(claim: str, script: str, first: str = "") -> Hazard:
    """Return a page whose second file stays between two bundles: its ``own()`` is called while it loads."""
    return js(claim, f"log.push(1);{first}", f"(function () {{ {OWN} {script} }})()", "log.push(3)", bundles=2)


def share(claim: str, first: str, second: str) -> Hazard:
    """Return a page whose files share a bundle, as the first cannot find what the second declares too early."""
    return js(claim, first + "; throw new Error('x')", second, "log.push(3)", bundles=1)


def part(claim: str, first: str, second: str) -> Hazard:
    """Return a page whose first file must not find what the second declares."""
    return js(claim, first, second, "log.push(3)", bundles=2)


HAZARDS = (
    joins(
        "a listener looks at the running script when none runs",
        "document.addEventListener('DOMContentLoaded', function () { log.push(own()) })",
    ),
    joins("a function that nobody calls looks at no script", "log.push(typeof own)"),
    joins(
        "a method that nobody calls looks at no script",
        "class Tool { look() { return own() } draw() { return 2 } } log.push(new Tool().draw())",
    ),
    joins(
        "a member of an object that nobody calls looks at no script",
        "window.tool = {look: function () { return own() }, draw: function () { return 2 }}; log.push(tool.draw())",
    ),
    js(
        "a function that writes stays with its neighbours, and the script that calls it does not",
        "log.push(1)",
        "function put(text) { document.write('<b>' + text + '</b>') }",
        "put('x'); log.push(document.getElementsByTagName('b').length)",
        "log.push(4)",
        bundles=2,
    ),
    js(
        "a script that only passes a function on joins, and the one that calls it does not",
        OWN,
        "function other() { return own() }",
        "log.push(other())",
        "log.push(4)",
        bundles=2,
    ),
    stays("a function that is called where it stands runs", "(function () { log.push(own()) })()"),
    stays("a function that is handed to a list runs", "[2].forEach(function () { log.push(own()) })"),
    stays("a promise is kept while its script runs", "Promise.resolve().then(function () { log.push(own()) })"),
    stays("a microtask is done while its script runs", "queueMicrotask(function () { log.push(own()) })"),
    stays(
        "a function that the language calls by itself runs", "log.push('' + {toString: function () { return own() }})"
    ),
    stays("a getter runs where its member is read", "var t = {get look() { return own() }}; log.push(t.look)"),
    stays("a setter runs where its member is set", "var t = {set look(x) { log.push(own()) }}; t.look = 1"),
    stays(
        "a method that is called by a computed name runs",
        "var t = {look: function () { return own() }}, all = ['lo' + 'ok']; log.push(t[all[0]]())",
    ),
    stays(
        "a method that is called by a name in a string runs",
        "class Tool { look() { return own() } } var call = (t, name) => t[name](); log.push(call(new Tool, 'look'))",
    ),
    stays("a class that is made runs", "class Tool { constructor() { log.push(own()) } } new Tool()"),
    stays(
        "a class that is made by another name runs",
        "var Tool = class { constructor() { log.push(own()) } }, Other = Tool; new Other()",
    ),
    stays("a bound function runs", "var bound = (function () { log.push(own()) }).bind(null); bound()"),
    stays(
        "a function that a function returns runs", "var make = function () { return () => own() }; log.push(make()())"
    ),
    stays("a template calls its tag", "function tag() { log.push(own()) } tag`x`"),
    stays(
        "an element of one's own is upgraded where it is defined",
        "customElements.define('x-a', class extends HTMLElement { connectedCallback() { log.push(own()) } });"
        " document.body.append(document.createElement('x-a'))",
    ),
    stays(
        "an object that is handed to a function of another script runs",
        "register({start: function () { log.push(own()) }})",
        "function register(plugin) { plugin['st' + 'art']() }",
    ),
    stays(
        "an object in an object that is handed to another script runs",
        "var options = {hooks: {start: function () { log.push(own()) }}}; register(options)",
        "function register(plugin) { plugin.hooks['st' + 'art']() }",
    ),
    stays(
        "what a class makes is handed to another script",
        "class Plugin { start() { log.push(own()) } } register(new Plugin())",
        "function register(plugin) { plugin['st' + 'art']() }",
    ),
    stays(
        "a module's parts run by their numbers",
        "var parts = {12: function () { log.push(own()) }}; function need(id) { parts[id].call(null) } need(6 * 2)",
    ),
    stays("a generator runs where it is walked", "function* all() { yield own() } log.push([...all()][0])"),
    stays("a default value runs where it is needed", "function f(x = own()) { log.push(x) } f()"),
    share(
        "a function that runs later asks for one of a later script",
        "document.addEventListener('DOMContentLoaded', function () { log.push(later()) }); log.push(1)",
        "function later() { return 'later' }",
    ),
    share(
        "a method that nobody calls yet asks for a function of a later script",
        "var tool = {draw: function () { return later() }}; log.push(1)",
        "function later() { return 'later' } log.push(tool.draw())",
    ),
    share(
        "a member of one's own object has the name of a later function",
        "(function () { var t = {}; t.later = function () { return 1 }; if (t.later) log.push(t.later()) })()",
        "function later() { return 2 }",
    ),
    share(
        "a member of one's own object has the name of a later variable",
        "(function () { var lib = {}; lib.map = 1; log.push(lib.map) })()",
        "var map = 2; log.push(map)",
    ),
    share(
        "a member of this object has the name of a later variable",
        "class Chart { constructor() { this.ctx = 1 } } log.push(new Chart().ctx)",
        "var ctx = 2; log.push(ctx)",
    ),
    part(
        "a function that runs asks for one of a later script",
        "function ask() { try { return later() } catch (e) { return 'none' } } log.push(ask())",
        "function later() { return 'later' }",
    ),
    part(
        "a function fails as a later one is not there yet",
        "function ask() { log.push(later()) } ask()",
        "function later() { return 'later' }",
    ),
    part(
        "a function asks whether a later one is there",
        "(function () { log.push([1].map(function () { return typeof later })[0]) })()",
        "function later() { return 'later' }",
    ),
    js(
        "a function that another script calls asks whether a later one is there",
        "var tool = {start: function () { log.push(typeof later) }}",
        "tool.start()",
        "function later() { return 'later' }",
        bundles=2,
    ),
    js(
        "a function that another script calls asks the window for a later one",
        "var tool = {start: function () { log.push(window.later ? 'there' : 'none') }}",
        "tool.start()",
        "function later() { return 'later' }",
        bundles=2,
    ),
    js(
        "a function that another script calls finds the earlier of two functions of a name",
        "function name() { return 'earlier' } var tool = {start: function () { log.push(name()) }}",
        "tool.start()",
        "function name() { return 'later' }",
        bundles=2,
    ),
    part(
        "a window that is handed on is asked for a later function",
        "(function (give) { give(window) })(function (w) { log.push(w.later ? 'there' : 'none') })",
        "function later() { return 'later' }",
    ),
    part(
        "a window that is handed on twice is asked for a later function",
        "(function (give, w) { give(w) })(function (x) { log.push(x.later ? 'there' : 'none') }, this)",
        "function later() { return 'later' }",
    ),
    part(
        "a member of the window is made and taken away",
        "(function (w) { w.made = 1; log.push(delete w.made) })(this)",
        "var made = 2; log.push(made)",
    ),
    part(
        "a member of this window is made and taken away",
        "(function () { this.made = 1; log.push(delete this.made) })()",
        "var made = 2; log.push(made)",
    ),
)
