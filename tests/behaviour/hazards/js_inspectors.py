"""The current script is followed to functions, and functions that look at it to their callers, and no further.

Each rule is shown from both sides: a use that is harmless or means another function, and one that is not.
"""

from tests.behaviour.hazard import Hazard, js

NAME = ".split('/').pop()"


def joins(claim: str, script: str) -> Hazard:
    """Return a page whose three files share a bundle, though the second seems to look at itself."""
    return js(claim, "log.push(1); throw new Error('x')", script, "log.push(3)", bundles=1)


def stays(claim: str, script: str) -> Hazard:
    """Return a page whose second file stays between two bundles, as it looks at itself."""
    return js(claim, "log.push(1)", script, "log.push(3)", bundles=2)


def joins_behind(claim: str, library: str, caller: str) -> Hazard:
    """Return a page whose first file looks at the script that runs, and whose second has nothing to do with that."""
    return js(claim, library, caller + "; throw new Error('x')", "log.push(3)", bundles=1)


def stays_behind(claim: str, library: str, caller: str) -> Hazard:
    """Return a page whose second file calls what the first has, which looks at the script that runs."""
    return js(claim, "log.push(0)", library, caller, caller, "log.push(4)", "log.push(5)", bundles=2)


LOOK = f"document.currentScript.src{NAME}"
# A library with two functions of one name; one of them looks at the script that runs.
LIBRARY = (
    "(function (w) {"
    f" class First {{ draw() {{ return {LOOK} }} }} class Second {{ draw() {{ return 'drawn' }} }}"
    " w.lib = {first: new First(), second: new Second()} })(window)"
)

HAZARDS = (
    joins(
        "the current script is given to a function that asks for data that its bundle has too",
        "(function () { var own = document.currentScript, NAME = 'data-suffix';"
        " function suffix(host) { return host && host.hasAttribute(NAME) ? host.getAttribute(NAME) : null }"
        " log.push(suffix(own)) })()",
    ),
    joins(
        "the current script is given to a function expression of a name that is never replaced",
        "(function () { const own = document.currentScript; const read = function read(policy, host) {"
        " let suffix = null; const ATTR = `data-suffix`; if (host && host.hasAttribute(ATTR))"
        " suffix = host.getAttribute(ATTR); return policy + suffix }; log.push(read('a', own)) })()",
    ),
    joins(
        "the current script is given from one function to the next",
        "(function () { function a(x) { return b(1, x) } function b(y, z) { return z.dataset.mode || y }"
        " log.push(a(document.currentScript)) })()",
    ),
    stays(
        "the current script is given to a function that asks for its address",
        f"(function () {{ function read(host) {{ return host && host.src{NAME} }}"
        " log.push(read(document.currentScript)) })()",
    ),
    stays(
        "the current script is given to a function that asks for an attribute by a variable name",
        "(function () { var name = 'data-x'; name = 'src'; function read(host) { return host.getAttribute(name) }"
        " log.push(read(document.currentScript)) })()",
    ),
    stays(
        "the current script is given to a function that was replaced",
        "(function () { var read = function (host) { return host.dataset.x };"
        f" read = function (host) {{ return host.src{NAME} }}; log.push(read(document.currentScript)) }})()",
    ),
    stays(
        "the current script is found among the arguments of a function",
        f"(function () {{ function read(host) {{ return arguments[0].src{NAME} }}"
        " log.push(read(document.currentScript)) })()",
    ),
    stays(
        "the current script is another parameter, as arguments are spread before it",
        f"(function () {{ function read(a, b) {{ return a.src{NAME} }}"
        " log.push(read(...[], document.currentScript, {})) })()",
    ),
    stays(
        "the current script is given on by the function that gets it",
        f"(function () {{ function tell(host) {{ window.host = host }} tell(document.currentScript);"
        f" log.push(window.host.src{NAME}) }})()",
    ),
    joins_behind(
        "a name that two functions of a library have tells neither",
        LIBRARY + f"; log.push({LOOK})",
        "(function (all) { log.push(all[0].draw()) })([{draw: () => 'mine'}])",
    ),
    joins_behind(
        "a function of one's own name is one's own",
        f"(function (w) {{ w.lib = {{}}; w.lib.start = function () {{ return {LOOK} }} }})(window); log.push({LOOK})",
        "(function () { class App { start() { return 'mine' } } var app = new App(); log.push(app.start()) })()",
    ),
    joins_behind(
        "a method of this object is that of the script that gives it one",
        f"var lib = {{parse: function () {{ return {LOOK} }}}}; log.push({LOOK})",
        "(function () { function Day(text) { this.parse(text) }"
        " Day.prototype.parse = function (text) { log.push(text) }; new Day('x') })()",
    ),
    stays_behind(
        "a method of another script's variable is called though one's own has that name",
        f"var lib = {{start: function () {{ return {LOOK} }}}}",
        "(function () { var app = {start: function () { return lib.start() }}; log.push(app.start()) })()",
    ),
    stays_behind(
        "a method of a member of another script's variable is called though one's own has that name",
        f"var lib = {{core: {{start: function () {{ return {LOOK} }}}}}}",
        "(function () { var app = {start: function () { return lib.core.start() }}; log.push(app.start()) })()",
    ),
    stays_behind(
        "one of two functions of a name is that of a variable of all scripts",
        f"var lib = {{draw: function () {{ return {LOOK} }}}}; (function () {{ class Other {{ draw() {{}} }} }})()",
        "log.push(lib.draw())",
    ),
    stays_behind(
        "a class of all scripts has one of two functions of a name",
        f"class Lib {{ draw() {{ return {LOOK} }} }} (function () {{ class Other {{ draw() {{}} }} }})()",
        "log.push(new Lib().draw())",
    ),
    stays_behind(
        "a method of an object of which nothing is known is called by a script that has none of that name",
        f"(function (w) {{ w.lib = {{}}; w.lib.start = function () {{ return {LOOK} }} }})(window)",
        "(function (app) { log.push(app.start()) })(window['l' + 'ib'])",
    ),
)
