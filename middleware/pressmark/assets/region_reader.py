"""Read the assets of one region, and remember their digests."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pressmark.errors import AssetError
from pressmark.model import Asset, Page, Source
from pressmark.protocols import Resolver


@dataclass(slots=True)
class RegionReader:
    """Reads each asset once and remembers its digest: name -> digest of the content, "" if there was no asset."""

    resolver: Resolver
    page: Page
    compiled: frozenset[str] = frozenset()  # the media types that are compiled, whose assets may include other files
    digests: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    _assets: dict[tuple[str, str | None], Asset | None] = field(default_factory=dict)

    def read(self, url: str, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, ``None`` if it is not ours. Raises AssetError."""
        key = url, media_type
        if key not in self._assets:
            self.digests.setdefault(digest_key(*key), "")
            asset = self._assets[key] = self.resolver.read(url, self.page, media_type)
            if asset is not None and media_type in self.compiled:
                asset = self._assets[key] = replace(asset, sources=(*asset.sources, *self.resolver.partials(asset)))
            if asset is not None:
                self.digests[digest_key(*key)] = _digest(asset)
                self.sources |= {source.path: source for source in asset.sources}
        return self._assets[key]

    @property
    def has_gaps(self) -> bool:
        """Tell whether an asset could not be read, such as one of which the file is missing."""
        return len(self._assets) < len(self.digests)

    @property
    def gaps(self) -> list[str]:
        """The URLs of assets that could not be read."""
        read = {digest_key(*key) for key in self._assets}
        return [name.rpartition("\n")[2] for name in self.digests if name not in read]

    def still_reads(self, name: str, digest: str) -> bool:
        """Tell whether the asset under *name*, as ``digest_key`` gives it, still has the *digest*. Blocks."""
        media_type, _, url = name.rpartition("\n")
        with suppress(AssetError):
            self.read(url, media_type or None)
        return self.digests[name] == digest


def _digest(asset: Asset) -> str:
    """Return the hash of an asset's content and of the digests of the files that it may include."""
    others = "".join(f"{source.path} {source.digest}\n" for source in asset.sources[1:] if source.digest)
    return sha256(asset.content + others.encode("utf-8", "surrogateescape")).hexdigest()


def digest_key(url: str, media_type: str | None) -> str:
    """Return the name under which the digest of an asset is remembered."""
    return f"{media_type}\n{url}" if media_type else url
