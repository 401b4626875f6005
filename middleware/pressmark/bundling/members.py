"""The elements of a region after their sources were read: members, which may move, and elements that stay."""

import re
from dataclasses import dataclass, replace

from pressmark.bundling.bundle_recipe import Ingredient
from pressmark.bundling.candidates import TagAttrs
from pressmark.model import Asset, Element, Origin, Text
from pressmark.scripts.joining import Script
from pressmark.sourcemaps.tracked_text import compose
from pressmark.stylesheets.sheet_reading import Sheet, read_origin
from pressmark.syntax.urls import without_query
from pressmark.verdicts.placement import NO_EFFECTS, Effects, Reason

_MINIFIED = re.compile(r"[.-]min\.(?:css|js)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """An element that may join, with its source and the attributes that its neighbours must share.

    *own* are those that its script alone reads. If it *is_compiled*, no browser can read the element as it was written.
    *ingredient* says what other hosts find by the same URL, ``None`` for what only this page or its application has.
    """

    element: Element
    url: str
    asset: Asset
    source: Sheet | Script
    attrs: TagAttrs
    own: TagAttrs = ()
    is_compiled: bool = False
    ingredient: Ingredient | None = None

    @property
    def size(self) -> int:
        """The bytes of the source and of the imported sheets that are now a part of it."""
        imported = self.source.tracked.others if isinstance(self.source, Sheet) else ()
        return len(self.asset.content) + sum(len(origin.text.encode("utf-8", "replace")) for origin in imported)

    def prepared(self, *, is_last: bool, is_mixed: bool, is_traced: bool) -> Asset:
        """Return the asset as it goes into a bundle.

        That *is_mixed* if it holds both strict and sloppy scripts, or sheets of different media.
        """
        if isinstance(self.source, Sheet):
            tracked = self.source.under(self.media) if is_mixed and self.media else self.source.tracked
        else:
            tracked = self.source.form(is_last=is_last, is_mixed=is_mixed)
        trace = tracked.trace(self._origin) if is_traced else None
        if trace and self.asset.trace:  # the trace of a precompiler's source map
            trace = compose(trace, self.asset.trace)
        if trace and not self.url:  # with the page's own URL every page would have another map
            trace = replace(trace, origins=(replace(trace.origins[0], url=""), *trace.origins[1:]))
        reads = self.source.analysis.reads_functions if isinstance(self.source, Script) else None
        content = tracked.text.encode("utf-8")
        return replace(self.asset, content=content, charset="utf-8", trace=trace, reads_functions=reads)

    @property
    def media(self) -> str:
        """The media query of the element, "" if it has none."""
        return dict(self.attrs).get("media") or ""

    @property
    def is_trusted(self) -> bool:
        """Tell whether its author says that nothing looks for it."""
        return isinstance(self.source, Script) and self.source.is_trusted

    @property
    def is_minified_alone(self) -> bool:
        """Tell whether it is a file that is minified already by its name, and imports nothing."""
        is_whole = bool(self.url) and not self.is_compiled and self.size == len(self.asset.content)
        return is_whole and _MINIFIED.search(without_query(self.url)) is not None

    @property
    def _origin(self) -> Origin:
        return read_origin(self.asset) if isinstance(self.source, Sheet) else self.source.origin


@dataclass(frozen=True, slots=True)
class Stay:
    """An element that stays, and why.

    *effects* are those on later scripts, *text* is its code if that was read. One that *is_gap* parts no others.
    """

    element: Element
    reason: Reason
    url: str = ""
    size: int = 0
    effects: Effects = NO_EFFECTS
    is_gap: bool = False
    text: str = ""


Classified = Text | Member | Stay


def effects_of(piece: Classified) -> Effects:
    """Return the effects of *piece* on later scripts."""
    if isinstance(piece, Member) and isinstance(piece.source, Script):
        return piece.source.analysis.effects
    return piece.effects if isinstance(piece, Stay) else NO_EFFECTS
