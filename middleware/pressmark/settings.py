"""Configuration: one frozen object, checked when it is built.

Nothing below ``assembly.py`` reads it: each part gets the values that it needs through its constructor. The text below
each field is its meaning in editors and in the documentation, as Markdown. *Options* types the same names as keyword
arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from os import fspath
from os.path import abspath
from typing import Literal, Self, TypedDict
from urllib.parse import urlsplit

from pressmark.cache_directory import default_cache_directory
from pressmark.errors import SettingsError
from pressmark.events import OnEvent
from pressmark.model import Asset, Recipes
from pressmark.protocols import Backend
from pressmark.setting_checks import (
    Directories,
    Directory,
    check_fields,
    check_maps,
    listed,
    read_filters,
    read_precompilers,
    read_static,
    suggestion,
)

FilterSetting = str | Callable[[Asset], Asset]
PrecompilerSetting = str | Sequence[str] | Callable[[Asset], Asset]


class FrameworkSecrets(tuple[str, ...]):
    """Secrets that a framework has for everything: they sign what is shared, and alone put nothing into URLs."""

    __slots__ = ()


class Options(TypedDict, total=False):
    """The fields of Settings as keyword arguments, for type checkers and editors."""

    static: Mapping[str, Directories]
    """URL prefix -> directory or directories that hold its files"""
    resolve: Literal["static", "app"]
    """`"app"`: a file under no static prefix is asked of the application itself, by a request without cookies"""
    enabled: bool
    """`False`: pages leave as they were written; `precompilers` still run, as no browser reads their sources"""
    strict: bool
    """`True` (tests, CI): a region that cannot be built raises instead of staying"""
    endpoint: str
    """path prefix, below the application's mount point, that serves generated files"""
    public_url: str | None
    """base URL of generated files when a CDN or web server serves them"""
    store: str | Backend | None
    """what all hosts share: URL of Redis or an object store, such as `"redis://10.0.0.1/0"` or `"s3://bucket/site"`, \
or a `Backend`"""
    secret: str | bytes | Sequence[str | bytes] | None
    """key of all hosts, by which any of them builds any bundle from its URL, and that signs what a `store` holds; or \
several, of which the first signs"""
    cache_dir: Directory | None
    """directory that all processes of a host share; by default `.pressmark_cache`, or where that cannot be written \
one below the user's cache or the temporary directory; cannot be made: memory only, in a server of one process"""
    cache_size: int
    """bytes kept; at the quota building stops and originals go out, serving goes on"""
    retention: float
    """seconds that a bundle is kept after its last use in a page; older ones go"""
    refresh: float | None
    """seconds that a region's source files count as unchanged; `0` looks at each request; `None` never looks"""
    build_wait: float | None
    """seconds that a page waits for a cold region before the original goes out and the build goes on; `None` waits"""
    modules: Literal["named", "preload"] | bool
    """ES modules in regions: `True` takes the highest level that is proved, `"named"` links none into one file, \
`"preload"` changes no address, `False` leaves them"""
    fidelity: Literal["safe", "exact"]
    """`"exact"` also parts scripts whose promises or variables another could notice"""
    trust: Sequence[str]
    """URL paths, such as `"/static/vendor/*"`, of files for whose elements nothing looks, as you know: they join \
where a rule sees no more than a possibility of harm"""
    join_media: bool
    """`True`: sheets share a bundle though their `media` differ in media types and widths, each in its `@media`: so a \
sheet for print comes with the others, and the page waits for it"""
    minify: bool
    """`False`: combine only"""
    minify_html: bool
    """`True`: in whole pages runs of white space become one character, and comments for people go"""
    filters: Mapping[str, Sequence[FilterSetting]] | Literal["best"]
    """kind -> filters of each file, in order: names of entry points or functions; by default \
`{"css": ["rcssmin"], "js": ["rjsmin"]}`. `"best"`: the smallest form that is proved to be the same"""
    precompilers: Mapping[str, PrecompilerSetting]
    """type of an element -> compiler that makes a stylesheet or script of it: a command, such as \
`["lessc", "{infile}"]`, a function, or the name of an entry point; runs also where `enabled` is `False`"""
    css_hash: Literal["content", "mtime"] | None
    """`"content"` or `"mtime"`: local images and fonts of stylesheets get `?` and 12 digits that change with them"""
    url_rewrite: Literal["absolute", "relative"]
    """relative URLs of stylesheets are relative to the bundle; `"absolute"`: they become paths from the root"""
    data_uri: int
    """bytes up to which local images of stylesheets become `data:` URLs"""
    integrity: bool
    """`True`: tags carry `integrity` (SHA-384 of the bundle) and `crossorigin`"""
    early_hints: bool | Literal["link"]
    """`"link"`: pages name their bundles in a `Link` header, of which CDNs make 103 Early Hints; `True`: servers that \
can send a 103 do so before the page is made, too"""
    source_maps: bool | str
    """`True`: bundles name source maps, as public as themselves; or a path prefix for them alone, which is taken from \
the application and which the web server in front can keep from strangers"""
    manifest: Directory | None
    """file of `pressmark build`, or its URL in a bucket, by which regions are looked up: no source is read, and no \
compiler is needed"""
    on_missing: Literal["build", "keep", "error"]
    """with a manifest, a region that it lacks: `"build"` it, `"keep"` it as it was written, or `"error"`"""
    record: Directory | None
    """file to which every region that the application meets is added, for `pressmark build --recorded`"""
    overlay: bool
    """`True` (development): a page shows over itself why a region was not built, unless it has a security policy"""
    on_event: str | OnEvent | None
    """function that is called with each `Event` to measure, or `"prometheus"`, `"opentelemetry"`"""
    debug_toggle: str | None
    """query parameter that leaves a page's regions as written, or, as `?NAME=why`, bundles them and explains each \
element in a comment"""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings with their defaults. Raises SettingsError if a value is wrong."""

    static: Mapping[str, Directories] = field(default_factory=dict)
    """URL prefix -> directory or directories that hold its files"""
    resolve: Literal["static", "app"] = "static"
    """`"app"`: a file under no static prefix is asked of the application itself, by a request without cookies"""
    enabled: bool = True
    """`False`: pages leave as they were written; `precompilers` still run, as no browser reads their sources"""
    strict: bool = False
    """`True` (tests, CI): a region that cannot be built raises instead of staying"""
    endpoint: str = "/pressmark/"
    """path prefix, below the application's mount point, that serves generated files"""
    public_url: str | None = None
    """base URL of generated files when a CDN or web server serves them"""
    store: str | Backend | None = field(default=None, repr=False)
    """what all hosts share: URL of Redis or an object store, such as `"redis://10.0.0.1/0"` or `"s3://bucket/site"`, \
or a `Backend`"""
    secret: str | bytes | Sequence[str | bytes] | None = field(default=None, repr=False)
    """key of all hosts, by which any of them builds any bundle from its URL, and that signs what a `store` holds; or \
several, of which the first signs"""
    cache_dir: Directory | None = None
    """directory that all processes of a host share; by default `.pressmark_cache`, or where that cannot be written \
one below the user's cache or the temporary directory; cannot be made: memory only, in a server of one process"""
    cache_size: int = 2**30
    """bytes kept; at the quota building stops and originals go out, serving goes on"""
    retention: float = 30 * 86400
    """seconds that a bundle is kept after its last use in a page; older ones go"""
    refresh: float | None = 1.0
    """seconds that a region's source files count as unchanged; `0` looks at each request; `None` never looks"""
    build_wait: float | None = 2.0
    """seconds that a page waits for a cold region before the original goes out and the build goes on; `None` waits"""
    modules: Literal["named", "preload"] | bool = True
    """ES modules in regions: `True` takes the highest level that is proved, `"named"` links none into one file, \
`"preload"` changes no address, `False` leaves them"""
    fidelity: Literal["safe", "exact"] = "safe"
    """`"exact"` also parts scripts whose promises or variables another could notice"""
    trust: Sequence[str] = ()
    """URL paths, such as `"/static/vendor/*"`, of files for whose elements nothing looks, as you know: they join \
where a rule sees no more than a possibility of harm"""
    join_media: bool = True
    """`True`: sheets share a bundle though their `media` differ in media types and widths, each in its `@media`: so a \
sheet for print comes with the others, and the page waits for it"""
    minify: bool = True
    """`False`: combine only"""
    minify_html: bool = False
    """`True`: in whole pages runs of white space become one character, and comments for people go"""
    filters: Mapping[str, Sequence[FilterSetting]] | Literal["best"] = field(default_factory=dict)
    """kind -> filters of each file, in order: names of entry points or functions; by default \
`{"css": ["rcssmin"], "js": ["rjsmin"]}`. `"best"`: the smallest form that is proved to be the same"""
    precompilers: Mapping[str, PrecompilerSetting] = field(default_factory=dict)
    """type of an element -> compiler that makes a stylesheet or script of it: a command, such as \
`["lessc", "{infile}"]`, a function, or the name of an entry point; runs also where `enabled` is `False`"""
    css_hash: Literal["content", "mtime"] | None = None
    """`"content"` or `"mtime"`: local images and fonts of stylesheets get `?` and 12 digits that change with them"""
    url_rewrite: Literal["absolute", "relative"] = "relative"
    """relative URLs of stylesheets are relative to the bundle; `"absolute"`: they become paths from the root"""
    data_uri: int = 0
    """bytes up to which local images of stylesheets become `data:` URLs"""
    integrity: bool = False
    """`True`: tags carry `integrity` (SHA-384 of the bundle) and `crossorigin`"""
    early_hints: bool | Literal["link"] = False
    """`"link"`: pages name their bundles in a `Link` header, of which CDNs make 103 Early Hints; `True`: servers that \
can send a 103 do so before the page is made, too"""
    source_maps: bool | str = False
    """`True`: bundles name source maps, as public as themselves; or a path prefix for them alone, which is taken from \
the application and which the web server in front can keep from strangers"""
    manifest: Directory | None = field(default=None, repr=False)
    """file of `pressmark build`, or its URL in a bucket, by which regions are looked up: no source is read, and no \
compiler is needed"""
    on_missing: Literal["build", "keep", "error"] = "build"
    """with a manifest, a region that it lacks: `"build"` it, `"keep"` it as it was written, or `"error"`"""
    record: Directory | None = None
    """file to which every region that the application meets is added, for `pressmark build --recorded`"""
    overlay: bool = False
    """`True` (development): a page shows over itself why a region was not built, unless it has a security policy"""
    on_event: str | OnEvent | None = None
    """function that is called with each `Event` to measure, or `"prometheus"`, `"opentelemetry"`"""
    debug_toggle: str | None = None
    """query parameter that leaves a page's regions as written, or, as `?NAME=why`, bundles them and explains each \
element in a comment"""

    @classmethod
    def of(cls, settings: "Settings | None", options: Mapping[str, object]) -> "Settings":
        """Return *settings*, or those that *options* name. Raises SettingsError if both are given."""
        if settings is None:
            return cls.from_mapping(options)
        if not isinstance(settings, Settings):
            found = type(settings).__name__
            raise SettingsError(f"settings is a {found}; it must be a Settings object: Settings.from_mapping makes one")
        if options:
            raise SettingsError(
                f"give either a Settings object or keyword arguments, not both; met {', '.join(options)}"
            )
        return settings

    @classmethod
    def from_mapping(cls, options: Mapping[str, object]) -> Self:
        """Return the settings that *options* name. Raises SettingsError for an unknown name."""
        if not isinstance(options, Mapping):
            raise SettingsError(f"settings are {options!r}; they must be a mapping such as {{'refresh': 0}}")
        names = [f.name for f in fields(cls)]
        for name in options:
            if name not in names:
                raise SettingsError(f"unknown setting {name!r}{suggestion(name, names)}")
        return cls(**options)  # type: ignore[arg-type]  # the values are checked in __post_init__

    def __post_init__(self) -> None:
        check_fields(self)
        check_maps(self.source_maps, self.endpoint, self.public_url)
        object.__setattr__(self, "filters", read_filters(self.filters))
        object.__setattr__(self, "trust", tuple(self.trust))
        object.__setattr__(self, "precompilers", read_precompilers(self.precompilers))
        object.__setattr__(self, "cache_dir", abspath(self.cache_directory))
        for name in ("manifest", "record"):
            path = getattr(self, name)
            is_local = path is not None and (name == "record" or not self.has_remote_manifest)
            object.__setattr__(self, name, abspath(fspath(path)) if is_local else path)
        if self.recipes == "must" and self.css_hash == "mtime":
            raise SettingsError(
                "setting 'css_hash' is 'mtime', and with 'secret' alone hosts must make the same bundles: times of "
                "files differ from host to host; 'content' would do"
            )
        # A server with a manifest may have no sources at all.
        static = read_static(self.static, (self.endpoint, self.maps), may_be_missing=self.manifest is not None)
        object.__setattr__(self, "static", static)

    @property
    def cache_directory(self) -> str:
        """The absolute path of the cache directory."""
        return fspath(self.cache_dir or default_cache_directory())

    @property
    def secrets(self) -> tuple[str | bytes, ...]:
        """The keys that records may be signed with; the first signs."""
        return (self.secret,) if isinstance(self.secret, str | bytes) else tuple(self.secret or ())

    @property
    def has_remote_manifest(self) -> bool:
        """Tell whether the manifest is a URL in a bucket, and no file."""
        return self.manifest is not None and "://" in fspath(self.manifest)

    @property
    def recipes(self) -> Recipes:
        """Which bundles say in their URLs how they are built: with a store of all hosts not all need to."""
        if self.secret is None or isinstance(self.secret, FrameworkSecrets):
            return "no"
        if self.store is not None and self.css_hash == "mtime":  # times differ from host to host
            return "no"
        return "must" if self.store is None else "may"

    @property
    def maps(self) -> str | None:
        """The path prefix that serves source maps, ``None`` if there are none."""
        if isinstance(self.source_maps, str):
            return urlsplit(self.source_maps).path
        return f"{self.endpoint}map/" if self.source_maps else None

    @property
    def roots(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The static prefixes and their directories, absolute, the longest prefix first."""
        items = ((prefix, tuple(fspath(d) for d in listed(dirs))) for prefix, dirs in self.static.items())
        return tuple(sorted(items, key=lambda item: -len(item[0])))
