"""Log lines for operators: each cause once, with the place and the cure, so that a busy site fills no log."""

import logging

from pressmark.concurrency.bounded import make_room
from pressmark.errors import RegionError
from pressmark.model import Region

logger = logging.getLogger("pressmark")

BACKGROUND = "where a build takes longer than build_wait, build ahead by `pressmark build`, or let build_wait be None"
"""What is told with the first region whose build is not waited for."""
LOST = (
    "if several hosts serve this site, set `store` or `secret`, so that each serves what others name; else it is of a "
    "page from before the cache was cleared"
)
"""What is told with the first request for a bundle that is nowhere."""
MAX_CAUSES = 4096
MAX_PAGES = 8
"""The number of pages that the log names for one fault of their markup or headers."""


class LogOnce:
    """Logs regions and pages that were left alone, and remembers the causes that it has logged.

    A host that *shares_nothing* tells what could be shared, when it lacks something.
    """

    def __init__(self, *, shares_nothing: bool = False) -> None:
        self._causes: set[str] = set()
        self._pages: dict[str, set[str]] = {}
        self._is_told_of_background = False
        self._tells_of_lost = shares_nothing

    def region(self, region: Region, path: str, error: Exception) -> None:
        """Log why *region* of the page at *path* was not bundled, once per cause."""
        cause = cause_of(error)
        if cause in self._causes:
            return
        if len(self._causes) >= MAX_CAUSES:
            self._causes.clear()
        self._causes.add(cause)
        if isinstance(error, RegionError):
            logger.warning("%s region on %s was not bundled: %s", region.kind, path, error)
        else:
            logger.error("%s region on %s was not bundled", region.kind, path, exc_info=error)

    def background(self, region: Region, path: str) -> None:
        """Log that the build of *region* goes on while the page at *path* leaves: the first time as a warning."""
        level, advice = (logging.INFO, "") if self._is_told_of_background else (logging.WARNING, f"; {BACKGROUND}")
        self._is_told_of_background = True
        logger.log(level, "%s region on %s was not bundled this time: its build goes on%s", region.kind, path, advice)

    def page(self, path: str, cause: str) -> None:
        """Log *cause*, why the page at *path* was not bundled, once for each of a few pages."""
        if self._is_new(path, cause):
            logger.warning("page %s was not bundled: %s", path, cause)

    def marker(self, path: str, cause: str) -> None:
        """Log *cause*, why a marker in the page at *path* belongs to no region, once for each of a few pages."""
        if self._is_new(path, cause):
            logger.warning("marker on %s was ignored: %s", path, cause)

    def request(self, path: str, cause: str) -> None:
        """Log *cause*, why a request for the file at *path* was answered with 503, once for each of a few files."""
        if self._is_new(path, cause):
            logger.warning("request for %r was answered with 503: %s", path, cause)

    def lost(self, kind: str, name: str) -> None:
        """Log that the bundle *name* was asked for and is nowhere: the first time on a host that shares nothing."""
        if self._tells_of_lost:
            self._tells_of_lost = False
            logger.warning("bundle %s/%s was asked for, and this host does not have it: %s", kind, name, LOST)

    def _is_new(self, path: str, cause: str) -> bool:
        if cause not in self._pages:
            make_room(self._pages, MAX_CAUSES)
        pages = self._pages.setdefault(cause, set())
        if path in pages or len(pages) >= MAX_PAGES:
            return False
        pages.add(path)
        return True

    def forget(self, cause: str) -> None:
        """Have the error of this *cause* logged again when it comes back: it is mended."""
        self._causes.discard(cause)


def cause_of(error: Exception) -> str:
    """Return the text by which *error* is known."""
    return f"{type(error).__name__}: {error}"
