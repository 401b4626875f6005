"""An object store as the destination of releases: Amazon S3 and its like, Google Cloud Storage, Azure, by obstore."""

from collections.abc import Mapping, Sequence
from typing import Any

import obstore

from pressmark.errors import DeploymentError, SettingsError
from pressmark.offline.destinations import Stored
from pressmark.stores.object_store import name_of, open_store

ANSWER_S = 60.0
RETRIES = 8
"""About a minute: an object store that is busy answers 503."""
CONNECT_S = 10.0


class ObjectDestination:
    """The bucket at *url*, below its path, as ``ObjectBackend`` has it. Waits longer, and tries again for minutes.

    Raises DeploymentError.
    """

    def __init__(self, url: str) -> None:
        self.name = name_of(url)
        try:
            self._store = open_store(url, answer_s=ANSWER_S, connect_s=CONNECT_S, retries=RETRIES)
        except SettingsError as error:
            raise DeploymentError(str(error)) from error

    def listed(self) -> dict[str, Stored]:
        """Return all objects by their paths."""
        pages = obstore.list(self._store)
        return {each["path"]: Stored(each["size"], _tag(each)) for page in pages for each in page}

    def read(self, path: str) -> bytes | None:
        """Return the object at *path*, or ``None``."""
        try:
            return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
        """Put an object at once, so that its tag is that of its content."""
        attributes: Any = dict(headers)
        return _tag(obstore.put(self._store, path, content, attributes=attributes, use_multipart=False))

    def remove(self, paths: Sequence[str]) -> None:
        """Remove the objects at *paths*."""
        if paths:
            obstore.delete(self._store, list(paths))


def _tag(meta: Any) -> str:
    return str(meta["e_tag"] or "").strip('"')
