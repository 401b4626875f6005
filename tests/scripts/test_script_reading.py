"""A script is read for what it would do to its neighbours."""

import pytest

from pressmark.model import Asset
from pressmark.scripts.joining import Script
from pressmark.scripts.script_reading import read_script
from pressmark.stores.memory import MemoryStore
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.placement import Placement, UnmovableError


def read(text: str | bytes, charset: str | None = "utf-8") -> Script:
    raw = text.encode("utf-8") if isinstance(text, str) else text
    return read_script(Asset("/static/a.js", "text/javascript", raw, (), charset), Analyses(MemoryStore()))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("f(", id="bracket"),
        pytest.param("f())", id="bracket too many"),
        pytest.param("/* a", id="comment"),
        pytest.param("'a", id="string"),
        pytest.param("`a${b", id="template"),
        pytest.param("x = 1 +", id="operator"),
        pytest.param("if (a)", id="head of an if"),
        pytest.param("while (a)", id="head of a loop"),
        pytest.param("if (a) b(); else", id="else"),
        pytest.param("var", id="var"),
        pytest.param("a.", id="dot"),
        pytest.param("return 1", id="return outside of a function"),
        pytest.param("var cfg = [1 2]", id="two values in a list"),
        pytest.param("f() g()", id="two calls on a line"),
        pytest.param("var a b", id="two names"),
        pytest.param(r"x = `\u`", id="no escape in a template without a tag"),
        pytest.param(r"x = '\xg'", id="no escape in a string"),
    ],
)
def test_a_script_that_a_neighbour_would_complete_stays(text: str) -> None:
    with pytest.raises(UnmovableError, match="is no script by itself"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("f()", id="no semicolon"),
        pytest.param("f() // end", id="comment at the end"),
        pytest.param("x++", id="increment"),
        pytest.param("function f() { return 1 }", id="return in a function"),
        pytest.param("(function () { return /[/]/.test(x) })()", id="regular expression"),
        pytest.param("", id="empty"),
        pytest.param(r"x = String.raw`\u \xg \uc1 \\u`", id="no escapes in a tagged template"),
        pytest.param("a: for (;;) { break a }", id="label"),
        pytest.param("x = { import: 1, export: 2, write() {} }", id="keywords as names"),
        pytest.param("document.title = 'currentScript'", id="a word in a string"),
        pytest.param("el.write('x'); foo.scripts", id="other objects' members"),
        pytest.param("throw e.stack", id="a stack that is passed on"),
        pytest.param(r"a = x.stack.trim().match(/\n( *(at )?)/)", id="a stack of which only the indentation is read"),
        pytest.param("warn('http' + new Error().stack)", id="a stack that is a part of a message"),
        pytest.param("s = e.stack.replace(/^.*$/m, '@')", id="a stack of which a line is taken away"),
        pytest.param("var doc = frame.contentWindow.document; doc.write('<p>')", id="a frame's document"),
        pytest.param("var w = open('', 'x'); w.document.write('<p>')", id="a popup's document"),
        pytest.param("(frame.contentWindow || frame.contentDocument).document.write('<p>')", id="a document of either"),
        pytest.param("document.write()", id="nothing that is written"),
        pytest.param("function f(out) { out.write(1, '<p>'); out.write(() => '<p>') }", id="a stream"),
        pytest.param("init(document); x.write('a')", id="a text that is no markup, written to something"),
        pytest.param("var ax; ax = new ActiveXObject('htmlfile'); ax.write('<p>')", id="a document that was made"),
        pytest.param("function f(e) { return e.querySelectorAll('script').length }", id="scripts in new content"),
        pytest.param(
            "function f(e, html) { $('script', e); $(html).find('script') }", id="scripts in new content, by jQuery"
        ),
        pytest.param(
            "(function (i, s, o, a, m) { a = s.createElement(o), m = s.getElementsByTagName(o)[0];"
            " m.parentNode.insertBefore(a, m) })(window, document, 'script')",
            id="a place to insert before the first script",
        ),
        pytest.param(
            "(function () { var all = document.getElementsByTagName('script'); if (all[0]) all[0].before(x) })()",
            id="a place before the first of a list",
        ),
        pytest.param("if (document.currentScript) f(document.currentScript.dataset.mode)", id="shared attributes"),
        pytest.param("f(document.currentScript.hasAttribute('init'))", id="an attribute that no script has"),
        pytest.param(
            "(function () { const own = document.currentScript, NAME = 'data-x';"
            " function f(a) { return a && a.hasAttribute(NAME) } f(own) })()",
            id="a shared attribute by a function",
        ),
        pytest.param("function own() { return document.currentScript.src }", id="what nobody calls while it loads"),
        pytest.param("class A { put(t) { document.write(t) } }", id="a write that nobody calls while it loads"),
        pytest.param("s = e.stack.split('@')[0]", id="a stack of which what is before the place is read"),
        pytest.param("(() => { const s = document.querySelector('script[nonce]'); f(s && s.nonce) })()", id="a nonce"),
        pytest.param("f.querySelectorAll('script:not([src])')", id="code in the page"),
        pytest.param(
            "(() => { const i = a ? document.head.querySelector('script, link[rel=x]') : b; c.insertBefore(d, i) })()",
            id="a place before a script or a sheet",
        ),
        pytest.param(
            "(function () { var s = document.currentScript; f(s && s.getAttribute('data-mode')) })()",
            id="a shared attribute by a name",
        ),
        pytest.param(
            "var s = chart.stack; s.values; chart.stack.push(1); a.indexOf(chart.stack[0]); try{}catch(e){s.at(e)}",
            id="a stack of others",
        ),
        pytest.param("window.console.warn(e, e.stack, new Error('x').stack)", id="a stack on the console"),
        pytest.param("var f = ({write}) => write(1); document.title", id="a parameter called write"),
        pytest.param("d.querySelector('img[src]').src", id="other elements by their source"),
        pytest.param("var using; using = function () {}", id="a variable called using"),
        pytest.param("(class A { #a; b(c) { return #a in c } })", id="a private name of a class"),
        pytest.param("// document.write('x')\nf('//# sourceURL=a.js')", id="words in comments and strings"),
        pytest.param("$('<script>'); d.createElement('script')", id="scripts that are made"),
        pytest.param("(function(d){ d.title = 'a'; out.write('x') })(document)", id="another object's write"),
        pytest.param("$(document).ready(f); out.write('x')", id="jQuery's document"),
        pytest.param(
            "for (const a of b) (async () => { for await (const c of d) e in f })()", id="words between names"
        ),
        pytest.param("x = class { get a() { return 1 } static b = 2; async c() {} }", id="words before members"),
        pytest.param("if (a) b(); else c()\ndo d(); while (e) f()", id="heads"),
    ],
)
def test_a_plain_script_may_stand_anywhere(text: str) -> None:
    assert read(text).placement is Placement.ANYWHERE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("var s = document.currentScript", "currentScript", id="currentScript"),
        pytest.param("f(document.currentScript.getAttribute('src'))", "currentScript", id="its address"),
        pytest.param("f(document.currentScript.hasAttribute('id'))", "currentScript", id="its id"),
        pytest.param("f(document.currentScript.getAttribute(`${x}`))", "currentScript", id="any attribute"),
        pytest.param(
            "(x => { const {a = 'data-x'} = x; f(document.currentScript.getAttribute(a)) })(y)",
            "currentScript",
            id="an attribute by a default",
        ),
        pytest.param("delete document.currentScript.dataset.x", "currentScript", id="an attribute that is deleted"),
        pytest.param(
            "(() => { function f(a) { g(a.src) } f(/* a */ document.currentScript) })()",
            "currentScript",
            id="its address by a function",
        ),
        pytest.param(
            "(() => { function f() { g(arguments[0].src) } f(document.currentScript) })()",
            "currentScript",
            id="its address by the list of arguments",
        ),
        pytest.param(
            "f(document.querySelector('[src*=\"x\"]') !== null)", "script elements", id="whether one is there"
        ),
        pytest.param("f(e.stack, e.stack.split('@')[1])", "stack", id="a stack of which the place is read"),
        pytest.param("log(pick(new Error().stack, 'http'))", "stack", id="a stack given with a pattern"),
        pytest.param("document?.currentScript", "currentScript", id="currentScript, optional"),
        pytest.param("var {currentScript: s} = document", "currentScript", id="currentScript, taken apart"),
        pytest.param("document['currentScript']", "currentScript", id="currentScript, by its name"),
        pytest.param("f() //# sourceURL=a.js", "sourceURL", id="sourceURL"),
        pytest.param("document.scripts[0]", "scripts", id="scripts"),
        pytest.param("document.write('<p>')", "document.write", id="document.write"),
        pytest.param("document.writeln('<p>')", "document.writeln", id="document.writeln"),
        pytest.param("(function(d){d.write('<p>')})(document)", "document.write", id="document.write, by another name"),
        pytest.param("document['write']('<p>')", "document.write", id="document.write, by a string"),
        pytest.param("d.getElementsByTagName('script')", "script elements", id="getElementsByTagName"),
        pytest.param('d.querySelector("head > script")', "script elements", id="querySelector"),
        pytest.param("import('./a.js')", "import()", id="import()"),
        pytest.param("import.meta.url", "no script by itself", id="import.meta"),
        pytest.param("import a from './a.js'", "no script by itself", id="import"),
        pytest.param("export const a = 1", "no script by itself", id="export"),
        pytest.param("$('head script')", "script elements", id="jQuery"),
        pytest.param("(function(s){d.getElementsByTagName(s)})('script')", "script elements", id="script, by a name"),
        pytest.param(r"/x\.js/.exec(e.stack)", "stack", id="stack trace, matched"),
        pytest.param("x.write('<a>')", "document.write", id="document.write, perhaps"),
        pytest.param("function f(d) { d.write(a) } f(document)", "document.write", id="document.write, by a parameter"),
        pytest.param("const f = d => d.scripts[0]; f(document)", "scripts", id="scripts, of an arrow function"),
        pytest.param("var d = window['document']; f(d.scripts)", "scripts", id="scripts, by a string"),
        pytest.param(
            r"function f(e) { return e.stack.split('\n') } f(e)[1].replace(/^.*(https?:.*\.js).*$/, '$1')",
            "stack",
            id="stack trace, given back",
        ),
        pytest.param("var a = document.body; a.querySelector('script')", "script elements", id="body by a name"),
        pytest.param("$(document.body).append(document.scripts)", "scripts", id="scripts, handed on"),
        pytest.param("(document).write('a')", "document.write", id="document.write, in brackets"),
        pytest.param("(w.d || document).write('a')", "document.write", id="document.write, or another's"),
        pytest.param("el.ownerDocument.write('a')", "document.write", id="document.write, by an element"),
        pytest.param("var {write} = document", "document.write", id="document.write, taken apart"),
        pytest.param(
            "querySelector; d.querySelector('script[src*=\"' + n + '\"]')", "script elements", id="joined selector"
        ),
        pytest.param("d.querySelector('[src*=\"app.js\"]')", "script elements", id="selector by its source"),
        pytest.param("var s = 'script[src]'; d.querySelector(s)", "script elements", id="selector in a variable"),
        pytest.param("$(document).find('script')", "script elements", id="jQuery, find"),
        pytest.param("Error.captureStackTrace(e); e.stack.includes('a.js')", "stack", id="stack trace, captured"),
        pytest.param("s = e.stack.split('http')[1]", "stack", id="stack trace, a part of it"),
        pytest.param(r"new Error().stack.match(/:\d+/)", "stack", id="stack trace"),
        pytest.param("try{f()}catch(e){e.stack.includes('@')}", "stack", id="stack trace, caught"),
        pytest.param("var e = Error(1);\nf(() => e.stack.indexOf('http'))", "stack", id="stack trace, made"),
        pytest.param(
            r"var re = /at .*:(\d+)/; function f(s) { return re.exec(s) } g(f(new Error().stack))",
            "stack",
            id="stack trace, given to a function that knows frames",
        ),
    ],
)
def test_a_script_that_looks_at_itself_stays(text: str, reason: str) -> None:
    with pytest.raises(UnmovableError) as raised:
        read(text)

    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("text", "is_strict"),
    [
        ("'use strict'; f()", True),
        ('"use strict"\nf()', True),
        ("/* a */ 'use strict'", True),
        ("'other'; 'use strict';", True),
        ("'other'\n'use strict'\nf()", True),
        ("('use strict')", False),
        ("'use\\x20strict'", False),
        ("f(); 'use strict'", False),
        ("'use strict' + f()", False),
        ("'use strict'\n+ f()", False),
        ("'use strict'.length", False),
        ("'use strict', f()", False),
        ("function f() { 'use strict' }", False),
    ],
)
def test_strictness_is_what_the_directive_prologue_says(text: str, is_strict: bool) -> None:
    assert read(text).analysis.is_strict is is_strict


@pytest.mark.parametrize(
    "text",
    [
        "let a = b",
        "class A extends B {}",
        "let [a] = b",
        "const {a} = b",
        "f()\nlet a = 1",
        "'use strict'; const a = b()",
    ],
)
def test_a_script_whose_lexical_names_may_fail_cannot_be_isolated(text: str) -> None:
    script = read(text)

    assert (script.placement, script.isolated) == (Placement.ANYWHERE, None)


@pytest.mark.parametrize("text", ["let a;function a(){}", "class A{} function A(){}", "let f;function*f(){}"])
def test_a_script_that_declares_a_name_twice_is_alone(text: str) -> None:
    """QuickJS takes it for a script, and browsers do not."""
    assert read(text).placement is Placement.ALONE


@pytest.mark.parametrize(
    "text", ["{ let a }", "for (let a of b) ;", "(function () { const a = 1 })()", "x = class {}", "a.let = 1"]
)
def test_lexical_names_of_inner_scopes_do_not_matter(text: str) -> None:
    assert read(text).placement is Placement.ANYWHERE


@pytest.mark.parametrize(
    ("text", "functions", "variables"),
    [
        ("function f() {}", {"f"}, set()),
        ("async function f() {} function* g() {}", {"f", "g"}, set()),
        ("(function f() {})()", set(), set()),
        ("x = function f() {}", set(), set()),
        ("x()\nfunction f() {}", {"f"}, set()),
        ("if (a) { function f() {} }", set(), {"f"}),
        ("if (a) function f() {}", set(), {"f"}),
        ("switch (a) { case 1: var b; default: function f() {} }", set(), {"b", "f"}),
        ("try { var a } catch { var b } finally { var c }", set(), {"a", "b", "c"}),
        ("l: for (var i of a) { var j }", set(), {"i", "j"}),
        ("var {a, b: c, d: [e = x], ...f} = y, [g, ...h] = z", set(), {"a", "c", "e", "f", "g", "h"}),
        ("var a = 1, b, c = [d, e]", set(), {"a", "b", "c"}),
        ("let a; const b = 1; class C { m() { var d } }", set(), set()),
        ("for (var i = 0, n = 2; i < n; i++) ;", set(), {"i", "n"}),
        ("for (var k in o) { var v = o[k] }", set(), {"k", "v"}),
        ("(function () { var a })(); var b", set(), {"b"}),
        ("var f = () => { var inner }", set(), {"f"}),
    ],
)
def test_top_level_names_are_those_that_become_global(text: str, functions: set[str], variables: set[str]) -> None:
    script = read(text)

    assert (set(script.analysis.functions), set(script.analysis.variables)) == (functions, variables)


@pytest.mark.parametrize(
    ("text", "rule", "at"),
    [
        ("f()\nlet a; let a", "syntax", (2, 13)),
        ("f()\n  g(document.currentScript)", "current-script", (2, 14)),
        ("'é'; document.write('x')", "document-write", (1, 15)),
        ("f()\n#a in b", "syntax", (2, 1)),
    ],
)
def test_a_reason_says_where(text: str, rule: str, at: tuple[int, int]) -> None:
    with pytest.raises(UnmovableError) as raised:
        read(text)

    assert (raised.value.reason.rule, raised.value.reason.at) == (rule, at)


def test_a_hashbang_becomes_a_comment() -> None:
    assert read("#!/usr/bin/env node\nf()").text == "///usr/bin/env node\nf()"


def test_a_byte_order_mark_goes() -> None:
    assert read(b"\xef\xbb\xbff()").text == "f()"


def test_characters_beyond_ascii_need_a_declared_encoding() -> None:
    with pytest.raises(UnmovableError, match="save it as UTF-8"):
        read("x = 'é'", None)


@pytest.mark.parametrize(
    "comment", ["//# sourceMappingURL=a.js.map", "//@ sourceMappingURL=a.js.map\n", "//# sourceMappingURL=data:x"]
)
def test_the_name_of_a_files_own_map_goes(comment: str) -> None:
    """Developer tools would take it for the map of the bundle."""
    assert read(f"f()\n{comment}").text == "f()\n"


@pytest.mark.parametrize(
    "text", ["f(`\n//# sourceMappingURL=a`)", "f()\n//# sourceMappingURL=a\ng()", "/*\n//# sourceMappingURL=a*/"]
)
def test_what_only_looks_like_the_name_of_a_map_stays(text: str) -> None:
    assert read(text).text == text
