"""Substitute the texts of one response that no bundle depends on, and count the changes that its regions make.

A nonce and the data in a script of JSON may be new in each response. While a region is looked up, planned and built it
holds stand-ins for them; they come back into the HTML that leaves.
"""

from hashlib import sha256
from typing import NamedTuple

from pressmark.model import Page, Region, Rendered
from pressmark.page.data_blocks import data_put_back, data_taken_out
from pressmark.page.nonces import nonce_of, page_for, restored, stood_in


class Waiting(NamedTuple):
    """A region of several with modules, for which *place* of what is held is kept free."""

    place: int
    region: Region
    rendered: Rendered
    seconds: float
    texts: tuple[bytes, ...]


class Substitution:
    """The regions of one page and their HTML. *page* has a stand-in for its nonce from the first region with one on."""

    __slots__ = ("_nonce", "_rendered", "_replacements", "_texts", "growth", "is_changed", "links", "page", "waits")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.growth = 0  # bytes by which the page is longer now
        self.is_changed = False
        self.links: dict[str, None] = {}  # each but once, in their order
        self.waits: list[tuple[Region, float]] = []  # each region, with the seconds that the page has waited for it
        self._nonce = b""
        self._texts: tuple[bytes, ...] = ()  # of the data blocks of the region taken out last
        self._replacements: list[bytes] = []
        self._rendered: list[Rendered] = []

    @property
    def has_regions(self) -> bool:
        """Tell whether a region or a flawed marker has been put back, changed or not."""
        return bool(self._replacements)

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that have been put back, with their stand-ins."""
        return tuple(region for region, _ in self.waits)

    @property
    def sheets(self) -> dict[str, tuple[str, ...]]:
        """The names of the stylesheets that were put into the page, with the elements whose white space they show."""
        return {name: each.shown for each in self._rendered for kind, name in each.files if kind == "css"}

    def take_out(self, region: Region) -> Region:
        """Return *region* with stand-ins; the page's nonce is that of its first region that has one."""
        nonce = nonce_of(region)
        if nonce and not self._nonce:
            self._nonce, self.page = nonce, page_for(self.page, nonce)
        if nonce and nonce == self._nonce:
            region = stood_in(region, nonce)
        region, self._texts = data_taken_out(region)
        return region

    def foreseen(self, region: Region) -> Region | None:
        """Return what a later *region* will be when it is taken out, ``None`` if that is not known yet."""
        nonce = nonce_of(region)
        if nonce and not self._nonce:
            return None
        return data_taken_out(stood_in(region, nonce) if nonce and nonce == self._nonce else region)[0]

    @property
    def taken_out(self) -> tuple[bytes, ...]:
        """The texts of the region that was taken out last."""
        return self._texts

    def put_back_together(self, held: list[bytes], regions: list[Waiting]) -> bool:
        """Put *regions* with modules back into what is *held*: all as they were written if they do not agree.

        A module that has two addresses in a page would run twice. Tells whether they agree.
        """
        do_agree = len({each.rendered.modules for each in regions}) == 1
        for each in regions:
            self._texts = each.texts
            rendered = each.rendered if do_agree else Rendered(each.region.raw)
            held[each.place] = self.put_back(each.region, rendered, each.seconds)
        return do_agree

    def put_back(self, region: Region, rendered: Rendered, seconds: float = 0.0) -> bytes:
        """Return the HTML that replaces *region*, with its own texts; the page has waited *seconds* for it."""
        self.waits.append((region, seconds))
        self._rendered.append(rendered)
        if rendered.links:
            self.links.update(dict.fromkeys(rendered.links))
        html, raw = rendered.html, region.raw
        if self._nonce:
            html, raw = restored(html, self._nonce), restored(raw, self._nonce)
        if self._texts:
            html, raw = data_put_back(html, self._texts), data_put_back(raw, self._texts)
        return self.replace(raw, html)

    def replace(self, raw: bytes, html: bytes) -> bytes:
        """Return *html*, counted as the replacement of *raw*."""
        if html != raw:
            self.is_changed = True
            self.growth += len(html) - len(raw)
        self._replacements.append(html)
        return html

    def digest(self) -> str:
        """Return 16 hexadecimal digits that change with the HTML that was put into the page."""
        digest = sha256()
        for html in self._replacements:
            digest.update(b"%d:" % len(html) + html)
        return digest.hexdigest()[:16]
