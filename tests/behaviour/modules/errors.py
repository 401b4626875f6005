"""Modules that throw, do not link, do not parse or are not there (HTML, 8.1.4.4; ECMA-262, 16.2.1.6)."""

from tests.behaviour.modules.hazard import NOT_WEBKIT, Level, ModuleHazard, inline, modules

ERRORS = "<script>var errors = []; addEventListener('error', event => errors.push(event.error))</script>"
GOOD = "import { a } from './good.js'; log.push('second', a)"
GOOD_FILE = {"good.js": "log.push('good'); export const a = 'a'"}


def unlinked(claim: str, entry: str, level: Level = "preload", **files: str) -> ModuleHazard:
    """Return a page whose first entry can not be linked, and whose second can."""
    named = {f"{name}.js": text for name, text in files.items()} | GOOD_FILE
    entry = f"import './before.js'; {entry}; log.push('never')"
    return modules(claim, entry, GOOD, files=named | {"before.js": "log.push('never')"}, level=level)


def early_errors(claim: str, *texts: str) -> ModuleHazard:
    """Return a page with a module for each of the *texts*, none of which may run."""
    entries = [f"import './m{number}.js'; log.push('never')" for number in range(len(texts))]
    files = {f"m{number}.js": f"log.push('never');\n{text}" for number, text in enumerate(texts)}
    return modules(claim, *entries, GOOD, files=files | GOOD_FILE, padding=0, level="preload")


PAGES: tuple[ModuleHazard, ...] = (
    modules(
        "two entries that reach a module that throws get one error",
        "import './x.js'; log.push('never')",
        "import './good.js'; import './x.js'; log.push('never')",
        "import './good.js'; log.push('third')",
        files={"x.js": "log.push('x'); throw new Error('thrown')"} | GOOD_FILE,
        before=ERRORS,
        seen="[errors.length, errors[0] === errors[1], errors[0].message]",
        engines=NOT_WEBKIT,
    ),
    modules(
        "a throw leaves what ran and stops what follows",
        "import './one.js'; import './x.js'; import './three.js'; log.push('never')",
        "import { one } from './one.js'; import './three.js'; log.push('second', one)",
        files={
            "one.js": "log.push('one'); export let one = 1; one = 2",
            "x.js": "import './deep.js'; log.push('x'); null.thrown; log.push('never')",
            "deep.js": "log.push('deep')",
            "three.js": "log.push('three')",
        },
    ),
    modules(
        "an outsider gets the error of a module that has failed",
        "import './x.js'; log.push('never')",
        files={"x.js": "import './good.js'; log.push('x'); throw new RangeError('thrown')"} | GOOD_FILE,
        before=ERRORS,
        after=inline(
            "await import('./x.js').catch(error => log.push(error === errors[0]));"
            " await import('./1.js').catch(error => log.push(error === errors[0]));"
            " log.push((await import('./good.js')).a)"
        ),
        engines=NOT_WEBKIT,
    ),
    modules(
        "an outsider that imports a module that has failed does not run",
        "import './x.js'; log.push('never')",
        files={"x.js": "log.push('x'); throw new Error('thrown')"},
        before=ERRORS,
        after=inline("import './x.js'; log.push('never')") + inline("log.push('last')"),
        seen="errors.map(error => error === errors[0])",
        engines=NOT_WEBKIT,
    ),
    *(
        modules(
            f"a module that throws {name} has failed for the next entry, too",
            "import './x.js'; log.push('never')",
            "import './x.js'; log.push('never')",
            files={"x.js": f"log.push('x'); throw {thrown}"},
            engines=NOT_WEBKIT,
        )
        for name, thrown in (("undefined", "undefined"), ("null", "null"), ("zero", "0"), ("a text", "'text'"))
    ),
    modules(
        "a module in a diamond whose sibling throws runs for another entry",
        "import './left.js'; import './right.js'; log.push('never')",
        "import './right.js'; log.push('second')",
        "import './left.js'; log.push('never')",
        files={
            "left.js": "import './base.js'; log.push('left'); throw new Error('left')",
            "right.js": "import './base.js'; log.push('right')",
            "base.js": "log.push('base')",
        },
        engines=NOT_WEBKIT,
    ),
    modules(
        "a parent of a module that throws has failed with its error",
        "import './parent.js'; log.push('never')",
        "import './parent.js'; log.push('never')",
        "import './leaf.js'; log.push('third')",
        files={
            "parent.js": "import './leaf.js'; import './x.js'; log.push('never')",
            "leaf.js": "log.push('leaf')",
            "x.js": "log.push('x'); throw new Error('thrown')",
        },
        before=ERRORS,
        seen="[errors.length, errors[0] === errors[1]]",
        engines=NOT_WEBKIT,
    ),
    modules(
        "what a module that throws has exported is not read",
        "import { n } from './x.js'; log.push('never', n)",
        "import { read } from './y.js'; log.push(read())",
        files={
            "x.js": "import { set } from './y.js'; export let n = 1; set(() => n); n = 2; throw new Error('thrown')",
            "y.js": "let f; export const set = g => { f = g }; export const read = () => f()",
        },
    ),
    unlinked(
        "an export that is missing runs nothing of its entry", "import { none } from './x.js'", x="log.push('never')"
    ),
    unlinked(
        "a default export that is missing runs nothing of its entry",
        "import none from './x.js'",
        x="export const a = 1; log.push('never')",
    ),
    unlinked(
        "a re-export that is missing runs nothing of its entry",
        "import './x.js'",
        x="export { none } from './y.js'; log.push('never')",
        y="log.push('never')",
    ),
    unlinked(
        "a star brings no default export",
        "import none from './x.js'",
        x="export * from './y.js'; log.push('never')",
        y="export default 1; log.push('never')",
    ),
    unlinked(
        "an import of a name that two stars bring runs nothing of its entry",
        "import { a } from './x.js'",
        x="export * from './y.js'; export * from './z.js'; log.push('never')",
        y="export const a = 1",
        z="export const a = 2",
    ),
    unlinked(
        "re-exports in a circle run nothing of their entry",
        "import { a } from './x.js'",
        x="export { a } from './y.js'; log.push('never')",
        y="export { a } from './x.js'; log.push('never')",
    ),
    unlinked("a syntax error runs nothing of its entry", "import './x.js'", x="log.push('never'); let let = 1"),
    unlinked("a file that is missing runs nothing of its entry", "import './none.js'"),
    unlinked("a bare name without a map runs nothing of its entry", "import 'library'"),
    unlinked("a bare path without a map runs nothing of its entry", "import './x.js'", x="import 'library/part.js'"),
    unlinked("a folder is no module", "import './folder/'", "linked"),
    unlinked("a name without an extension is no module", "import './x'", "linked", x="log.push('never')"),
    modules(
        "an entry that is missing tells its element alone",
        "log.push('first'); export {}",
        GOOD,
        files=GOOD_FILE,
        elements='<script type="module" src="1.js"></script>\n'
        '<script type="module" src="none.js" onerror="log.push(\'handler\')"></script>\n'
        '<script type="module" src="2.js"></script>',
    ),
    modules(
        "a text file is no module",
        "log.push('first'); export {}",
        GOOD,
        files=GOOD_FILE | {"x.txt": "log.push('never')"},
        elements='<script type="module" src="1.js"></script>\n<script type="module" src="x.txt"></script>\n'
        '<script type="module" src="2.js"></script>',
    ),
    modules(
        "a name that two stars bring and nobody imports is not there",
        "import { b } from './x.js'; log.push(b)",
        files={
            "x.js": "export * from './y.js'; export * from './z.js'; log.push('x')",
            "y.js": "export const a = 1, b = 'b'; log.push('y')",
            "z.js": "export const a = 2, c = 'c'; log.push('z')",
        },
        after=inline("import * as x from './x.js'; log.push(Object.keys(x).join(), 'a' in x, x.a)"),
    ),
    modules(
        "an entry that throws does not stop the next",
        "log.push('one'); thrown(); log.push('never')",
        "log.push('two'); export {}",
        "import './1.js'; log.push('never')",
        engines=NOT_WEBKIT,
    ),
    modules(
        "a dynamic import of a module that throws fails the same way each time",
        """const errors = [];
import('./x.js').catch(error => errors.push(error)).then(() => import('./x.js')).catch(error => errors.push(error))
  .then(() => import('./good.js')).then(good => log.push(errors[0] === errors[1], errors[0].message, good.a))""",
        files={"x.js": "log.push('x'); throw new Error('thrown')"} | GOOD_FILE,
        engines=NOT_WEBKIT,
    ),
    modules(
        "a dynamic import that can not be linked is refused and stops nothing",
        """const refused = name => error => log.push(name, error.name);
import('./none.js').catch(refused('missing')).then(() => import('./broken.js')).catch(refused('syntax'))
  .then(() => import('./unlinked.js')).catch(refused('link')).then(() => import('library')).catch(refused('bare'))
  .then(() => log.push('end')); log.push('start')""",
        files={
            "broken.js": "log.push('never'); let let = 1",
            "unlinked.js": "import { none } from './good.js'; log.push('never')",
        }
        | GOOD_FILE,
        level=None,
    ),
    early_errors(
        "a return, a duplicate function and a duplicate export are errors of modules",
        "return",
        "function f() {} function f() {}",
        "export const a = 1; export { b as a }; const b = 2",
        "var f; function f() {}",
    ),
    early_errors(
        "an undeclared export, new.target and reserved names are errors of modules",
        "export { none }",
        "new.target",
        "const await = 1",
        "const yield = 1",
        "let static = 1",
        "await: for (;;) break await",
    ),
    early_errors(
        "what strict mode forbids is an error of modules",
        "with ({}) {}",
        "var x = 010",
        "var x; delete x",
        "function f(a, a) {}",
        "arguments = 1",
        "let eval = 1",
    ),
    early_errors(
        "imports and exports inside a block are errors of modules",
        "{ import './good.js' }",
        "if (1) export const a = 1",
        "export default 1; export default 2",
        "import { a, b as a } from './good.js'",
        "import { a } from './good.js'; const a = 1",
        "super.x",
        "(() => { await 1 })()",
        "#x in {}",
    ),
    modules(
        "an error that is thrown later is told with the same words",
        "import { later } from './x.js'; setTimeout(later)",
        files={"x.js": "export function later() { log.push('later'); undeclared() }"},
    ),
    modules(
        "a rejection that nobody handles is told",
        "import { no } from './x.js'; no(); log.push('entry')",
        files={"x.js": "export const no = async () => { throw new Error('refused') }"},
        before="<script>addEventListener('unhandledrejection', event => log.push(event.reason.message))</script>",
    ),
    modules(
        "a listener for errors is told at the place of the failed entry",
        "log.push('one'); export {}",
        "import './x.js'",
        "log.push('three'); export {}",
        files={"x.js": "throw new Error('two')"},
    ),
)
