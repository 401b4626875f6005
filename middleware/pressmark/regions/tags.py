"""Write the tag of a group: an element that loads its bundle, or one that holds the bundle's text."""

from dataclasses import dataclass, replace

from pressmark.bundling.inline import inlined
from pressmark.model import Bundle, Group, Region
from pressmark.page.context import Context
from pressmark.page.markup import inline_for, integrity_of, link_for, preload_for, tag_for
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason


@dataclass(frozen=True, slots=True)
class Tag:
    """An element as it stands in the page. *url* is that of the file that it loads, ``None`` if it holds the text.

    *link* is the value of a Link header that asks for the same file, if there may be one.
    """

    markup: bytes
    url: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """Writes tags for bundles that are served below *public_url* or, if that is ``None``, *endpoint*.

    Without *has_names* a region's name is not put before the hash: published files have no such names.
    """

    endpoint: str
    public_url: str | None
    has_integrity: bool = False
    has_names: bool = True

    @property
    def key(self) -> str:
        """All that tags depend on, but for the page and the bundle."""
        return f"{self.endpoint} {self.public_url} {self.has_integrity} {self.has_names}"

    @property
    def local(self) -> "Tags":
        """The same tags for bundles that the endpoint serves."""
        return replace(self, public_url=None)

    def loading(self, region: Region, context: Context, group: Group, bundle: Bundle) -> Tag:
        """Return the tag that loads *bundle*, with the gaps and placeholders of *group* around it."""
        label = f"{region.name}." if region.name and self.has_names else ""
        prefix = self.public_url or context.mount + self.endpoint
        url = f"{prefix}{group.kind}/{label}{bundle.name}.{group.kind}"
        attrs = (*group.attrs, *(integrity_of(bundle.content) if self.has_integrity else ()))
        markup = tag_for(group.kind, url, attrs)
        if region.mode == "preload":
            markup = preload_for(group.kind, url, attrs) + markup
        raw = markup.encode(context.encoding, "xmlcharrefreplace")
        return Tag(group.before + raw + group.after, url, link_for(group.kind, url, attrs))

    def holding(self, context: Context, group: Group, bundle: Bundle) -> Tag | Reason:
        """Return the element that holds the text of *bundle*, or the reason why it cannot be held."""
        text = inlined(group.kind, bundle.content.decode("utf-8"))
        if ("defer", None) in group.attrs:
            return Reason(Rule.INLINE, "would not be deferred inside the page")
        if text is None:
            return Reason(Rule.INLINE, "would mean something else inside the page")
        try:
            raw = inline_for(group.kind, text, group.attrs).encode(context.encoding)
        except UnicodeEncodeError:
            return Reason(Rule.INLINE, f"has characters that the page's encoding {context.charset} lacks")
        return Tag(group.before + raw + group.after)
