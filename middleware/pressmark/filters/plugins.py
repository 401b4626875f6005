"""Find the filters and precompilers that settings name, and check the results of filters that are not our own."""

import inspect
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from hashlib import sha256
from typing import Any

from pressmark.compilers.command import DEPFILE, INFILE, OUTFILE, Command
from pressmark.compilers.found import found_by_itself, known_types
from pressmark.entry_point import hint_at, points_of
from pressmark.errors import SettingsError
from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.model import Asset, Kind
from pressmark.protocols import ContextualFilter, Filter, name_of_filter
from pressmark.syntax.css_tokens import closers, ends_in_escape, preprocess, tokenize
from pressmark.syntax.js_refusals import refuse_early_errors

FILTERS, PRECOMPILERS = "pressmark.filters", "pressmark.precompilers"
"""The groups of entry points in which filters and precompilers are found by name."""
KINDS: tuple[Kind, ...] = ("css", "js")
_MINIFIERS: Mapping[Kind, Filter] = {"css": MinifyCss(), "js": MinifyJs()}

_PLACEHOLDERS = (INFILE, OUTFILE, DEPFILE)
_PLACEHOLDER = re.compile(r"\{[a-zA-Z_]+\}")
# The address of an object in its repr(), which differs in each process.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")

Wanted = str | Callable[[Asset], Asset]


def find_filters(
    wanted: Mapping[str, Sequence[Wanted]], *, minify: bool, may_be_absent: bool = False
) -> dict[Kind, tuple[Filter, ...]]:
    """Return the filters of each kind: those that are *wanted*, or else the minifier if *minify* is true.

    Raises SettingsError for an object that is no filter and, unless filters *may_be_absent*, for a name that no package
    has.
    """
    found: dict[Kind, tuple[Filter, ...]] = {}
    for kind in KINDS:
        if kind in wanted:
            found[kind] = tuple(_present(_found, each, may_be_absent=may_be_absent) for each in wanted[kind])
            for each in found[kind]:
                if kind not in getattr(each, "kinds", KINDS):
                    raise SettingsError(
                        f"setting 'filters' has {name_of_filter(each)!r} for {kind!r}, which it cannot read"
                    )
        else:
            found[kind] = (_MINIFIERS[kind],) if minify else ()
    return found


def find_precompilers(
    wanted: Mapping[str, Wanted | Sequence[str]], *, may_be_absent: bool = False
) -> dict[str, Filter]:
    """Return the precompiler of each media type: a function, a command by its arguments, or a package's by its name.

    Types of sources have one by themselves if a compiler for them is installed, unless they are *wanted*.

    Raises SettingsError for a program or a name that does not exist, unless they *may_be_absent*: then the precompiler
    fails when it is used.
    """
    # Where a compiler may be absent, what was made ahead may have been made with it.
    own: Mapping[str, Any] = known_types() if may_be_absent else found_by_itself()
    return {
        media_type: _present(partial(_precompiler, media_type), each, may_be_absent=may_be_absent)
        for media_type, each in {**own, **wanted}.items()
    }


def _present(find: Callable[[Any], Filter], wanted: Any, *, may_be_absent: bool) -> Filter:
    try:
        return find(wanted)
    except SettingsError as error:
        if not may_be_absent:
            raise
        return _Absent(str(error), repr(wanted))


def _precompiler(media_type: str, wanted: Wanted | Sequence[str]) -> Filter:
    if not isinstance(wanted, str) and isinstance(wanted, Sequence):
        return find_command(f"setting 'precompilers' for {media_type!r}", wanted)
    given = _loaded("precompilers", PRECOMPILERS, wanted)
    return _Called(given, _key_of("precompilers", given))


def find_command(
    where: str, arguments: Sequence[str], depends: Callable[[Asset], Iterable[str]] | None = None
) -> Command:
    """Return the command of *arguments*. *depends* returns the paths on which its result for an asset depends.

    Raises SettingsError if there is no such program, or a placeholder is misspelt; *where* begins its text.
    """
    program = shutil.which(arguments[0]) if arguments else None
    if program is None:
        named = repr(arguments[0]) if arguments else "no program"
        missing = "is no program" if arguments and os.path.dirname(arguments[0]) else "is not on the PATH"
        raise SettingsError(f"{where} has {named}, which {missing}; install it, or give its whole path")
    for word in _PLACEHOLDER.findall(" ".join(arguments)):
        close = get_close_matches(word, _PLACEHOLDERS, n=1, cutoff=0.7)
        if word not in _PLACEHOLDERS and close:
            raise SettingsError(f"{where} has {word}, which stands for nothing; did you mean {close[0]}?")
    return Command(tuple(arguments), os.path.abspath(program), depends=depends)


def _found(wanted: Wanted) -> Filter:
    given = _loaded("filters", FILTERS, wanted)
    if isinstance(given, MinifyCss | MinifyJs):
        return given
    return _Foreign(given, _key_of("filters", given))


def _loaded(setting: str, group: str, wanted: Wanted) -> Any:
    """Return the object that *wanted* is or names; an instance if it is a class."""
    given: Any = _named(setting, group, wanted) if isinstance(wanted, str) else wanted
    return given() if inspect.isclass(given) else given


def _named(setting: str, group: str, name: str) -> Any:
    points = points_of(group)
    if name not in points:
        close = get_close_matches(name, points, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(sorted(points)) or 'none'}"
        if setting == "precompilers":
            words = [word for word in name.split() if word != "{infile}"]
            hint += f"; a command is a list, such as {[*words[:2], '{infile}']!r}"
        raise SettingsError(f"setting {setting!r} names {name!r}, which no installed package has; {hint}")
    try:
        return points[name].load()
    except Exception as error:
        value, hint = points[name].value, hint_at(points[name])
        raise SettingsError(
            f"{name!r} of setting {setting!r} cannot be loaded from {value!r}: {error!r}{hint}"
        ) from error


def _key_of(setting: str, given: Any) -> str:
    """Return a key for a filter and all that its results depend on: its own, or one made of a function's source."""
    key = getattr(given, "key", None)
    if isinstance(key, str):
        return key
    if not inspect.isfunction(given):
        raise SettingsError(
            f"setting {setting!r} has {given!r}; an object that is no function needs a `key` of type str"
        )
    try:
        text = inspect.getsource(given)
    except OSError:  # typed at a prompt
        text = f"{given.__code__.co_code!r} {given.__code__.co_consts!r}"
    held = [cell.cell_contents for cell in given.__closure__ or ()], given.__defaults__, given.__kwdefaults__
    digest = sha256(f"{text} {_ADDRESS.sub('', repr(held))}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{given.__module__}.{given.__qualname__} {digest[:12]}"


def _in_context(work: object, context: str) -> Filter | None:
    """Return the plug-in *work* for regions with this *context*, ``None`` if it is the same for all."""
    return work.in_context(context) if isinstance(work, ContextualFilter) else None


@dataclass(frozen=True, slots=True)
class _Absent:
    """What is not installed on a server whose manifest has all that was made with it."""

    reason: str
    key: str

    def __call__(self, asset: Asset) -> Asset:
        raise ValueError(self.reason)


@dataclass(frozen=True, slots=True)
class _Called:
    """A precompiler that is not our own; its result is checked later, as any other file is."""

    work: Callable[[Asset], Asset]
    key: str

    @property
    def name(self) -> str:
        """The name by which people know it."""
        return str(getattr(self.work, "name", self.key))

    def __call__(self, asset: Asset) -> Asset:
        return self.work(asset)

    def in_context(self, context: str) -> Filter:
        """Return the precompiler for regions with this *context*: another one if it can be called in that."""
        found = _in_context(self.work, context)
        return _Called(found, found.key) if found is not None else self


class _Foreign:
    """A filter that is not our own."""

    def __init__(self, work: Callable[[Asset], object], key: str) -> None:
        self._work, self.key = work, key
        self.name = str(getattr(work, "name", key))
        self.kinds: Sequence[Kind] = getattr(work, "kinds", KINDS)
        self.on_bundle = getattr(work, "on_bundle", False) is True

    def in_context(self, context: str) -> Filter:
        """Return the filter for regions with this *context*: another one if it can be called in that."""
        found = _in_context(self._work, context)
        return _Foreign(found, found.key) if found is not None else self

    def __call__(self, asset: Asset) -> Asset:
        """Return the filter's result. Raises ValueError if that could not stand beside other files."""
        result = self._work(asset)
        if not isinstance(result, Asset):
            raise TypeError(f"it returned {type(result).__name__}, and must return the asset with replaced fields")
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
