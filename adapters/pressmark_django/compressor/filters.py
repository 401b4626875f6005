"""Filters and precompilers that projects have written for django-compressor: classes by dotted paths, and commands."""

import inspect
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from os.path import isabs
from typing import Any

from django.template import Context, Template
from django.utils.module_loading import import_string

from pressmark.adapters import MEDIA_TYPES, Asset, Command, SettingsError, find_command
from pressmark_django.compressor.request_values import REQUEST_VALUES

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\Z")
_FOR_A_SHELL = re.compile(r"[|&;<>()$`*?]|(?:^|\s)~|^\s*\w+=")
# Quoted text in which a shell expands nothing.
_REDIRECTED = re.compile(r"\A\s*cat\s+\{infile\}\s*\||\s<\s*\{infile\}(?=\s|\Z)|\s>\s*\{outfile\}(?=\s|\Z)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"$`]*\"")
_KINDS = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}


def _load(setting: str, path: str) -> tuple[Any, str]:
    """Return the class at a dotted *path*, and a key that changes with its module. Raises SettingsError."""
    try:
        found = import_string(path)
        text = inspect.getsource(inspect.getmodule(found) or found)
    except (ImportError, OSError, TypeError) as error:
        raise SettingsError(f"{setting} names {path!r}, which cannot be imported: {error}") from error
    return found, f"{path} {sha256(text.encode('utf-8')).hexdigest()[:12]}"


class ClassFilter:
    """A subclass of FilterBase as a filter, called as django-compressor calls it: ``input()`` and then ``output()``."""

    def __init__(self, setting: str, path: str, kind: str) -> None:
        self._class, self.key = _load(setting, path)
        self._kind = kind
        self._is_cacheable = bool(getattr(self._class, "cacheable", False))
        if not self._is_cacheable:
            REQUEST_VALUES.add(self._class, kind)

    def in_context(self, context: str) -> "ClassFilter | InRequest":
        """Return the filter, called with the values of a request that *context* names, unless it asks for none."""
        return self if self._is_cacheable else InRequest(self, context)

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* filtered by the class."""
        text = asset.content.decode("utf-8")
        for method, how in (("input", _options(asset)), ("output", {})):
            try:
                text = getattr(self._class(text, filter_type=self._kind), method)(**how)
            except NotImplementedError:  # django-compressor's sign that there is no such phase
                continue
        return replace(asset, content=text.encode("utf-8"))


class ClassPrecompiler:
    """A subclass of FilterBase as a precompiler, called as django-compressor calls it: ``input()`` alone."""

    def __init__(self, setting: str, path: str, media_type: str, *, is_cacheable: bool = False) -> None:
        self._class, self.key = _load(setting, path)
        self._is_cacheable = is_cacheable or bool(getattr(self._class, "cacheable", False))
        if not self._is_cacheable:
            REQUEST_VALUES.add(self._class, media_type)

    def in_context(self, context: str) -> "ClassPrecompiler | InRequest":
        """Return the precompiler, called with the values of a request that *context* names, unless it asks for none."""
        return self if self._is_cacheable else InRequest(self, context)

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* compiled by the class."""
        how = _options(asset)
        made = self._class(
            asset.content.decode("utf-8"),
            attrs={},
            filter_type=_KINDS.get(asset.media_type, ""),
            charset="utf-8",
            filename=how.get("filename"),
        )
        return replace(asset, content=made.input(**how).encode("utf-8"))


@dataclass(frozen=True)
class InRequest:
    """A *filter_* that is called with the values of a request, which *context* names."""

    filter_: ClassFilter | ClassPrecompiler
    context: str

    @property
    def key(self) -> str:
        """The filter's key, and the values on which its results may depend."""
        return f"{self.filter_.key} in {self.context}"

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* filtered. Raises whatever the class does; LookupError if the values are known no longer."""
        return REQUEST_VALUES.call(self.context, self.filter_, asset)


def _options(asset: Asset) -> dict[str, Any]:
    path = asset.sources[0].path if asset.sources else ""
    if not isabs(path):  # inline code, or an answer of a view
        return {"method": "input", "kind": "hunk", "charset": "utf-8", "basename": None, "elem": None}
    basename = asset.url.rpartition("/")[2]
    return {
        "method": "input", "kind": "file", "charset": "utf-8", "basename": basename, "elem": None, "filename": path,
    }  # fmt: skip


def class_or_command(setting: str, wanted: Any, media_type: str, *, is_cacheable: bool = False) -> Any:
    """Return the precompiler of *media_type*: a class by its dotted path, a command by its words, else *wanted* itself.

    One that *is_cacheable* asks nothing of the request.

    Raises SettingsError for a class that does not exist, and for a command that only a shell could run.
    """
    if not isinstance(wanted, str):
        return wanted
    if _DOTTED.match(wanted):
        return ClassPrecompiler(setting, wanted, media_type, is_cacheable=is_cacheable)
    return command_filter(setting, wanted)


def command_filter(setting: str, words: str, more: Sequence[str] = ()) -> Command:
    """Return the command of *words*, split as a shell would, and the arguments *more*. Raises SettingsError.

    ``cat {infile} |``, ``< {infile}`` and ``> {outfile}`` are understood: a command reads and writes so by itself.
    """
    piped = _REDIRECTED.sub(" ", words)
    words = piped if "{infile}" not in piped and "{outfile}" not in piped else words
    if _FOR_A_SHELL.search(_QUOTED.sub("", words)):
        raise SettingsError(
            f"{setting} has the command {words!r}, which needs a shell, and Pressmark starts none: write it as a list "
            "of arguments with '{infile}' and '{outfile}' into PRESSMARK['precompilers'] or PRESSMARK['filters']"
        )
    try:
        arguments = (*shlex.split(words), *more)
    except ValueError as error:
        raise SettingsError(f"{setting} has the command {words!r}, which cannot be read: {error}") from error
    return find_command(setting, arguments)


@dataclass(frozen=True)
class TemplateFilter:
    """A filter that renders an asset as one of Django's templates."""

    context: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The context, as results depend on it."""
        return f"template {sorted(self.context.items())!r}"

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* rendered."""
        text = Template(asset.content.decode("utf-8")).render(Context(dict(self.context)))
        return replace(asset, content=text.encode("utf-8"))
