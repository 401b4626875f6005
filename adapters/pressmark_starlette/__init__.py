"""Pressmark for Starlette and FastAPI: ``app.add_middleware(PressmarkMiddleware)``.

The ``StaticFiles`` mounts of the application are found automatically, at the first request that it answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from os.path import isdir
from typing import Any, Unpack

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pressmark import ASGIMiddleware, Options, Settings
from pressmark.adapters import ASGIApplication, Receive, Scope, Send, check_plugins, quoted

__all__ = ["PressmarkMiddleware", "page_routes"]


DEVELOPMENT: dict[str, Any] = {"refresh": 0, "build_wait": None, "overlay": True}
"""The settings in debug mode."""


class PressmarkMiddleware:
    """Pure ASGI middleware; keyword arguments are the fields of Settings. Raises SettingsError.

    If the application is in debug mode each page looks at its files, and waits for its bundles, unless ``refresh`` and
    ``build_wait`` are given.
    """

    def __init__(self, app: ASGIApplication, /, settings: Settings | None = None, **options: Unpack[Options]) -> None:
        self.app = app
        self._settings = Settings.of(settings, options)
        given = vars(settings) if settings is not None else options
        self._development = {name: value for name, value in DEVELOPMENT.items() if name not in given}
        check_plugins(self._settings)  # an unknown name is an error at start
        self._middleware: ASGIMiddleware | None = None
        self._lifespan_state: Mapping[str, Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                self._lifespan_state = scope.get("state")
            await self.app(scope, receive, send)
            return
        if self._middleware is None:
            # The same path outside of the application's mount point belongs to another application.
            mount = scope.get("root_path", "").rstrip("/")
            may_be_missing = self._settings.manifest is not None
            routes = getattr(scope.get("app"), "routes", ())
            found = dict(static_mounts(routes, mount, may_be_missing=may_be_missing))
            settings = replace(self._settings, static=found | dict(self._settings.static))
            if getattr(scope.get("app"), "debug", False):
                settings = replace(settings, **self._development)
            self._middleware = ASGIMiddleware(self.app, settings=settings)
            self._middleware.lifespan_state = self._lifespan_state
        await self._middleware(scope, receive, send)


def static_mounts(
    routes: Sequence[BaseRoute], prefix: str = "", *, may_be_missing: bool = False
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the URL prefix and the directories of every ``StaticFiles`` below *routes*, packages' included.

    Directories that are missing are left out, unless they *may_be_missing*.
    """
    covered: list[str] = []  # Starlette asks the first mount that matches, and no other
    for route in routes:
        if not isinstance(route, Mount) or "{" in route.path.removesuffix("/{path:path}"):
            continue
        below = quoted(f"{prefix}{route.path}")
        if any(f"{below}/".startswith(earlier) for earlier in covered):
            continue
        covered.append(f"{below}/")
        if isinstance(route.app, StaticFiles):
            directories = tuple(
                str(directory) for directory in route.app.all_directories if may_be_missing or isdir(directory)
            )
            if directories:
                yield f"{below}/", directories
        else:
            yield from static_mounts(route.routes, below, may_be_missing=may_be_missing)


def page_routes(app: object) -> list[str] | None:
    """Return the paths of the routes without parameters that *app* has, ``None`` if it is not Starlette's."""
    return list(_paths_of(app.routes)) if isinstance(app, Starlette) else None


def _paths_of(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount) and not isinstance(route.app, StaticFiles):
            yield from _paths_of(route.routes, f"{prefix}{route.path}")
        elif isinstance(route, Route) and "GET" in (route.methods or ()) and "{" not in f"{prefix}{route.path}":
            yield quoted(f"{prefix}{route.path}") or "/"
