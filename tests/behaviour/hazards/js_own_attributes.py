"""A script that reads its settings from its own tag finds them on the tag of its bundle, and finds no others.

Each rule is shown from both sides: a script that only reads its own attributes, and one that does more with its tag.
"""

from tests.behaviour.hazard import Hazard, js

NAME = ".split('/').pop()"


def page(claim: str, markup: str, script: str, *, first: str = "log.push(1)", bundles: int = 1) -> Hazard:
    """Return a page whose second of three scripts has *markup* on its tag and is *script*."""
    elements = f"<script src=1.js></script><script src=2.js {markup}></script><script src=3.js></script>"
    files = {"1.js": first, "2.js": script, "3.js": "log.push(3)"}
    return js(claim, elements=elements, files=files, bundles=bundles)


def joins(claim: str, markup: str, script: str) -> Hazard:
    return page(claim, markup, script, first="log.push(1); throw new Error('x')")


def stays(claim: str, markup: str, script: str) -> Hazard:
    return page(claim, markup, script, bundles=2)


BY_ID = "document.getElementById('own')"

HAZARDS = (
    joins("a script reads its data by its id", "id=own data-rows=7", f"log.push({BY_ID}.dataset.rows)"),
    joins(
        "a script reads its data by its id in a selector",
        "id=own data-max-rows=7",
        "log.push(document.querySelector('#own').getAttribute('data-max-rows'))",
    ),
    joins(
        "a script reads its data by a variable",
        "id=own data-rows=7",
        f"(function (el) {{ if (el) log.push(el.dataset.rows, el.hasAttribute('data-no')) }})({BY_ID})",
    ),
    joins(
        "a script reads its data of the running script",
        "data-icon-url=i.svg",
        "log.push(document.currentScript.dataset.iconUrl)",
    ),
    joins(
        "a script reads some of its data of the running script",
        "data-a-b=1 data-c=2",
        "(function () { var s = document.currentScript, d = s.dataset.aB; log.push(d, s.getAttribute('data-c')) })()",
    ),
    joins(
        "a script reads an attribute that no script has of the running script",
        "",
        "log.push(document.currentScript.hasAttribute('init'), document.currentScript.getAttribute('data-none'))",
    ),
    joins(
        "a script keeps what it reads of its own tag",
        "data-key=7",
        "window.key = document.currentScript.dataset.key; log.push(key)",
    ),
    joins(
        "a script tests what it reads of its own tag",
        "data-key=7",
        "log.push(!document.currentScript.dataset.key, typeof document.currentScript.dataset.key)",
    ),
    joins(
        "a trusted script reads its data by a list of names",
        "data-pressmark=join data-key=7 class=k",
        "(function () { var own = document.currentScript; ['key'].forEach(n => log.push(own.dataset[n])) })()",
    ),
    joins(
        "a trusted script takes its data apart",
        "data-pressmark=join data-key=7 id=own",
        "var {key} = document.currentScript.dataset; log.push(key)",
    ),
    joins(
        "a trusted script is found by its own id",
        "data-pressmark=join data-key=7 id=own",
        "function find(id) { return document.getElementById(id) } log.push(find('own').dataset.key)",
    ),
    stays(
        "a script changes its own data",
        "data-key=7",
        "document.currentScript.dataset.key = 8; log.push(document.querySelectorAll('[data-key=\"8\"]').length)",
    ),
    stays(
        "a script takes its data by a pattern that changes it",
        "data-key=7",
        "[document.currentScript.dataset.key] = [8]; log.push(document.querySelectorAll('[data-key=\"8\"]').length)",
    ),
    js(
        "two scripts read what each alone has",
        elements="<script src=1.js data-one=1></script><script src=2.js data-two=2></script>",
        files={
            "1.js": "log.push(document.currentScript.dataset.one)",
            "2.js": "log.push(document.currentScript.dataset.two)",
        },
        bundles=1,
    ),
    stays("a script reads its address by its id", "id=own data-rows=7", f"log.push({BY_ID}.src{NAME})"),
    stays("a script hands its element on", "id=own", f"var own = {BY_ID}; [own].map(s => log.push(s.src{NAME}))"),
    stays(
        "a script sets an attribute of its element", "id=own", f"{BY_ID}.dataset.rows = 2; log.push({BY_ID}.src{NAME})"
    ),
    stays("a script inserts before its element", "id=own", f"{BY_ID}.insertAdjacentHTML('beforebegin', '<b>x</b>')"),
    stays("a script has an id and does not look for it", "id=own", "log.push(document.scripts.length ? 2 : 1)"),
    stays(
        "a script is asked whether it has a type",
        "id=own type=text/javascript",
        f"log.push({BY_ID}.getAttribute('type'))",
    ),
    page(
        "another script asks for the same data of its own tag",
        "data-rows=7",
        "log.push(document.currentScript.dataset.rows)",
        first="log.push(document.currentScript.dataset.rows || 'none')",
        bundles=2,
    ),
    page(
        "another script looks for the element by its id",
        "id=own data-rows=7",
        f"log.push({BY_ID}.dataset.rows)",
        first=f"addEventListener('load', function () {{ log.push({BY_ID}.src{NAME}) }})",
        bundles=2,
    ),
    js(
        "two scripts have data of one name and two values",
        elements="<script src=1.js data-n=1></script><script src=2.js data-n=2></script>",
        files={
            "1.js": "log.push(document.currentScript.dataset.n)",
            "2.js": "log.push(document.currentScript.dataset.n, 2)",
        },
        bundles=0,
    ),
    js(
        "two scripts read their data by ids of their own",
        elements="<script src=1.js id=first-one data-n=1></script><script src=2.js id=second-one data-n=2></script>",
        files={
            "1.js": "log.push(document.getElementById('first-one').dataset.n)",
            "2.js": "log.push(document.getElementById('second-one').dataset.n)",
        },
        bundles=0,
    ),
    js(
        "a script takes its data away",
        elements="<script src=1.js data-n=1></script><script src=2.js data-n=1></script>",
        files={
            "1.js": "delete document.currentScript.dataset.n",
            "2.js": "log.push(document.currentScript.dataset.n)",
        },
    ),
    js(
        "a function reads the data of the script that calls it",
        elements="<script src=1.js data-n=7></script><script src=2.js></script><script src=3.js></script>",
        files={
            "1.js": "function own() { return document.currentScript.dataset.n || 'none' }",
            "2.js": "log.push(own())",
            "3.js": "log.push(own())",
        },
    ),
    js(
        "a script that stays asks for the address of another by its id",
        elements="<script src=1.js></script><script src=2.js id=own data-n=7></script><script src=3.js></script>",
        files={
            "1.js": "log.push(1)",
            "2.js": f"log.push({BY_ID}.dataset.n)",
            "3.js": f"log.push(document.currentScript.src{NAME}, {BY_ID}.src{NAME})",
        },
    ),
    stays(
        "a script asks for its address behind a comment",
        "",
        f"(function () {{ function f(a, b) {{ log.push(a.src{NAME}) }} f(/* el */ document.currentScript) }})()",
    ),
    js(
        "a script of another bundle is asked for data that only one has",
        elements="<script src=1.js></script><script src=2.js></script>"
        "<script src=3.js></script><script src=4.js data-n=4></script>",
        files={
            "1.js": "log.push(1)",
            "2.js": "log.push(document.currentScript.dataset.n || 'none')",
            "3.js": "log.push(3)",
            "4.js": "log.push(document.currentScript.dataset.n)",
        },
    ),
)
