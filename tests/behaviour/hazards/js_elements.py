"""Only plain classic scripts, or only deferred ones, may become one element (HTML, 4.12.1)."""

from base64 import b64encode
from hashlib import sha256

from tests.behaviour.hazard import Hazard, js

ONE, TWO, THREE = "log.push(1)", "log.push(2)", "log.push(3)"
FILES = {"1.js": ONE, "2.js": TWO, "3.js": THREE, "quiet.js": "var ran = 1"}
ASYNC = "document.querySelector('script[async]')?.outerHTML"
DIGEST = "sha256-" + b64encode(sha256(TWO.encode()).digest()).decode()


def between(
    claim: str, element: str, seen: str = "", bundles: int | None = 2, files: dict[str, str] | None = None
) -> Hazard:
    """Return a page with *element* between two plain scripts; "2.js" is there for it."""
    elements = f'<script src="1.js"></script>\n{element}\n<script src="3.js"></script>'
    return js(claim, elements=elements, files=FILES | (files or {}), seen=seen, bundles=bundles)


def attribute(claim: str, markup: str, seen: str) -> Hazard:
    """Return a page whose second script has the attribute in *markup*, which a script may look at as in *seen*."""
    return between(
        claim, f'<script src="2.js" {markup}></script>', f"document.querySelector('script[{seen}]')?.outerHTML"
    )


def typed(claim: str, markup: str, bundles: int = 2) -> Hazard:
    """Return a page whose second script does not run among the others, for what *markup* says that it is."""
    return between(claim, f'<script src="2.js" {markup}></script>', bundles=bundles)


def runs(claim: str, markup: str) -> Hazard:
    """Return a page whose second script runs although it has *markup*; the first throws."""
    elements = f'<script src="1.js"></script><script src="2.js" {markup}></script><script src="3.js"></script>'
    return js(claim, elements=elements, files=FILES | {"1.js": f"{ONE}; throw new Error('x')"}, bundles=1)


def last(claim: str, markup: str) -> Hazard:
    """Return a page whose last script has *markup* and fails for it, some time after the page is parsed."""
    elements = f"<script src=1.js></script><script src=2.js></script><script {markup} onerror='log.push(9)'></script>"
    return js(claim, elements=elements, files=FILES, bundles=1)


def data(claim: str, element: str) -> Hazard:
    """Return a page with *element*, which is data and has the id "data", between two plain scripts."""
    return between(claim, element, "document.getElementById('data')?.textContent")


HAZARDS = (
    between("an async script stays one", "<script async src=quiet.js></script>", ASYNC, 1),
    between("a script that is async and deferred stays both", "<script async defer src=quiet.js></script>", ASYNC, 1),
    attribute("a script keeps its id", "id=two", "id=two"),
    attribute("a script keeps its class", "class=two", "class=two"),
    attribute("a script keeps its data", 'data-two="2"', "data-two"),
    attribute("a script keeps an attribute that means nothing", "unheard-of", "unheard-of"),
    attribute("a script keeps its style", 'style="color: red"', "style"),
    attribute("a script keeps its title", "title=Two", "title"),
    attribute("a script keeps its nonce", "nonce=abc", "nonce"),
    attribute("a script keeps its integrity", f'integrity="{DIGEST}"', "integrity"),
    attribute("a script keeps its way of asking another origin", "crossorigin", "crossorigin"),
    attribute("a script keeps its referrer policy", "referrerpolicy=no-referrer", "referrerpolicy"),
    attribute("a script keeps its priority", "fetchpriority=low", "fetchpriority"),
    attribute("a script keeps what it blocks", "blocking=render", "blocking"),
    runs("a script of a language that is JavaScript runs", "language=JavaScript"),
    runs("a script whose type counts before its language runs", "type=text/javascript language=VBScript"),
    between("a script tells when it has loaded", "<script src='2.js' onload='log.push(\"loaded\")'></script>"),
    between("a missing script tells of its error", "<script src='missing.js' onerror='log.push(\"failed\")'></script>"),
    js(
        "a missing script without a handler is an error of its own",
        elements="<script src='1.js'></script><script src='missing.js'></script><script src='3.js'></script>",
        files=FILES,
    ),
    between("a script of another origin is asked for there", "<script src='//127.0.0.1:1/2.js'></script>"),
    between("a script of another scheme is asked for there", "<script src='https://127.0.0.1:1/2.js'></script>"),
    between("a script in its own address runs", "<script src='data:text/javascript,log.push(2)'></script>"),
    last("a script without an address fails", "src=''"),
    last("a script without a value for its address fails", "src"),
    last("a script of a blank address fails", "src=' '"),
    between(
        "the text of a script that has an address is data",
        '<script src="2.js">{"data": 2}</script>',
        "document.querySelector('script[src=\"2.js\"]')?.text",
    ),
    between("code in a script that has an address does not run", "<script src='2.js'>log.push('not this')</script>"),
    typed("a module without an ending runs after the page", "type=module", bundles=1),
    typed("a script for old browsers does not run", "nomodule"),
    typed("a script with a parameter in its type does not run", 'type="text/javascript; charset=utf-8"'),
    typed("a script of a blank type does not run", 'type=" "'),
    typed("a script of a word as type does not run", "type=javascript"),
    typed("a script of an unknown version does not run", "type=text/javascript1.6"),
    typed("a script of JSON type does not run", "type=application/json"),
    typed("a script of another language does not run", "language=vbscript"),
    typed("a script of an unknown version as language does not run", "language=javascript1.6"),
    typed("a script of a type with a language in it does not run", "type=text/typescript"),
    typed("a script for a button does not run", "for=button event=onclick"),
    typed("a script for an event of the window that is not its load does not run", "for=window event=onresize"),
    runs("a script of an empty type runs", 'type=""'),
    runs("a script of a type with spaces and capitals runs", 'type=" text/JavaScript "'),
    runs("a script of an old type runs", "type=application/x-ecmascript"),
    between(
        "a module in the page runs after the page",
        "<script type=module>log.push(typeof this); var own = 1</script>",
        bundles=1,
    ),
    between(
        "a module keeps its names to itself",
        "<script type=module src='part.mjs'></script>",
        files={"part.mjs": "export var own = 2; log.push(import.meta.url.split('/').pop(), typeof window.own)"},
        bundles=1,
    ),
    between(
        "a map of modules tells a module where others are",
        '<script type=importmap>{"imports": {"part": "./part.mjs"}}</script>'
        "<script type=module>import {own} from 'part'; log.push(own)</script>",
        files={"part.mjs": "export var own = 2"},
    ),
    between("rules for what to load early are no code", '<script type=speculationrules>{"prefetch": []}</script>'),
    data("data in the page can be read", '<script type="application/json" id=data>{"a": "</p>"}</script>'),
    data("a template in a script can be read", '<script type="text/template" id=data><p>{{ name }}</p></script>'),
    data("facts about the page can be read", '<script type="application/ld+json" id=data>{"@type": "Thing"}</script>'),
    data("a shader in a script can be read", '<script type="x-shader/x-vertex" id=data>void main() {}</script>'),
    js(
        "a deferred script runs after a plain one that follows it",
        elements="<script defer src='1.js'></script><script src='2.js'></script>",
        files=FILES,
        bundles=2,
    ),
    js(
        "plain scripts between deferred ones run before them",
        elements="".join(f"<script src={n}.js {'defer' if n % 2 else ''}></script>" for n in (1, 2, 3)),
        files=FILES,
        bundles=3,
    ),
    js(
        "code in the page that asks to be deferred is not",
        elements="<script defer src=1.js></script><script defer>log.push(2)</script><script defer src=3.js></script>",
        files=FILES,
        bundles=2,
    ),
    between(
        "code in the page that asks to be async runs at once",
        "<script async>log.push('now', log.length)</script>",
        "document.querySelector('script[async]')?.text",
    ),
    between("a script in a drawing does not join", "<svg><script>log.push('drawn')</script></svg>", bundles=None),
    between("a script in a template does not run", "<template><script src='2.js'></script></template>", bundles=1),
    between("a script for browsers without scripts does not run", "<noscript><script src='2.js'></script></noscript>"),
    between("a script in a comment does not run", "<!-- <script src='2.js'></script> -->", bundles=2),
    between("a script in a conditional comment does not run", "<!--[if IE]><script src='2.js'></script><![endif]-->"),
    between(
        "a script between conditional comments runs",
        "<!--[if !IE]><!--><script src='2.js' class=c></script><!--<![endif]-->",
        "document.querySelectorAll('script.c').length",
    ),
    between("a script in a text field is text", "<textarea><script src='2.js'></script></textarea>"),
    between("a script in a frame's fallback is text", "<iframe hidden><script src='2.js'></script></iframe>"),
    between(
        "a file without a type that says script is asked for as it is",
        "<script src='2.data'></script>",
        "performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/2.data')).length",
        files={"2.data": TWO},
    ),
)
