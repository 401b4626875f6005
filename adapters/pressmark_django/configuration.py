"""Read Django's own configuration: what it knows already need not be said again."""

from collections.abc import Iterator
from os.path import isdir
from typing import Any

from django.conf import settings as django_settings
from django.contrib.staticfiles.finders import get_finders

from pressmark import Settings
from pressmark.errors import SettingsError


def read_settings() -> Settings:
    """Return the settings that ``PRESSMARK`` names, without the static files. Raises SettingsError."""
    options = getattr(django_settings, "PRESSMARK", {})
    if not isinstance(options, dict):
        raise SettingsError(f"PRESSMARK is {options!r}; it must be a dict such as {{'cache_dir': '/var/cache/site'}}")
    return Settings.from_mapping(options)


def static_roots() -> dict[str, tuple[str, ...]]:
    """Return URL prefix -> directories as Django serves them: by the finders in development, else STATIC_ROOT.

    To be called during a request: ``STATIC_URL`` without a leading slash is relative to the script's name, and
    Django remembers the first answer.
    """
    url = django_settings.STATIC_URL
    if not url:
        return {}
    root = django_settings.STATIC_ROOT
    if not django_settings.DEBUG and root and isdir(root):
        return {url: (str(root),)}
    roots: dict[str, tuple[str, ...]] = {}
    for prefix, directory in finder_directories():
        key = f"{url}{prefix}/" if prefix else url
        roots[key] = (*roots.get(key, ()), directory)
    return roots


def finder_directories() -> Iterator[tuple[str, str]]:
    """Yield prefix and directory of everything that the staticfiles finders look in, in their order."""
    for finder in get_finders():
        # FileSystemFinder lists (prefix, directory); of its storages one is lost where a directory is named twice.
        locations: Any = getattr(finder, "locations", None)
        if locations is None:
            storages: Any = getattr(finder, "storages", {})
            locations = [(getattr(each, "prefix", ""), getattr(each, "location", "")) for each in storages.values()]
        for prefix, directory in locations:
            if directory and isdir(directory):
                yield prefix or "", str(directory)
