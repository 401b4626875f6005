"""The errors that Pressmark raises, each with its data as attributes.

PressmarkError
├── SettingsError          a setting is unknown or wrong: raised at start
├── ShortBodyError         an application broke off its own page
├── ManifestError          a manifest is damaged, or of a newer version
└── RegionError            a region cannot be built: it leaves as it was written
    ├── MarkerError        a marker begins or ends no region
    ├── AssetError         a source of the region cannot be used
    │   └── AssetNotFoundError
    ├── FilterError        a filter or precompiler failed
    ├── OfflineGenerationError  the manifest lacks a region, and on_missing is "error": raised to the visitor
    └── StoreError         the cache failed
        ├── StoreFullError its quota is reached
        ├── SharedStoreError  what hosts share failed
        ├── UnsharedError  this process alone has a bundle
        └── PublishError   a bundle did not reach the server of public_url
"""

from pressmark.model import Rendered, Source


class PressmarkError(Exception):
    """The base of all errors that Pressmark raises."""


class SettingsError(PressmarkError):
    """A setting is unknown or has a wrong value."""


class ShortBodyError(PressmarkError):
    """An application has given less of a page than its Content-Length announces."""

    def __init__(self, given: int, announced: int) -> None:
        super().__init__(f"the application gave {given} bytes of a page, and its Content-Length says {announced}")
        self.given = given
        self.announced = announced


class RegionError(PressmarkError):
    """A region cannot be built. *sources* are the files that were read for it.

    *fallback* takes its place, ``None`` if it leaves as it was written. Unless it *depends_on_path* the region fails on
    all pages alike.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.sources: tuple[Source, ...] = ()
        self.fallback: Rendered | None = None
        self.depends_on_path = True


class MarkerError(RegionError):
    """A marker begins or ends no region."""

    def __init__(self, marker: str, flaw: str) -> None:
        super().__init__(f"{marker} {flaw}")
        self.marker = marker
        self.flaw = flaw


class AssetError(RegionError):
    """A source file cannot be used."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url!r} {reason}")
        self.url = url
        self.reason = reason


class AssetNotFoundError(AssetError):
    """A URL lies under a static prefix, but no root holds its file. *absent* are the files that may yet come."""

    def __init__(self, url: str, roots: tuple[str, ...], absent: tuple[Source, ...] = ()) -> None:
        super().__init__(
            url, f"is missing: no such file in {', '.join(roots)}; add it, or take its tag out of the region"
        )
        self.roots = roots
        self.absent = absent


class FilterError(RegionError):
    """A filter or precompiler failed on an asset. *name* is the one by which people know it."""

    def __init__(self, name: str, url: str, reason: str, *, noun: str = "filter") -> None:
        super().__init__(f"{noun} {name!r} failed on {url!r}: {reason}")
        self.name = name
        self.url = url


class OfflineGenerationError(RegionError):
    """The manifest lacks a region, and ``on_missing`` is "error"."""


class ManifestError(PressmarkError):
    """A manifest cannot be used."""


class DeploymentError(PressmarkError):
    """A release cannot be deployed, found or removed."""


class StoreError(RegionError):
    """A store could not be read or written."""


class SharedStoreError(StoreError):
    """The store that several hosts share failed: other hosts cannot serve what is built now."""


class StoreFullError(StoreError):
    """A store holds as many bytes as it may."""


class UnsharedError(StoreError):
    """There is no shared store, and this process's memory alone has a bundle."""


class PublishError(StoreError):
    """A bundle could not be published; the store itself has its *content*."""

    def __init__(self, message: str, content: bytes) -> None:
        super().__init__(message)
        self.content = content
