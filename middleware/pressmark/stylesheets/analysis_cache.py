"""Read each stylesheet once per content: what reads no other file depends on nothing but its own bytes and URL."""

from collections.abc import Sequence
from dataclasses import dataclass

from pressmark.model import Asset, Origin, Stretch
from pressmark.protocols import Read
from pressmark.sourcemaps.tracked_text import Woven
from pressmark.stylesheets.custom_properties import Variables
from pressmark.stylesheets.sheet_reading import Sheet, read_sheet
from pressmark.stylesheets.url_style import PLAIN_ADDRESSES, Addresses
from pressmark.verdicts.analyses import Verdicts, key_of
from pressmark.verdicts.placement import Place, Reason, UnmovableError


@dataclass(frozen=True, slots=True)
class SheetVerdict:
    """What was found out about a stylesheet. Plain values, to be kept under the hash of its content.

    *stretches* say where the text comes from. *rule*, *reason* and *at* say why it *stays* or, where it does not, why
    it may not stand anywhere.
    """

    stays: bool
    text: str = ""
    stretches: Sequence[Sequence[int]] = ()
    place: int = Place.ANYWHERE
    is_user: bool = False
    defined: Sequence[str] = ()
    loaded: Sequence[str] = ()
    taints_variables: bool = False
    rule: str = ""
    reason: str = ""
    at: Sequence[int] = ()

    @property
    def why(self) -> Reason | None:
        """Why the sheet stays or may not stand anywhere, if so."""
        return Reason(self.rule, self.reason, (self.at[0], self.at[1]) if self.at else None) if self.rule else None


def read_sheet_once(asset: Asset, read: Read, verdicts: Verdicts, addresses: Addresses = PLAIN_ADDRESSES) -> Sheet:
    """Return *asset* ready to be joined. Raises what ``read_sheet`` raises."""
    key = key_of("sheet 2", asset.url, repr(asset.charset), repr(addresses), asset.content)
    verdict = verdicts.recall(key, SheetVerdict)
    others: tuple[Origin, ...] = ()
    if verdict is None:
        asked: list[str] = []

        def read_other(url: str, media_type: str | None = None) -> Asset | None:
            asked.append(url)
            return read(url, media_type)

        verdict, others = _judge(asset, read_other, addresses)
        if not asked:
            verdicts.keep(key, verdict)
    reason = verdict.why
    if verdict.stays and reason:
        raise UnmovableError(reason, taints_variables=verdict.taints_variables)
    variables = Variables(verdict.is_user, frozenset(verdict.defined), frozenset(verdict.loaded))
    woven = Woven(verdict.text, tuple(Stretch(*each) for each in verdict.stretches), others)
    return Sheet(woven, Place(verdict.place), variables, reason)


def _judge(asset: Asset, read: Read, addresses: Addresses) -> tuple[SheetVerdict, tuple[Origin, ...]]:
    """Return what was found out, and what the imports say that are in the text."""
    try:
        sheet = read_sheet(asset, read, addresses)
    except UnmovableError as error:
        why, taints = error.reason, error.taints_variables
        return SheetVerdict(True, rule=why.rule, reason=why.text, at=why.at or (), taints_variables=taints), ()
    why, variables = sheet.reason or Reason("", ""), sheet.variables
    verdict = SheetVerdict(
        False,
        sheet.text,
        sheet.woven.stretches,
        sheet.place,
        variables.is_user,
        sorted(variables.defined),
        sorted(variables.loaded),
        rule=why.rule,
        reason=why.text,
        at=why.at or (),
    )
    return verdict, sheet.woven.others
