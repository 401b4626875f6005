"""Keep the bytes of a cache directory within a quota: make room for more, or refuse them.

All is measured once in ``MEASURE_S`` seconds, and what this process writes is counted in between. What others write is
not, so that together they may be beyond the quota for as long.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from pressmark.errors import StoreFullError
from pressmark.stores.bundle_files import BundleFiles
from pressmark.stores.inventory import bytes_on_disk
from pressmark.stores.retention import of_one_page

logger = logging.getLogger("pressmark")

ROOM = 8
"""Where room is needed, so much of the whole is made."""
MEASURE_S = 60.0
"""Seconds between two measurements of the bytes that the directory takes."""


class Quota:
    """Keeps *directory* to *max_bytes*. *on_removal* is called when *bundles* of it were removed."""

    def __init__(self, directory: str, max_bytes: int, bundles: BundleFiles, *, on_removal: Callable[[], None]) -> None:
        self._directory, self._max_bytes = directory, max_bytes
        self._bundles, self._on_removal = bundles, on_removal
        self._bytes = 0
        self._measured_at = self._in_vain_at = -MEASURE_S

    def count(self, size: int) -> None:
        """Note that *size* bytes were written."""
        self._bytes += size

    def make_room(self, more: int) -> None:
        """Make room for *more* bytes, if there is none. Raises StoreFullError if that cannot be made, and OSError."""
        now = time.monotonic()
        if now - self._measured_at >= MEASURE_S:
            self._bytes, self._measured_at = bytes_on_disk(self._directory), now
        missing = self._bytes + more - self._max_bytes
        if missing > 0 and now - self._in_vain_at >= MEASURE_S:
            freed = self._free(missing)
            self._in_vain_at = self._in_vain_at if freed else now
            self._bytes, missing = self._bytes - freed, missing - freed
        if missing > 0:
            raise StoreFullError(
                f"the cache in {self._directory!r} holds {self._bytes} bytes, and cache_size is "
                f"{self._max_bytes}: no new bundle is built until cache_size is larger or the directory is emptied"
            )

    def _free(self, missing: int) -> int:
        """Remove bundles that only one page has named, if the *missing* bytes are found so; return the bytes freed."""
        chosen = of_one_page(list(self._bundles.list()), missing, missing + self._max_bytes // ROOM)
        freed = 0
        for bundle in chosen:
            with suppress(OSError):
                bundle.path.unlink()
                freed += bundle.size
        if chosen:
            self._on_removal()
            logger.warning(
                "the cache in %r was full: %d bundles that only one page had named were removed",
                self._directory, len(chosen),
            )  # fmt: skip
        return freed
