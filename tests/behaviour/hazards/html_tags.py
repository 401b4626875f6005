"""Tags and addresses are read as a browser reads them (HTML, 13.2.5; URL, 4.4)."""

from tests.behaviour.hazard import LOG, Hazard, html

FILES = {"1.js": "log.push(1)", "2.js": "log.push(2)", "3.js": "log.push(3)", "lib/1.js": "log.push('lib')"}


def tags(claim: str, markup: str, bundles: int | None = None, files: dict[str, str] | None = None) -> Hazard:
    """Return a page with *markup* in a region and an element behind it."""
    text = (
        f"<!DOCTYPE html>\n<html><head>{LOG}</head>\n<body>\n"
        f"<!-- compress js -->\n{markup}\n<!-- endcompress -->\n<p id=late>Late</p></body></html>\n"
    )
    return html(claim, text, FILES | (files or {}), bundles=bundles)


def address(claim: str, markup: str, files: dict[str, str] | None = None, bundles: int = 1) -> Hazard:
    """Return a page whose second script has an address written as in *markup*."""
    return tags(claim, f"<script src=3.js></script>{markup}", bundles, files)


LATE = {"1.js": "log.push(!!document.getElementById('late'))"}

HAZARDS = (
    tags("tags in capitals are tags", "<SCRIPT SRC='1.js' DEFER></SCRIPT>", 1, LATE),
    tags("slashes part attributes", "<script/defer/src='1.js'></script>", 1, LATE),
    tags("line ends and form feeds part attributes", "<script\nsrc='1.js'\f\tdefer\r\n></script>", 1, LATE),
    tags("an attribute may have a value that means nothing", "<script src='1.js' defer=false></script>", 1, LATE),
    tags("attributes need no space between them", "<script src='1.js'defer></script>", 1, LATE),
    address("an address may stand apart from its sign", "<script src = '1.js' ></script>"),
    address("an address may have a sign in numbers", "<script src='1&#46;js'></script>"),
    address("an address may have a sign in hexadecimal numbers", "<script src='&#x31;.js'></script>"),
    address(
        "an address may have a sign by its name", "<script src='a&amp;b.js'></script>", {"a&b.js": "log.push('&')"}
    ),
    address(
        "an ampersand and letters in an address may be no sign",
        "<script src='a&ampb.js?x'></script>",
        {"a&ampb.js": "log.push('no')"},
        1,
    ),
    address(
        "an address may have a sign by its name between its queries",
        "<script src='1.js?a=1&amp;b=2'></script>\n<script src='x/../2.js'></script>",
    ),
    address("an address may have spaces around it", "<script src=' 1.js\n'></script>"),
    address("an address may have line ends in it", "<script src='1\n.\tjs'></script>"),
    address("an address may lean the other way", "<script src='lib\\1.js'></script>"),
    address("an address may go down and up again", "<script src='x/../lib/./1.js'></script>"),
    address("an address may go beyond the top", "<script src='../../../../lib/1.js' onerror='log.push(0)'></script>"),
    address("an address may have signs in percent", "<script src='%31.js'></script>"),
    address("an address may have a place in the file", "<script src='1.js#part'></script>"),
    address("an address may have dots in percent", "<script src='lib/%2e%2e/1.js'></script>"),
    tags(
        "the first of two types of a script counts",
        "<script type='text/plain' type='' src=1.js></script><script src=2.js></script>",
        1,
    ),
    tags(
        "the first of two addresses of a script counts",
        "<script data-a src=1.js src=2.js onload='log.push(9)'></script><script src=3.js></script>",
        1,
    ),
    tags("a slash does not end a script", "<script src='1.js'/><script src='2.js'></script>"),
    tags(
        "a slash after an unquoted address is part of it",
        "<script src=2.js defer=/></script><script src=3.js></script>",
        2,
    ),
    tags("an end tag may have spaces", "<script src='1.js'></script\n><script src='2.js'></script >", 1),
    tags("an end tag may have attributes", "<script src='1.js'></script a='>'><script src='2.js'></script/>"),
    tags(
        "an end tag of another name ends no script",
        "<script>log.push('</scripts>', '</ script>')</script><script src='1.js'></script>",
        1,
    ),
    tags(
        "a sign in an attribute ends no tag",
        "<script title='a > b' src='1.js'></script><script src='2.js'></script>",
        1,
    ),
    tags(
        "code that hides its end goes on",
        "<script>log.push('<!-- <script>'); log.push('</script> -->')</script><script src='1.js'></script>",
    ),
    tags(
        "code in an old hiding comment runs",
        "<script><!--\nlog.push('old')\n//--></script><script src='1.js'></script>",
        1,
    ),
    tags(
        "an address without quotes ends at a space",
        "<script src=1.js?a=1&b=2/c defer></script><script src=2.js defer></script>",
        1,
        LATE,
    ),
    tags(
        "an address with a quote inside is no address of ours", '<script src=1.js"></script><script src=2.js></script>'
    ),
    tags(
        "an attribute that begins with a sign is one",
        "<script =src=1.js src='2.js'></script><script src=3.js></script>",
    ),
    tags("a doubled tag sign is text", "<<script src=1.js></script><script src=2.js></script>"),
    tags("a tag that never ends is none", "<script src=1.js></script><p title='"),
    tags("a script that never ends never runs", "<script src=1.js></script><script src=2.js>"),
    tags(
        "the end of a script that was never open is nothing",
        "</script></p><script src=1.js></script><script src=2.js></script>",
        1,
    ),
    tags(
        "a bogus comment between scripts is no text",
        "<script src=1.js></script><!x><?y></ z><script src=2.js></script>text",
    ),
    tags(
        "a stylesheet among the scripts stays one",
        "<script src=1.js></script><link rel=stylesheet href=a.css><script src=2.js></script>",
        2,
        {"a.css": "p { color: green }"},
    ),
)
