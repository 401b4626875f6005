"""Join the prepared assets of a group into one bundle."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from pressmark.errors import FilterError, RegionError
from pressmark.model import Asset, Bundle, Group, Kind
from pressmark.protocols import Filter

MAX_BUNDLE_BYTES = 8 << 20

# A ";" parts the scripts: "f()" followed by "(g)()" would call f's result with g. The line end before it ends a
# "//" comment, the one after it lets a "-->" comment begin a line.
SEPARATORS: dict[Kind, bytes] = {"css": b"\n", "js": b"\n;\n"}


class Builder:
    """Applies *filters* (kind -> filters in order) to each asset and joins the results."""

    def __init__(self, filters: Mapping[Kind, Sequence[Filter]]) -> None:
        self._filters = filters

    def key(self, kind: Kind) -> str:
        """Return what names the filters of *kind*, their versions and options."""
        return "; ".join(each.key for each in self._filters[kind])

    def build(self, group: Group) -> Bundle:
        """Return the bundle of *group*. Raises FilterError, and RegionError if it would be too large."""
        content = SEPARATORS[group.kind].join(self._filtered(group.kind, asset) for asset in group.assets)
        if len(content) > MAX_BUNDLE_BYTES:
            raise RegionError(f"the bundle is larger than {MAX_BUNDLE_BYTES} bytes; divide the region")
        return Bundle(name_of(content), group.kind, content)

    def _filtered(self, kind: Kind, asset: Asset) -> bytes:
        for each in self._filters[kind]:
            try:
                asset = each(asset)
            except Exception as error:
                raise FilterError(each.key, asset.url, repr(error)) from error
        return asset.content


def name_of(content: bytes) -> str:
    """Return the first 32 hexadecimal digits of the SHA-256 of *content*."""
    return sha256(content).hexdigest()[:32]
