"""What a module knows of itself by ``import.meta`` (HTML, 8.1.6.7.2)."""

from tests.behaviour.modules.hazard import PATH, Level, ModuleHazard, import_map, inline, modules

AT_HOME = "url => url.replace(location.origin, '').replace(/^\\/s\\/\\d+/, '')"


def meta(claim: str, entry: str, level: Level | None = "linked", seen: str = "", **files: str) -> ModuleHazard:
    """Return a page whose modules look at ``import.meta``."""
    named = {name.replace("__", "/") + ".js": text for name, text in files.items()}
    return modules(claim, f"const home = {AT_HOME}; {entry}", files=named, level=level, seen=seen)


PAGES: tuple[ModuleHazard, ...] = (
    meta(
        "each module knows its own address",
        "import './x.js'; import './deep/y.js'; import './x.js?a=1&b=\"2\"'; log.push(home(import.meta.url))",
        x=f"log.push({PATH}, new URL(import.meta.url).search)",
        deep__y=f"import '../x.js'; log.push({PATH}, import.meta.url.startsWith(location.origin))",
    ),
    meta(
        "an inline module's address is the document's",
        f"import './x.js'; log.push({PATH})",
        x="log.push(document.baseURI === location.href)",
    ),
    modules(
        "an inline module of the region knows the document's address",
        "import './x.js'; log.push('entry')",
        files={"x.js": f"log.push({PATH})"},
        elements=inline(f"import './x.js'; log.push({PATH}, import.meta.url === location.href)")
        + '\n<script type="module" src="1.js"></script>',
    ),
    meta(
        "import.meta is an object like no other",
        "import './x.js'; const m = import.meta; const f = given => given === import.meta; log.push(f(m),"
        " f(import.meta));"
        " log.push(Object.getPrototypeOf(m), Object.isExtensible(m), typeof m, home(m.url), 'url' in m, m.env, m.hot);"
        " log.push(JSON.stringify(Object.getOwnPropertyDescriptor(m, 'url').writable),"
        " (({ url }) => home(url))(import.meta))",
        x="log.push(typeof import.meta)",
        level="preload",
    ),
    meta(
        "import.meta has the keys that the standard says",
        "import './x.js'; log.push(Object.keys(import.meta).sort().join(), typeof import.meta['res' + 'olve'])",
        level=None,
        x="const { url, ...rest } = import.meta; log.push(typeof url, Object.keys(rest).join())",
    ),
    meta(
        "what a module writes to import.meta it finds there",
        "import { read } from './x.js'; import.meta.own = 'entry'; log.push(import.meta.own, read(), import.meta.none)",
        x="import.meta.own = 'x'; export const read = () => import.meta.own",
    ),
    meta(
        "an address that a module writes moves none of its imports",
        "import { load } from './deep/x.js'; load().then(near => log.push(near.where))",
        level=None,
        deep__x="import.meta.url = 'https://other.example/x.js'; log.push(import.meta.url);"
        " export const load = () => import('./near.js')",
        deep__near=f"export const where = {PATH}",
    ),
    meta(
        "a picture beside a module is found",
        "import { picture } from './deep/x.js'; const image = new Image(); image.src = picture;"
        " log.push(home(picture));"
        " document.body.append(image)",
        deep__x="export const picture = new URL('./a.png', import.meta.url).href",
    ),
    meta(
        "an address in a template and in a call is found",
        "import './deep/x.js'; fetch(new URL('./deep/data.json',"
        " import.meta.url)).then(answer => log.push(answer.status))",
        deep__x="log.push(`${import.meta.url}`.length === import.meta . url . length, new URL('..',"
        " import.meta.url).pathname"
        ".replace(/^\\/s\\/\\d+/, ''), new URL('#part', import.meta.url).hash)",
    ),
    meta(
        "import.meta is written in many ways",
        "import './x.js'; log.push(home(import.meta?.url), home(import . meta . url), home(import\n.meta['url']),"
        " home(import/* c */.meta/* d */.url), home((import.meta).url), home({ ...import.meta }.url),"
        " typeof import.meta.url)",
        x="class C { static url = import.meta.url; url = import.meta.url;"
        " [import.meta.url.length]() { return 'computed' } }"
        f" log.push(C.url === new C().url, new C()[C.url.length](), ((url = {PATH}) => url)())",
        level="preload",
    ),
    meta(
        "what looks like import.meta is none",
        "import './x.js'; const o = { import: { meta: { url: 'own' } }, meta: 'm' }; log.push(o.import.meta.url,"
        " o.meta);"
        " log.push('import.meta.url', `import.meta.url ${'import.meta'}`, /import.meta/.source) // import.meta.url",
        x="const meta = { url: 'own' }; log.push(meta.url); /* import.meta.resolve('x') */",
    ),
    meta(
        "a module of a late graph knows its address",
        "import './x.js'; import('./deep/late.js').then(late => log.push(late.where, late.asset))",
        x="log.push('x')",
        deep__late=f"export const where = {PATH}, asset = new URL('a.css',"
        f" import.meta.url).pathname.replace(/^\\/s\\/\\d+/, '')",
    ),
    meta(
        "a module that is called before it runs knows its address",
        "import { where } from './a.js'; log.push(where())",
        level=None,
        a=f"import './b.js'; export function where() {{ return {PATH} }}",
        b="import { where } from './a.js'; log.push(where())",
    ),
    meta(
        "an address that is kept is that of its module",
        "import { where, metas } from './x.js'; import './y.js'; log.push(where(), metas.size)",
        x=f"export const metas = new Set([import.meta]); export const where = () => {PATH};"
        f" export const add = m => metas.add(m)",
        y="import { add } from './x.js'; add(import.meta); add(import.meta)",
    ),
    meta(
        "resolve gives native addresses",
        "import './x.js'; log.push(home(import.meta.resolve('./x.js')), home(import.meta.resolve('../x.js?2#3')))",
        level="preload",
        x="log.push(typeof import.meta.resolve, import.meta.resolve('https://other.example/x'))",
    ),
    meta(
        "resolve can be taken from import.meta",
        "import { resolve } from './deep/x.js'; log.push(home(resolve('./y.js')))",
        level="linked",
        deep__x="const { resolve } = import.meta; export { resolve }; try { resolve('bare') }"
        " catch (e) { log.push(e.name) }",
    ),
    modules(
        "resolve of a name gives the address of the map",
        f"import 'lib'; const home = {AT_HOME}; log.push(home(import.meta.resolve('lib')))",
        files={"lib.js": "log.push('lib')"},
        elements=import_map('{"imports": {"lib": "./lib.js"}}') + '\n<script type="module" src="1.js"></script>',
        level="preload",
    ),
    modules(
        "resolve in an inline module gives native addresses",
        "import './x.js'; log.push('entry')",
        files={"x.js": "log.push('x')"},
        after=inline(f"const home = {AT_HOME}; log.push(home(import.meta.resolve('./x.js')))"),
        level="preload",
    ),
)
