"""One page on its way out: bytes in; bytes out, and the regions that must be waited for."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from pressmark.errors import ShortBodyError
from pressmark.http import headers as head
from pressmark.http.validators import is_current, not_modified
from pressmark.model import Page, Region, Text
from pressmark.page.data_blocks import data_put_back, data_taken_out
from pressmark.page.nonces import nonce_of, page_for, restored, stood_in
from pressmark.page.scanner import Scanner
from pressmark.pipeline import Pipeline
from pressmark.regions.renderer import Rendered
from pressmark.report.explanation import Explanation

MAX_HELD_BYTES = 4 << 20
"""How much of a page may wait for its head; a larger one streams."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The head of a whole page. An *is_empty* one has no body: the client has it."""

    status: int
    headers: head.HeaderList
    is_empty: bool = False


class PageRewrite:
    """The state of one response. How a shell waits is its own affair: it gives way to ``render`` or to a future.

    *describe* gives the page that the response is; it is asked when the first marker shows up. *status* is its status.
    """

    def __init__(self, pipeline: Pipeline, describe: Callable[[], Page], status: int) -> None:
        self._pipeline, self._describe, self._status = pipeline, describe, status
        self._page: Page | None = None
        self._scanner: Scanner | None = None
        self._known = b""  # the first chunk, if it was known, and so no scanner has seen it
        self.is_fresh = True  # nothing has been fed yet
        self._nonce = b""
        self._texts: tuple[bytes, ...] = ()  # of the data blocks of the region at hand
        self._deadline: float | None = None
        self._replacements: list[bytes] = []
        self._links: dict[str, None] = {}  # each but once, in their order
        self._growth = 0
        self._fed = 0
        self.is_changed = False
        self.regions: list[tuple[Region, float]] = []  # each with the seconds that the page has waited for it
        self._began = 0.0

    def feed(self, chunk: bytes) -> Iterator[bytes | Region]:
        """Yield the bytes that *chunk* lets go, with each cold region in its place."""
        self._fed += len(chunk)
        for event in self._events(bytes(chunk)):  # a copy only of what is no bytes
            self._texts = ()
            if not isinstance(event, Region):
                yield self._flawed(event) if event.flaw else event.raw
                continue
            region, self._texts = data_taken_out(self._without_nonce(event))
            rendered = self._pipeline.look_up(region, self._described())
            yield region if rendered is None else self._took_place(rendered, region, 0.0)

    def _events(self, chunk: bytes) -> Iterable[Text | Region]:
        scanned = self._pipeline.scanned_pages
        if self._scanner is not None:
            return self._scanner.feed(chunk)
        if self.is_fresh:
            self.is_fresh = False
            known = scanned.peek(chunk)
            if known is not None:
                self._known = chunk
                return known
            self._scanner = Scanner()
            return scanned.scan(chunk, self._scanner)
        self._scanner = Scanner()  # the first chunk was not the whole page after all
        for _ in self._scanner.feed(self._known):
            pass
        return self._scanner.feed(chunk)

    def finish(self) -> bytes:
        """Return what is still held back at the end of the page, and note what the page has named."""
        hints = self._pipeline.hints
        if hints is not None and self._status == HTTPStatus.OK:
            hints.remember(self._described(), tuple(self._links))
        return self.release()

    def release(self) -> bytes:
        """Return what is still held back: the rest of the page is to leave as it is."""
        if self._scanner is None:
            return b""
        return b"".join([self._flawed(event) if event.flaw else event.raw for event in self._scanner.finish()])

    def _described(self) -> Page:
        if self._page is None:
            self._page = self._describe()
        return self._page

    def _flawed(self, text: Text) -> bytes:
        html = self._pipeline.flawed(text, self._described())
        return html if html == text.raw else self._seen(html, text)

    def begin(self, region: Region) -> "Future[Rendered]":
        """Return the future of what replaces a cold *region*."""
        self._began = time.monotonic()
        if self._deadline is None and self._pipeline.build_wait is not None:
            self._deadline = self._began + self._pipeline.build_wait
        return self._pipeline.begin(region, self._described())

    def time_left(self) -> float | None:
        """Return how many seconds the page may still wait: all its regions share one ``build_wait``."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def landed(self, future: "Future[Rendered]", region: Region) -> bytes:
        """Return the result of *future*, or the region as it was written if time has run out. Blocks until then."""
        rendered = self._pipeline.landed(future, region, self._described(), self.time_left())
        return self._took_place(rendered, region, time.monotonic() - self._began)

    def explained(self) -> Iterator[tuple[Explanation, float]]:
        """Yield what became of each region so far and why, with the seconds that the page has waited for it."""
        for region, seconds in self.regions:
            yield self._pipeline.explain(region, self._described()), seconds

    def _without_nonce(self, region: Region) -> Region:
        """Return *region* with the stand-in for the page's nonce, which is that of its first region that has one."""
        nonce = nonce_of(region)
        if nonce and not self._nonce:
            self._nonce, self._page = nonce, page_for(self._described(), nonce)
        return stood_in(region, nonce) if nonce and nonce == self._nonce else region

    def _took_place(self, rendered: Rendered, region: Region, seconds: float) -> bytes:
        """Return the HTML that takes the place of *region* after *seconds*, its bundles noted."""
        self.regions.append((region, seconds))
        self._links.update(dict.fromkeys(rendered.links))
        return self._seen(rendered.html, region)

    def _seen(self, html: bytes, event: Region | Text) -> bytes:
        raw = event.raw
        if self._nonce:
            html, raw = restored(html, self._nonce), restored(raw, self._nonce)
        if self._texts:
            html, raw = data_put_back(html, self._texts), data_put_back(raw, self._texts)
        self.is_changed |= html != raw
        self._growth += len(html) - len(raw)
        self._replacements.append(html)
        return html

    def render(self, region: Region) -> bytes:
        """Return what replaces a cold *region*. Blocks as long as the page may wait."""
        return self.landed(self.begin(region), region)

    def ending(self, status: int, headers: head.HeaderList, condition: str | None) -> Ending:
        """Return the head of the page that is all there now.

        *status* and *headers* are the application's, *condition* is the If-None-Match that it did not see.
        """
        if self.is_changed:
            headers = head.rewritten(headers, self._growth, self.digest)
            headers = head.linked(headers, self._links) if self._pipeline.hints is not None else headers
        elif self._replacements:
            headers = head.retagged(headers, self.digest)
        if condition and status == HTTPStatus.OK and is_current(condition, headers):
            return Ending(int(HTTPStatus.NOT_MODIFIED), not_modified(headers), is_empty=True)
        return Ending(status, headers)

    def streaming(self, headers: head.Headers) -> head.HeaderList:
        """Return the head of a page that leaves before all of it is there: it names what the page named last time."""
        hints = self._pipeline.hints
        return head.linked(head.without_length(headers), hints.cached_links(self._described()) if hints else ())

    def check_length(self, headers: head.HeaderList) -> None:
        """Raise ShortBodyError if the application has given less than its *headers* announce.

        Where its Content-Length has not left, nothing else would tell that the page is not whole (RFC 9112, 8).
        """
        announced = head.content_length(headers)
        if announced is not None and self._fed < announced:
            raise ShortBodyError(self._fed, announced)

    def digest(self) -> str:
        """Return 16 hexadecimal digits that change with what was put into the page."""
        digest = sha256()
        for html in self._replacements:
            digest.update(b"%d:" % len(html) + html)
        return digest.hexdigest()[:16]
