"""Which links and styles are stylesheets, and where they lead (HTML 4.2.4; URL 4.4)."""

from tests.behaviour.hazard import LOG, css
from tests.behaviour.hazards.css_elements import RED, between

HAZARDS = (
    css(
        "a link without an address loads nothing",
        elements=between('<link rel="stylesheet">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=2,
    ),
    css(
        "a link with an empty address loads nothing",
        head=LOG,
        elements=between('<link rel="stylesheet" href="">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=2,
    ),
    css(
        "a link with a blank address stays as it is",
        head=LOG,
        elements=between('<link rel="stylesheet" href=" ">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=2,
    ),
    css(
        "a link of another type is not loaded",
        elements=between('<link rel="stylesheet" href="2.css" type="text/less">'),
        files=RED,
        bundles=2,
    ),
    css(
        "a link whose type has parameters is loaded",
        elements=between('<link rel="stylesheet" href="2.css" type="text/css; charset=x">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a link whose type has spaces and capitals is loaded",
        elements=between('<link rel="stylesheet" href="2.css" type=" TEXT/CSS ">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a style of another type is no stylesheet",
        elements=between('<style type="text/less">p{background:aqua}</style>'),
        files=RED,
        bundles=2,
    ),
    css(
        "a style whose type has a space is no stylesheet",
        elements=between('<style type=" text/css">p{background:aqua}</style>'),
        files=RED,
        bundles=2,
    ),
    css(
        "a style whose type has parameters is no stylesheet",
        elements=between('<style type="text/css;charset=utf-8">p{background:aqua}</style>'),
        files=RED,
        bundles=2,
    ),
    css(
        "a style with an empty type is a stylesheet",
        elements=between('<style type="">p{background:aqua}</style>'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a link of more words than one is a stylesheet",
        elements=between('<link rel="preload stylesheet" as="style" href="2.css">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=2,
    ),
    css(
        "a link whose word is in capitals and spaces is a stylesheet",
        elements=between('<LINK REL=" StyleSheet\n" HREF=2.css />'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a link whose word only begins like it is none",
        elements=between('<link rel="stylesheets" href="2.css">'),
        files=RED,
        bundles=2,
    ),
    css(
        "the first of two addresses counts",
        elements=between('<link rel="stylesheet" href="2.css" HREF="4.css">'),
        files={**RED, "1.css": "p{color:red", "4.css": ""},
        bundles=1,
    ),
    css(
        "an entity in an address is a character",
        elements=between('<link rel="stylesheet" href="2&#46;css">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a backslash in an address is a slash",
        elements=between('<link rel="stylesheet" href=".\\2.css">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=2,
    ),
    css(
        "white space in an address is dropped",
        elements=between('<link rel="stylesheet" href=" 2.c\nss ">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
    css(
        "a query of an address changes nothing",
        elements=between('<link rel="stylesheet" href="2.css?v=3&amp;x">'),
        files={**RED, "1.css": "p{color:red"},
        bundles=1,
    ),
)
