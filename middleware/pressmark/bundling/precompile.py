"""Compile sources that browsers cannot read into stylesheets and scripts, once per content."""

import base64
import logging
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import unquote_to_bytes

from pressmark.assets.dependencies import read_dependencies, refuse_written, were_written_since
from pressmark.concurrency.green import run_at_home
from pressmark.errors import AssetError, FilterError, RegionError
from pressmark.model import SCRIPT_TYPES, Asset, Origin, Source, Span, Trace
from pressmark.protocols import Filter, filter_in_context, name_of_filter
from pressmark.sourcemaps.chaining import remapped
from pressmark.syntax.charsets import UncertainEncodingError, decode
from pressmark.syntax.urls import without_query
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason, UnmovableError

logger = logging.getLogger("pressmark")

_MAP_URL = re.compile(r"sourceMappingURL=data:application/json(?:;charset=[\w-]+)?(;base64)?,([^\s*]+)\s*(?:\*/)?\s*\Z")


@dataclass(frozen=True, slots=True)
class Compiled:
    """The result of a precompiler. It is kept under the hash of its input."""

    text: str
    source_map: str | None = None


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The paths that a precompiler has told for one content of a source."""

    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a compilation: what it *made*, or what makes its *error*: each region changes one of its own.

    *sources* are those on which that is known to depend, ``None`` if the precompiler has not told them.
    """

    made: Compiled | None
    sources: tuple[Source, ...] | None
    error: Callable[[], RegionError] | None = None


@dataclass(frozen=True, slots=True)
class Compilation:
    """A compilation of *asset* that has begun. *given* is the same in UTF-8, *text* its text."""

    asset: Asset
    given: Asset
    text: str
    outcome: "Future[Outcome]"


Run = Callable[[str, str, Callable[[], Outcome]], "Future[Outcome]"]
"""Runs a compilation of a media type, under a key that others share who want the same."""


def _run_here(_media_type: str, _key: str, work: Callable[[], Outcome]) -> "Future[Outcome]":
    future: Future[Outcome] = Future()
    future.set_result(work())
    return future


def _forget(_asset: Asset, _sources: tuple[Source, ...]) -> None:
    return


@dataclass(frozen=True, slots=True)
class Precompilers:
    """The precompilers by the media types that they take.

    *note* is called with each asset that was compiled, and with the sources on which the result is known to depend.
    *run* runs them, by default in the thread that asks.
    """

    by_type: Mapping[str, Filter] = field(default_factory=dict)
    run: Run = field(default=_run_here, compare=False)
    note: Callable[[Asset, tuple[Source, ...]], None] = field(default=_forget, compare=False)

    @property
    def types(self) -> frozenset[str]:
        """The media types that have a precompiler."""
        return frozenset(self.by_type)

    @property
    def unreadable(self) -> frozenset[str]:
        """Those media types that no browser can read."""
        return self.types - SCRIPT_TYPES - {"text/css", "module"}

    @property
    def key(self) -> str:
        """A text that names all precompilers, their versions and options."""
        return "; ".join(f"{media_type}: {each.key}" for media_type, each in sorted(self.by_type.items()))

    def in_context(self, context: str) -> "Precompilers":
        """Return the precompilers as they are for regions with this *context*."""
        if not context:
            return self
        return replace(self, by_type={each: filter_in_context(found, context) for each, found in self.by_type.items()})

    def find_sources(self, asset: Asset, analyses: Analyses) -> tuple[Source, ...] | None:
        """Return the files that *asset* includes as they are now, ``None`` if no precompiler has told them yet."""
        found = analyses.read(self._dependencies_key(asset), Dependencies)
        return read_dependencies(found.paths, time.time()) if found is not None else None

    def _dependencies_key(self, asset: Asset) -> str:
        # Other hosts that share the store may have their files elsewhere.
        path = asset.sources[0].path if asset.sources else os.getcwd()
        return self._key("dependencies 1", asset, path, os.path.realpath(path))

    def _compiled_key(self, asset: Asset, sources: tuple[Source, ...] | None) -> str:
        included = asset.sources[1:] if sources is None else sources
        return self._key("compiled 2", asset, *(f"{each.path} {each.digest}" for each in included if each.digest))

    def _key(self, subject: str, asset: Asset, *ingredients: str) -> str:
        precompiler = self.by_type[asset.media_type]
        return key_of(
            subject, asset.media_type, precompiler.key, asset.url, asset.charset or "", asset.content, *ingredients
        )

    def begin(self, asset: Asset, analyses: Analyses) -> Compilation:
        """Begin to compile *asset* by the precompiler of its own media type, unless that is known or going on.

        Raises UnmovableError for a text in an uncertain encoding.
        """
        try:
            text = decode(asset.content, asset.charset or "utf-8")
        except UncertainEncodingError as error:
            raise UnmovableError(Reason(Rule.ENCODING, str(error))) from error
        given = replace(asset, content=text.encode("utf-8"), charset="utf-8")
        sources = self.find_sources(asset, analyses)
        key = self._compiled_key(asset, sources)
        found = analyses.read(key, Compiled)
        if found is not None:
            known: Future[Outcome] = Future()
            known.set_result(Outcome(found, sources))
            return Compilation(asset, given, text, known)
        return Compilation(
            asset, given, text, self.run(asset.media_type, key, lambda: self._outcome(asset, given, analyses))
        )

    def finish(self, begun: Compilation, media_type: str) -> Asset:
        """Return the result of what has *begun*: UTF-8 of *media_type*.

        Blocks as long as the precompiler does. Raises FilterError; AssetError, if the asset was written meanwhile.
        """
        outcome = run_at_home(begun.outcome.result)
        if outcome.sources is not None:
            self.note(begun.asset, outcome.sources)
        if outcome.made is None:
            raise outcome.error() if outcome.error else AssertionError("nothing was made, and nothing failed")
        trace = _trace(outcome.made, begun.given.url, begun.text) if outcome.made.source_map else None
        content = outcome.made.text.encode("utf-8")
        return replace(begun.given, content=content, media_type=media_type, trace=trace)

    def _outcome(self, asset: Asset, given: Asset, analyses: Analyses) -> Outcome:
        """Compile *given*, which is *asset* in UTF-8, and keep the result."""
        precompiler, began = self.by_type[asset.media_type], time.time()
        try:
            made, paths = _applied(precompiler, given)
            sources = None
            if paths is not None:
                sources = read_dependencies(paths, began)
                if were_written_since(paths, began):  # which text was compiled is not known, if clocks are right
                    made, paths = _applied(precompiler, given)
                    refuse_written(asset.url, sources, read_dependencies(paths or (), began))
                analyses.write(self._dependencies_key(asset), Dependencies(paths or ()))
        except AssetError as error:
            return Outcome(None, None, partial(AssetError, error.url, error.reason))
        except Exception as error:
            paths = getattr(error, "dependencies", None)  # what may have to change before it succeeds
            reason = str(error) or repr(error)
            failed = partial(FilterError, name_of_filter(precompiler), asset.url, reason, noun="precompiler")
            return Outcome(None, read_dependencies(paths, time.time()) if paths is not None else None, failed)
        analyses.write(self._compiled_key(asset, sources), made)
        return Outcome(made, sources)


def _applied(precompiler: Filter, given: Asset) -> tuple[Compiled, tuple[str, ...] | None]:
    """Return what *precompiler* makes of *given*, and the paths that it has read."""
    made = precompiler(given)
    return _read(made, given), made.dependencies


def _read(made: object, given: Asset) -> Compiled:
    """Return the result for *given*. Raises TypeError if it is no asset, ValueError if it is empty or no UTF-8."""
    if not isinstance(made, Asset):
        raise TypeError(f"it returned {type(made).__name__}, and must return the asset with replaced fields")
    text = made.content.decode("utf-8-sig")
    # One that tells what it has read is no program that has broken off: it has made nothing of mere definitions.
    if not text.strip() and given.content.strip() and made.dependencies is None:
        raise ValueError("it made nothing")
    text = text.replace("\r\n", "\n")
    return Compiled(text, made.source_map or _map_inside(text))


def _map_inside(text: str) -> str | None:
    """Return the source map that *text* holds at its end as a ``data:`` URL, ``None`` if it holds none."""
    found = _MAP_URL.search(text[text.rfind("sourceMappingURL=") :])
    if found is None:
        return None
    try:
        raw = base64.b64decode(found[2]) if found[1] else unquote_to_bytes(found[2])
        return raw.decode("utf-8")
    except ValueError:
        return None


def _trace(made: Compiled, url: str, text: str) -> Trace | None:
    """Return the trace of *made* by its source map; the source at *url* is *text*."""
    given = Trace((Origin(without_query(url), text),), (Span(0, 0, 0),))
    try:
        return remapped(made.source_map or "", url, text, given, made.text)
    except ValueError as error:
        logger.warning("%r is bundled without its source map: %s", url, error)
        return None
