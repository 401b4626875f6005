"""Check the values of settings: each error names the wrong value and the right ones."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from os import PathLike, fspath
from os.path import abspath, isdir
from threading import TIMEOUT_MAX
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from pressmark.errors import SettingsError

Directory = str | PathLike[str]
Directories = Directory | Sequence[Directory]


HIDDEN = "one that is not shown here"
_SECRET = ("secret", "store")
"""The settings whose values hold passwords: no message shows them."""


def check_fields(settings: object) -> None:
    """Raise SettingsError for the first field of a Settings object that is wrong by itself."""
    for names, is_right, allowed in _FIELDS:
        for name in names.split():
            value = getattr(settings, name)
            shown = HIDDEN if name in _SECRET and not is_right(value) else value
            check(name, shown, is_right(value), allowed)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and _is_number(value, 0)


def _is_time(value: object) -> bool:
    return value is None or (_is_number(value, 0) and isinstance(value, int | float) and value <= TIMEOUT_MAX)


def _is_parameter(value: object) -> bool:
    return value is None or (isinstance(value, str) and re.fullmatch(r"[\w.~-]+", value, re.ASCII) is not None)


def check_maps(maps: object, endpoint: str, public_url: str | None) -> None:
    """Raise SettingsError if *maps* is wrong for the setting ``source_maps``, beside the two others."""
    check("source_maps", maps, *_allowed_maps(maps, endpoint, public_url))


def _allowed_maps(maps: object, endpoint: str, public_url: str | None) -> tuple[bool, str]:
    """Return whether *maps* is right, and a text on the values that are."""
    if isinstance(maps, bool):
        return True, ""
    if public_url is not None and not (isinstance(maps, str) and urlsplit(maps).scheme):
        return False, "True, False or, beside public_url, a whole URL of this site such as 'https://example.com/maps/'"
    path = urlsplit(maps).path if isinstance(maps, str) and _is_base_url(maps) else ""
    bundles = [f"{endpoint}{kind}/" for kind in ("css", "js")]
    is_free = _is_prefix(path) and not any(path.startswith(each) or each.startswith(path) for each in bundles)
    return is_free, f"True, False or a path such as '/maps/' that holds none of {bundles}"


def check(name: str, value: object, holds: bool, allowed: str) -> None:
    """Raise SettingsError unless the check of the setting *name* *holds*; *allowed* says which values pass."""
    if not holds:
        raise SettingsError(f"setting {name!r} is {value!r}; it must be {allowed}")


def suggestion(name: str, names: Collection[str]) -> str:
    """Return the end of a sentence on the unknown setting *name*: the nearest of *names* in any case, or all."""
    spelled = {each.lower(): each for each in names}
    close = get_close_matches(str(name).lower(), spelled, n=1)
    return f"; did you mean {spelled[close[0]]!r}?" if close else f"; the settings are {', '.join(names)}"


def _is_prefix(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"/(?:[\w.~-]+/)+", value, re.ASCII) is not None


LEAST_SECRET = 16
"""The signs that a secret must have."""


def _is_secret(value: object) -> bool:
    secrets = value if isinstance(value, list | tuple) else [value]
    return value is None or (
        bool(secrets) and all(isinstance(each, str | bytes) and len(each) >= LEAST_SECRET for each in secrets)
    )


def _is_base_url(value: object) -> bool:
    if not isinstance(value, str) or not value.endswith("/") or re.search(r"[\s\"'<>\\?#]", value):
        return False
    parts = urlsplit(value)
    return (parts.scheme in ("http", "https") and bool(parts.netloc)) or (not parts.scheme and value[0] == "/")


def _is_path(value: object) -> bool:
    return isinstance(value, str | PathLike)


def _is_number(value: object, least: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= least


def listed(directories: Directories) -> Sequence[Directory]:
    """Return *directories*, of which there may be one alone, as a sequence."""
    return (directories,) if isinstance(directories, str | PathLike) else directories


def read_static(
    static: object, served: Sequence[str | None], *, may_be_missing: bool = False
) -> Mapping[str, tuple[str, ...]]:
    """Return prefix -> absolute directories. Raises SettingsError, also for a prefix below one that is *served*.

    *served* are the prefixes of the endpoint and of source maps, ``None`` if there is none. Directories must be there
    unless they *may_be_missing*.
    """
    if not isinstance(static, Mapping):
        raise SettingsError(f"setting 'static' is {static!r}; it must be a mapping such as {{'/static/': 'static'}}")
    result = {
        prefix: _read_directories(prefix, directories, may_be_missing=may_be_missing)
        for prefix, directories in static.items()
    }
    for name, taken in zip(("endpoint", "source_maps"), served, strict=True):
        for prefix in result:
            is_free = taken is None or not prefix.startswith(taken)
            check(name, taken, is_free, f"a path that hides no static files, and {prefix!r} lies below it")
    return MappingProxyType(result)


def _read_directories(prefix: object, directories: object, *, may_be_missing: bool) -> tuple[str, ...]:
    if not _is_base_url(prefix):
        raise SettingsError(
            f"setting 'static' has the prefix {prefix!r}; a prefix is a URL path that starts and ends in '/', "
            "such as '/static/', or a URL such as 'https://cdn.example/static/'"
        )
    found = listed(directories) if isinstance(directories, str | PathLike | Sequence) else ()
    if not found or not all(_is_path(directory) for directory in found):
        raise SettingsError(
            f"setting 'static' maps {prefix!r} to {directories!r}; it must be a directory or a list of them"
        )
    for directory in found:
        if not (may_be_missing or isdir(directory)):
            raise SettingsError(
                f"setting 'static' maps {prefix!r} to {fspath(directory)!r}, which is no directory "
                f"(looked at {abspath(directory)!r})"
            )
    return tuple(abspath(fspath(directory)) for directory in found)


def read_filters(filters: object) -> Mapping[str, tuple[Any, ...]]:
    """Return kind -> filters; ``"best"`` is a preset. Raises SettingsError."""
    if filters == "best":
        return MappingProxyType({"css": ("rcssmin",), "js": ("best",)})
    found = dict(filters) if isinstance(filters, Mapping) else {"": ()}
    for kind, wanted in found.items():
        is_list = isinstance(wanted, Sequence) and not isinstance(wanted, str)
        is_right = kind in ("css", "js") and is_list and all(isinstance(each, str) or callable(each) for each in wanted)
        check(
            "filters",
            filters,
            is_right,
            "'best', or css and js mapped to lists, such as {'css': ['rcssmin', a_function]}",
        )
    return MappingProxyType({kind: tuple(wanted) for kind, wanted in found.items()})


def read_precompilers(precompilers: object) -> Mapping[str, Any]:
    """Return media type, in lower case -> precompiler. Raises SettingsError."""
    found = dict(precompilers) if isinstance(precompilers, Mapping) else {"": ""}
    for media_type, wanted in found.items():
        is_list = isinstance(wanted, Sequence) and bool(wanted) and all(isinstance(each, str) for each in wanted)
        is_right = isinstance(media_type, str) and media_type and ((is_list and wanted[0]) or callable(wanted))
        allowed = "types mapped to commands or functions, such as {'text/x-scss': ['sass', '{infile}']}"
        check("precompilers", precompilers, bool(is_right), allowed)
        is_code = not media_type.lower().endswith("json")  # the text of data blocks is no part of a cached region's key
        check("precompilers", precompilers, is_code, f"{allowed}, but for types of data")
    read = {
        media_type.lower(): wanted if isinstance(wanted, str) or callable(wanted) else tuple(wanted)
        for media_type, wanted in found.items()
    }
    return MappingProxyType(read)


def _are_paths(value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    return all(isinstance(each, str) and each.startswith(("/", "*")) and not each.endswith("/") for each in value)


_FIELDS: tuple[tuple[str, Callable[[object], bool], str], ...] = (
    ("enabled strict minify minify_html integrity overlay join_media", _is_flag, "True or False"),
    ("endpoint", _is_prefix, "a path such as '/pressmark/'"),
    (
        "public_url",
        lambda value: value is None or _is_base_url(value),
        "None or a URL or path that ends in '/', such as 'https://cdn.example/pressmark/'",
    ),
    (
        "store",
        lambda value: value is None or (isinstance(value, str) and "://" in value) or hasattr(value, "acquire"),
        "None, a URL such as 'redis://10.0.0.1/0' or 's3://bucket/prefix', or a Backend",
    ),
    ("secret", _is_secret, "None, a text of 16 signs or more, or a list of such"),
    ("cache_dir", lambda value: value is None or (bool(value) and _is_path(value)), "None or a directory's path"),
    ("cache_size", lambda value: _is_size(value) and bool(value), "a whole number of bytes, 1 or more"),
    ("retention", lambda value: _is_number(value, 0), "a number of seconds, 0 or more"),
    ("refresh build_wait", _is_time, "None or a number of seconds, 0 or more"),
    ("resolve", lambda value: value in ("static", "app"), '"static" or "app"'),
    ("trust", _are_paths, "a list of URL paths of files, such as ['/static/vendor/*']"),
    ("modules", lambda value: value in (True, False, "named", "preload"), 'True, False, "named" or "preload"'),
    ("fidelity", lambda value: value in ("safe", "exact"), '"safe" or "exact"'),
    ("css_hash", lambda value: value in (None, "content", "mtime"), 'None or "content" or "mtime"'),
    ("url_rewrite", lambda value: value in ("absolute", "relative"), '"absolute" or "relative"'),
    ("data_uri", _is_size, "a whole number of bytes, 0 or more"),
    ("early_hints", lambda value: value == "link" or isinstance(value, bool), '"link", True or False'),
    ("manifest record", lambda value: value is None or (bool(value) and _is_path(value)), "None or a file's path"),
    ("on_missing", lambda value: value in ("build", "keep", "error"), '"build", "keep" or "error"'),
    (
        "on_event",
        lambda value: value is None or (bool(value) and isinstance(value, str)) or callable(value),
        "None, a function, or a name such as 'prometheus'",
    ),
    ("debug_toggle", _is_parameter, "None or the name of a query parameter, of letters, digits and . _ ~ -"),
)
