"""Uses of the public face that every type checker takes. Nothing here is run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from starlette.applications import Starlette
from starlette.middleware import Middleware

from pressmark import (
    ASGIMiddleware,
    Asset,
    Bundle,
    Filter,
    Options,
    RegionError,
    Resolver,
    Settings,
    SettingsError,
    Store,
    WSGIMiddleware,
)
from pressmark_flask import Pressmark
from pressmark_starlette import PressmarkMiddleware


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    return []


async def asgi(scope: Any, receive: Any, send: Any) -> None: ...


def upper(asset: Asset) -> Asset:
    return replace(asset, content=asset.content.upper())


WSGIMiddleware(wsgi, static={"/static/": "static"}, refresh=0, filters={"css": ["rcssmin", upper]})
WSGIMiddleware(wsgi, settings=Settings(static={"/a/": ["a", Path("b")]}, fidelity="exact"))
ASGIMiddleware(asgi, early_hints="link", source_maps="/maps/", build_wait=None, css_hash="mtime")
Starlette(middleware=[Middleware(PressmarkMiddleware, resolve="app")]).add_middleware(PressmarkMiddleware, data_uri=99)
Pressmark(Flask("a"))

OPTIONS: Options = {"endpoint": "/b/", "precompilers": {"text/x-scss": ["sass", "{infile}"]}}
WSGIMiddleware(wsgi, **OPTIONS)


def read_everything(asset: Asset, bundle: Bundle, store: Store) -> tuple[str, bytes, bytes | None]:
    return asset.url, bundle.content, store.get("css", bundle.name)


def raises() -> list[str]:
    try:
        return [str(Settings().refresh)]
    except (SettingsError, RegionError) as error:
        return [str(error)]


class Suffix:
    """A filter, by its shape."""

    @property
    def key(self) -> str:
        return "suffix 1"

    def __call__(self, asset: Asset) -> Asset:
        return asset


FILTER: Filter = Suffix()


def first(resolvers: list[Resolver]) -> Resolver:
    return resolvers[0]
