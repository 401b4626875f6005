"""A stylesheet that stands in the page means what it meant in its file (HTML 13.2.5 and 4.2.6)."""

from tests.behaviour.hazard import css

OPEN = "p{color:red"
LATIN = "text/html; charset=windows-1252"

HAZARDS = (
    css(
        "an end tag in a string does not end the sheet",
        OPEN,
        "div::before{content:'</style><b>'}i{color:green}",
        bundles=1,
    ),
    css(
        "an end tag in capitals does not end the sheet",
        OPEN,
        "div::before{content:'</STYLE x>'}i{color:green}",
        bundles=1,
    ),
    css("an end tag in a comment does not end the sheet", OPEN, "/*! </style> */div{color:green}", bundles=1),
    css(
        "an end tag in a url does not end the sheet",
        OPEN,
        "div{background:url('dot.gif?</style>')}i{color:green}",
        bundles=1,
    ),
    css(
        "an end tag in a custom property does not end the sheet",
        OPEN,
        ":root{--a:'</style>'}div{color:green}",
        bundles=1,
        seen="getComputedStyle(document.documentElement).getPropertyValue('--a')",
    ),
    css("an escaped end tag stays what it was", OPEN, "div::before{content:'<\\/style>'}i{color:green}", bundles=1),
    css(
        "the beginning of a comment of the page is text",
        OPEN,
        "div::before{content:'<!-- <script>'}i{color:green}",
        bundles=1,
    ),
    css("an entity in a string is text", OPEN, "div::before{content:'&lt;&amp;'}i{color:green}", bundles=1),
    css(
        "what looks like a reference to a group is text",
        OPEN,
        "div::before{content:'\\\\1 \\\\g<0> $& $1'}i{color:green}",
        bundles=1,
    ),
    css(
        "a character that the page's encoding lacks is shown",
        OPEN,
        '\ufeffdiv::before{content:"→ é"}',
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "a character of the page's encoding is shown",
        OPEN,
        '\ufeffdiv::before{content:"é"}',
        content_type=LATIN,
        bundles=1,
    ),
    css(
        "a character that a Japanese page lacks is shown",
        OPEN,
        '\ufeffdiv::before{content:"é 表"}',
        content_type="text/html; charset=shift_jis",
        bundles=1,
    ),
    css("a NUL is the same character in the page", OPEN, "div::before{content:'a\0b'}", bundles=1),
    css(
        "line ends of all kinds are one in the page",
        OPEN,
        "div::before{white-space:pre;content:'a\\\r\nb\\a c'}\ri{color:green}\r\n",
        bundles=1,
    ),
    css(
        "a relative url in the page is found where its file was",
        elements='<link rel="stylesheet" href="a/1.css">',
        files={"a/1.css": "div{background:url(dot.gif)}p{color:red"},
        bundles=1,
    ),
    css(
        "a base behind the region moves no url of its sheets",
        OPEN,
        "div{background:url(dot.gif)}",
        body='<base href="/elsewhere/"><p>One</p><div>Two</div>',
        bundles=1,
    ),
    css(
        "a base with a path moves no url of the sheets",
        OPEN,
        "div{background:url(dot.gif)}",
        head='<base href="./">',
        bundles=1,
    ),
    css(
        "a long sheet does not push the declaration of the encoding away",
        OPEN,
        "div{color:green}" * 90,
        body='<meta charset="utf-8"><p>é</p><div>Two</div>',
        content_type="text/html",
        bundles=1,
    ),
)
