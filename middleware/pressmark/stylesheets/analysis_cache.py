"""Read each stylesheet once per content: what reads no other file depends on nothing but its own bytes and URL."""

from collections.abc import Sequence
from dataclasses import dataclass

from pressmark.model import Asset, Origin, Span
from pressmark.protocols import Read
from pressmark.sourcemaps.tracked_text import TrackedText
from pressmark.stylesheets.custom_properties import CustomProperties
from pressmark.stylesheets.sheet_reading import Sheet, read_sheet
from pressmark.stylesheets.url_style import PLAIN_URLS, UrlStyle
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Placement, Reason, UnmovableError


@dataclass(frozen=True, slots=True)
class SheetAnalysis:
    """What was found out about a stylesheet. Plain values, to be kept under the hash of its content.

    *spans* say where the text comes from. *rule*, *reason* and *at* say why it *stays* or, where it does not, why
    it may not stand anywhere.
    """

    stays: bool
    text: str = ""
    spans: Sequence[Sequence[int]] = ()
    placement: int = Placement.ANYWHERE
    is_user: bool = False
    defined: Sequence[str] = ()
    loaded: Sequence[str] = ()
    taints_custom_properties: bool = False
    rule: str = ""
    reason: str = ""
    at: Sequence[int] = ()

    @property
    def why(self) -> Reason | None:
        """Why the sheet stays or may not stand anywhere, if so."""
        return (
            Reason(Rule(self.rule), self.reason, (self.at[0], self.at[1]) if self.at else None) if self.rule else None
        )


def read_sheet_once(asset: Asset, read: Read, analyses: Analyses, url_style: UrlStyle = PLAIN_URLS) -> Sheet:
    """Return *asset* ready to be joined. Raises what ``read_sheet`` raises."""
    key = key_of("sheet 3", asset.url, repr(asset.charset), repr(url_style), asset.content)
    analysis = analyses.read(key, SheetAnalysis)
    others: tuple[Origin, ...] = ()
    if analysis is None:
        asked: list[str] = []

        def read_other(url: str, media_type: str | None = None) -> Asset | None:
            asked.append(url)
            return read(url, media_type)

        analysis, others = _analyse(asset, read_other, url_style)
        if not asked:
            analyses.write(key, analysis)
    reason = analysis.why
    if analysis.stays and reason:
        raise UnmovableError(reason, taints_custom_properties=analysis.taints_custom_properties)
    custom_properties = CustomProperties(analysis.is_user, frozenset(analysis.defined), frozenset(analysis.loaded))
    tracked = TrackedText(analysis.text, tuple(Span(*each) for each in analysis.spans), others)
    return Sheet(tracked, Placement(analysis.placement), custom_properties, reason)


def _analyse(asset: Asset, read: Read, url_style: UrlStyle) -> tuple[SheetAnalysis, tuple[Origin, ...]]:
    """Return what was found out, and what the imports say that are in the text."""
    try:
        sheet = read_sheet(asset, read, url_style)
    except UnmovableError as error:
        reason, taints = error.reason, error.taints_custom_properties
        stays = SheetAnalysis(
            True, rule=reason.rule, reason=reason.text, at=reason.at or (), taints_custom_properties=taints
        )
        return stays, ()
    why, custom_properties = sheet.reason, sheet.custom_properties
    analysis = SheetAnalysis(
        False,
        sheet.text,
        sheet.tracked.spans,
        sheet.placement,
        custom_properties.is_user,
        sorted(custom_properties.defined),
        sorted(custom_properties.loaded),
        rule=why.rule if why else "",
        reason=why.text if why else "",
        at=why.at or () if why else (),
    )
    return analysis, sheet.tracked.others
