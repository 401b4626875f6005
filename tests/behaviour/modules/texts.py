"""The texts of modules: their names, strictness, signs and ends (ECMA-262, 16.2)."""

from string import ascii_letters

from tests.behaviour.modules.hazard import CHROMIUM, Level, ModuleHazard, inline, modules

LETTERS = "'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_'.split('')"


EVERY_SHORT_NAME = ", ".join(f"{name} = {number}" for number, name in enumerate(ascii_letters))


def text(
    claim: str,
    x: str | bytes,
    entry: str = "import './x.js'; log.push('entry')",
    level: Level | None = "linked",
    **files: str,
) -> ModuleHazard:
    """Return a page whose entry imports ``x.js``, about whose text it is."""
    named: dict[str, str | bytes] = {"x.js": x} | {f"{name}.js": content for name, content in files.items()}
    return modules(claim, entry, files=named, level=level)


PAGES: tuple[ModuleHazard, ...] = (
    text(
        "default exports without a name are called default",
        "export default () => {}",
        "import a from './x.js'; import b from './b.js'; import c from './c.js'; import d from './d.js';"
        " import e from './e.js';"
        " import f from './f.js'; import g from './g.js'; import h from './h.js'; import i from './i.js';"
        " import j from './j.js';"
        " log.push([a, b, c, d, e, f, g, h, i,"
        " j].map(x => typeof x === 'function' ? `${x.name}|` : typeof x).join(' '))",
        b="export default function () {}",
        c="export default class {}",
        d="export default (function () {})",
        e="export default (0, () => {})",
        f="export default class { static name = 'own' }",
        g="export default async () => {}",
        h="export default function* () {}",
        i="export default class extends Array { static seen = log.push(this.name) }",
        j="export default [() => {}][0]",
    ),
    text(
        "default exports with a name keep it",
        "export default function named() { return named.name } log.push(named.name)",
        "import a from './x.js'; import b from './b.js'; import c from './c.js'; import d from './d.js';"
        " log.push(a(), b.name, b.self(), c.name, d.name)",
        b="export default class Named { static self() { return Named === this && Named.name } }",
        c="const later = () => {}; export default later",
        d="export default (class Inner {})",
    ),
    text(
        "a default export can be anything",
        "export default { a: 1 }.a + 1",
        "import a from './x.js'; import b from './b.js'; import c from './c.js'; import d from './d.js';"
        " import e from './e.js';"
        " log.push(a, b, c.source, d); e(f => f())",
        b="export default `text ${1 + 1}`",
        c="export default /export default/",
        d="export default (1, 2)\n;[log.push('d')]",
        e="export default async => async\n(() => log.push('e'))",
        level="preload",
    ),
    text(
        "functions, classes and variables have the names that they were given",
        "export function fn() {} export class Kl {} export const arrow = () => {}, anonymous = class {},"
        " object = { method() {} };"
        " export let gen = function* () {}; export { fn as other }",
        "import { fn, Kl, arrow, anonymous, object, gen, other } from './x.js'; function own() {} class Own {}"
        " log.push(fn.name, Kl.name, arrow.name, anonymous.name, object.method.name, gen.name, other.name, own.name,"
        " Own.name)",
    ),
    text(
        "modules are strict and have no receiver",
        """log.push(this, typeof arguments, (function () { return this })(), (() => this)(), typeof this);
for (const sloppy of [() => { undeclared = 1 }, () => { delete Object.prototype }, () => { Object.freeze([]).push(1) },
  () => { 'text'.x = 1 }, function f() { return f.caller }, () => arguments, () => { NaN = 1 }])
  try { log.push(typeof sloppy()) } catch (error) { log.push(error.name) }
log.push((function (a) { arguments[0] = 2; return a })(1), eval('var evaluated = 1; evaluated'), typeof evaluated);
{ function inner() {} } log.push(typeof inner)""",
    ),
    text(
        "names at the top are no properties of the window",
        "var a = 1; function b() {} let c = 3; class D {} export var e = 5; log.push([window.a, window.b, window.c,"
        " window.D].join())"
        "; globalThis.shared = 'shared'; export { a as default, b, c, D }",
        "import './x.js'; log.push(typeof a, typeof b, typeof c, typeof D, typeof e, shared, 'a' in window);"
        " var log2 = log;"
        " export { log2 }",
    ),
    text(
        "a module sees no short names but its own",
        f"log.push({LETTERS}.filter(name => {{ try {{ return eval(`typeof ${{name}}`) !== 'undefined' }}"
        " catch (error) { return true } }).join());",
        "import { x } from './y.js'; log.push(typeof e, typeof E, typeof u, typeof s, typeof c, typeof d, typeof r, x);"
        " import './x.js'",
        level=None,
        y="export const x = [typeof a, typeof i, typeof n, typeof m, typeof require, typeof module,"
        " typeof exports].join()",
    ),
    text(
        "a module can use every short name",
        f"const {EVERY_SHORT_NAME}, $ = 'dollar', _ = 'low';\n"
        "export { e, E, u, s, c, d, r, $, _ }; log.push(a + z + A + Z, $, _)",
        "import { e, E, u, s, c, d, r, $, _ } from './x.js'; log.push([e, E, u, s, c, d, r, $, _].join())",
    ),
    text(
        "global short names are the page's",
        "log.push(E, e, typeof u); window.u = 'made'; export const read = () => [E, e, u].join(); const d = 'own';"
        " log.push(d)",
        "window.E = 'never'; import './before.js'; import { read } from './x.js'; log.push(read()); e = 'changed';"
        " log.push(read())",
        before="Object.assign(window, { E: 'window E', e: 'window e', d: 'window d' }); log.push(typeof d)",
    ),
    text(
        "evaluated text sees imports and inner names",
        "const own = 'own'; log.push(eval('own + typeof log'), (0, eval)('typeof own'),"
        " new Function('return typeof own')());"
        " export const run = text => { const inner = 'inner'; return eval(text) }",
        "import { run } from './x.js'; import { value as renamed } from './y.js'; const read = eval('() => renamed');"
        " log.push(run('own + inner'), eval('renamed'), read(), eval('typeof run'), run('typeof renamed'))",
        level=None,
        y="export const value = 'value'",
    ),
    text("a byte order mark is no text", b"\xef\xbb\xbflog.push('x'); export const a = 1"),
    text(
        "line ends are of four kinds",
        "log.push('x') // one\r\nlog.push('y') // two\rlog.push('z') // three\u2028log.push('w')\u2029"
        "log.push('\u2028'.length, `a\r\nb`.length)\r",
    ),
    text("a line of a program is no text", "#!/usr/bin/env node\nlog.push('x'); export const a = 1"),
    text("a byte order mark and a line of a program are no text", "\ufeff#!/usr/bin/env node\r\nlog.push('x')"),
    text("a comment may end a module without a line end", "log.push('x') // the end", y="log.push('never')"),
    text(
        "a map comment may end a module",
        "log.push('x')\n//# sourceMappingURL=x.js.map\n//# sourceURL=other.js",
        level=None,
    ),
    text(
        "a comment that hides import statements hides them",
        "/* import './none.js' */ // export { none }\nlog.push('x') /**/",
    ),
    text(
        "a module may be empty",
        "",
        "import './x.js'; import './y.js'; import * as y from './z.js'; log.push(y.none)",
        y=" \n",
        z="//",
    ),
    text(
        "statements without semicolons stay apart",
        "const a = 1\nexport { a }\n;[1].forEach(n => log.push(n))\nlet b = a\n++b\nlog.push(b)\nvar c = () => 1",
        "import { a }"
        " from './x.js'\nimport d from './y.js'\nlog.push(a)\n;(() => log.push(d))()\nexport default a\n"
        "log.push('end')",
        y="export default 1\n/2/g\nlog.push('y')\nvar g = 1",
    ),
    text(
        "a module that ends without a semicolon and one that begins with a parenthesis stay apart",
        "const f = x => log.push('never', x)\nexport default f\nlog.push(typeof f), f",
        "import './x.js'; import './y.js'; import './z.js'; log.push('entry')",
        y="(function () { log.push('y') })()",
        z="`template`, log.push('z'), /regular/",
    ),
    text(
        "words of modules in strings, templates and patterns are no statements",
        "const a = `import x from './none.js' ${`export default ${1}`} \n export { a }\nimport './none.js'\n`,"
        " b = /export {a} from '/,"
        " c = 'import { a } from \"./none.js\"', d = \"export * from './none.js'\";\nlog.push(a.length, b.source, c,"
        " d); export { a as x }",
        "import { x } from './x.js'; const text = `\nimport { y } from './y.js'\n`; log.push(x.length, text.length)",
    ),
    text(
        "signs that open comments in classic scripts are none in modules",
        "let n = 3; while (n --> 0) log.push(n); const a = '<!-- text', b = `<!--`, c = /<!--/.test('<!--');"
        " /* <!-- */\n"
        "log.push(a, b, c, '-->') // <!-- -->",
    ),
    text(
        "a mark that opens a comment in classic scripts is refused",
        "log.push('never');\nlet a = 1 <!--a\n",
        level="linked",
    ),
    text("the end of a script element is text", "log.push('</script>'.length, `<!--<script>`, '<\\/script>')"),
    text(
        "bytes that are no text become the replacement sign",
        b"log.push('caf\xe9'.charCodeAt(3)); export const a = 1",
        level="linked",
    ),
    modules(
        "modules are of the encoding of modules",
        "import { sign } from './x.js'; log.push(sign.codePointAt(0), '☃'.codePointAt(0), document.characterSet)",
        files={"x.js": "export const sign = 'é'"},
        content_type="text/html; charset=windows-1252",
        elements='<script type="module" charset="windows-1252" src="1.js"></script>',
    ),
    text(
        "names of signs and of the world are names",
        "export const ñ = 'ñ', 𠮷 = '𠮷', $ = '$', _ = '_', \\u0061bc = 'abc', ª = 'ª'; export { ñ as 'ñ̃' }",
        "import { ñ, 𠮷, $, _, abc, ª, 'ñ̃' as other } from './x.js'; log.push([ñ, 𠮷, $, _, abc, \\u0061bc, ª,"
        " other].join())",
        level=None,
    ),
    text(
        "escapes in the specifier of an import are signs",
        "log.push('x'); export const a = 'a'",
        "import { a } from '\\x2e/\\u0078.js'; import { a as b } from './x.js'; log.push(a === b)",
        level=None,
    ),
    text(
        "new syntax is syntax",
        """class A { #p = 1; static #s = 2; static { log.push(A.#s) } get p() { return this.#p ??= 1_000 }
static has = x => #p in x }
let n = null; n ??= 2n ** 3n; n ||= 1n; n &&= n;
log.push(n, A.has(new A()), new A()?.p, [1, 2].at?.(-1), /(?<a>.)/dv.exec('x').groups.a);
label: for (const [k, v] of Object.entries({ a: 1 })) { if (v) continue label }
try { throw 1 } catch { log.push('caught') } const o = { async *gen() { yield* [1] }, get [`c${1}`]() { return 2 } };
log.push(o.c1);
(async () => { for await (const each of o.gen()) log.push('awaited', each) })(); export { A }""",
    ),
    modules(
        "a declaration that ends itself ends itself",
        "import './x.js'; log.push('entry')",
        files={"x.js": "using held = { [Symbol.dispose]() { log.push('disposed') } }; log.push('x', typeof held)"},
        level=None,
        engines=CHROMIUM,
    ),
    text(
        "names are hoisted and dead before their lines",
        "log.push(f(), typeof v, typeof f); for (const read of [() => l, () => K, () => typeof c])"
        " try { log.push(read()) } catch (error) { log.push(error.name) } function f() { return 'f' } var v = 1;"
        " let l = 2;"
        " class K {} const c = 3; log.push(v, l, c); export { f, l, K, c }",
        "import { l, K } from './x.js'; { try { l2 } catch (error) { log.push(error.name) } let l2 = l; log.push(l2,"
        " K.name) }",
    ),
    text(
        "a constant can not be assigned",
        "export const a = 1; export class K { static set() { K = 1 } } export const f = function own() { own = 1 };"
        " try { a = 2 } catch (error) { log.push(error.message) } try { f() } catch (error) { log.push(error.name) }"
        " try { K.set() } catch (error) { log.push(error.name) } log.push(typeof K)",
        "import { a, K } from './x.js'; log.push(a, K.name)",
    ),
    text(
        "names of functions and of awaiting are no waiting",
        "export const f = async () => { await null; log.push('awaited') }; const o = { await: 1, async awaits() {} };"
        " log.push(o.await);"
        " class C { static await = 2; async m() { for await (const x of [3]) log.push(x) } } log.push(C.await);"
        " new C().m(); f()",
    ),
    text(
        "a directive is a directive",
        "'use strict'; 'use client'; 'use asm'\nexport const a = 'a'; log.push(a)",
        "'use strict'\nimport { a } from './x.js'; log.push(a)",
    ),
    text(
        "a long line is a line",
        f"export const all = [{', '.join(str(n) for n in range(5000))}]; log.push(all.length)",
        "import { all } from './x.js'; log.push(all.reduce((a, b) => a + b))",
    ),
    text(
        "a stack is a text",
        "export const stack = () => typeof new Error('x').stack",
        "import { stack } from './x.js'; log.push(stack())",
    ),
    text(
        "a member called default or import is a member",
        "const o = { default: 1, import: 2, export: 3, from: 4 }; export const { default: d, import: i, ...rest }"
        " = o; log.push(o.export);"
        " export default o.default; switch (o.from) { default: log.push('switch') }",
        "import e, { d, i, rest } from './x.js'; log.push(e, d, i, Object.keys(rest).join())",
    ),
    text(
        "an export list ends in a comma or holds line ends",
        "const a = 1, b = 2\nexport {\n  a,"
        " // the first\n  b as /* second */ c,\n}\nexport\nconst d\n= 3\nexport\ndefault\na",
        "import e, {\n  a, // one\n  c as b,\n  d,\n}\nfrom\n'./x.js'\n/* between */ import * as all from './x.js';"
        " log.push(a, b, d, e, all.c)",
        level="named",
    ),
)
PAGES += (
    modules(
        "an outsider's text may hold what looks like the region's end",
        "import './x.js'; log.push('entry', '<!-- endcompress -->')",
        files={"x.js": "log.push('<!-- compress js -->')"},
        elements='<script type="module" src="1.js"></script>\n' + inline("log.push('inline', '--> <!--'.length)"),
        level=None,
    ),
)
