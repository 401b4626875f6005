"""Under which condition an imported sheet applies, and in which layer (CSS Cascade 5, 2.1)."""

from tests.behaviour.hazard import css

OPEN = "p{color:red"
BLUE = "b{color:blue}"
MORE = {"more.css": "div{color:green}"}
TWO = {"a.css": "div{color:red}", "b.css": "div{color:green;background:silver}"}


HAZARDS = (
    css(
        "an import for print stays for print",
        OPEN,
        '@import "more.css" print;i{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import for a wide screen applies there",
        BLUE,
        '@import "more.css" screen and (min-width:1px);',
        files=MORE,
        bundles=1,
    ),
    css("an import for one of several media applies", BLUE, '@import "more.css" print, SCREEN;', files=MORE, bundles=1),
    css("an import for all but print applies", BLUE, '@import "more.css" not print;', files=MORE, bundles=1),
    css("an import for only a screen applies", BLUE, "@import url(more.css)only screen;", files=MORE, bundles=1),
    css(
        "an import for a range of widths applies",
        BLUE,
        '@import "more.css" (1px <= width <= 9999px);',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import whose condition the end of the file closes applies",
        BLUE,
        '@import "more.css" (min-width:1px',
        files=MORE,
        bundles=1,
    ),
    css("an import with an escaped medium applies", BLUE, '@import "more.css" s\\63reen;', files=MORE, bundles=1),
    css(
        "an import with a comment in its medium applies",
        BLUE,
        '@import "more.css" screen/**/and/**/(min-width:1px);',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import for an invalid medium does not apply",
        BLUE + ";",
        '@import "more.css" ???;p{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import for an unknown condition does not apply",
        BLUE + ";",
        '@import "more.css" nonsense(a);p{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import for one good and one bad medium applies",
        BLUE,
        '@import "more.css" ???, screen;',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with a feature that is there applies",
        BLUE,
        '@import "more.css" supports(display:grid);',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with a feature that is missing does not apply",
        BLUE + ";",
        '@import "more.css" supports(display:nonsense);p{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with an operator between features applies",
        BLUE,
        '@import "more.css" supports((display:nonsense) or (display:grid));',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with a negated feature applies",
        BLUE,
        '@import "more.css" supports(not (display:nonsense));',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with a feature of selectors applies",
        BLUE,
        '@import "more.css" supports(selector(a > b));',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with features in capitals applies",
        BLUE,
        '@import "more.css" SUPPORTS(display:grid);',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with a feature and a medium needs both",
        BLUE + ";",
        '@import "more.css" supports(display:grid) print;p{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "an import with a feature in the wrong place does not apply",
        BLUE + ";",
        '@import "more.css" screen supports(display:grid);p{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "a scope on an import does what it did",
        OPEN,
        '@import "more.css" scope(p);i{color:red}',
        files={"more.css": "b,span{background:silver}"},
        bundles=1,
    ),
    css(
        "an unclosed comment in an imported medium ends with its sheet",
        BLUE,
        '@import "more.css" screen;i{color:red}',
        files={"more.css": "div{color:green}/* "},
        bundles=1,
    ),
    css(
        "an import inside an import for print is for print",
        OPEN,
        '@import "a.css" print;b{color:red}',
        files={"a.css": '@import "more.css";i{color:red}', **MORE},
        bundles=1,
    ),
    css(
        "conditions of an import inside an import add up",
        BLUE,
        '@import "a.css" screen;p{color:red}',
        files={"a.css": '@import "more.css" (min-width:1px);i{color:red}', **MORE},
        bundles=1,
    ),
    css(
        "an import of a link for print is for print",
        elements='<link rel="stylesheet" href="1.css" media="print">\n<link rel="stylesheet" href="2.css">',
        files={"1.css": '@import "more.css";p{color:red}', "2.css": BLUE, **MORE},
        bundles=1,
    ),
    css(
        "an import of a link for a screen is for a screen",
        elements='<link rel="stylesheet" href="1.css" media="screen">\n'
        '<link rel="stylesheet" href="2.css" media="screen">',
        files={"1.css": BLUE, "2.css": '@import "more.css";p{color:red}', **MORE},
        bundles=1,
    ),
)
