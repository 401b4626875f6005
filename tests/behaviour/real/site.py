"""Pages of real packages and frameworks: ``/s/NAME/page``, the site's own files beside it, packages in /npm/."""

import mimetypes
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pressmark import WSGIMiddleware
from tests.behaviour.real import written
from tests.behaviour.sites import FORMS, PIXEL, App, Inline
from tests.packages.installed import packages
from tests.sources import ROOT

NAMES = written.names()
# A fifth of the pages each time keeps a run short; ``make behaviour`` looks at every one.
CHOSEN = NAMES if os.environ.get("PRESSMARK_HAZARDS") == "all" else NAMES[::5]
KEPT = ROOT / ".venv" / "real"
"""Where pages are unpacked."""


@cache
def static() -> dict[str, Path]:
    """Return where the files of the site lie, as the setting says it."""
    written.unpack(KEPT / "written")
    return {"/s/": KEPT / "written", "/npm/": packages()}


def page_text(name: str) -> bytes:
    """Return a page as it is written."""
    return (static()["/s/"] / name / "page.html").read_bytes()


def act(name: str) -> str:
    """Return what is done on a page once it is at rest."""
    return written.act(name)


class Site:
    """The application: it answers as a plain site does."""

    def __init__(self) -> None:
        self._static = static()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with a page or a file."""
        url = environ["PATH_INFO"]
        path = self._path(url + ".html" if url.endswith("/page") else url)
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


def applications(cache: Path) -> dict[str, App]:
    """Return the site as it is and in the forms that Pressmark gives it; what they know of files they share."""
    plain = Site()
    apps: dict[str, App] = {"plain": plain}
    for form in FORMS:
        apps[form] = WSGIMiddleware(
            Inline(plain) if form == "inline" else plain,
            static=static(),
            cache_dir=cache,
            build_wait=None,
            minify=form != "file",
        )
    return apps
