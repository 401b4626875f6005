"""What the page around a region makes of the region's URLs and bytes: base, encoding, policy."""

import re
from dataclasses import dataclass, replace

import webencodings

from pressmark.model import Kind, Page
from pressmark.page.elements import read_tag
from pressmark.page.lexer import BOM
from pressmark.page.nonces import STAND_IN
from pressmark.syntax.charsets import HIDES_ASCII
from pressmark.syntax.urls import clean, join, origin_of

_CHARSET = re.compile(r"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"']+))", re.IGNORECASE | re.ASCII)
_DIRECTIVES: dict[Kind, tuple[str, ...]] = {
    "css": ("style-src-elem", "style-src", "default-src"),
    "js": ("script-src-elem", "script-src", "default-src"),
}


@dataclass(frozen=True, slots=True)
class Context:
    """How to read a region.

    *base* is the URL path (or URL) that relative URLs refer to, *charset* the label of the page's encoding or
    ``None`` if nothing declares it, *mount* the application's mount point, *host* the page's own host, *policies*
    the Content Security Policies in force.
    """

    base: str
    charset: str | None
    mount: str = ""
    host: str = ""
    policies: tuple[str, ...] = ()

    @property
    def encoding(self) -> str:
        """The Python codec to read the region with."""
        found = webencodings.lookup(self.charset) if self.charset else None
        return found.codec_info.name if found else "ascii"

    def resolve(self, reference: str) -> str:
        """Return *reference* as an absolute path where it leads to the page's own host, else as a URL."""
        url = join(self.base, reference)
        origin = origin_of(url)
        is_own = self.host and origin.lower().removeprefix("http:").removeprefix("https:") == f"//{self.host.lower()}"
        return url[len(origin) :] if is_own else url


def read_context(page: Page, head: tuple[bytes, ...]) -> Context:
    """Return the context of a region of *page* that *head* came before.

    Raises RegionError for a ``<base>`` that is not in the page's encoding.
    """
    charset = "utf-8" if BOM in head else page.charset
    policies = page.policies
    for raw in head:
        attrs = read_tag(raw, "latin-1") if raw[:5].lower() == b"<meta" else {}
        if attrs.get("http-equiv", "").lower() == "content-security-policy":
            policies += (attrs.get("content", ""),)
        elif charset is None:
            charset = _declared_charset(attrs)
    # "//a" would be a host; browsers write such paths in the same way (URL standard, 4.5).
    base = f"/.{page.path}" if page.path.startswith("//") else page.path
    context = Context(base, charset, page.mount, page.host, policies)
    bases = (read_tag(raw, context.encoding) for raw in head if raw[:5].lower() == b"<base")
    reference = next((attrs["href"] for attrs in bases if "href" in attrs), "")
    if re.match("(?:data|javascript):", clean(reference), re.IGNORECASE):  # counts as none (HTML 4.2.3)
        return context
    return replace(context, base=context.resolve(reference))


def is_readable(charset: str | None) -> bool:
    """Tell whether "<" and "-" are always themselves in *charset* (Encoding standard, 4.2 and 14)."""
    found = webencodings.lookup(charset) if charset else None
    if charset is None:
        return True
    return found is not None and found.name not in (*HIDES_ASCII, "x-user-defined")


def allows_bundle(policies: tuple[str, ...], kind: Kind, public_url: str | None) -> bool:
    """Tell whether every policy surely lets the page load a generated file (CSP 3, 6.7.2).

    Only the plain cases count as sure: ``'self'`` or ``*`` among the sources, ``*`` alone for another origin.
    """
    is_ours = public_url is None or (public_url.startswith("/") and not public_url.startswith("//"))
    for policy in policies:
        for alternative in policy.split(","):
            sources = _sources(alternative, kind)
            if sources is None:
                continue
            if "'strict-dynamic'" in sources or not ("*" in sources or (is_ours and "'self'" in sources)):
                return False
    return True


def allows_nonced(policies: tuple[str, ...], kind: Kind) -> bool:
    """Tell whether every policy lets an element load that has the page's nonce, whatever it loads (CSP 3, 6.7.2.3)."""
    alternatives = [alternative for policy in policies for alternative in policy.split(",")]
    found = [_sources(alternative, kind) for alternative in alternatives]
    return all(sources is None or f"'nonce-{STAND_IN}'" in sources for sources in found)


def _sources(policy: str, kind: Kind) -> tuple[str, ...] | None:
    """Return the source list that governs *kind*, ``None`` if the policy does not limit it."""
    directives: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        words = part.lower().split()
        if words:
            directives.setdefault(words[0], tuple(words[1:]))
    return next((directives[name] for name in _DIRECTIVES[kind] if name in directives), None)


def _declared_charset(attrs: dict[str, str]) -> str | None:
    """Return the encoding that a meta element declares (HTML 13.2.3.2: UTF-16 there means UTF-8)."""
    label = attrs.get("charset")
    if label is None and attrs.get("http-equiv", "").lower() == "content-type":
        found = _CHARSET.search(attrs.get("content", ""))
        label = next(filter(None, found.groups()), None) if found else None
    found_encoding = webencodings.lookup(label) if label else None
    if found_encoding is None:
        return None
    return "utf-8" if found_encoding.name.startswith("utf-16") else found_encoding.name
