"""The one place that names concrete classes: settings in, pipeline out."""

from os import fspath

from pressmark.assets.directories import Directories
from pressmark.build.builder import Builder
from pressmark.build.verdicts import Verdicts
from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.model import Kind
from pressmark.pipeline import Pipeline
from pressmark.protocols import Filter
from pressmark.regions import Renderer
from pressmark.settings import Settings
from pressmark.stores.disk import DiskStore
from pressmark.stores.layered import LayeredStore
from pressmark.stores.memory import MemoryStore


def assemble(settings: Settings) -> Pipeline:
    """Return the pipeline that *settings* describe. Opens and writes nothing yet."""
    filters: dict[Kind, tuple[Filter, ...]] = {"css": (), "js": ()}
    if settings.minify:
        filters = {"css": (MinifyCss(),), "js": (MinifyJs(),)}
    resolver = Directories(settings.roots)
    store = LayeredStore(MemoryStore(), DiskStore(fspath(settings.cache_dir), settings.cache_size))
    verdicts = Verdicts(store)
    renderer = Renderer(
        resolver=resolver,
        store=store,
        builder=Builder(filters, verdicts),
        verdicts=verdicts,
        endpoint=settings.endpoint,
        public_url=settings.public_url,
        is_exact=settings.fidelity == "exact",
    )
    return Pipeline(
        renderer=renderer,
        resolver=resolver,
        store=store,
        endpoint=settings.endpoint,
        public_url=settings.public_url,
        refresh=settings.refresh,
        build_wait=settings.build_wait,
        strict=settings.strict,
        enabled=settings.enabled,
        debug_toggle=settings.debug_toggle,
    )
