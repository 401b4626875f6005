"""Read the assets of one region, and remember their digests."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pressmark.assets.dependencies import read_dependencies
from pressmark.errors import AssetError
from pressmark.model import Asset, Page, Source
from pressmark.protocols import Resolver

DEPENDENCY = "dependency"
"""In the place of a media type: a file on which code in the page or a filter depends, by its path."""

FindSources = Callable[[Asset], tuple[Source, ...] | None]
"""Finds the files that an asset includes, by what its precompiler has told; ``None`` if that is not known."""


@dataclass(slots=True)
class RegionReader:
    """Reads each asset once and remembers its digest: name -> digest of the content, "" if there was no asset."""

    resolver: Resolver
    page: Page
    compiled: frozenset[str] = frozenset()  # the media types that are compiled, whose assets may include other files
    find_sources: FindSources = lambda asset: None
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
                included = self.find_sources(asset)
                included = self.resolver.partials(asset) if included is None else included
                asset = self._assets[key] = replace(asset, sources=(*asset.sources, *included))
            if asset is not None:
                self._remember(key, asset)
        return self._assets[key]

    def _remember(self, key: tuple[str, str | None], asset: Asset) -> None:
        self.digests[digest_key(*key)] = _digest(asset)
        self.sources |= {source.path: source for source in asset.sources}

    def note(self, asset: Asset, included: tuple[Source, ...]) -> None:
        """Note that *asset* was compiled, and that it depends on the sources *included* and on no others."""
        key = asset.url, asset.media_type
        known = self._assets.get(key) if asset.sources else None
        if known is None:  # code in the page
            self.note_files(included)
            return
        # One that may yet come, in a folder that is searched before, counts as much as it did.
        absent = (source for source in known.sources[1:] if source.signature == ())
        self._assets[key] = replace(known, sources=(known.sources[0], *absent, *included))
        self.sources.clear()
        for each, read in self._assets.items():
            if read is not None:
                self._remember(each, read)

    def note_files(self, sources: tuple[Source, ...]) -> None:
        """Note that the region depends on the files *sources*, by whatever they are read."""
        self.digests |= {digest_key(source.path, DEPENDENCY): source.digest for source in sources}
        self.sources |= {source.path: source for source in sources}

    @property
    def has_gaps(self) -> bool:
        """Tell whether an asset could not be read, such as one of which the file is missing."""
        return bool(self.gaps)

    @property
    def gaps(self) -> list[str]:
        """The URLs of assets that could not be read."""
        read = {digest_key(*key) for key in self._assets}
        names = (name.rpartition("\n") for name in self.digests if name not in read)
        return [url for media_type, _, url in names if media_type != DEPENDENCY]

    def still_reads(self, name: str, digest: str) -> bool:
        """Tell whether the asset under *name*, as ``digest_key`` gives it, still has the *digest*. Blocks."""
        media_type, _, url = name.rpartition("\n")
        if media_type == DEPENDENCY:
            [source] = read_dependencies([url], time.time())
            self.sources[url] = source
            return source.digest == digest
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
