"""When modules run: deferred, depth first, each once (HTML, 4.12.1; ECMA-262, 16.2.1.6.1.3)."""

from tests.behaviour.modules.hazard import (
    IN_ORDER,
    LOADED,
    NOT_WEBKIT,
    PARSED,
    RUNS,
    ModuleHazard,
    inline,
    modules,
)

DEEP = {
    "a.js": "import './a1.js'; log.push('a'); export { a2 } from './a2.js'",
    "a1.js": "import './shared.js'; log.push('a1')",
    "a2.js": "log.push('a2'); export const a2 = 'a2'",
    "b.js": "import './shared.js'; export * from './b1.js'; import './a2.js'; log.push('b')",
    "b1.js": "log.push('b1'); export const b1 = 'b1'",
    "shared.js": "log.push('shared')",
}

PAGES: tuple[ModuleHazard, ...] = (
    modules(
        "modules run depth first, each once",
        "log.push('entry'); import './b.js'; import { a2 } from './a.js'; log.push(a2)",
        files=DEEP,
        before=PARSED + LOADED,
    ),
    modules(
        "a module that ran for one entry does not run for the next",
        "import './b.js'; log.push('one')",
        "import './a.js'; import './b.js'; log.push('two')",
        "import './shared.js'; import './only.js'; log.push('three')",
        files=DEEP | {"only.js": "log.push('only')"},
        before=PARSED,
    ),
    modules(
        "modules, deferred scripts and code in the page run in the order of their elements",
        "import './x.js'; log.push('one')",
        "import './x.js'; log.push('two')",
        "log.push('three'); export {}",
        files={"x.js": "log.push('x')", "defer.js": "log.push('deferred')", "classic.js": "log.push('classic')"},
        elements="\n".join(
            [
                '<script type="module" src="1.js"></script>',
                '<script defer src="defer.js"></script>',
                inline("import './x.js'; log.push('inline')"),
                '<script type="module" src="2.js"></script>',
                '<script src="classic.js"></script>',
                "<script>log.push('code')</script>",
                '<script type="module" src="3.js"></script>',
            ]
        ),
        before=PARSED + LOADED,
        after="<script defer src='defer.js?2'></script>" + inline("log.push('last')"),
    ),
    modules(
        "a module finds the whole document, not yet complete",
        "log.push('entry', document.readyState, document.querySelectorAll('p').length)",
        files={"x.js": "log.push(document.readyState)"},
        before=PARSED,
        after="<p id=late>Late</p>",
    ),
    modules(
        "code in the page runs before every module",
        "import './x.js'; log.push('one', typeof early)",
        files={"x.js": "log.push('x', early)"},
        after="<script>log.push('code'); var early = 'early'</script>",
    ),
    modules(
        "a microtask of one entry comes before the next",
        "import './x.js'; Promise.resolve().then(() => log.push('then')); log.push('one')",
        "log.push('two'); queueMicrotask(() => log.push('queued')); export {}",
        "log.push('three'); export {}",
        files={"x.js": "queueMicrotask(() => log.push('queued by x')); log.push('x')"},
        engines=NOT_WEBKIT,
    ),
    modules(
        "a microtask of a module comes after the whole entry",
        "import './x.js'; import './y.js'; log.push('entry')",
        files={
            "x.js": "log.push('x'); Promise.resolve().then(() => log.push('then')).then(() => log.push('then 2'));"
            " (async () => { await null; log.push('awaited') })()",
            "y.js": "log.push('y'); queueMicrotask(() => log.push('queued'))",
        },
    ),
    modules(
        "imports come before all code, wherever they stand",
        "log.push(f(), typeof later); var later = 1; export { later };\nimport { f } from './x.js';"
        "\nlog.push('end'); import './y.js'",
        files={"x.js": "log.push('x'); export function f() { return 'f' }", "y.js": "log.push('y')"},
    ),
    modules(
        "an inline module runs one module of the graph before the entry does",
        "import './x.js'; import './y.js'; log.push('entry')",
        files={"x.js": "log.push('x')", "y.js": "import './x.js'; log.push('y')", "z.js": "log.push('never')"},
        elements=inline("import './y.js'; log.push('inline')") + '\n<script type="module" src="1.js"></script>',
    ),
    modules(
        "an outsider runs no more than it imports",
        "import './x.js'; import './y.js'; log.push('entry')",
        files={"x.js": "log.push('x'); ran('x')", "y.js": "log.push('y'); ran('y')", "z.js": "ran('z')"},
        before=RUNS,
        after="<script>addEventListener('load', () => import('./x.js').then(() => import('./z.js')))</script>",
        seen=IN_ORDER,
    ),
    modules(
        "an early outsider runs a module once",
        "import { token } from './x.js'; import './y.js'; ran('entry'); window.mine = token",
        files={"x.js": "ran('x'); export const token = {}", "y.js": "ran('y'); ran(document.readyState)"},
        before=RUNS,
        after="<script>import('./x.js').then(x => { ran('outsider'); window.theirs = x.token })</script><p>Late</p>",
        padding=0,
        seen=f"[{IN_ORDER}, window.mine === window.theirs]",
    ),
    modules(
        "an outsider before the region runs a module once",
        "import { token } from './x.js'; import './y.js'; ran('entry'); window.mine = token",
        files={"x.js": "ran('x'); export const token = {}", "y.js": "ran('y')"},
        before=RUNS + "<script>import('./x.js').then(x => { ran('outsider'); window.theirs = x.token })</script>",
        padding=0,
        level="preload",
        seen=f"[{IN_ORDER}, window.mine === window.theirs]",
    ),
    modules(
        "a module element before the region runs before it",
        "import './x.js'; log.push('entry')",
        files={"x.js": "log.push('x')", "before.js": "import './x.js'; log.push('before')"},
        before='<script type="module" src="before.js"></script>',
        level="preload",
    ),
    modules(
        "an inline module before the region runs before it",
        "import { n } from './x.js'; log.push('entry', n)",
        files={"x.js": "log.push('x'); export let n = 0; export const up = () => { n++ }"},
        before=inline("import { n, up } from './x.js'; up(); log.push('before', n)"),
        level="preload",
    ),
    modules(
        "async modules run once each",
        "import './x.js'; ran('one')",
        "import './x.js'; ran('two')",
        "import './x.js'; log.push('three')",
        files={"x.js": "ran('x')"},
        elements="\n".join(
            [
                '<script type="module" async src="1.js"></script>',
                '<script type="module" async="" src="2.js"></script>',
                '<script type="module" defer src="3.js"></script>',
            ]
        ),
        before=RUNS,
        padding=0,
        seen=IN_ORDER,
    ),
    modules(
        "an async inline module shares the modules of the region",
        "import { token } from './x.js'; import './y.js'; ran('entry'); window.mine = token",
        files={"x.js": "ran('x'); export const token = {}", "y.js": "ran('y')"},
        before=RUNS,
        after=inline("import { token } from './x.js'; ran('outsider'); window.theirs = token", "async"),
        padding=0,
        seen=f"[{IN_ORDER}, window.mine === window.theirs]",
    ),
    modules(
        "listeners for the parsed document and the load are told after all modules",
        "import './x.js'; log.push('one'); document.addEventListener('DOMContentLoaded',"
        " () => log.push('heard by one'))",
        "import './y.js'; log.push('two'); addEventListener('load', () => log.push('load heard by two'))",
        files={
            "x.js": "addEventListener('DOMContentLoaded', () => log.push('heard by x'))",
            "y.js": "log.push('y', document.readyState)",
        },
        before=PARSED + LOADED,
    ),
    modules(
        "a deep chain of modules runs from its end",
        "import './m0.js'; log.push('entry')",
        files={f"m{n}.js": f"import './m{n + 1}.js'; log.push({n})" for n in range(30)} | {"m30.js": "log.push(30)"},
        before=PARSED,
    ),
    modules(
        "a wide graph runs from left to right",
        "".join(f"import './m{n}.js'; " for n in (3, 1, 4, 15, 9, 2, 6)) + "log.push('entry')",
        files={f"m{n}.js": f"import './m{n // 2}.js'; log.push({n})" for n in range(1, 16)} | {"m0.js": "log.push(0)"},
    ),
    modules(
        "an import that is written twice counts at its first place",
        "import './b.js'; import { a } from './a.js'; import b from './b.js'; import { c as a2 } from './a.js';"
        " log.push(a, b, a2)",
        files={"a.js": "log.push('a'); export const a = 1, c = 2", "b.js": "log.push('b'); export default 'b'"},
    ),
    modules(
        "the order in which two entries share modules is that of the first",
        "import './a.js'; import './b.js'; log.push('one')",
        "import './b.js'; import './c.js'; import './a.js'; log.push('two')",
        files={name: f"log.push('{name}')" for name in ("a.js", "b.js", "c.js")},
        elements='<script type="module" src="2.js"></script>\n<script type="module" src="1.js"></script>',
    ),
    modules(
        "two regions share their modules",
        "import { token } from './x.js'; log.push('one'); window.mine = token",
        "import { token } from './x.js'; import './y.js'; log.push('two', token === window.mine)",
        "import './y.js'; log.push('three')",
        files={"x.js": "log.push('x'); export const token = {}", "y.js": "import './x.js'; log.push('y')"},
        elements='<script type="module" src="1.js"></script>',
        after='<p>Between</p>\n<!-- compress js -->\n<script type="module" src="2.js"></script>'
        '<script type="module" src="3.js"></script>\n<!-- endcompress -->\n'
        + inline("import { token } from './x.js'; log.push('outsider', token === window.mine)"),
        level=None,
    ),
    modules(
        "two regions with the same entry run it once",
        "import './x.js'; log.push('one')",
        files={"x.js": "log.push('x')"},
        after='<!-- compress js -->\n<script type="module" src="1.js"></script>\n<!-- endcompress -->\n',
        level=None,
    ),
    modules(
        "a region of stylesheets beside modules is their own matter",
        "import './x.js'; log.push('one', getComputedStyle(document.querySelector('p')).color)",
        files={"x.js": "log.push('x')", "a.css": "p { color: green }", "b.css": "p { margin: 7px }"},
        before="<!-- compress css --><link rel=stylesheet href=a.css>"
        "<link rel=stylesheet href=b.css><!-- endcompress -->",
    ),
    modules(
        "a page that streams is the same",
        "import { token } from './x.js'; log.push('one', !!token)",
        "import './x.js'; log.push('two')",
        files={"x.js": "log.push('x'); export const token = {}"},
        before=PARSED,
        after="<p>Late</p>" + inline("import { token } from './x.js'; log.push('outsider', !!token)"),
        level="preload",
        streams=True,
    ),
)
