"""A site of four pages under Pressmark, one host of several: its sources, names and cache are in a folder of its own.

``site.json`` in that folder tells which release the pages are of, and under which name each file of it is served.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pressmark import WSGIMiddleware
from tests.site import css_region, js_region

PATHS = ("a", "b", "c", "d")


class Pages:
    """The pages of the release that is in *folder* at the start; where it *is_shared*, also a region of inline code."""

    def __init__(self, folder: Path, *, is_shared: bool) -> None:
        state = json.loads((folder / "site.json").read_text())
        self._release, self._names, self._is_shared = state["release"], state["names"], is_shared

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with a page, which no shared cache keeps."""
        path = environ["PATH_INFO"].strip("/")
        is_found = path in PATHS
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        start_response("200 OK" if is_found else "404 Not Found", headers)
        return [self._page(path) if is_found else b"no such page"]

    def _page(self, path: str) -> bytes:
        css, js, mixed = (
            [self._names[name] for name in names]
            for names in (("base.css", f"{path}.css"), ("base.js", f"{path}.js"), ("mixed.css",))
        )
        inline = f"<style>html {{ --inline: {self._release} }}</style><!-- endcompress".encode()
        more = css_region(*mixed).replace(b"<!-- endcompress", inline) if self._is_shared else b""
        title = f"<!doctype html><html><head><meta charset=utf-8><title>{self._release} {path}</title>".encode()
        return title + css_region(*css, marker="compress css base") + js_region(*js) + more + b"<body><p>text</p>"


class Counted:
    """Notes the path of each request to *app* in *log* before it answers."""

    def __init__(self, app: WSGIMiddleware, log: Path) -> None:
        self._app, self._log = app, log

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._log.open("a") as log:
            log.write(f"{environ['PATH_INFO']}\n")
        return self._app(environ, start_response)


def site() -> Counted:
    """Return the host whose folder and settings the environment names."""
    folder = Path(os.environ["DEMO_CACHE_DIR"])
    options = json.loads(os.environ["FLEET_SETTINGS"])
    pages = Pages(folder, is_shared="store" in options)
    app = WSGIMiddleware(pages, static={"/static/": folder / "static"}, cache_dir=folder / "cache", **options)
    return Counted(app, folder / "paths.log")
