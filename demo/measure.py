"""Measures what a browser has to fetch for each page, in both forms, by asking the running application.

Only the stylesheets and scripts that a page refers to are counted. Both forms are compressed here, with the
same settings, so that they are measured alike.
"""

import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from textwrap import dedent
from threading import Lock
from urllib.parse import unquote, urljoin, urlsplit

import brotli

from demo.bridge import Answer
from demo.shared import FRAMEWORKS, PAGES

Fetch = Callable[[str], Answer]

GZIP_LEVEL = 6
BROTLI_QUALITY = 5
_ORIGIN = "http://localhost"


class MeasureError(Exception):
    """A page or one of its files could not be fetched."""


@dataclass(frozen=True)
class Size:
    """Number of stylesheets and scripts of a page and their bytes."""

    requests: int
    raw: int
    gzip: int
    brotli: int


@dataclass(frozen=True)
class Row:
    """One page of one framework: its URL below the server's root and the size of both forms."""

    framework: str
    page: str
    url: str
    plain: Size
    bundled: Size


@dataclass(frozen=True)
class Report:
    """All rows, and one region as the framework wrote it and as it left the server."""

    rows: tuple[Row, ...]
    before: str
    after: str

    def pages(self) -> list[tuple[str, list[Row]]]:
        """Return each page with its rows."""
        return [(page, [row for row in self.rows if row.page == page]) for page in PAGES]


class Measurements:
    """The report, made when it is first asked for and kept for *keep* seconds."""

    def __init__(self, fetch: Fetch, keep: float = 60.0) -> None:
        self._fetch = fetch
        self._keep = keep
        self._lock = Lock()
        self._report: Report | None = None
        self._until = 0.0

    def report(self) -> Report:
        """Return the report. Raises MeasureError."""
        with self._lock:
            if self._report is None or time.monotonic() >= self._until:
                self._report = measure(self._fetch)
                self._until = time.monotonic() + self._keep
            return self._report


def measure(fetch: Fetch) -> Report:
    """Return a new report of all pages of all frameworks. Raises MeasureError."""
    rows = []
    for page in PAGES:
        for framework in FRAMEWORKS:
            url = f"/{framework}/{page}/"
            bundled, plain = _size(fetch, url), _size(fetch, f"{url}?plain")
            rows.append(Row(framework, page, url, plain, bundled))
    before, after = region(_text(fetch, f"{rows[0].url}?plain"), _text(fetch, rows[0].url))
    return Report(tuple(rows), before, after)


def references(html: str) -> list[str]:
    """Return the URLs of the page's stylesheets and scripts, in order."""
    parser = _References()
    parser.feed(html)
    parser.close()
    return parser.found


def region(plain: str, bundled: str) -> tuple[str, str]:
    """Return the first region of the plain page, and what stands in its place in the bundled page."""
    match = re.search(r"[ \t]*<!-- compress .*?<!-- endcompress -->", plain, re.DOTALL)
    if match is None:
        return "", ""
    following = plain[match.end() : match.end() + 80]
    end = bundled.find(following, match.start())
    return dedent(match[0]), dedent(bundled[match.start() : end]).strip()


class _References(HTMLParser):
    # Conditional comments are comments to this parser, as they are to every browser of today.
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        url: str | None = None
        if tag == "script":
            url = values.get("src")
        elif tag == "link" and "stylesheet" in (values.get("rel") or "").lower().split():
            url = values.get("href")
        if url:
            self.found.append(url)


def _size(fetch: Fetch, page: str) -> Size:
    contents = [_get(fetch, target) for target in _local(page, references(_text(fetch, page)))]
    return Size(
        requests=len(contents),
        raw=sum(map(len, contents)),
        gzip=sum(len(gzip.compress(content, GZIP_LEVEL, mtime=0)) for content in contents),
        brotli=sum(len(brotli.compress(content, quality=BROTLI_QUALITY)) for content in contents),
    )


def _local(page: str, urls: list[str]) -> list[str]:
    host = urlsplit(_ORIGIN).netloc
    absolute = [urlsplit(urljoin(_ORIGIN + page, url)) for url in urls]
    local = [unquote(url.path) + (f"?{url.query}" if url.query else "") for url in absolute if url.netloc == host]
    return list(dict.fromkeys(local))  # a browser fetches a file that is named twice only once


def _text(fetch: Fetch, target: str) -> str:
    return _get(fetch, target).decode("utf-8")


def _get(fetch: Fetch, target: str) -> bytes:
    answer = fetch(target)
    if answer.status != 200:
        raise MeasureError(f"{target} answered {answer.status}")
    return answer.body
