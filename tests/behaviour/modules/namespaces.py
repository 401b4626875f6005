"""Namespace objects, stars, re-exports and the names of exports (ECMA-262, 10.4.6 and 16.2.1.7.2)."""

from tests.behaviour.modules.hazard import Level, ModuleHazard, inline, modules

X = "export const b = 'b', a = 'a'; export let n = 0; export function up() { n++ } export default 'default'"
LOOKS = """
log.push(Object.keys(x).join(), Reflect.ownKeys(x).length, JSON.stringify(x));
log.push(Object.prototype.toString.call(x), Object.isSealed(x));
log.push(Object.isExtensible(x), Object.getPrototypeOf(x), 'a' in x, 'none' in x, x.toString, x.then, x.__proto__);
log.push(JSON.stringify(Object.getOwnPropertyDescriptor(x, 'a')), Object.getOwnPropertyDescriptor(x, 'none'));
for (const change of [() => { x.a = 1 }, () => { x.none = 1 }, () => { delete x.a }, () => { delete x.none },
  () => Object.defineProperty(x, 'a', { value: 'a' }), () => Object.defineProperty(x, 'a', { value: 2 }),
  () => Object.freeze(x), () => Object.setPrototypeOf(x, {}), () => Object.setPrototypeOf(x, null)])
  try { change(); log.push('done') } catch (error) { log.push(error.name) }
const listed = []; for (const key in x) listed.push(key); log.push(listed.join(), { ...x }.n, x[Symbol.toStringTag]);
"""


def star(claim: str, entry: str, level: Level | None = "linked", x: str = X, **files: str) -> ModuleHazard:
    """Return a page whose entry imports all of ``x.js`` as one object."""
    named = {"x.js": x} | {f"{name}.js": text for name, text in files.items()}
    return modules(claim, f"import * as x from './x.js'; {entry}", files=named, level=level)


def exports(claim: str, entry: str, outsider: str, level: Level = "linked", **files: str) -> ModuleHazard:
    """Return a page whose entry and an outsider look at what modules export."""
    named = {f"{name}.js": text for name, text in files.items()}
    return modules(claim, entry, files=named, after=inline(outsider), level=level)


PAGES: tuple[ModuleHazard, ...] = (
    star(
        "members of a namespace are live",
        "log.push(x.a, x.n, x.default); x.up(); log.push(x.n, `${x.b}`, x?.a, typeof x.up, x . n, x\n.n)",
    ),
    star(
        "a member that is not exported is undefined",
        "log.push(x.none, x.toString, x.constructor, typeof x.hasOwnProperty)",
    ),
    star(
        "members of objects are not members of a namespace",
        "log.push(x.__proto__, x.valueOf, x.then, x.name, x.length)",
    ),
    star(
        "inner names hide a namespace",
        "const f = x => x.a, g = ({ x }) => x.a; { const x = { a: 3 }; log.push(x.a) } const o = { x: { a: 4 } };"
        " log.push(f({ a: 1 }), g({ x: { a: 2 } }), o.x.a, x.a); for (const x of [{ a: 5 }]) log.push(x.a)",
    ),
    star(
        "a class that a namespace holds is constructed and extended",
        "class Sub extends x.Base {} log.push(new x.Base().who, new Sub() instanceof x.Base, new x.Base.Inner().who,"
        " Sub.made)",
        x="export class Base { static made = 'made'; static Inner = class { who = 'inner' }; who = 'base' }",
    ),
    star(
        "a function that a namespace holds is called with it",
        "log.push(x.f(), x.g`t`, x?.f(), (x.f)(), (0, x.f)())",
        level=None,
        x="export function f() { return this ? Object.keys(this).join() : 'none' }"
        " export function g() { return this?.a }"
        " export const a = 'a'",
    ),
    star("a namespace that is looked at all round is one of a module", LOOKS, level="named"),
    star(
        "a namespace that is handed on is the one that an import gives",
        "const same = y => import('./x.js').then(z => log.push(y === z, y === x)); same(x)",
        level="named",
    ),
    star(
        "a namespace can be taken apart",
        "const { a, n: m, none = 'none', ...rest } = x; log.push(a, m, none, rest.b)",
        "named",
    ),
    star(
        "a namespace can be asked by computed names",
        "for (const name of ['a', 'n', 'none']) log.push(x[name], name in x)",
        "named",
    ),
    star("a namespace can be asked by written names", "log.push(x['a'], x[`n`], x['none'], x?.['b'])", level=None),
    star(
        "a member of a namespace can not be changed",
        "for (const change of [() => { x.a = 1 }, () => { x.n++ }, () => { delete x.a }, () => { [x.b] = [1] }])"
        " try { change() } catch (error) { log.push(error.name) } log.push(x.a, x.n, x.b)",
        level="named",
    ),
    modules(
        "an outsider's namespace is that of a module",
        "import { a, up } from './x.js'; up(); log.push(a)",
        files={"x.js": X},
        after=inline("import * as x from './x.js';" + LOOKS + "log.push(x === await import('./x.js'))"),
    ),
    modules(
        "an outsider's namespace in the dead zone throws",
        "import './y.js'; export const c = 1; export let l = 2; export function f() {} export var v = 3;"
        " log.push('entry')",
        files={
            "y.js": "import * as x from './1.js'; for (const look of [() => x.c, () => x.l, () => typeof x.f,"
            " () => x.v,"
            " () => Object.keys(x).join(), () => 'c' in x, () => Reflect.ownKeys(x).length, () => x.none])"
            " try { log.push(look()) } catch (error) { log.push(error.name) }"
        },
        level="named",
    ),
    exports(
        "stars bring all names but default, and own names come first",
        "import { a, b, c } from './x.js'; log.push(a, b, c)",
        "import * as x from './x.js'; log.push(Object.keys(x).join(), x.a, x.default)",
        x="export * from './y.js'; export * from './z.js'; export const a = 'own'; log.push('x')",
        y="export const a = 'y', b = 'b'; export default 'y'; log.push('y')",
        z="export const c = 'c'; export default 'z'; log.push('z')",
    ),
    exports(
        "two stars that bring one binding bring it",
        "import { n, up } from './x.js'; up(); log.push(n)",
        "import * as x from './x.js'; log.push(Object.keys(x).join(), x.n)",
        x="export * from './y.js'; export * from './z.js'; export { n as m } from './z.js'",
        y="export * from './base.js'; log.push('y')",
        z="export { n, up } from './base.js'; log.push('z')",
        base="export let n = 0; export const up = () => { n++ }; log.push('base')",
    ),
    exports(
        "a star through three floors brings live names",
        "import { n, up } from './x.js'; up(); up(); log.push(n)",
        "import { n, up } from './z.js'; import * as x from './x.js'; up(); log.push(n, x.n, x.n === n,"
        " Object.keys(x).join())",
        x="export * from './y.js'; export const own = 1",
        y="export * from './z.js'; export { up as more } from './z.js'",
        z="export let n = 0; export function up() { n++ }",
    ),
    exports(
        "names of exports can be any text",
        "import { 'a-b' as ab, '☃' as snow, 'with space' as space, default as d, '' as empty } from './y.js';"
        " log.push(ab, snow, space, d, empty)",
        "import * as x from './y.js'; import { 'a-b' as ab } from './x.js'; log.push(JSON.stringify(Object.keys(x)),"
        " ab)",
        x="const one = 1, two = 2; export { one as 'a-b', two as '☃', two as 'with space', one as default, two as '' }",
        y="export { 'a-b', '☃' as '☃', 'with space', default, '' } from './x.js'; export * from './x.js'",
    ),
    exports(
        "names of objects' own members are names of exports",
        "import { __proto__ as p, constructor as c, toString as t, hasOwnProperty as h, prototype as q } from './x.js';"
        " log.push(p, c, t, h, q, typeof (() => 0).toString)",
        "import * as x from './x.js'; log.push(Object.keys(x).join(), x.__proto__, Object.getPrototypeOf(x),"
        " x.constructor)",
        x="const one = 1; export { one as __proto__, one as constructor, one as toString, one as hasOwnProperty,"
        " one as prototype }",
    ),
    exports(
        "reserved words are names of exports",
        "import { if as a, class as b, eval as c, await as d, arguments as e, let as f, import as g } from './x.js';"
        " log.push(a, b, c, d, e, f, g)",
        "import * as x from './x.js'; log.push(Object.keys(x).join(), x.if, x.import, x.arguments)",
        x="const one = 1, two = 2; export { one as if, two as class, one as eval, two as await, one as arguments };"
        " export { one as let, two as import, one as 'export' }",
        level="preload",
    ),
    exports(
        "words of import statements are names",
        "import from, { as as of, from as as, of as from2, async as type, type as async } from './x.js';"
        " import as2, * as get from './x.js'; log.push(from, of, as, from2, type, async, as2, get.as)",
        "import * as as from './x.js'; import { as as from } from './x.js'; log.push(Object.keys(as).join(), from)",
        x="const as = 'as', from = 'from', of = 'of', async = 'async', type = 'type'; export { as, from, of, async,"
        " type };"
        " export default 'default'; const get = async => async, set = { as, from, async of() {},"
        " get async() { return 1 } };"
        " log.push(get(as), set.async)",
        level="preload",
    ),
    exports(
        "default exports can be handed on under other names",
        "import d, { x, other } from './x.js'; import { default as e } from './x.js'; log.push(d, x, other, e)",
        "import d, * as x from './x.js'; log.push(d, Object.keys(x).join(), x.default)",
        x="export { default as x } from './y.js'; export { y as default, default as other } from './y.js'",
        y="export default 'default of y'; export const y = 'y'",
    ),
    exports(
        "an export that is a function called then hinders a dynamic import alone",
        "import { then, a } from './x.js'; log.push(typeof then, a)",
        "import { a } from './x.js'; log.push(a, await import('./x.js'))",
        x="export const a = 'a'; export function then(resolve) { log.push('then'); resolve('resolved') }",
    ),
    exports(
        "exports may stand before what they export",
        "import { a, f, C, d as e } from './x.js'; log.push(a, f(), C.name, e)",
        "import * as x from './x.js'; log.push(Object.keys(x).join(), x.a)",
        x="export { a, f, C, a as again }; export { d }; const a = 'a'; function f() { return a } class C {}"
        " var d = f()",
    ),
    exports(
        "imports and exports of nothing run their module",
        "import {} from './x.js'; export {} from './y.js'; import './z.js'; export * from './w.js'; export {};"
        " log.push('entry')",
        "import * as one from './1.js'; log.push(Object.keys(one).join(), one.w)",
        x="log.push('x'); export const x = 1",
        y="log.push('y')",
        z="log.push('z'); export {}",
        w="log.push('w'); export const w = 'w'",
    ),
    modules(
        "a star under a name brings a namespace",
        "import { ns, up } from './y.js'; up(); log.push(ns.n, Object.keys(ns).join())",
        files={
            "x.js": X,
            "y.js": "export * as ns from './x.js'; export { up } from './x.js'; export * as default from './x.js'",
        },
        after=inline("import * as x from './x.js'; import own, { ns } from './y.js'; log.push(ns === x, own === x)"),
        level="named",
    ),
    modules(
        "a namespace that is exported is the namespace",
        "import { x, n } from './y.js'; x.up(); log.push(n, x.n)",
        files={"x.js": X, "y.js": "import * as x from './x.js'; export { x }; export { n } from './x.js'"},
        after=inline("import * as x from './x.js'; import { x as same } from './y.js'; log.push(x === same)"),
        level="named",
    ),
    modules(
        "a namespace is one for all its importers",
        "import * as x from './x.js'; import { same } from './y.js'; log.push(same(x))",
        files={"x.js": X, "y.js": "import * as x from './x.js'; export const same = other => x === other"},
        level="named",
    ),
)
