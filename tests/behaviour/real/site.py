"""Pages of real packages and frameworks: ``/s/NAME/page``, the site's own files beside it, packages in /npm/."""

import mimetypes
import shutil
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pressmark
from pressmark import WSGIMiddleware
from tests.behaviour.real import written
from tests.behaviour.real.frameworks import rendering
from tests.behaviour.real.frameworks.pages import PAGES, PREFIXES
from tests.behaviour.sites import FORMS, PIXEL, App, Inline
from tests.packages.installed import packages
from tests.profiles import IS_ALL, part
from tests.sources import ROOT

NAMES = sorted([*written.names(), *PAGES])
# A part of the pages of packages each time keeps a run short; ``make behaviour`` looks at every one, and at those of
# frameworks, which it takes minutes to install and to ask.
CHOSEN = NAMES if IS_ALL else part(written.names(), 16)
KEPT = ROOT / ".venv" / "real"
"""Where pages are unpacked, and what is known of their files is kept."""


@cache
def static(has_frameworks: bool = IS_ALL) -> dict[str, Path]:
    """Return where the files of the site lie, as the setting says it."""
    written.unpack(KEPT / "written")
    folders = {"/s/": KEPT / "written", "/npm/": packages()}
    if not has_frameworks:
        return folders
    return folders | {prefix: _frameworks() / site / "static" for site, prefix in PREFIXES.items()}


def _frameworks() -> Path:
    return rendering.render(KEPT / "frameworks")


@cache
def analyses() -> Path:
    """Return a cache directory for Pressmark as it is now: the next change of its code begins another."""
    core = Path(pressmark.__file__).parent
    code = sha256(b"".join(path.read_bytes() for path in sorted(core.rglob("*.py")))).hexdigest()[:12]
    for other in (KEPT / "analyses").glob("*"):
        if other.name != code:
            shutil.rmtree(other, ignore_errors=True)
    return KEPT / "analyses" / code


def page_text(name: str) -> bytes:
    """Return a page as it is written."""
    if name in PAGES:
        return rendering.page_text(_frameworks(), name)
    return written.files(name)["page.html"].encode()


def act(name: str) -> str:
    """Return what is done on a page once it is at rest."""
    return PAGES[name].act if name in PAGES else written.act(name)


class Site:
    """The application: it answers as a plain site does."""

    def __init__(self) -> None:
        self._static = static()
        self._answers = rendering.answers(_frameworks()) if IS_ALL else {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with a page or a file."""
        url = environ["PATH_INFO"]
        asked = f"{url}?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else url
        if asked in self._answers or url in self._answers:
            kind, body = self._answers.get(asked) or self._answers[url]
            start_response("200 OK", [("Content-Type", kind)])
            return [body]
        name = url.removeprefix("/s/").removesuffix("/page")
        if name in NAMES:
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [page_text(name)]
        path = self._path(url)
        if path is not None and path.is_file():
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8" if kind == "text/html" else kind)])
            return [path.read_bytes()]
        if url.endswith((".png", ".jpg")):
            start_response("200 OK", [("Content-Type", "image/gif")])
            return [PIXEL]
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found"]

    def _path(self, url: str) -> Path | None:
        found = (root / url.removeprefix(prefix) for prefix, root in self._static.items() if url.startswith(prefix))
        return next(found, None)


def applications() -> dict[str, App]:
    """Return the site as it is and in the forms that Pressmark gives it."""
    plain = Site()
    apps: dict[str, App] = {"plain": plain}
    for form in FORMS:
        bundled = WSGIMiddleware(
            Inline(plain) if form == "inline" else plain,
            static=static(),
            cache_dir=analyses(),
            build_wait=None,
            minify=form != "file",
        )
        apps[form] = _uncoded(bundled)
    return apps


def _uncoded(app: App) -> App:
    """Return *app* for a browser that takes bundles as they are: to compress them well takes minutes."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return app(environ, start_response)

    return answer
