"""A Flask application under Pressmark, which is assembled at the first request, when all blueprints are registered."""

import logging
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from os.path import isdir
from threading import Lock
from types import FrameType
from typing import Any

from flask import Flask

from pressmark import Settings, WSGIMiddleware
from pressmark.adapters import SUBREQUEST, Environ, Location, StartResponse, WSGIApplication, bundle_at, quoted

logger = logging.getLogger("pressmark")

FROZEN = (
    "Frozen-Flask exports the pages, but knows nothing of their bundles: %srun 'pressmark export FOLDER' afterwards, "
    "which writes the bundles into the folder of the pages"
)
"""The warning to somebody who exports pages."""
WAITS = "set PRESSMARK_BUILD_WAIT to None meanwhile, and "
"""Its advice where a page may leave before its bundles are built."""
MAX_MOUNTS = 8
"""Where one application may be mounted at once. Each mount has a memory of its own."""
MANY_MOUNTS = "requests have come for %d mounts (SCRIPT_NAME) of one application; pages at others are not bundled"
ROUND = "through all"
"""The mark of a subrequest that has been sent through the whole application."""


class Site:
    """Wraps *flask* at its first request; *inner* is its WSGI application as it was."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.flask, self.inner, self._settings = app, app.wsgi_app, settings
        self._middleware: dict[str, WSGIApplication] = {}  # by mount, as the server says it
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        mount = environ.get("SCRIPT_NAME", "")
        middleware = self._middleware.get(mount) or self._wrap(mount)
        return middleware(environ, start_response)

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does. A subrequest goes through all that was put around it, before or since."""
        is_new = environ.get(SUBREQUEST) is True
        if is_new:
            environ[SUBREQUEST] = ROUND
        return (self.flask.wsgi_app if is_new else self.inner)(environ, start_response)

    def bundle_html(self, html: str, path: str = "/") -> str:
        """Return *html*, which is no response, with its regions bundled. Blocks."""
        mount = quoted(str(self.flask.config["APPLICATION_ROOT"]).rstrip("/"))
        return bundle_at(Location(mount, path), html, self.settings(mount))

    def settings(self, mount: str = "", **changes: Any) -> Settings:
        """Return the settings with the static folders of the application at *mount*, and with *changes*.

        In debug mode each page looks at its files, and waits for its bundles, unless the configuration says otherwise.
        """
        # The same path outside of the application's mount point belongs to another application.
        may_be_missing = self._settings.manifest is not None
        found = {
            mount + prefix: folders for prefix, folders in static_folders(self.flask, may_be_missing=may_be_missing)
        }
        if self.flask.debug:
            development = {"refresh": 0, "build_wait": None, "overlay": True}
            given = {name for name in development if f"PRESSMARK_{name.upper()}" in self.flask.config}
            changes = {name: value for name, value in development.items() if name not in given} | changes
        return replace(self._settings, static=found | dict(self._settings.static), **changes)

    def _wrap(self, mount: str) -> WSGIApplication:
        """Return the middleware for requests at *mount*: there static files have URLs of their own."""
        with self._lock:
            known = self._middleware.get(mount)
            if known is not None:
                return known
            if not self._middleware and _is_frozen():
                logger.warning(FROZEN, "" if self._settings.build_wait is None else WAITS)
            if len(self._middleware) >= MAX_MOUNTS:  # a proxy that lets clients say where it stands
                return self.inner
            settings = self.settings(quoted(mount.encode("latin-1", "replace").rstrip(b"/")))
            made = self._middleware[mount] = WSGIMiddleware(self._answer, settings=settings)
            if len(self._middleware) == MAX_MOUNTS:
                logger.warning(MANY_MOUNTS, MAX_MOUNTS)
            return made


def _is_frozen() -> bool:
    """Tell whether the request comes from Frozen-Flask, which calls the application in its own thread."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] != "flask_frozen":
        frame = frame.f_back
    return frame is not None


def static_folders(app: Flask, *, may_be_missing: bool = False) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the URL prefix and the directory of each static folder that *app* and its blueprints serve.

    Those of which the directory is missing are left out, unless it *may_be_missing*.
    """
    owners: dict[str, Any] = {"static": app}
    owners |= {f"{name}.static": blueprint for name, blueprint in app.blueprints.items()}
    for rule in app.url_map.iter_rules():
        owner = owners.get(rule.endpoint)
        prefix, variable, _ = rule.rule.partition("<path:filename>")
        # Flask serves "static" by default, whether or not there is such a folder.
        folder = owner.static_folder or "" if owner is not None else ""
        if variable and "<" not in prefix and (isdir(folder) or (folder and may_be_missing)):
            yield quoted(prefix), (folder,)
