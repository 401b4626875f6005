"""What scripts do happens in the order of their elements, with what they queue in between (HTML, 8.1.4.4)."""

from tests.behaviour.hazard import Hazard, js

COLOUR = "log.push('%s', getComputedStyle(document.getElementById('one')).color)"


def queued(claim: str, script: str, head: str = "") -> Hazard:
    """Return a page whose first file queues what must happen before the second runs."""
    return js(claim, f"{script}; log.push('one')", "log.push('two')", head=head, bundles=2, exact=True)


HAZARDS = (
    queued("a promise's callback comes before the next script", "Promise.resolve().then(() => log.push('then'))"),
    queued("a queued microtask comes before the next script", "queueMicrotask(() => log.push('queued'))"),
    queued(
        "an async function goes on before the next script", "(async function () { await null; log.push('awaited') })()"
    ),
    queued(
        "an async arrow function goes on before the next script", "(async () => { await null; log.push('awaited') })()"
    ),
    queued(
        "an async method goes on before the next script", "({ async run() { await 0; log.push('awaited') } }).run()"
    ),
    queued(
        "an async generator goes on before the next script",
        "(async function* () { yield 1 })().next().then(() => log.push('yielded'))",
    ),
    queued(
        "a loop that awaits goes on before the next script",
        "(async () => { for await (const n of [1, 2]) log.push(n) })()",
    ),
    queued(
        "an observer of the document is told before the next script",
        "new MutationObserver(() => log.push('told')).observe(document.body, {attributes: true}); document.body.id = 1",
    ),
    queued(
        "a finally callback comes before the next script", "Promise['resolve'](1).finally(() => log.push('finally'))"
    ),
    queued(
        "the callback of a page's own promise comes before the next script",
        "ready.then(() => log.push('then'))",
        "<script>var ready = Promise.resolve()</script>",
    ),
    queued(
        "the callback of an awaited element class comes before the next script",
        "customElements.whenDefined('x-a')['then'](() => log.push('defined')); customElements.define('x-a', XA)",
        "<script>class XA extends HTMLElement {}</script>",
    ),
    js(
        "a microtask of the last of three files comes after all of them",
        "log.push('one'); var f = function () {}",
        "(function () { queueMicrotask(() => log.push('queued')); log.push('two') })()",
        "log.push('three')",
        bundles=2,
        exact=True,
    ),
    js(
        "a promise's callback comes before the next deferred script",
        elements="<script defer src='1.js'></script><script defer src='2.js'></script>",
        files={"1.js": "Promise.resolve().then(() => log.push('then'))", "2.js": "log.push('two')"},
        bundles=2,
        exact=True,
    ),
    js(
        "a promise's callback comes before the next code in the page",
        elements="<script src='1.js'></script><script>log.push('two')</script>",
        files={"1.js": "Promise.resolve().then(() => log.push('then'))"},
        bundles=1,
        exact=True,
    ),
    js(
        "a file that is named twice runs twice and declares its names once",
        elements="<script src='a.js'></script><script src='a.js'></script><script src='b.js'></script>",
        files={"a.js": "let once = 1; log.push(once)", "b.js": "log.push('end')"},
    ),
    js(
        "a file that is named with two queries runs twice and declares its names once",
        elements="<script src='a.js?v=1'></script><script src='a.js?v=2'></script>",
        files={"a.js": "const once = 1; log.push(once)"},
    ),
    js(
        "a file that is named twice runs twice even if it throws",
        elements="<script src='a.js'></script><script src='a.js'></script>",
        files={"a.js": "log.push('run'); throw new Error('x')"},
        bundles=1,
    ),
    js(
        "an element between two scripts is not there for the first",
        elements="<script src='1.js'></script><p id=between>Between</p><script src='2.js'></script>",
        files={name: f"log.push('{name}', !!document.getElementById('between'))" for name in ("1.js", "2.js")},
        bundles=2,
    ),
    js(
        "text between two scripts is not there for the first",
        elements="<script src='1.js'></script>some text<script src='2.js'></script>",
        files={name: f"log.push('{name}', /some text/.test(document.body.innerText))" for name in ("1.js", "2.js")},
        bundles=2,
    ),
    js(
        "a picture between two scripts is asked for",
        elements="<script src='1.js'></script><img src=a.png><script src='2.js'></script>",
        files={"1.js": "log.push(document.images.length)", "2.js": "log.push('then', document.images.length)"},
        bundles=2,
    ),
    js(
        "styles between two scripts apply to what the second reads",
        elements="<script src='1.js'></script><style>p { color: green }</style><script src='2.js'></script>",
        files={name: COLOUR % name for name in ("1.js", "2.js")},
        bundles=2,
    ),
    js(
        "a stylesheet between two scripts applies to what the second reads",
        elements="<script src='1.js'></script><link rel=stylesheet href=a.css><script src='2.js'></script>",
        files={name: COLOUR % name for name in ("1.js", "2.js")} | {"a.css": "p { color: green }"},
        bundles=2,
    ),
    js(
        "a comment between two scripts stays in the page",
        "log.push(1)",
        "log.push(2)",
        elements="<script src='1.js'></script><!-- keep me --><script src='2.js'></script>",
        seen="[...document.body.childNodes].filter(node => node.data === ' keep me ').length",
        bundles=1,
    ),
    js(
        "an element after the scripts is there for deferred ones",
        elements="<script defer src='1.js'></script><script defer src='2.js'></script>",
        files={"1.js": "log.push(1, !!document.getElementById('late'))", "2.js": "log.push(2, document.readyState)"},
        after="<p id=late>Late</p>",
        bundles=1,
    ),
    js(
        "listeners for the end of loading are called in the order of their files",
        "addEventListener('load', () => log.push('one')); var f = () => log.push('not this')",
        "(addEventListener('load', () => log.push('two')))",
        bundles=1,
    ),
    js(
        "a handler for the end of loading is replaced by a later file's",
        "log.push(1); onload = function () { log.push('first') }",
        "(function () { onload = function () { log.push('second') } })()",
        bundles=1,
    ),
    js(
        "a listener for the parsed document is told after all files",
        "document.addEventListener('DOMContentLoaded', () => log.push('parsed')); throw new Error('x')",
        "log.push('two')",
        bundles=1,
    ),
    js(
        "code in the page between two files runs between them",
        elements="<script src='1.js'></script>\n<script>log.push(n); n = 5</script>\n<script src='2.js'></script>",
        files={"1.js": "var n = 1, g = n", "2.js": "/n/.test(log.push(n))"},
        bundles=1,
    ),
)
