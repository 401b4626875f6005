"""Pages of real packages, as people write them: ``/s/NAME/page``, the site's own files beside it, packages in /npm/."""

import mimetypes
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pressmark import WSGIMiddleware
from tests.behaviour.sites import FORMS, PIXEL, App, Inline
from tests.packages.installed import packages

FOLDER = Path(__file__).with_name("pages")
NAMES = sorted(path.name for path in FOLDER.iterdir())


def static() -> dict[str, Path]:
    """Return where the files of the site lie, as the setting says it."""
    return {"/s/": FOLDER, "/npm/": packages()}


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
        if url.endswith(".png"):
            start_response("200 OK", [("Content-Type", "image/gif")])
            return [PIXEL]
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found"]

    def _path(self, url: str) -> Path | None:
        found = (root / url.removeprefix(prefix) for prefix, root in self._static.items() if url.startswith(prefix))
        return next(found, None)


def applications(directory: Path) -> dict[str, App]:
    """Return the site as it is and in the forms that Pressmark gives it."""
    plain = Site()
    apps: dict[str, App] = {"plain": plain}
    for form in FORMS:
        apps[form] = WSGIMiddleware(
            Inline(plain) if form == "inline" else plain,
            static=static(),
            cache_dir=directory / form,
            build_wait=None,
            minify=form != "file",
        )
    return apps
