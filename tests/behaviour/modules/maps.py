"""Import maps of the page's author and the base of its addresses (HTML, 8.1.5.2 and 8.1.6.2)."""

from base64 import b64encode
from hashlib import sha384

from tests.behaviour.modules.hazard import (
    FOREIGN,
    HERE,
    NOT_FIREFOX,
    ORIGIN,
    PATH,
    ModuleHazard,
    import_map,
    inline,
    modules,
)

LIB = "log.push('lib'); export const token = {}; export let n = 0; export const up = () => { n++ }"
ENTRY = '<script type="module" src="1.js"></script>'
TWO = ENTRY + '\n<script type="module" src="2.js"></script>'


def mapped(claim: str, text: str, entry: str, files: dict[str, str], **options: str | None) -> ModuleHazard:
    """Return a page with the map *text* at the head of its region."""
    return modules(claim, entry, files=files, elements=import_map(text) + "\n" + ENTRY, **options)  # type: ignore[arg-type]


def digest(text: str) -> str:
    """Return the value of ``integrity`` for a file."""
    return "sha384-" + b64encode(sha384(text.encode()).digest()).decode()


PAGES: tuple[ModuleHazard, ...] = (
    mapped(
        "a bare name is the address that the map gives it",
        '{"imports": {"lib": "./lib.js"}}',
        "import { token } from 'lib'; import { token as same } from './lib.js'; log.push(token === same)",
        {"lib.js": LIB},
        after=inline("import { token } from 'lib'; import { token as same } from './lib.js'; log.push(token === same)"),
    ),
    mapped(
        "two names of one address are one module",
        f'{{"imports": {{"lib": "./lib.js", "other": "{HERE}/lib.js"}}}}',
        "import { n, up } from 'lib'; import { n as m } from 'other'; up(); log.push(n, m)",
        {"lib.js": LIB},
        after=inline("import { n, up } from 'other'; up(); const lib = await import('lib'); log.push(n, lib.n)"),
    ),
    mapped(
        "a prefix of the map leads to a folder",
        '{"imports": {"lib/": "./lib/", "lib": "./lib/index.js", "lib/deep/": "./deep/"}}',
        "import 'lib'; import 'lib/part.js'; import { where } from 'lib/deep/part.js'; log.push(where)",
        {
            "lib/index.js": "import './part.js'; log.push('index')",
            "lib/part.js": "log.push('part')",
            "lib/deep/part.js": "log.push('never')",
            "deep/part.js": f"export const where = {PATH}",
        },
        after=inline("import 'lib/part.js'; import { where } from './deep/part.js'; log.push(where)"),
    ),
    mapped(
        "an exact name comes before a prefix",
        '{"imports": {"lib/": "./a/", "lib/x.js": "./b/x.js"}}',
        "import { x } from 'lib/x.js'; import { y } from 'lib/y.js'; log.push(x, y)",
        {
            "a/x.js": "export const x = 'a'; log.push('never')",
            "a/y.js": "export const y = 'a'",
            "b/x.js": "export const x = 'b'",
        },
    ),
    mapped(
        "a scope gives a name another address",
        '{"imports": {"dep": "./dep.js"}, "scopes": {"./a/": {"dep": "./a-dep.js"}, "./a/b/": {"dep": "./b-dep.js"}}}',
        "import { dep } from 'dep'; import './a/a.js'; import './a/b/b.js'; log.push('entry', dep)",
        {
            "dep.js": "export const dep = 'outer'",
            "a-dep.js": "export const dep = 'scope a'",
            "b-dep.js": "export const dep = 'scope b'",
            "a/a.js": "import { dep } from 'dep'; log.push('a', dep); export const lazy = () => import('dep')",
            "a/b/b.js": "import { dep } from 'dep'; import { lazy } from '../a.js'; log.push('b', dep);"
            " addEventListener('load', async () => log.push((await lazy()).dep, (await import('dep')).dep))",
        },
        after=inline("import { dep } from 'dep'; log.push('outsider', dep)"),
    ),
    mapped(
        "what a scope lacks comes from the map's imports",
        '{"imports": {"one": "./one.js", "two": "./two.js"}, "scopes": {"./a/": {"two": "./other.js"}}}',
        "import './a/a.js'; import { two } from 'two'; log.push(two)",
        {
            "one.js": "export const one = 1",
            "two.js": "export const two = 2",
            "other.js": "export const two = 'scoped'",
            "a/a.js": "import { one } from 'one'; import { two } from 'two'; log.push(one, two)",
        },
    ),
    mapped(
        "a scope can be one module",
        f'{{"scopes": {{"{HERE}/x.js": {{"./dep.js": "./other.js"}}}}}}',
        "import { dep } from './x.js'; import { dep as own } from './dep.js'; log.push(dep, own)",
        {
            "x.js": "export { dep } from './dep.js'",
            "dep.js": "export const dep = 'dep'",
            "other.js": "export const dep = 'other'",
        },
    ),
    mapped(
        "a name that the map blocks can not be imported",
        '{"imports": {"lib": null, "lib/": "./lib/"}}',
        "import 'lib'; log.push('never')",
        {"lib/x.js": "log.push('never')"},
        level="preload",
    ),
    mapped(
        "an address can be mapped to another one",
        '{"imports": {"./x.js": "./y.js"}}',
        "import { name } from './x.js'; import { name as direct } from './y.js'; log.push(name, direct)",
        {"x.js": "log.push('never'); export const name = 'x'", "y.js": "log.push('y'); export const name = 'y'"},
        after=inline("import { name } from './x.js'; log.push(name)"),
    ),
    mapped(
        "a target of the map is not looked up again",
        '{"imports": {"a": "./b.js", "./b.js": "./c.js"}}',
        "import { name } from 'a'; import { name as other } from './b.js'; log.push(name, other)",
        {"b.js": "log.push('b'); export const name = 'b'", "c.js": "log.push('c'); export const name = 'c'"},
        after=inline("import { name } from 'a'; import { name as other } from './b.js'; log.push(name, other)"),
    ),
    modules(
        "the map does not hold for the source of an element",
        "log.push('one'); export const name = 'one'",
        "import { name } from './1.js'; log.push('two', name)",
        files={"other.js": "log.push('other'); export const name = 'other'"},
        elements=import_map('{"imports": {"./1.js": "./other.js"}}') + "\n" + TWO,
        after=inline("import { name } from './1.js'; log.push(name)"),
        level=None,
    ),
    mapped(
        "a mapped address with a query is a module of its own",
        '{"imports": {"lib": "./lib.js?v=2"}}',
        "import { token } from 'lib'; import { token as other } from './lib.js'; log.push(token === other)",
        {"lib.js": LIB},
        after=inline(
            "import { token } from 'lib'; import { token as same } from './lib.js?v=2'; log.push(token === same)"
        ),
    ),
    mapped(
        "names of packages, signs and scripts of the world are names",
        '{"imports": {"@scope/pkg": "./a.js", "a<b": "./b.js", "☃ snow": "./c.js", "</p>": "./d.js", "": "./e.js"}}',
        "import '@scope/pkg'; import 'a<b'; import '☃ snow'; import '</p>'; log.push('entry')",
        {f"{name}.js": f"log.push('{name}')" for name in "abcde"},
        after=inline("import '@scope/pkg'; import('☃ snow').then(() => log.push('again'))"),
    ),
    mapped(
        "unknown keys of the map are ignored with a warning",
        '{"imports": {"lib": "./lib.js"}, "unknown": {"lib": "./none.js"}}',
        "import 'lib'; log.push('entry')",
        {"lib.js": LIB},
    ),
    mapped(
        "a broken map is told and maps nothing",
        '{"imports": {"lib": "./lib.js"',
        "log.push('entry'); import('lib').catch(error => log.push(error.name))",
        {"lib.js": LIB},
        level=None,
    ),
    mapped(
        "a map with wrong values is told and maps the rest",
        '{"imports": {"lib": "./lib.js", "wrong": 1, "folder/": "./none", "bad": "https://:bad"}}',
        "import 'lib'; for (const name of ['wrong', 'bad', 'folder/x.js'])"
        " import(name).then(() => log.push('never'), error => log.push(error.name))",
        {"lib.js": LIB},
        level=None,
    ),
    mapped(
        "a module whose digest in the map is right runs",
        f'{{"imports": {{"lib": "./lib.js"}}, "integrity": {{"./lib.js": "{digest(LIB)}"}}}}',
        "import { token } from 'lib'; import { token as same } from './lib.js'; log.push(token === same)",
        {"lib.js": LIB},
        level=None,
    ),
    mapped(
        "a module whose digest in the map is wrong runs nothing of its entry",
        f'{{"imports": {{"lib": "./lib.js"}}, "integrity": {{"./lib.js": "{digest("other")}"}}}}',
        "import 'lib'; log.push('never')",
        {"lib.js": LIB},
        level=None,
        after=inline("log.push('outsider')"),
    ),
    mapped(
        "an entry whose digest in the map is wrong does not run",
        f'{{"integrity": {{"./1.js": "{digest("other")}"}}}}',
        "log.push('never')",
        {"lib.js": LIB},
        level=None,
    ),
    modules(
        "a map before the region holds",
        "import { token } from 'lib'; import { token as same } from './lib.js'; log.push(token === same)",
        files={"lib.js": LIB},
        before=import_map('{"imports": {"lib": "./lib.js"}}'),
        after=inline("import { token } from 'lib'; import { up, n } from './lib.js'; up(); log.push(n, !!token)"),
        level="preload",
    ),
    modules(
        "a map after the region holds for what is imported later",
        "import './lib.js'; log.push('entry')",
        files={"lib.js": LIB, "late.js": "import './lib.js'; log.push('late')"},
        after=import_map('{"imports": {"late": "./late.js"}}') + inline("import 'late'; log.push('outsider')"),
        engines=NOT_FIREFOX,
    ),
    modules(
        "a map after the region that maps an address of it holds for what is imported later",
        "import './lib.js'; addEventListener('load', () => import('./lazy.js')); log.push('entry')",
        files={
            "lib.js": LIB,
            "lazy.js": "log.push('never')",
            "other.js": "import { n } from './lib.js'; log.push('other', n)",
        },
        after=import_map('{"imports": {"./lazy.js": "./other.js"}}'),
        level="preload",
        engines=NOT_FIREFOX,
    ),
    modules(
        "two maps in the region are one",
        "import 'one'; import 'two'; log.push('entry')",
        files={"one.js": "log.push('one')", "two.js": "log.push('two')"},
        elements="\n".join(
            [import_map('{"imports": {"one": "./one.js"}}'), import_map('{"imports": {"two": "./two.js"}}'), ENTRY]
        ),
        level=None,
        engines=NOT_FIREFOX,
    ),
    modules(
        "a map with a source is no map",
        "import './lib.js'; import('lib').catch(error => log.push(error.name))",
        files={"lib.js": LIB, "map.json": '{"imports": {"lib": "./lib.js"}}'},
        elements='<script type="importmap" src="map.json"></script>\n' + ENTRY,
        level=None,
    ),
    modules(
        "addresses follow the base of the document",
        "log.push('never')",
        files={
            "sub/1.js": f"import './x.js'; import './y.js'; log.push('entry', {PATH})",
            "sub/x.js": "log.push('x'); export const x = {}",
            "sub/y.js": "log.push('y')",
            "x.js": "log.push('never')",
        },
        head='<base href="sub/">',
        padding=0,
        after=inline("import { x } from './x.js'; log.push(x === (await import('../sub/x.js')).x)"),
    ),
    modules(
        "the map follows the base of the document",
        "log.push('never')",
        files={
            "sub/1.js": "import { x } from 'x'; import './y.js'; log.push('entry', x)",
            "sub/x.js": "log.push('x'); export const x = 'sub'",
            "sub/y.js": "log.push('y')",
        },
        elements=import_map('{"imports": {"x": "./x.js"}}') + "\n" + ENTRY,
        head=f'<base href="{HERE}/sub/page">',
        padding=0,
        after=inline("import { x } from 'x'; log.push(x)"),
    ),
    modules(
        "a base after the region changes none of its addresses",
        "import 'lib'; addEventListener('load', () => import('./lazy.js')); log.push('entry')",
        files={
            "lib.js": LIB,
            "lazy.js": "import 'lib'; log.push('lazy')",
            "sub/lib.js": "log.push('never')",
            "sub/x.js": "import 'lib'; import '../lib.js'; log.push('x of sub')",
        },
        elements=import_map('{"imports": {"lib": "./lib.js"}}') + "\n" + ENTRY,
        after='<base href="sub/">' + inline("import './x.js'; log.push('outsider')"),
        level=None,
    ),
    modules(
        "a base on another origin leaves absolute addresses",
        "import './lib.js'; log.push('entry')",
        files={"lib.js": LIB},
        head=f'<base href="{FOREIGN}/">',
        elements=f'<script type="module" src="{ORIGIN}{HERE}/1.js"></script>',
        level="as written",
    ),
    mapped(
        "a map that nothing uses changes nothing",
        '{"imports": {"lib": "./none.js"}, "scopes": {"./none/": {"./lib.js": "./none.js"}}}',
        "import './lib.js'; log.push('entry'); import('lib').catch(error => log.push(error.name))",
        {"lib.js": LIB},
    ),
    mapped(
        "an empty map and white space are a map",
        " \n ",
        "import './lib.js'; log.push('entry')",
        {"lib.js": LIB},
        level=None,
    ),
)
