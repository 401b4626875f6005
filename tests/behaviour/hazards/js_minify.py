"""Code without its white space and comments is the same code (ECMAScript, 12 and 12.10)."""

from tests.behaviour.hazard import Hazard, js


def tight(claim: str, script: str) -> Hazard:
    """Return a page whose first file is hard to minify and must not be called by the second."""
    return js(claim, f"{script}\nvar end = log.length", "(function () { log.push('next') })()", bundles=1)


HAZARDS = (
    tight(
        "a comment that is all of a function is its text",
        "log.push((function () {/* <b>text</b> */}).toString().match(/\\/\\* (.*) \\*\\//)[1])",
    ),
    tight(
        "a comment in a parameter list that is read is its type",
        "function f(a, /* int */ b) {} log.push((f.toString().match(/\\/\\*\\s*(\\w+)/) || [])[1])",
    ),
    tight("a function's text is read from both ends", "log.push((()=>{/*Hello World!*/}).toString().slice(7, -3))"),
    tight(
        "a sum of signed numbers keeps its signs",
        "var a = 1, b = 2; log.push(a + +b, a - -b, a + ++b, a - --b, a+ + +b)",
    ),
    tight(
        "a step after a name on a line of its own is none of the name",
        "var a = 1, b = 2\nvar c = a\n++b\nlog.push(a, b, c)",
    ),
    tight("a step before the line end is of the name before it", "var a = 1, b = 2\nvar c = a++\nb\nlog.push(a, b, c)"),
    tight("a return before a line end returns nothing", "log.push((function () { return\n1 })())"),
    tight(
        "a throw keeps its value",
        "try { throw 'a' /* one */ + 'b' } catch (e) { log.push(e) }",
    ),
    tight(
        "a break before a line end leaves the inner loop",
        "out: for (var i = 0; i < 2; i++) { for (;;) { log.push(i); break\nout } }",
    ),
    tight("a division is no pattern", "var a = 8, b = 2, g = 1; log.push(a / b / g, (a) / b, [a][0] / b /g, a++ / 2)"),
    tight(
        "a pattern after a bracket is no division",
        "if (log) /b/g.test('b') && log.push('pattern'); log.push(1 ? /[/]/.source : 2)",
    ),
    tight("a pattern after a block is no division", "{}\n/1/g.test(1) && log.push('pattern')"),
    tight("a division after a function expression divides", "var g = 1; log.push(isNaN(function () {} / 2 / g))"),
    tight(
        "a pattern with slashes in a class ends at its end",
        "log.push('a//b'.split(/[/]{2} ?/).length, /\\/\\*/.test('/*'))",
    ),
    tight("a pattern after a word is one", "log.push(typeof /x/, (function () { return /\"/.test('\"') })())"),
    tight(
        "comments in strings and strings in comments stay",
        "log.push('/* a */ // b', \"//\") /* ' */; log.push(`/* c */`) // \"",
    ),
    tight("a comment parts two words", "var/**/a/**/=/**/typeof/**/log; log.push(a)"),
    tight("a comment with a line end ends a statement", "var a = 1 /*\n*/ var b = 2; log.push(a + b)"),
    tight("templates in templates stay", "var a = 1; log.push(`x ${ a ? `y  ${ '}' + a }  z` : `` }  w`)"),
    tight("white space in a template stays", "log.push(`a\n   b  //  c\n\n`.length)"),
    tight("a brace in a template's part ends no part", "log.push(`${ { a: 1 }.a }${ function () { return '}' }() }`)"),
    tight("white space in a string that goes on stays", "log.push('a  \\\n   b')"),
    tight(
        "fields of a class on lines of their own stay fields",
        "(function () { class A { a = 1\n b\n ['c'] = 3\n static d = 4\n get; e = 5 }\n"
        "log.push(JSON.stringify(new A()), A.d) })()",
    ),
    tight(
        "private names of a class stay",
        "(function () { class A { #x = 1; #m() { return this.#x } static has(o) { return #x in o }"
        " get v() { return this.#m() } }\n"
        "log.push(A.has(new A()), new A().v) })()",
    ),
    tight(
        "a static block of a class runs",
        "(function () { class A { static { log.push('static') } static async *g() {} 'quoted name'() {} }\n"
        "log.push(Object.getOwnPropertyNames(A.prototype)) })()",
    ),
    tight("a number keeps its dots", "log.push(1..toString(), 1 .toString(), 1.0.toFixed(1), 1.5.toFixed(), 5.+.5)"),
    tight("a number keeps its parts", "log.push(1_000, 0x1F, 0b11, 0o17, 1e3, 10n ** 2n)"),
    tight("the word in stays between its operands", "var o = {a: 1}; log.push('a' in o, 'b'in o, 1 in[1, 2])"),
    tight(
        "a label stays at its loop",
        "here: for (var i = 0; i < 3; i++) { for (;;) { if (i) break here\ncontinue here } }\nlog.push(i)",
    ),
    tight(
        "getters and words as names stay",
        "var o = { get get() { return 1 }, set set(v) {}, async async() {}, new: 2, in: 3, get: 4 }\n"
        "log.push(o.new, o.in, o.get)",
    ),
    tight(
        "an async arrow function stays one",
        "var f = async x => x, async = 1\nlog.push(typeof f, f.constructor.name, async)",
    ),
    tight("an arrow function that returns an object stays one", "log.push((() => ({ a: 1 }))().a, (a => { a: 1 })(1))"),
    tight(
        "a statement without end before an else stays",
        "if (log) log.push(1)\nelse log.push(2)\ndo log.push(3)\nwhile (0) log.push(4)",
    ),
    tight("an empty statement stays", "for (var i = 0; i < 3; i++);\nif (i);\nelse;\nwhile (i-- > 0);\nlog.push(i)"),
    tight("an arrow at the start of a line is a comment", "var x = 3\n--> 0; log.push('not this')\nlog.push(x)"),
    tight("an arrow within a line compares", "var x = 3; while (x --> 0) log.push(x)"),
    tight("a less than a negation stays", "var a = 3, b = 1; log.push(a<! --b, b)"),
    tight("a question mark before a dot and a number asks", "var a = 1, o = null; log.push(a?.5:1, o?.x, o ?? 2)"),
    tight("assignments with logic stay", "var a = null, b = 1; a ??= 5; b &&= 6; a ||= 7; log.push(a, b, 2 ** 3 ** 0)"),
    tight("letters with escapes stay", "var \\u0061b = 1; log.push(ab, '\\u{1f600}'.length, /\\u{1f600}/u.flags)"),
    tight(
        "a pattern with sets in sets stays",
        "log.push(/[[a-z]--[b]]/v.test('b'), /(?<year>\\d+)/.exec('42').groups.year)",
    ),
    tight(
        "a name that looks like a directive for old browsers stays a comment",
        "var a = 1; /*@cc_on a = 2; @*/ log.push(a) //@ end",
    ),
    tight(
        "the name and length of a function stay",
        "function named(first, second = 1, ...rest) {}\nlog.push(named.name, named.length)",
    ),
    tight("names that code in a string uses stay", "(function () { var local = 5; log.push(eval('local')) })()"),
    tight(
        "yield before a pattern stays",
        "log.push(...(function* () { yield /a/.source; yield /b/.source })())",
    ),
    tight("a let on a line before a bracket declares", "(function () { let\n[a] = [1]; log.push(a) })()"),
    tight("spaces of every kind part words", "var\u00a0a\u2003=\t1\u000b;\u000clog.push(a)\ufeff"),
    tight("a class that ends in a comment stays", "(class { m() {} /* end */ }) /* of */ // it\nlog.push(1)"),
    tight("a regular expression after a template stays", "var x = `a${1}`\n;/a/.test(x) && log.push('pattern')"),
    tight(
        "optional catch and nullish calls stay",
        "try { null.x } catch { log.push('caught') }\nlog.push?.('called'), log.none?.()",
    ),
)
