"""In which layer the rules of a sheet are, and which layer comes first (CSS Cascade 5, 6.4)."""

from tests.behaviour.hazard import css

OPEN = "p{color:red"
BLUE = "b{color:blue}"
MORE = {"more.css": "div{color:green}"}
TWO = {"a.css": "div{color:red}", "b.css": "div{color:green;background:silver}"}


HAZARDS = (
    css(
        "an import into a layer is weaker than rules in none",
        "div{color:blue}",
        '@import "more.css" layer(a);',
        "p{color:red}",
        files={"more.css": "div{color:green;background:silver}"},
        bundles=1,
    ),
    css(
        "an import into a nested layer is in that",
        BLUE,
        '@import "more.css" layer(a.b);@layer a{div{color:red}}',
        files={"more.css": "div{color:green;background:silver}"},
        bundles=1,
    ),
    css(
        "two imports into layers without a name are two layers",
        BLUE,
        '@import "a.css" layer;@import "b.css" layer;@layer x{p{color:red}}',
        files=TWO,
        bundles=1,
    ),
    css(
        "important rules in earlier layers win",
        BLUE,
        '@import "a.css" layer;@import "b.css" layer;',
        files={"a.css": "div{color:green!important}", "b.css": "div{color:red!important}"},
        bundles=1,
    ),
    css(
        "an empty import still gives its layer a place",
        BLUE,
        '@import "empty.css" layer(a);@layer b{div{color:green}}@layer a{div{color:red}}',
        files={"empty.css": ""},
        bundles=1,
    ),
    css(
        "layers named before imports keep their order",
        BLUE,
        '@layer b, a;@import "a.css" layer(a);@import "b.css" layer(b);',
        files={"a.css": "div{color:green}", "b.css": "div{color:red}"},
        bundles=1,
    ),
    css(
        "layers named between imports stay where they are",
        BLUE,
        '@import "a.css" layer(a);@layer c;@import "b.css" layer(b);@layer c{p{color:red}}',
        files=TWO,
        bundles=2,
    ),
    css(
        "a layer in capitals is a layer",
        "div{color:blue}",
        '@import "more.css" LAYER(A);p{color:red}',
        files={"more.css": "div{color:green;background:silver}"},
        bundles=1,
    ),
    css(
        "an escaped layer is a layer", BLUE, '@import "a.css" l\\61yer;@import "b.css" layer(x);', files=TWO, bundles=1
    ),
    css(
        "a layer in a feature test in a medium is in all of them",
        BLUE,
        '@import "more.css" layer(a) supports(display:grid) screen;@layer b{div{background:silver}}',
        files=MORE,
        bundles=1,
    ),
    css(
        "a layer that is named like a keyword is none",
        BLUE + ";",
        '@import "more.css" layer(initial);p{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "an empty layer function is no layer",
        BLUE + ";",
        '@import "more.css" layer();p{color:red}',
        files=MORE,
        bundles=2,
    ),
    css(
        "a list of layers is no layer", BLUE + ";", '@import "more.css" layer(a, b);p{color:red}', files=MORE, bundles=2
    ),
    css(
        "a layer with spaces in its name is none",
        BLUE + ";",
        '@import "more.css" layer(a . b);p{color:red}',
        files=MORE,
        bundles=2,
    ),
    css(
        "a layer behind a medium is no layer",
        BLUE + ";",
        '@import "more.css" screen layer(a);p{color:red}',
        files=MORE,
        bundles=1,
    ),
    css(
        "a layer of an import for print counts for nothing on a screen",
        BLUE,
        '@import "a.css" layer(a) print;@import "b.css" layer(b);@layer a{div{color:blue}}',
        files=TWO,
        bundles=1,
    ),
    css(
        "layers inside an imported layer are its own",
        BLUE,
        '@import "more.css" layer(a);@layer b{div{color:red}}@layer a.b{div{background:silver}}',
        files={"more.css": "@layer b{div{color:green}}@layer c{div{background:aqua}}"},
        bundles=1,
    ),
    css(
        "a stray brace in an imported layer ends no layer",
        BLUE,
        '@import "more.css" layer(a);',
        "div{background:silver}",
        files={"more.css": "div{color:green}}i{color:red}span{color:green}"},
        bundles=2,
    ),
    css(
        "a comment mark in an imported layer is no selector",
        BLUE,
        '@import "more.css" layer(a);',
        "p{color:red}",
        files={"more.css": "<!-- div{color:green} -->"},
        bundles=2,
    ),
    css(
        "an unclosed block in an imported layer ends with its sheet",
        BLUE,
        '@import "more.css" layer(a);i{color:red}',
        files={"more.css": "@media all{div{color:green"},
        bundles=1,
    ),
    css(
        "an import that cannot be flattened keeps its layer",
        BLUE,
        '@import "data:text/css,div{color:red;background:silver}" layer(a);@layer b{div{color:green}}',
        bundles=2,
    ),
    css(
        "a layer that is first named for print does not count on a screen",
        elements='<link rel="stylesheet" href="1.css" media="print">\n<link rel="stylesheet" href="2.css">',
        files={"1.css": "@layer b, a;", "2.css": "@layer a{div{color:red}}@layer b{div{color:green}}"},
        bundles=1,
    ),
    css(
        "an unfinished layer block ends with its sheet",
        "@layer a{div{color:green}",
        "@layer b{div{color:blue}}",
        bundles=1,
    ),
    css(
        "a layer without a name in each sheet is another one",
        "@layer{div{color:red!important}",
        "@layer{div{color:green!important}}",
        bundles=1,
    ),
    css(
        "the order of layers spans sheets",
        "@layer b, a",
        "@layer a{div{color:red}}",
        "@layer b{div{color:green}}",
        bundles=1,
    ),
    css(
        "a scope without a prelude is where its sheet is",
        "p{color:red};",
        "@scope{div{color:green}}i{color:blue}",
        bundles=1,
    ),
    css(
        "a scope with a limit stays in its sheet",
        "@scope (#one) to (b){:scope{color:red}b{color:blue}",
        "b{background:silver}i{color:green}",
        bundles=1,
    ),
    css(
        "a property that two sheets register is the last one's",
        '@property --a{syntax:"<length>";inherits:false;initial-value:3px',
        '@property --a{syntax:"<length>";inherits:false;initial-value:9px}p{border:var(--a) solid}',
        bundles=1,
    ),
    css(
        "keyframes of two sheets with one name are the last one's",
        "@keyframes a{from{color:red}",
        "@keyframes a{to{color:green}}div{animation:a 1s paused -1s both}",
        bundles=1,
    ),
)
