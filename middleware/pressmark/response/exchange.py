"""One response on its way out, sans I/O: a head and bytes go in; a head, bytes and regions to be waited for come out.

Theory
------
A shell (WSGI, ASGI, Django's middleware) hands the application's head to ``begin``. Either the response is none of
ours: ``begin`` returns the headers that go out, and the shell passes the body on. Or it is a page: ``begin``
returns an ``Exchange``, into which the shell feeds the body, and whose events it carries out in their order:

* ``Head``: send this head. It comes once, before any bytes.
* ``bytes``: send these.
* ``Cold``: wait until the future is done or the seconds are over, then go on. Only the shell knows how to wait.

The one hard question is when the head may leave, for it says how long the body is and by which tag it is known, and
both change with the regions:

1. A page that is all there is held to its end: an only chunk, or a first one as long as Content-Length announces.
2. So is one with an entity tag: only a page that is complete by nature has one.
3. Of both no more than ``MAX_HELD_BYTES`` are held. A longer page, and any other, is a stream: its head leaves with the
   first bytes, without length and validators, and nothing but a region is held back.
4. The head of an answer to HEAD leaves at once without its length, unless the body is there to be looked at.

An entity tag of ours is longer than the application's. The application never sees it (``split_conditions``); the
exchange compares it with the finished page and answers 304 itself.

Long, because all of this is decided in one place.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import dropwhile
from typing import NamedTuple

from pressmark.compilers.command import TIMEOUT_S
from pressmark.errors import ShortBodyError
from pressmark.http.early_hints import EarlyHints
from pressmark.http.headers import (
    HeaderList,
    content_length,
    has_etag,
    linked,
    refusal,
    retagged,
    rewritten,
    without_length,
)
from pressmark.http.validators import is_current, not_modified
from pressmark.model import Page, Region, Rendered, Text
from pressmark.page.preloads_ahead import preloads_behind
from pressmark.page.scanned_pages import ScannedPages
from pressmark.page.scanner import Scanner, may_hold_marker
from pressmark.pipeline import Pipeline
from pressmark.report.explanation import Explanation
from pressmark.response.substitution import Substitution, Waiting
from pressmark.response.toggle import Toggle
from pressmark.response.visit import Location, Visit, describe_page
from pressmark.response.warm_pages import WarmPage, WarmPages
from pressmark.verdicts.analyses import digest_of

COMPILER_WAIT_S = TIMEOUT_S + 5.0
"""Seconds that a page waits for a compiler's own limit, and for the rest of the build."""
MAX_HELD_BYTES = 4 << 20

_new = tuple.__new__  # half the time that Head() takes


class Head(NamedTuple):
    """A response's status and headers. If nothing changed, *headers* are the very object that came in."""

    status: int
    headers: HeaderList


class Cold(NamedTuple):
    """A region that is being built: the page may wait *timeout_s* seconds for *future*, ``None`` without end."""

    future: "Future[Rendered]"
    timeout_s: float | None


Event = Head | bytes | Cold


class MinifyHtml(NamedTuple):
    """What minifies pages. *key* changes with its results, and *work* gets the page and the stylesheets that it names.

    These are by their names, each with the elements whose white space it shows.
    """

    key: str
    work: Callable[[bytes, Mapping[str, Iterable[str]]], bytes]


@dataclass(frozen=True, slots=True)
class Core:
    """The parts that all responses of one application share. With *makes_subrequests* it is asked for files.

    *minify_html* minifies whole pages, if they are to be. *warm_pages* are there if nothing else bears on those.
    """

    pipeline: Pipeline
    toggle: Toggle
    scanned_pages: ScannedPages
    hints: EarlyHints | None = None
    makes_subrequests: bool = False
    minify_html: MinifyHtml | None = None
    warm_pages: WarmPages | None = None


def passes_unread(core: Core, page: bytes) -> bool:
    """Tell whether a whole *page* leaves as it is, whatever its head says, and nothing is to be logged of it.

    For a shell that has all of the body before the head. Not for a page of a hidden condition, or encoded.
    """
    return bool(page) and core.minify_html is None and core.hints is None and not may_hold_marker(page)


def leaves_at_once(core: Core, visit: Visit, status: int, headers: HeaderList, page: bytes) -> WarmPage | None:
    """Return what becomes of a whole *page* that became the same before, without an exchange; ``None`` if it needs one.

    The head that is remembered has passed all that ``begin`` looks at.
    """
    pages = core.warm_pages
    return None if pages is None or visit.condition is not None else pages.find(page, visit, status, headers)


def begin(  # noqa: PLR0913  # facts that only the shell knows
    core: Core,
    visit: Visit,
    status: int,
    headers: HeaderList,
    *,
    has_trailers: bool = False,
    has_body: bool = False,
    is_known: bool = False,
) -> "Exchange | HeaderList":
    """Return the exchange of a page that may change, or the headers of a response that passes as it is.

    The answer to HEAD is looked at only if it *has_body*. Of one that *is_known* nothing is logged again.
    """
    if core.toggle.is_on and core.toggle.is_untouched(visit.query):
        return headers
    reason = "" if has_trailers else refusal(status, headers)
    if reason is not None:
        if reason and not is_known:
            core.pipeline.log_skipped(visit.locate().path, reason)
        return headers
    if visit.method == "HEAD" and not has_body:
        return without_length(headers)
    return Exchange(core, visit, status, headers)


def read_page(location: Location, status: int, headers: HeaderList) -> Page:
    """Return the page in a response at *location*, for tools that look at pages.

    Raises ValueError for a response that may not change. Its text is the reason, "" if nobody would expect a change.
    """
    reason = refusal(status, headers)
    if reason is not None:
        raise ValueError(reason)
    return describe_page(location, headers)


class Exchange:
    """The state of one response that is a page."""

    __slots__ = (
        "_core", "_deadline", "_described", "_first", "_has_waited", "_held", "_is_done", "_is_sent", "_pipeline",
        "_saved", "_scanner", "_substitution", "_together", "_version", "_visit", "fed_bytes", "headers", "status",
        "was_looked_up",
    )  # fmt: skip

    def __init__(self, core: Core, visit: Visit, status: int, headers: HeaderList) -> None:
        self._core, self._pipeline, self._visit = core, core.pipeline, visit
        self.status, self.headers = status, headers  # the application's
        self.fed_bytes = 0
        self._is_sent = self._is_done = False  # the head, the whole page
        self.was_looked_up = False  # by the shell, which has found that the page does not leave at once
        self._has_waited = False  # for a region
        self._version = 0  # of the table of cached regions, when the page came
        self._held: list[bytes] = []
        self._together: list[Waiting] = []
        self._scanner: Scanner | None = None
        self._first = b""  # chunk; without a scanner it was scanned for an earlier page
        self._described: Page | None = None
        self._substitution: Substitution | None = None  # from the first marker on
        self._deadline: float | None = None
        self._saved = 0  # bytes by which the page became smaller as HTML

    def early_head(self, *, is_forced: bool = False) -> Head | None:
        """Return the head of a stream that does not wait for its first bytes, as its end is not announced.

        If it *is_forced*, the head of any page leaves.
        """
        may_be_whole = has_etag(self.headers) or content_length(self.headers) is not None
        return None if may_be_whole and not is_forced else self._streaming_head()

    @property
    def may_be_all_next(self) -> bool:
        """Tell whether the next chunk may be the whole page, for all that its head says."""
        return not self.fed_bytes and content_length(self.headers) is not None

    def is_all(self, chunk: bytes) -> bool:
        """Tell whether a first *chunk* is the whole page, and no longer than what is held."""
        return type(chunk) is bytes and 0 < len(chunk) <= MAX_HELD_BYTES and content_length(self.headers) == len(chunk)

    def passes(self, page: bytes) -> bool:
        """Tell whether *page*, which is all of the body, leaves as it is under the application's own head.

        It must not be fed then. A shell may ask this first, as most pages without regions pass so.
        """
        if self.fed_bytes or self._visit.condition is not None or may_hold_marker(page):
            return False
        if self._core.minify_html is not None:
            return False
        self._is_done = self._is_sent = True
        self._remember_links()
        return True

    def feed(self, chunk: bytes, *, is_last: bool = False) -> Iterator[Event]:
        """Yield the events that *chunk* sets free. Raises ShortBodyError and, if strict, the errors of regions."""
        chunk = bytes(chunk)  # a copy only of a bytearray or memoryview
        if self._is_done or not (chunk or is_last):
            if chunk:  # after the end that the application itself has announced
                yield chunk
            return
        is_first = not self.fed_bytes
        self.fed_bytes += len(chunk)
        if is_first and is_last and (warm := self._warm(chunk)) is not None:
            self._is_done = self._is_sent = True
            self._substitution = warm.substitution
            yield _new(Head, (self.status, list(warm.out_headers)))
            yield warm.body
            return
        yield from self._read(chunk, is_first=is_first, is_last=is_last)

    def _read(self, chunk: bytes, *, is_first: bool, is_last: bool) -> Iterator[Event]:
        """Yield the events of a page that is read."""
        if not (self._is_sent or is_last) and self._is_stream(len(chunk), is_first=is_first):
            yield self._streaming_head()

        held = self._held
        events, is_foreseen = self._scan(chunk, is_first=is_first, is_last=is_last), False
        for event in events:
            if isinstance(event, Text):
                held.append(self._flawed(event) if event.flaw else event.raw)
                continue
            if self._core.toggle.is_on and self._is_left(event):
                held.append(event.raw)
                continue
            substitution = self._substitution or self._substitute()
            region = substitution.take_out(event)
            rendered = self._pipeline.look_up(region, substitution.page)
            if rendered is not None:
                self._hold(region, rendered, substitution)
            else:
                if not is_foreseen:
                    is_foreseen = True
                    self._foresee(events, event, substitution)
                yield from self._build(region, substitution)

        if is_last:
            yield from self._end()
            return
        if not self._is_sent and self.fed_bytes > MAX_HELD_BYTES:
            yield self._streaming_head()
        if self._is_sent and self._held:
            yield self._release()

    def give_up(self, reason: str = "") -> Iterator[Head | bytes]:
        """Yield all bytes that are held: the rest of the response passes as it is. Logs *reason*."""
        if reason:
            self._pipeline.log_skipped(self.page.path, reason)
        self._held.append(self._rest())
        self._is_done = True
        if not self._is_sent:
            yield Head(self.status, without_length(self.headers) if self.is_changed else self.headers)
        if body := self._release():
            yield body

    # The head

    def _is_stream(self, length: int, *, is_first: bool) -> bool:
        """Tell whether a page with *length* more bytes, which are not its last, is one whose head need not wait."""
        headers = self.headers
        # Middleware that knows no end gives a whole page as a stream of one piece.
        is_whole = is_first and content_length(headers) == length
        return not is_whole and not has_etag(headers)

    def _streaming_head(self) -> Head:
        """Return the head of a page that is not all there. Its links are those of the page's last response."""
        self._is_sent = True
        hints = self._core.hints
        links = hints.cached_links(self.page) if hints is not None else ()
        return Head(self.status, linked(without_length(self.headers), links))

    def _end(self) -> tuple[Head | bytes, ...]:
        """Return the last events of the page, when all of it was fed."""
        self._is_done = True
        if self._scanner is not None and (rest := self._rest()):
            self._held.append(rest)
        self._remember_links()
        if self._is_sent:
            self._check_length()
            return (self._release(),) if self._held else ()
        self._is_sent = True
        body = self._minified(self._release())
        head = self._final_head()
        self._remember_page(head, body)
        has_body = body and head.status == self.status  # a client that gets 304 has the page
        return (head, body) if has_body else (head,)

    def _warm(self, page: bytes) -> WarmPage | None:
        """Return what became of all of *page* the last time, if it would become the same again."""
        pages = self._core.warm_pages
        if pages is None or self._is_sent or self._visit.condition is not None:
            return None
        self._version = pages.version
        if self.was_looked_up:
            return None
        return pages.find(page, self._visit, self.status, self.headers)

    def _remember_page(self, head: Head, body: bytes) -> None:
        """Remember what became of the page, if it came before and nothing of it was built."""
        pages, page, substitution = self._core.warm_pages, self._first, self._substitution
        is_usual = self._scanner is None and self._visit.condition is None and self.fed_bytes == len(page)
        if pages is not None and substitution is not None and is_usual and not self._has_waited:
            pages.remember(
                self._version, page, self._visit, self.status, self.headers, substitution, head.headers, body
            )

    def _minified(self, body: bytes) -> bytes:
        """Return *body*, all of the page, as smaller HTML if that is wanted."""
        minify = self._core.minify_html
        if minify is None or not body:
            return body
        page = self.page
        if page.is_explained or page.is_plain:
            return body
        try:
            smaller = minify.work(body, self._substitution.sheets if self._substitution is not None else {})
        except Exception as error:
            self._pipeline.log_skipped(page.path, f"its HTML could not be minified: {error!r}")
            return body
        self._saved = len(body) - len(smaller)
        return smaller

    def _remember_links(self) -> None:
        hints, substitution, toggle = self._core.hints, self._substitution, self._core.toggle
        is_plain = toggle.is_on and toggle.is_plain(self._visit.query)  # its bundles are not those of the usual page
        if hints is not None and self.status == HTTPStatus.OK and not is_plain:
            hints.remember(self.page, tuple(substitution.links) if substitution is not None else ())

    def _final_head(self) -> Head:
        """Return the head of the page that is all there now: 304 if the client has it."""
        status, headers, substitution = self.status, self.headers, self._substitution
        if self.is_changed:
            growth = substitution.growth if substitution is not None else 0
            headers = rewritten(headers, growth - self._saved, self._digest)
            if substitution is not None and self._core.hints is not None:
                headers = linked(headers, substitution.links)
        elif substitution is not None and substitution.has_regions:
            headers = retagged(headers, substitution.digest)
        condition = self._visit.condition
        if condition and status == HTTPStatus.OK and is_current(condition, headers):
            return Head(int(HTTPStatus.NOT_MODIFIED), not_modified(headers))
        return _new(Head, (status, headers))

    def _digest(self) -> str:
        """Return 16 hexadecimal digits that change with what became of the application's page."""
        digest = self._substitution.digest() if self._substitution is not None else ""
        minify = self._core.minify_html
        return digest_of(digest, minify.key)[:16] if self._saved and minify is not None else digest

    def _check_length(self) -> None:
        """Raise ShortBodyError if the application has given less than its head announces.

        As its Content-Length has not left, a client could not find out that the page is not whole (RFC 9112, 8).
        """
        announced = content_length(self.headers)
        if announced is not None and self.fed_bytes < announced:
            raise ShortBodyError(self.fed_bytes, announced)

    # The body

    @property
    def is_changed(self) -> bool:
        """Tell whether the page differs from the application's."""
        return self._saved != 0 or (self._substitution is not None and self._substitution.is_changed)

    @property
    def has_regions(self) -> bool:
        """Tell whether a marker was found so far."""
        return self._substitution is not None

    @property
    def page(self) -> Page:
        """The page in the response, read from the request when it is first needed."""
        if self._substitution is not None:
            return self._substitution.page
        if self._described is None:
            toggle, location = self._core.toggle, self._visit.locate()
            query = self._visit.query if toggle.is_on else ""
            self._described = describe_page(
                location,
                self.headers,
                status=self.status,
                is_explained=toggle.is_on and toggle.explains(query),
                is_plain=toggle.is_on and toggle.is_plain(query),
            )
        return self._described

    def explained(self) -> Iterator[tuple[Explanation, float]]:
        """Yield the explanation of each region so far, with the seconds that the page has waited for it."""
        for region, seconds in self._substitution.waits if self._substitution is not None else ():
            yield self._pipeline.explain(region, self.page), seconds

    def _substitute(self) -> Substitution:
        page, preloads = self.page, preloads_behind(self._first)
        self._substitution = Substitution(replace(page, preloads=page.preloads + preloads) if preloads else page)
        return self._substitution

    def _scan(self, chunk: bytes, *, is_first: bool, is_last: bool) -> Iterable[Text | Region]:
        scanned = self._core.scanned_pages
        if self._scanner is not None:
            return self._scanner.feed(chunk)
        if is_first:
            self._first = chunk
            is_whole = len(chunk) <= MAX_HELD_BYTES and (is_last or content_length(self.headers) == len(chunk))
            known = scanned.peek(chunk) if is_whole else scanned.peek_beginning(chunk)
            if known is not None:
                return known
            self._scanner = Scanner(scanned.known_regions)
            return scanned.scan(chunk, self._scanner, is_whole=is_whole)
        self._scanner = Scanner()  # the first chunk was not the whole page after all
        for _ in self._scanner.feed(self._first):
            pass
        return self._scanner.feed(chunk)

    def _is_left(self, region: Region) -> bool:
        """Tell whether *region* stays on a plain page, as all of it can be read by browsers."""
        toggle = self._core.toggle
        is_free = not toggle.has_precompilers and toggle.is_plain(self._visit.query)
        return is_free and not self._pipeline.needs_compiler(region)

    def _foresee(self, events: Iterable[Text | Region], cold: Region, substitution: Substitution) -> None:
        """Begin to build the regions that follow a *cold* one among *events*, as far as those are there already."""
        if not isinstance(events, tuple):
            return
        later = dropwhile(lambda event: event is not cold, events)
        next(later)
        for event in later:
            region = substitution.foreseen(event) if isinstance(event, Region) else None
            if region is not None:
                self._pipeline.foresee(region, substitution.page)

    def _build(self, region: Region, substitution: Substitution) -> Iterator[bytes | Cold]:
        """Hold the HTML of a cold *region*, once the shell has waited for it."""
        if self._is_sent and self._held:  # the text before the region does not wait
            yield self._release()
        self._has_waited, began = True, time.monotonic()
        future = self._pipeline.begin(region, substitution.page)
        yield Cold(future, self._time_left(began, region))
        rendered = self._pipeline.landed(future, region, substitution.page)
        self._hold(region, rendered, substitution, time.monotonic() - began)

    def _hold(self, region: Region, rendered: Rendered, substitution: Substitution, seconds: float = 0.0) -> None:
        """Hold the HTML of *region*; if another one has modules, too, only a place for it, until all are there."""
        if region.around is None or len(region.around.bodies) == 1:
            self._held.append(substitution.put_back(region, rendered, seconds))
            return
        self._together.append(Waiting(len(self._held), region, rendered, seconds, substitution.taken_out))
        self._held.append(b"")

    def _rest(self) -> bytes:
        """Return the bytes that the scanner still holds back, at the end of the page."""
        if self._scanner is None:
            return b""
        return b"".join([self._flawed(event) if event.flaw else event.raw for event in self._scanner.finish()])

    def _flawed(self, text: Text) -> bytes:
        """Return *text*, which begins with a marker of no region, with a comment on it if the page asks for one."""
        html = self._pipeline.flawed(text, self.page)
        return html if html == text.raw else (self._substitution or self._substitute()).replace(text.raw, html)

    def _release(self) -> bytes:
        if self._together and self._substitution is not None:
            if not self._substitution.put_back_together(self._held, self._together):
                self._pipeline.renew([each.region for each in self._together], self.page)
            self._together.clear()
        body = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._held.clear()
        return body

    def _time_left(self, now: float, region: Region) -> float | None:
        """Return the seconds that the page may still wait: all its regions share one ``build_wait``.

        A page whose *region* no browser could read waits as long as a compiler may take.
        """
        if self._pipeline.build_wait is None:
            return None
        if self._pipeline.needs_compiler(region):
            return max(COMPILER_WAIT_S, self._pipeline.build_wait)
        if self._deadline is None:
            self._deadline = now + self._pipeline.build_wait
        return max(0.0, self._deadline - now)
