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
from pressmark.verdicts.placement import Placement, Reason, UnmovableError


@dataclass(frozen=True, slots=True)
class SheetAnalysis:
    """The analysis of a stylesheet. Plain values, to be kept under the hash of its content.

    *spans* are those of the tracked text. *reason* is why it *stays* or, if it does not, why its placement is not
    anywhere.
    """

    stays: bool
    text: str = ""
    spans: Sequence[Sequence[int]] = ()
    placement: Placement = Placement.ANYWHERE
    is_user: bool = False
    defined: Sequence[str] = ()
    loaded: Sequence[str] = ()
    taints_custom_properties: bool = False
    reason: Reason | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "placement", Placement(self.placement))
        object.__setattr__(self, "reason", Reason.read(self.reason))


def read_sheet_once(asset: Asset, read: Read, analyses: Analyses, url_style: UrlStyle = PLAIN_URLS) -> Sheet:
    """Return the sheet of *asset* ready to be joined. Raises the same errors as ``read_sheet``."""
    key = key_of("sheet 6", asset.url, repr(asset.charset), url_style.key, asset.content)
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
    if analysis.stays and analysis.reason:
        raise UnmovableError(analysis.reason, taints_custom_properties=analysis.taints_custom_properties)
    custom_properties = CustomProperties(analysis.is_user, frozenset(analysis.defined), frozenset(analysis.loaded))
    tracked = TrackedText(analysis.text, tuple(Span(*each) for each in analysis.spans), others)
    return Sheet(tracked, analysis.placement, custom_properties, analysis.reason)


def _analyse(asset: Asset, read: Read, url_style: UrlStyle) -> tuple[SheetAnalysis, tuple[Origin, ...]]:
    """Return the analysis of *asset*, and the origins of the imported sheets that are in its text."""
    try:
        sheet = read_sheet(asset, read, url_style)
    except UnmovableError as error:
        return SheetAnalysis(True, taints_custom_properties=error.taints_custom_properties, reason=error.reason), ()
    custom_properties = sheet.custom_properties
    analysis = SheetAnalysis(
        False,
        sheet.text,
        sheet.tracked.spans,
        sheet.placement,
        custom_properties.is_user,
        sorted(custom_properties.defined),
        sorted(custom_properties.loaded),
        reason=sheet.reason,
    )
    return analysis, sheet.tracked.others
