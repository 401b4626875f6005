"""A small site under Pressmark, called as a WSGI server calls it."""

import re
import shutil
from collections.abc import Iterable
from concurrent.futures import wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pressmark import WSGIMiddleware
from pressmark.stores.memory import MemoryStore

TAG = re.compile(rb'(?:href|src)="(/(?:[a-z]+/)?pressmark/(?:css|js)/[^"]+)"')


@dataclass
class Answer:
    """A whole response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def bundles(self) -> list[str]:
        """The URLs of the bundles that the page names."""
        return [url.decode("ascii") for url in TAG.findall(self.body)]


def wait_for_background(app: Any) -> None:
    """Return when *app*, a middleware, has no work left for which no page waits, such as compressing a bundle."""
    while running := list(app._core.pipeline._background._running.values()):
        wait(running)


@dataclass
class Site:
    """One page under Pressmark; *options* are settings."""

    static: Path
    page: bytes
    options: dict[str, Any] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    page_headers: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        defaults: dict[str, Any] = {
            "static": {"/static/": str(self.static)},
            "cache_dir": self.static.parent / "cache",
            "build_wait": None,
        }
        self.settings = defaults | self.options
        self.app = WSGIMiddleware(self.answer, **self.settings)

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does."""
        start_response("200 OK", [("Content-Type", self.content_type), *self.page_headers])
        return [self.page]

    def get(self, path: str = "/", method: str = "GET", mount: str = "", **environ: str) -> Answer:
        """Return what a server would send for *path*, which may hold a query."""
        path, _, query = path.partition("?")
        started: list[tuple[str, list[tuple[str, str]]]] = []
        base = {"REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": mount, "QUERY_STRING": query}
        result = self.app(base | environ, lambda status, headers, exc_info=None: started.append((status, headers)))  # type: ignore[arg-type,return-value]
        body = b"".join(result)
        getattr(result, "close", lambda: None)()
        status, headers = started[-1]
        return Answer(int(status[:3]), dict(headers), body)

    def get_404(self, path: str) -> Answer:
        """Return what a server would send if the page stood at *path* with status 404."""

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            return self.answer(environ, lambda status, headers: start_response("404 Not Found", headers))

        self.app.app, usual = answer, self.app.app
        try:
            return self.get(path)
        finally:
            self.app.app = usual

    def lose_bundles(self) -> None:
        """Take the cache directory away, and the bundles that this process has in its memory."""
        shutil.rmtree(self.settings["cache_dir"])
        pipeline: Any = self.app._core.pipeline
        pipeline._store._memory = MemoryStore()
        pipeline._endpoint._bodies._kept.clear()

    def bundle(self, path: str = "/", number: int = 0) -> str:
        """Return the text of a bundle that the page names."""
        return self.get(self.get(path).bundles[number]).body.decode("utf-8")


def css_region(*names: str, marker: str = "compress css") -> bytes:
    """Return a region of links to static files."""
    links = "".join(f'<link rel="stylesheet" href="/static/{name}">\n' for name in names)
    return f"<!-- {marker} -->\n{links}<!-- endcompress -->".encode()


def js_region(*names: str, marker: str = "compress js") -> bytes:
    """Return a region of scripts from static files."""
    scripts = "".join(f'<script src="/static/{name}"></script>\n' for name in names)
    return f"<!-- {marker} -->\n{scripts}<!-- endcompress -->".encode()
