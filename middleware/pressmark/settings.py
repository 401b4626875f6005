"""Configuration: one frozen object, checked when it is built.

Nothing below ``assembly.py`` reads it; what a part needs of it comes in through the part's constructor.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from os import PathLike, fspath
from os.path import abspath, isdir
from threading import TIMEOUT_MAX
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import urlsplit

from pressmark.errors import SettingsError

Directory = str | PathLike[str]
Directories = Directory | Sequence[Directory]

_CHOICES: dict[str, tuple[str | None, ...]] = {
    "resolve": ("static", "app"),
    "fidelity": ("safe", "exact"),
    "css_hash": (None, "content", "mtime"),
    "url_rewrite": ("absolute", "relative"),
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings with their defaults. Raises SettingsError where a value is wrong."""

    static: Mapping[str, Directories] = field(
        default_factory=dict,
        metadata={"meaning": "URL prefix -> directory or directories where its files lie"},
    )
    resolve: str = field(
        default="static",
        metadata={
            "meaning": '`"app"`: what no static prefix covers is asked of the application itself, which is so called '
            "for files that it makes"
        },
    )
    enabled: bool = field(
        default=True,
        metadata={"meaning": "`False`: pages leave as they were written, but for what `precompilers` make"},
    )
    strict: bool = field(
        default=False,
        metadata={"meaning": "`True` (tests, CI): a region that cannot be built raises instead of staying"},
    )
    endpoint: str = field(
        default="/pressmark/",
        metadata={"meaning": "path prefix, below the application's mount point, that serves generated files"},
    )
    public_url: str | None = field(
        default=None,
        metadata={"meaning": "base URL of generated files when a CDN or web server serves them"},
    )
    cache_dir: Directory = field(
        default=".pressmark_cache",
        metadata={"meaning": "where diskcache keeps bundles; not writable: memory only, with one warning"},
    )
    cache_size: int = field(
        default=2**30,
        metadata={"meaning": "bytes kept; at the quota building stops and originals go out, serving goes on"},
    )
    retention: float = field(
        default=30 * 86400,
        metadata={"meaning": "seconds that a bundle is kept after its last use in a page; older ones go"},
    )
    refresh: float | None = field(
        default=1.0,
        metadata={
            "meaning": "seconds that a region's source files count as unchanged; `0` looks at each request; "
            "`None` never looks"
        },
    )
    build_wait: float | None = field(
        default=2.0,
        metadata={
            "meaning": "seconds that a page waits for a cold region before the original goes out and the "
            "build goes on; `None` waits"
        },
    )
    fidelity: str = field(
        default="safe",
        metadata={"meaning": '`"exact"` also parts scripts whose promises or variables another could notice'},
    )
    minify: bool = field(default=True, metadata={"meaning": "`False`: combine only"})
    filters: Mapping[str, Sequence[str | Callable[..., Any]]] = field(
        default_factory=dict,
        metadata={
            "meaning": "kind -> what is done to each file, in order: names of entry points or functions; by default "
            '`{"css": ["rcssmin"], "js": ["rjsmin"]}`'
        },
    )
    precompilers: Mapping[str, str | Sequence[str] | Callable[..., Any]] = field(
        default_factory=dict,
        metadata={
            "meaning": "type of an element -> what makes a stylesheet or script of it: a command, such as "
            '`["sass", "{infile}"]`, a function, or the name of an entry point; runs also where `enabled` is `False`'
        },
    )
    css_hash: str | None = field(
        default=None,
        metadata={
            "meaning": '`"content"` or `"mtime"`: local images and fonts of stylesheets get `?` and 12 digits that '
            "change with them"
        },
    )
    url_rewrite: str = field(
        default="absolute",
        metadata={"meaning": '`"relative"`: relative URLs of stylesheets stay so, as seen from the bundle'},
    )
    data_uri: int = field(
        default=0,
        metadata={"meaning": "bytes up to which local images of stylesheets become `data:` URLs"},
    )
    integrity: bool = field(
        default=False,
        metadata={"meaning": "`True`: tags carry `integrity` (SHA-384 of the bundle) and `crossorigin`"},
    )
    early_hints: bool | str = field(
        default=False,
        metadata={
            "meaning": '`"link"`: pages name their bundles in a `Link` header, of which CDNs make 103 Early Hints; '
            "`True`: servers that can send a 103 do so before the page is made, too"
        },
    )
    source_maps: bool | str = field(
        default=False,
        metadata={
            "meaning": "`True`: bundles name source maps, as public as themselves; or a path prefix of their own, "
            "which is taken from the application and which the web server in front can keep from strangers"
        },
    )
    debug_toggle: str | None = field(
        default=None,
        metadata={
            "meaning": "query parameter that leaves a page's regions as written, or, as `?NAME=why`, bundles them and "
            "says in a comment what became of each element"
        },
    )

    @classmethod
    def of(cls, settings: "Settings | None", options: Mapping[str, object]) -> "Settings":
        """Return *settings*, or those that *options* name. Raises SettingsError if both are given."""
        if settings is None:
            return cls.from_mapping(options)
        if options or not isinstance(settings, Settings):
            raise SettingsError(f"give either a Settings object or keyword arguments, not {settings!r} and {options!r}")
        return settings

    @classmethod
    def from_mapping(cls, options: Mapping[str, object]) -> Self:
        """Return the settings that *options* name. Raises SettingsError for a name that is none."""
        names = [f.name for f in fields(cls)]
        for name in options:
            if name not in names:
                raise SettingsError(f"unknown setting {name!r}{_suggestion(name, names)}")
        return cls(**options)  # type: ignore[arg-type]  # the values are checked in __post_init__

    def __post_init__(self) -> None:
        for name in ("enabled", "strict", "minify", "integrity"):
            _check(name, getattr(self, name), isinstance(getattr(self, name), bool), "True or False")
        _check("endpoint", self.endpoint, _is_prefix(self.endpoint), "a path such as '/pressmark/'")
        _check(
            "public_url",
            self.public_url,
            self.public_url is None or _is_base_url(self.public_url),
            "None or a URL or path that ends in '/', such as 'https://cdn.example/pressmark/'",
        )
        _check(
            "cache_dir",
            self.cache_dir,
            bool(self.cache_dir) and _is_path(self.cache_dir),
            "a directory's path",
        )
        _check(
            "cache_size",
            self.cache_size,
            _is_number(self.cache_size, 1) and isinstance(self.cache_size, int),
            "a whole number of bytes, 1 or more",
        )
        _check("retention", self.retention, _is_number(self.retention, 0), "a number of seconds, 0 or more")
        for name in ("refresh", "build_wait"):
            value = getattr(self, name)
            is_time = value is None or (_is_number(value, 0) and value <= TIMEOUT_MAX)
            _check(name, value, is_time, "None or a number of seconds, 0 or more")
        for name, choices in _CHOICES.items():
            allowed = " or ".join(f'"{choice}"' if choice else "None" for choice in choices)
            _check(name, getattr(self, name), getattr(self, name) in choices, allowed)
        is_size = _is_number(self.data_uri, 0) and isinstance(self.data_uri, int)
        _check("data_uri", self.data_uri, is_size, "a whole number of bytes, 0 or more")
        _check("source_maps", self.source_maps, *_allowed_maps(self.source_maps, self.endpoint, self.public_url))
        hints = self.early_hints
        _check("early_hints", hints, hints == "link" or isinstance(hints, bool), '"link", True or False')
        toggle = self.debug_toggle
        _check(
            "debug_toggle",
            toggle,
            toggle is None or (isinstance(toggle, str) and re.fullmatch(r"[\w.~-]+", toggle, re.ASCII) is not None),
            "None or the name of a query parameter, of letters, digits and . _ ~ -",
        )
        object.__setattr__(self, "filters", _read_filters(self.filters))
        object.__setattr__(self, "precompilers", _read_precompilers(self.precompilers))
        object.__setattr__(self, "cache_dir", abspath(fspath(self.cache_dir)))
        object.__setattr__(self, "static", _read_static(self.static))
        for name, served in (("endpoint", self.endpoint), ("source_maps", self.maps)):
            for prefix in self.static:
                is_free = served is None or not prefix.startswith(served)
                _check(name, served, is_free, f"a path that hides no static files, and {prefix!r} lies below it")

    @property
    def maps(self) -> str | None:
        """The path prefix that serves source maps, ``None`` if there are none."""
        if isinstance(self.source_maps, str):
            return urlsplit(self.source_maps).path
        return f"{self.endpoint}map/" if self.source_maps else None

    @property
    def roots(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The static prefixes and their directories, absolute, the longest prefix first."""
        items = ((prefix, tuple(fspath(d) for d in _listed(dirs))) for prefix, dirs in self.static.items())
        return tuple(sorted(items, key=lambda item: -len(item[0])))


def _allowed_maps(maps: object, endpoint: str, public_url: str | None) -> tuple[bool, str]:
    """Tell whether *maps* may be the setting ``source_maps``, and what may."""
    if isinstance(maps, bool):
        return True, ""
    if public_url is not None and not (isinstance(maps, str) and urlsplit(maps).scheme):
        return False, "True, False or, beside public_url, a whole URL of this site such as 'https://example.com/maps/'"
    path = urlsplit(maps).path if isinstance(maps, str) and _is_base_url(maps) else ""
    bundles = [f"{endpoint}{kind}/" for kind in ("css", "js")]
    is_free = _is_prefix(path) and not any(path.startswith(each) or each.startswith(path) for each in bundles)
    return is_free, f"True, False or a path such as '/maps/' that holds none of {bundles}"


def _check(name: str, value: object, holds: bool, allowed: str) -> None:
    if not holds:
        raise SettingsError(f"setting {name!r} is {value!r}; it must be {allowed}")


def _suggestion(name: str, names: Sequence[str]) -> str:
    close = get_close_matches(name.lower(), names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; the settings are {', '.join(names)}"


def _is_prefix(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"/(?:[\w.~-]+/)+", value, re.ASCII) is not None


def _is_base_url(value: object) -> bool:
    if not isinstance(value, str) or not value.endswith("/") or re.search(r"[\s\"'<>\\?#]", value):
        return False
    parts = urlsplit(value)
    return (parts.scheme in ("http", "https") and bool(parts.netloc)) or (not parts.scheme and value[0] == "/")


def _is_path(value: object) -> bool:
    return isinstance(value, str | PathLike)


def _is_number(value: object, least: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= least


def _listed(directories: Directories) -> Sequence[Directory]:
    return (directories,) if isinstance(directories, str | PathLike) else directories


def _read_static(static: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(static, Mapping):
        raise SettingsError(f"setting 'static' is {static!r}; it must be a mapping such as {{'/static/': 'static'}}")
    result: dict[str, tuple[str, ...]] = {}
    for prefix, directories in static.items():
        if not _is_base_url(prefix):
            raise SettingsError(
                f"setting 'static' has the prefix {prefix!r}; a prefix is a URL path that starts and ends in '/', "
                "such as '/static/', or a URL such as 'https://cdn.example/static/'"
            )
        listed = _listed(directories) if isinstance(directories, str | PathLike | Sequence) else None
        if not listed or not all(_is_path(d) for d in listed):
            raise SettingsError(
                f"setting 'static' maps {prefix!r} to {directories!r}; it must be a directory or a list of them"
            )
        for directory in listed:
            if not isdir(directory):
                raise SettingsError(
                    f"setting 'static' maps {prefix!r} to {fspath(directory)!r}, which is no directory "
                    f"(looked at {abspath(directory)!r})"
                )
        result[prefix] = tuple(abspath(fspath(d)) for d in listed)
    return MappingProxyType(result)


def _read_filters(filters: object) -> Mapping[str, tuple[Any, ...]]:
    found = dict(filters) if isinstance(filters, Mapping) else {"": ()}
    for kind, wanted in found.items():
        is_list = isinstance(wanted, Sequence) and not isinstance(wanted, str)
        is_right = kind in ("css", "js") and is_list and all(isinstance(each, str) or callable(each) for each in wanted)
        _check("filters", filters, is_right, "css and js mapped to lists, such as {'css': ['rcssmin', a_function]}")
    return MappingProxyType({kind: tuple(wanted) for kind, wanted in found.items()})


def _read_precompilers(precompilers: object) -> Mapping[str, Any]:
    found = dict(precompilers) if isinstance(precompilers, Mapping) else {"": ""}
    for media_type, wanted in found.items():
        is_list = isinstance(wanted, Sequence) and bool(wanted) and all(isinstance(each, str) for each in wanted)
        is_right = isinstance(media_type, str) and media_type and ((is_list and wanted[0]) or callable(wanted))
        allowed = "types mapped to commands or functions, such as {'text/x-scss': ['sass', '{infile}']}"
        _check("precompilers", precompilers, bool(is_right), allowed)
        is_code = not media_type.lower().endswith("json")  # whose text is kept out of what regions are known by
        _check("precompilers", precompilers, is_code, f"{allowed}, but for types of data")
    read = {
        media_type.lower(): wanted if isinstance(wanted, str) or callable(wanted) else tuple(wanted)
        for media_type, wanted in found.items()
    }
    return MappingProxyType(read)
