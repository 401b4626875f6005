"""Traces, writes and searches that are about other things than the running script join; the others do not.

Each rule is shown from both sides: what looks like it and is harmless, and what is meant by it.
"""

from tests.behaviour.hazard import Hazard, js

NAME = ".split('/').pop()"


def joins(claim: str, script: str) -> Hazard:
    """Return a page whose three files share a bundle, though the second seems to look at a script."""
    return js(claim, "log.push(1); throw new Error('x')", script, "log.push(3)", bundles=1)


def stays(claim: str, script: str) -> Hazard:
    """Return a page whose second file stays between two bundles, as it looks at a script.

    HTML in it is a script, to be written into the page, that runs before the third.
    """
    script = script.replace("HTML", "'<script src=w.js><\\/script>'")
    return js(claim, "log.push(1)", script, "log.push(3)", files={"w.js": "log.push('written')"}, bundles=2)


FRAME = "var f = document.body.appendChild(document.createElement('iframe'));"
TRACE = "(function () { try { log.gone() } catch (e) { return e } })()"

HAZARDS = (
    joins(
        "a stack trace of which only the indentation is read joins",
        rf"var m = {TRACE}.stack.trim().match(/\n( *(at )?)/); log.push(m[1])",
    ),
    joins(
        "a stack trace that is a part of a message joins",
        "var text = 'old' + '\\n' + new Error('x').stack; log.push(text.slice(0, 3))",
    ),
    joins(
        "a stack trace without the lines of the library joins",
        r"try { log.gone() } catch (e) { log.push(e.stack.replace(/^\s+at\s.*$/gm, '@').slice(0, 9)) }",
    ),
    joins(
        "a stack trace that is searched for a message joins",
        "try { log.gone() } catch (e) { log.push(e.stack.indexOf(e.message) !== -1) }",
    ),
    joins(
        "a stack trace of which the lines are counted joins",
        r"try { log.gone() } catch (e) { log.push(e.stack.split('\n').length > 0) }",
    ),
    joins(
        "a stack trace whose first line is cut off joins",
        r"try { log.gone() } catch (e) { log.push(e.stack.slice(0, 9)) }",
    ),
    stays(
        "a stack trace that is split at the scheme stays",
        r"log.push(new Error().stack.split('http').pop().split('/').pop().slice(0, 4))",
    ),
    stays(
        "a stack trace that is searched for digits after a colon stays",
        r"log.push(new Error().stack.match(/\/(\d\.js):\d+/)[1])",
    ),
    stays(
        "a stack trace that is handed to a function that knows frames stays",
        r"var frame = /at .*?([^\/]+):\d+:\d+/; function read(text) { return frame.exec(text)[1] }"
        r" log.push(read(new Error().stack))",
    ),
    stays(
        "a stack trace whose line is searched by a pattern beside it stays",
        r"try { log.gone() } catch (e) { var lines = e.stack.split('\n'); log.push(/([^\/]+\.js)/.exec(lines[1])[1]) }",
    ),
    stays(
        "a stack trace that is searched for a file name stays",
        "try { log.gone() } catch (e) { log.push(e.stack.includes('/2.js')) }",
    ),
    stays(
        "a stack trace that is searched for what follows an at sign or bracket stays",
        r"try { log.gone() } catch (e) { log.push(e.stack.match(/[@(].*\/(.*?):/)[1]) }",
    ),
    joins(
        "a frame's document that is opened by an empty write joins",
        f"{FRAME} var d = f.contentWindow.document; d.write(); d.close(); log.push(f.remove())",
    ),
    joins(
        "markup that is written into a frame joins",
        f"{FRAME} var w = f.contentWindow; w.document.write('<b>x</b>'); w.document.close();"
        " log.push(f.contentDocument.body.innerHTML)",
    ),
    joins(
        "markup that is written into a frame by a name joins",
        f"(function () {{ {FRAME} var d = f.contentDocument; d.open(); d.write('<b>x</b>'); d.close();"
        " log.push(d.body.innerHTML) })()",
    ),
    joins(
        "markup that is written into either of two documents of a frame joins",
        f"{FRAME} (f.contentWindow || f.contentDocument).document.write('<i>x</i>'); log.push(f.remove())",
    ),
    joins(
        "a stream that is written to with a callback joins",
        "var out = {write: function (text, done) { log.push(text); done() }}; out.write('<b>', function () {})",
    ),
    joins(
        "a document that is made and written to joins",
        "var made = document.implementation.createHTMLDocument(''); made.write('<b>x</b>');"
        " log.push(made.body.innerHTML)",
    ),
    stays(
        "markup that is written to a parameter stays where the document may be given",
        "function put(d) { d.write(HTML) } put(document);",
    ),
    stays(
        "markup that is written into the document of a variable stays",
        "(function () { var d = window.document; d.write(HTML) })();",
    ),
    stays(
        "markup that is written into a property's document stays",
        "var lib = {doc: document}; lib.doc.write(HTML);",
    ),
    stays(
        "markup that is written into the document of an element stays",
        "document.body.ownerDocument.write(HTML);",
    ),
    js(
        "markup that is written into the document by a name of another script stays",
        "var doc = document; log.push(1)",
        "doc.write('<b>x</b>');",
        "log.push(document.body.lastElementChild.localName)",
        bundles=2,
    ),
    joins(
        "scripts that are searched in a fragment join",
        "(function (part) { part.append(document.createElement('script'));"
        " log.push(part.querySelectorAll('script').length) })(document.createDocumentFragment())",
    ),
    joins(
        "scripts that are searched in new content join",
        "var box = document.createElement('div'); box.innerHTML = '<script>1<\\/script>';"
        " log.push(box.getElementsByTagName('script').length)",
    ),
    joins(
        "the first script as a place to put another before it joins",
        "(function (i, s, o, a, m) { a = s.createElement('meta'), m = s.getElementsByTagName(o)[0];"
        " m.parentNode.insertBefore(a, m); log.push(2) })(window, document, 'script')",
    ),
    joins(
        "the first script as a place that may be missing joins",
        "(function () { var s = document.getElementsByTagName('script')[0], m = document.createElement('meta');"
        " if (!s) document.head.appendChild(m); else s.parentNode.insertBefore(m, s); log.push(2) })()",
    ),
    joins(
        "the first script of a list as a place joins",
        "(function () { var all = document.getElementsByTagName('script');"
        " all[0].before(document.createElement('meta')); log.push(2) })()",
    ),
    joins(
        "the first script by a selector as a place joins",
        "document.querySelector('script').parentNode.insertBefore(document.createElement('meta'), null); log.push(2)",
    ),
    stays(
        "the last script as a place to put another before it stays",
        "(function () { var all = document.getElementsByTagName('script'), s = all[all.length - 1];"
        " s.parentNode.insertBefore(document.createElement('b'), s);"
        " log.push(document.body.lastElementChild.previousElementSibling.localName) })()",
    ),
    stays(
        "the first script whose address is read stays",
        f"(function () {{ var s = document.getElementsByTagName('script')[2]; log.push(s.src{NAME}) }})()",
    ),
    stays(
        "scripts that are searched in the page's body stay",
        "(function (root) { log.push(root.querySelectorAll('script').length) })(document.body)",
    ),
    stays(
        "scripts that are searched by a function that gets the document stay",
        "function count(root) { return root.getElementsByTagName('script').length } log.push(count(document))",
    ),
    stays(
        "scripts whose number decides stay",
        "(function () { var all = document.getElementsByTagName('script'); log.push(all.length) })()",
    ),
    stays(
        "a script that is handed on stays",
        f"(function () {{ var s = document.getElementsByTagName('script')[2];"
        f" (function (x) {{ log.push(x.src{NAME}) }})(s) }})()",
    ),
    joins(
        "scripts of data that are searched join",
        "log.push(document.querySelectorAll('script[data-value]').length)",
    ),
    js(
        "a script that is searched by its data keeps its place",
        elements="<script src=1.js></script><script data-key=a src=2.js></script><script src=3.js data-key=a></script>",
        files={
            "1.js": "log.push(1); throw new Error('x')",
            "2.js": "log.push([...document.querySelectorAll('script[data-key]')].pop().getAttribute('src'))",
            "3.js": "log.push(3)",
        },
        bundles=1,
    ),
    joins(
        "an attribute that no script of a bundle has is read of the current script",
        "log.push(document.currentScript.hasAttribute('async'), document.currentScript.dataset.mode)",
    ),
    joins(
        "an attribute that no script of a bundle has is read by a name",
        "(function () { var s = document.currentScript; log.push(s && s.getAttribute('data-mode')) })()",
    ),
    joins("a script that only asks whether it is the current one joins", "if (document.currentScript) log.push(2)"),
    stays(
        "an attribute that differs is read of the current script",
        "log.push(document.currentScript.getAttribute('src'))",
    ),
    stays(
        "the current script is handed on",
        f"(function (s) {{ log.push(s.src{NAME}) }})(document.currentScript)",
    ),
    stays(
        "an attribute of the current script that is set stays",
        "document.currentScript.dataset.mode = 'x'; log.push(document.querySelector('[data-mode]').src.slice(-4))",
    ),
    joins(
        "a stack trace of which what is before the place is read joins",
        rf"var m = {TRACE}.stack.split('\\n')[1].trim().split('@')[0].split(' ')[0]; log.push(m)",
    ),
    joins(
        "a stack trace of which lines are taken away joins",
        r"(function () { var s = String(new Error('x').stack); log.push(/\n\s*at [^:]*:[^\n]*/.test(s)) })()",
    ),
    stays(
        "a stack trace that is handed on with what to look for stays",
        "function pick(text, word) { return text.split(word)[1].split('/').pop().slice(0, 4) }"
        " log.push(pick(new Error().stack, 'http'))",
    ),
    stays(
        "a stack trace that is split for what follows the scheme stays",
        r"log.push(String(new Error().stack.split('://')[1]).split('/').pop().slice(0, 4))",
    ),
    joins(
        "a search for code in new content joins",
        "(function () { var p = document.createElement('p'); p.innerHTML = '<script>1<\\/script>';"
        " log.push(p.querySelectorAll('script:not([src])').length) })()",
    ),
    stays("a search for files and code stays", "log.push(document.querySelectorAll('script:not([type=x])').length)"),
    joins(
        "a search for a nonce that is read joins",
        "(function () { var s = document.querySelector('script[nonce]'); log.push(s ? s.nonce : 'none') })()",
    ),
    stays(
        "a count of scripts with a nonce stays", "log.push(document.querySelectorAll('script[nonce], script').length)"
    ),
    joins(
        "a place before the first script or sheet of the head joins",
        "(function () { var f = document.head, i = f ? f.querySelector('script, link[rel=stylesheet], style') : null;"
        " f.insertBefore(document.createElement('style'), i); log.push(2) })()",
    ),
    stays(
        "the last script or sheet, and its address, is looked at",
        "(function () { var all = document.querySelectorAll('script, link[rel=stylesheet]');"
        f" log.push(all[all.length - 1].src{NAME}) }})()",
    ),
    stays("whether a script of some address is there", "log.push(document.querySelector('[src=\"2.js\"]') !== null)"),
)
