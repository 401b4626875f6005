"""What each page named the last time, so that browsers can load it before the page is made (RFC 8297)."""

from pressmark.bounded import make_room

MAX_PAGES = 4096


class Hints:
    """The values of ``Link`` headers by the paths of pages. *are_early* tells that they go before the page, too."""

    def __init__(self, *, are_early: bool) -> None:
        self._links: dict[str, tuple[str, ...]] = {}
        self._are_early = are_early

    def recall(self, path: str) -> tuple[str, ...]:
        """Return what the page at *path* named the last time."""
        return self._links.get(path, ())

    def early(self, path: str, method: str, fetch_mode: str) -> tuple[str, ...]:
        """Return what to name before the page at *path* is made.

        Only to who goes to a page with a browser (Fetch Metadata, 2.2): other clients take a 103 for the answer.
        """
        is_navigation = method == "GET" and fetch_mode == "navigate"
        return self.recall(path) if self._are_early and is_navigation else ()

    def note(self, path: str, links: tuple[str, ...]) -> None:
        """Remember what the page at *path* has named."""
        if self._links.get(path, ()) != links:
            make_room(self._links, MAX_PAGES)
            self._links[path] = links
