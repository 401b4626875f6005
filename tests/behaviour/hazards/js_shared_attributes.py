"""An attribute that neighbours share is on the tag of their bundle; where its values differ a bundle begins."""

from base64 import b64encode
from hashlib import sha384

from tests.behaviour.hazard import Hazard, css, js

FILES = {"1.js": "log.push(1); throw new Error('x')", "2.js": "log.push(2)", "3.js": "log.push(3)"}
SHEETS = {"1.css": "p{color:red", "2.css": "p{color:green}", "3.css": "b{color:blue}"}


def shared(claim: str, markup: str, seen: str = "", bundles: int = 1, others: str | None = None) -> Hazard:
    """Return a page whose three scripts have *markup*, the last one *others* if that is given."""
    marks = (markup, markup, markup if others is None else others)
    elements = "".join(f"<script src='{number}.js' {mark}></script>" for number, mark in enumerate(marks, 1))
    return js(claim, elements=elements, files=FILES, seen=seen, bundles=bundles)


def sheets(claim: str, markup: str, seen: str = "", bundles: int = 1, others: str | None = None) -> Hazard:
    """Return a page whose three sheets have *markup*, the last one *others* if that is given."""
    marks = (markup, markup, markup if others is None else others)
    links = "".join(f"<link rel=stylesheet href='{number}.css' {mark}>" for number, mark in enumerate(marks, 1))
    return css(claim, elements=links, files=SHEETS, seen=seen, bundles=bundles)


def hash_of(text: str, algorithm: str = "sha384") -> str:
    return f"{algorithm}-{b64encode(sha384(text.encode()).digest()).decode()}"


def checked(claim: str, *hashes: str, bundles: int) -> Hazard:
    """Return a page whose scripts have an integrity each."""
    elements = "".join(
        f'<script src="{number}.js" integrity="{each}"></script>' for number, each in enumerate(hashes, 1)
    )
    return js(claim, elements=elements, files=FILES, bundles=bundles)


RIGHT = [hash_of(text) for text in FILES.values()]
TRACKED = "data-turbo-track=reload"

HAZARDS = (
    shared(
        "scripts that are tracked are so in their bundle",
        TRACKED,
        "document.querySelector('script[data-turbo-track]')?.getAttribute('data-turbo-track')",
    ),
    shared(
        "scripts that share data have it in their bundle",
        'data-part="a &amp; &quot;b"',
        "document.querySelector('[data-part]')?.dataset.part",
    ),
    shared(
        "scripts that share an attribute without a value have it",
        "data-cfasync",
        "document.querySelector('[data-cfasync]')?.dataset.cfasync",
    ),
    shared(
        "scripts that share a way of asking have it",
        "crossorigin=anonymous",
    ),
    shared(
        "scripts that share a referrer policy have it",
        "referrerpolicy=no-referrer",
    ),
    shared(
        "scripts that share a priority have it",
        "fetchpriority=high",
    ),
    shared(
        "deferred scripts that share what they block have it",
        "defer blocking=render",
        "document.querySelectorAll('script[defer]').length > 0",
    ),
    shared("scripts with an empty nonce share it", "nonce=''"),
    shared(
        "scripts that are tracked otherwise are in another bundle",
        TRACKED,
        others="data-turbo-track=dynamic",
        bundles=2,
    ),
    shared("a script without the attribute is in another bundle", TRACKED, others="", bundles=2),
    shared(
        "a script that alone has data keeps its element",
        "data-a=1",
        "document.querySelector('[data-b]')?.outerHTML",
        others="data-b=2",
        bundles=1,
    ),
    shared(
        "scripts that share an id keep their elements",
        "id=twice",
        "document.querySelector('#twice')?.outerHTML",
        bundles=0,
    ),
    shared(
        "scripts that share a class keep their elements",
        "class=all",
        "document.querySelectorAll('.all').length",
        bundles=0,
    ),
    shared("scripts that share a handler keep their elements", "onload='log.push(this.src.slice(-4))'", bundles=0),
    js(
        "scripts whose data another script of the region looks for keep their elements",
        elements="<script src=1.js data-name=a></script><script src=2.js data-name=a></script>"
        "<script src=4.js></script>",
        files=FILES | {"4.js": "log.push(document.querySelectorAll('[data-name]').length)"},
        bundles=1,
    ),
    js(
        "a script reads the data that its neighbours have, too",
        elements="<script src=1.js data-mode=a></script><script src=4.js data-mode=a></script>",
        files=FILES | {"4.js": "log.push(document.currentScript.dataset.mode)"},
        bundles=1,
    ),
    sheets(
        "sheets that are tracked are so in their bundle",
        TRACKED,
        "document.querySelector('[data-turbo-track]')?.dataset.turboTrack",
    ),
    sheets(
        "sheets that share data have it in their bundle",
        "data-theme=dark",
        "document.querySelector('[data-theme]')?.dataset.theme",
    ),
    sheets(
        "sheets that share a way of asking have it",
        "crossorigin",
    ),
    sheets(
        "a sheet with other data keeps its element",
        "data-theme=dark",
        "document.querySelector('[data-theme=light]')?.outerHTML",
        others="data-theme=light",
        bundles=1,
    ),
    sheets("sheets with a title keep their elements", "title=main", "document.styleSheets[0].title", bundles=0),
    checked("scripts with the hashes of their files share a bundle with its own", *RIGHT, bundles=1),
    checked("a script with several hashes counts by the strongest", f"sha256-AAAA {RIGHT[0]}", *RIGHT[1:], bundles=1),
    checked("a script with the hash of another file is refused", RIGHT[0], RIGHT[0], RIGHT[2], bundles=0),
    checked("a script with a wrong strong hash is refused", RIGHT[0], RIGHT[1], f"{RIGHT[2]} sha512-AAAA", bundles=1),
    checked("a hash that no browser knows is told", "md5-AAAA", RIGHT[1], RIGHT[2], bundles=1),
)
