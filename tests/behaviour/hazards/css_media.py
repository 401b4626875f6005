"""Sheets of different media share a bundle where each means the same in its own @media (Media Queries 4, 2)."""

from tests.behaviour.hazard import CSS_BODY, Hazard, css

ALL = '<link rel="stylesheet" href="1.css">'
LAST = '<link rel="stylesheet" href="3.css">'
PRINT = '<link rel="stylesheet" href="{}.css" media="print">'
BASE = {"4.css": "b{color:lime}", "1.css": "p{color:red;background:white", "3.css": "b{color:purple}"}


def under(claim: str, media: str, sheet: str, bundles: int = 1, body: str = CSS_BODY) -> Hazard:
    """Return a page with *sheet* for *media* between two sheets for all; the first leaves its block open."""
    elements = f'{ALL}\n<link rel="stylesheet" href="2.css" media="{media}">\n{LAST}'
    return css(claim, elements=elements, files=BASE | {"2.css": sheet}, bundles=bundles, body=body)


GREEN = "p{color:green}"

HAZARDS = (
    under("a sheet for print between others is none for the screen", "print", GREEN),
    under("a sheet for the screen between others is one", "screen", GREEN),
    under("a sheet for both is one for the screen", "print, screen", GREEN),
    under("a sheet for only the screen is one", "only screen", GREEN),
    under("a sheet for wide windows is one", "(min-width: 100px)", GREEN),
    under("a sheet for narrow windows is none", "screen and (max-width: 100px)", GREEN),
    under("a sheet for capital media is one", "SCREEN", GREEN),
    under("a sheet for upright windows is none", "(orientation: portrait)", GREEN),
    under("a sheet for print that is left open ends before the next", "print", "p{color:green;b{color:lime"),
    under(
        "a sheet with media of its own is under both",
        "screen",
        "@media print{p{color:green}} @media screen{b{color:lime !important}}",
    ),
    under(
        "a sheet with layers under media keeps their order",
        "screen",
        "@layer one,two;@layer two{p{background:aqua}}@layer one{p{background:lime}}",
    ),
    under(
        "a layer that only a sheet for print names is named later",
        "print",
        "@layer two{b{color:red}}",
        body="<p>a<b>b</b></p><style>@layer one,two;@layer one{b{top:1px}}</style>",
    ),
    under(
        "a font of a sheet for print is not asked for",
        "print",
        "@font-face{font-family:x;src:url(x.woff)}p{font-family:x}",
    ),
    under("a picture of a sheet for the screen is asked for", "screen", "p{background:url(x.png)}"),
    under("keyframes of a sheet for print move nothing", "print", "@keyframes a{from{top:9px}}p{animation:a 1s}"),
    under("an imported sheet under media is under both", "screen", "@import '4.css' print;p{color:green}"),
    under(
        "a comment of old pages in a sheet for print hides nothing",
        "print",
        "<!-- p{color:green} --> b{color:lime}",
        bundles=3,
    ),
    under("a bracket too many in a sheet for print does not end it", "print", "} p{color:green}", bundles=3),
    under("a sheet for print with a namespace is alone", "print", "@namespace x url(y); p{color:green}", bundles=3),
    under("a sheet for a colour scheme keeps its element", "(prefers-color-scheme: light)", GREEN, bundles=3),
    under("a sheet for media that are none applies to nothing", "???", GREEN, bundles=3),
    under("a sheet for no media keeps its element", "not all", GREEN, bundles=3),
    under("a sheet for media with a bracket keeps its element", "print}", GREEN, bundles=3),
    under(
        "a sheet for a colour scheme that is switched is switched",
        "(prefers-color-scheme: dark)",
        GREEN,
        bundles=3,
        body='<p>a</p><script>document.querySelector("[media*=dark]").media = "all"</script>',
    ),
    css(
        "two sheets for print between others are both under it",
        elements=f"{ALL}{PRINT.format(2)}{PRINT.format(4)}{LAST}",
        files=BASE | {"2.css": GREEN, "4.css": "b{color:lime !important}"},
        bundles=1,
    ),
    css(
        "a second sheet for print with a bracket too many does not end the first one's block",
        elements=f"{ALL}{PRINT.format(2)}{PRINT.format(4)}{LAST}",
        files=BASE | {"2.css": GREEN, "4.css": "} b{color:lime !important}"},
        bundles=3,
    ),
    css(
        "a first sheet for print does not make the others so",
        elements=f"{PRINT.format(2)}{ALL}{LAST}",
        files=BASE | {"2.css": GREEN},
        bundles=1,
    ),
    css(
        "code in the page under media is under it in the bundle",
        elements=f"{ALL}<style media=print>{GREEN}</style><style media=screen>b{{color:lime!important}}</style>{LAST}",
        files=BASE,
        bundles=1,
    ),
)
