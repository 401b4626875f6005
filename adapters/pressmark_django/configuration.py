"""Read Pressmark's settings and static files from Django's own configuration."""

from collections.abc import Iterator
from hashlib import sha256
from os.path import isdir
from typing import Any

from django.conf import settings as django_settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured

from pressmark import Settings
from pressmark.adapters import FrameworkSecrets, SettingsError
from pressmark_django.compressor.presence import is_in_use
from pressmark_django.compressor.settings import PREFIX, Reading, given_setting, read_compress_settings
from pressmark_django.storage import public_url_of


def read_settings() -> Settings:
    """Return the settings that ``PRESSMARK`` names, without the static files. Raises SettingsError.

    Others may come from django-compressor's settings. In debug mode each page looks at its files, and waits for its
    bundles.
    """
    options = getattr(django_settings, "PRESSMARK", {})
    if not isinstance(options, dict):
        raise SettingsError(f"PRESSMARK is {options!r}; it must be a dict such as {{'cache_dir': '/var/cache/site'}}")
    development = {"refresh": 0, "build_wait": None, "overlay": True} if django_settings.DEBUG else {}
    return Settings.from_mapping(development | {"secret": _secrets()} | read_old_settings().options | options)


def _secrets() -> FrameworkSecrets | None:
    """Return what all servers of the project know and nobody else does; none without a ``SECRET_KEY``."""
    try:
        keys = [key for key in (django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS) if key]
    except ImproperlyConfigured:
        return None
    return FrameworkSecrets(sha256(str(key).encode("utf-8")).hexdigest() for key in keys) or None


def read_old_settings() -> Reading:
    """Return the options and remarks for django-compressor's settings; none if it is in use itself.

    Raises SettingsError.
    """
    if is_in_use():
        return Reading()
    # Its defaults can be read, too, and are no settings of the project.
    names = [name for name in dir(django_settings) if name.startswith(PREFIX) and django_settings.is_overridden(name)]
    return read_compress_settings({name: getattr(django_settings, name) for name in names})


def public_url(storage: Any, settings: Settings) -> str | None:
    """Return the URL below which browsers find generated files: that of the settings, or else of *storage*."""
    return settings.public_url if storage is None or settings.public_url else public_url_of(storage)


def static_roots(*, may_be_missing: bool = False) -> dict[str, tuple[str, ...]]:
    """Return URL prefix -> directories as Django serves them: by the finders in development, else STATIC_ROOT.

    If directories *may_be_missing*, a prefix counts without them, too.

    To be called during a request: ``STATIC_URL`` without a leading slash is relative to the script's name, and
    Django remembers the first answer.
    """
    old_url, old_root = (None if is_in_use() else given_setting(name) for name in ("URL", "ROOT"))
    found = [] if django_settings.DEBUG else [old_root, django_settings.STATIC_ROOT]
    directories = tuple(str(directory) for directory in found if directory and isdir(directory))
    roots: dict[str, tuple[str, ...]] = {}
    for url in filter(None, {django_settings.STATIC_URL: None, str(old_url or ""): None}):
        if directories:
            roots[url] = directories
        if not directories or old_root:  # as django-compressor looks for files
            _add_finders(url, roots)
        if may_be_missing:
            roots.setdefault(url, (str(django_settings.STATIC_ROOT or "static"),))
    return roots


def _add_finders(url: str, roots: dict[str, tuple[str, ...]]) -> None:
    for prefix, directory in finder_directories():
        key = f"{url}{prefix}/" if prefix else url
        roots[key] = (*roots.get(key, ()), directory)


def finder_directories() -> Iterator[tuple[str, str]]:
    """Yield prefix and directory of all directories that the staticfiles finders search, in their order."""
    for finder in get_finders():
        # FileSystemFinder lists (prefix, directory); its storages lose one if a directory is named twice.
        locations: Any = getattr(finder, "locations", None)
        if locations is None:
            storages: Any = getattr(finder, "storages", {})
            locations = [(getattr(each, "prefix", ""), getattr(each, "location", "")) for each in storages.values()]
        for prefix, directory in locations:
            if directory and isdir(directory):
                yield prefix or "", str(directory)
