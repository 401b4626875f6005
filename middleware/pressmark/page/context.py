"""The context of a region: the facts of its page that bear on its URLs and bytes, such as base, encoding, policies."""

import re
from dataclasses import dataclass, replace

import webencodings

from pressmark.model import Page
from pressmark.page.elements import read_tag
from pressmark.page.lexer import BOM
from pressmark.page.named_files import name_in
from pressmark.page.preloads import is_preload
from pressmark.syntax.urls import as_asked, clean, join, origin_of

_CHARSET = re.compile(r"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"']+))", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Context:
    """The facts of a page by which a region is read.

    *base* is the URL path (or URL) that relative URLs refer to, *charset* the label of the page's encoding or
    ``None`` if nothing declares it, *mount* the application's mount point, *host* the page's own host, *policies*
    the Content Security Policies in force, *preloaded* the URLs that the page asks for by themselves, as browsers ask
    for them, each with its destination ("style"). *named* are the names of files that code before the region names.
    """

    base: str
    charset: str | None
    mount: str = ""
    host: str = ""
    policies: tuple[str, ...] = ()
    preloaded: frozenset[tuple[str, str]] = frozenset()
    named: frozenset[str] = frozenset()

    @property
    def encoding(self) -> str:
        """The Python codec to read the region with."""
        found = webencodings.lookup(self.charset) if self.charset else None
        return found.codec_info.name if found else "ascii"

    def resolve(self, reference: str) -> str:
        """Return *reference* as an absolute path if it leads to the page's own host, else as a URL."""
        url = join(self.base, reference)
        origin = origin_of(url)
        is_own = self.host and origin.lower().removeprefix("http:").removeprefix("https:") == f"//{self.host.lower()}"
        return url[len(origin) :] if is_own else url

    def preloads(self, use: str) -> frozenset[str]:
        """Return the URLs that the page preloads for the destination *use*."""
        return frozenset(url for destination, url in self.preloaded if destination == use)


def read_context(page: Page, head: tuple[bytes, ...]) -> Context:
    """Return the context of a region of *page*; *head* are the tags of the page's head before the region.

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
    host = page.host if page.host.isascii() else ""  # no browser sends any other
    context = Context(base, charset, page.mount, host, policies)
    bases = (read_tag(raw, context.encoding) for raw in head if raw[:5].lower() == b"<base")
    reference = next((attrs["href"] for attrs in bases if "href" in attrs), "")
    if not re.match("(?:data|javascript):", clean(reference), re.IGNORECASE):  # counts as none (HTML 4.2.3)
        context = replace(context, base=context.resolve(reference))
    tags = [read_tag(raw, context.encoding) for raw in (*head, *page.preloads) if is_preload(raw)]
    found = ((tag["as"], as_asked(context.resolve(tag["href"]))) for tag in tags if tag.get("href"))
    named = frozenset(name.decode("latin-1") for raw in head if (name := name_in(raw)))
    return replace(context, preloaded=frozenset(found), named=named)


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
