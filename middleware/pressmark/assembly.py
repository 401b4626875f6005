"""The one place that names concrete classes: settings in, pipeline out."""

from os import fspath
from urllib.parse import urlsplit

from pressmark.assets.from_application import ApplicationResolver
from pressmark.assets.from_directories import DirectoryResolver
from pressmark.bundling.builder import Builder
from pressmark.bundling.precompile import Precompilers
from pressmark.filters.plugins import find_filters, find_precompilers
from pressmark.http.early_hints import EarlyHints
from pressmark.model import Kind
from pressmark.pipeline import Pipeline
from pressmark.protocols import Filter, Resolver, Store
from pressmark.regions.renderer import OnBuilt, Renderer
from pressmark.regions.tags import Tags
from pressmark.settings import Settings
from pressmark.stores.disk import DiskStore
from pressmark.stores.layered import LayeredStore
from pressmark.stores.memory import MemoryStore
from pressmark.stores.publishing import Publish, PublishingStore
from pressmark.stylesheets.url_style import UrlStyle
from pressmark.verdicts.analyses import Analyses


def assemble(settings: Settings, publish: Publish | None = None, on_built: OnBuilt | None = None) -> Pipeline:
    """Return the pipeline that *settings* describe. Opens and writes nothing yet.

    *publish* writes generated files to where ``public_url`` gives them out; *on_built* is told of each bundle.
    """
    resolver = _resolver(settings)
    disk = DiskStore(fspath(settings.cache_dir), settings.cache_size, settings.retention)
    store: Store = LayeredStore(MemoryStore(), disk)
    if publish is not None:
        has_private_maps = isinstance(settings.source_maps, str)
        store = PublishingStore(store, publish, ("css", "js") if has_private_maps else ("css", "js", "map"))
    return Pipeline(
        renderer=_renderer(settings, resolver, store, on_built, has_names=publish is None),
        resolver=resolver,
        store=store,
        endpoint=settings.endpoint,
        maps=settings.maps,
        has_private_maps=isinstance(settings.source_maps, str),
        public_url=settings.public_url,
        refresh=settings.refresh,
        build_wait=settings.build_wait,
        strict=settings.strict,
        enabled=settings.enabled,
        debug_toggle=settings.debug_toggle,
        has_precompilers=bool(settings.precompilers),
        makes_subrequests=settings.resolve == "app",
        hints=EarlyHints(are_early=settings.early_hints is True) if settings.early_hints else None,
    )


def assemble_renderer(settings: Settings, resolver: Resolver | None = None) -> Renderer:
    """Return a renderer that keeps everything in memory and reads with *resolver*, by default what *settings* say."""
    return _renderer(settings, resolver or _resolver(settings), MemoryStore())


def assemble_resolver(directory: str) -> Resolver:
    """Return a resolver for which every path lies below *directory*."""
    return DirectoryResolver((("/", (directory,)),))


def _resolver(settings: Settings) -> Resolver:
    directories = DirectoryResolver(settings.roots)
    return ApplicationResolver(directories) if settings.resolve == "app" else directories


def check_plugins(settings: Settings) -> None:
    """Raise SettingsError for a filter or precompiler that there is not."""
    _filters(settings)
    _precompilers(settings)


def _filters(settings: Settings) -> dict[Kind, tuple[Filter, ...]]:
    return find_filters(settings.filters, minify=settings.minify)


def _precompilers(settings: Settings) -> Precompilers:
    return Precompilers(find_precompilers(settings.precompilers))


def _renderer(
    settings: Settings,
    resolver: Resolver,
    store: Store,
    on_built: OnBuilt | None = None,
    *,
    has_names: bool = True,
) -> Renderer:
    analyses = Analyses(store)
    return Renderer(
        resolver=resolver,
        store=store,
        builder=Builder(_filters(settings), analyses, _maps_from_bundles(settings)),
        analyses=analyses,
        tags=Tags(settings.endpoint, settings.public_url, settings.integrity, has_names),
        precompilers=_precompilers(settings),
        url_style=_url_style(settings),
        is_exact=settings.fidelity == "exact",
        on_built=on_built,
    )


def _url_style(settings: Settings) -> UrlStyle:
    place = urlsplit(settings.public_url).path if settings.public_url else settings.endpoint
    folder = place if settings.url_rewrite == "relative" else None
    return UrlStyle(settings.css_hash, settings.data_uri, folder)


def _maps_from_bundles(settings: Settings) -> str | None:
    """Return where source maps are as seen from a bundle, wherever the application is mounted."""
    maps, endpoint = settings.maps, settings.endpoint
    if maps is None:
        return None
    if isinstance(settings.source_maps, str) and settings.source_maps != maps:  # a whole URL
        return settings.source_maps
    if maps.startswith(endpoint):
        return "../" + maps.removeprefix(endpoint)
    return "../" * endpoint.count("/") + maps.removeprefix("/")
