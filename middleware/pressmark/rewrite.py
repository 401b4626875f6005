"""One page on its way out: bytes in; bytes out, and the regions that must be waited for."""

import time
from collections.abc import Iterator
from concurrent.futures import Future

from pressmark.model import Page, Region
from pressmark.page.scanner import Scanner
from pressmark.pipeline import Pipeline

MAX_HELD_BYTES = 4 << 20
"""How much of a page may wait for its head; a larger one streams."""


class PageRewrite:
    """The state of one response. How a shell waits is its own affair: it gives way to ``render`` or to a future."""

    def __init__(self, pipeline: Pipeline, page: Page) -> None:
        self._pipeline, self._page = pipeline, page
        self._scanner = Scanner()
        self._deadline: float | None = None
        self.is_changed = False

    def feed(self, chunk: bytes) -> Iterator[bytes | Region]:
        """Yield the bytes that *chunk* lets go, with each cold region in its place."""
        for event in self._scanner.feed(chunk):
            if not isinstance(event, Region):
                yield event.raw
                continue
            html = self._pipeline.look_up(event, self._page)
            yield event if html is None else self._seen(html, event)

    def finish(self) -> bytes:
        """Return what is still held back at the end of the page, or when its rest is to leave as it is."""
        return b"".join(event.raw for event in self._scanner.finish())

    def begin(self, region: Region) -> "Future[bytes]":
        """Return the future of what replaces a cold *region*."""
        if self._deadline is None and self._pipeline.build_wait is not None:
            self._deadline = time.monotonic() + self._pipeline.build_wait
        return self._pipeline.begin(region, self._page)

    def time_left(self) -> float | None:
        """Return how many seconds the page may still wait: all its regions share one ``build_wait``."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def landed(self, flight: "Future[bytes]", region: Region) -> bytes:
        """Return the result of *flight*, or the region as it was written if time has run out. Blocks until then."""
        return self._seen(self._pipeline.landed(flight, region, self._page, self.time_left()), region)

    def _seen(self, html: bytes, region: Region) -> bytes:
        self.is_changed |= html != region.raw
        return html

    def render(self, region: Region) -> bytes:
        """Return what replaces a cold *region*. Blocks as long as the page may wait."""
        return self.landed(self.begin(region), region)
