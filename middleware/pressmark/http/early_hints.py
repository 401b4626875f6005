"""What each page named the last time, so that browsers can load it before the page is made (RFC 8297)."""

from pressmark.concurrency.bounded import make_room
from pressmark.model import Page

MAX_PAGES = 4096
MAX_KEY_CHARACTERS = 512
"""Pages with a longer address than that are not remembered: anybody can make them up."""


class EarlyHints:
    """The values of ``Link`` headers by the hosts and paths of pages.

    *are_early* tells that they go before the page, too.
    """

    def __init__(self, *, are_early: bool) -> None:
        self._links: dict[str, tuple[str, ...]] = {}
        self._are_early = are_early

    def cached_links(self, page: Page) -> tuple[str, ...]:
        """Return what *page* named the last time."""
        return self._links.get(_key(page.host, page.path), ())

    def links_before(self, host: str, path: str, method: str, fetch_mode: str) -> tuple[str, ...]:
        """Return what to name before a page is made.

        Only to who goes to a page with a browser (Fetch Metadata, 2.2): other clients take a 103 for the answer.
        """
        is_navigation = method == "GET" and fetch_mode == "navigate"
        return self._links.get(_key(host, path), ()) if self._are_early and is_navigation else ()

    def remember(self, page: Page, links: tuple[str, ...]) -> None:
        """Remember that *page* has named *links*."""
        key = _key(page.host, page.path)
        if self._links.get(key, ()) != links and len(key) <= MAX_KEY_CHARACTERS:
            make_room(self._links, MAX_PAGES)
            self._links[key] = links


def _key(host: str, path: str) -> str:
    return host.lower() + path
