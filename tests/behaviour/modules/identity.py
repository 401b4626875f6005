"""An address is an identity: one address one module, two addresses two (HTML, 8.1.4.1: the module map)."""

from tests.behaviour.modules.hazard import HERE, ORIGIN, PATH, ModuleHazard, inline, modules

TOKEN = "log.push('x'); export const token = {}"
SAME = "import { token } from './x.js'; import { token as other } from '%s'; log.push(token === other)"


def addresses(claim: str, other: str, **options: str | None) -> ModuleHazard:
    """Return a page that imports ``./x.js`` and *other*, and an outsider that does."""
    files = {"x.js": TOKEN, "sub/y.js": "log.push('y')"}
    text = SAME % other
    return modules(claim, text, files=files, after=inline(text), **options)  # type: ignore[arg-type]


PAGES: tuple[ModuleHazard, ...] = (
    addresses("a query makes another module", "./x.js?2"),
    addresses("an empty query makes another module", "./x.js?"),
    addresses("a fragment makes another module", "./x.js#part"),
    addresses("a path with dots is the same module", "./sub/../././x.js"),
    addresses("an absolute path is the same module", f"{HERE}/x.js"),
    addresses("a sign that is escaped makes another module", "./%78.js", level=None),
    addresses("a back slash is a slash", "./sub\\\\..\\\\x.js", level=None),
    modules(
        "two queries make two modules and the same query one",
        "import { token as a } from './x.js?a=1&b=<2>'; import { token as b } from './x.js?b'; log.push(a === b)",
        "import { token as a } from './y.js'; import { token as b } from './x.js?b'; log.push(a === b)",
        files={
            "x.js": TOKEN + f"; log.push(import.meta.url.split('?')[1], {PATH})",
            "y.js": "export * from './x.js?b'",
        },
    ),
    modules(
        "two files with equal bytes are two modules",
        "import { token as a } from './a.js'; import { token as b } from './b.js'; import './sub/a.js';"
        " log.push(a === b)",
        files=dict.fromkeys(("a.js", "b.js", "sub/a.js"), TOKEN),
        after=inline("import { token as a } from './a.js'; import { token as b } from './b.js'; log.push(a === b)"),
    ),
    modules(
        "two entries with equal bytes both run",
        "import './x.js'; log.push('entry')",
        "import './x.js'; log.push('entry')",
        files={"x.js": TOKEN},
        padding=0,
    ),
    modules(
        "an entry with a query is another module",
        "import './x.js'; log.push('entry', new URL(import.meta.url).search)",
        files={"x.js": TOKEN},
        elements='<script type="module" src="1.js"></script>\n<script type="module" src="1.js?2"></script>',
    ),
    modules(
        "an entry that stands twice runs once",
        "import './x.js'; log.push('entry')",
        "import './1.js'; log.push('two')",
        files={"x.js": TOKEN},
        elements='<script type="module" src="1.js"></script>\n<script type="module" src="./1.js"></script>\n'
        '<script type="module" src="2.js"></script>\n<script type="module" src="1.js"></script>',
    ),
    modules(
        "an entry by its whole address is the same module",
        "import './x.js'; log.push('entry'); export const token = {}",
        "import { token } from './1.js'; log.push('two', !!token)",
        files={"x.js": TOKEN},
        elements=f'<script type="module" src="{ORIGIN}{HERE}/1.js"></script>\n'
        f'<script type="module" src="{HERE}/2.js"></script>\n<script type="module" src="none/../x.js"></script>\n'
        '<script type="module" src="1.js"></script>',
        level=None,
    ),
    modules(
        "an element after the region with an entry's source runs it once",
        "import './x.js'; log.push('entry')",
        files={"x.js": TOKEN},
        after='<script type="module" src="1.js"></script>',
        level="preload",
    ),
    modules(
        "an element after the region with the source of a deep module runs it once",
        "import './x.js'; log.push('entry')",
        files={"x.js": TOKEN},
        after=f'<p>Between</p><script type="module" src="{HERE}/x.js"></script>' + inline("import './x.js'"),
        level="preload",
    ),
    modules(
        "an element that a script makes runs no module again",
        "import './x.js'; log.push('entry')",
        files={"x.js": TOKEN},
        after="<script>addEventListener('load', () => { const element = document.createElement('script');"
        " element.type = 'module'; element.src = 'x.js'; element.onload = () => log.push('made');"
        " document.head.append(element) })</script>",
        level="preload",
    ),
    modules(
        "an element that a module makes runs no module again",
        "import './x.js'; const made = document.createElement('script'); made.type = 'module'; made.src = './x.js';"
        " made.onload = () => log.push('made'); document.body.append(made); log.push('entry')",
        files={"x.js": TOKEN},
        level="preload",
    ),
    modules(
        "an inline module that a script makes shares the page's modules",
        "import { token } from './x.js'; window.token = token; log.push('entry')",
        files={"x.js": TOKEN},
        after="<script>addEventListener('load', () => { const element = document.createElement('script');"
        " element.type = 'module'; element.textContent = \"import { token } from './x.js';"
        ' log.push(token === window.token)"; document.head.append(element) })</script>',
        level="preload",
    ),
    modules(
        "a registry is the same for all who ask",
        "import { register } from './registry.js'; import './part.js'; register('one')",
        "import { register, names } from './registry.js'; register('two'); log.push(names().join())",
        files={
            "registry.js": "log.push('registry'); const all = new Map(); let turns = 0;"
            " export const register = name => all.set(name, ++turns), names = () => [...all.keys()]",
            "part.js": "import { register } from './registry.js'; register('part')",
            "lazy.js": "import { register } from './registry.js'; register('lazy')",
        },
        after=inline(
            "import { register, names } from './registry.js'; register('outsider'); await import('./lazy.js');"
            " const again = await import('./registry.js'); log.push(again.names().join(), again.register === register)"
        ),
    ),
    modules(
        "classes and symbols are the same for all who ask",
        "import { Thing, key } from './thing.js'; window.thing = new Thing(); thing[key] = 'key'",
        "import { is } from './is.js'; log.push(is(thing))",
        files={
            "thing.js": "export class Thing { #own = 1; static is(x) { return #own in x } }"
            " export const key = Symbol('key')",
            "is.js": "import { Thing, key } from './thing.js'; export const is = x => [x instanceof Thing,"
            " Thing.is(x), x[key]]",
        },
        after=inline(
            "import { Thing, key } from './thing.js'; import { is } from './is.js'; log.push(is(thing), Thing.name);"
            " log.push(Thing === (await import('./thing.js')).Thing, thing[key])"
        ),
    ),
    modules(
        "an entry is the module that others import",
        "import { names } from './2.js'; export const own = 'one'; log.push('one', names)",
        "export const names = 'two'; log.push('two')",
        "import { own } from './1.js'; log.push('three', own)",
        files={"x.js": TOKEN},
        after=inline("import { own } from './1.js'; import('./2.js').then(two => log.push(own, two.names))"),
    ),
    modules(
        "equal names in different modules do not meet",
        "import { get as a } from './a.js'; import { get as b } from './b.js'; const helper = 'entry'; class Item {}"
        " function make() { return new Item() } log.push(helper, a(), b(), make().constructor === Item, Item.name,"
        " make.name)",
        "const helper = 'two'; var make = 'make'; let Item = 1; log.push(helper, make, Item); export { helper as get }",
        files={
            name: f"const helper = '{name}'; class Item {{ who = '{name}' }} function make() {{ return new Item() }}"
            " var shared = helper; export const get = () => [helper, make().who, Item.name, make.name, shared].join()"
            for name in ("a.js", "b.js")
        },
    ),
    modules(
        "a module worker has modules of its own",
        "import { token } from './x.js'; log.push('entry', !!token);"
        " const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });"
        " window.answered = new Promise(resolve => { worker.onmessage = event => resolve(event.data) })",
        files={
            "x.js": "globalThis.log?.push('x'); export const token = {}; export let n = 0; export const up = () => ++n",
            "worker.js": "import { up } from './x.js'; import { up as same } from './sub/../x.js'; up();"
            f" postMessage([up(), up === same, {PATH}, typeof log])",
        },
        seen="await answered",
    ),
    modules(
        "a module worker is a module of the page, too",
        "import './worker.js'; const worker = new Worker('worker.js', { type: 'module', name: 'w' });"
        " window.answered = new Promise(resolve => { worker.onmessage = event => resolve(event.data) })",
        files={
            "x.js": "export const where = typeof document",
            "worker.js": "import { where } from './x.js'; if (where === 'undefined')"
            " import('./lazy.js').then(lazy => postMessage([where, lazy.lazy])); else log.push('in the page', where)",
            "lazy.js": "import { where } from './x.js'; export const lazy = `lazy ${where}`",
        },
        seen="await answered",
    ),
    modules(
        "a frame of the page has modules of its own",
        "import { token } from './x.js'; window.token = token; log.push('entry')",
        files={
            "x.js": "(window.runs ??= []).push('x'); export const token = {}",
            "frame.html": "<!DOCTYPE html><script type=module>import { token } from './x.js';"
            " parent.framed = [runs.length, token === parent.token]</script>",
        },
        after='<iframe src="frame.html" width=10 height=10></iframe>',
        seen="[runs, window.framed]",
    ),
)
