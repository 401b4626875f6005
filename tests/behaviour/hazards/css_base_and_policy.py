"""A base moves the addresses of a page, a policy blocks some of them (HTML 4.2.3; CSP 3)."""

from tests.behaviour.hazard import css

OPEN = "p{color:red"
GREEN = "div{color:green}"
BASE = {"1.css": "p{color:blue}", "2.css": "div{color:blue}", "sub/1.css": OPEN, "sub/2.css": GREEN}
POLICY = "Content-Security-Policy"
META = '<meta http-equiv="Content-Security-Policy" content="{}">'
LINK = '<link rel="stylesheet" href="1.css">\n'

HAZARDS = (
    css("a base moves the links behind it", OPEN, GREEN, head='<base href="sub/">', files=BASE, bundles=1),
    css(
        "a base in capitals with spaces moves the links",
        OPEN,
        GREEN,
        head='<BASE HREF=" sub/ ">',
        files=BASE,
        bundles=1,
    ),
    css("of two bases the first counts", OPEN, GREEN, head='<base href="sub/"><base href="/">', files=BASE, bundles=1),
    css(
        "a base without an address is none",
        OPEN,
        GREEN,
        head='<base target="_self"><base href="sub/">',
        files=BASE,
        bundles=1,
    ),
    css("a base in a comment is none", OPEN, GREEN, head='<!-- <base href="sub/"> -->', bundles=1),
    css("a base in a template is none", OPEN, GREEN, head='<template><base href="sub/"></template>', bundles=1),
    css("a base of a data url is none", OPEN, GREEN, head='<base href="data:text/css,">', bundles=1),
    css("a base in a title is text", OPEN, GREEN, head='<title><base href="sub/"></title>', bundles=1),
    css("a base in a script is text", OPEN, GREEN, head="<script>var a = '<base href=\"sub/\">'</script>", bundles=1),
    css(
        "a base of another host leaves nothing to bundle",
        OPEN,
        GREEN,
        head='<base href="http://127.0.0.1:1/">',
        bundles=0,
    ),
    css(
        "a base moves no url inside a file",
        OPEN,
        "div{background:url(dot.gif)}",
        head='<base href="sub/">',
        files={"sub/1.css": OPEN, "sub/2.css": "div{background:url(dot.gif)}"},
        bundles=1,
    ),
    css(
        "a base moves the urls of a style element",
        elements=LINK + "<style>div{background:url(dot.gif)}</style>",
        head='<base href="sub/">',
        files={"sub/1.css": OPEN},
        bundles=1,
    ),
    css(
        "a base inside a region divides its links",
        elements=LINK + '<base href="sub/">\n<link rel="stylesheet" href="2.css">',
        files={**BASE, "1.css": OPEN},
    ),
    css(
        "a base behind a region moves the urls that a script adds",
        OPEN,
        "div{background:url(dot.gif)}",
        body='<base href="/x/"><p>One</p><div>Two</div>',
        bundles=1,
    ),
    css(
        "a policy that allows the site allows the bundle",
        OPEN,
        GREEN,
        headers=((POLICY, "style-src 'self'"),),
        bundles=1,
    ),
    css(
        "a policy that allows no sheet blocks them all",
        OPEN,
        GREEN,
        head="<style>p{color:lime}</style>",
        headers=((POLICY, "style-src 'none'"),),
        bundles=0,
    ),
    css("a policy of a default blocks sheets too", OPEN, GREEN, headers=((POLICY, "default-src 'none'"),), bundles=0),
    css(
        "a policy of elements wins over that of styles",
        OPEN,
        GREEN,
        headers=((POLICY, "style-src 'self'; style-src-elem 'none'"),),
        bundles=0,
    ),
    css(
        "a policy that allows one path leaves its sheets where they are",
        OPEN,
        GREEN,
        headers=((POLICY, "style-src http://127.0.0.1:*/s/"),),
        bundles=0,
    ),
    css("a policy in a meta element counts", OPEN, GREEN, head=META.format("style-src 'none'"), bundles=0),
    css(
        "a second policy counts as well",
        OPEN,
        GREEN,
        headers=((POLICY, "style-src 'self'"), (POLICY, "style-src 'none'")),
        bundles=0,
    ),
    css(
        "two policies in one header count both",
        OPEN,
        GREEN,
        headers=((POLICY, "style-src 'self', style-src 'none'"),),
        bundles=0,
    ),
    css(
        "a style that a policy blocks stays blocked",
        elements=LINK + "<style>div{color:green}</style>",
        files={"1.css": OPEN},
        headers=((POLICY, "style-src 'self'"),),
        bundles=1,
    ),
    css(
        "a style that a policy allows by its digest stays allowed",
        elements=LINK + "<style>div{color:green}</style>",
        files={"1.css": OPEN},
        headers=((POLICY, "style-src 'self' 'sha256-wtfTOwe4bJFJBu57ikiqoNAqr9scx6cC3X2zvTgmeZ4='"),),
        bundles=1,
    ),
    css(
        "a nonce allows only its own style",
        elements=LINK + '<style nonce="a">div{color:green}</style>\n<style>i{color:green}</style>',
        files={"1.css": OPEN},
        headers=((POLICY, "style-src 'self' 'nonce-a'"),),
        bundles=1,
    ),
)
