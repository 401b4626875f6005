"""Code before a region that looks for a stylesheet or script by its address finds it."""

from tests.behaviour.hazard import LOG, Hazard, css, js

SHEETS: dict[str, str | bytes] = {"1.css": "p{color:red", "2.css": "p{color:green}", "3.css": "b{color:blue}"}


def sheet(claim: str, code: str, bundles: int = 2) -> Hazard:
    """Return a page with three sheets, whose *code* before them looks for "2.css" when it is loaded."""
    return css(
        claim,
        *SHEETS.values(),
        head=f"{LOG}<script>addEventListener('load', function () {{ {code} }})</script>",
        bundles=bundles,
    )


def script(claim: str, code: str, bundles: int = 2) -> Hazard:
    """Return a page with three scripts, whose *code* before them looks for "2.js" when it is loaded."""
    head = f"<script>addEventListener('load', function () {{ {code} }})</script>"
    return js(claim, "log.push(1); throw new Error('x')", "log.push(2)", "log.push(3)", head=head, bundles=bundles)


HAZARDS = (
    sheet(
        "a theme is switched by the address of its sheet",
        "document.querySelector('link[href=\"2.css\"]').disabled = true",
    ),
    sheet(
        "a sheet is found by the end of its address",
        'log.push(document.querySelectorAll(\'link[href$="/2.css"],link[href="2.css"]\').length)',
    ),
    sheet(
        "a sheet is looked for in a list",
        "log.push([].some.call(document.styleSheets, function (s) { return /2.css$/.test(s.href) })) // '2.css'",
    ),
    sheet(
        "a sheet that is not there is loaded by code",
        "if (!document.querySelector('link[href=\"2.css\"]')) document.body.hidden = true",
    ),
    sheet(
        "a sheet of another name is no reason to stay",
        "log.push(document.querySelectorAll('link[href=\"9.css\"]').length)",
        bundles=1,
    ),
    sheet("a word about a sheet is no reason to stay", "log.push('see 2.css or others')", bundles=1),
    script("a script is found by its address", "log.push(document.querySelectorAll('script[src=\"2.js\"]').length)"),
    script(
        "a script that is not there is loaded by code",
        "if (!document.querySelector('[src=\"2.js\"]')) log.push('loaded again')",
    ),
    script(
        "a script is loaded once more by its address",
        "log.push(performance.getEntriesByType('resource').some(function (e) { return e.name.endsWith('/2.js') }))",
    ),
    script(
        "a script of another name is no reason to stay",
        "log.push(document.querySelectorAll('script[src=\"9.js\"]').length)",
        bundles=1,
    ),
    script("a word about a script is no reason to stay", "log.push('see 2.js or others')", bundles=1),
    script("a longer name is another script's", "log.push('lib-2.js')", bundles=1),
)
