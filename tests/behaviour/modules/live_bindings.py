"""An import is the exporter's binding, not a copy of its value (ECMA-262, 9.1.1.5)."""

from tests.behaviour.modules.hazard import PARSED, Level, ModuleHazard, inline, modules


def exported(claim: str, exporter: str, entry: str, level: Level = "linked", **files: str) -> ModuleHazard:
    """Return a page whose entry uses what ``x.js`` exports."""
    named = {f"{name}.js": text for name, text in files.items()}
    return modules(claim, entry, files={"x.js": exporter} | named, level=level)


COUNTER = "export let n = 0; export function up() { n++; return n }"

PAGES: tuple[ModuleHazard, ...] = (
    exported(
        "an imported counter shows each step",
        COUNTER,
        "import { n, up } from './x.js'; log.push(n); up(); log.push(n); up(); log.push(n, up() === n)",
    ),
    exported(
        "a counter imported under another name shows each step",
        COUNTER,
        "import { n as count, up as next } from './x.js'; log.push(count); next(); log.push(count, typeof n)",
    ),
    exported(
        "a closure over an import reads the value of the day",
        COUNTER,
        "import { n, up } from './x.js'; const read = () => n; const held = { n }; up(); log.push(read(), held.n,"
        " `${n}`)",
    ),
    exported(
        "a counter stays live through re-exports and stars",
        COUNTER,
        "import { n, up } from './star.js'; import { m } from './named.js'; up(); log.push(n, m); up(); log.push(n, m)",
        star="export * from './x.js'",
        named="export { n as m } from './star.js'",
    ),
    exported(
        "a counter stays live through an import that is exported again",
        COUNTER,
        "import { n, up } from './again.js'; up(); log.push(n); up(); log.push(n)",
        again="import { n, up } from './x.js'; up(); export { n, up }; log.push('again', n)",
    ),
    exported(
        "a default export of an expression is a copy and of a name is not",
        "let n = 1; export default n; export { n as live }; export const set = value => { n = value }",
        "import fixed, { live, set } from './x.js'; set(7); log.push(fixed, live)",
    ),
    exported(
        "a name exported as default is live",
        "let n = 1; export { n as default }; export const set = value => { n = value }",
        "import n, { set } from './x.js'; log.push(n); set(2); log.push(n)",
    ),
    exported(
        "a default function that is replaced is replaced for importers",
        "export default function f() { return 'old' } export function swap() { f = () => 'new' }",
        "import f, { swap } from './x.js'; log.push(f()); swap(); log.push(f(), f.name)",
    ),
    exported(
        "a class that is replaced is replaced for importers",
        "export class C { who() { return 'old' } } export function swap() { C = class { who() { return 'new' } } }",
        "import { C, swap } from './x.js'; const old = new C(); swap();"
        " log.push(new C().who(), old.who(), old instanceof C, C.name)",
    ),
    exported(
        "every operator that assigns tells the importers",
        """export let a = 1, b = null, c = 0, d = 1, e = 2, f = 8, g = 5, h = 1, i = 'x';
export const steps = [
  () => a = 10, () => a += 5, () => a -= 1, () => a *= 2, () => a /= 4, () => a %= 4, () => a **= 3,
  () => b ??= 'set', () => c ||= 'or', () => d &&= 'and', () => e <<= 3, () => f >>= 1, () => f >>>= 1,
  () => g &= 4, () => g |= 3, () => g ^= 1, () => h++, () => ++h, () => h--, () => --h, () => i += `${i}y`,
];""",
        "import { a, b, c, d, e, f, g, h, i, steps } from './x.js';"
        " for (const step of steps) log.push([step(), a, b, c, d, e, f, g, h, i].join())",
    ),
    exported(
        "every pattern that assigns tells the importers",
        """export let a = 1, b = 2, c = 3, rest = [];
export const steps = [
  () => { [a, b] = [b, a] }, () => { ({ a, b: c } = { a: 'A', b: 'C' }) }, () => { [a = 'given', ...rest] = [] },
  () => { ({ x: { y: [b] }, ...rest } = { x: { y: ['deep'] }, z: 1 }) }, () => { [[[a]]] = [[['nested']]] },
  () => { ({ c = 'default' } = {}) }, () => { [b, c] = 'xy' }, () => { ({ ['a' + '']: a } = { a: 'computed' }) },
];""",
        "import { a, b, c, rest, steps } from './x.js';"
        " for (const step of steps) { step(); log.push(JSON.stringify([a, b, c, rest])) }",
    ),
    exported(
        "the head of a loop tells the importers at each turn",
        """export let a = 0, b = 0, c = 0;
export function turn(tell) {
  for (a of [1, 2]) tell();
  for (b in { x: 1, y: 2 }) tell();
  for ([a, b] of [[3, 4], [5, 6]]) tell();
  for ({ c } of [{ c: 7 }, { c: 8 }]) { if (c === 7) continue; tell() }
  for (a = 0; a < 3; a++) tell();
}""",
        "import { a, b, c, turn } from './x.js'; turn(() => log.push([a, b, c].join())); log.push([a, b, c].join())",
        level="named",
    ),
    exported(
        "a variable of a loop at the top is exported",
        "export var i; for (var i = 0; i < 3; i++) { var last = i } export { last }; log.push(i, last)",
        "import { i, last } from './x.js'; log.push(i, last)",
    ),
    exported(
        "a variable that is declared twice is one export",
        "export var a = 1; var a = 2; export function more() { var a = 9; return a } log.push(more())",
        "import { a, more } from './x.js'; log.push(a, more(), a)",
    ),
    exported(
        "an assignment to a name of an inner scope tells nobody",
        "export let n = 1; export function f(n) { n = 5; { let n = 6; n++ } return n }",
        "import { n, f } from './x.js'; log.push(f(0), n)",
    ),
    exported(
        "async functions, generators and static blocks that assign tell the importers",
        """export let n = 0; export async function late() { await null; n = 'late'; return n }
export function* walk() { n = 'one'; yield; n = 'two' } export class C { static { n = 'static' }
static set() { n = 's' } }
export const getter = { get n() { return n = 'got' } }, f = (x = n = 'defaulted') => x;""",
        "import { n, late, walk, C, getter, f } from './x.js'; log.push(n); const w = walk(); w.next(); log.push(n);"
        " w.next(); log.push(n); C.set(); log.push(n); getter.n; log.push(n); f(); log.push(n);"
        " late().then(() => log.push(n))",
    ),
    exported(
        "a destructured declaration exports each of its names",
        "export const { a, b: { c }, ...rest } = { a: 1, b: { c: 2 }, d: 3 }; export let [x, , y = 'y', ...z] = [4,"
        " 5];",
        "import { a, c, rest, x, y, z } from './x.js'; log.push(a, c, JSON.stringify(rest), x, y, z.length, typeof b)",
    ),
    exported(
        "a function that is imported is called without a receiver",
        "export function f() { return this } export const g = function () { 'use strict'; return this === undefined };"
        " export let h = f; export function swap() { h = g }",
        "import { f, g, h, swap } from './x.js'; log.push(f() === undefined, g(), h() === undefined); swap();"
        " log.push(h(), f`x` === undefined, f?.() === undefined, (0, f)() === undefined, [f][0]() !== undefined)",
    ),
    exported(
        "an imported class is constructed, extended and tested",
        "export class Base { static made = 0; constructor() { Base.made++; log.push(new.target.name) } }"
        " export let Live = Base;",
        "import { Base, Live } from './x.js'; class Sub extends Live {} new Base; new Sub(); new Live;"
        " log.push(new Sub() instanceof Base, Base.made, Object.getPrototypeOf(Sub) === Base)",
    ),
    exported(
        "parameters, blocks, labels and properties hide an import",
        COUNTER,
        """import { n, up } from './x.js';
up();
const f = n => n, g = ({ n }) => n, h = ([n = 5]) => n, o = { n: 'property', up() { return 'method' } };
n: for (let n = 3; n < 4; n++) { log.push(n); break n }
try { throw 'caught' } catch (n) { log.push(n) }
{ class n { static x = 'class' } log.push(n.x) }
(function n() { log.push(typeof n) })();
switch (1) { case 1: let n = 'case'; log.push(n) }
log.push(f(1), g({ n: 2 }), h([]), o.n, o.up(), o?.n, n);""",
    ),
    modules(
        "an outsider sees the steps that the page's modules make",
        "import { up } from './x.js'; up(); log.push('entry'); window.next = up",
        files={"x.js": COUNTER},
        before=PARSED,
        after=inline("import { n, up } from './x.js'; log.push(n); window.next(); log.push(n); up(); log.push(n)"),
    ),
    modules(
        "a step that an outsider makes is seen by the page's modules",
        "import { n } from './x.js'; window.read = () => n; log.push(n)",
        "import { n } from './x.js'; log.push('two', n)",
        files={"x.js": COUNTER},
        after=inline("import { up } from './x.js'; up(); up(); log.push(window.read())"),
    ),
    modules(
        "an assignment to an import throws and changes nothing",
        """import { n, f } from './x.js';
for (const assign of [
  () => { n = 5 }, () => { n++ }, () => { n += 1 }, () => { [n] = [1] }, () => { ({ n } = { n: 1 }) },
  () => { for (n of [1]) log.push('turn') }, () => { f = null },
]) try { assign(); log.push('assigned') } catch (error) { log.push(error.name, error instanceof TypeError) }
log.push(n, typeof f);""",
        files={"x.js": "export let n = 1; export function f() {}"},
        level="named",
    ),
    modules(
        "an assignment to an import evaluates its right side first",
        "import { n } from './x.js'; try { n = log.push('right') } catch (error) { log.push(error.name) }",
        files={"x.js": "export const n = 1; export let m = 2; m = 3"},
        level="named",
    ),
    modules(
        "an export that evaluated text assigns is live",
        "import { n, run } from './x.js'; log.push(n); run('n = 5'); log.push(n)",
        files={"x.js": "export let n = 1; export const run = text => eval(text)"},
        level=None,
    ),
    exported(
        "a hot loop over a live binding reads each value",
        COUNTER,
        "import { n, up } from './x.js'; let sum = 0; while (n < 100000) { up(); sum += n } log.push(sum, n)",
    ),
    exported(
        "an exported object is one object",
        "export const shared = { list: [] }; export let other = shared; export const swap = () => { other = {} }",
        "import { shared, other, swap } from './x.js'; import { add } from './y.js'; add();"
        " log.push(shared === other, shared.list.length); swap(); log.push(shared === other)",
        y="import { shared } from './x.js'; export const add = () => shared.list.push('added')",
    ),
    exported(
        "two importers read one live binding between two steps",
        COUNTER,
        "import { step } from './y.js'; import { n } from './x.js'; log.push(n, step(), n, step(), n)",
        y="import { n, up } from './x.js'; export const step = () => (up(), `y${n}`)",
    ),
)
