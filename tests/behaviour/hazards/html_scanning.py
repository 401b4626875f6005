"""A region is what a browser's parser sees between two comments (HTML, 13.2.5 and 13.2.6)."""

from tests.behaviour.hazard import LOG, Hazard, html

FILES = {"1.js": "log.push(1); throw new Error('one')", "2.js": "log.push(2)"}
TAGS = "<script src=1.js></script><script src=2.js></script>"
SHOWN = f"<!-- compress js-->{TAGS}<!-- endcompress -->"
REGION = f"<!-- compress js -->{TAGS}<!-- endcompress -->"


def page(claim: str, body: str, seen: str = "", bundles: int | None = None, head: str = "") -> Hazard:
    """Return a page with *body*, whose scripts write to "log"; the first of two throws."""
    text = f"<!DOCTYPE html>\n<html><head>{LOG}{head}</head>\n<body>\n{body}\n</body></html>\n"
    return html(claim, text, FILES, seen=seen, bundles=bundles)


def no_region(claim: str, body: str, seen: str = "") -> Hazard:
    """Return a page in whose *body* nothing is a region."""
    return page(claim, body, seen, bundles=0)


HAZARDS = (
    no_region("markers in a text field are text", f"<textarea cols=60>{SHOWN}</textarea>"),
    page("markers in the title are text", "<p>One</p>", "document.title", 0, f"<title>{SHOWN}</title>"),
    no_region("markers in an example are text", f"<xmp>{SHOWN}</xmp>"),
    no_region(
        "markers in a frame's fallback are text",
        f"<iframe hidden>{SHOWN}</iframe>",
        "document.querySelector('iframe').textContent",
    ),
    no_region(
        "markers in what browsers without plug-ins show are text",
        f"<noembed>{SHOWN}</noembed>",
        "document.querySelector('noembed')?.textContent",
    ),
    no_region(
        "markers in what browsers without scripts show are text",
        f"<noscript>{SHOWN}</noscript>",
        "document.querySelector('noscript')?.textContent",
    ),
    no_region("markers in plain text to the end are text", f"<plaintext>{SHOWN}"),
    no_region(
        "markers in a stylesheet are text",
        f"<style>p {{ color: green }} /* {SHOWN} */</style>",
        "document.querySelector('style')?.textContent",
    ),
    no_region("markers in an attribute are text", f"<p title='{SHOWN}'>One</p>"),
    no_region(
        "markers in an attribute without spaces are text",
        "<p title='<!--compress js-->'>One</p><p class='<!--endcompress-->'>Two</p>" + TAGS,
    ),
    no_region(
        "markers in a template stay in it",
        f"<template>{SHOWN}</template>",
        "document.querySelector('template').innerHTML",
    ),
    no_region("markers in a drawing stay in it", f"<svg width=9 height=9><g>{SHOWN}</g></svg>"),
    no_region("markers in a data section of a drawing are text", f"<svg><text><![CDATA[{SHOWN}]]></text></svg>"),
    no_region("markers in a comment are none", f"<!-- example: {SHOWN} -->"),
    no_region("markers in a conditional comment are none", f"<!--[if IE]>{SHOWN}<![endif]-->"),
    no_region(
        "markers in code are text", "<script>log.push('<!-- compress js-->', '<p>', '<!-- endcompress -->')</script>"
    ),
    no_region(
        "markers in code that hides its end are text",
        "<script><!-- <script> </script> <!-- compress js-->\nlog.push('<!-- endcompress -->') // </script>\nend",
    ),
    no_region("a marker with other words is none", f"<!-- compress js on this page -->{TAGS}<!-- endcompress -->"),
    no_region("a marker with a full stop is none", f"<!-- compress js. -->{TAGS}<!-- endcompress -->"),
    no_region("a marker of two kinds is none", f"<!-- compress js css -->{TAGS}<!-- endcompress css js -->"),
    no_region("an end marker with other words is none", f"<!-- compress js -->{TAGS}<!-- endcompress here -->"),
    no_region("an end marker of the other kind ends no region", f"<!-- compress js -->{TAGS}<!-- endcompress css -->"),
    no_region("a region within a region is none", f"<!-- compress js -->{REGION}<!-- endcompress -->"),
    no_region("a region that begins twice is none", f"<!-- compress js --><p>between</p>{REGION}"),
    no_region("a region of styles that holds one of scripts is none", f"<!-- compress css --><i>x</i>{REGION}"),
    page(
        "a region of the other kind leaves scripts where they are",
        f"<!-- compress css -->{TAGS}<!-- endcompress -->",
        bundles=0,
    ),
    page(
        "a region in preformatted text keeps its lines",
        f"<pre>one\n  <!-- compress js -->\n {TAGS}\n<!-- endcompress -->\n two</pre>",
        bundles=1,
    ),
    page(
        "a region at the start of preformatted text keeps its line",
        f"<pre><!-- compress js -->\n{TAGS}<!-- endcompress -->one</pre>",
    ),
    page(
        "a region at the start of a listing keeps its line",
        f"<listing><!-- compress js -->\n\n{TAGS}<!-- endcompress -->one</listing>",
    ),
    page(
        "words around a region stay apart",
        f"<b>one</b><!-- compress js -->\n{TAGS}<!-- endcompress --><i>two</i>",
        bundles=1,
    ),
    page("words around a region stay together", f"<p>one{REGION}two</p>", bundles=1),
    page(
        "space between scripts parts words",
        "<p>one<!-- compress js --><script src=1.js></script> <script src=2.js></script><!-- endcompress -->two</p>",
        bundles=1,
    ),
    page(
        "text in a region stays between its scripts",
        "<!-- compress js --><script src=1.js></script> and <script src=2.js></script><!-- endcompress -->",
        bundles=2,
    ),
    page(
        "elements in a region stay in it",
        "<!-- compress js --><h2>Code</h2><script src=1.js></script><hr>"
        "<script src=2.js></script><p>End</p><!-- endcompress -->",
        bundles=2,
    ),
    page(
        "a region may reach from one element into the next",
        "<div id=a><!-- compress js --><script src=1.js></script></div>"
        "<div id=b><script src=2.js></script><!-- endcompress --></div>",
        bundles=2,
    ),
    page(
        "a region may reach into an open element",
        "<!-- compress js --><div class=a><script src=1.js></script>"
        "<p><script src=2.js></script><!-- endcompress -->text</p></div>",
        bundles=2,
    ),
    page("a region in a list stays in its place", f"<ul><li>one</li>{REGION}<li>two</li></ul>", bundles=1),
    page("a region in a table stays in its place", f"<table>{REGION}<tr><td>cell</td></tr></table>"),
    page("a region in a choice stays in its place", f"<select>{REGION}<option>one</option></select>"),
    page("a region behind the body runs", f"</body>{REGION}", bundles=1),
    page("a region behind everything runs", f"</body></html>\n{REGION}", bundles=1),
    page("a region in the head runs before there is a body", "<p>One</p>", head=REGION, bundles=1),
    html(
        "a region may reach from the head into the body",
        f"<!DOCTYPE html><html><head>{LOG}<!-- compress js --><script src=1.js></script></head>\n"
        "<body class=page><script src=2.js></script><!-- endcompress --><p>One</p></body></html>",
        FILES,
        bundles=2,
    ),
    html("a page without any other tags has regions", f"{LOG}{REGION}<p>One", FILES, bundles=1),
    html(
        "a page with a mark at its start has regions",
        f"\ufeff<!DOCTYPE html>{LOG}<p>\xe9</p>{REGION}",
        FILES,
        bundles=1,
        content_type="text/html",
    ),
    html(
        "a page whose marks of comment are letters has no region",
        f"<!DOCTYPE html>{LOG}<p>".encode()
        + b"\x1b$B<!--compress js-->"
        + TAGS.encode()
        + b"<!--endcompress-->\x1b(B</p>",
        FILES,
        bundles=0,
        content_type="text/html; charset=iso-2022-jp",
    ),
    html(
        "bytes that are no letters stay in a page",
        f"<!DOCTYPE html>{LOG}".encode() + b"<p>a\xffb\xe9</p>" + REGION.encode() + b"<p>\xc3</p>",
        FILES,
        bundles=1,
    ),
    html(
        "letters whose second byte looks like a sign stay in a page",
        f"<!DOCTYPE html>{LOG}<p>\u8868\u30bd</p>{REGION}<p title='\u8868'>\u80fd</p>".encode("shift_jis"),
        FILES,
        bundles=1,
        content_type="text/html; charset=shift_jis",
    ),
    page(
        "a comment that speaks of compressing stays in a region",
        f"<!-- compress js --><!-- compress notes -->{TAGS}<!-- endcompress -->",
        "[...document.body.childNodes].filter(node => node.data === ' compress notes ').length",
        bundles=1,
    ),
    page(
        "comments of a template language stay in a region",
        f"<!-- compress js --><!-- ko if: open -->{TAGS}<!-- /ko --><!-- endcompress -->",
        "[...document.body.childNodes].filter(node => /ko/.test(node.data)).length",
        bundles=1,
    ),
    page(
        "a comment with a bang at its end is a marker",
        f"<!-- compress js --!>{TAGS}<!-- endcompress --!><p>One</p>",
        bundles=1,
    ),
)
