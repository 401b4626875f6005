"""A script that looks for its own element, place or URL finds them (HTML, 4.12.1.1 and 8.1.4)."""

from tests.behaviour.hazard import Hazard, js

NAME = ".split('/').pop()"


def looks(claim: str, script: str, files: dict[str, str | bytes] | None = None) -> Hazard:
    """Return a page whose second of three files looks at itself."""
    return js(claim, "log.push(1)", script, "log.push(3)", files=files, bundles=2)


def looks_elsewhere(claim: str, script: str) -> Hazard:
    """Return a page whose second of three files only seems to look at itself."""
    return js(claim, "log.push(1); throw new Error('x')", script, "log.push(3)", bundles=1)


def looks_for_caller(claim: str, library: str, caller: str, bundles: int = 2) -> Hazard:
    """Return a page whose first file looks at the script that calls it, as the second and third do."""
    return js(claim, library, caller, caller, "log.push(4)", "log.push(5)", bundles=bundles)


HAZARDS = (
    looks("the current script has its own URL", f"log.push(document.currentScript.src{NAME})"),
    looks("the current script is found by a name in brackets", f"log.push(document['currentScript'].src{NAME})"),
    looks(
        "the current script is found in a pattern", f"var {{currentScript: own}} = document; log.push(own.src{NAME})"
    ),
    looks(
        "the current script is found through another name",
        f"(function (d) {{ log.push(d.currentScript.src{NAME}) }})(document)",
    ),
    looks("the current script is found through a template", f"log.push(document[`currentScript`].src{NAME})"),
    looks("the current script is found behind a question mark", f"log.push(document?.currentScript?.src{NAME})"),
    looks("the current script can be read as markup", "log.push(document.currentScript.outerHTML)"),
    looks(
        "the last of all scripts is the one that runs",
        f"log.push(document.scripts[document.scripts.length - 1].src{NAME})",
    ),
    looks("the scripts of the page can be counted", "log.push(document.scripts.length)"),
    looks(
        "the scripts of the page are found through another name",
        f"var d = document, all = d.scripts; log.push(all[all.length - 1].src{NAME})",
    ),
    looks(
        "the scripts of the page are found in a pattern",
        f"const find = ({{scripts}}) => scripts[scripts.length - 1].src{NAME}; log.push(find(document))",
    ),
    looks(
        "script elements are found by their tag",
        f"var all = document.getElementsByTagName('script'); log.push(all[all.length - 1].src{NAME})",
    ),
    looks(
        "script elements are found by their tag in upper case",
        f"log.push([...document.getElementsByTagName('SCRIPT')].pop().src{NAME})",
    ),
    looks(
        "script elements are found by a tag that is handed over",
        f"(function (d, s) {{ var own = d.getElementsByTagName(s)[2]; log.push(own.src{NAME}) }})(document, 'script')",
    ),
    looks(
        "script elements are found by a tag under a name",
        f"var tag = 'script'; log.push([...document.getElementsByTagName(tag)].pop().src{NAME})",
    ),
    looks(
        "a script element is found by a selector", "log.push(document.querySelector('script[src=\"2.js\"]') !== null)"
    ),
    looks(
        "script elements are found by a list of selectors",
        "log.push(document.querySelectorAll('head script, body > script').length)",
    ),
    looks(
        "script elements are found by a selector in a template",
        "log.push(document.body.querySelectorAll(`script`).length)",
    ),
    looks(
        "a script finds its element by the name of its file",
        r"var own = [...document.querySelectorAll('[src]')].filter(e => /\/2\.js$/.test(e.src)); log.push(own.length)",
    ),
    looks("a stack trace names the file", r"log.push(/\/2\.js/.test(new Error().stack))"),
    looks(
        "a stack trace of a caught error names the file",
        r"try { log.gone() } catch (error) { log.push(error.stack.includes('/2.js')) }",
    ),
    looks(
        "a stack trace that is taken by a pattern names the file",
        r"var {stack} = new Error(); log.push(stack.includes('/2.js'))",
    ),
    looks(
        "a captured stack trace names the file",
        "var trace = {}; Error.captureStackTrace(trace); log.push(trace['stack'].includes('/2.js'))",
    ),
    js(
        "a module is imported from the folder of the script",
        elements="<script src='lib/1.js'></script><script src='2.js'></script>",
        files={
            "lib/1.js": "log.push(1); import('./part.mjs').then(part => { window.part = part.name })",
            "2.js": "log.push(2)",
            "lib/part.mjs": "export var name = 'lib'",
            "part.mjs": "export var name = 'page'",
        },
        after="<script type=module src=lib/part.mjs></script>",
        seen="window.part",
        bundles=1,
    ),
    js(
        "a picture is asked for from the folder of the script",
        elements="<script src='lib/1.js'></script><script src='2.js'></script>",
        files={"lib/1.js": "new Image().src = new URL('a.png', document.currentScript.src)", "2.js": "log.push(2)"},
        bundles=1,
    ),
    js(
        "what a script puts after its own element stays there",
        "document.currentScript.insertAdjacentHTML('afterend', '<b>one</b>')",
        "document.currentScript.insertAdjacentHTML('afterend', '<b>two</b>')",
        bundles=0,
    ),
    js(
        "what a script puts in place of its own element stays there",
        "document.currentScript.replaceWith('one ')",
        "log.push(document.body.innerText.trim())",
        "document.currentScript.replaceWith('three')",
        bundles=1,
    ),
    js(
        "a script that gives itself a name is called by it",
        "log.push(1)",
        "throw new Error('x')\n//# sourceURL=named.js",
        "log.push(3)",
        head="<script>addEventListener('error', event => log.push(event.filename.split('/').pop()))</script>",
        bundles=2,
    ),
    js(
        "a script that gives itself a name in the old way is called by it",
        "log.push(1); var f = function () {}",
        "(function () { throw new Error('x') })()\n//@ sourceURL=old.js",
        "log.push(3)",
        head="<script>addEventListener('error', event => log.push(event.filename.split('/').pop()))</script>",
        bundles=2,
    ),
    js(
        "deferred scripts each have a current script",
        elements="<script defer src='1.js'></script><script defer src='2.js'></script>",
        files={name: f"log.push(document.currentScript.src{NAME}, '{name}')" for name in ("1.js", "2.js")},
        bundles=0,
    ),
    js(
        "a script may wait for its own element to load",
        "document.currentScript.onload = () => log.push('loaded 1')",
        "document.currentScript.onload = () => log.push('loaded 2')",
        bundles=0,
    ),
    looks_elsewhere(
        "the word for the current script in a string looks at nothing", "log.push('document.currentScript')"
    ),
    looks_elsewhere(
        "the word for the current script in a comment looks at nothing", "log.push(2) // document.currentScript"
    ),
    looks_elsewhere(
        "scripts of an object look at no element", "var pack = {scripts: ['a']}; log.push(pack.scripts.length)"
    ),
    looks_elsewhere(
        "a script element that is made is no look at others",
        "var made = document.createElement('script'); made.text = 'log.push(2)'; document.body.append(made)",
    ),
    looks_elsewhere("elements of another tag are no scripts", "log.push(document.getElementsByTagName('p').length)"),
    looks_elsewhere("a stack of one's own is no trace", "var pile = {stack: []}; log.push(pile.size = 2)"),
    looks_for_caller(
        "a function of another script finds the current script",
        f"function own() {{ return document.currentScript.src{NAME} }}",
        "log.push(own())",
    ),
    looks_for_caller(
        "a method of another script finds the last script",
        "var lib = {own: function () { var all = document.getElementsByTagName('script');"
        f" return all[all.length - 1].src{NAME} }}}}",
        "log.push(lib.own())",
        bundles=1,
    ),
    looks_for_caller(
        "a function that calls another finds the current script",
        f"(function (w) {{ function a() {{ return document.currentScript.src{NAME} }}"
        " w.lib = {own: () => a()} })(window)",
        "log.push(lib['own']())",
    ),
    looks_for_caller(
        "a function of another script finds the file in a stack trace",
        r"function own() { return /\/[23]\.js/.exec(new Error().stack)[0] }",
        "log.push(own())",
        bundles=1,
    ),
    looks_for_caller(
        "a function of another script writes behind the one that calls it",
        "function put(text) { document.write('<b>' + text + '</b>') }",
        "put('x'); log.push(document.getElementsByTagName('b').length)",
    ),
    looks_for_caller(
        "a function that is called through one of a third script finds the current script",
        f"function own() {{ return document.currentScript.src{NAME} }}",
        "log.push(typeof told === 'function' ? told() : 0); function told() { return own() }",
    ),
    js(
        "a script that is written for its caller comes before the next",
        "function need(url) { document.write('<script src=\"' + url + '\"><\\/script>') }",
        "need('more.js')",
        "log.push(window.more)",
        files={"more.js": "window.more = 1"},
    ),
    js(
        "a script finds its own element by the page's own helper",
        "function qs(selector) { return document.querySelector(selector) }",
        "var me = qs('script[src^=\"2.js\"]'); log.push(me ? me.getAttribute('src') : 'none')",
        "log.push(3)",
        bundles=2,
    ),
    js(
        "a script finds its own element by a function of any name",
        "function $$(selector) { return [...document.querySelectorAll(selector)] }",
        "log.push($$('body > script').length, $$('script').length)",
        "log.push(3)",
        bundles=2,
    ),
    js(
        "a script finds its own element by an XPath",
        "log.push(1)",
        "var all = document.evaluate('//script', document, null, 7, null); log.push(all.snapshotLength)",
        "log.push(3)",
        bundles=2,
    ),
    js(
        "a loader finds that a script of the page is there already",
        "log.push('first')",
        "log.push('once')",
        "var there = [].some.call(document.scripts, function (each) { return /\\/2\\.js$/.test(each.src) });"
        " log.push(there); if (!there) document.write('<script src=\"2.js\"><\\/script>')",
        bundles=1,
    ),
    js(
        "a loader asks for a script by a selector that it puts together",
        "log.push('first')",
        "log.push('once')",
        "function has(file) { return !!document.querySelector('[src$=\"' + file + '\"]') } log.push(has('2.js'))",
        bundles=1,
    ),
    js(
        "a loader loads a file of the page again, from the same address",
        "log.push(document.querySelectorAll('[src=\"2.js\"]').length)",
        "log.push('twice')",
        "var again = document.createElement('script'); again.src = '2.js'; again.onload = function () {"
        " log.push(performance.getEntriesByName(again.src).length) }; document.head.append(again)",
    ),
)
