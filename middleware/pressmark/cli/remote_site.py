"""Fetch a page and its files from a running site. Only the command line does so; the middleware fetches nothing."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import quote, urlsplit

from pressmark.errors import AssetError
from pressmark.model import MEDIA_TYPES, Asset, Page, Source

TIMEOUT_S = 30.0
MAX_BYTES = 32 << 20


class FetchError(Exception):
    """A URL could not be fetched; *reason* is the cause."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"cannot fetch {url}: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """A response after redirects. *origin* is scheme and host, *path* the path of its own address."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    origin: str
    host: str
    path: str


def fetch(url: str) -> Answer:
    """Return the answer of *url*, after redirects. Raises FetchError."""
    try:
        address = quote(url, safe="%/:?#[]@!$&'()*+,;=~")  # people type an é without escaping it
        request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})  # noqa: S310  # http(s) only
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            parts = urlsplit(answer.url)
            body = answer.read(MAX_BYTES + 1)
            headers = tuple(answer.headers.items())
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchError(url, f"{error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(url, str(error)) from error
    if len(body) > MAX_BYTES:
        raise FetchError(url, f"it is larger than {MAX_BYTES} bytes")
    return Answer(answer.status, headers, body, f"{parts.scheme}://{parts.netloc}", parts.netloc, parts.path or "/")


class Fetched:
    """A resolver that fetches the paths of one site."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def read(self, url: str, page: Page, media_type: str | None = None) -> Asset | None:
        """Return the asset at *url*, ``None`` for another site's. Raises AssetError."""
        media_type = media_type or MEDIA_TYPES.get(urlsplit(url).path.rpartition(".")[2].lower())
        if media_type is None or not url.startswith("/"):
            return None
        try:
            content = fetch(self._origin + url).body
        except FetchError as error:
            raise AssetError(url, f"cannot be fetched from {self._origin}: {error.reason}") from error
        return Asset(url, media_type, content, (Source(self._origin + url, "", None),))

    def partials(self, asset: Asset) -> tuple[Source, ...]:
        """Return no partials: a site does not list the files beside another."""
        return ()

    def is_current(self, source: Source, page: Page) -> bool:
        """Return ``False``: a fetched file may have changed."""
        return False
