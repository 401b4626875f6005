"""A file that is no script by itself fails by itself, and only it (ECMAScript, 16.1.1 and 16.1.5)."""

from tests.behaviour.hazard import Hazard, js


def broken(claim: str, script: str) -> Hazard:
    """Return a page whose second of three files must fail alone, before it runs."""
    return js(claim, "log.push(1)", f"log.push(2)\n{script}", "log.push(3)", bundles=2)


HAZARDS = (
    js("two halves of a block are two errors", "if (true) {", "log.push('joined') }", bundles=0),
    js("two halves of a call are two errors", "log.push(1,", "2)", bundles=0),
    js("two halves of a function are two errors", "function whole() {\nlog.push(1)", "}\nwhole()", bundles=0),
    js("a sum does not go on in the next file", "var sum = 1 +", "2; log.push(sum)", bundles=1),
    js("an alternative does not go on in the next file", "if (log.length) log.push(1); else", "log.push(2)", bundles=1),
    js("an else without its if is an error", "if (log.length) log.push(1)", "else log.push(2)", bundles=1),
    js("two halves of a template are two errors", "var text = `one", "two`; log.push(text)", bundles=0),
    js("two halves of a comment are an error and a mistake", "log.push(1) /* one", "two */ log.push(2)", bundles=0),
    js(
        "a label at the end of a file names nothing in the next",
        "here:",
        "for (;;) { log.push(1); break here }",
        bundles=0,
    ),
    js("an open comment does not swallow the next file", "log.push(1) /*", "log.push(2) /* two */", bundles=1),
    js("an open string does not swallow the next file", 'log.push("one', 'log.push("two")', bundles=1),
    js("an open template does not swallow the next file", "log.push(`one", "log.push(`two`)", bundles=1),
    js(
        "an open regular expression does not swallow the next file",
        "log.push(/one",
        "log.push(/two/.test('two'))",
        bundles=1,
    ),
    broken("an open substitution fails alone", "log.push(`${1`)"),
    broken("a bracket too many fails alone", "}"),
    broken("a bracket of the wrong kind fails alone", "var list = [1)"),
    broken("a return outside of a function fails alone", "return"),
    broken("a return in a block outside of a function fails alone", "if (log) { return 5 }"),
    broken("an await outside of a function fails alone", "await null"),
    broken("a yield with a value outside of a generator fails alone", "yield 1"),
    broken("an export fails alone in a classic script", "export var shared = 1"),
    broken("an import declaration fails alone in a classic script", 'import { shared } from "./shared.mjs"'),
    broken("the metadata of a module fails alone in a classic script", "log.push(import.meta.url)"),
    broken("the target of new fails alone outside of a function", "log.push(new.target)"),
    broken("a call of super fails alone outside of a class", "super.toString()"),
    broken("two lexical names in one file fail alone", "let twice = 1; let twice = 2"),
    broken("a lexical name and a variable in one file fail alone", "let twice = 1; { var twice = 2 }"),
    broken("a constant without a value fails alone", "const nothing"),
    broken("a break outside of a loop fails alone", "break"),
    broken("a continue outside of a loop fails alone", "if (log) { continue }"),
    broken("a jump to an unknown label fails alone", "for (;;) { break nowhere }"),
    broken("a label inside itself fails alone", "a: { a: { log.push(4) } }"),
    broken("an assignment to a number fails alone", "1 = 2"),
    broken("an increment of a sum fails alone", "var n = 1; (n + 1)++"),
    broken("a pattern that is none fails alone", "log.push(/(/.source)"),
    broken("a repeated flag of a pattern fails alone", "log.push(/a/gg.flags)"),
    broken("a private name that no class declares fails alone", "class A { m() { return this.#gone } }"),
    broken("an escape beyond the last character fails alone", 'log.push("\\u{110000}")'),
    broken("an octal number in strict code fails alone", 'function f() { "use strict"; return 010 }'),
    broken("a with statement in strict code fails alone", 'function f() { "use strict"; with (log) { push(4) } }'),
    broken("two constructors of one class fail alone", "class A { constructor() {} constructor() {} }"),
    broken("two defaults of one switch fail alone", "switch (1) { default: default: log.push(4) }"),
    broken("an arrow function on the next line fails alone", "var f = x\n=> x"),
    broken("a number that runs into a name fails alone", "log.push(3in [])"),
    broken("mixed operators without parentheses fail alone", "log.push(null ?? 1 || 2)"),
    broken("a power of a negation fails alone", "log.push(-2 ** 2)"),
    broken("an optional chain that is assigned to fails alone", "log?.last = 4"),
    broken("a type annotation fails alone", "var n: number = 1"),
    js("a data file that is loaded as a script fails alone", '{"a": 1, "b": 2}', "log.push(2)", bundles=1),
    js(
        "a web page that is loaded as a script fails alone",
        "<!DOCTYPE html>\n<p>Not found</p>",
        "log.push(2)",
        bundles=1,
    ),
    js(
        "an assignment to a call fails only when it is reached",
        "log.push(1); String() = 2; log.push('not this')",
        "log.push(2)",
        bundles=1,
    ),
    js(
        "code that is broken inside a string fails only when it is reached",
        "log.push(1); eval('('); log.push('not this')",
        "log.push(2)",
        bundles=1,
    ),
)
