"""The visit of a page: its request, and the page as request and head describe it."""

from http import HTTPStatus
from itertools import islice
from typing import NamedTuple, Protocol

from pressmark.http.headers import Headers, charset_of, policies_of
from pressmark.model import Page, Subrequest
from pressmark.page.preloads import MAX_PRELOADS, preloads_of_links


class Location(NamedTuple):
    """The location of a page, by its request: see ``Page``.

    It *is_behind_route* if requests for bundles do not come this way. It *has_siblings* if the server may ask other
    processes for its bundles, ``None`` if it does not tell. A page that *is_document* is no response.
    """

    mount: str
    path: str
    host: str = ""
    subrequest: Subrequest | None = None
    is_behind_route: bool = False
    has_siblings: bool | None = None
    is_document: bool = False


class Visit(Protocol):
    """The request of a response, read no earlier than needed."""

    @property
    def method(self) -> str: ...

    @property
    def query(self) -> str: ...

    @property
    def condition(self) -> str | None:
        """The If-None-Match that was hidden from the application, as it holds a tag of ours."""

    def locate(self) -> Location:
        """Return the location of the page."""


def describe_page(
    location: Location, headers: Headers, *, status: int = 200, is_explained: bool = False, is_plain: bool = False
) -> Page:
    """Return the page at *location* that leaves with *status* and *headers*."""
    links = [value for name, value in headers if name.lower() == "link"]
    return Page(
        mount=location.mount,
        path=location.path,
        host=location.host,
        charset=charset_of(headers),
        policies=policies_of(headers),
        is_explained=is_explained,
        is_plain=is_plain,
        subrequest=location.subrequest,
        is_behind_route=location.is_behind_route,
        has_siblings=location.has_siblings,
        is_document=location.is_document,
        as_expected=status < HTTPStatus.BAD_REQUEST,
        preloads=tuple(islice(preloads_of_links(links), MAX_PRELOADS)) if links else (),
        has_module_links=any("modulepreload" in link.lower() for link in links),
    )
