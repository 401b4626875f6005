"""The early hints of each page: the Link values of its last response, sent before the next one is made (RFC 8297)."""

from pressmark.concurrency.bounded import make_room
from pressmark.model import Page

MAX_PAGES = 4096
MAX_KEY_CHARACTERS = 512
"""Pages with a longer host and path are not remembered: anybody can make them up."""


class EarlyHints:
    """The values of ``Link`` headers by the hosts and paths of pages.

    With *are_early* they are also sent before the page, as 103.
    """

    def __init__(self, *, are_early: bool) -> None:
        self._links: dict[str, tuple[str, ...]] = {}
        self._are_early = are_early

    def cached_links(self, page: Page) -> tuple[str, ...]:
        """Return the links of the last response for *page*."""
        return self._links.get(_key(page.host, page.path), ())

    def links_before(self, host: str, path: str, method: str, fetch_mode: str) -> tuple[str, ...]:
        """Return the links to send before a page is made.

        They go only to a browser that navigates (Fetch Metadata, 2.2): other clients may take a 103 for the answer.
        """
        is_navigation = method == "GET" and fetch_mode == "navigate"
        return self._links.get(_key(host, path), ()) if self._are_early and is_navigation else ()

    def remember(self, page: Page, links: tuple[str, ...]) -> None:
        """Remember *links* as those of *page*."""
        key = _key(page.host, page.path)
        if self._links.get(key, ()) != links and len(key) <= MAX_KEY_CHARACTERS:
            make_room(self._links, MAX_PAGES)
            self._links[key] = links


def _key(host: str, path: str) -> str:
    return host.lower() + path
