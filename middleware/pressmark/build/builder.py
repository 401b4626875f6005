"""Join the prepared assets of a group into one bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from pressmark.build.verdicts import Verdicts, key_of
from pressmark.errors import FilterError, RegionError
from pressmark.model import Asset, Bundle, Group, Kind
from pressmark.protocols import Filter
from pressmark.syntax.script import refuse_early_errors

MAX_BUNDLE_BYTES = 8 << 20

# A ";" parts the scripts: "f()" followed by "(g)()" would call f's result with g. The line end before it ends a
# "//" comment, the one after it lets a "-->" comment begin a line.
SEPARATORS: dict[Kind, bytes] = {"css": b"\n", "js": b"\n;\n"}


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the filters made of an asset, to be kept under the hash of what they were given."""

    text: str


class Builder:
    """Applies *filters* (kind -> filters in order) to each asset, once per content, and joins the results."""

    def __init__(self, filters: Mapping[Kind, Sequence[Filter]], verdicts: Verdicts) -> None:
        self._filters, self._verdicts = filters, verdicts

    def key(self, kind: Kind) -> str:
        """Return what names the filters of *kind*, their versions and options."""
        return "; ".join(each.key for each in self._filters[kind])

    def build(self, group: Group) -> Bundle:
        """Return the bundle of *group*. Raises FilterError, and RegionError if it would be too large."""
        content = SEPARATORS[group.kind].join(self._filtered(group.kind, asset) for asset in group.assets)
        if len(content) > MAX_BUNDLE_BYTES:
            raise RegionError(f"the bundle is larger than {MAX_BUNDLE_BYTES} bytes; divide the region")
        if group.kind == "js" and len(group.assets) > 1:
            _refuse_broken(content)
        return Bundle(name_of(content), group.kind, content)

    def _filtered(self, kind: Kind, asset: Asset) -> bytes:
        if not self._filters[kind]:
            return asset.content
        key = key_of("filtered", self.key(kind), asset.url, asset.content)
        filtered = self._verdicts.recall(key, Filtered)
        if filtered is None:
            filtered = Filtered(self._apply(kind, asset).decode("utf-8", "surrogateescape"))
            self._verdicts.keep(key, filtered)
        return filtered.text.encode("utf-8", "surrogateescape")

    def _apply(self, kind: Kind, asset: Asset) -> bytes:
        for each in self._filters[kind]:
            try:
                asset = each(asset)
            except Exception as error:
                raise FilterError(each.key, asset.url, repr(error)) from error
        return asset.content


def _refuse_broken(content: bytes) -> None:
    """Raise RegionError where scripts that are fine by themselves are not so together: no proof is above a check."""
    try:
        refuse_early_errors(content.decode("utf-8"))
    except ValueError as error:
        raise RegionError(f"the scripts cannot be joined: {error}") from error


def name_of(content: bytes) -> str:
    """Return the first 32 hexadecimal digits of the SHA-256 of *content*."""
    return sha256(content).hexdigest()[:32]
