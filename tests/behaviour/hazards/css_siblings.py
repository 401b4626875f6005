"""How many links stand beside an element, and of which kind, is seen by selectors (Selectors 4, 14)."""

from tests.behaviour.hazard import html

FILES = {"1.css": "p{color:red}", "2.css": "b{color:blue}", "3.css": "i{background:silver}"}
LINKS = (
    '<!-- compress css --><link rel="stylesheet" href="1.css"><link rel="stylesheet" href="2.css"><!-- endcompress -->'
)
STYLED = '<!-- compress css --><link rel="stylesheet" href="1.css"><style>b{color:blue}</style><!-- endcompress -->'
HEAD = "<!DOCTYPE html><html><head><style>"
BODY = "<p>One <b>bold</b></p><div>Two</div></body></html>"


def in_body(rules: str, region: str = LINKS) -> str:
    """Return a page with *region* at the start of its body, and *rules* in its head."""
    return f"{HEAD}{rules}</style></head><body>{region}{BODY}"


HAZARDS = (
    html("an element keeps its number among its siblings", in_body("div:nth-child(4){color:green}"), FILES, bundles=1),
    html(
        "an element keeps its number from the end", in_body("link:nth-last-child(4) ~ p{color:green}"), FILES, bundles=1
    ),
    html(
        "an element keeps the kinds of its siblings",
        in_body("link:nth-of-type(2) + p b{color:green!important}"),
        FILES,
        bundles=1,
    ),
    html("a link that follows a link still does", in_body("link + link ~ div{color:green}"), FILES, bundles=1),
    html(
        "a style that follows a link still does", in_body("link + style + p{background:lime}", STYLED), FILES, bundles=1
    ),
    html(
        "a parent keeps the number of its children",
        in_body("body:has(> :nth-child(4):last-child) div{color:green}"),
        FILES,
        bundles=1,
    ),
    html(
        "three links stay three siblings",
        in_body(
            "div:nth-child(5){color:green}", LINKS.replace("<!-- end", '<link rel="stylesheet" href="3.css"><!-- end')
        ),
        FILES,
        bundles=1,
    ),
    html(
        "links in an element stay its first children",
        f"{HEAD}link:nth-child(2) + span{{color:green}}</style></head><body><div>{LINKS}<span>In</span></div>{BODY}",
        FILES,
        bundles=1,
    ),
    html(
        "a head keeps the number of its children where that is asked for",
        f"{HEAD}html:has(head > :nth-child(3)) div{{color:green}}</style>{LINKS}</head><body>{BODY}",
        FILES,
        exact=True,
    ),
    html(
        "a link in a head still follows a link where that is asked for",
        f"{HEAD}html:has(link + link) p{{background:lime}}</style>{LINKS}</head><body>{BODY}",
        FILES,
        exact=True,
    ),
)
