"""Modules that can not be linked: those that wait, JSON, stylesheets, other origins' (ECMA-262, 16.2.1.6)."""

from tests.behaviour.hazard import LOG
from tests.behaviour.modules.hazard import (
    FOREIGN,
    HERE,
    NOT_WEBKIT,
    PARSED,
    Level,
    ModuleHazard,
    import_map,
    inline,
    modules,
)

# The words of an error of linking hold the specifier: another one where a module of another origin lacks a name.
WORDLESS = """<script>
var log = [];
addEventListener("error", function (event) { event.preventDefault(); log.push(event.error.name) });
</script>"""
JSON = '{"a": 1, "list": [{}]}'


def waiting(claim: str, entry: str, level: Level | None = "linked", second: str = "", **files: str) -> ModuleHazard:
    """Return a page some of whose modules wait for promises."""
    entries = (entry, second) if second else (entry,)
    named = {f"{name}.js": text for name, text in files.items()}
    return modules(claim, *entries, files=named, level=level, engines=NOT_WEBKIT)


def data(claim: str, entry: str, level: Level | None = "linked", json: str = JSON, **files: str) -> ModuleHazard:
    """Return a page some of whose modules are JSON."""
    return modules(claim, entry, files={"d.json": json} | {f"{n}.js": t for n, t in files.items()}, level=level)


def foreign(
    claim: str, entry: str, level: Level | None = "linked", after: str = "", log: str = LOG, **files: str
) -> ModuleHazard:
    """Return a page whose map leads ``far`` to a module of another origin."""
    elements = import_map(f'{{"imports": {{"far": "{FOREIGN}{HERE}/far.js"}}}}')
    elements += '\n<script type="module" src="1.js"></script>'
    named = {f"{name}.js": text for name, text in files.items()}
    return modules(claim, entry, files=named, elements=elements, level=level, after=after, log=log)


PAGES: tuple[ModuleHazard, ...] = (
    waiting(
        "siblings of a module that waits go on",
        "import './a.js'; import './b.js'; log.push('entry')",
        a="log.push('a 1'); await null; log.push('a 2')",
        b="log.push('b 1'); queueMicrotask(() => log.push('b microtask'))",
    ),
    waiting(
        "a module that needs one that waits comes after it",
        "import './a.js'; import { c } from './c.js'; log.push('entry', c)",
        a="import { b } from './b.js'; log.push('a', b)",
        b="log.push('b 1'); export let b = 0; b = await Promise.resolve('waited'); log.push('b 2')",
        c="log.push('c'); export const c = 'c'",
        second="import { b } from './b.js'; log.push('two', b)",
    ),
    waiting(
        "an entry that waits lets the next begin when promises are done",
        "import './x.js'; log.push('one 1'); await null; await null; log.push('one 2'); export const done = 'done'",
        x="log.push('x')",
        second="import { done } from './1.js'; log.push('two', done)",
    ),
    waiting(
        "a rejection at the top fails the entry",
        "import './x.js'; import './y.js'; log.push('never')",
        x="log.push('x 1'); await Promise.reject(new Error('refused')); log.push('never')",
        y="log.push('y')",
        second="import './y.js'; log.push('two')",
    ),
    waiting(
        "a throw after a wait fails all that need the module",
        "import './x.js'; log.push('never')",
        x="import './y.js'; await 0; throw new Error('late')",
        y="log.push('y')",
        second="import './x.js'; log.push('never')",
    ),
    waiting(
        "a loop at the top waits",
        "import { seen } from './x.js'; import './y.js'; log.push(seen.join())",
        x="export const seen = []; for await (const each of [1, Promise.resolve(2)]) seen.push(each); log.push('x')",
        y="log.push('y')",
    ),
    waiting(
        "a module that waits for a dynamic import has what it brings",
        "import { a } from './x.js'; import './y.js'; log.push('entry', a)",
        x="const { a } = await import('./lazy.js'); export { a }; log.push('x')",
        y="log.push('y')",
        lazy="import './y2.js'; log.push('lazy'); export const a = 'lazy'",
        y2="log.push('y2')",
    ),
    waiting(
        "a cycle with a module that waits ends",
        "import { a } from './a.js'; log.push('entry', a())",
        level=None,
        a="import { b } from './b.js'; log.push('a', b); export function a() { return b }",
        b="import { a } from './a.js'; log.push('b 1', typeof a); export let b = 'early'; await null; b = 'late';"
        " log.push('b 2')",
    ),
    waiting(
        "two modules that wait go on by turns",
        "import './a.js'; import './b.js'; log.push('entry')",
        a="log.push('a 1'); await null; log.push('a 2'); await null; log.push('a 3')",
        b="log.push('b 1'); await null; log.push('b 2'); await null; log.push('b 3')",
    ),
    waiting(
        "a chain of modules that wait is one of waits",
        "import './a.js'; log.push('entry')",
        level=None,
        a="import './b.js'; log.push('a 1'); await 0; log.push('a 2'); import './f.js'",
        b="import './c.js'; import './e.js'; log.push('b')",
        c="import './d.js'; log.push('c 1'); await 0; log.push('c 2')",
        d="log.push('d')",
        e="log.push('e 1'); await 0; log.push('e 2')",
        f="log.push('f')",
    ),
    waiting(
        "a graph with many waits is still in order",
        "".join(f"import './m{n}.js'; " for n in range(6)) + "log.push('entry')",
        level="named",
        **{f"m{n}": f"import './l{n}.js'; log.push('m{n} 1'); await 0; log.push('m{n} 2')" for n in range(6)},
        **{f"l{n}": f"import './l{n // 2}.js'; log.push('l{n}')" for n in range(1, 6)},
        l0="log.push('l0')",
    ),
    waiting(
        "what a module that waits exports is live",
        "import { n, up } from './x.js'; log.push(n); up(); log.push(n)",
        x="export let n = 0; await null; n = 1; export const up = () => { n++ }; log.push('x')",
        second="import { n, up } from './x.js'; up(); log.push(n)",
    ),
    waiting(
        "a star of a module that waits brings its names",
        "import { a } from './y.js'; log.push(a)",
        level=None,
        x="await null; export const a = 'a', b = 'b'; log.push('x')",
        y="export * from './x.js'; log.push('y')",
        second="import * as y from './y.js'; log.push(Object.keys(y).join())",
    ),
    modules(
        "the parsed document is told after promises at the top are done",
        "import './x.js'; await null; log.push('one')",
        files={"x.js": "log.push('x 1'); await null; log.push('x 2')"},
        before=PARSED,
        engines=NOT_WEBKIT,
    ),
    modules(
        "an outsider waits for a module that waits",
        "import { a } from './x.js'; log.push(a)",
        files={"x.js": "export let a = 'early'; await null; a = 'late'; log.push('x')"},
        after=inline("import { a } from './x.js'; log.push('outsider', a)"),
        engines=NOT_WEBKIT,
    ),
    data(
        "JSON is data and one object for all",
        "import d from './d.json' with { type: 'json' }; import { same } from './y.js'; log.push(d.a, same(d));"
        " d.a = 2",
        y="import d from './d.json' with { type: 'json' };"
        " export const same = other => other === d && d.list === other.list",
    ),
    data(
        "JSON is exported again by default",
        "import { d, e } from './y.js'; log.push(d === e, d.a)",
        y="export { default as d } from './d.json' with { type: 'json' };"
        ' import e from "./d.json" with {"type": "json",};'
        " export { e }",
    ),
    data(
        "JSON can be all that its type allows",
        "import d from './d.json' with { type: 'json' }; log.push(Object.keys(d).length, d.__proto__.x,"
        " d['</script>'])",
        json='{"__proto__": {"x": "own"}, "a": 1, "a": 2, "</script>": "\u2028"}',
    ),
    data(
        "JSON without its type is no module",
        "import './y.js'; import './d.json'; log.push('never')",
        level="linked",
        y="log.push('never')",
    ),
    data(
        "JSON has no named exports",
        "import { a } from './d.json' with { type: 'json' }; log.push('never', a)",
        level="preload",
    ),
    data(
        "JSON that is broken runs nothing of its entry",
        "import './y.js'; import d from './d.json' with { type: 'json' }; log.push('never', d)",
        level="preload",
        json='{"a": 1,}',
        y="log.push('never')",
    ),
    data(
        "a script with the type of JSON is not that",
        "import './y.js'; import d from './y.js' with { type: 'json' }; log.push('never', d)",
        level="linked",
        y="log.push('never')",
    ),
    modules(
        "an outsider has the same JSON",
        "import d from './d.json' with { type: 'json' }; window.d = d; d.a = 'changed'; log.push('entry')",
        files={"d.json": JSON},
        after=inline("import d from './d.json' with { type: 'json' }; log.push(d === window.d, d.a)"),
    ),
    modules(
        "a stylesheet that a module imports is a sheet",
        "import sheet from './a.css' with { type: 'css' }; document.adoptedStyleSheets.push(sheet);"
        " log.push(sheet instanceof CSSStyleSheet, sheet.cssRules.length, getComputedStyle(document.body).color)",
        files={"a.css": "body { color: green; background: url(a.png) } p { margin: 20px }"},
        engines=NOT_WEBKIT,
    ),
    modules(
        "a stylesheet that two modules import is one sheet",
        "import sheet from './a.css' with { type: 'css' }; import { add } from './y.js'; add();"
        " log.push(sheet.cssRules.length)",
        files={
            "a.css": "body { color: green }",
            "y.js": "import sheet from './a.css' with { type: 'css' };"
            " export const add = () => sheet.insertRule('p { color: red }')",
        },
        engines=NOT_WEBKIT,
    ),
    foreign(
        "a module of another origin keeps its place",
        "import './a.js'; import { far } from 'far'; import './b.js'; log.push('entry', far)",
        a="log.push('a')",
        far="import './near.js'; log.push('far'); export const far = 'far'",
        near="log.push('near far')",
        b="log.push('b')",
    ),
    foreign(
        "a module of another origin is live and one for all",
        "import { n, up } from 'far'; import './b.js'; up(); log.push(n)",
        far="export let n = 0; export const up = () => { n++ }; log.push('far')",
        b="import * as far from 'far'; far.up(); log.push(far.n)",
        after=inline("import { n, up } from 'far'; up(); log.push(n)"),
        level="named",
    ),
    foreign(
        "a module of another origin lacks a name",
        "import './a.js'; import { none } from 'far'; log.push('never', none)",
        log=WORDLESS,
        level=None,
        a="log.push('never')",
        far="export const a = 1",
    ),
    foreign(
        "a module of another origin that is missing runs nothing of its entry",
        "import './a.js'; import 'far'; log.push('never')",
        level=None,
        a="log.push('never')",
    ),
    foreign(
        "a star of another origin brings its names",
        "import { far } from './a.js'; log.push(far)",
        level="named",
        a="export * from 'far'; log.push('a')",
        far="export const far = 'far'; log.push('far')",
    ),
    modules(
        "a module in an address keeps its place",
        "import './a.js'; import { d } from 'data:text/javascript,log.push(%22data%22);export const d=1';"
        " import './b.js'; log.push('entry', d)",
        files={"a.js": "log.push('a')", "b.js": "log.push('b')"},
    ),
    modules(
        "an entry of another origin runs in its turn",
        "import './a.js'; log.push('one')",
        "import './a.js'; log.push('two')",
        files={"a.js": "log.push('a')", "far.js": "log.push('far'); export {}"},
        elements='<script type="module" src="1.js"></script>\n'
        f'<script type="module" src="{FOREIGN}{HERE}/far.js"></script>\n'
        '<script type="module" src="2.js"></script>',
        level=None,
    ),
    modules(
        "a module that the application makes keeps its place",
        "import './a.js'; import { made } from './made.js'; import './b.js'; log.push('entry', made)",
        files={"a.js": "log.push('a')", "b.js": "log.push('b')"},
        made={"made.js": "import './a.js'; log.push('made'); export const made = 'made'"},
        level=None,
    ),
    modules(
        "a module that the application makes is imported dynamically",
        "import './a.js'; import('./made.js').then(({ a, made }) => log.push(a === token, made)); import { token }"
        " from './a.js'",
        files={"a.js": "log.push('a'); export const token = {}"},
        made={
            "made.js": "import { token as a } from './a.js'; log.push('made'); export { a }; export const made = 'made'"
        },
        level=None,
    ),
)
