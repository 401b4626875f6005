"""The protocols of the parts that can be plugged in: resolver, filter, store."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from pressmark.model import Asset, Bundle, FileKind, Page, Source


class Resolver(Protocol):
    """Finds the assets of URLs, and their partials."""

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, which *page* refers to, or ``None`` if no static prefix covers it.

        Only files with the name of a stylesheet or script are read, unless the page gives a *media_type*. Blocks.
        Raises AssetNotFoundError if the prefix is ours and the file is missing, AssetError if it may not be used.
        """

    def partials(self, asset: Asset) -> tuple[Source, ...]:
        """Return the files that *asset* may include when it is compiled; empty if they cannot be known. Blocks."""

    def is_current(self, source: Source, page: Page) -> bool:
        """Tell whether *source* is surely unchanged since it was read. Costs one ``stat``; may block."""


class Read(Protocol):
    """Gives the asset at an absolute path or URL, as ``Resolver.read`` does."""

    def __call__(self, url: str, media_type: str | None = None) -> Asset | None: ...


class Filter(Protocol):
    """Turns an asset into one with another text. *key* names the filter, its version and its options.

    A precompiler is one whose results are of another media type. A filter whose attribute *on_bundle* is true takes the
    joined text of a bundle, and not each file.
    """

    @property
    def key(self) -> str: ...

    def __call__(self, asset: Asset) -> Asset: ...


@runtime_checkable
class ContextualFilter(Filter, Protocol):
    """A filter whose results may depend on what a template's tag has found in the thread of its request."""

    def in_context(self, context: str) -> Filter:
        """Return the same filter as it is for all regions with this *context*, with a key of its own."""


def filter_in_context(found: Filter, context: str) -> Filter:
    """Return the filter *found* as it is for regions with this *context*, "" for none."""
    return found.in_context(context) if context and isinstance(found, ContextualFilter) else found


def name_of_filter(found: Filter) -> str:
    """Return the name by which people know a filter: its own ``name``, or else its key."""
    return str(getattr(found, "name", found.key))


class Store(Protocol):
    """Keeps bundles, records and analyses. All methods may block and raise StoreError."""

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle whose hash is *name*, or ``None``."""

    def put(self, bundle: Bundle) -> None:
        """Keep *bundle*; when this returns, every process that shares the store can serve it."""

    def use(self, kind: FileKind, name: str, path: str) -> None:
        """Note that the page at *path* names a bundle, so that it is kept for longer. Hardly ever writes."""

    def read_record(self, recipe: str) -> bytes | None:
        """Return the record under *recipe*, or ``None``."""

    def write_record(self, recipe: str, record: bytes) -> None:
        """Keep *record* under *recipe*."""

    def guard(self, key: str) -> AbstractContextManager[None]:
        """Hold back every other process that asks for *key*, until the context ends."""

    def sweep(self) -> None:
        """Remove entries that have not been used for long."""

    def release(self) -> None:
        """Close the calling thread's connections; it is about to end."""

    def generation(self) -> object:
        """Return a value that changes when the store has lost entries. Costs one ``stat``."""


class Backend(Protocol):
    """A service that keeps values under keys for several hosts, such as Redis or an object store.

    Keys are of letters, digits, "/", "." and "-". All methods block, and may raise anything. Several threads may call
    them at once, and forked processes. *name* is for people, and holds no password.
    """

    name: str
    may_lose: bool
    """Whether single values may go without anybody removing them, as from a cache that is full."""
    waits_natively: bool
    """Whether calls wait in code that gevent cannot patch."""

    def get(self, key: str) -> bytes | None:
        """Return the value under *key*, or ``None``."""

    def create(self, key: str, value: bytes, seconds: float) -> bool:
        """Keep *value* for *seconds* or longer, unless there is one under *key*. Tell whether there was none."""

    def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep *value* under *key* for *seconds* or longer, whatever was there."""

    def touch(self, keys: Sequence[str], seconds: float) -> Sequence[bool]:
        """Keep the values under *keys* for *seconds* from now. Tell for each whether it is there."""

    def acquire(self, key: str, token: bytes, seconds: float) -> bool:
        """Take the lock *key* for *seconds*, unless another holds it. Tell whether it was taken."""

    def release(self, key: str, token: bytes) -> None:
        """Give the lock *key* back, if it is still that of *token*."""

    def sweep(self, seconds: float) -> None:
        """Remove bundles and records that were not touched for *seconds*, unless the service does so by itself.

        Called once a day by a process of each host.
        """


Clock = Callable[[], float]
