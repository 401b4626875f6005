"""Visit the pages of an application in this process, and find the pages that they link to."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import quote, urljoin, urlsplit

from pressmark.model import Reply

Load = Callable[[str], Reply]
"""Gives the reply to a path with its query, once all regions of the page are built. Raises anything."""

_AS_IS = "%/:@!$&'()*+,;=~-._?"
MAX_LINKED = 10_000
"""The paths after which those that pages link to are visited no more."""
MAX_QUERIES = 3
"""How often a path is visited that pages link to with different queries: a list may be in any order."""
_LOCATION = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")


@dataclass(slots=True)
class Visited:
    """A page that was asked for: its *status*, or the *fault* for which there is none. *is_wanted* if it was named."""

    path: str
    is_wanted: bool
    status: int = 0
    fault: str = ""

    @property
    def is_page(self) -> bool:
        """Tell whether it is a page, and no redirect or error."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_failure(self) -> bool:
        """Tell whether the application failed."""
        return bool(self.fault) and (not self.status or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR)


@dataclass(slots=True)
class Visits:
    """The paths of *host* that are still to be visited, each once.

    If it *follows*, pages add those that they link to, but for those that *excluded* is found in.
    """

    load: Load
    host: str = "localhost"
    follows: bool = False
    excluded: re.Pattern[str] | None = None
    limit: int = field(default_factory=lambda: MAX_LINKED)
    is_cut: bool = False  # whether there were more
    seen: set[str] = field(default_factory=set)
    linked: Counter[str] = field(default_factory=Counter)
    waiting: deque[tuple[str, bool]] = field(default_factory=deque)

    def add(self, paths: Iterable[str], *, is_wanted: bool) -> None:
        """Add *paths*; those that are *is_wanted* must be pages, and are visited beyond the *limit*, too."""
        for path in paths:
            if path in self.seen:
                continue
            if len(self.seen) >= self.limit and not is_wanted:
                self.is_cut = True
            else:
                self.seen.add(path)
                self.waiting.append((path, is_wanted))

    def __iter__(self) -> Iterator[Visited]:
        while self.waiting:
            yield self._visit(*self.waiting.popleft())

    def _visit(self, path: str, is_wanted: bool) -> Visited:
        visited = Visited(path, is_wanted)
        try:
            reply = self.load(path)
        except Exception as error:  # the application's
            visited.fault = f"it raised {type(error).__name__}: {error}"
            return visited
        visited.status = reply.status
        headers = {name.lower(): value for name, value in reply.headers}
        target = local_path(headers.get("location", ""), path, self.host)
        if HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
            visited.fault = f"it leads to {headers.get('location', 'nowhere')}"
            is_left_out = target and not is_wanted and self.excluded and self.excluded.search(target)
            self.add([target] if target and not is_left_out else [], is_wanted=is_wanted)
        elif not visited.is_page:
            visited.fault = f"its status is {reply.status}"
        elif self.follows and "html" in headers.get("content-type", ""):
            links = links_in(reply.body.decode("utf-8", "replace"), path, self.host)
            self.add(filter(self._is_followed, links), is_wanted=False)
        return visited

    def _is_followed(self, path: str) -> bool:
        if path in self.seen or (self.excluded and self.excluded.search(path)):
            return False
        name = path.partition("?")[0]
        self.linked[name] += 1
        return self.linked[name] <= MAX_QUERIES


def paths_in_sitemap(body: bytes) -> list[str]:
    """Return the paths of the pages that a sitemap names (sitemaps.org), whatever their host."""
    locations = _LOCATION.findall(body.decode("utf-8", "replace"))
    return [path for location in locations if (path := path_of(location.replace("&amp;", "&")))]


def path_of(url: str) -> str | None:
    """Return the path and query of *url*, percent-encoded, without its host; ``None`` for another scheme."""
    parts = urlsplit(url)
    if parts.scheme not in ("", "http", "https"):
        return None
    return quote(parts.path or "/", safe=_AS_IS) + (f"?{quote(parts.query, safe=_AS_IS)}" if parts.query else "")


def local_path(reference: str, base: str, host: str) -> str | None:
    """Return the path that *reference* on the page *base* of *host* leads to, ``None`` if that is another site's."""
    url = urljoin(f"http://{host}{base}", reference.partition("#")[0].strip())
    return path_of(url) if reference and urlsplit(url).netloc == host else None


def links_in(html: str, base: str, host: str) -> list[str]:
    """Return the paths of *host* to which its page *base* links."""
    finder = _Links()
    finder.feed(html)
    return [path for reference in finder.found if (path := local_path(reference, base, host))]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            values = dict(attrs)
            if "download" not in values and "nofollow" not in (values.get("rel") or ""):
                self.found += [values["href"]] if values.get("href") else []  # type: ignore[list-item]
