"""The pages with modules behind real servers: one as they are, one for each level, and one of a careless linker."""

import mimetypes
import os
import posixpath
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from pressmark import WSGIMiddleware
from tests.behaviour.modules.hazard import FOREIGN, HERE, ORIGIN, ModuleHazard
from tests.behaviour.sites import OLD_S, PIXEL, App

Form = Literal["native", "preload", "named", "linked", "careless"]
FORMS: tuple[Form, ...] = ("preload", "named", "linked")
"""The forms that Pressmark gives; each holds the levels up to its own."""
CHUNK_BYTES = 100

_SETTINGS: dict[str, object] = {"preload": "preload", "named": "named", "linked": True}
_REGION = re.compile(r"<!-- compress js -->(.*?)<!-- endcompress -->", re.DOTALL)
_ENTRY = re.compile(
    r"<script\b(?=[^>]*\btype=[\"']?module)[^>]*?\bsrc=[\"']?([^\"' >?#]*)[^>]*>\s*</script>", re.IGNORECASE
)
_IMPORT = re.compile(r"(?:import|export)\b([^'\"();=]*)\bfrom\s*['\"]([^'\"]+)['\"];?|import\s*['\"]([^'\"]+)['\"];?")
_EXPORT = re.compile(r"export\s+(?:default\s+|(?=(?:const|let|var|function|async|class)\b)|\{[^}]*\};?)")


class Pages:
    """The application: ``/s/NUMBER/page`` is a page, what lies beside it a file of every origin."""

    def __init__(self, hazards: Sequence[ModuleHazard], root: Path) -> None:
        self._hazards, self._root = hazards, root
        for number, hazard in enumerate(hazards):
            for name, content in hazard.files.items():
                _write(root / str(number) / name, content.replace(HERE.encode(), b"/s/%d" % number))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as a plain site does."""
        _, _, number, name = (environ["PATH_INFO"].encode("latin-1").decode() + "///").split("/", 3)
        name = name.rstrip("/")
        hazard = self._hazards[int(number)] if number.isdigit() and int(number) < len(self._hazards) else None
        if hazard and name == "page":
            page = _addressed(hazard.page, number, environ["HTTP_HOST"])
            headers = [("Content-Type", hazard.content_type), *_headers(hazard, number)]
            start_response("200 OK", headers + ([] if hazard.streams else [("Content-Length", str(len(page)))]))
            chunks = [page[start : start + CHUNK_BYTES] for start in range(0, len(page), CHUNK_BYTES)]
            return iter(chunks) if hazard.streams else [page]
        path = self._root / number / name
        if hazard and (name in hazard.made or (name and path.is_file())):
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            shared = ("Access-Control-Allow-Origin", "*")
            start_response("200 OK", [("Content-Type", kind), ("Cache-Control", "no-store"), shared])
            return [hazard.made[name] if name in hazard.made else path.read_bytes()]
        if name.endswith((".gif", ".png")):
            start_response("200 OK", [("Content-Type", "image/gif")])
            return [PIXEL]
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "*")])
        return [b"not found"]


class Careless:
    """What a careless linker makes of the pages: the modules of a region in one scope, without their statements."""

    def __init__(self, app: Pages, root: Path) -> None:
        self._app, self._root = app, root
        self._bundles: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with one element for the modules of each region."""
        path = environ["PATH_INFO"]
        if path in self._bundles:
            start_response("200 OK", [("Content-Type", "text/javascript; charset=utf-8")])
            return [self._bundles[path].encode()]
        if not path.endswith("/page"):
            return self._app(environ, start_response)

        def without_length(status: str, headers: list[tuple[str, str]]) -> None:
            start_response(status, [(name, value) for name, value in headers if name != "Content-Length"])

        body = b"".join(self._app(environ, without_length)).decode()
        folder = path.removesuffix("page")
        return [_REGION.sub(lambda found: self._linked(folder, found[1]), body).encode()]

    def _linked(self, folder: str, region: str) -> str:
        seen: set[str] = set()
        texts = [self._text(posixpath.normpath(folder + found[1]), seen) for found in _ENTRY.finditer(region)]
        if not texts:
            return region
        url = f"/careless{folder}{len(self._bundles)}.js"
        self._bundles[url] = "\n".join(texts)
        return _ENTRY.sub("", region) + f'<script type="module" src="{url}"></script>'

    def _text(self, path: str, seen: set[str]) -> str:
        """Return the text of a module behind those that it imports, each once; no bindings but by equal names."""
        file = self._root / path.removeprefix("/s/").partition("?")[0]
        if path in seen or not file.is_file():
            return ""
        seen.add(path)
        text, imported = file.read_text(errors="replace"), []
        for found in _IMPORT.finditer(text):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[2] or found[3]))
            imported.append(self._text(target, seen))
        return "\n".join([*imported, _EXPORT.sub("", _IMPORT.sub("", text))])


def applications(hazards: Sequence[ModuleHazard], directory: Path, forms: Sequence[Form]) -> dict[str, App]:
    """Return the application of each of the *forms*."""
    root = directory / "static"
    pages = Pages(hazards, root)
    own: dict[str, App] = {"native": pages, "careless": Careless(pages, root)}
    return {form: own.get(form) or _pressmark(pages, directory / form, root, form) for form in forms}


def _pressmark(inner: App, directory: Path, root: Path, form: Form) -> App:
    settings: Any = {"modules": _SETTINGS[form]}
    return WSGIMiddleware(
        inner,
        static={"/s/": str(root)},
        cache_dir=str(directory),
        endpoint=f"/{form}/",
        build_wait=None,
        **settings,
    )


def _addressed(text: bytes, number: str, host: str) -> bytes:
    """Return *text* with the addresses of the page, of its server and of the other origin."""
    _, _, port = host.partition(":")
    text = text.replace(HERE.encode(), f"/s/{number}".encode()).replace(ORIGIN.encode(), f"http://{host}".encode())
    return text.replace(FOREIGN.encode(), f"http://localhost:{port}".encode())


def _headers(hazard: ModuleHazard, number: str) -> list[tuple[str, str]]:
    return [(name, value.replace(HERE, f"/s/{number}")) for name, value in hazard.headers]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    old = time.time() - OLD_S
    os.utime(path, (old, old))
