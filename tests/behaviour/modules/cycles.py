"""Modules that import each other: functions are there at once, all else when its line has run (ECMA-262, 16.2.1.7)."""

from tests.behaviour.modules.hazard import NOT_WEBKIT, PATH, Level, ModuleHazard, inline, modules

TRY = "const attempt = (name, f) => { try { log.push(name, f()) } catch (error) { log.push(name, error.name) } };\n"


def ring(claim: str, a: str, b: str, level: Level | None = "linked", **files: str) -> ModuleHazard:
    """Return a page whose entry imports ``a.js``, which imports ``b.js``, which imports ``a.js``."""
    entry = "import * as a from './a.js'; log.push('entry', typeof a.f)"
    named = {"a.js": a, "b.js": b} | {f"{name}.js": text for name, text in files.items()}
    return modules(claim, entry, files=named, level=level)


PAGES: tuple[ModuleHazard, ...] = (
    ring(
        "functions of a cycle can be called before their module runs",
        """import { g } from './b.js'; log.push('a', g());
export function f() { return 'f ' + typeof g } export async function later() { return 'later' }
export function* walk() { yield 'walk' } export async function* stream() { yield 'stream' }""",
        """import { f, later, walk, stream } from './a.js';
log.push('b', f(), f.name, walk().next().value, stream.name, typeof later().then);
later().then(value => log.push(value)); export function g() { return 'g' }""",
    ),
    ring(
        "constants, variables and classes of a cycle are in their dead zone",
        "import './b.js'; export const c = 1; export let l = 2; export class K {} export function f() { return c }",
        TRY
        + """import { c, l, K, f } from './a.js';
attempt('const', () => c); attempt('let', () => l); attempt('class', () => K); attempt('function', () => f());
attempt('typeof const', () => typeof c); attempt('typeof class', () => typeof K); attempt('typeof f', () => typeof f);
attempt('new', () => new K()); attempt('template', () => `${c}`); attempt('shorthand', () => ({ c }));
queueMicrotask(() => log.push('later', c, l, typeof K, f()));""",
    ),
    ring(
        "a variable of a cycle is undefined before its line",
        "import './b.js'; export var v = 1; var later; export { later }; later = 2; export function f() {}",
        "import { v, later } from './a.js'; log.push('b', v, typeof later); export const read = () => [v,"
        " later].join();"
        " queueMicrotask(() => log.push(read()))",
    ),
    ring(
        "an error in the dead zone names the binding",
        "import './b.js'; export let early = 1; export function f() {}",
        "import { early } from './a.js'; try { early } catch (error) { log.push(error.message) }",
    ),
    ring(
        "a class extends one over a cycle that has run",
        "import { Sub } from './b.js'; import { Base } from './base.js'; log.push('a', new Sub() instanceof Base,"
        " Sub.name);"
        " export function f() { return Sub }",
        "import { Base } from './base.js'; import { f } from './a.js'; export class Sub extends Base {};"
        " log.push('b', typeof f)",
        base="import './b.js'; export class Base { kind = 'base' }",
    ),
    modules(
        "a class that extends one over a cycle too early throws",
        "import { Base } from './a.js'; log.push('never', Base)",
        "log.push('second'); export {}",
        files={
            "a.js": "import { Sub } from './b.js'; log.push('never', Sub); export class Base {}",
            "b.js": "import { Base } from './a.js'; log.push('b'); export class Sub extends Base {}; log.push('never')",
        },
    ),
    modules(
        "a module imports its own names",
        "import { f as same, n as m, default as own, K as L } from './1.js'; log.push(same()); try { m }"
        " catch (e) { log.push(e.name) }"
        " export let n = 1; log.push(m); n++; log.push(n, m);"
        " export function f() { return 'f' } export default () => 'default'; export class K {}"
        " log.push(f(), own.name, L.name, L === K, same === f)",
        level=None,
    ),
    modules(
        "a module reads its own names through a namespace",
        "import * as self from './1.js'; try { self.n } catch (error) { log.push(error.name) }"
        " export let n = 1; log.push(self.n, self.f()); n = 2; log.push(self.n, self.none);"
        " export function f() { return n }",
    ),
    ring(
        "a default export of a cycle is in its dead zone, a default function is not",
        "import './b.js'; import './c.js'; export default [1]; export function f() {}",
        TRY + "import value from './a.js'; attempt('expression', () => value);"
        " queueMicrotask(() => log.push(value.length))",
        c="import f, { g } from './d.js'; log.push('c', f.name, f(), g);"
        " export default function named() { return 'named' }",
        d="import named from './c.js'; log.push('d', named.name, named()); export default function () { return 'd' }"
        " export const g = 'g'",
        level="named",
    ),
    ring(
        "an anonymous default function is hoisted in a cycle and is called default",
        "import './b.js'; export default function () { return 'anonymous' } export function f() {}",
        "import anonymous from './a.js'; log.push(anonymous(), anonymous.name)",
        level="named",
    ),
    ring(
        "a live binding of a cycle shows each step to both sides",
        "import { m, step } from './b.js'; export let n = 0; export function f() { n++; step(); return m }"
        " log.push(f(), n, m);"
        " f(); log.push(n, m)",
        "import { n, f } from './a.js'; export let m = 10; export function step() { m = n * 10 } log.push(typeof f, m);"
        " queueMicrotask(() => log.push(n))",
    ),
    modules(
        "a cycle that is entered in its middle runs from there",
        "import './b.js'; log.push('entry')",
        files={
            name: f"import './{to}.js'; log.push('{name}')"
            for name, to in (("a.js", "b"), ("b.js", "c"), ("c.js", "a"))
        },
    ),
    modules(
        "two cycles with a common module run each module once",
        "import './a.js'; import './d.js'; log.push('entry')",
        files={
            "a.js": "import './b.js'; log.push('a'); export const a = 'a'",
            "b.js": "import { a } from './a.js'; import { c } from './c.js'; log.push('b', c);"
            " export const b = () => a",
            "c.js": "import { b } from './b.js'; import { d } from './d.js'; log.push('c', typeof d);"
            " export const c = 'c';"
            " queueMicrotask(() => log.push(b()))",
            "d.js": "import { c } from './c.js'; log.push('d'); export function d() { return c }",
        },
    ),
    modules(
        "two entries that import each other run once each",
        "import { two } from './2.js'; log.push('one', two); export function one() { return 'one' }",
        "import { one } from './1.js'; log.push('two', one()); export const two = 'two'",
        "import { one } from './1.js'; import { two } from './2.js'; log.push('three', one(), two)",
    ),
    modules(
        "modules that export each other's stars end",
        "import { a, b } from './a.js'; import { a as again } from './b.js'; log.push(a, b, again === a)",
        files={
            "a.js": "export * from './b.js'; export const a = 'a'; log.push('a')",
            "b.js": "export * from './a.js'; export const b = 'b'; log.push('b')",
        },
        after=inline("import * as a from './a.js'; log.push(Object.keys(a).join())"),
    ),
    modules(
        "a throw in a cycle is the error of all its modules",
        "import './a.js'; log.push('never')",
        "import './b.js'; log.push('never')",
        "log.push('third'); export {}",
        files={
            "a.js": "import './b.js'; log.push('never')",
            "b.js": "import './a.js'; import './c.js'; log.push('b'); throw new Error('thrown by b')",
            "c.js": "log.push('c')",
        },
        before="<script>var errors = []; addEventListener('error', event => errors.push(event.error))</script>",
        after=inline(
            "for (const name of ['a', 'b', 'c']) await import(`./${name}.js`).then("
            "() => log.push(name), error => log.push(name, error === errors[0]))"
        ),
        seen="[errors.length, errors[0] === errors[1]]",
        engines=NOT_WEBKIT,
    ),
    modules(
        "a throw of the last module of a cycle fails those that have run",
        "import './a.js'; log.push('never')",
        "import './b.js'; log.push('never, as b is of the cycle')",
        files={
            "a.js": "import './b.js'; log.push('a'); throw new Error('thrown by a')",
            "b.js": "import './a.js'; log.push('b')",
        },
        engines=NOT_WEBKIT,
    ),
    ring(
        "a call over a cycle has no receiver, wherever it stands",
        """import './b.js'
export function f() { return this === undefined }
export const g = tag => tag""",
        """import { f } from './a.js'
let first = 1
f()
const list = [f(), f?.(), f``, (f)(), (0, f)(), (() => f())(), `${f()}`, !f(), typeof f()]
f
;[f(), f].forEach(each => log.push(typeof each))
log.push(list.join(), { f }.f === f, { f }.f(), ((x = f) => x())(), ((...all) => all)(...[f])[0] === f)""",
    ),
    ring(
        "an import over a cycle stands in any expression",
        """import { read } from './b.js';
export const o = { x: 1, f() { return this.x }, [Symbol.iterator]: function* () { yield 7 } };
export class K { static s = 's'; p = 1 } export function f() { return read() }; log.push(read())""",
        """import { o, K, f } from './a.js';
export function read() {
  class Sub extends K { static [o.x] = 'computed' } const { x, y = o.x } = o, [z = o] = [], g = (a = o, { b = K }
  = {}) => [a, b];
  for (const turn of [...o]) log.push(turn);
  delete o.gone; o.added = 1; o.added++;
  if (o instanceof Object && 'x' in o) log.push(new K().p, new K.prototype.constructor().p);
  const made = new K, held = { o, K: K, f() { return f } }, { s } = K; label: { break label }
  return [x, y, z === o, g()[1] === K, o.f(), o?.x, o['x'], Sub[1], Sub.s, made.p, held.o === o,
     held.f() === f, s, void o].join();
}""",
    ),
    ring(
        "inner names hide those that a cycle imports",
        "import { read } from './b.js'; export const x = 'x'; export function f() { return 'f' }"
        " log.push(read('parameter'))",
        """import { x, f } from './a.js';
export function read(x) {
  const inner = ({ x, f = 1 }) => [x, f], o = { x, f() { return typeof f } };
  { let f = 2; log.push(f) } try { throw 3 } catch (f) { log.push(f) } function nested() { var x = 4; return x }
  for (let x of [5]) log.push(x); (class f { static { log.push(f.name) } }); x: for (;;) break x;
  return [x, inner({ x: 6 }), o.x, o.f(), nested(), (f => f)(7), f()].join();
}
export const outer = () => x; queueMicrotask(() => log.push(outer()))""",
        level=None,
    ),
    ring(
        "text that is evaluated in a cycle sees its imports",
        "import { run } from './b.js'; export let x = 1; export function f() {} log.push(run('x')); x = 2;"
        " log.push(run('x'))",
        "import { x } from './a.js'; export const run = text => eval(text); try { run('x') }"
        " catch (e) { log.push(e.name) }",
        level="named",
    ),
    ring(
        "a function that is called before its module runs knows its address",
        f"import './b.js'; export function f() {{ return {PATH} }} log.push('a', f())",
        "import { f } from './a.js'; log.push('b', f())",
        level=None,
    ),
    ring(
        "names for generators do not hinder a cycle",
        "import { args } from './b.js'; export function f() { return arguments.length } log.push(args(1, 2),"
        " typeof args)",
        "import { f } from './a.js'; export const args = function () { return arguments.length + f(1) };"
        " export const o = { yield: 1, await: 2, arguments: 3 }; log.push(o.yield, o.await, o.arguments, typeof f)",
        level=None,
    ),
    ring(
        "a re-export over a cycle leads to the binding itself",
        "export { g as f, late } from './b.js'; export { own } from './c.js'; log.push('a')",
        "import { f, own } from './a.js'; export function g() { return own } export let late = 1; log.push('b', f());"
        " late = 2; queueMicrotask(() => log.push(f()))",
        c="import { late } from './a.js'; export var own = 'own'; log.push('c', late);"
        " queueMicrotask(() => log.push(late))",
    ),
)
