"""What the attributes and places of links and styles decide (HTML 4.2.4 and 4.2.6)."""

from tests.behaviour.hazard import CSS_BODY, LOG, css

ONE = '<link rel="stylesheet" href="1.css">\n'
THREE = '\n<link rel="stylesheet" href="3.css">'
RED = {"1.css": "p{color:red}", "2.css": "div{color:blue}p{background:aqua}", "3.css": "div{color:green}"}


def between(element: str) -> str:
    """Return *element* between two plain links."""
    return ONE + element + THREE


HAZARDS = (
    css(
        "a sheet for print is for print",
        elements=between('<link rel="stylesheet" href="2.css" media="print">'),
        files=RED,
        bundles=1,
    ),
    css(
        "two sheets for print are one",
        elements=between(
            '<link rel="stylesheet" href="2.css" media="print">\n<link rel="stylesheet" href="4.css" media="print">'
        ),
        files={**RED, "4.css": "i{color:red}"},
        bundles=1,
    ),
    css(
        "a sheet whose medium is open ended keeps it",
        elements=between('<link rel="stylesheet" href="2.css" media="(max-width:1px">'),
        files=RED,
        bundles=3,
    ),
    css(
        "a sheet for an invalid medium applies nowhere",
        elements=between('<link rel="stylesheet" href="2.css" media="???">'),
        files=RED,
        bundles=3,
    ),
    css(
        "a sheet for not all applies nowhere",
        elements=between('<link rel="stylesheet" href="2.css" media="not all">'),
        files=RED,
        bundles=3,
    ),
    css(
        "a medium with a closing brace is none",
        elements=between('<link rel="stylesheet" href="2.css" media="print}">'),
        files=RED,
        bundles=3,
    ),
    css(
        "a medium with a comment is read without",
        elements=between('<link rel="stylesheet" href="2.css" media="print/*, all*/">'),
        files=RED,
        bundles=3,
    ),
    css(
        "a medium in quotes and entities is read as it was",
        elements=between('<link rel="stylesheet" href="2.css" media="&quot;a&quot;&amp;&lt;, print">'),
        files=RED,
        bundles=3,
    ),
    css(
        "a blank medium is every medium",
        elements=between('<link rel="stylesheet" href="2.css" media=" ">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a medium of all in capitals is every medium",
        elements=between('<link rel="stylesheet" href="2.css" media="ALL">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "an alternate sheet is not applied",
        elements=between('<link rel="alternate stylesheet" href="2.css" title="other">'),
        files=RED,
        bundles=2,
    ),
    css(
        "an alternate sheet may say so behind and in capitals",
        elements=between('<link rel="stylesheet ALTERNATE" href="2.css" title="other">'),
        files=RED,
        bundles=2,
    ),
    css(
        "of sheets with titles the first set applies",
        elements=between(
            '<link rel="stylesheet" href="4.css" title="a">\n<link rel="stylesheet" href="2.css" title="b">'
        ),
        files={**RED, "4.css": "i{color:red}"},
        bundles=2,
    ),
    css(
        "the set that is preferred outside counts inside",
        head='<link rel="stylesheet" href="4.css" title="a">',
        elements=between('<link rel="stylesheet" href="2.css" title="b">'),
        files={**RED, "4.css": "i{color:red}"},
        bundles=2,
    ),
    css(
        "a style with a title belongs to its set",
        elements=between('<link rel="stylesheet" href="4.css" title="a">\n<style title="b">p{background:aqua}</style>'),
        files={**RED, "4.css": "i{color:red}"},
        bundles=2,
    ),
    css(
        "a disabled sheet is not applied",
        elements=between('<link rel="stylesheet" href="2.css" disabled>'),
        files=RED,
        bundles=2,
    ),
    css(
        "a sheet with an id can be switched off",
        elements=between('<link rel="stylesheet" href="2.css" id="two-sheet">'),
        files=RED,
        body=CSS_BODY + "<script>document.getElementById('two-sheet').disabled = true</script>",
        bundles=2,
    ),
    css(
        "a sheet with a class can be removed",
        elements=between('<link rel="stylesheet" href="2.css" class="theme">'),
        files=RED,
        body=CSS_BODY + "<script>document.querySelector('.theme').remove()</script>",
        bundles=2,
    ),
    css(
        "a sheet with data can be found by it",
        elements=between('<link rel="stylesheet" href="2.css" data-theme="a">'),
        files=RED,
        body=CSS_BODY + "<script>document.querySelector('[data-theme]').media = 'print'</script>",
        bundles=2,
    ),
    css(
        "a style with an id can be rewritten",
        elements=between('<style id="theme">p{background:aqua}</style>'),
        files=RED,
        body=CSS_BODY + "<script>theme.textContent = 'p{background:lime}'</script>",
        bundles=2,
    ),
    css(
        "a sheet still tells that it has loaded",
        head=LOG,
        elements=between('<link rel="stylesheet" href="2.css" onload="log.push(1)">'),
        files=RED,
        bundles=2,
    ),
    css(
        "a sheet for print becomes one for all when it has loaded",
        head=LOG,
        elements=between('<link rel="stylesheet" href="2.css" media="print" onload="log.push(1);this.media=\'all\'">'),
        files=RED,
        bundles=2,
    ),
    css(
        "a sheet still tells that it has failed",
        head=LOG,
        elements=between('<link rel="stylesheet" href="missing.css" onerror="log.push(1)">'),
        files=RED,
        bundles=2,
    ),
    css(
        "a missing sheet fails by itself",
        head=LOG,
        elements=between('<link rel="stylesheet" href="missing.css">'),
        files={**RED, "1.css": "p{color:red"},
    ),
    css(
        "a sheet served as text applies nothing",
        elements=between('<link rel="stylesheet" href="2.txt">'),
        files={**RED, "2.txt": "p{background:aqua}"},
        bundles=2,
    ),
    css(
        "a sheet whose digest is wrong is refused",
        elements=between(
            '<link rel="stylesheet" href="2.css" integrity="sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=">'
        ),
        files=RED,
        bundles=2,
    ),
    css(
        "a sheet of a data url keeps its place",
        elements=between('<link rel="stylesheet" href="data:text/css,p{background:aqua}">'),
        files=RED,
        bundles=2,
    ),
    css(
        "a style keeps its place between links",
        elements=between("<style>div{color:blue}p{background:aqua}</style>"),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a sheet in a comment is none",
        elements=between('<!-- <link rel="stylesheet" href="2.css"> -->'),
        files=RED,
        bundles=2,
    ),
    css(
        "a comment for a server keeps its place",
        elements=between('<!--#include virtual="/x" -->'),
        files=RED,
        bundles=2,
    ),
    css(
        "a sheet in a conditional comment is none",
        elements=between('<!--[if IE]><link rel="stylesheet" href="2.css"><![endif]-->'),
        files=RED,
        bundles=2,
    ),
    css(
        "a sheet in noscript is none",
        elements=between('<noscript><link rel="stylesheet" href="2.css"></noscript>'),
        files=RED,
        bundles=2,
    ),
    css(
        "a sheet in a template is none",
        elements=between('<template><link rel="stylesheet" href="2.css"></template>'),
        files=RED,
        bundles=1,
    ),
    css(
        "a script between two sheets sees only the first",
        head=LOG,
        files=RED,
        elements=between(
            "<script>log.push(document.styleSheets.length, getComputedStyle(document.documentElement).color)</script>"
        ),
        bundles=2,
    ),
)
