"""The names that code written for django-compressor imports from it."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_join
from django.utils.module_loading import import_string

from pressmark.adapters import Asset, OfflineGenerationError, Source
from pressmark_django.compressor.filters import command_filter
from pressmark_django.compressor.settings import given_setting
from pressmark_django.sekizai import compress
from pressmark_django.signals import post_compress

__all__ = [
    "BrotliCompressorFileStorage",
    "CSSMinFilter",
    "CachedCompilerFilter",
    "CallbackOutputFilter",
    "CompilerFilter",
    "CompressorError",
    "CompressorFileStorage",
    "CompressorFinder",
    "CssAbsoluteFilter",
    "CssCompressor",
    "CssDataUriFilter",
    "CssRelativeFilter",
    "FilterBase",
    "FilterDoesNotExist",
    "FilterError",
    "GzipCompressorFileStorage",
    "JSMinFilter",
    "JsCompressor",
    "OfflineGenerationError",
    "UncompressableFileError",
    "compress",
    "post_compress",
    "rCSSMinFilter",
    "rJSMinFilter",
]


class CompressorError(Exception):
    """A bundle could not be built. Pressmark does not raise it: a page leaves as it was written."""


class UncompressableFileError(CompressorError):
    """A file could not be bundled."""


class FilterError(CompressorError):
    """A filter failed."""


class FilterDoesNotExist(CompressorError):  # noqa: N818  # as django-compressor's
    """A filter does not exist."""


class CssCompressor:
    """The sender of ``post_compress`` for stylesheets."""


class JsCompressor:
    """The sender of ``post_compress`` for scripts."""


class FilterBase:
    """The base class of filters and precompilers, which have ``input()``, ``output()`` or both."""

    def __init__(  # noqa: PLR0913, PLR0917  # as django-compressor's
        self,
        content: str,
        attrs: dict[str, str] | None = None,
        filter_type: str | None = None,
        filename: str | None = None,
        verbose: int = 0,
        charset: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.content, self.attrs, self.filename, self.charset = content, attrs, filename, charset
        self.type = filter_type or getattr(self, "type", None)

    def input(self, **kwargs: Any) -> str:
        """Return the filtered text of one file."""
        raise NotImplementedError

    def output(self, **kwargs: Any) -> str:
        """Return the filtered text; in Pressmark that of one file, too."""
        raise NotImplementedError


class CallbackOutputFilter(FilterBase):
    """A filter that calls the function at the dotted path *callback*."""

    callback: str = ""
    args: Sequence[Any] = ()
    kwargs: dict[str, Any] = {}  # noqa: RUF012  # as django-compressor's
    dependencies: Sequence[str] = ()

    def output(self, **kwargs: Any) -> str:
        """Return the function's result."""
        work: Callable[..., str] = import_string(self.callback)
        return work(self.content, *self.args, **self.kwargs)


class CompilerFilter(FilterBase):
    """A filter that runs *command* without a shell; each ``{name}`` in it is replaced by the option of that name."""

    command: str = ""
    options: Any = ()

    def __init__(self, content: str, command: str = "", **kwargs: Any) -> None:
        super().__init__(content, **kwargs)
        self.command = command or self.command

    def input(self, **kwargs: Any) -> str:
        """Return the command's output. Raises FilterError."""
        words = self.command
        for name, value in dict(self.options).items():
            words = words.replace(f"{{{name}}}", str(value))
        try:
            run = command_filter(type(self).__name__, words)
            content = self.content.encode("utf-8")
            digest = sha256(Path(self.filename).read_bytes()).hexdigest() if self.filename else ""
            sources = (Source(self.filename, digest, None),) if self.filename else ()
            made = run(Asset("", f"text/{self.type or 'plain'}", content, sources))
        except (OSError, ValueError) as error:
            raise FilterError(str(error)) from error
        return made.content.decode("utf-8")


class CachedCompilerFilter(CompilerFilter):
    """The same, as Pressmark keeps the results of every filter."""


class CssAbsoluteFilter(FilterBase):
    """A filter that changes nothing: Pressmark keeps the targets of URLs itself."""

    def input(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.content


class CssRelativeFilter(CssAbsoluteFilter):
    """The same: URLs are relative to the bundle, unless ``url_rewrite`` says otherwise."""


class CssDataUriFilter(CssAbsoluteFilter):
    """The same; ``data_uri`` puts images into stylesheets."""


class rCSSMinFilter(CallbackOutputFilter):  # noqa: N801  # as django-compressor's
    """Takes white space and comments out of stylesheets."""

    callback = "rcssmin.cssmin"
    kwargs = {"keep_bang_comments": True}  # noqa: RUF012


class rJSMinFilter(CallbackOutputFilter):  # noqa: N801  # as django-compressor's
    """Takes white space and comments out of scripts."""

    callback = "rjsmin.jsmin"
    kwargs = {"keep_bang_comments": True}  # noqa: RUF012


CSSMinFilter, JSMinFilter = rCSSMinFilter, rJSMinFilter


class CompressorFinder(BaseFinder):
    """A finder of what lies in COMPRESS_ROOT, or else STATIC_ROOT: code asks finders for files that were collected."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Return no complaint."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the absolute path of a file, or all such in a list."""
        root = _root()
        found = _file_below(str(root), path) if root else None
        every = find_all or kwargs.get("all", False)  # the name before Django 5.2
        return [found] if every and found else found or []

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        """Return no file: what lies there was collected already."""
        return iter(())


def _root() -> Any:
    return given_setting("ROOT") or settings.STATIC_ROOT


def _file_below(root: str, path: str) -> str | None:
    try:
        found = safe_join(root, path)
    except SuspiciousFileOperation:  # finders are asked for whatever is written in a page
        return None
    return found if Path(found).is_file() else None


class CompressorFileStorage(FileSystemStorage):
    """The directory COMPRESS_ROOT, or else STATIC_ROOT."""

    def __init__(self, location: Any = None, base_url: str | None = None, *args: Any, **kwargs: Any) -> None:
        location = location or _root()
        base_url = base_url or given_setting("URL") or settings.STATIC_URL
        super().__init__(location, base_url, *args, **kwargs)


class GzipCompressorFileStorage(CompressorFileStorage):
    """The same, as Pressmark compresses the files that it serves."""


class BrotliCompressorFileStorage(CompressorFileStorage):
    """The same, as Pressmark compresses the files that it serves."""
