"""An author who trusts an element says that nothing looks for it; what is certain keeps its place all the same."""

from tests.behaviour.hazard import LOG, Hazard, css, html, js

FILES = {"1.js": "log.push(1); throw new Error('x')", "2.js": "log.push(2)", "3.js": "log.push(3)"}
JOIN = "data-pressmark=join"


def trusted(claim: str, markup: str, script: str = "log.push(2)", bundles: int = 1, seen: str = "") -> Hazard:
    """Return a page whose second of three scripts has *markup*, and is trusted."""
    elements = f"<script src=1.js></script><script src=2.js {markup} {JOIN}></script><script src=3.js></script>"
    return js(claim, elements=elements, files=FILES | {"2.js": script}, bundles=bundles, seen=seen)


def region(claim: str, words: str, elements: str, bundles: int, **files: str) -> Hazard:
    """Return a page with a region whose marker has *words*."""
    region = f"<!-- compress js{words} -->{elements}<!-- endcompress -->"
    page = f"<!DOCTYPE html><html><head>{LOG}</head><body><p>a</p>{region}</body></html>"
    return html(claim, page, FILES | files, bundles=bundles)


def sheets(markup: str) -> str:
    """Return three sheets, of which the second has *markup*."""
    return "".join(f"<link rel=stylesheet href={number}.css {markup * (number == 2)}>" for number in (1, 2, 3))


IDS = "<script src=1.js id=a></script><script src=2.js id=b></script><script src=3.js class=c></script>"

DATA = "<script src=1.js data-x=1></script><script src=2.js data-x=2></script><script src=3.js data-y=3></script>"

HAZARDS = (
    region("scripts of a trusted region have different data, which none reads", " trust", DATA, 1),
    region(
        "a script of a trusted region reads its data, and its neighbours have others",
        " trust",
        DATA,
        1,
        **{"3.js": "log.push(document.currentScript.dataset.y)"},
    ),
    region(
        "two scripts of a trusted region read different data of one name",
        " trust",
        DATA,
        2,
        **{
            "1.js": "log.push(document.currentScript.dataset.x)",
            "2.js": "log.push(document.currentScript.dataset.x)",
        },
    ),
    trusted("a trusted script joins without its id", "id=two"),
    trusted("a trusted script joins without its class and title", "class=two"),
    trusted("a trusted script joins without its data", "data-two=2"),
    trusted("a trusted script that only has the mark joins", ""),
    trusted(
        "a trusted script that asks for the current one joins",
        "",
        "var own = document.currentScript; log.push(own !== null)",
    ),
    trusted(
        "a trusted script that looks for scripts joins",
        "",
        "log.push(document.getElementsByTagName('script').length > 0)",
    ),
    trusted(
        "a trusted script that may write joins",
        "",
        "function put(d) { d.write('x') } log.push(typeof put, document.title)",
    ),
    trusted(
        "a trusted script that takes a trace apart joins", "", "log.push(new Error('x').stack.split('http').length > 0)"
    ),
    trusted(
        "a trusted async script stays async",
        "async",
        "window.quiet = 1",
        bundles=1,
        seen="document.querySelector('[async]') !== null",
    ),
    trusted("a trusted script that is no script fails alone", "", "log.push(2", bundles=2),
    trusted("a trusted script for old browsers stays one", "nomodule", bundles=2),
    trusted("a trusted module stays one", "type=module", "window.quiet = 1", bundles=1),
    trusted("a trusted script of another host stays", "src='//127.0.0.1:1/2.js'", bundles=1),
    trusted(
        "a trusted script that imports from its folder stays",
        "",
        "log.push(2); import('./part.mjs').catch(function () {})",
        bundles=2,
    ),
    region("a trusted region joins what has ids", " trust", IDS, 1),
    region("a region that is not trusted keeps what has ids", "", IDS, 0),
    region("a trusted region with a name joins", " trust all", IDS, 1),
    region("a region whose name only begins like trust is not trusted", " trusted", IDS, 0),
    css(
        "a trusted sheet joins without its id",
        elements=sheets(f"id=x {JOIN}"),
        files={"1.css": "p{color:red", "2.css": "p{color:green}", "3.css": "b{color:blue}"},
        bundles=1,
    ),
    css(
        "a trusted sheet with a title stays one of its set",
        elements=sheets(f"title=x {JOIN}"),
        files={"1.css": "p{color:red", "2.css": "p{color:green}", "3.css": "b{color:blue}"},
        bundles=2,
    ),
)
