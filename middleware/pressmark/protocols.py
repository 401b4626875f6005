"""The three places where other parts can be plugged in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from pressmark.model import Asset, Bundle, FileKind, Page, Source


class Resolver(Protocol):
    """Finds the file behind a URL."""

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, which *page* refers to, or ``None`` if no static prefix covers it.

        Only stylesheets and scripts are read, as their names tell, unless the page says by *media_type* what a file
        is. Blocks. Raises AssetNotFoundError if the prefix is ours and the file is not there, AssetError if it may
        not be used.
        """

    def partials(self, asset: Asset) -> tuple[Source, ...]:
        """Return what *asset* may include, for whoever compiles it; empty where that cannot be known."""

    def is_current(self, source: Source, page: Page) -> bool:
        """Tell whether *source* is surely what it was when it was read. Costs one ``stat``; may block."""


class Read(Protocol):
    """Gives the asset at an absolute path or URL, as ``Resolver.read`` does."""

    def __call__(self, url: str, media_type: str | None = None) -> Asset | None: ...


class Filter(Protocol):
    """Turns the text of an asset into another. *key* names the filter, its version and its options.

    A precompiler is one whose results are of another media type.
    """

    @property
    def key(self) -> str: ...

    def __call__(self, asset: Asset) -> Asset: ...


class Store(Protocol):
    """Keeps bundles and the records of what they were built from. All methods may block and raise StoreError."""

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle, proved by its name, or ``None``."""

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*; when this returns, every process that shares the store can serve it."""

    def use(self, kind: FileKind, name: str) -> None:
        """Note that a page names a bundle, which is so kept for longer. Hardly ever writes."""

    def read_record(self, recipe: str) -> bytes | None:
        """Return what was noted under *recipe*, or ``None``."""

    def write_record(self, recipe: str, record: bytes) -> None:
        """Keep *record* under *recipe*."""

    def guard(self, key: str) -> AbstractContextManager[None]:
        """Hold back every other process that asks for *key*, until the context ends."""

    def sweep(self) -> None:
        """Remove what has not been used for long."""

    def release(self) -> None:
        """Let go what the calling thread holds open; it is about to end."""

    def generation(self) -> object:
        """Return a value that changes when the store has lost what was put into it. Costs one ``stat``."""


Clock = Callable[[], float]
