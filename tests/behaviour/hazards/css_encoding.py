"""Every stylesheet is read in its own encoding (CSS Syntax 3, 3.2; Encoding standard)."""

from tests.behaviour.hazard import css, html

LATIN = "text/html; charset=windows-1252"
UNDECLARED = "text/html"
E_ACUTE = b'p::before{content:"\xe9"}'
GREEN = "div{color:green}"

HAZARDS = (
    css("a byte order mark in a later sheet hides no rule", "p{color:red}", "\ufeff" + GREEN, bundles=1),
    css("a byte order mark in the middle sheet hides no rule", "p{color:red}", "\ufeffi{color:blue}", GREEN, bundles=1),
    css("a sheet of nothing but a byte order mark is empty", "p{color:red}", "\ufeff", GREEN, bundles=1),
    css(
        "the second of two byte order marks is a character of a name",
        "p{color:red};",
        "\ufeff\ufeffdiv{color:green}b{color:blue}",
        bundles=1,
    ),
    css(
        "a charset rule behind a byte order mark says nothing",
        "p{color:red}",
        '\ufeff@charset "windows-1252";p::before{content:"é"}div{color:green}',
        bundles=1,
    ),
    css(
        "an import behind a byte order mark and a charset rule is one",
        "p{color:red}",
        '\ufeff@charset "utf-8";@import "more.css";b{color:blue}',
        files={"more.css": GREEN},
        bundles=1,
    ),
    css(
        "little-endian UTF-16 is told by its mark",
        "p{color:red}",
        "\ufeffdiv{color:green}".encode("utf-16-le"),
        bundles=1,
    ),
    css(
        "big-endian UTF-16 is told by its mark", "p{color:red}", "\ufeffdiv{color:green}".encode("utf-16-be"), bundles=1
    ),
    css(
        "characters beyond the first plane survive UTF-16",
        "p{color:red}",
        '\ufeffp::before{content:"\U0001f600é"}'.encode("utf-16-le"),
        bundles=1,
    ),
    css("UTF-16 without a mark is read as bytes and kills no neighbour", GREEN.encode("utf-16-le"), GREEN, bundles=1),
    css(
        "the mark of UTF-16 wins over the page's encoding",
        "p{color:red}",
        '\ufeffp::before{content:"é"}'.encode("utf-16-be"),
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "the mark of UTF-8 wins over the page's encoding",
        "b{color:blue}",
        '\ufeffp::before{content:"é"}',
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "the mark of UTF-8 wins over the link's charset",
        elements='<link rel="stylesheet" href="1.css">\n<link rel="stylesheet" href="2.css" charset="windows-1252">',
        files={"1.css": "b{color:blue}", "2.css": '\ufeffp::before{content:"é"}'},
        bundles=1,
    ),
    css("a charset pattern decides how a sheet is read", b'@charset "windows-1252";' + E_ACUTE, GREEN, bundles=1),
    css(
        "a charset pattern of a later sheet decides about that one",
        GREEN,
        b'@charset "iso-8859-2";p::before{content:"\xb1"}',
        bundles=1,
    ),
    css("an empty charset pattern says nothing", b'@charset "";' + E_ACUTE, GREEN, content_type=LATIN, bundles=1),
    css(
        "a charset pattern that says UTF-16 means UTF-8",
        "p{color:red};",
        '@charset "utf-16be";p::before{content:"é"}'.encode(),
        bundles=1,
    ),
    css(
        "a charset rule in capitals is no pattern",
        '@CHARSET "utf-8";p::before{content:"é"}',
        GREEN,
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "a charset rule in single quotes is no pattern",
        "@charset 'utf-8';p::before{content:'é'}",
        GREEN,
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "a charset rule with two spaces is no pattern",
        '@charset  "utf-8";p::before{content:"é"}',
        GREEN,
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "a charset rule after a space is no pattern",
        ' @charset "utf-8";p::before{content:"é"}',
        GREEN,
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "a charset rule after a comment is no pattern",
        '/**/@charset "utf-8";p::before{content:"é"}',
        GREEN,
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "a charset pattern with an unknown label says nothing",
        b'@charset "klingon";' + E_ACUTE,
        GREEN,
        content_type=LATIN,
        bundles=1,
    ),
    css("a sheet that declares nothing is in the page's encoding", E_ACUTE, GREEN, content_type=LATIN, bundles=1),
    css(
        "a sheet that declares nothing is in the encoding of the page's meta",
        E_ACUTE,
        GREEN,
        content_type=UNDECLARED,
        head='<meta charset="windows-1252">',
        bundles=1,
    ),
    css("where nothing is declared the browser's guess stays", E_ACUTE, GREEN, content_type=UNDECLARED, bundles=1),
    css(
        "a backslash in the second byte of a Japanese character escapes nothing",
        b'p::before{content:"\x95\x5c"}',
        GREEN,
        content_type="text/html; charset=shift_jis",
        bundles=1,
    ),
    css(
        "the charset of a link decides how its sheet is read",
        elements='<link rel="stylesheet" href="1.css" charset="windows-1252">\n<link rel="stylesheet" href="2.css">',
        files={"1.css": E_ACUTE, "2.css": GREEN},
        bundles=1,
    ),
    css(
        "an imported sheet inherits the encoding that its importer declares",
        b'@charset "windows-1252";@import "more.css";b{color:blue}',
        GREEN,
        files={"more.css": E_ACUTE},
        bundles=1,
    ),
    css(
        "an imported sheet inherits the encoding of the page",
        '@import "more.css";b{color:blue}',
        GREEN,
        files={"more.css": E_ACUTE},
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "an imported sheet that declares an encoding inherits none",
        b'@charset "windows-1252";@import "more.css";b{color:blue}',
        GREEN,
        files={"more.css": '@charset "utf-8";p::before{content:"é"}'},
        bundles=1,
    ),
    css(
        "a namespace does not make an import forget the encoding it inherits",
        b'@charset "windows-1252";@import "more.css";@namespace "http://www.w3.org/1999/xhtml";b{color:blue}',
        GREEN,
        files={"more.css": E_ACUTE},
        bundles=1,
    ),
    css(
        "half a character at the end takes nothing from the next sheet",
        b'p::before{content:"\xc3',
        b"div{color:green}",
        bundles=1,
    ),
    css(
        "a carriage return after an unfinished selector joins it to nothing",
        "p{color:red}b\r",
        "div{color:green}",
        bundles=1,
    ),
    css("a form feed in a string makes it a bad one only there", 'p{color:red}b{content:"\f', GREEN, bundles=2),
    css("a NUL at the end of a sheet joins no name of the next", "p{color:red}\0", GREEN, bundles=1),
    html(
        "a style element in a page of another encoding keeps its characters",
        b'<!DOCTYPE html><html><head><!-- compress css --><style>p::before{content:"\xe9"}</style>'
        b'<link rel="stylesheet" href="1.css"><!-- endcompress --></head><body><p>One</p><div>Two</div></body></html>',
        {"1.css": GREEN},
        content_type=LATIN,
        bundles=1,
    ),
    html(
        "a style element in a Japanese page keeps its characters",
        b'<!DOCTYPE html><html><head><!-- compress css --><style>p::before{content:"\x95\x5c"}</style>'
        b'<link rel="stylesheet" href="1.css"><!-- endcompress --></head><body><p>One</p><div>Two</div></body></html>',
        {"1.css": GREEN},
        content_type="text/html; charset=shift_jis",
        bundles=1,
    ),
    html(
        "a sheet that a style element imports is in the page's encoding",
        '<!DOCTYPE html><html><head><!-- compress css --><style>@import "more.css";</style>'
        '<link rel="stylesheet" href="1.css"><!-- endcompress --></head><body><p>One</p><div>Two</div></body></html>',
        {"1.css": GREEN, "more.css": E_ACUTE},
        content_type=LATIN,
    ),
)
