"""A script with a top-level let, const or class ends a bundle, or goes on where it surely does not throw.

Its names are held for all scripts, outside of the window, and from the start of its own (ECMAScript, 9.1.1.4 and
16.1.7).
"""

from tests.behaviour.hazard import Hazard, js


def last(claim: str, script: str, first: str = "log.push(1); throw new Error('one')", after: str = "") -> Hazard:
    """Return a page whose last of three files has a lexical name; *after* is code behind them."""
    return js(claim, first, "log.push(2)", script, after=f"<script>{after}</script>" if after else "", bundles=1)


def parted(claim: str, *scripts: str, bundles: int = 2) -> Hazard:
    """Return a page whose scripts are not all in one bundle."""
    return js(claim, *scripts, bundles=bundles)


HAZARDS = (
    last(
        "a constant of the last script is seen by later ones",
        "const own = 3; log.push(own)",
        after="log.push(own, 'own' in window)",
    ),
    last(
        "a class of the last script is seen by later ones",
        "class Own { say() { return 3 } } log.push(new Own().say())",
        after="log.push(typeof Own, window.Own)",
    ),
    last(
        "a variable by let of the last script can be set by later ones",
        "let own = 3; log.push(own)",
        after="own = 4; log.push(own)",
    ),
    last(
        "a constant of the last script cannot be set by later ones",
        "const own = 3; log.push(own)",
        after="try { own = 4 } catch (error) { log.push(error.name) }",
    ),
    last(
        "a function of the last script reads its constant",
        "const own = 3; function ask() { return own } log.push(ask())",
        after="log.push(ask(), typeof window.ask)",
    ),
    last(
        "a constant that is read before its line fails",
        "try { own } catch (error) { log.push(error.name) } const own = 3",
    ),
    last(
        "an exception in the last script leaves its constant unset",
        "const own = nothing.at.all; log.push('not this')",
        after="try { log.push(typeof own) } catch (error) { log.push(error.name) }",
    ),
    last(
        "values that are taken apart are constants of the last script",
        "const {length: own} = log, [one] = log; log.push(own, one)",
        after="log.push(own, one)",
    ),
    last(
        "a constant is no member of the window that a script before it asks",
        "const own = 3; log.push(own)",
        first="log.push(window.own, 'own' in window, typeof window['own'])",
    ),
    js(
        "a script that only declares goes on in the bundle",
        "const settings = {mode: 3}; class Box { open() { return settings.mode } }",
        "log.push(new Box().open()); throw new Error('two')",
        "log.push(settings.mode)",
        bundles=1,
    ),
    js(
        "listeners that are added by a script with constants are called",
        "const own = 1; document.addEventListener('DOMContentLoaded', () => { log.push('ready ' + own) })",
        "const other = 2; addEventListener('load', () => log.push('load ' + other))",
        "log.push(own + other)",
        bundles=1,
    ),
    js(
        "a constant of an earlier script cannot be set by a later one of the bundle",
        "const own = 1, part = document.querySelector('#one');",
        "try { own = 2 } catch (error) { log.push(error.name) } log.push(own, part.id); throw new Error('two')",
        "log.push(typeof own)",
        bundles=1,
    ),
    js(
        "three scripts that only declare share a bundle with one that runs",
        "const one = 1",
        "let two = () => one + 1",
        "class Three { static four = 4 }",
        "log.push(one, two(), Three.four); throw new Error('x')",
        bundles=1,
    ),
    parted("a script after one whose constant may fail runs", "const own = nothing.at.all", "log.push(2)"),
    parted(
        "a script after one that declares and then fails runs",
        "const own = 1; own.fails(); log.push('not this')",
        "log.push(own)",
        bundles=1,
    ),
    parted("a script after one that declares behind what fails runs", "own.fails(); const own = 1", "log.push(2)"),
    parted(
        "functions and constants of a script that fails later are there",
        "let own = 1; class Own { say() { return ask() } } function ask() { return own } nothing.at.all",
        "log.push(new Own().say()); own = 2; log.push(ask())",
        bundles=1,
    ),
    parted(
        "a constant that is read too early by its own script fails there",
        "try { ask() } catch (error) { log.push(error.name) } const own = 1; function ask() { return own }",
        "log.push(ask())",
    ),
    parted(
        "a class that extends what may be missing ends only its script", "class Own extends Missing {}", "log.push(2)"
    ),
    parted(
        "a static member that fails ends only its script", "class Own { static own = nothing.at.all }", "log.push(2)"
    ),
    parted(
        "a search by a broken selector ends only its script", "const own = document.querySelector('a >')", "log.push(2)"
    ),
    parted(
        "a member of what is not there ends only its script",
        "const own = document.getElementById('none').id",
        "log.push(2)",
    ),
    parted(
        "a name that is asked for before it is declared is not there yet",
        "log.push(typeof own)",
        "const own = 2; log.push(own)",
    ),
    parted(
        "a name that fails before it is declared fails as one that is not there",
        "try { own } catch (error) { log.push(error.message) }",
        "let own = 2; log.push(own)",
    ),
    parted(
        "an element's name is found before a constant takes it", "log.push(typeof one)", "const one = 2; log.push(one)"
    ),
    parted(
        "a constant that a variable before it forbids fails alone",
        "var own = 1; log.push(own)",
        "const own = 2; log.push('not this')",
    ),
    js(
        "a constant that a variable of a file that stays forbids fails alone",
        "log.push(typeof document.currentScript.src); var own = 1",
        "log.push(2)",
        "const own = 2; log.push('not this')",
        "log.push(own)",
        bundles=3,
    ),
    js(
        "a constant that a variable in the page forbids fails alone",
        elements="<script id=x>var own = 1</script><script src='1.js'></script><script src='2.js'></script>"
        "<script src='3.js'></script>",
        files={"1.js": "log.push(1)", "2.js": "const own = 2; log.push('not this')", "3.js": "log.push(own)"},
        bundles=3,
    ),
    js(
        "a constant that another has taken fails alone",
        "const own = 1",
        "log.push(own)",
        "let own = 3; log.push('not this')",
        "log.push(4)",
        bundles=3,
    ),
    parted(
        "a name that no window allows fails alone", "log.push(1)", "let undefined = 2; log.push('not this')", bundles=1
    ),
    parted(
        "a constant with the name of the window's own fails alone",
        "log.push(1)",
        "const location = 2; log.push('not this')",
    ),
    js(
        "a deferred script with a constant is the last of its bundle",
        elements="\n".join(f"<script defer src='{number}.js'></script>" for number in (1, 2, 3)),
        files={
            "1.js": "log.push(1); throw new Error('one')",
            "2.js": "const own = document.body.children.length; log.push(own > 1)",
            "3.js": "log.push(own > 1)",
        },
        bundles=2,
    ),
    js(
        "an exact script with a constant begins a bundle",
        "log.push(1)",
        "const own = 2; log.push(own)",
        "log.push(own)",
        exact=True,
        bundles=2,
    ),
)
