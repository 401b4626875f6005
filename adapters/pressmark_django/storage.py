"""Publish generated files through one of Django's storages, whose own server gives them to browsers."""

from typing import Any

from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.module_loading import import_string

from pressmark.adapters import Bundle, SettingsError
from pressmark_django.compressor.presence import is_in_use
from pressmark_django.compressor.settings import given_setting

ALIAS = "pressmark"
_LOCAL = ("compressor.storage.", "pressmark_django.")
"""The storages by which django-compressor wrote into static files: the endpoint replaces them."""


def find_storage() -> Any | None:
    """Return the storage that generated files are written through, ``None`` if there is none.

    That is the alias ``pressmark`` of ``STORAGES``, or else that of django-compressor's settings, unless it is a local
    one. Raises SettingsError for one that cannot be made.
    """
    try:
        return _find()
    except Exception as error:  # the project's own classes
        raise SettingsError(f"the storage for generated files cannot be made: {error!r}") from error


def _find() -> Any | None:
    known = getattr(django_settings, "STORAGES", {})
    if ALIAS in known:
        return storages[ALIAS]
    if is_in_use():  # its settings are its own
        return None
    alias, path = given_setting("STORAGE_ALIAS") or "compressor", str(given_setting("STORAGE") or _LOCAL[0])
    path = str(known[alias]["BACKEND"]) if alias in known else path
    if path.startswith(_LOCAL):
        return None
    folder = given_setting("OUTPUT_DIR")
    return OldStorage(
        storages[alias] if alias in known else import_string(path)(), "CACHE" if folder is None else folder
    )


class OldStorage:
    """The *storage* of django-compressor's settings, seen from the *folder* in which it had the generated files."""

    def __init__(self, storage: Any, folder: str) -> None:
        self.storage = storage
        self._prefix = f"{folder.strip('/')}/".lstrip("/")

    def exists(self, name: str) -> bool:
        """Tell whether there is a file."""
        return bool(self.storage.exists(self._prefix + name))

    def size(self, name: str) -> int:
        """Return the number of its bytes."""
        return int(self.storage.size(self._prefix + name))

    def delete(self, name: str) -> None:
        """Remove it."""
        self.storage.delete(self._prefix + name)

    def save(self, name: str, content: Any) -> str:
        """Write it; return the name that it was given."""
        return str(self.storage.save(self._prefix + name, content)).removeprefix(self._prefix)

    def url(self, name: str) -> str:
        """Return its address."""
        return str(self.storage.url(self._prefix + name))


def public_url_of(storage: Any) -> str:
    """Return the URL below which *storage* serves its files. Raises SettingsError if there is no such common URL."""
    name = "css/0.css"
    url, kind = storage.url(name), type(getattr(storage, "storage", storage)).__name__
    if not url.endswith(name):
        raise SettingsError(
            f"the storage {kind} gives {url!r} as the address of {name!r}; generated files need "
            "addresses that stay and end in their names: for django-storages' S3 set querystring_auth to False"
        )
    base = str(url[: -len(name)])
    if base in ("", "/"):
        raise SettingsError(
            f"the storage {kind} gives {url!r} as the address of {name!r}; set its location, and its "
            "base_url, such as '/bundles/', to the URL at which a server serves its files"
        )
    return base


class Publisher:
    """Writes bundles through *storage*, each once."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __call__(self, bundle: Bundle) -> None:
        """Write *bundle*, unless all of it is there: the same name means the same content."""
        path = f"{bundle.kind}/{bundle.name}.{bundle.kind}"
        if self._has(path):
            if self._storage.size(path) == len(bundle.content):
                return
            self._storage.delete(path)  # it was cut off when it was written
        saved = self._storage.save(path, ContentFile(bundle.content, name=path))
        if saved != path:  # another process was first, and the storage does not overwrite
            self._storage.delete(saved)

    def _has(self, path: str) -> bool:
        return bool(self._storage.exists(path))
