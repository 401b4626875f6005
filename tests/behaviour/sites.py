"""The hazards' pages behind real servers: one as they are, one for each form that Pressmark gives them."""

import mimetypes
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from waitress.server import create_server

from pressmark import WSGIMiddleware
from tests.behaviour.hazard import Hazard

App = Callable[[dict[str, Any], Any], Iterable[bytes]]

FORMS = ("file", "minified", "inline")
OLD_S = 60.0

_REGION = re.compile(rb"<!-- *compress (css|js)[^>]*-->(.*?)<!-- *endcompress[^>]*-->", re.DOTALL)
_SOURCE = re.compile(
    rb"<link\b[^>]*?href=[\"']?([^\"' >]*)[^>]*>|<script\b[^>]*?src=[\"']?([^\"' >]*)[^>]*>\s*</script>"
    rb"|<(?:style|script)\b[^>]*>(.*?)</(?:style|script)>",
    re.DOTALL | re.IGNORECASE,
)
# A transparent pixel, for every image that a hazard asks for and does not bring.
PIXEL = bytes.fromhex("47494638396101000100800000ff0000ffffff21f90400000000002c00000000010001000002024401003b")


class Pages:
    """The application: ``/s/NUMBER/page`` is a hazard's page, what lies beside it a file."""

    def __init__(self, hazards: Sequence[Hazard], root: Path) -> None:
        self._hazards, self._root = hazards, root
        for number, hazard in enumerate(hazards):
            for name, content in hazard.files.items():
                _write(root / str(number) / name, content)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as a plain site does."""
        _, _, number, name = (environ["PATH_INFO"] + "///").split("/", 3)
        name = name.rstrip("/")
        if number.isdigit() and name == "page":
            hazard = self._hazards[int(number)]
            headers = [("Content-Type", hazard.content_type), *hazard.headers]
            start_response("200 OK", headers)
            return [hazard.page]
        path = self._root / number / name
        if name and path.is_file():
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            start_response("200 OK", [("Content-Type", kind), ("Cache-Control", "no-store")])
            return [path.read_bytes()]
        if name.endswith((".gif", ".png")) and "missing" not in name:
            start_response("200 OK", [("Content-Type", "image/gif")])
            return [PIXEL]
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found"]


class Careless:
    """What a careless bundler makes of the pages: it joins whatever a region names with a line end between."""

    def __init__(self, app: Pages, root: Path) -> None:
        self._app, self._root = app, root
        self._bundles: dict[str, bytes] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with bundles where a page has regions."""
        path = environ["PATH_INFO"]
        if path in self._bundles:
            kind = "text/css" if path.endswith(".css") else "text/javascript"
            start_response("200 OK", [("Content-Type", f"{kind}; charset=utf-8")])
            return [self._bundles[path]]
        body = self._app(environ, start_response)
        if not path.endswith("/page"):
            return body
        number = path.split("/")[2]
        return [_REGION.sub(lambda found: self._tag(number, found[1].decode(), found[2]), b"".join(body))]

    def _tag(self, number: str, kind: str, region: bytes) -> bytes:
        parts = []
        for found in _SOURCE.finditer(region):
            reference = (found[1] or found[2] or b"").decode("latin-1").partition("?")[0]
            path = self._root / number / reference
            parts.append(path.read_bytes() if reference and path.is_file() else found[3] or b"")
        url = f"/careless/{number}-{len(self._bundles)}.{kind}"
        self._bundles[url] = b"\n".join(parts)
        tag = f'<link rel="stylesheet" href="{url}">' if kind == "css" else f'<script src="{url}"></script>'
        return tag.encode()


class Inline:
    """The application with every region in inline mode."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with changed markers."""
        body = b"".join(self._app(environ, start_response))
        if environ["PATH_INFO"].endswith("/page"):
            body = re.sub(rb"(<!-- *compress (?:css|js),?)(?= )", rb"\1 inline", body)
        return [body]


class _ByHazard:
    """Sends each request to the application that its hazard wants."""

    def __init__(self, hazards: Sequence[Hazard], safe: App, exact: App) -> None:
        self._hazards, self._safe, self._exact = hazards, safe, exact

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as Pressmark does with the settings that the hazard is about."""
        path = environ["PATH_INFO"]
        if path.startswith("/exact/"):
            return self._exact(environ, start_response)
        number = path.split("/")[2] if path.startswith("/s/") else ""
        is_exact = number.isdigit() and self._hazards[int(number)].exact
        return (self._exact if is_exact else self._safe)(environ, start_response)


def applications(hazards: Sequence[Hazard], directory: Path) -> dict[str, App]:
    """Return the application of each form: plain, careless, and those that Pressmark gives."""
    root = directory / "static"
    pages = Pages(hazards, root)
    apps: dict[str, App] = {"plain": pages, "careless": Careless(pages, root)}
    for form in FORMS:
        inner = Inline(pages) if form == "inline" else pages
        variants = [_pressmark(inner, directory / form, root, form != "file", exact) for exact in (False, True)]
        apps[form] = _ByHazard(hazards, *variants)
    return apps


def _pressmark(inner: App, directory: Path, root: Path, minify: bool, exact: bool) -> App:
    name: Literal["safe", "exact"] = "exact" if exact else "safe"
    return WSGIMiddleware(
        inner,
        static={"/s/": str(root)},
        cache_dir=str(directory / name),
        endpoint=f"/{name}/",
        build_wait=None,
        minify=minify,
        fidelity=name,
    )


@contextmanager
def served(apps: dict[str, App]) -> Iterator[dict[str, str]]:
    """Serve each application; give the base URL of each."""
    servers = {form: create_server(app, host="127.0.0.1", port=0, threads=4) for form, app in apps.items()}
    threads = [threading.Thread(target=_run, args=(server,), daemon=True) for server in servers.values()]
    for thread in threads:
        thread.start()
    try:
        yield {form: f"http://127.0.0.1:{server.effective_port}" for form, server in servers.items()}
    finally:
        for server in servers.values():
            server.close()


def _run(server: Any) -> None:
    """Serve until another thread closes *server*, which takes its sockets away while it waits for them."""
    with suppress(OSError, ValueError):
        server.run()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    old = time.time() - OLD_S
    os.utime(path, (old, old))
