"""Policies for content, and the headers of pages (CSP3, 6.1.10; HTML, 8.1.5.2)."""

from base64 import b64encode
from hashlib import sha256

from tests.behaviour.hazard import LOG
from tests.behaviour.modules.hazard import HERE, Level, ModuleHazard, inline, modules

FILES = {
    "x.js": "log.push('x'); export const token = {}",
    "lazy.js": "import { token } from './x.js'; log.push('lazy', !!token)",
}
ONE = "import { token } from './x.js'; log.push('one', !!token)"
TWO = "import './x.js'; log.push('two'); addEventListener('load', () => import('./lazy.js'))"
# Where no code in the page may run the log is a file's, and errors are not told.
LOG_FILE = '<script src="log.js"></script>'
OUTSIDER = "import { token } from './x.js'; log.push('outsider', !!token)"


def policy(
    claim: str,
    header: str,
    level: Level | None = "linked",
    nonce: str = "",
    name: str = "Content-Security-Policy",
    outsider: str = OUTSIDER,
) -> ModuleHazard:
    """Return a page with a policy, whose elements bear *nonce* if there is one."""
    nonced = f' nonce="{nonce}"' if nonce else ""
    elements = "\n".join(f'<script type="module"{nonced} src="{number}.js"></script>' for number in (1, 2))
    after = f'<script type="module"{nonced}>{outsider}</script>' if outsider else ""
    return modules(
        claim,
        ONE,
        TWO,
        files=FILES | {"log.js": "var log = []"},
        log=LOG.replace("<script>", f"<script{nonced}>") if outsider else LOG_FILE,
        elements=elements,
        after=after,
        headers=((name, header),),
        level=level,
    )


def digest(text: str) -> str:
    """Return the source of a policy that allows this text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


LOG_TEXT = LOG.removeprefix("<script>").removesuffix("</script>")

PAGES: tuple[ModuleHazard, ...] = (
    policy("a policy with a nonce lets the page's modules run", "script-src 'nonce-abc'", nonce="abc"),
    policy(
        "a policy that trusts what is trusted", "script-src 'nonce-abc' 'strict-dynamic'; base-uri 'none'", nonce="abc"
    ),
    policy(
        "a policy that trusts what is trusted and names origins for old browsers",
        "script-src 'strict-dynamic' 'nonce-abc' 'unsafe-inline' https:; object-src 'none'",
        nonce="abc",
    ),
    policy(
        "a policy for script elements with a nonce", "script-src-elem 'nonce-abc'; script-src 'none'", None, nonce="abc"
    ),
    policy("a policy without inline scripts", "script-src 'self'", level="preload", outsider=""),
    policy("a default policy without inline scripts", "default-src 'self'", level="preload", outsider=""),
    policy("a policy with inline scripts", "script-src 'self' 'unsafe-inline'"),
    policy("a default policy with inline scripts", "default-src 'self' 'unsafe-inline'; connect-src 'none'"),
    policy(
        "a policy with digests of the page's inline scripts",
        f"script-src 'self' {digest(LOG_TEXT)} {digest(OUTSIDER)}",
        level="preload",
    ),
    policy(
        "a digest voids the word for inline scripts",
        f"script-src 'self' 'unsafe-inline' {digest(LOG_TEXT)} {digest(OUTSIDER)}",
        level="preload",
    ),
    policy(
        "two policies in one header",
        "script-src 'self' 'unsafe-inline', script-src 'self'",
        level="preload",
        outsider="",
    ),
    policy(
        "a policy that allows one folder", f"script-src 'unsafe-inline' http://127.0.0.1:*{HERE}/", level="as written"
    ),
    policy("a policy that allows one host", "script-src 'unsafe-inline' http://127.0.0.1:*", level=None),
    policy("a policy that allows nothing", "script-src 'none'", level=None, outsider=""),
    policy("a policy that asks for trusted types", "require-trusted-types-for 'script'; trusted-types 'none'"),
    policy(
        "a policy that only reports",
        "img-src 'self'; script-src 'self' 'unsafe-inline'",
        name="Content-Security-Policy-Report-Only",
    ),
    policy(
        "a policy on everything but scripts", "img-src 'none'; style-src 'none'; font-src 'none'; connect-src 'self'"
    ),
    policy("headers that isolate the page", "require-corp", name="Cross-Origin-Embedder-Policy"),
    policy("a header against guessing types", "nosniff", name="X-Content-Type-Options"),
    policy("a header against naming the page", "no-referrer", name="Referrer-Policy"),
    modules(
        "a policy in the document without inline scripts",
        ONE,
        TWO,
        files=FILES | {"log.js": "var log = []"},
        head="<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\">",
        log=LOG_FILE,
        level="preload",
    ),
    modules(
        "a policy in the document with a nonce",
        ONE,
        TWO,
        files=FILES,
        head="<meta http-equiv='Content-Security-Policy' content=\"script-src 'nonce-d+/e=='\">",
        log=LOG.replace("<script>", '<script nonce="d+/e==">'),
        elements="<script type=module nonce='d+/e==' src=1.js></script>\n"
        "<script nonce='d+/e==' type=module src=2.js></script>",
        after=inline(OUTSIDER, 'nonce="d+/e=="'),
    ),
    modules(
        "elements with different nonces keep them",
        ONE,
        TWO,
        files=FILES,
        log=LOG.replace("<script>", '<script nonce="a">'),
        elements='<script type=module nonce="a" src=1.js></script>\n<script type=module nonce="b" src=2.js></script>',
        headers=(("Content-Security-Policy", "script-src 'nonce-a' 'nonce-b'"),),
        level="as written",
    ),
    modules(
        "an element without a nonce among those with one does not run",
        ONE,
        "log.push('never'); export {}",
        files=FILES,
        log=LOG.replace("<script>", '<script nonce="a">'),
        elements='<script type=module nonce="a" src=1.js></script>\n<script type=module src=2.js></script>',
        headers=(("Content-Security-Policy", "script-src 'nonce-a'"),),
        level=None,
    ),
    modules(
        "nonces without a policy stay and are hidden",
        ONE,
        TWO,
        files=FILES,
        elements='<script type=module nonce="a" src=1.js></script>\n<script type=module nonce="a" src=2.js></script>',
        seen="[...document.querySelectorAll('script[src]')].map(e => e.nonce)",
        level=None,
    ),
)
