"""The elements of modules: their attributes, events, number and neighbours (HTML, 4.12.1)."""

from base64 import b64encode
from hashlib import sha384

from tests.behaviour.modules.hazard import (
    HERE,
    IN_ORDER,
    LOADED,
    PARSED,
    RUNS,
    Level,
    ModuleHazard,
    inline,
    modules,
)

X = {"x.js": "log.push('x'); export const token = {}; export const read = () => document.getElementById('data')"}
ONE = "import { token } from './x.js'; log.push('one', !!token)"
THREE = "import { token } from './x.js'; log.push('three', !!token)"
CLASSIC = "var declared = 'declared'; log.push('classic', typeof sloppy, (function () { return this === window })())"
TWO = "import './x.js'; log.push('two')"
# What a script sees of the elements, but for their sources.
ATTRIBUTES = (
    "[...document.querySelectorAll('[data-seen]')].map(e => [...e.attributes]"
    ".filter(a => a.name !== 'src').map(a => a.name + '=' + a.value).sort())"
)


def element(claim: str, *tags: str, level: Level | None = "linked", **options: str) -> ModuleHazard:
    """Return a page with these elements in its region, between those of two entries."""
    first, last = (f'<script type="module" src="{number}.js"></script>' for number in (1, 2))
    elements = "\n".join([first, *tags, last])
    files = X | {"3.js": THREE, "throws.js": "log.push('thrown'); throw new Error('x')", "classic.js": CLASSIC}
    return modules(claim, ONE, TWO, files=files, elements=elements, level=level, **options)  # type: ignore[arg-type]


def digest(text: str) -> str:
    """Return the value of ``integrity`` for a file."""
    return "sha384-" + b64encode(sha384(text.encode()).digest()).decode()


PAGES: tuple[ModuleHazard, ...] = (
    element(
        "attributes of a module element stay",
        '<script type="module" id="app" class="a b" data-seen="1" data-url="x.js" lang="de"'
        ' title="<3 &amp; more" src="3.js"'
        " onload=\"log.push('load of ' + this.id)\" onerror=\"log.push('never')\"></script>",
        seen=ATTRIBUTES,
    ),
    element(
        "each module element is told of its load before the next runs",
        "<script type=module src=3.js onload=\"log.push('load of three')\"></script>",
        "<script type=module src=3.js onload=\"log.push('load of three again')\"></script>",
        inline("log.push('inline')", "onload=\"log.push('load of inline')\""),
        before=PARSED + LOADED,
    ),
    element(
        "an element whose file is missing is told alone",
        "<script type=module src=none.js id=none onload=\"log.push('never')\""
        " onerror=\"log.push('error of ' + this.id)\">"
        "</script>",
    ),
    element(
        "an element whose module throws is told of its load",
        "<script type=module src=throws.js onload=\"log.push('load')\" onerror=\"log.push('never')\"></script>",
    ),
    element(
        "the type of a module has any case",
        "<SCRIPT TYPE='Module' SRC='3.js'></SCRIPT>",
        '<script tYpE=MODULE src="3.js?4"></script>',
    ),
    element(
        "a type with spaces around is what the browser makes of it",
        '<script type=" module " src="3.js"></script>',
        level=None,
    ),
    element(
        "a type that is none runs nothing",
        '<script type="module/js" src="3.js?1"></script>',
        '<script type="modules" src="3.js?2"></script>',
        '<script type="module;charset=utf-8" src="3.js?3"></script>',
        level=None,
    ),
    element(
        "a source is written in many ways",
        "<script type=module src=3.js?1></script>",
        "<script type='module' src=' 3.js?a=1&amp;b=2\n'></script>",
        '<script src="./3.js?x&lt=1" type="module" src="none.js"></script>',
        f'<script\ntype="module"\nsrc="{HERE}/%33.js?5"\n></script >',
        level=None,
    ),
    element("an empty source is an error", '<script type="module" src=""></script>', level=None),
    element(
        "text in an element with a source is data",
        '<script type="module" src="3.js" data-seen>log.push("never")</script>',
        seen="document.querySelector('[data-seen]').textContent",
    ),
    element(
        "the order in which a page's own attributes stand is kept",
        '<script data-z=1 src="3.js" data-a=2 type="module" data-seen></script>',
        seen="document.querySelector('[data-seen]').outerHTML.replace(/src=\"[^\"]*\"/, 'src')",
    ),
    *(
        element(
            f"a module with {name} runs",
            f'<script type="module" {attributes} src="3.js" data-seen></script>',
            seen=ATTRIBUTES,
        )
        for name, attributes in (
            ("crossorigin", "crossorigin"),
            ("fetchpriority and referrerpolicy", "fetchpriority=high referrerpolicy=no-referrer"),
            ("blocking", "blocking=render"),
            ("defer and charset", "defer charset=latin1"),
            ("language and for", "language=javascript1.2 for=window event=onload()"),
        )
    ),
    element(
        "a module with credentials runs",
        '<script type="module" crossorigin="use-credentials" src="3.js" data-seen></script>',
        level=None,
        seen=ATTRIBUTES,
    ),
    element(
        "a module whose digest is right runs",
        f'<script type="module" integrity="{digest(THREE)}" src="3.js" data-seen></script>',
        level=None,
        seen=ATTRIBUTES,
    ),
    element(
        "a module whose digest is wrong does not run",
        f'<script type="module" integrity="{digest("other")}" src="3.js" onerror="log.push(\'refused\')"></script>',
        level=None,
    ),
    element(
        "what is not for browsers with modules does not run",
        '<script nomodule src="3.js"></script>',
        "<script nomodule>log.push('never')</script>",
        "<script nomodule data-seen>old</script>",
        '<script type="module" nomodule src="3.js"></script>',
        seen="document.querySelector('[data-seen]').textContent",
        level=None,
    ),
    element(
        "classic scripts between modules stay classic",
        "<script>var sloppy = 010; log.push('code', this === window)</script>",
        '<script src="classic.js"></script>',
        '<script type="text/javascript">log.push(typeof declared, document.currentScript.textContent.length)</script>',
        level=None,
    ),
    element(
        "a module is no current script",
        inline("log.push(document.currentScript)"),
        level=None,
    ),
    element(
        "data between modules is data",
        '<script type="application/json" id="data">{"a": "<b>", "import": "./x.js"}</script>',
        inline("import { read } from './x.js'; log.push(JSON.parse(read().textContent).a)"),
        '<script type="text/template" id="t"><p>import \'./x.js\'</p></script>',
        seen="[document.getElementById('data').textContent, document.getElementById('t').textContent]",
    ),
    element(
        "an inline module of the region shares its modules and keeps its text",
        inline(
            "\n  import { token } from './x.js'; // <- \n  log.push('inline', !!token,"
            " import.meta.url === location.href)\n",
            "data-seen",
        ),
        seen="document.querySelector('[data-seen]').textContent",
    ),
    modules(
        "an inline module is an entry like others",
        files=X | {"y.js": "import './x.js'; log.push('y')", "z.js": "log.push('z')"},
        elements=inline(
            "import './y.js'; import { token } from './x.js'; import './z.js'; log.push('inline', !!token)"
        ),
        after=inline("import { token } from './x.js'; log.push('outsider', !!token)"),
        padding=0,
        level=None,
    ),
    element(
        "elements that are counted are as many",
        inline(
            "log.push(document.scripts.length, document.querySelectorAll('script').length,"
            " document.getElementsByTagName('script').length,"
            " document.querySelectorAll('script:nth-of-type(4)').length)"
        ),
        level="preload",
    ),
    modules(
        "a module that counts elements counts as many",
        "import './x.js'; import './y.js'; log.push('entry')",
        files=X | {"y.js": "log.push(document.querySelectorAll('script').length)"},
        level="preload",
    ),
    modules(
        "a module removes the element of the next, which runs",
        "import './x.js'; document.querySelector('[src]:not([id])').remove();"
        " document.getElementById('two').remove(); log.push('one')",
        TWO,
        files=X,
        elements='<script type="module" src="1.js"></script>\n<script type="module" src="2.js" id="two"></script>',
        seen="document.getElementById('two')",
    ),
    element(
        "elements in templates, drawings and comments are not the page's modules",
        "<template><script type=module src=3.js></script></template>",
        "<!-- <script type=module src=3.js></script> -->",
        "<noscript><script type=module src=3.js></script></noscript>",
        seen="document.querySelector('template').content.firstChild.outerHTML",
        level=None,
    ),
    element(
        "a drawing's script runs a module of the page once",
        "<svg><script type=module href=3.js></script><script type=module href=x.js></script></svg>",
        level=None,
    ),
    element("text and elements between modules stay", "text <p id=between>between</p>", "<!-- kept -->"),
    element(
        "a preload in the region loads nothing twice",
        '<link rel="modulepreload" href="x.js">',
        "<link rel='modulepreload' href='pad1.js' onload=\"window.preloaded = true\">",
        seen="window.preloaded",
        level=None,
    ),
    modules(
        "a preload before the region loads nothing twice",
        ONE,
        TWO,
        files=X,
        before='<link rel="modulepreload" href="x.js"><link rel="modulepreload" href="1.js">',
        level="preload",
    ),
    modules(
        "a preload by a header loads nothing twice",
        ONE,
        TWO,
        files=X,
        headers=(("Link", f"<{HERE}/x.js>; rel=modulepreload"),),
        level="preload",
    ),
    modules(
        "a preload of what is missing is told to its link alone",
        ONE,
        files=X,
        before='<link rel="modulepreload" href="none.js" onerror="window.failed = true">',
        log="<script>var log = []</script>",
        seen="window.failed",
        level="preload",
    ),
    modules(
        "an entry that the application makes runs between those of files",
        ONE,
        TWO,
        files=X,
        made={"made.js": "import { token } from './x.js'; log.push('made', !!token)"},
        elements='<script type="module" src="1.js"></script>\n<script type="module" src="made.js"></script>\n'
        '<script type="module" src="2.js"></script>',
        level=None,
    ),
    modules(
        "a module alone is named",
        "log.push('one', document.readyState)",
        padding=0,
        level="named",
    ),
    modules(
        "two small modules are named",
        ONE,
        files=X,
        padding=0,
        after=inline("import { token } from './x.js'; log.push(!!token)"),
        level="named",
    ),
    modules(
        "a long module alone is named",
        f"log.push('one', '{'long ' * 4000}'.length)",
        padding=0,
        level="named",
    ),
    modules(
        "two long modules are linked",
        f"import {{ size }} from './x.js'; log.push('one', '{'long ' * 2000}'.length, size)",
        files={"x.js": f"export const size = '{'more ' * 2000}'.length"},
        padding=0,
    ),
    modules(
        "a region without modules is not touched",
        elements="<script>log.push('code')</script>",
        padding=0,
        level="as written",
    ),
    modules(
        "a region of one missing module is not touched",
        elements='<script type="module" src="none.js" onerror="log.push(\'handler\')"></script>',
        padding=0,
        level="as written",
    ),
    modules(
        "a race of async modules is left to the browser",
        "import { token } from './x.js'; ran('one'); window.one = token",
        "import { token } from './x.js'; ran('two'); window.two = token",
        files={"x.js": "ran('x'); export const token = {}"},
        elements='<script async type="module" src="1.js" onload="ran(\'load\')"></script>\n'
        '<script async type="module" src="2.js"></script>',
        before=RUNS,
        padding=0,
        seen=f"[{IN_ORDER}, window.one === window.two]",
    ),
)
