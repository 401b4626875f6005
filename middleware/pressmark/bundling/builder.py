"""Build one bundle of the prepared assets of a group: filter each, join them, write the source map."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from pressmark.assets.dependencies import read_dependencies, refuse_written, were_written_since
from pressmark.errors import FilterError, RegionError
from pressmark.model import MEDIA_TYPES, Asset, Bundle, Group, Kind, Source, Span, Trace
from pressmark.protocols import Filter, filter_in_context, name_of_filter
from pressmark.sourcemaps.chaining import remapped
from pressmark.sourcemaps.writing import Joined, source_map
from pressmark.syntax.js_refusals import refuse_early_errors
from pressmark.syntax.verify import css_skeleton
from pressmark.verdicts.analyses import Analyses, key_of

logger = logging.getLogger("pressmark")

MAX_BUNDLE_BYTES = 8 << 20

# A ";" parts the scripts: "f()" followed by "(g)()" would call f's result with g. The line end before it ends a
# "//" comment, the one after it lets a "-->" comment begin a line.
SEPARATORS: dict[Kind, bytes] = {"css": b"\n", "js": b"\n;\n"}
_MAP_COMMENTS: dict[Kind, str] = {"css": "/*# sourceMappingURL={} */", "js": "//# sourceMappingURL={}"}


@dataclass(frozen=True, slots=True)
class Filtered:
    """The text of an asset after the filters. It is kept under the hash of their input.

    *compiled* are the intermediate texts for which a filter has given a source map, each with that map. *read* are the
    paths of the files that filters have read, each with its digest.
    """

    text: str
    compiled: Sequence[Sequence[str]] = ()
    read: Sequence[Sequence[str]] = ()


def _forget(_sources: tuple[Source, ...]) -> None:
    return


class Builder:
    """Applies *filters* (kind -> filters in order) to each asset, once per content, and joins the results.

    Those that are *on_bundle* take what was joined, which then has no source map.
    *maps* is the URL of the source maps' folder, as a bundle names it, ``None`` if there are none.
    """

    def __init__(self, filters: Mapping[Kind, Sequence[Filter]], analyses: Analyses, maps: str | None = None) -> None:
        self._filters, self._analyses, self._maps = filters, analyses, maps

    @property
    def without_filters(self) -> "Builder":
        """The same builder without filters: sources are joined as they are."""
        return Builder(dict.fromkeys(self._filters, ()), self._analyses, self._maps)

    def in_context(self, context: str) -> "Builder":
        """Return the builder with the filters as they are for regions with this *context*."""
        if not context:
            return self
        filters = {kind: [filter_in_context(each, context) for each in found] for kind, found in self._filters.items()}
        return Builder(filters, self._analyses, self._maps)

    @property
    def maps(self) -> str | None:
        """The URL of the source maps' folder, as a bundle names it, ``None`` if there are none."""
        return self._maps

    @property
    def makes_maps(self) -> bool:
        """Tell whether bundles of traced assets get source maps."""
        return self._maps is not None

    def key(self, kind: Kind) -> str:
        """Return a key for all that bundles of *kind* depend on here: the filters, their versions and options."""
        return self._filters_key(kind) + (f"; maps in {self._maps}" if self.makes_maps else "")

    def _filters_key(self, kind: Kind) -> str:
        return "; ".join(f"{each.key}{' of bundles' * is_on_bundle(each)}" for each in self._filters[kind])

    def build(self, group: Group, note: Callable[[tuple[Source, ...]], object] = _forget) -> Bundle:
        """Return the bundle of *group*. Raises FilterError, and RegionError if it would be too large.

        *note* is called with the files that filters have read.
        """
        filtered = [self._filtered(group.kind, asset, note) for asset in group.assets]
        content = SEPARATORS[group.kind].join(each.text.encode("utf-8", "surrogateescape") for each in filtered)
        _refuse_large(content)
        if group.kind == "js" and len(group.assets) > 1:
            _refuse_broken(content)
        whole = self._on_bundle(group, content, note)
        _refuse_large(whole)
        if whole != content:
            return Bundle(name_of(whole), group.kind, whole)
        found = self._source_map(group, filtered)
        is_closed = group.kind == "js" or len(group.assets) > 1  # only a lone sheet may end in an open token
        named = found and _naming(group.kind, content, f"{self._maps}{found.name}.map", is_closed=is_closed)
        return Bundle(name_of(named or content), group.kind, named or content, found if named else None)

    def filtered(self, kind: Kind, asset: Asset, note: Callable[[tuple[Source, ...]], object] = _forget) -> str:
        """Return the text of *asset* after the filters for single files. Raises FilterError."""
        return self._filtered(kind, asset, note).text

    def _source_map(self, group: Group, filtered: Sequence[Filtered]) -> Bundle | None:
        """Return the source map of *group* after the filters, ``None`` unless all its assets are traced."""
        pairs = list(zip(group.assets, filtered, strict=True))
        if self._maps is None or not all(asset.trace for asset in group.assets):
            return None
        sources = [_joined(asset, asset.trace, each) for asset, each in pairs if asset.trace]
        raw = source_map(group.kind, sources, SEPARATORS[group.kind].decode("ascii"), self._analyses)
        return Bundle(name_of(raw), "map", raw)

    def _on_bundle(self, group: Group, content: bytes, note: Callable[[tuple[Source, ...]], object]) -> bytes:
        """Return *content* after the filters that take a whole bundle."""
        filters = [each for each in self._filters[group.kind] if is_on_bundle(each)]
        url = f"the bundle of {', '.join(asset.url for asset in group.assets)}"
        asset = Asset(url, MEDIA_TYPES[group.kind], content, (), "utf-8")
        return self._applied_once(filters, group.kind, asset, note).text.encode("utf-8", "surrogateescape")

    def _filtered(self, kind: Kind, asset: Asset, note: Callable[[tuple[Source, ...]], object]) -> Filtered:
        return self._applied_once([each for each in self._filters[kind] if not is_on_bundle(each)], kind, asset, note)

    def _applied_once(
        self, filters: Sequence[Filter], kind: Kind, asset: Asset, note: Callable[[tuple[Source, ...]], object]
    ) -> Filtered:
        if not filters:
            return Filtered(_decoded(asset.content))
        key = key_of("filtered 2", self._filters_key(kind), asset.url, asset.content)
        filtered = self._analyses.read(key, Filtered)
        sources = read_dependencies((path for path, _ in filtered.read), time.time()) if filtered else ()
        if filtered is None or [[each.path, each.digest] for each in sources] != filtered.read:
            filtered, sources = _applied(filters, asset)
            self._analyses.write(key, filtered)
        if sources:
            note(sources)
        return filtered


def _applied(filters: Sequence[Filter], asset: Asset) -> tuple[Filtered, tuple[Source, ...]]:
    """Return *asset* after *filters*, and the files that they have read. Raises FilterError and AssetError."""
    began = time.time()
    made, paths = _filtered_in_order(filters, asset)
    sources = read_dependencies(paths, began)
    if were_written_since(paths, began):
        made, paths = _filtered_in_order(filters, asset)
        refuse_written(asset.url, sources, read_dependencies(paths, began))
    return replace(made, read=[[found.path, found.digest] for found in sources]), sources


def _filtered_in_order(filters: Sequence[Filter], asset: Asset) -> tuple[Filtered, list[str]]:
    """Return *asset* after *filters*, and the paths of the files that they have read. Raises FilterError."""
    compiled: list[tuple[str, str]] = []
    paths: list[str] = []
    for each in filters:
        try:
            asset = each(replace(asset, source_map=None, dependencies=None))
        except Exception as error:
            raise FilterError(name_of_filter(each), asset.url, repr(error)) from error
        if asset.source_map is not None:
            compiled.append((_decoded(asset.content), asset.source_map))
        paths += asset.dependencies or ()
    return Filtered(_decoded(asset.content), compiled), paths


def is_on_bundle(found: Filter) -> bool:
    """Tell whether a filter takes the text of a whole bundle, and not of each file."""
    return getattr(found, "on_bundle", False) is True


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")  # filters may return any bytes


def _joined(asset: Asset, trace: Trace, filtered: Filtered) -> Joined:
    """Return *asset* after the filters, its trace followed through each filter that gives a source map."""
    text = _decoded(asset.content)
    for compiled, found in filtered.compiled:
        try:
            trace = remapped(found, asset.url, text, trace, compiled)
        except ValueError as error:
            logger.warning("%r is bundled without its source map: %s", asset.url, error)
            trace = replace(trace, spans=(Span(0, -1, 0, 0),))
        text = compiled
    return Joined(text, trace, filtered.text)


def _naming(kind: Kind, content: bytes, url: str, *, is_closed: bool) -> bytes | None:
    """Return *content* with the comment that names its source map, ``None`` if it would be no comment at that end.

    If *content* is *is_closed*, it surely is one.
    """
    named = content + b"\n" + _MAP_COMMENTS[kind].format(url).encode("ascii")
    is_same = is_closed or css_skeleton(_decoded(named)) == css_skeleton(_decoded(content))
    return named if is_same else None


def _refuse_large(content: bytes) -> None:
    if len(content) > MAX_BUNDLE_BYTES:
        raise RegionError(f"the bundle is larger than {MAX_BUNDLE_BYTES} bytes; divide the region")


def _refuse_broken(content: bytes) -> None:
    """Raise RegionError if scripts that are correct alone are not so together: the plan is checked, not trusted."""
    try:
        refuse_early_errors(content.decode("utf-8"))
    except ValueError as error:
        raise RegionError(f"the scripts cannot be joined: {error}") from error


def name_of(content: bytes) -> str:
    """Return the first 32 hexadecimal digits of the SHA-256 of *content*."""
    return sha256(content).hexdigest()[:32]
