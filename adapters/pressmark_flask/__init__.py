"""Pressmark for Flask: ``Pressmark(app)``, or ``init_app`` for application factories.

Settings come from ``app.config["PRESSMARK_…"]``. The static folders of the application and of its blueprints are
found by themselves, at the first request.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from os.path import isdir
from threading import Lock
from typing import Any

from flask import Flask

from pressmark import Settings, WSGIMiddleware
from pressmark.assembly import check_plugins
from pressmark.environ import Environ
from pressmark.errors import SettingsError
from pressmark.syntax.urls import quoted
from pressmark.wsgi import Application, StartResponse

__all__ = ["Pressmark"]

PREFIX = "PRESSMARK_"
JINJA_EXTENSION = "pressmark_jinja2.CompressExtension"


class Pressmark:
    """The extension. One object may serve several applications."""

    def __init__(self, app: Flask | None = None) -> None:
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Attach Pressmark to *app*. Raises SettingsError for a wrong ``PRESSMARK_`` key of its configuration."""
        if "pressmark" in app.extensions:
            raise SettingsError(f"Pressmark is attached to the application {app.name!r} already")
        app.extensions["pressmark"] = self
        _add_tag(app)
        settings = read_settings(app.config)
        check_plugins(settings)  # a name that there is not is an error at start
        app.wsgi_app = _Lazy(app, settings)  # type: ignore[method-assign]


def _add_tag(app: Flask) -> None:
    """Give the templates of *app* the tag ``compress``; to make their environment for that would fix its options."""
    if "jinja_env" in vars(app):
        app.jinja_env.add_extension(JINJA_EXTENSION)
        return
    known = app.jinja_options.get("extensions", ())
    app.jinja_options = {**app.jinja_options, "extensions": [*known, JINJA_EXTENSION]}


class _Lazy:
    """Wraps an application at its first request, when all its blueprints are registered."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._flask, self._inner, self._settings = app, app.wsgi_app, settings
        self._middleware: Application | None = None
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        middleware = self._middleware or self._wrap(environ)
        return middleware(environ, start_response)

    def _wrap(self, environ: Environ) -> Application:
        with self._lock:
            if self._middleware is None:
                # The same path outside of the application's mount point is another's.
                mount = environ.get("SCRIPT_NAME", "").encode("latin-1", "replace").rstrip(b"/")
                found = {quoted(mount) + prefix: folders for prefix, folders in static_folders(self._flask)}
                settings = replace(self._settings, static=found | dict(self._settings.static))
                self._middleware = WSGIMiddleware(self._inner, settings=settings)
            return self._middleware


def read_settings(config: dict[str, Any]) -> Settings:
    """Return the settings that the ``PRESSMARK_`` keys of *config* name. Raises SettingsError."""
    names = {f.name.upper(): f.name for f in fields(Settings)}
    options = {key[len(PREFIX) :]: value for key, value in config.items() if key.startswith(PREFIX)}
    return Settings.from_mapping({names.get(key, key): value for key, value in options.items()})


def static_folders(app: Flask) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the URL prefix and the directory of each static folder that *app* and its blueprints serve."""
    owners: dict[str, Any] = {"static": app}
    owners |= {f"{name}.static": blueprint for name, blueprint in app.blueprints.items()}
    for rule in app.url_map.iter_rules():
        owner = owners.get(rule.endpoint)
        prefix, variable, _ = rule.rule.partition("<path:filename>")
        # Flask serves "static" by default, whether or not there is such a folder.
        if owner is not None and variable and "<" not in prefix and isdir(owner.static_folder or ""):
            yield quoted(prefix), (owner.static_folder,)
