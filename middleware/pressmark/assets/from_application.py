"""Ask the wrapped application itself for a file that no directory holds, as a browser without cookies would.

Only an answer that is the same for everybody is used: whole, of the right type, and one that a shared cache may keep.
"""

import logging
import re
import time
from collections.abc import Iterable
from concurrent.futures import wait
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus

from pressmark.concurrency.bounded import make_room
from pressmark.concurrency.green import run_at_home
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.http.headers import content_type_of
from pressmark.model import ANSWER, MEDIA_TYPES, SCRIPT_TYPES, Asset, Page, Reply, Source, Subrequest
from pressmark.protocols import Clock, Resolver
from pressmark.syntax.charsets import is_utf8

logger = logging.getLogger("pressmark")

MAX_ANSWER_BYTES = 8 << 20
TIMEOUT_S = 10.0
SUBREQUEST_THREADS = 4
"""The most files that are asked for at a time: the application has visitors to answer, too."""
RETRY_S = 30.0
"""Seconds after which an application is asked again if its answer could not be used."""
HANG_S = 300.0
"""Seconds after which an application is asked again for a file that it did not answer: each such question may cost a
thread for ever."""
MAX_HANG_S = 86400.0
"""The same after many such questions, each of which doubles the seconds."""
MAX_LOST_THREADS = 16
"""Threads that wait for answers which may never come; with so many of them nothing is asked."""
GRACE_S = 1.0
"""Seconds for an answer that is stopped by its own limit."""
MAX_FRESH_S = 300.0
"""Seconds that an answer counts as unchanged at most, even if its Cache-Control allows more."""
MAX_KNOWN = 1024
MAX_QUERIES = 100
"""How many different queries of one path are asked for."""
MAX_CHANGES = 20
CHANGES_S = 600.0
"""An answer that changes ``MAX_CHANGES`` times in ``CHANGES_S`` seconds stays a file.

It would fill the cache, and be loaded anew with each page.
"""

_MAX_AGE = re.compile(r"max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
# For these a browser would ask for another path than is written, or another host.
_ODD = re.compile(r"//|\\|[\x00-\x20]|/(?:\.|%2e){1,2}(?:/|\Z)", re.IGNORECASE)
_KNOWS_NO_READER = frozenset(("accept-encoding", "origin"))


class AnswerError(Exception):
    """An answer may not be used; the text says why."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """The last answer under a name; *digest* is "" if it could not be used.

    It counts as unchanged *until* then. *changes* are the times at which it differed from the one before.
    """

    digest: str
    validators: tuple[tuple[str, str], ...]
    until: float
    changes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hang:
    """A path that was not answered: it is not asked for *until* then, and after the next time for twice *wait_s*."""

    until: float
    wait_s: float


class ApplicationResolver:
    """A resolver that asks the application of each page for the files that *first* does not cover.

    *subrequests* runs them: one at a time for each file, however many pages need it.
    """

    def __init__(self, first: Resolver, subrequests: SingleFlight[Reply], clock: Clock = time.monotonic) -> None:
        self._first, self._subrequests, self._clock = first, subrequests, clock
        self._answers: dict[str, _Answer] = {}
        self._restless: dict[str, None] = {}
        self._queries: dict[str, set[str]] = {}
        self._hanging: dict[str, _Hang] = {}

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, ``None`` if it is another site's; with a flaw if the answer may not be used.

        Blocks for up to ``TIMEOUT_S``. Raises AssetError as the first resolver does.
        """
        asset = self._first.read(url, page, media_type)
        subrequest, target = page.subrequest, url.partition("#")[0]
        if asset is not None or subrequest is None or not _is_own(target, page):
            return asset
        name = _name_of(target, page)
        try:
            self._admit(name)
            reply = self._fetch(subrequest, name, target, ())
            _refuse_flawed(reply, media_type)
            digest = self._note(name, reply)
        except AnswerError as error:
            self._remember(name, _Answer("", (), self._clock() + RETRY_S))
            return Asset(url, "", b"", (Source(name, "", ()),), flaw=str(error))
        return Asset(url, media_type or _kind_of(reply), _content(reply), (Source(name, digest, ()),))

    def partials(self, asset: Asset) -> tuple[Source, ...]:
        """Return the partials that the first resolver finds beside a file; an answer has none."""
        return () if asset.sources[0].is_answer else self._first.partials(asset)

    def is_current(self, source: Source, page: Page) -> bool:
        """Tell whether *source* is surely unchanged since it was read. Asks again when its time is over."""
        if not source.is_answer:
            return self._first.is_current(source, page)
        known = self._answers.get(source.path)
        if known is None or known.digest != source.digest or page.subrequest is None:
            return False
        if self._clock() < known.until:
            return True
        return bool(known.digest) and self._is_same(source.path, known, page.subrequest)

    def _is_same(self, name: str, known: _Answer, subrequest: Subrequest) -> bool:
        """Tell whether an answer is still the same. Asks again, by its validator if it had one."""
        try:
            reply = self._fetch(subrequest, name, name.partition(" ")[2], known.validators)
            if reply.status == HTTPStatus.NOT_MODIFIED:
                self._remember(name, replace(known, until=self._clock() + _freshness(reply)))
                return True
            _refuse_flawed(reply, "")
        except AnswerError:
            return False
        is_same = sha256(reply.body).hexdigest() == known.digest
        if is_same:
            self._note(name, reply)
        return is_same

    def _fetch(self, subrequest: Subrequest, name: str, target: str, headers: tuple[tuple[str, str], ...]) -> Reply:
        """Return the answer; callers that ask for the same meanwhile share it. Raises AnswerError."""
        return run_at_home(lambda: self._fetch_here(subrequest, name, target, headers))

    def _fetch_here(
        self, subrequest: Subrequest, name: str, target: str, headers: tuple[tuple[str, str], ...]
    ) -> Reply:
        path = target.partition("?")[0]  # without the host: visitors can make up both, and each may cost a thread
        hang = self._hanging.get(path)
        if hang is not None and self._clock() < hang.until:
            raise AnswerError(f"not within {TIMEOUT_S:g} seconds, of late")
        if (lost := self._subrequests.lost) >= MAX_LOST_THREADS:
            raise AnswerError(f"not at all, with {lost} answers overdue")
        future = self._subrequests.submit((name, headers), lambda: subrequest(target, headers))
        wait((future,), TIMEOUT_S + GRACE_S)
        self._subrequests.give_up((name, headers), future)
        if future.cancelled():  # no thread was free for it
            raise AnswerError(f"not within {TIMEOUT_S:g} seconds")
        error = future.exception() if future.done() else TimeoutError()
        if isinstance(error, TimeoutError):
            self._note_hang(path)
            raise AnswerError(f"not within {TIMEOUT_S:g} seconds") from error
        self._hanging.pop(path, None)
        if error is not None:
            raise AnswerError(f"with {error!r}") from error
        return future.result()

    def _note_hang(self, path: str) -> None:
        """Have *path* not asked for in a time that doubles with each such question."""
        now, before = self._clock(), self._hanging.get(path)
        if before is not None and now < before.until:  # another caller waited for the same answer
            return
        wait_s = min(2 * before.wait_s, MAX_HANG_S) if before else HANG_S
        if before is None:
            make_room(self._hanging, MAX_KNOWN)
        self._hanging[path] = _Hang(now + wait_s, wait_s)

    def _note(self, name: str, reply: Reply) -> str:
        """Remember an answer, and return its digest. Raises AnswerError for one that changes too often."""
        digest, now, before = sha256(reply.body).hexdigest(), self._clock(), self._answers.get(name)
        changes = before.changes if before else ()
        if before and before.digest not in ("", digest):
            changes = (*changes, now)[-MAX_CHANGES:]
        self._remember(name, _Answer(digest, _validators(reply), now + _freshness(reply), changes))
        if len(changes) == MAX_CHANGES and now - changes[0] < CHANGES_S and name not in self._restless:
            make_room(self._restless, MAX_KNOWN)
            self._restless[name] = None
            logger.warning(
                "%s was not bundled and stays a file: the application's answer changed %d times in %d s",
                name, MAX_CHANGES, now - changes[0],
            )  # fmt: skip
        if name in self._restless:
            raise AnswerError("with another text each time")
        return digest

    def _admit(self, name: str) -> None:
        """Raise AnswerError for a query that is one of too many: each would be a bundle of its own."""
        path, _, query = name.partition("?")
        queries = self._queries.get(path)
        if queries is None:
            make_room(self._queries, MAX_KNOWN)
            queries = self._queries[path] = set()
        if query not in queries and len(queries) >= MAX_QUERIES:
            raise AnswerError(f"under more than {MAX_QUERIES} queries")
        queries.add(query)

    def _remember(self, name: str, known: _Answer) -> None:
        if name not in self._answers:
            make_room(self._answers, MAX_KNOWN)
        self._answers[name] = known


def _is_own(target: str, page: Page) -> bool:
    """Tell whether *target* is a path below the application's mount point."""
    path = target.partition("?")[0]
    is_path = path.startswith("/") and not _ODD.search(path)
    return is_path and (not page.mount or target.startswith(f"{page.mount}/"))


def _name_of(target: str, page: Page) -> str:
    # Another host may be another site to the application.
    return f"{ANSWER}{page.host.lower()} {target}"


def _refuse_flawed(reply: Reply, media_type: str | None) -> None:
    """Raise AnswerError if an answer may not be used. *media_type* is the type that the page gives it, if any."""
    if reply.status != HTTPStatus.OK:
        raise AnswerError(f"with status {reply.status}")
    if len(reply.body) > MAX_ANSWER_BYTES:
        raise AnswerError(f"with more than {MAX_ANSWER_BYTES} bytes")
    essence, charset = content_type_of(reply.headers)
    if charset and not is_utf8(charset) and not reply.body.isascii():
        raise AnswerError(f"in {charset}")
    if essence == "text/html" or (media_type is None and not _kind_of(reply)):
        raise AnswerError(f"with {essence or 'no type'}")
    for name, value in reply.headers:
        if reason := _objection(name.lower(), value):
            raise AnswerError(reason)


def _objection(name: str, value: str) -> str:
    """Return the reason why an answer with this header may not be used, "" if it may.

    It would not be the same for everybody, or its body is encoded.
    """
    words = {word.partition("=")[0].strip().lower() for word in value.split(",")}
    match name:
        case "set-cookie":
            return "with a cookie"
        case "content-encoding" if words - {"", "identity"}:
            return f"encoded ({value})"
        case "cache-control" if words & {"private", "no-store", "no-transform"}:
            return f"with Cache-Control: {value}"
        case "vary" if words - _KNOWS_NO_READER - {""}:
            return f"with Vary: {value}"
    return ""


def _kind_of(reply: Reply) -> str:
    """Return the media type of a stylesheet or script, "" for any other answer."""
    essence, _ = content_type_of(reply.headers)
    return MEDIA_TYPES["js"] if essence in SCRIPT_TYPES else essence if essence == MEDIA_TYPES["css"] else ""


def _content(reply: Reply) -> bytes:
    """Return the body, with a byte order mark if its header says UTF-8: that overrides any charset in the page."""
    _, charset = content_type_of(reply.headers)
    return b"\xef\xbb\xbf" + reply.body if is_utf8(charset) else reply.body


def _validators(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Return the conditional headers that ask whether an answer has changed (RFC 9110, 13.1)."""
    tags, dates = _values(reply.headers, "etag"), _values(reply.headers, "last-modified")
    conditions = (("If-None-Match", tags), ("If-Modified-Since", dates))
    return next((((name, values[0]),) for name, values in conditions if values), ())


def _freshness(reply: Reply) -> float:
    """Return the seconds that an answer counts as unchanged by its Cache-Control (RFC 9111, 4.2.1)."""
    found = _MAX_AGE.search(",".join(_values(reply.headers, "cache-control")))
    return min(float(found[1]), MAX_FRESH_S) if found else 0.0


def _values(headers: Iterable[tuple[str, str]], wanted: str) -> list[str]:
    return [value for name, value in headers if name.lower() == wanted]
