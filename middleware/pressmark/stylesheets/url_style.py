"""Say how bundles write the URLs of images and fonts: fingerprinted, relative to themselves, as what they hold."""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256
from posixpath import relpath

from pressmark.errors import AssetError
from pressmark.model import Asset
from pressmark.protocols import Read
from pressmark.syntax.urls import origin_of, without_query

_ANY = "application/octet-stream"
# What a browser takes for an image wherever it comes from.
_IMAGES = {
    "avif": "image/avif",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
# A path that not every reader takes apart in the same way.
_ODD = re.compile(r"//|\\|/\.|%2e", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UrlStyle:
    """How URLs are written.

    *fingerprint* is "content", "mtime" or ``None``; local images up to *max_data_bytes* become ``data:`` URLs; *folder*
    is the path of the bundles, where URLs are to be relative to them.
    """

    fingerprint: str | None = None
    max_data_bytes: int = 0
    folder: str | None = None

    @property
    def key(self) -> str:
        """The text that names the style."""
        return f"{self.fingerprint} {self.max_data_bytes} {self.folder}"

    @property
    def reads(self) -> bool:
        """Tell whether what URLs refer to is looked at."""
        return self.fingerprint is not None or self.max_data_bytes > 0

    def written(self, url: str, read: Read) -> str:
        """Return what is written for *url*, an absolute path or a URL. *read* gives what is there."""
        asset = self._target(url, read) if self.reads else None
        if asset is None:
            return url
        if len(asset.content) <= self.max_data_bytes and asset.media_type != _ANY and "#" not in url:
            return f"data:{asset.media_type};base64,{base64.b64encode(asset.content).decode('ascii')}"
        return self._fingerprinted(url, asset)

    def relative(self, url: str) -> str:
        """Return *url* as seen from a bundle, if it is to be so."""
        path = without_query(url)
        if self.folder is None or origin_of(url) or not path.startswith("/") or _ODD.search(path):
            return url
        seen = relpath(path, self.folder)
        slash = "/" if path.endswith("/") and seen != "." else ""
        return ("./" if ":" in seen.partition("/")[0] else "") + seen + slash + url[len(path) :]

    def _target(self, url: str, read: Read) -> Asset | None:
        """Return what is at *url* if that is a file of ours. A missing one fails as it did before."""
        if not url.startswith(("/", "http:", "https:")):
            return None
        ending = without_query(url).rpartition(".")[2].lower()
        try:
            asset = read(url.partition("#")[0].replace(" ", "%20"), _IMAGES.get(ending, _ANY))
        except AssetError:
            return None
        return None if asset is None or asset.flaw else asset

    def _fingerprinted(self, url: str, asset: Asset) -> str:
        if self.fingerprint is None:
            return url
        mtime_s = asset.sources[0].mtime_s if self.fingerprint == "mtime" and asset.sources else None
        raw = asset.content if mtime_s is None else str(mtime_s).encode("ascii")
        target, hash_, fragment = url.partition("#")
        return f"{target}{'&' if '?' in target else '?'}{sha256(raw).hexdigest()[:12]}{hash_}{fragment}"


PLAIN_URLS = UrlStyle()
"""URLs from the root, as they are."""
