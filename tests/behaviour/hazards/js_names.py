"""Names at the top of a script are declared when that script begins, and not before (ECMAScript, 16.1.7)."""

from tests.behaviour.hazard import Hazard, js


def unseen(claim: str, earlier: str, later: str) -> Hazard:
    """Return a page whose first file must not see what the second declares."""
    return js(claim, earlier, later, bundles=2)


def fixed(claim: str, declaration: str, before: str = "") -> Hazard:
    """Return a page on which *declaration* cannot be made, and only its own script fails for that."""
    scripts = {"1.js": "log.push(1)", "2.js": f"log.push('not this')\n{declaration}", "3.js": "log.push(3)"}
    elements = before + "".join(f'<script src="{name}"></script>' for name in scripts)
    return js(claim, elements=elements, files=scripts)


HAZARDS = (
    js(
        "a member that a script makes can be deleted though a later one declares it",
        "window.made = 1; log.push(delete window.made); window.made = 2",
        "var made = made || 3; log.push(made, delete window.made)",
        bundles=2,
    ),
    js(
        "a variable that no script has made a member yet cannot be deleted",
        "log.push(1); throw new Error('one')",
        "var made = 3; log.push(made, delete window.made)",
        bundles=1,
    ),
    unseen("a second let of a name is an error of its own file", "let a = 1; log.push(a)", "let a = 2; log.push(a)"),
    unseen("a const beside a var of its name is an error of its own file", "var a = 1; log.push(a)", "const a = 2"),
    unseen(
        "a class beside a function of its name is an error of its own file",
        "function a() {}\nlog.push(1)",
        "class a {}",
    ),
    unseen(
        "a function beside a let of its name is an error of its own file", "let a = 1; log.push(a)", "function a() {}"
    ),
    unseen("a name in a pattern counts as declared", "let [a, {b: c}] = [1, {b: 2}]; log.push(c)", "let c = 3"),
    js(
        "a var beside an earlier let is an error of its own file and of no later one",
        "let a = 1; log.push(a)",
        "var a = 2; log.push('not this')",
        "log.push(3)",
    ),
    js(
        "a function beside an earlier class is an error of its own file and of no later one",
        "class Tool {}\nlog.push(1)",
        "log.push('not this')\nfunction Tool() {}",
        "log.push(3)",
    ),
    js(
        "a var in a block beside an earlier const is an error of its own file and of no later one",
        "const a = 1; log.push(a)",
        "log.push('not this'); for (var a of [2]) log.push(a)",
        "log.push(3)",
    ),
    js(
        "a let beside an earlier var is an error of its own file and of no later one",
        "var first = 1; log.push(first)",
        "let first = 2; log.push('not this')",
        "log.push(first)",
    ),
    fixed(
        "a var that an earlier element has as a let is an error of its own file",
        "var taken = 2",
        "<script id=held>let taken = 1</script>",
    ),
    fixed(
        "a function that an earlier element has as a const is an error of its own file",
        "function taken() {}",
        "<script id=held>const taken = 1</script>",
    ),
    fixed(
        "a var that an earlier element has as a class is an error of its own file",
        "if (1) { var taken }",
        "<script id=held>class taken {}</script>",
    ),
    fixed("a function called as a fixed property of the window is an error of its own file", "function top() {}"),
    fixed("a function called as a fixed value is an error of its own file", "function NaN() {}"),
    fixed("a function called as the location is an error of its own file", "function location() {}"),
    unseen("a later let is not there yet", "log.push(typeof later)", "let later = 2; log.push(typeof later)"),
    unseen("a later const is not there yet", "log.push(typeof later)", "const later = 2; log.push(typeof later)"),
    unseen("a later class is not there yet", "log.push(typeof Later)", "class Later {}\nlog.push(typeof Later)"),
    unseen(
        "a later name in a pattern is not there yet", "log.push(typeof z)", "const {x, y: [z]} = {y: [1]}; log.push(z)"
    ),
    unseen("a later function is not there yet", "log.push(typeof later)", "function later() {}"),
    unseen("a later generator is not there yet", "log.push(typeof later)", "function* later() {}"),
    unseen("a later async function is not there yet", "log.push(typeof later)", "async function later() {}"),
    unseen("a later function is not in the window yet", 'log.push("later" in window)', "function later() {}"),
    unseen("a later function is no member of the window yet", "log.push(window.later)", "function later() {}"),
    unseen("a later function is no indexed member of the window yet", "log.push(self['later'])", "function later() {}"),
    unseen("a later function is not there yet for a template", "log.push(window[`later`])", "function later() {}"),
    unseen(
        "a later function whose name has an escape is not there yet",
        "log.push(typeof later)",
        "function l\\u0061ter() {}",
    ),
    unseen(
        "an earlier name with an escape does not see a later function",
        "log.push(typeof l\\u{61}ter)",
        "function later() {}",
    ),
    unseen(
        "a call of a later function fails",
        "try { later() } catch (error) { log.push(error.name) }",
        "function later() {}",
    ),
    unseen(
        "a later function that hides one of the browser's hides it not yet",
        "log.push(/native/.test(String(alert)))",
        "function alert() {}\nlog.push(/native/.test(String(alert)))",
    ),
    unseen(
        "what an earlier file puts under a name is replaced by a later function",
        "helper = window.helper || function () { return 'first' }; log.push(helper())",
        "function helper() { return 'second' }\nlog.push(helper())",
    ),
    unseen(
        "a var of a function's name does not outlive the function",
        "var f = 1; log.push(f)",
        "function f() {}\nlog.push(typeof f)",
    ),
    unseen(
        "two functions of one name are each called in their own file",
        "function f() { return 'one' }\nlog.push(f())",
        "function f() { return 'two' }\nlog.push(f())",
    ),
    js(
        "three functions of one name are each called in their own file",
        *(f"log.push(f())\nfunction f() {{ return {number} }}" for number in (1, 2, 3)),
        bundles=3,
    ),
    js(
        "a function that is declared twice is a new one each time",
        elements='<script src="a.js"></script><script src="a.js"></script>',
        files={"a.js": "log.push(typeof f.seen)\nfunction f() {}\nf.seen = 1"},
    ),
    js(
        "a function is there for what stands before it in a file that throws",
        "log.push(early()); throw new Error('one')\nfunction early() { return 'early' }",
        "log.push(early())",
        bundles=1,
    ),
    js(
        "names of a file that throws cannot be deleted",
        "var a = 1\nfunction b() {}\nc = 2; throw new Error('one')",
        "log.push(delete window.a, delete window.b, delete window.c)",
        bundles=1,
    ),
    js(
        "a name that is used before its let is an error each time it is used",
        "log.push(1); missing; let missing = 1",
        "try { log.push(missing) } catch (error) { log.push(error.name) }",
        bundles=2,
    ),
    js(
        "a let is shared with later files and is no property of the window",
        "let shared = 1; throw new Error('one')",
        "log.push(shared, 'shared' in window)",
        bundles=1,
    ),
    js(
        "a let in a block is no name for the next file",
        "{ let a = 1; log.push(a) }\nthrow new Error('one')",
        "{ let a = 2; log.push(a) }\nlog.push(typeof a)",
        bundles=1,
    ),
    js(
        "a function inside a function is no name of its file",
        "log.push(typeof later); throw new Error('one')",
        "(function () { function later() {}\nlog.push(typeof later) })()",
        bundles=1,
    ),
    js("a later var is not in the window yet", 'log.push("later" in window)', "var later = 1", bundles=2, exact=True),
    js(
        "a read of a later var fails",
        "try { log.push(later) } catch (error) { log.push(error.name) }",
        "if (false) { for (var later of []); }",
        bundles=2,
        exact=True,
    ),
    js(
        "a strict write to a later var fails",
        "'use strict'; try { later = 1 } catch (error) { log.push(error.name) }",
        "'use strict'; var [later] = [2]; log.push(later)",
        bundles=2,
        exact=True,
    ),
    js(
        "a later function in a block is not in the window yet",
        "log.push(window.hasOwnProperty('later'))",
        "{ function later() {} }",
        bundles=2,
        exact=True,
    ),
    js(
        "a later var can not yet be told by its absence",
        "if (!('ready' in window)) log.push('first')",
        "var ready = true; log.push(ready)",
        bundles=2,
        exact=True,
    ),
)
