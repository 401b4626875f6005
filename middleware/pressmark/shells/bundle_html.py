"""The function for documents that are no responses. Each call starts anew, with what is stored."""

from typing import Unpack

from pressmark.assembly import assemble
from pressmark.response.document import bundle_document
from pressmark.response.visit import Location
from pressmark.settings import Options, Settings


def bundle_html(html: str, settings: Settings | None = None, *, path: str = "/", **options: Unpack[Options]) -> str:
    """Return *html* with its regions bundled: a mail, a page for a printer, a fragment that is sent by other means.

    Keyword arguments are the fields of Settings; or *settings* is one. Relative URLs are relative to *path*, the URL
    path of a page. Blocks until all bundles are there. A region that cannot be built stays as it was written, with its
    markers. Raises SettingsError and, if strict, RegionError.
    """
    return bundle_document(assemble(Settings.of(settings, options)), html, Location("", path))
