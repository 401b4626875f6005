"""What a page says of its addresses and of what it allows holds (HTML, 4.2.3; Content Security Policy 3, 6.6)."""

from base64 import b64encode
from hashlib import sha256

from tests.behaviour.hazard import LOG, Hazard, html

FILES = {
    "1.js": "log.push('page 1'); throw new Error('one')",
    "2.js": "log.push('page 2')",
    "lib/1.js": "log.push('lib 1')",
    "lib/2.js": "log.push('lib 2')",
    "1.css": "p { color: green }",
    "2.css": "b { color: blue }",
    "lib/1.css": "p { background: url(lib1.png) }",
}
REGION = "<!-- compress js --><script src=1.js></script><script src=2.js></script><!-- endcompress -->"
INLINE = "log.push('inline')"
HASH = "'sha256-" + b64encode(sha256(INLINE.encode()).digest()).decode() + "'"


def base(claim: str, head: str, bundles: int | None = 1, region: str = REGION, after: str = "") -> Hazard:
    """Return a page with *head* before a region."""
    text = (
        f"<!DOCTYPE html>\n<html><head>{LOG}\n{head}\n{region}\n{after}</head><body><p>One <b>two</b></p></body></html>"
    )
    return html(claim, text, FILES, bundles=bundles)


def policy(
    claim: str,
    value: str,
    bundles: int | None = None,
    middle: str = "",
    markup: str = "",
    more: str = "",
    head: str = "",
) -> Hazard:
    """Return a page under the policy *value*; its own script has the nonce "n", and so may have its files."""
    log = LOG.replace("<script>", "<script nonce=n>")
    region = f"<script src=1.js {markup}></script>{middle}<script src=2.js {markup}></script>"
    text = (
        f"<!DOCTYPE html>\n<html><head><title>{claim}</title>{head}{log}</head><body><p>One <b>two</b></p>\n"
        f"<!-- compress js -->{region}<!-- endcompress --></body></html>"
    )
    headers = tuple(("Content-Security-Policy", each) for each in (value, more) if each)
    files = FILES if bundles == 1 else FILES | {"1.js": "log.push('page 1')"}
    return html(claim, text, files, bundles=bundles, headers=headers, seen=KEPT if value else "")


def style_policy(claim: str, value: str, region: str, bundles: int | None = None) -> Hazard:
    """Return a page whose region of styles is under the policy *value*."""
    text = (
        f"<!DOCTYPE html>\n<html><head><title>{claim}</title>\n"
        f"<!-- compress css -->{region}<!-- endcompress --></head>\n"
        "<body><p>One <b>two</b> <i>three</i></p></body></html>"
    )
    headers = (("Content-Security-Policy", value),)
    return html(
        claim, text, FILES, bundles=bundles, headers=headers, seen="document.querySelectorAll('[nonce]').length"
    )


KEPT = "[document.querySelectorAll('[nonce]').length, [...document.scripts].filter(script => script.text).length]"
LINKS = "<link rel=stylesheet href=1.css><link rel=stylesheet href=2.css>"

HAZARDS = (
    base("scripts are looked for where the base says", "<base href='lib/'>"),
    base("a base in capitals with spaces counts", "<BASE\nHREF=' lib/ '>"),
    base("a base with a file at its end means its folder", "<base href='lib/index.html?a/b'>"),
    base("a base that goes down and up counts", "<base href='./lib/x/../'>"),
    base("a base with a sign in numbers counts", "<base href='lib&#47;'>"),
    base("the first of two bases counts", "<base href='lib/'><base href='other/'>"),
    base("the first base with an address counts", "<base target=_self><base href='lib/'>"),
    base("a base in a comment counts for nothing", "<!-- <base href='lib/'> -->"),
    base("a base in a template counts for nothing", "<template><base href='lib/'></template>"),
    base("a base in code counts for nothing", "<script>var text = \"<base href='lib/'>\"</script>"),
    base("a base in the title counts for nothing", "<title><base href='lib/'></title>"),
    base("a base of another scheme counts for nothing", "<base href='javascript:1'>"),
    base("a base of data counts for nothing", "<base href='data:text/plain,lib/'>"),
    base("a base without an address counts for nothing", "<base target=_self>"),
    base("a base behind the scripts moves none of them", "", after="<base href='lib/'>"),
    base("a base of another host is asked for the scripts", "<base href='//127.0.0.1:1/'>", 0),
    base(
        "a base between two scripts moves the second",
        "",
        None,
        "<!-- compress js --><script src=1.js></script><base href='lib/'>"
        "<script src=2.js></script><!-- endcompress -->",
    ),
    base(
        "pictures of a stylesheet are looked for beside it and not where the base says",
        "<base href='lib/'>",
        1,
        "<!-- compress css --><link rel=stylesheet href=1.css><link rel=stylesheet href=1.css?2><!-- endcompress -->",
    ),
    base(
        "pictures of styles in the page are looked for where the base says",
        "<base href='lib/'>",
        None,
        "<!-- compress css --><style>b { background: url(inner.png) }</style>"
        "<link rel=stylesheet href=1.css><!-- endcompress -->",
    ),
    policy(
        "files of the page's own host share a bundle under a policy that allows them", "script-src 'self' 'nonce-n'", 1
    ),
    policy("a policy in capitals is a policy", "SCRIPT-SRC 'SELF' 'nonce-n'", 1),
    policy("a policy without a word on scripts forbids none", "img-src 'none'; object-src 'none'", 1),
    policy(
        "code in the page that a policy blocks stays blocked",
        "script-src 'self' 'nonce-n'",
        2,
        "<script>log.push('not this')</script>",
    ),
    policy(
        "code in the page that a policy knows by its nonce runs",
        "script-src 'self' 'nonce-n'",
        2,
        f"<script nonce=n>{INLINE}</script>",
    ),
    policy(
        "code in the page that a policy knows by its digest runs",
        f"script-src 'self' 'nonce-n' {HASH}",
        2,
        f"<script>{INLINE}</script>",
    ),
    policy("files that a policy knows by their nonce alone run", "script-src 'nonce-n'", 0, markup="nonce=n"),
    policy(
        "a file with a nonce beside files of the page's own host runs",
        "script-src 'self' 'nonce-n'",
        0,
        markup="nonce=n",
    ),
    policy(
        "files under a policy that trusts what trusted scripts load run",
        "script-src 'self' 'nonce-n' 'strict-dynamic'",
        0,
        markup="nonce=n",
    ),
    policy(
        "a policy for script elements comes before that for scripts",
        "script-src 'self' 'nonce-n'; script-src-elem 'nonce-n'",
        0,
        markup="nonce=n",
    ),
    policy("a policy for everything is one for scripts", "default-src 'nonce-n'", 0, markup="nonce=n"),
    policy("the first of two words on scripts counts", "script-src 'nonce-n'; script-src 'self'", 0, markup="nonce=n"),
    policy("a policy that allows one folder allows no other", "script-src http://127.0.0.1:*/s/ 'nonce-n'", 0),
    policy(
        "of two policies each must allow a script",
        "script-src 'self' 'nonce-n'",
        0,
        markup="nonce=n",
        more="script-src 'nonce-n'",
    ),
    policy(
        "of two policies in one line each must allow a script",
        "script-src 'self' 'nonce-n', script-src 'nonce-n'",
        0,
        markup="nonce=n",
    ),
    policy(
        "a policy in the page counts",
        "",
        0,
        markup="nonce=n",
        head="<meta http-equiv=content-security-policy content=\"script-src 'nonce-n'\">",
    ),
    policy(
        "a policy in the page and one of its answer both count",
        "script-src 'self' 'nonce-n'",
        0,
        markup="nonce=n",
        head="<meta http-equiv='Content-Security-Policy' content=\"script-src 'nonce-n'\">",
    ),
    policy(
        "a policy in a comment counts for nothing",
        "",
        1,
        head="<!-- <meta http-equiv=content-security-policy content=\"script-src 'none'\"> -->",
    ),
    style_policy(
        "stylesheets that a policy knows by their nonce apply",
        "style-src 'nonce-n'",
        LINKS.replace("<link", "<link nonce=n"),
        0,
    ),
    style_policy(
        "styles in the page that a policy blocks stay blocked",
        "style-src 'self'",
        LINKS.replace("><", "><style>i { color: red }</style><"),
        2,
    ),
    style_policy(
        "styles in the page that a policy knows by their nonce apply",
        "style-src 'self' 'nonce-n'",
        LINKS.replace("><", "><style nonce=n>i { color: red }</style><"),
        2,
    ),
    style_policy(
        "a policy that allows one folder of stylesheets allows no other", "style-src http://127.0.0.1:*/s/", LINKS, 0
    ),
    style_policy(
        "a policy for everything is one for stylesheets",
        "default-src 'nonce-n'",
        LINKS.replace("<link", "<link nonce=n"),
        0,
    ),
    style_policy(
        "a policy for style elements comes before that for styles",
        "style-src 'self'; style-src-elem 'nonce-n'",
        LINKS.replace("<link", "<link nonce=n"),
        0,
    ),
)
