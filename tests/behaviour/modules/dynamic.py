"""Dynamic imports, by modules of the page and by outsiders (ECMA-262, 13.3.10; HTML, 8.1.6.7.3)."""

from tests.behaviour.modules.hazard import HERE, NOT_WEBKIT, PATH, Level, ModuleHazard, import_map, inline, modules

FILES = {
    "x.js": "log.push('x'); export const token = {}; export let n = 0; export const up = () => ++n",
    "lazy.js": "import { token, up } from './x.js'; import './deep/lazy2.js'; up(); log.push('lazy');"
    " export const mine = token",
    "data.json": '{"a": "data"}',
    "deep/lazy2.js": "import { up } from '../x.js'; up(); log.push('lazy 2'); export const where = " + PATH,
}


def dynamic(claim: str, entry: str, level: Level | None = "linked", after: str = "", **files: str) -> ModuleHazard:
    """Return a page whose entry imports ``x.js`` statically and what it likes dynamically."""
    named = FILES | {name.replace("__", "/") + ".js": text for name, text in files.items()}
    entry = f"import {{ token, n }} from './x.js'; log.push('entry');\n{entry}"
    return modules(claim, entry, files=named, level=level, after=after)


PAGES: tuple[ModuleHazard, ...] = (
    dynamic(
        "a dynamic import of a module that has run gives it",
        "import('./x.js').then(x => { log.push(x.token === token, x.n); x.up(); log.push(n, x.n) })",
    ),
    dynamic(
        "a dynamic import brings a graph that meets the page's modules",
        "import('./lazy.js').then(lazy => log.push(lazy.mine === token, n)).then(() => import('./deep/lazy2.js'))"
        ".then(two => log.push(two.where, Object.keys(two).join()))",
    ),
    dynamic(
        "two dynamic imports of an address give one namespace",
        "Promise.all([import('./lazy.js'), import('./lazy.js'), import('./deep/../lazy.js')])"
        ".then(([a, b, c]) => log.push(a === b, a === c, Object.keys(a).join()))",
    ),
    dynamic(
        "a dynamic import is relative to its module",
        "load().then(all => log.push(all.join()))\nimport { load } from './deep/load.js'",
        deep__load="export const load = async () => [(await import('./x.js')).name, (await import('../x.js')).n,"
        " (await import('./lazy2.js')).where]",
        deep__x="log.push('x of deep'); export const name = 'deep'",
    ),
    dynamic(
        "a computed dynamic import gives the page's modules",
        "const load = name => import(`./${name}.js`); load('x').then(x => log.push(x.token === token))"
        ".then(() => load('lazy')).then(lazy => log.push(lazy.mine === token))"
        ".then(() => import('./deep/' + 'other.js')).then(other => log.push(other.where, other.token === token))",
        deep__other=f"import {{ token }} from '../x.js'; log.push('other'); export {{ token }};"
        f" export const where = {PATH}",
    ),
    dynamic(
        "a computed dynamic import is relative to its module",
        "load('./x.js').then(x => log.push(x.name)).then(() => load('../x.js')).then(x => log.push(x.token === token))"
        "\nimport { load } from './deep/load.js'",
        deep__load="export const load = path => import(path)",
        deep__x="export const name = 'deep'",
    ),
    dynamic(
        "a dynamic import by the address of a module gives it",
        "import(new URL('./x.js', import.meta.url)).then(x => log.push(x.token === token))"
        ".then(() => import(new URL('./lazy.js', import.meta.url).href)).then(lazy => log.push(lazy.mine === token))"
        f".then(() => import('{HERE}/x.js')).then(x => log.push(x.token === token))",
    ),
    dynamic(
        "the operand of a dynamic import is made a text once",
        "let turns = 0; const path = { toString() { turns++; return './x.js' }, valueOf() { log.push('never') } };"
        " import(path).then(x => log.push(x.token === token, turns)); log.push('after', turns)",
    ),
    dynamic(
        "an operand that can not be a text refuses and does not throw",
        "const bad = [{ toString() { throw new RangeError('own') } }, Symbol('s'), Object.create(null), 5, undefined,"
        " ''];\n"
        "let chain = Promise.resolve(); for (const operand of bad) { const refused = import(operand);\n"
        "chain = chain.then(() => refused).then(() => log.push('never'), error => log.push(error.name)) }"
        " log.push('after')",
    ),
    dynamic(
        "an operand that throws is thrown at once",
        "try { import((() => { throw new RangeError('own') })()) } catch (error) { log.push(error.message) }",
    ),
    dynamic(
        "an operand is evaluated in its place",
        "let path = './none.js'; import((log.push('operand'), path = './x.js',"
        " path)).then(x => log.push(x.token === token));"
        " log.push(path); const f = (a, p = import('./x.js')) => p; f().then(x => log.push(x.n))",
    ),
    dynamic(
        "dynamic imports are written in many ways",
        "const all = [import(/* webpackChunkName: 'x' */ './x.js'), import(`./x.js`), import\n(\n'./x.js',\n),"
        " (0, import('./x.js')), new (class { p = import('./x.js') })().p, (async () => await import(\"./x.js\"))()];\n"
        "Promise.all(all).then(spaces => log.push(spaces.length, spaces.every(x => x === spaces[0])))",
    ),
    dynamic(
        "what looks like a dynamic import is none",
        "const o = { import(path) { return 'method ' + path }, 'import': 1 }; class C { import(p) { return p }"
        " static import = 2 }\n"
        "o.import = path => 'called ' + path; log.push(o.import('./x.js'), new C().import('./x.js'), C.import,"
        " o?.import(1));\n"
        "log.push(\"import('./none.js')\", `import('./none.js') ${'import'}`, /import\\('.\\/none.js'\\)/.source)"
        " // import('./none.js')\n/* import './none.js' */",
    ),
    dynamic(
        "a dynamic import of JSON gives data",
        "import('./data.json', { with: { type: 'json' } }).then(data => log.push(data.default.a,"
        " Object.keys(data).join()))"
        ".then(() => import('./data.json')).catch(error => log.push(error.name))",
        level=None,
    ),
    dynamic(
        "evaluated text imports relative to its module",
        "run().then(all => log.push(all.join()))\nimport { run } from './deep/run.js'",
        level=None,
        deep__run="export const run = async () => [(await eval(\"import('./near.js')\")).near,"
        " (await (0, eval)(\"import('./near.js')\").catch(() => ({ near: 'missing' }))).near]",
        deep__near="export const near = 'near'",
    ),
    dynamic(
        "a made function imports relative to its module",
        "run().then(all => log.push(all.join()))\nimport { run } from './deep/run.js'",
        level=None,
        deep__run="export const run = async () => [(await new Function(\"return import('./near.js')\")()"
        ".catch(() => ({ near: 'missing' }))).near]",
        deep__near="export const near = 'near'",
    ),
    dynamic(
        "a classic script's import gives the page's modules",
        "window.token = token",
        after="<script>addEventListener('load', () => import('./x.js').then(x => { log.push(x.token === token);"
        " return import('./lazy.js') }).then(lazy => log.push(lazy.mine === token)))</script>",
    ),
    dynamic(
        "a handler's import gives the page's modules",
        "window.token = token; addEventListener('load', () => document.getElementById('button').click())",
        after="<button id=button onclick=\"import('./x.js').then(x => log.push(x.token === token,"
        ' x.n))">Press</button>',
    ),
    dynamic(
        "an outsider imports an entry that has run",
        "export const own = {}; window.own = own",
        after=inline("const one = await import('./1.js'); log.push(one.own === window.own, Object.keys(one).join())"),
    ),
    dynamic(
        "an import of a late module runs it and what it needs alone",
        "window.later = () => import('./late.js')",
        after="<script>addEventListener('load', () => later().then(late => log.push(late.value)))</script>",
        late="import { n } from './x.js'; import './late2.js'; log.push('late'); export const value = `late ${n}`",
        late2="log.push('late 2')",
        later="log.push('never')",
    ),
    dynamic(
        "a dynamic import in a cycle of modules is given when all have run",
        "log.push('end'); import('./a.js').then(a => { log.push(a.a, a.b()); return own })"
        ".then(a => log.push('again', a.a))",
        a="import { b } from './b.js'; export const a = 'a'; export { b }; log.push('a')",
        b="import { a } from './a.js'; export const b = () => a; window.own = import('./a.js'); log.push('b')",
    ),
    dynamic(
        "a chain of dynamic imports goes on in order",
        "const order = []; let all = Promise.resolve();"
        " for (const name of ['one', 'two',"
        " 'three']) all = all.then(() => import(`./${name}.js`)).then(m => order.push(m.default));"
        " all.then(() => log.push(order.join()))",
        one="log.push('one runs'); export default 1",
        two="import './one.js'; log.push('two runs'); export default 2",
        three="import './two.js'; import './one.js'; log.push('three runs'); export default 3",
    ),
    modules(
        "a dynamic import by a bare name gives the module of the map",
        "import { token } from 'lib'; import('lib').then(lib => log.push(lib.token === token))"
        ".then(() => { const name = 'li' + 'b'; return import(name) }).then(lib => log.push(lib.token === token,"
        " lib.n))",
        files={"lib.js": FILES["x.js"]},
        elements=import_map('{"imports": {"lib": "./lib.js"}}') + '\n<script type="module" src="1.js"></script>',
    ),
    modules(
        "a module that is only imported dynamically fails alone",
        "import './x.js'; import('./fails.js').catch(error => log.push(error.message)).then(() => import('./fails.js'))"
        ".catch(error => log.push(error.message)).then(() => import('./x.js')).then(x => log.push(x.up()))",
        files=FILES | {"fails.js": "import { up } from './x.js'; up(); log.push('fails'); throw new Error('own')"},
        engines=NOT_WEBKIT,
    ),
    modules(
        "two entries import one module dynamically",
        "import './x.js'; window.first = import('./lazy.js')",
        "import './x.js'; const second = import('./lazy.js');"
        " Promise.all([first, second]).then(([a, b]) => log.push(a === b, a.mine === b.mine))",
        files=FILES,
    ),
)
