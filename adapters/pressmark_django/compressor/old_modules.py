"""Find django-compressor's modules here, for projects that import from it but no longer have it among their apps.

Settings name a Jinja extension, a finder or a postprocessor by dotted paths, and their own code subclasses filters.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_OURS = "pressmark_django.compressor.old_api"
# Those of other modules of ours, which only some projects import.
_ELSEWHERE = {
    "compressor.contrib.jinja2ext": "pressmark_django.jinja2",
    "compressor.templatetags.compress": "pressmark_django.templatetags.compress",
}
_RENAMED = {"CompressorExtension": "CompressExtension", "CompressorNode": "CompressNode"}
# Name of a module -> the names of ours in it.
_REPLACED: dict[str, tuple[str, ...]] = {
    "compressor.contrib.jinja2ext": ("CompressorExtension",),
    "compressor.contrib.sekizai": ("compress",),
    "compressor.finders": ("CompressorFinder",),
    "compressor.signals": ("post_compress",),
    "compressor.templatetags.compress": ("CompressorNode", "compress", "register"),
}
_BASES = ("CachedCompilerFilter", "CallbackOutputFilter", "CompilerFilter", "FilterBase", "FilterError")
_MISSING: dict[str, tuple[str, ...]] = {
    "compressor": (),
    "compressor.conf": ("settings",),
    "compressor.contrib": (),
    "compressor.css": ("CssCompressor",),
    "compressor.exceptions": (
        "CompressorError",
        "FilterDoesNotExist",
        "FilterError",
        "OfflineGenerationError",
        "UncompressableFileError",
    ),
    "compressor.filters": _BASES,
    "compressor.filters.base": _BASES,
    "compressor.filters.css_default": ("CssAbsoluteFilter", "CssRelativeFilter"),
    "compressor.filters.cssmin": ("CSSMinFilter", "rCSSMinFilter"),
    "compressor.filters.datauri": ("CssDataUriFilter",),
    "compressor.filters.jsmin": ("JSMinFilter", "rJSMinFilter"),
    "compressor.js": ("JsCompressor",),
    "compressor.templatetags": (),
    "compressor.storage": ("BrotliCompressorFileStorage", "CompressorFileStorage", "GzipCompressorFileStorage"),
}
"""Used only if django-compressor is not installed: other packages may need its own."""


class OldNames(MetaPathFinder, Loader):
    """Finds modules by the names that they had in django-compressor."""

    def __init__(self) -> None:
        is_installed = PathFinder.find_spec("compressor") is not None
        self._names = _REPLACED if is_installed else _REPLACED | _MISSING

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module that is ours, ``None`` for any other."""
        if fullname not in self._names:
            return None
        return ModuleSpec(fullname, self, is_package=any(name.startswith(f"{fullname}.") for name in self._names))

    def exec_module(self, module: ModuleType) -> None:
        """Set our objects in *module*."""
        ours = import_module(_ELSEWHERE.get(module.__name__, _OURS))
        for name in self._names[module.__name__]:
            setattr(module, name, getattr(ours, _RENAMED.get(name, name)))


def install_old_names() -> None:
    """Install the finder of old names, once."""
    if not any(isinstance(finder, OldNames) for finder in sys.meta_path):
        sys.meta_path.insert(0, OldNames())
