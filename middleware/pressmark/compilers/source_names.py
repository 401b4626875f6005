"""Name the sources of a compiler's source map without the folders of the machine."""

import json
import os
from collections.abc import Sequence
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname


def with_source_names(source_map: str, path: str, folders: Sequence[str] = ()) -> str | None:
    """Return *source_map* with sources as URLs relative to *path*, or to one of *folders*.

    Any other file has its mere name. *path* is that of the compiled file, "" if there is none; sources are whole paths
    or ``file:`` URLs. Returns ``None`` for an empty map. Raises ValueError for one that is none.
    """
    if not source_map:
        return None
    found = json.loads(source_map)
    bases = (os.path.dirname(path), *folders)
    return json.dumps({**found, "sources": [_named(url, bases) for url in found["sources"]], "sourceRoot": ""})


def _named(url: str, bases: Sequence[str]) -> str:
    path, here = path_of(url), os.path.join(os.getcwd(), "")
    if path.startswith(here) and bases[0].startswith(here):  # no folder above that of the site is named
        return quote(os.path.relpath(path, bases[0]).replace(os.sep, "/"))
    for base in bases:
        if path and base and path.startswith(os.path.join(base, "")):
            return quote(os.path.relpath(path, base))
    return quote(os.path.basename(path)) if path else url


def path_of(url: str) -> str:
    """Return the path of a file's *url*, or the path that it is already; "" for what is no file."""
    if os.path.isabs(url):
        return url
    parts = urlsplit(url)
    return url2pathname(parts.path) if parts.scheme == "file" else ""
