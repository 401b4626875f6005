"""A namespace governs the selectors of its own sheet only, and only at its start (CSS Namespaces 3)."""

from tests.behaviour.hazard import css, html

SVG = "http://www.w3.org/2000/svg"
GREEN = "div{color:green}"
BODY = '<p>One</p>\n<div>Two <svg width="20" height="20"><a><circle r="9"/></a></svg> <a>three</a></div>'

HAZARDS = (
    css("a default namespace governs no other sheet", f'@namespace "{SVG}";a{{fill:red}}', GREEN, body=BODY, bundles=2),
    css(
        "a namespace in a later sheet is none too late",
        GREEN,
        f'@namespace "{SVG}";a{{fill:red;color:red}}',
        body=BODY,
        bundles=2,
    ),
    css("a namespace in capitals is one", GREEN, f'@NAMESPACE "{SVG}";a{{fill:red;color:red}}', body=BODY, bundles=2),
    css(
        "a namespace with an escaped letter is one",
        GREEN,
        f'@n\\61mespace "{SVG}";a{{fill:red;color:red}}',
        body=BODY,
        bundles=2,
    ),
    css("a namespace by a url is one", GREEN, f"@namespace url({SVG});a{{fill:red;color:red}}", body=BODY, bundles=2),
    css(
        "a prefix of a namespace keeps its meaning",
        GREEN,
        f'@namespace s "{SVG}";s|a{{fill:red;color:red}}',
        body=BODY,
        bundles=2,
    ),
    css(
        "one prefix may be two namespaces in two sheets",
        f'@namespace s "{SVG}";s|a{{fill:red}}',
        '@namespace s "http://www.w3.org/1999/xhtml";s|a{color:green}',
        body=BODY,
        bundles=2,
    ),
    css(
        "a namespace after layer statements stays one",
        GREEN,
        f'@layer x;@namespace "{SVG}";a{{fill:red;color:red}}',
        body=BODY,
        bundles=2,
    ),
    css(
        "a namespace whose end is the end of the file is one",
        f'@namespace "{SVG}"',
        "a{fill:red;color:red}",
        body=BODY,
        bundles=2,
    ),
    css(
        "a namespace of an imported sheet is its own",
        '@import "more.css";a{background:silver}',
        GREEN,
        files={"more.css": f'@namespace "{SVG}";a{{fill:red}}'},
        body=BODY,
        bundles=1,
    ),
    css(
        "a namespace behind an import governs the rules behind it",
        GREEN,
        f'@import "more.css";@namespace "{SVG}";a{{fill:red;color:red}}',
        files={"more.css": "a{background:silver}"},
        body=BODY,
        bundles=2,
    ),
    css(
        "a namespace whose name looks like a file is a name",
        '@namespace s "dot.gif";s|a{color:red}a{background:url(dot.gif)}',
        GREEN,
        body=BODY,
        bundles=2,
    ),
    css(
        "a namespace parts what stands before it from what stands behind",
        "p{color:red}",
        f'@namespace "{SVG}";p{{color:blue}}',
        GREEN,
        body=BODY,
        bundles=3,
    ),
    html(
        "a namespace in a style element governs that one only",
        f'<!DOCTYPE html><html><head><!-- compress css --><style>@namespace "{SVG}";a{{fill:red}}</style>\n'
        f'<link rel="stylesheet" href="1.css"><!-- endcompress --></head><body>{BODY}</body></html>',
        {"1.css": GREEN},
        bundles=1,
    ),
)
