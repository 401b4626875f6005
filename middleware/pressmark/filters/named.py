"""Find the filters that settings name, and look at what those return that are not our own."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from hashlib import sha256
from importlib.metadata import entry_points
from typing import Any

from pressmark.errors import SettingsError
from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.model import Asset, Kind
from pressmark.protocols import Filter
from pressmark.syntax.css import closers, ends_in_escape, preprocess, tokenize
from pressmark.syntax.script import refuse_early_errors

GROUP = "pressmark.filters"
"""The entry points by whose names filters are found."""
KINDS: tuple[Kind, ...] = ("css", "js")
_MINIFIERS: Mapping[Kind, Filter] = {"css": MinifyCss(), "js": MinifyJs()}

Wanted = str | Callable[[Asset], Asset]


def find_filters(wanted: Mapping[str, Sequence[Wanted]], *, minify: bool) -> dict[Kind, tuple[Filter, ...]]:
    """Return the filters of each kind: those that are *wanted*, or else the minifier if it may *minify*.

    Raises SettingsError for a name that no package has, and for what is no filter.
    """
    found: dict[Kind, tuple[Filter, ...]] = {}
    for kind in KINDS:
        if kind in wanted:
            found[kind] = tuple(_found(each) for each in wanted[kind])
        else:
            found[kind] = (_MINIFIERS[kind],) if minify else ()
    return found


def _found(wanted: Wanted) -> Filter:
    given: Any = _named(wanted) if isinstance(wanted, str) else wanted
    if inspect.isclass(given):
        given = given()
    if isinstance(given, MinifyCss | MinifyJs):
        return given
    return _Foreign(given, _key_of(given))


def _named(name: str) -> Any:
    points = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        close = get_close_matches(name, points, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(sorted(points))}"
        raise SettingsError(f"setting 'filters' names {name!r}, which no installed package has; {hint}")
    try:
        return points[name].load()
    except Exception as error:
        raise SettingsError(f"the filter {name!r} cannot be loaded from {points[name].value!r}: {error!r}") from error


def _key_of(given: Any) -> str:
    """Return what names a filter and all that its results follow from: its own word, or the text of a function."""
    key = getattr(given, "key", None)
    if isinstance(key, str):
        return key
    if not inspect.isfunction(given):
        raise SettingsError(f"setting 'filters' has {given!r}; a filter that is no function needs a text for a key")
    try:
        text = inspect.getsource(given).encode("utf-8")
    except OSError:  # typed at a prompt
        text = given.__code__.co_code + repr(given.__code__.co_consts).encode("utf-8")
    return f"{given.__module__}.{given.__qualname__} {sha256(text).hexdigest()[:12]}"


class _Foreign:
    """A filter of other people's."""

    def __init__(self, work: Callable[[Asset], object], key: str) -> None:
        self._work, self.key = work, key

    def __call__(self, asset: Asset) -> Asset:
        """Return what the filter does. Raises ValueError where that could not stand beside other files."""
        result = self._work(asset)
        if not isinstance(result, Asset):
            raise TypeError(f"it returned {type(result).__name__}, and must return the asset, replaced")
        text = result.content.decode("utf-8")
        if asset.media_type == "text/css":
            tokens = tokenize(preprocess(text))
            missing = closers(tokens)
            if missing:
                raise ValueError(f"it leaves the stylesheet without {missing!r} at its end")
            if ends_in_escape(text) or any(token.kind in ("bad_string", "bad_url") for token in tokens):
                raise ValueError("it leaves a broken string, URL or escape, which could reach into the next file")
        else:
            refuse_early_errors(text)
        return result
