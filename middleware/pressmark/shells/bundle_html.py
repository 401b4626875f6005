"""The function for documents that are no responses: mails, and others that are sent or kept by other means."""

from typing import Unpack

from pressmark.assembly import assemble
from pressmark.concurrency.after_fork import renew_after_fork
from pressmark.concurrency.green import native_lock
from pressmark.response.document import bundle_document
from pressmark.response.exchange import Core
from pressmark.response.visit import Location
from pressmark.settings import Options, Settings

MAX_CORES = 8
"""The settings whose parts are kept: assembled for each document, they would leave threads and open files behind."""


def bundle_html(html: str, settings: Settings | None = None, *, path: str = "/", **options: Unpack[Options]) -> str:
    """Return *html* with its regions bundled: a mail, a document that becomes a PDF, a fragment sent by other means.

    Keyword arguments are the fields of Settings; or *settings* is one. Relative URLs are relative to *path*, the URL
    path of a page. Blocks until all bundles are there. A region that cannot be built stays as it was written, with its
    markers. Raises SettingsError and, if strict, RegionError.
    """
    return bundle_at(Location("", path), html, Settings.of(settings, options))


def bundle_at(location: Location, html: str, settings: Settings) -> str:
    """Return *html* bundled as a page at *location*. Raises as ``bundle_html``."""
    return bundle_document(_cores.of(settings), html, location)


class _Cores:
    """The cores of the latest settings."""

    def __init__(self) -> None:
        self._known: list[tuple[Settings, Core]] = []
        self.renew()
        renew_after_fork(self)

    def renew(self) -> None:
        self._lock = native_lock()

    def of(self, settings: Settings) -> Core:
        """Return the core of *settings*, made once."""
        with self._lock:
            core = next((core for known, core in self._known if known == settings), None) or assemble(settings)
            self._known = [(settings, core), *(pair for pair in self._known if pair[1] is not core)][:MAX_CORES]
            return core


_cores = _Cores()
