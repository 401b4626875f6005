"""Write the tag of a group: an element that loads its bundle, or one that holds the bundle's text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pressmark.bundling.attributes import OF_REQUESTS
from pressmark.bundling.candidates import TagAttrs
from pressmark.bundling.inline import inlined
from pressmark.model import Bundle, Group, Region
from pressmark.page.context import Context
from pressmark.page.markup import (
    import_map_for,
    inline_for,
    link_for,
    module_preload_for,
    preload_for,
    tag_for,
    with_attribute,
)
from pressmark.regions.record import Loading, ModuleHead
from pressmark.regions.signed_recipes import SignedRecipes
from pressmark.syntax.urls import origin_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason

_OF_FILES = OF_REQUESTS | {"integrity"}


@dataclass(frozen=True, slots=True)
class Tag:
    """An element that loads the file at *url*, as it stands in the page.

    *link* is the value of a Link header that asks for the same file, if there may be one.
    """

    markup: bytes
    url: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Tags:
    """Writes tags for bundles that are served below *public_url* or, if that is ``None``, *endpoint*.

    Without *has_names* a region's name is not put before the hash: published files have no such names. *recipes* sign
    what URLs carry.
    """

    endpoint: str
    public_url: str | None
    has_integrity: bool = False
    has_names: bool = True
    recipes: SignedRecipes | None = None

    @property
    def local(self) -> "Tags":
        """The same tags for bundles that the endpoint serves."""
        return replace(self, public_url=None)

    def loading(self, region: Region, context: Context, part: Loading) -> Tag:
        """Return the tag that loads a bundle, with the gaps and placeholders around it."""
        label = f"{region.name}." if region.name and self.has_names else ""
        prefix = self.public_url or context.mount + self.endpoint
        token = self.recipes.token(part.kind, part.name, part.recipe) if self.recipes is not None else ""
        recipe = f"~{token}" if token else ""
        url = f"{prefix}{part.kind}/{label}{part.name}{recipe}.{part.kind}"
        attrs = self._attrs(part)
        markup = tag_for(part.kind, url, attrs)
        if region.mode == "preload":
            markup = preload_for(part.kind, url, attrs) + markup
        raw = markup.encode(context.encoding, "xmlcharrefreplace")
        return Tag(part.before + raw + part.after, url, link_for(part.kind, url, attrs))

    def module_tag(self, context: Context, raw: bytes, target: str, hashes: Mapping[str, str]) -> bytes:
        """Return the element *raw* of a module with the address of *target*."""
        changed = with_attribute(raw, b"src", self.module_url(context, target))
        if self.has_integrity and target in hashes:
            start = changed[: len(b"<script")]
            return start + f' integrity="{hashes[target]}"'.encode("ascii") + changed[len(start) :]
        return changed

    def module_head(self, context: Context, head: ModuleHead) -> bytes:
        """Return the import map of a page, and the elements that ask for its modules."""
        nonce: TagAttrs = (("nonce", head.nonce),) if head.nonce is not None else ()
        written = [import_map_for(self._import_map(context, head), nonce)] if head.table else []
        for each in head.preloads:
            url = each if head.are_own else self.module_url(context, each)
            checked = (("integrity", head.hashes[each]),) if self.has_integrity and each in head.hashes else ()
            written.append(module_preload_for(url, (*checked, *nonce)))
        return "".join(written).encode(context.encoding, "xmlcharrefreplace")

    def _import_map(self, context: Context, head: ModuleHead) -> str:
        table = json.loads(head.table)
        for names in (table.get("imports", {}), *table.get("scopes", {}).values()):
            names |= {
                key: self.module_url(context, value[0]) for key, value in names.items() if isinstance(value, list)
            }
        if self.has_integrity and head.hashes:
            urls = {self.module_url(context, target): found for target, found in head.hashes.items()}
            table["integrity"] = {**table.get("integrity", {}), **urls}
        return json.dumps(table, separators=(",", ":")).replace("<", "\\u003c")

    def module_url(self, context: Context, target: str) -> str:
        """Return the address of a module at *target*, below the folder of scripts."""
        return f"{self.public_url or context.mount + self.endpoint}js/{target}"

    def _attrs(self, part: Loading) -> TagAttrs:
        """Return the attributes of a tag, without those that a bundle on this host has no use for, or must not have."""
        has_integrity = self.has_integrity or ("integrity", "") in part.attrs
        dropped = {"integrity", "crossorigin"} if has_integrity or origin_of(self.public_url or "") else set()
        checked = (("integrity", part.integrity), ("crossorigin", "anonymous")) if has_integrity else ()
        return (*(pair for pair in part.attrs if pair[0] not in dropped), *checked)

    def holding(self, context: Context, group: Group, bundle: Bundle) -> bytes | Reason:
        """Return the element that holds the text of *bundle*, or the reason why it cannot be held."""
        text = inlined(group.kind, bundle.content.decode("utf-8"))
        if ("defer", None) in group.attrs:
            return Reason(Rule.INLINE, "would not be deferred inside the page")
        if text is None:
            return Reason(Rule.INLINE, "would mean something else inside the page")
        try:
            attrs = tuple(pair for pair in group.attrs if pair[0] not in _OF_FILES)
            raw = inline_for(group.kind, text, attrs).encode(context.encoding)
        except UnicodeEncodeError:
            return Reason(Rule.INLINE, f"has characters that the page's encoding {context.charset} lacks")
        return group.before + raw + group.after
