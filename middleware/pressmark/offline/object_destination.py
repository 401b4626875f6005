"""An object store as the destination of releases: Amazon S3 and its like, Google Cloud Storage, Azure, by obstore."""

from collections.abc import Mapping, Sequence
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError

from pressmark.errors import DeploymentError, SettingsError
from pressmark.offline.destinations import Stored
from pressmark.stores.object_store import OneProcess, name_of, open_store

PATIENT = {"answer_s": 60.0, "connect_s": 10.0, "retries": 8}
"""About a minute: an object store that is busy answers 503."""
HURRIED = {"answer_s": 5.0, "connect_s": 1.0, "retries": 1}


class ObjectDestination:
    """The bucket at *url*, below its path, as ``ObjectBackend`` has it. One that *is_patient* tries for a minute.

    Raises DeploymentError.
    """

    waits_natively = True

    def __init__(self, url: str, *, is_patient: bool = True) -> None:
        self.name, self._process = name_of(url), OneProcess()
        try:
            self._store = open_store(url, "the destination", **(PATIENT if is_patient else HURRIED))
        except SettingsError as error:
            raise DeploymentError(str(error)) from error

    def listed(self, folder: str = "") -> dict[str, Stored]:
        """Return all objects below *folder*, by their paths."""
        self._process.check()
        pages = obstore.list(self._store, folder.rstrip("/") or None)
        return {each["path"]: Stored(each["size"], _tag(each)) for page in pages for each in page}

    def read(self, path: str) -> bytes | None:
        """Return the object at *path*, or ``None``."""
        self._process.check()
        try:
            return bytes(obstore.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes, headers: Mapping[str, str]) -> str:
        """Put an object at once, so that its tag is that of its content."""
        self._process.check()
        attributes: Any = dict(headers)
        return _tag(obstore.put(self._store, path, content, attributes=attributes, use_multipart=False))

    def create(self, path: str, content: bytes) -> bool:
        """Put an object unless there is one. Tell whether there was none."""
        self._process.check()
        try:
            obstore.put(self._store, path, content, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def remove(self, paths: Sequence[str]) -> None:
        """Remove the objects at *paths*."""
        self._process.check()
        if paths:
            obstore.delete(self._store, list(paths))


def _tag(meta: Any) -> str:
    return str(meta["e_tag"] or "").strip('"')
