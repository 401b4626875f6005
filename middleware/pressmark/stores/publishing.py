"""A store whose bundles are published, for another server to serve them, before any page names them."""

import logging
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager

from pressmark.concurrency.bounded import make_room
from pressmark.concurrency.green import run_at_home
from pressmark.errors import PublishError, StoreError
from pressmark.model import Bundle, FileKind
from pressmark.protocols import Clock, Store

logger = logging.getLogger("pressmark")

CHECK_S = 300.0
MAX_PUBLISHED = 4096

Publish = Callable[[Bundle], None]
"""Makes a bundle available to everybody, unless it is already. Blocks, may raise anything."""


class PublishingStore:
    """*inner*, with every bundle of *kinds* that is put into it, or found there, published.

    A bundle in use is published again after ``CHECK_S`` seconds: the other server may have lost it.
    """

    def __init__(
        self, inner: Store, publish: Publish, kinds: Collection[FileKind], clock: Clock = time.monotonic
    ) -> None:
        self._inner, self._publish, self._kinds, self._clock = inner, publish, kinds, clock
        self._published: dict[tuple[FileKind, str], float] = {}
        self.read_record, self.write_record = inner.read_record, inner.write_record
        self.sweep, self.release, self.generation = inner.sweep, inner.release, inner.generation

    def get(self, kind: FileKind, name: str) -> bytes | None:
        """Return the bytes of a bundle, proved by its name and published, or ``None``. Raises StoreError."""
        content = self._inner.get(kind, name)
        if content is not None and (kind, name) not in self._published:
            self._give_out(Bundle(name, kind, content))
        return content

    def put(self, bundle: Bundle) -> None:
        """Keep and publish *bundle*. Raises StoreError."""
        self._inner.put(bundle)
        self._give_out(bundle)

    def use(self, kind: FileKind, name: str, path: str) -> None:
        """Note that the page at *path* names a bundle, and publish it again after ``CHECK_S`` seconds.

        Raises StoreError.
        """
        self._inner.use(kind, name, path)
        if self._clock() - self._published.get((kind, name), self._clock()) < CHECK_S:
            return
        content = self._inner.get(kind, name)
        if content is not None:
            try:
                self._give_out(Bundle(name, kind, content))
            except StoreError as error:  # it was there, and may still be
                logger.warning("%s; it was published before and may still be there", error)

    def guard(self, key: str) -> AbstractContextManager[None]:
        """Hold back every other process that asks for *key*, until the context ends."""
        return self._inner.guard(key)

    def _publish_files(self, bundle: Bundle) -> None:
        """Publish *bundle*; of a pack the modules in it, one a line, as browsers ask for those."""
        if bundle.kind != "pack":
            self._publish(bundle)
            return
        for number, line in enumerate(bundle.content.split(b"\n")):
            self._publish(Bundle(f"{bundle.name}/{number}", "js", line))

    def _give_out(self, bundle: Bundle) -> None:
        if bundle.kind not in self._kinds:
            return
        try:
            run_at_home(lambda: self._publish_files(bundle))
        except Exception as error:  # foreign code
            message = f"bundle {bundle.kind}/{bundle.name} could not be published: {error!r}"
            raise PublishError(message, bundle.content) from error
        if (bundle.kind, bundle.name) not in self._published:
            make_room(self._published, MAX_PUBLISHED)
        self._published[bundle.kind, bundle.name] = self._clock()
