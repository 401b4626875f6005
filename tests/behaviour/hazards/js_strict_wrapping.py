"""A strict script between sloppy ones shares their bundle, and means what it meant (ECMAScript, 16.1.7 and 11.2.2)."""

from tests.behaviour.hazard import Hazard, js

STRICT = '"use strict"; '
MODE = "(function () { return this ? 'sloppy' : 'strict' })()"


def between(claim: str, script: str, after: str = "log.push(3)", bundles: int = 1) -> Hazard:
    """Return a page whose second of three files is strict; the first throws, the third is sloppy."""
    return js(
        claim,
        f"log.push({MODE}); throw new Error('one')",
        f"{STRICT}{script}",
        f"log.push({MODE}); {after}",
        bundles=bundles,
    )


HAZARDS = (
    between("a strict script between sloppy ones is strict by itself", f"log.push({MODE})"),
    between("a strict script has the window as this", "log.push(this === window)"),
    between(
        "a variable of a strict script is a member of the window",
        "var own = 1; log.push(Object.getOwnPropertyDescriptor(window, 'own').configurable)",
        "log.push(own, window.own)",
    ),
    between(
        "variables of a strict script with and without values are declared",
        "var one = 1, two, three = 3, four; log.push(typeof two)",
        "log.push('four' in window, two, one + three)",
    ),
    between(
        "a variable of a strict script exists before its line", "log.push(typeof late, 'late' in window); var late = 1"
    ),
    between(
        "a variable without a value keeps what another script gave it",
        "log.push(window.kept); window.kept = 1; var kept; log.push(kept)",
    ),
    between(
        "a variable in a loop of a strict script is declared",
        "for (var i = 0, n = 2; i < n; i++) log.push(i)",
        "log.push(i, n)",
    ),
    between("a variable in a loop over keys is declared", "for (var key in {a: 1}) log.push(key)", "log.push(key)"),
    between(
        "a variable in a loop over values is declared", "for (var each of [1, 2]) log.push(each)", "log.push(each)"
    ),
    between(
        "a variable in branches is declared",
        "if (log.length) var yes = 1; else var no = 2",
        "log.push(yes, 'no' in window)",
    ),
    between(
        "a function that a variable is given has its name",
        "var named = function () {}; log.push(named.name)",
        "log.push(named.name)",
    ),
    between(
        "a class that a variable is given has its name",
        "var Named = class {}; log.push(Named.name)",
        "log.push(new Named().constructor.name)",
    ),
    between(
        "a function of a strict script is called by later ones, and is strict",
        f"function own() {{ return {MODE} }} log.push(own())",
        "log.push(own(), typeof window.own)",
    ),
    between(
        "a function of a strict script is hoisted over its own lines",
        "log.push(own(2)); function own(a) { a = 3; return arguments[0] }",
        "log.push(own(4))",
    ),
    between(
        "a function of a strict script sees its variables",
        "var count = 1; function next() { return ++count } log.push(next())",
        "count = 5; log.push(next())",
    ),
    between(
        "a function of a strict script that another replaces is the other",
        "function own() { return 1 } function ask() { return own() } log.push(ask())",
        "window.own = function () { return 2 }; log.push(ask())",
    ),
    between(
        "a variable that shadows nothing does not leak from a function",
        "(function () { var inner = 1; log.push(inner) })()",
        "log.push(typeof inner)",
    ),
    between("an exception of a strict script ends only it", "log.push(2); nothing.at.all; log.push('not this')"),
    between(
        "a write to a name that is not declared fails in a strict script alone",
        "try { undeclared = 1 } catch (error) { log.push(error.name) }",
        "loose = 1; log.push(loose)",
    ),
    between(
        "names after line ends without semicolons are assignments",
        "log.push(1)\nvar a = 1\nvar b = 2\nvar c\nlog.push(a + b)",
        "log.push(c)",
    ),
    between(
        "a line that begins with a bracket after a variable goes on",
        "var f = function (a) { return a }\n(4)\nlog.push(f)",
    ),
    between(
        "a comment between two variables is none of them",
        "var a = 1, // one\n  b, /* two */ c = 3\nlog.push(a + c)",
        "log.push(b)",
    ),
    between("a strict script that names the arguments of all stays by itself", "log.push(typeof arguments)", bundles=3),
    between(
        "a strict script that takes a value apart stays by itself",
        "var {length} = log; log.push(length)",
        "log.push(length)",
        bundles=3,
    ),
    between(
        "a strict script with a default value of a parameter stays by itself",
        f"function own(a = 1) {{ return a + {MODE} }} log.push(own())",
        "log.push(own())",
        bundles=3,
    ),
    between(
        "a strict script with a function in a block keeps it there",
        "{ function inner() {} log.push(typeof inner) } log.push(typeof inner)",
        "log.push(typeof inner)",
    ),
    between(
        "a strict script with a top-level let stays by itself", "let own = 1; log.push(own)", "log.push(own)", bundles=3
    ),
    js(
        "a script that runs twice declares its variables once",
        f"{STRICT}log.push(typeof own); var own = 1",
        f"{STRICT}var other = 2; log.push(own)",
        "own = 7; log.push(own)",
        elements="<script src='1.js'></script><script src='3.js'></script><script src='1.js'></script>"
        "<script src='2.js'></script>",
        bundles=1,
    ),
)
