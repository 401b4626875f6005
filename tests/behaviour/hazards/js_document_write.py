"""What a script writes into the page stands right behind its element and is parsed at once (HTML, 8.4.3)."""

from tests.behaviour.hazard import Hazard, js

WRITTEN = {"w.js": "log.push('written')"}


def writes(claim: str, write: str) -> Hazard:
    """Return a page whose first file writes a script that runs before the second; *write* takes HTML."""
    script = write.replace("HTML", "'<script src=w.js><\\/script>'")
    return js(claim, f"log.push(1); {script}", "log.push(2)", files=WRITTEN, bundles=1)


HAZARDS = (
    writes("a script that is written runs before the next", "document.write(HTML)"),
    writes("a script that is written with a line end runs before the next", "document.writeln(HTML)"),
    writes(
        "a script that is written in pieces runs before the next",
        "document.write('<script src=', 'w.js', '><\\/script>')",
    ),
    writes("a script that is written by a name in brackets runs before the next", "document['write'](HTML)"),
    writes(
        "a script that is written through another name runs before the next",
        "(function (d) { d.write(HTML) })(document)",
    ),
    writes("a script that is written through the window runs before the next", "window.document.write(HTML)"),
    writes(
        "a script that is written by a bound function runs before the next",
        "var put = document.write.bind(document); put(HTML)",
    ),
    writes("a script that is written by a called function runs before the next", "document.write.call(document, HTML)"),
    writes(
        "a script that is written by a function from a pattern runs before the next",
        "var {write} = document; write.call(document, HTML)",
    ),
    writes(
        "a script that is written by the document's class runs before the next",
        "Document.prototype.write.call(document, HTML)",
    ),
    js(
        "a script that the last of three files writes runs after them",
        "log.push(1); var f = function () {}",
        "(function () { log.push(2) })()",
        "document.write('<script src=w.js><\\/script>'); log.push(3)",
        files=WRITTEN,
        after="<script>log.push('end')</script>",
        bundles=1,
    ),
    js(
        "a comment that is written hides the next scripts",
        "log.push(1); document.write('<!' + '--')",
        elements="<script src='1.js'></script><script src='2.js'></script><!-- end --><script src='3.js'></script>",
        files={"2.js": "log.push('not this')", "3.js": "log.push(3)"},
    ),
    js(
        "an element that is written holds what follows",
        elements="<script src='1.js'></script>inside<script src='2.js'></script>",
        files={"1.js": "document.write('<b>')", "2.js": "document.write('</b>')"},
        after="outside",
        bundles=0,
    ),
    js(
        "a stylesheet that is written applies to what the next script reads",
        "document.write('<link rel=stylesheet href=w.css>')",
        "log.push(getComputedStyle(document.getElementById('one')).color)",
        "log.push(3)",
        files={"w.css": "p { color: green }"},
        bundles=1,
    ),
    js(
        "a text that is written by code in the page stands between the scripts",
        elements="<script src='1.js'></script><script>document.write('<script src=w.js><\\/script>')</script>"
        "<script src='2.js'></script>",
        files=WRITTEN | {"1.js": "log.push(1)", "2.js": "log.push(2)"},
        bundles=2,
    ),
    js(
        "a deferred script that would write keeps its place",
        "log.push(1)",
        elements="<script defer src='1.js'></script><script defer src='2.js'></script>",
        files={"1.js": "document.write('<b>not this</b>'); log.push(document.readyState)", "2.js": "log.push(2)"},
        after="<p>late</p>",
        head="<script>document.write = function (html) { log.push('ignored ' + html) }</script>",
        bundles=1,
    ),
    js(
        "an object that is written to is no document",
        "var out = {write: text => log.push(text)}; out.write('one'); throw new Error('x')",
        "out.write('two')",
        bundles=1,
    ),
    js(
        "a text about writing writes nothing",
        "log.push('document.write(1)') // document.write(2)\nthrow new Error('x')",
        "log.push(/document.write/.test('document.write'))",
        bundles=1,
    ),
)
