"""An exception ends the script that it leaves, is reported once, and stops no other (HTML, 8.1.4.4 and 8.1.4.6)."""

from tests.behaviour.hazard import Hazard, js


def thrown(claim: str, throwing: str, head: str = "") -> Hazard:
    """Return a page whose second of three files ends in an exception."""
    return js(
        claim, "log.push(1)", f"log.push(2); {throwing}; log.push('not this')", "log.push(3)", head=head, bundles=1
    )


HAZARDS = (
    thrown("a thrown text ends only its own script", "throw 'text'"),
    thrown("a thrown number ends only its own script", "throw 42"),
    thrown("a thrown null ends only its own script", "throw null"),
    thrown("a thrown nothing ends only its own script", "throw undefined"),
    thrown("a thrown object ends only its own script", "throw {code: 1}"),
    thrown(
        "a thrown object with a text of its own ends only its own script", "throw {toString() { return 'own text' }}"
    ),
    thrown("a thrown object that cannot be shown ends only its own script", "throw {toString() { throw 1 }}"),
    thrown("a thrown error without a prototype ends only its own script", "throw Object.create(null)"),
    thrown("a thrown symbol ends only its own script", "throw Symbol('sign')"),
    thrown("a thrown function ends only its own script", "throw Math.max"),
    thrown("an exception of the document ends only its own script", "document.querySelector('[')"),
    thrown("an unknown name ends only its own script", "unknown.member"),
    thrown("a call of what is no function ends only its own script", "log.missing()"),
    thrown("endless recursion ends only its own script", "(function f() { f() })()"),
    thrown(
        "an error of a class of its own ends only its own script",
        "throw new (class Special extends Error { name = 'Special' })('mine')",
    ),
    thrown(
        "an exception in an inner block with a finally ends only its own script",
        "try { throw new Error('x') } finally { log.push('finally') }",
    ),
    thrown(
        "an exception that is thrown again ends only its own script",
        "try { throw new Error('x') } catch (e) { throw e }",
    ),
    thrown(
        "an exception in a loop ends only its own script",
        "for (const n of [1, 2]) { log.push('turn ' + n); throw new Error('x') }",
    ),
    thrown(
        "an exception in code that is made at run time ends only its own script",
        "new Function('throw new Error(\"made\")')()",
    ),
    thrown(
        "an exception that a handler calls handled shows in no console",
        "throw new Error('quiet')",
        "<script>onerror = function (text) { log.push('handler: ' + text); return true }</script>",
    ),
    thrown(
        "an exception whose event is prevented shows in no console",
        "throw new Error('quiet')",
        "<script>addEventListener('error', event => event.preventDefault())</script>",
    ),
    thrown(
        "an error event carries what was thrown",
        "throw window.thrown = {mark: 5}",
        "<script>addEventListener('error', event => log.push(event.error === thrown, event.error.mark))</script>",
    ),
    thrown(
        "an error event is sent by the browser to the window",
        "throw new Error('x')",
        "<script>addEventListener('error', event => log.push(event.isTrusted, event.target === window))</script>",
    ),
    thrown(
        "an error event comes before the next script runs",
        "throw new Error('x')",
        "<script>addEventListener('error', () => log.push('during ' + log.length))</script>",
    ),
    thrown(
        "an exception is not reported by a function of the page",
        "throw new Error('x')",
        "<script>reportError = function () { log.push('stolen') }</script>",
    ),
    js(
        "an exception is not reported by a function of a later file",
        "log.push(1); throw new Error('x')",
        "log.push(2)\nfunction reportError() { log.push('stolen') }",
        "log.push(3)",
    ),
    js(
        "two exceptions are reported in their order",
        "log.push(1); throw new Error('one')",
        "log.push(2); throw new Error('two')",
        "log.push(3)",
        bundles=1,
    ),
    js(
        "a handler that one file sets is told of the next file's exception",
        "onerror = function (text) { log.push('handler: ' + text); return true }",
        "throw new Error('two')",
        "log.push(3)",
        bundles=1,
    ),
    js(
        "what was done before an exception stays done",
        "document.getElementById('one').textContent = 'Changed'; throw new Error('x')",
        "document.getElementById('two').append(document.getElementById('one').textContent)",
        bundles=1,
    ),
    js(
        "a var behind an exception is declared without a value",
        "throw new Error('x'); var behind = 1",
        "log.push('behind' in window, behind)",
        bundles=1,
    ),
    js(
        "a function behind an exception can be called",
        "throw new Error('x')\nfunction behind() { return 'called' }",
        "log.push(behind())",
        bundles=1,
    ),
    js(
        "a function behind an exception in a block is not there",
        "throw new Error('x'); { function behind() {} }",
        "log.push('behind' in window, typeof behind)",
        bundles=1,
    ),
    js(
        "a class behind an exception can never be used",
        "throw new Error('x'); class Behind {}",
        "try { new Behind() } catch (error) { log.push(error.name) }",
        bundles=2,
    ),
    js(
        "a global called like a caught exception keeps its value",
        "var e = 'kept', error = 'too'; throw new Error(e)",
        "log.push(e, error)",
        bundles=1,
    ),
    js(
        "an exception in code in the page ends only that code",
        elements="<script src=1.js></script>\n<script>throw new Error('x')</script>\n<script src=3.js></script>",
        files={"1.js": "log.push(1)", "3.js": "log.push(3)"},
        bundles=1,
    ),
    js(
        "an exception in the first of two deferred files ends only that one",
        elements="<script defer src='1.js'></script><script defer src='2.js'></script>",
        files={"1.js": "log.push(1); throw new Error('x')", "2.js": "log.push(2)"},
        bundles=1,
    ),
    js(
        "an exception in a function that a later file calls ends the later file",
        "function fail() { throw new Error('x') }",
        "log.push(2); fail(); log.push('not this')",
        "log.push(3)",
        bundles=1,
    ),
    js(
        "an exception of a script that starts with a comment ends only that script",
        "/*! keep */ // and this\nthrow new Error('x') // end",
        "log.push(2) /* end */",
        bundles=1,
    ),
)
