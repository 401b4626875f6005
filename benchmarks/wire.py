"""What a browser loads of a page's stylesheets and scripts: ``python -m benchmarks.wire``.

The demo's larger page, visited first, and again after one line of one script was changed: its files as they were, the
same files as WhiteNoise sends them with Brotli, what django-compressor makes of them with its own default filters, sent
likewise, and what Pressmark sends to Chromium. Counted are the bytes of the bodies, without headers, and the requests;
what a browser has under the same address it does not ask for again. The peers come with
``pip install -e . --group bench``.
"""

import base64
import re
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import brotli
import django
from django.conf import settings

from benchmarks.cold_build import CHANGED, load
from benchmarks.endpoint import Headers
from benchmarks.report.tables import Table, publish
from pressmark import WSGIMiddleware
from tests.site import TAG, wait_for_background

CHROMIUM = "gzip, deflate, br, zstd, dcb, dcz"
_REGION = re.compile(r"<!-- compress (css|js)[^>]*-->(.*?)<!-- endcompress -->", re.DOTALL)

Visit = dict[str, bytes]  # address -> what it says there
Sizes = dict[str, int]  # address -> bytes of the body as it is sent


def make_site(directory: Path) -> bytes:
    """Write the files of the demo's page and return its regions, as a page."""
    regions, loaded = load()
    page = b"".join(region.raw for region in regions)
    for number, (url, content) in enumerate(sorted(loaded.files.items())):
        path = f"{number:02}/{url.rpartition('/')[2]}"
        (directory / path).parent.mkdir()
        (directory / path).write_bytes(content)
        page = page.replace(f'"{url}"'.encode(), f'"/static/{path}"'.encode())
    return page


def change(directory: Path) -> None:
    """Change one line."""
    [path] = directory.glob(f"*/{CHANGED}")
    path.write_text(path.read_text() + "console.info('changed');\n")


def files(directory: Path) -> Visit:
    """Return the files as they are."""
    return {str(path): path.read_bytes() for path in sorted(directory.glob("*/*.*"))}


def hashed(visit: Visit) -> Visit:
    """Return *visit* with a new address for each content."""
    return {sha256(content).hexdigest(): content for content in visit.values()}


def compressed(visit: Visit) -> Sizes:
    """Return what WhiteNoise would send, once its compressor has run."""
    return {url: len(brotli.compress(content)) for url, content in visit.items()}


def compressing(directory: Path) -> Callable[[str], str]:
    """Return a function that gives a page with the tags that django-compressor puts in the place of its regions.

    Sets Django up, which is possible once. The bundles go to the folder ``made`` in *directory*.
    """
    settings.configure(
        INSTALLED_APPS=["compressor", "django.contrib.staticfiles"], STATIC_URL="/static/", STATIC_ROOT=str(directory),
        COMPRESS_ENABLED=True, COMPRESS_ROOT=str(directory), COMPRESS_URL="/static/", COMPRESS_MTIME_DELAY=0,
        STATICFILES_FINDERS=["compressor.finders.CompressorFinder"], CACHES={"default": {
            "BACKEND": "django.core.cache.backends.dummy.DummyCache"}}, COMPRESS_OUTPUT_DIR="made",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )  # fmt: skip
    django.setup()
    from compressor.css import CssCompressor  # noqa: PLC0415  # it reads the settings
    from compressor.js import JsCompressor  # noqa: PLC0415

    def compressed_region(region: re.Match[str]) -> str:
        kind = {"css": CssCompressor, "js": JsCompressor}[region[1]]
        return str(kind(region[1], content=region[2], context={}).output("file", forced=True))

    return lambda page: _REGION.sub(compressed_region, page)


def django_compressor(page: bytes, directory: Path) -> Callable[[], Visit]:
    """Return a function that gives the files that django-compressor makes of the regions."""
    compress = compressing(directory)

    def visit() -> Visit:
        urls = [part for part in compress(page.decode()).split('"') if part.startswith("/static/made/")]
        return {url: (directory / url.removeprefix("/static/")).read_bytes() for url in urls}

    return visit


class Browser:
    """Asks a Pressmark site for its page and for what it does not have of it, as Chromium does."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self.known: dict[str, bytes] = {}

    def visit(self) -> Sizes:
        """Return what is loaded now, each in its smallest form."""
        sizes: Sizes = {}
        for raw in TAG.findall(self._ask("/", [])[1]):
            url = raw.decode()
            if url not in self.known:
                older = [name for name in self.known if name.rpartition(".")[2] == url.rpartition(".")[2]]
                sizes[url] = self._smallest(url, self.known[older[-1]] if older else None)
                self.known[url] = self._ask(url, [])[1]
        return sizes

    def _smallest(self, url: str, older: bytes | None) -> int:
        offer: Headers = []
        if older is not None:
            offer = [("AVAILABLE_DICTIONARY", f":{base64.b64encode(sha256(older).digest()).decode()}:")]
        asked = [("ACCEPT_ENCODING", CHROMIUM), *offer]
        self._ask(url, asked)
        wait_for_background(self.site)  # the first visitor ever gets a larger form
        return len(self._ask(url, asked)[1])

    def _ask(self, path: str, headers: Headers) -> tuple[str, bytes]:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path} | {f"HTTP_{name}": value for name, value in headers}
        status: list[str] = []
        body = b"".join(self.site(environ, lambda code, fields, exc_info=None: status.append(code)))
        return status[0], body


def pressmark(page: bytes, directory: Path) -> Browser:
    """Return a browser that visits the page under Pressmark."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page]

    options: dict[str, Any] = {"cache_dir": directory.parent / "cache", "refresh": 0, "build_wait": None}
    return Browser(WSGIMiddleware(app, static={"/static/": directory}, **options))


def tables() -> tuple[Table]:
    """Return what each way sends."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "static"
        directory.mkdir()
        page = make_site(directory)
        browser, compressor = pressmark(page, directory), django_compressor(page, directory)
        first = files(directory), compressor(), browser.visit()
        change(directory)
        again = files(directory), compressor(), browser.visit()
    visits = {
        "files as they were": [_plain(hashed(visit)) for visit in (first[0], again[0])],
        "WhiteNoise, Brotli": [compressed(hashed(visit)) for visit in (first[0], again[0])],
        "django-compressor, then WhiteNoise": [compressed(hashed(visit)) for visit in (first[1], again[1])],
        "Pressmark": [first[2], first[2] | again[2]],
    }
    found = {}
    for name, (before, after) in visits.items():
        new = {url: size for url, size in after.items() if url not in before}
        found[name] = [sum(before.values()), len(before), sum(new.values()), len(new)]
    about = (
        "What a browser like Chromium loads of the demo's dashboard page, which has fifteen stylesheets and scripts: "
        "bytes of bodies, without headers, compressed at the highest quality but for the files as they were."
    )
    columns = [f"{visit}, {what}" for visit in ("first visit", "one line changed") for what in ("bytes", "requests")]
    return (Table("Bytes that a browser loads", about, "bytes and requests", columns, found),)


def _plain(visit: Visit) -> Sizes:
    return {url: len(content) for url, content in visit.items()}


if __name__ == "__main__":
    publish(*tables())
