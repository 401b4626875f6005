"""Links to other things, metadata and the like between two stylesheets touch no cascade, and part no bundle."""

from tests.behaviour.hazard import Hazard, css

FILES: dict[str, str | bytes] = {"1.css": "p{color:red", "2.css": "p{color:green}", "3.css": "b{color:blue}"}
ONE, TWO = '<link rel="stylesheet" href="1.css">', '<link rel="stylesheet" href="2.css">'


def gap(
    claim: str, markup: str, bundles: int = 1, seen: str = "", files: dict[str, str | bytes] | None = None
) -> Hazard:
    """Return a page with *markup* between two sheets, of which the first leaves its block open."""
    return css(claim, elements=f"{ONE}\n{markup}\n{TWO}", files=FILES | (files or {}), bundles=bundles, seen=seen)


HAZARDS = (
    gap(
        "an icon parts no sheets",
        '<link rel="icon" href="x.png">',
        seen="document.querySelector('link[rel=icon]')?.href.slice(-5)",
    ),
    gap("an icon in the old way parts no sheets", '<link rel="shortcut icon" href="x.png">'),
    gap(
        "a connection that is opened early parts no sheets",
        '<link rel="preconnect" href="http://127.0.0.1:1" crossorigin>',
    ),
    gap("a canonical address parts no sheets", '<link rel="canonical" href="/other">'),
    gap("a feed parts no sheets", '<link rel="alternate" type="application/rss+xml" href="feed.xml">'),
    gap("a manifest parts no sheets", '<link rel="manifest" href="m.webmanifest">', files={"m.webmanifest": "{}"}),
    gap(
        "metadata parts no sheets",
        '<meta name="viewport" content="width=300">',
        seen="document.querySelector('meta')?.content",
    ),
    gap("a title parts no sheets", "<title>p{color:lime}</title>", seen="document.title"),
    gap("a text for browsers without scripts parts no sheets", "<noscript><img src=x.png></noscript>"),
    gap(
        "several links part no sheets",
        '<link rel="icon" href="x.png"><meta name="a"><!-- words --><link rel="author" href="/">',
        seen="document.head.querySelectorAll('meta, [rel=icon], [rel=author]').length",
    ),
    gap(
        "a font that is preloaded parts no sheets",
        '<link rel="preload" as="font" href="x.woff" crossorigin>',
        files={"x.woff": "x"},
    ),
    gap(
        "a sheet for browsers without scripts keeps its place",
        "<noscript><link rel=stylesheet href=3.css></noscript>",
        bundles=2,
    ),
    gap(
        "a style for browsers without scripts keeps its place",
        "<noscript><style>p{color:lime}</style></noscript>",
        bundles=2,
    ),
    gap("an alternate sheet keeps its place", '<link rel="alternate stylesheet" title="x" href="3.css">', bundles=2),
    gap(
        "a sheet that is preloaded and then made one keeps its place",
        "<link rel=preload as=style href=3.css onload=\"this.rel='stylesheet'\">",
        bundles=2,
    ),
    gap(
        "a script between two sheets keeps its place",
        "<script>window.seen = getComputedStyle(document.documentElement).color</script>",
        bundles=2,
        seen="window.seen",
    ),
    gap(
        "a file that is fetched early and has a handler keeps its place",
        '<link rel="prefetch" href="3.css?x" onload="this.title=1">',
        bundles=2,
    ),
    gap("a link of an unknown kind keeps its place", '<link rel="unheard-of" href="3.css">', bundles=2),
    gap(
        "a style sheet by default in metadata keeps its place",
        '<meta http-equiv="default-style" content="x">',
        bundles=0,
    ),
    css(
        "in the body a link between two sheets counts as a sibling",
        elements="<meta name=a>",
        body=f"<!-- compress css -->{ONE}<link rel=icon href=x.png>{TWO}<!-- endcompress --><p>one</p>"
        "<style>link:nth-of-type(2) ~ p{background:aqua}</style>",
        files=FILES,
        bundles=2,
    ),
)
