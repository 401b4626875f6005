"""Pressmark for Flask: ``Pressmark(app)``, or ``init_app`` for application factories.

Settings come from ``app.config["PRESSMARK_…"]``. The static folders of the application and of its blueprints are
found automatically, at the first request.
"""

from dataclasses import fields
from hashlib import sha256
from typing import Any

from flask import Flask, current_app

from pressmark import Settings
from pressmark.adapters import FrameworkSecrets, SettingsError, check_plugins, suggestion
from pressmark_flask.commands import commands_of
from pressmark_flask.site import Site

__all__ = ["Pressmark"]

PREFIX = "PRESSMARK_"
JINJA_EXTENSION = "pressmark_jinja2.CompressExtension"


class Pressmark:
    """The extension. One object may serve several applications."""

    def __init__(self, app: Flask | None = None) -> None:
        self._sites: dict[Flask, Site] = {}
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Attach Pressmark to *app*. Raises SettingsError for a wrong ``PRESSMARK_`` key of its configuration."""
        if "pressmark" in app.extensions:
            raise SettingsError(f"Pressmark is attached to the application {app.name!r} already")
        app.extensions["pressmark"] = self
        _add_tag(app)
        settings = read_settings(app.config)
        check_plugins(settings)  # an unknown name is an error at start
        site = Site(app, settings)
        app.wsgi_app = site  # type: ignore[method-assign]
        self._sites[app] = site
        app.context_processor(lambda: {"bundle_html": site.bundle_html})
        app.cli.add_command(commands_of(site))

    def bundle_html(self, html: str, path: str = "/") -> str:
        """Return *html*, which is no response, with its regions bundled by the current application. Blocks.

        Raises SettingsError for an application that this extension is not attached to.
        """
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        if app not in self._sites:
            raise SettingsError(f"this Pressmark is not attached to the application {app.name!r}: call init_app(app)")
        return self._sites[app].bundle_html(html, path)


def _add_tag(app: Flask) -> None:
    """Give the templates of *app* the tag ``compress``, without making their environment, as that fixes its options."""
    if "jinja_env" in vars(app):
        app.jinja_env.add_extension(JINJA_EXTENSION)
        return
    known = app.jinja_options.get("extensions", ())
    app.jinja_options = {**app.jinja_options, "extensions": [*known, JINJA_EXTENSION]}


def read_settings(config: dict[str, Any]) -> Settings:
    """Return the settings that the ``PRESSMARK_`` keys of *config* name. Raises SettingsError."""
    names = {f"{PREFIX}{f.name.upper()}": f.name for f in fields(Settings)}
    keys = [key for key in config if f"{key}_".startswith(PREFIX)]
    for key in keys:
        if key not in names:
            own = f"; each setting has a key of its own, such as {PREFIX + 'REFRESH'!r}"
            hint = suggestion(key, names) if key.startswith(PREFIX) else own
            raise SettingsError(f"unknown key {key!r} in app.config{hint}")
    return Settings.from_mapping({"secret": _secrets(config)} | {names[key]: config[key] for key in keys})


def _secrets(config: dict[str, Any]) -> FrameworkSecrets | None:
    """Return what all servers of the application know and nobody else does; none without a ``SECRET_KEY``."""
    keys = filter(None, (config.get("SECRET_KEY"), *(config.get("SECRET_KEY_FALLBACKS") or ())))
    raw = (key if isinstance(key, bytes) else str(key).encode("utf-8") for key in keys)
    return FrameworkSecrets(sha256(each).hexdigest() for each in raw) or None
