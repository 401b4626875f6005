"""The cache directory of a site that names none: all processes of a host must find the same one.

That is the first that they may write of

* the directory that systemd gives a service by ``CacheDirectory=`` (systemd.exec(5)),
* ``.pressmark_cache`` in the working directory,
* one below the user's cache (XDG Base Directory Specification), named by the working directory,
* one below the system's temporary directory, named by the user as well.
"""

import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

NAME = ".pressmark_cache"


def default_cache_directory(environment: Mapping[str, str] = os.environ) -> str:
    """Return its absolute path: that in the working directory if none can be written. Makes nothing."""
    return next(filter(_is_writable, _candidates(environment)), os.path.abspath(NAME))


def _candidates(environment: Mapping[str, str]) -> Iterator[str]:
    given = environment.get("CACHE_DIRECTORY", "").partition(":")[0]
    if os.path.isabs(given):
        yield os.path.join(given, "pressmark")
    yield os.path.abspath(NAME)
    site = sha256(os.fsencode(os.getcwd())).hexdigest()[:16]
    usual = environment.get("LOCALAPPDATA") or os.path.join(environment.get("HOME", ""), ".cache")
    caches = environment.get("XDG_CACHE_HOME") or usual
    if os.path.isabs(caches):
        yield os.path.join(caches, "pressmark", site)
    # Not below a folder that all sites of the user share: others must not make that before us.
    with suppress(FileNotFoundError):  # no temporary directory can be written
        yield os.path.join(tempfile.gettempdir(), f"pressmark-{_user()}-{site}")


def _is_writable(path: str) -> bool:
    """Tell whether *path* is a directory that this process may write, and nobody else, or that may be made."""
    found = next((each for each in (Path(path), *Path(path).parents) if each.exists()), None)
    if found is None or not found.is_dir() or not os.access(found, os.W_OK | os.X_OK):
        return False
    return found != Path(path) or is_private(found.stat())


def is_private(status: os.stat_result) -> bool:
    """Tell whether what has *status* belongs to this process's user, and others cannot write it."""
    return os.name != "posix" or (status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
