"""Read ``COMPRESS_*``: each of django-compressor's settings becomes one of ours, is not needed, or is refused."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.conf import settings as django_settings

from pressmark.adapters import Command, SettingsError
from pressmark_django.compressor.filters import ClassFilter, TemplateFilter, class_or_command, command_filter

PREFIX = "COMPRESS_"
_FILTERS = "compressor.filters."


@dataclass(frozen=True, slots=True)
class Remark:
    """A message of ``manage.py check`` on a setting: it *is_lost*, or only not needed any more."""

    name: str
    text: str
    hint: str
    is_lost: bool = False


@dataclass(slots=True)
class Reading:
    """The result of reading ``COMPRESS_*``: *options* are settings of ours, *remarks* are for the project's people."""

    options: dict[str, Any] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def lose(self, name: str, text: str, hint: str) -> None:
        """Add a remark that the setting *name* has no effect; *hint* names the cure."""
        self.remarks.append(Remark(name, text, hint, is_lost=True))


NOT_NEEDED = {
    "PARSER": "html5lib reads every region.",
    "CACHE_BACKEND": "Pressmark keeps bundles in cache_dir.",
    "CACHE_KEY_FUNCTION": "The name of a kept file is the hash of its content.",
    "REBUILD_TIMEOUT": "Regions are built again when one of their files changes; `retention` is the life of bundles.",
    "MINT_DELAY": "A region is built once for all requests; `build_wait` is the time that a page waits for that.",
    "VERBOSE": "The logger 'pressmark' reports everything at level DEBUG.",
    "OFFLINE_TIMEOUT": "It did nothing in django-compressor either.",
    "OFFLINE_MANIFEST_STORAGE": "The manifest is a file.",
    "OFFLINE_MANIFEST_STORAGE_ALIAS": "The manifest is a file.",
    "URL_PLACEHOLDER": "The manifest holds no URL of a server.",
}
"""Settings that Pressmark does not need -> the reason."""


def given_setting(name: str) -> Any:
    """Return what the project has set as ``COMPRESS_`` *name*, ``None`` if it has not: defaults do not count."""
    is_given = django_settings.is_overridden(PREFIX + name)
    return getattr(django_settings, PREFIX + name) if is_given else None


def read_compress_settings(found: Mapping[str, Any]) -> Reading:
    """Return the options and remarks for those of the settings *found* that begin with ``COMPRESS_``.

    Raises SettingsError for one that has no equivalent and would break pages.
    """
    reading = Reading()
    given = {name.removeprefix(PREFIX): value for name, value in found.items() if name.startswith(PREFIX)}
    for name, value in given.items():
        if name in NOT_NEEDED:
            reading.remarks.append(Remark(PREFIX + name, "is not needed with Pressmark.", NOT_NEEDED[name]))
        elif name in _READERS:
            _READERS[name](reading, value, given)
        elif name not in _ARGUMENTS:
            known = (*NOT_NEEDED, *_READERS, *_ARGUMENTS)
            close = get_close_matches(name, known, n=1)
            hint = f"Did you mean {PREFIX}{close[0]}?" if close else "Pressmark's own settings are in PRESSMARK."
            reading.lose(PREFIX + name, "is no setting of django-compressor.", hint)
    return reading


Reader = Callable[[Reading, Any, Mapping[str, Any]], None]


def _option(ours: str) -> Reader:
    """Return the reader of a setting that is one of ours under another name."""

    def read(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
        reading.options[ours] = value

    return read


def _read_toggle(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    if value and value != "None":  # django-compressor's documentation has it so
        reading.options["debug_toggle"] = value


def _read_hashing(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    methods = {None: None, "mtime": "mtime", "content": "content", "hash": "content"}
    if value not in methods:
        raise SettingsError(f"COMPRESS_CSS_HASHING_METHOD is {value!r}; it must be None, 'mtime', 'content' or 'hash'")
    reading.options["css_hash"] = methods[value]


def _read_kinds(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    usual = {"css": "compressor.css.CssCompressor", "js": "compressor.js.JsCompressor"}
    if other := {kind: path for kind, path in dict(value).items() if usual.get(kind) != path}:
        hint = "Regions are css or js; a class of your own can become a filter in PRESSMARK['filters']."
        reading.lose("COMPRESS_COMPRESSORS", f"has {other!r}, which Pressmark has no use for.", hint)


def _read_offline(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    root = given.get("ROOT") or django_settings.STATIC_ROOT
    if value and root:
        folder = os.path.join(root, given.get("OUTPUT_DIR") or "CACHE")
        # Not the name itself: django-compressor's own manifest may still lie there.
        reading.options["manifest"] = os.path.join(
            folder, f"pressmark-{given.get('OFFLINE_MANIFEST') or 'manifest.json'}"
        )
    elif value:
        hint = "Set STATIC_ROOT or COMPRESS_ROOT, below which the manifest lies."
        reading.lose("COMPRESS_OFFLINE", "has no directory for its manifest.", hint)


def _read_by_command(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    """Read nothing: ``manage.py compress`` or the setting COMPRESS_OFFLINE does."""


def _read_output_dir(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    if not given.get("OFFLINE"):
        hint = "Generated files are served from `endpoint`, and are in no static directory."
        reading.remarks.append(Remark("COMPRESS_OUTPUT_DIR", "is not needed with Pressmark.", hint))


def _read_sri(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    reading.options["integrity"] = bool(value)
    if other := sorted({*value} - {"sha384"} if value else ()):
        reading.lose("COMPRESS_SRI_HASHES", f"asks for {', '.join(other)}.", "Tags carry sha384, which browsers know.")


def _read_crossorigin(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    if value not in (None, "anonymous"):
        hint = "Bundles are public files: crossorigin is 'anonymous'."
        reading.lose("COMPRESS_SRI_CROSSORIGIN", f"is {value!r}.", hint)


def _read_precompilers(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    pairs = list(value.items() if isinstance(value, Mapping) else value)
    if not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        raise SettingsError(f"COMPRESS_PRECOMPILERS is {value!r}; it must be pairs of a type and a command or class")
    cacheable = given.get("CACHEABLE_PRECOMPILERS") or ()
    reading.options["precompilers"] = {
        media_type: class_or_command("COMPRESS_PRECOMPILERS", wanted, media_type, is_cacheable=media_type in cacheable)
        for media_type, wanted in pairs
    }


def _read_filters(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    if not isinstance(value, Mapping) or not all(isinstance(paths, tuple | list) for paths in value.values()):
        raise SettingsError(
            f"COMPRESS_FILTERS is {value!r}; it must be a dict of lists, such as {{'css': ['a.b.Filter']}}"
        )
    reading.options["filters"] = {
        kind: [found for path in paths for found in _filters(reading, str(path), kind, given)]
        for kind, paths in dict(value).items()
    }


def _filters(reading: Reading, path: str, kind: str, given: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the filter that replaces one of django-compressor's, or none if Pressmark does its work anyway."""
    name = path.rpartition(".")[2] if path.startswith(_FILTERS) else ""
    match name:
        case "CssAbsoluteFilter" | "CssRelativeFilter":  # URLs lead to the same files, however they are written
            return
        case "CssDataUriFilter":
            reading.options["data_uri"] = given.get("DATA_URI_MAX_SIZE", 1024)
        case "rCSSMinFilter" | "CSSMinFilter":
            yield "rcssmin"
        case "rJSMinFilter" | "JSMinFilter" | "SlimItFilter":
            yield "rjsmin"
        case "CSSCompressorFilter" | "CalmjsFilter":
            ours = "rcssmin" if kind == "css" else "rjsmin"
            text = f"names {name}, which changes the meaning of files; {ours} is used instead."
            reading.lose(
                "COMPRESS_FILTERS", text, "To use another, write a filter of your own into PRESSMARK['filters']."
            )
            yield ours
        case "TemplateFilter":
            yield TemplateFilter(dict(given.get("TEMPLATE_FILTER_CONTEXT", {})))
        case _ if name in _COMMANDS:
            yield _command(_COMMANDS[name], given)
        case _ if name:
            raise SettingsError(f"COMPRESS_FILTERS names {path!r}, which django-compressor does not have")
        case _:
            yield ClassFilter("COMPRESS_FILTERS", path, kind)


# Filter -> the setting of its program, its default, the setting of its arguments, its default, and more arguments.
_COMMANDS: Mapping[str, tuple[str, str, str, str, Sequence[str]]] = {
    "CleanCSSFilter": ("CLEAN_CSS_BINARY", "cleancss", "CLEAN_CSS_ARGUMENTS", "", ("-o", "{outfile}", "{infile}")),
    "ClosureCompilerFilter": (
        "CLOSURE_COMPILER_BINARY", "java -jar compiler.jar", "CLOSURE_COMPILER_ARGUMENTS", "", (),
    ),
    "YUICSSFilter": ("YUI_BINARY", "java -jar yuicompressor.jar", "YUI_CSS_ARGUMENTS", "", ("--type=css",)),
    "YUIJSFilter": ("YUI_BINARY", "java -jar yuicompressor.jar", "YUI_JS_ARGUMENTS", "", ("--type=js",)),
    "YUglifyCSSFilter": ("YUGLIFY_BINARY", "yuglify", "YUGLIFY_CSS_ARGUMENTS", "--terminal", ("--type=css",)),
    "YUglifyJSFilter": ("YUGLIFY_BINARY", "yuglify", "YUGLIFY_JS_ARGUMENTS", "--terminal", ("--type=js",)),
}  # fmt: skip


def _command(row: tuple[str, str, str, str, Sequence[str]], given: Mapping[str, Any]) -> Command:
    program, usual_program, arguments, usual_arguments, more = row
    words = f"{given.get(program, usual_program)} {given.get(arguments, usual_arguments)}"
    return command_filter(PREFIX + program, words, more)


def _read_storage(reading: Reading, value: Any, given: Mapping[str, Any]) -> None:
    if str(value).startswith("compressor.storage."):
        hint = "Generated files are served from `endpoint`, and as gzip, Brotli and Zstandard."
        reading.remarks.append(Remark("COMPRESS_STORAGE", "is not needed with Pressmark.", hint))


_READERS: Mapping[str, Reader] = {
    "STORAGE": _read_storage,
    "ENABLED": _option("enabled"),
    "MTIME_DELAY": _option("refresh"),
    "DEBUG_TOGGLE": _read_toggle,
    "CSS_HASHING_METHOD": _read_hashing,
    "COMPRESSORS": _read_kinds,
    "OFFLINE": _read_offline,
    "OUTPUT_DIR": _read_output_dir,
    "OFFLINE_CONTEXT": _read_by_command,
    "OFFLINE_MANIFEST": _read_by_command,
    "JINJA2_GET_ENVIRONMENT": _read_by_command,
    "SRI_HASHES": _read_sri,
    "SRI_CROSSORIGIN": _read_crossorigin,
    "PRECOMPILERS": _read_precompilers,
    "FILTERS": _read_filters,
}
_ARGUMENTS = {
    "URL",
    "ROOT",
    "CACHEABLE_PRECOMPILERS",
    "STORAGE_ALIAS",
    "DATA_URI_MAX_SIZE",
    "TEMPLATE_FILTER_CONTEXT",
    *(name for row in _COMMANDS.values() for name in (row[0], row[2])),
}
"""Settings that are read with others: of filters, of the static files (URL and ROOT), of the storage."""
