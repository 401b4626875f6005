"""Read each stylesheet once per content: if it reads no other file, it depends on its own bytes and URL alone."""

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
    """The analysis of a stylesheet. Plain values, to be kept under the hash of its content.

    *spans* are those of the tracked text. *rule*, *reason* and *at* are the reason why it *stays* or, if it does not,
    why its placement is not anywhere.
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
        """The reason why the sheet stays or may not stand anywhere, ``None`` if there is none."""
        return (
            Reason(Rule(self.rule), self.reason, (self.at[0], self.at[1]) if self.at else None) if self.rule else None
        )


def read_sheet_once(asset: Asset, read: Read, analyses: Analyses, url_style: UrlStyle = PLAIN_URLS) -> Sheet:
    """Return the sheet of *asset* ready to be joined. Raises the same errors as ``read_sheet``."""
    key = key_of("sheet 3", asset.url, repr(asset.charset), repr(url_style), asset.content)
    analysis = analyses.read(key, SheetAnalysis)
    others: tuple[Origin, ...] = ()
    if analysis is None:
        other_urls: list[str] = []

        def read_other(url: str, media_type: str | None = None) -> Asset | None:
            other_urls.append(url)
            return read(url, media_type)

        analysis, others = _analyse(asset, read_other, url_style)
        if not other_urls:
            analyses.write(key, analysis)
    reason = analysis.why
    if analysis.stays and reason:
        raise UnmovableError(reason, taints_custom_properties=analysis.taints_custom_properties)
    custom_properties = CustomProperties(analysis.is_user, frozenset(analysis.defined), frozenset(analysis.loaded))
    tracked = TrackedText(analysis.text, tuple(Span(*each) for each in analysis.spans), others)
    return Sheet(tracked, Placement(analysis.placement), custom_properties, reason)


def _analyse(asset: Asset, read: Read, url_style: UrlStyle) -> tuple[SheetAnalysis, tuple[Origin, ...]]:
    """Return the analysis of *asset*, and the origins of the imported sheets that are in its text."""
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
