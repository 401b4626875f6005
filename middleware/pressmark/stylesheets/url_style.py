"""The style in which bundles write the URLs of images and fonts: with a fingerprint, relative, or as ``data:`` URLs."""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256
from posixpath import relpath

from pressmark.errors import AssetError
from pressmark.model import Asset
from pressmark.protocols import Read
from pressmark.syntax.urls import as_asked, origin_of, without_query

_ANY = "application/octet-stream"
# The file endings of images, with the media types by which browsers load them from a data: URL.
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
# A path that not every server and browser takes apart in the same way.
_ODD = re.compile(r"//|\\|/\.|%2e", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UrlStyle:
    """A style in which URLs are written.

    *fingerprint* is "content", "mtime" or ``None``; local images up to *max_data_bytes* become ``data:`` URLs; *folder*
    is the path or URL of the bundles if URLs are to be relative to them, else ``None``. Those in *fixed*, as browsers
    ask for them, stay.
    """

    fingerprint: str | None = None
    max_data_bytes: int = 0
    folder: str | None = None
    fixed: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The text that names the style."""
        fixed = " ".join(sorted(self.fixed)) if self.reads else ""
        return f"{self.fingerprint} {self.max_data_bytes} {self.folder} {fixed}"

    @property
    def reads(self) -> bool:
        """Tell whether the files of URLs are read."""
        return self.fingerprint is not None or self.max_data_bytes > 0

    def written(self, url: str, read: Read) -> str:
        """Return *url*, an absolute path or a URL, in this style. *read* gives the asset there."""
        asset = self._target(url, read) if self.reads and as_asked(url) not in self.fixed else None
        if asset is None:
            return url
        if len(asset.content) <= self.max_data_bytes and asset.media_type != _ANY and "#" not in url:
            return f"data:{asset.media_type};base64,{base64.b64encode(asset.content).decode('ascii')}"
        return self._fingerprinted(url, asset)

    def relative(self, url: str) -> str:
        """Return *url* relative to the bundles' folder, if the style asks for that; else as it is."""
        origin = origin_of(self.folder or "")
        below = url.removeprefix(origin)
        path = without_query(below)
        if self.folder is None or origin_of(below) or not path.startswith("/") or _ODD.search(path):
            return url
        relative = relpath(path, self.folder.removeprefix(origin))
        slash = "/" if path.endswith("/") and relative != "." else ""
        return ("./" if ":" in relative.partition("/")[0] else "") + relative + slash + below[len(path) :]

    def _target(self, url: str, read: Read) -> Asset | None:
        """Return the asset at *url* if it is ours; ``None`` for any other or a missing one, whose URL stays."""
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
