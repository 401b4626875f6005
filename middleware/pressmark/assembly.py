"""Assemble the parts of the middleware from settings. Only this module names concrete classes.

Long, because each part is named here, once, with all that it needs.
"""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from os import fspath
from os.path import abspath, dirname
from pathlib import Path
from typing import cast
from weakref import WeakKeyDictionary

from pressmark.assets.from_application import SUBREQUEST_THREADS, ApplicationResolver
from pressmark.assets.from_directories import DirectoryResolver
from pressmark.assets.static_names import StaticNames
from pressmark.bundling.builder import Builder
from pressmark.bundling.precompile import Outcome, Precompilers
from pressmark.compilers.esbuild import EsbuildModules, find_esbuild
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.entry_point import load_point
from pressmark.events import OnEvent
from pressmark.filters.plugins import find_filters, find_precompilers
from pressmark.http.early_hints import EarlyHints
from pressmark.metrics.find_observer import find_observer
from pressmark.model import Kind
from pressmark.modules.graph import COMPILED
from pressmark.modules.planning import Level
from pressmark.offline.manifest import Manifests
from pressmark.offline.mirror import MirroredManifests, check_url, folder_for
from pressmark.offline.recorder import VARIABLE, Recorder
from pressmark.page.scanned_pages import ScannedPages
from pressmark.pipeline import Pipeline, PipelineOptions
from pressmark.protocols import Backend, Filter, Resolver, Store
from pressmark.regions.built_ahead import BuiltAhead
from pressmark.regions.cached_regions import CachedRegions
from pressmark.regions.freshness import Freshness
from pressmark.regions.job_reading import JobReader
from pressmark.regions.rebuilding import Rebuilder
from pressmark.regions.region_modules import RegionModules
from pressmark.regions.renderer import OnBuilt, Renderer
from pressmark.regions.signed_recipes import PURPOSE, SIGNATURE_BYTES, SignedRecipes
from pressmark.regions.tags import Tags
from pressmark.regions.varying import Varying
from pressmark.report.log_once import LogOnce
from pressmark.response.exchange import Core, MinifyHtml
from pressmark.response.toggle import Toggle
from pressmark.response.warm_pages import WarmPages
from pressmark.serve.bodies import Bodies
from pressmark.serve.endpoint import Endpoint
from pressmark.serve.packs import unpacking
from pressmark.settings import FilterSetting, Settings
from pressmark.stores.disk import RETENTION_S, DiskStore
from pressmark.stores.fetching import FetchingStore
from pressmark.stores.find_backend import find_backend
from pressmark.stores.layered import LayeredStore
from pressmark.stores.losses import Losses, Watch
from pressmark.stores.memory import MemoryStore
from pressmark.stores.publishing import Publish, PublishingStore
from pressmark.stores.shared import SharedStore
from pressmark.stores.shipped import ShippedStore
from pressmark.stores.signing import Signer
from pressmark.stores.tiered import TieredStore
from pressmark.stylesheets.url_style import UrlStyle
from pressmark.verdicts.analyses import Analyses

REBUILDING_THREADS = 2
"""The threads that build bundles by the recipes in their URLs: pages must not wait for what others replay."""

_SETTINGS: "WeakKeyDictionary[Pipeline, Settings]" = WeakKeyDictionary()

_LEVELS: dict[bool | str, Level] = {True: "linked", "named": "named", "preload": "preload", False: "kept"}
"""The highest level of modules by the setting."""

COMPILING_THREADS = 4
"""Those for recipes that need a compiler, which may be slow: other bundles must not wait. Each type has as many."""

PATIENT_THREADS = 64
"""The threads for regions that need a compiler. They do little but wait for it, and other regions must not."""

RECORDER = Recorder()
"""The recorder of all regions that this process meets."""


def assemble(  # noqa: PLR0913  # the settings, and what an adapter puts in the place of their parts
    settings: Settings,
    publish: Publish | None = None,
    on_built: OnBuilt | None = None,
    *,
    resolver: Resolver | None = None,
    store: Store | None = None,
    linked: Sequence[str] = (),
) -> Core:
    """Return the parts of the middleware that *settings* describe. Opens and writes nothing yet.

    *publish* writes generated files to the server of ``public_url``; *on_built* is called with each built bundle.
    *resolver* and *store* replace those that the settings name. Links among static files may lead into the directories
    *linked*.
    """
    on_event = find_observer(settings.on_event)
    manifest = _manifests(settings)
    resolver = resolver or _resolver(settings, linked)
    store = store or _store(settings, publish, on_event, manifest)
    if settings.manifest is not None and isinstance(manifest, Manifests):
        RECORDER.manifest = str(settings.manifest)
    file = settings.record or os.environ.get(VARIABLE)
    if file and not RECORDER.is_on:
        RECORDER.begin(str(file))
    # One thread for work that no page waits for: it must not delay builds, nor take all processors.
    background: SingleFlight[None] = SingleFlight(store.release, threads=1)
    are_elsewhere = settings.public_url is not None and publish is None
    ahead = BuiltAhead(manifest, settings.on_missing, RECORDER, store, are_elsewhere=are_elsewhere)
    cached_regions = CachedRegions(settings.public_url)
    RECORDER.watch(cached_regions)
    freshness = Freshness(resolver, store, settings.refresh, time.monotonic, strict=settings.strict, ahead=ahead)
    renderer, rebuilder = _renderer(
        settings, resolver, store, ahead, on_built, is_publisher=publish is not None, on_event=on_event
    )
    pipeline = Pipeline(
        renderer=renderer,
        store=store,
        make_endpoint=lambda load: _endpoint(settings, Bodies(unpacking(load), store, background.submit), on_event),
        cached_regions=cached_regions,
        freshness=freshness,
        log_once=LogOnce(shares_nothing=settings.store is None and settings.recipes == "no" and manifest is None),
        builds=SingleFlight(store.release),
        patient_builds=SingleFlight(store.release, threads=PATIENT_THREADS),
        rebuilder=rebuilder,
        background=background,
        options=PipelineOptions(settings.build_wait, settings.strict, settings.overlay),
        on_event=on_event,
    )
    _SETTINGS[pipeline] = settings
    toggle = Toggle(
        settings.debug_toggle, settings.enabled, bool(settings.precompilers), only_found=renderer.has_compilers
    )
    scanned_pages = ScannedPages()
    asks_application = settings.resolve == "app"
    depends_on_more = asks_application or toggle.is_on or settings.early_hints or settings.minify_html or on_event
    return Core(
        pipeline,
        toggle,
        scanned_pages,
        EarlyHints(are_early=settings.early_hints is True) if settings.early_hints else None,
        makes_subrequests=asks_application,
        minify_html=_html_minifier(settings),
        warm_pages=None if depends_on_more else WarmPages(scanned_pages, cached_regions, freshness),
    )


def _html_minifier(settings: Settings) -> MinifyHtml | None:
    """Return what minifies HTML, ``None`` if nothing shall. Raises SettingsError if its package is missing."""
    if not settings.minify_html:
        return None
    found = load_point("pressmark.html", "minify", "setting 'minify_html'")
    return MinifyHtml(found.KEY, found.minify_html)


def assemble_renderer(settings: Settings, resolver: Resolver | None = None) -> Renderer:
    """Return a renderer that keeps everything in memory and reads with *resolver*, by default that of *settings*."""
    store = MemoryStore()
    ahead = BuiltAhead(None, settings.on_missing, RECORDER, store, are_elsewhere=settings.public_url is not None)
    return _renderer(settings, resolver or _resolver(settings), store, ahead)[0]


def assemble_resolver(directory: str) -> Resolver:
    """Return a resolver for which every path lies below *directory*."""
    return DirectoryResolver((("/", (directory,)),))


def _manifests(settings: Settings) -> Manifests | MirroredManifests | None:
    if settings.manifest is None:
        return None
    path = fspath(settings.manifest)
    if not settings.has_remote_manifest:
        return Manifests(path)
    folder = folder_for(path, settings.cache_directory)
    return MirroredManifests(path, folder, SingleFlight(threads=1), time.monotonic)


def _store(
    settings: Settings,
    publish: Publish | None,
    on_event: OnEvent | None,
    manifest: Manifests | MirroredManifests | None,
) -> Store:
    disk = DiskStore(settings.cache_directory, settings.cache_size, settings.retention)
    shipped = dirname(settings.manifest) if settings.manifest is not None and isinstance(manifest, Manifests) else None
    store: Store
    if settings.store is not None:  # what was shipped to this host, others may lack
        local = ShippedStore(shipped, disk) if shipped is not None else disk
        store = LayeredStore(MemoryStore(), _tiered(settings, settings.store, local, disk, on_event))
    else:
        store = LayeredStore(MemoryStore(), disk)
        store = ShippedStore(shipped, store) if shipped is not None else store
    if isinstance(manifest, MirroredManifests):
        store = FetchingStore(store, manifest.fetch)
    if publish is None:
        return store
    return PublishingStore(store, publish, ("css", "js", "pack", *(() if _has_private_maps(settings) else ("map",))))


def _tiered(
    settings: Settings, wanted: str | Backend, local: Store, disk: DiskStore, on_event: OnEvent | None
) -> TieredStore:
    signer = Signer(settings.secrets)
    shared = SharedStore(find_backend(wanted), signer, settings.retention, on_event=on_event)
    losses = Losses(shared, local, disk.names)
    return TieredStore(local, shared, losses, Watch(losses).start)


def _endpoint(settings: Settings, bodies: Bodies, on_event: OnEvent | None) -> Endpoint:
    return Endpoint(
        settings.endpoint,
        bodies,
        maps=settings.maps,
        has_private_maps=_has_private_maps(settings),
        on_event=on_event,
    )


def _has_private_maps(settings: Settings) -> bool:
    return isinstance(settings.source_maps, str)


def _resolver(settings: Settings, linked: Sequence[str] = ()) -> Resolver:
    directories = DirectoryResolver(settings.roots, linked)
    if settings.resolve != "app":
        return directories
    return ApplicationResolver(directories, SingleFlight(threads=SUBREQUEST_THREADS, computes=False))


def assemble_cache(directory: str, retention_s: float) -> DiskStore:
    """Return the store in a cache *directory* that keeps entries for *retention_s* seconds after their last use."""
    return DiskStore(abspath(directory), sys.maxsize, retention_s)


def assemble_analyses(directory: str) -> Analyses:
    """Return what is kept in a cache *directory* about files, by their content."""
    return Analyses(assemble_cache(directory, RETENTION_S))


def assemble_shipped(directory: Path) -> Store:
    """Return the store of the bundles that an earlier build has written to *directory*."""
    return ShippedStore(str(directory), MemoryStore())


def assemble_shared(wanted: str | Backend, secrets: Sequence[str | bytes]) -> SharedStore:
    """Return what hosts share at *wanted*, with records that are signed with *secrets*. Raises SettingsError."""
    return SharedStore(find_backend(wanted), Signer(secrets), RETENTION_S)


def known_settings() -> list[Settings]:
    """Return the settings of all middleware in this process."""
    return list(_SETTINGS.values())


def check_plugins(settings: Settings) -> None:
    """Raise SettingsError for a filter, precompiler, shared store or observer that does not exist."""
    if settings.store is not None:
        find_backend(settings.store)
    find_observer(settings.on_event)
    if settings.manifest is not None and settings.has_remote_manifest:
        check_url(fspath(settings.manifest))
    _filters(settings)
    _precompilers(settings)
    _html_minifier(settings)


def _filters(settings: Settings) -> dict[Kind, tuple[Filter, ...]]:
    wanted = cast("Mapping[str, Sequence[FilterSetting]]", settings.filters)  # a preset has been read as one already
    return find_filters(wanted, minify=settings.minify, may_be_absent=settings.manifest is not None)


def _precompilers(settings: Settings, store: Store | None = None) -> Precompilers:
    """Return the precompilers; with a *store* of their results each of them has threads of its own."""
    found = find_precompilers(settings.precompilers, may_be_absent=settings.manifest is not None)
    if store is None:
        return Precompilers(found)
    # One that hangs keeps its own threads, and no other waits for those.
    flights = {each: SingleFlight[Outcome](store.release, threads=COMPILING_THREADS) for each in found}
    return Precompilers(found, lambda media_type, key, work: flights[media_type].submit(key, work))


def _module_compilers(store: Store) -> Precompilers:
    """Return what makes modules of TypeScript and JSX, nothing if it is not installed."""
    if find_esbuild() is None:
        return Precompilers()
    flight = SingleFlight[Outcome](store.release, threads=COMPILING_THREADS)
    found = dict.fromkeys(COMPILED.values(), EsbuildModules())
    return Precompilers(found, lambda media_type, key, work: flight.submit((media_type, key), work))


def _renderer(  # noqa: PLR0913  # what the settings name, and what an adapter puts in its place
    settings: Settings,
    resolver: Resolver,
    store: Store,
    ahead: BuiltAhead,
    on_built: OnBuilt | None = None,
    *,
    is_publisher: bool = False,
    on_event: OnEvent | None = None,
) -> tuple[Renderer, Rebuilder]:
    analyses = Analyses(store)
    builder = Builder(_filters(settings), analyses, _maps_from_bundles(settings))
    signer = Signer(settings.secrets, PURPOSE, SIGNATURE_BYTES)
    recipes = SignedRecipes(signer)
    tags = Tags(settings.endpoint, settings.public_url, settings.integrity, not is_publisher, recipes)
    jobs = JobReader(
        resolver=resolver,
        varying=Varying(),
        names=StaticNames(tuple(settings.static)),
        tags=tags,
        recipes="no" if is_publisher else settings.recipes,
        precompilers=_precompilers(settings, store),
        analyses=analyses,
        url_style=_url_style(settings),
        trust=tuple(settings.trust),
        joins_media=settings.join_media,
        is_exact=settings.fidelity == "exact",
        makes_maps=builder.makes_maps,
    )
    rebuilder = Rebuilder(
        jobs=jobs,
        recipes=recipes,
        resolver=resolver,
        store=store,
        builder=builder,
        analyses=analyses,
        clock=time.monotonic,
        flights=SingleFlight(store.release, threads=REBUILDING_THREADS),
        compiling=SingleFlight(store.release, threads=COMPILING_THREADS),
        on_event=on_event,
    )
    renderer = Renderer(
        jobs=jobs,
        store=store,
        builder=builder,
        rebuilder=rebuilder,
        analyses=analyses,
        ahead=ahead,
        tags=tags,
        recipes=recipes,
        modules=RegionModules(
            builder, analyses, tags, _LEVELS[settings.modules], settings.fidelity == "exact", _module_compilers(store)
        ),
        on_built=on_built,
    )
    return renderer, rebuilder


def _url_style(settings: Settings) -> UrlStyle:
    folder = (settings.public_url or settings.endpoint) if settings.url_rewrite == "relative" else None
    return UrlStyle(settings.css_hash, settings.data_uri, folder)


def _maps_from_bundles(settings: Settings) -> str | None:
    """Return the URL of the source maps' folder relative to a bundle, for any mount point; ``None`` if no maps."""
    maps, endpoint = settings.maps, settings.endpoint
    if maps is None:
        return None
    if isinstance(settings.source_maps, str) and settings.source_maps != maps:  # a whole URL
        return settings.source_maps
    if maps.startswith(endpoint):
        return "../" + maps.removeprefix(endpoint)
    return "../" * endpoint.count("/") + maps.removeprefix("/")
