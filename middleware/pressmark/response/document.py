"""Bundle the regions of an HTML document that is no response: a mail, a document that becomes a PDF, a fragment."""

from concurrent.futures import wait

from pressmark.response.exchange import Cold, Core, Exchange
from pressmark.response.visit import Location

_HEADERS = [("Content-Type", "text/html; charset=utf-8")]


class _NoRequest:
    """The visit of a document that nobody has asked for."""

    method, query, condition = "GET", "", None

    def __init__(self, location: Location) -> None:
        self._location = location

    def locate(self) -> Location:
        return self._location


def bundle_document(core: Core, html: str, location: Location, *, is_response: bool = False) -> str:
    """Return *html* with its regions bundled, as if it were a page at *location*; it *is_response* if one will be it.

    Blocks until all bundles are there, as a document is made once. Raises TypeError and ValueError for arguments that
    are no document or page, and RegionError only if strict.
    """
    if not isinstance(html, str):
        raise TypeError(f"html is a {type(html).__name__}; it must be a str: decode bytes first")
    if not location.path.startswith("/"):
        raise ValueError(f"path is {location.path!r}; it must be the path of a page, such as '/mails/'")
    # Who makes a document serves no bundle: another process does.
    location = location._replace(is_document=not is_response, has_siblings=True)
    exchange = Exchange(core, _NoRequest(location), 200, _HEADERS)
    pieces: list[bytes] = []
    for event in exchange.feed(html.encode("utf-8", "surrogatepass"), is_last=True):
        if isinstance(event, Cold):
            wait((event.future,))
        elif isinstance(event, bytes):
            pieces.append(event)
    return b"".join(pieces).decode("utf-8", "surrogatepass") if exchange.is_changed else html
