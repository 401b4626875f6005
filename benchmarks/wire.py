"""What a browser loads of a page's stylesheets and scripts: ``python -m benchmarks.wire``.

The demo's larger page, visited first, and again after one line of one script was changed: its files as they were, the
same files as WhiteNoise sends them with Brotli, what django-compressor makes of them with its own default filters, sent
likewise, and what Pressmark sends to Chromium. Counted are the bytes of the bodies, without headers, and the requests;
what a browser has under the same address it does not ask for again. The peers come with
``pip install -e . --group bench``.
"""

import base64
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import brotli

from benchmarks.cold_build import CHANGED, load
from benchmarks.endpoint import Headers
from pressmark import WSGIMiddleware
from tests.site import TAG, wait_for_background

CHROMIUM = "gzip, deflate, br, zstd, dcb, dcz"

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


def django_compressor(page: bytes, directory: Path) -> Callable[[], Visit]:
    """Return a function that gives the files that django-compressor makes of the regions."""
    import django  # noqa: PLC0415  # only this one needs it
    from django.conf import settings  # noqa: PLC0415

    settings.configure(
        INSTALLED_APPS=["compressor", "django.contrib.staticfiles"], STATIC_URL="/static/", STATIC_ROOT=str(directory),
        COMPRESS_ENABLED=True, COMPRESS_ROOT=str(directory), COMPRESS_URL="/static/", COMPRESS_MTIME_DELAY=0,
        STATICFILES_FINDERS=["compressor.finders.CompressorFinder"], CACHES={"default": {
            "BACKEND": "django.core.cache.backends.dummy.DummyCache"}}, COMPRESS_OUTPUT_DIR="made",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )  # fmt: skip
    django.setup()
    from compressor.css import CssCompressor  # noqa: PLC0415
    from compressor.js import JsCompressor  # noqa: PLC0415

    def visit() -> Visit:
        found: Visit = {}
        for region in page.decode().split("<!-- endcompress")[:-1]:
            kind = CssCompressor if "compress css" in region else JsCompressor
            name = "css" if kind is CssCompressor else "js"
            markup = kind(name, content=region.partition("-->")[2], context={}).output("file", forced=True)
            for part in markup.split('"'):
                if part.startswith("/static/made/"):
                    found[part] = (directory / part.removeprefix("/static/")).read_bytes()
        return found

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


def main() -> None:
    """Print a table in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "static"
        directory.mkdir()
        page = make_site(directory)
        browser, compressor = pressmark(page, directory), django_compressor(page, directory)
        first = files(directory), compressor(), browser.visit()
        change(directory)
        again = files(directory), compressor(), browser.visit()
        rows = {
            "files as they were": [_plain(hashed(visit)) for visit in (first[0], again[0])],
            "WhiteNoise, Brotli": [compressed(hashed(visit)) for visit in (first[0], again[0])],
            "django-compressor, then WhiteNoise": [compressed(hashed(visit)) for visit in (first[1], again[1])],
            "Pressmark": [first[2], first[2] | again[2]],
        }
        sys.stdout.write("| | first visit | after a change of one line |\n|---|---|---|\n")
        for name, (before, after) in rows.items():
            new = {url: size for url, size in after.items() if url not in before}
            sys.stdout.write(f"| {name} | {_cell(before)} | {_cell(new)} |\n")


def _plain(visit: Visit) -> Sizes:
    return {url: len(content) for url, content in visit.items()}


def _cell(sizes: Sizes) -> str:
    requests = "1 request" if len(sizes) == 1 else f"{len(sizes)} requests"
    return f"{sum(sizes.values()):,} bytes, {requests}"


if __name__ == "__main__":
    main()
