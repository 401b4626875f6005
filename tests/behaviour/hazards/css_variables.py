"""A relative URL in a custom property is relative to the sheet that uses it (CSS Variables 1, 3; CSS Values 4)."""

from tests.behaviour.hazard import CSS_BODY, css

RED = "p{color:red}"
FOLDERS = '<link rel="stylesheet" href="a/1.css">\n<link rel="stylesheet" href="b/2.css">'
READ = "getComputedStyle(document.documentElement).getPropertyValue('--a')"

HAZARDS = (
    css(
        "a url in a custom property is found as before",
        RED,
        ":root{--a:url(dot.gif)}div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "a quoted url in a custom property is found as before",
        RED,
        ":root{--a:url('dot.gif')}div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "a url in capitals in a custom property is found as before",
        RED,
        ":root{--a:URL(dot.gif)}div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "a url in an escaped custom property is found as before",
        RED,
        ":root{\\2d-a:url(dot.gif)}div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "a string for an image set in a custom property is found",
        RED,
        ":root{--a:image-set('dot.gif' 1x)}div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "a bare string in a custom property is found where it is used",
        RED,
        ":root{--a:'dot.gif'}div{background:image-set(var(--a) 1x)}",
        bundles=1,
    ),
    css(
        "a url in a nested custom property is found as before",
        RED,
        "div{& span{--a:url(dot.gif);background:var(--a)}}",
        bundles=1,
    ),
    css(
        "a url of one sheet is used in another folder",
        elements=FOLDERS,
        files={"a/1.css": ":root{--a:url(dot.gif)}", "b/2.css": "div{background:var(--a)}"},
        bundles=0,
    ),
    css(
        "a url of a later sheet is used in another folder",
        elements=FOLDERS,
        files={"a/1.css": "div{background:var(--a)}", "b/2.css": ":root{--a:url(dot.gif)}"},
        bundles=0,
    ),
    css(
        "a url of an imported sheet is used in another folder",
        elements=FOLDERS,
        files={
            "a/1.css": '@import "c/3.css";',
            "a/c/3.css": ":root{--a:url(dot.gif)}",
            "b/2.css": "div{background:var(--a)}",
        },
        bundles=0,
    ),
    css(
        "a url of a style attribute is found beside the sheet that uses it",
        exact=True,
        elements=FOLDERS,
        body='<div style="--a:url(dot.gif)">Two</div>',
        files={"a/1.css": RED, "b/2.css": "div{background:var(--a)}"},
    ),
    css(
        "a url of a style element outside is found beside the sheet that uses it",
        exact=True,
        elements=FOLDERS,
        head="<style>:root{--a:url(dot.gif)}</style>",
        files={"a/1.css": RED, "b/2.css": "div{background:var(--a)}"},
    ),
    css(
        "a url that a script sets is found beside the sheet that uses it",
        exact=True,
        elements=FOLDERS,
        body='<div id="two">Two</div><script>two.style.setProperty("--a", "url(dot.gif)")</script>',
        files={"a/1.css": RED, "b/2.css": "div{background:var(--a)}"},
    ),
    css(
        "a script reads a url in a custom property as it was written",
        RED + ";",
        ":root{--a:url(dot.gif)}div{color:green}",
        seen=READ,
        bundles=1,
    ),
    css(
        "a script reads a custom property with its spaces",
        RED + ";",
        ":root{--a:  a  /**/b ,c  }div{color:green}",
        seen=READ,
        bundles=1,
    ),
    css(
        "a script reads a custom property of a string with its spaces",
        RED + ";",
        ":root{--a:'a  /* b */'}div{color:green}",
        seen=READ,
        bundles=1,
    ),
    css(
        "a url with a host in a custom property may move",
        ":root{--a:url(http://127.0.0.1:1/dot.gif)}/* ",
        "div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "an absolute path in a custom property may move",
        ":root{--a:url(/dot.gif)}/* ",
        "div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "a data url in a custom property may move",
        ":root{--a:url(data:,)}/* ",
        "div{background:silver var(--a)}",
        bundles=1,
    ),
    css(
        "a fragment in a custom property may move",
        ":root{--a:url(#clip)}/* ",
        "div{clip-path:var(--a)}",
        body=CSS_BODY + '<svg width="0" height="0"><clipPath id="clip"><rect width="20" height="9"/></clipPath></svg>',
        bundles=1,
    ),
    css(
        "a pseudo-class behind two dashes is no custom property",
        RED + ";",
        "x--a:hover,div{background:url(dot.gif)}",
        bundles=1,
    ),
    css(
        "a registered image is found where it is set",
        RED,
        '@property --a{syntax:"<image>";inherits:true;initial-value:url(data:,)}',
        ":root{--a:url(dot.gif)}div{background:var(--a)}",
        bundles=1,
    ),
    css(
        "a registered url is found where it is set",
        elements=FOLDERS,
        files={
            "a/1.css": '@property --a{syntax:"<url> | none";inherits:true;initial-value:none}:root{--a:url(dot.gif)}',
            "b/2.css": "div{background:var(--a)}",
        },
        bundles=0,
    ),
    css(
        "a url that is registered with an escape is found where it is set",
        elements=FOLDERS,
        files={
            "a/1.css": '@property --a{syntax:"<\\75rl> | none";inherits:true;initial-value:none}'
            ":root{--a:url(dot.gif)}",
            "b/2.css": "div{background:var(--a)}",
        },
        bundles=0,
    ),
    css(
        "a url in a function is found as before",
        elements=FOLDERS,
        files={"a/1.css": "@function --a(){result:url(dot.gif)}", "b/2.css": "div{background:green;background:--a()}"},
        bundles=0,
    ),
    css(
        "a url in the default of a function is found as before",
        elements=FOLDERS,
        files={
            "a/1.css": "@function --a(--b:url(dot.gif)){result:var(--b)}",
            "b/2.css": "div{background:green;background:--a()}",
        },
        bundles=0,
    ),
    css(
        "a url in an argument of a function is found as before",
        elements=FOLDERS,
        files={
            "a/1.css": "@function --a(--b){result:var(--b)}",
            "b/2.css": "div{background:green;background:--a(url(dot.gif))}",
        },
        bundles=1,
    ),
    css(
        "a url in a condition of a value is found as before",
        RED,
        "div{background:if(style(--none:1):url(dot2.gif);else:url(dot.gif))}",
        bundles=1,
    ),
)
