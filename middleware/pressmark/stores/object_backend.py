"""An object store as a shared store: Amazon S3 and its like, Google Cloud Storage, Azure, by obstore."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError

from pressmark.stores.object_store import OneProcess, name_of, open_store

CONNECT_S = 1.0
ANSWER_S = 5.0
RETRIES = 1
DAY_S = 86400.0
CONTENT_TYPES = {"css": "text/css", "js": "text/javascript", "map": "application/json", "pack": "text/plain"}
NOW, SWEPT = "lock/now", "lock/swept"
_SWEPT_FOLDERS = ("css", "js", "map", "pack", "record", "lock")


class ObjectBackend:
    """The bucket at *url*, below its path: ``s3://BUCKET/PREFIX``, ``gs://…``, ``az://…``. Connects at the first call.

    Credentials are found as obstore finds them: environment, instance, container. What the query names goes to obstore:
    ``?endpoint=http://127.0.0.1:9000&region=eu-1``. Raises SettingsError.
    """

    may_lose, waits_natively = False, True

    def __init__(self, url: str) -> None:
        self.name = name_of(url)
        self._store = open_store(url, "the setting 'store'", answer_s=ANSWER_S, connect_s=CONNECT_S, retries=RETRIES)
        self._process = OneProcess()

    def get(self, key: str) -> bytes | None:
        """Return the value under *key*, or ``None``."""
        self._process.check()
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError:
            return None

    def create(self, key: str, value: bytes, seconds: float) -> bool:
        """Keep *value*, unless there is one. Tell whether there was none."""
        self._process.check()
        try:
            obstore.put(self._store, key, value, mode="create", attributes=_attributes(key))
        except AlreadyExistsError:
            return False
        return True

    def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep *value* under *key*."""
        self._process.check()
        obstore.put(self._store, key, value, attributes=_attributes(key))

    def touch(self, keys: Sequence[str], seconds: float) -> Sequence[bool]:
        """Write those of *keys* again that are older than a day, which makes them new. Tell whether each is there."""
        self._process.check()
        now = self._now()
        return [self._touched(key, now) for key in keys]

    def acquire(self, key: str, token: bytes, seconds: float) -> bool:
        """Take the lock *key*; one that is older than *seconds* is that of a host that is gone."""
        if self.create(key, token, seconds):
            return True
        try:
            if _age_s(obstore.head(self._store, key), self._now()) <= seconds:
                return False
            obstore.delete(self._store, key)
        except FileNotFoundError:  # it was given back meanwhile
            pass
        return self.create(key, token, seconds)

    def release(self, key: str, token: bytes) -> None:
        """Give the lock *key* back."""
        if self.get(key) == token:
            obstore.delete(self._store, key)

    def sweep(self, seconds: float) -> None:
        """Remove what was written *seconds* ago or earlier, if no host has done so in a day."""
        if not self.acquire(SWEPT, b"", DAY_S):
            return
        now = self._now()
        for folder in _SWEPT_FOLDERS:
            for listed in obstore.list(self._store, folder):
                old = [each["path"] for each in listed if _age_s(each, now) > seconds]
                if old:
                    obstore.delete(self._store, old)

    def _now(self) -> datetime:
        """Return the time by the clock of the service, by which objects are dated: a host's may be wrong."""
        obstore.put(self._store, NOW, b"")
        now: datetime = obstore.head(self._store, NOW)["last_modified"]
        return now

    def _touched(self, key: str, now: datetime) -> bool:
        try:
            if _age_s(obstore.head(self._store, key), now) > DAY_S:
                self.put(key, bytes(obstore.get(self._store, key).bytes()), 0)
        except FileNotFoundError:
            return False
        return True


def _attributes(key: str) -> Any:
    kind = key.partition("/")[0]
    return {"Content-Type": CONTENT_TYPES.get(kind, "application/octet-stream")}


def _age_s(meta: Any, now: datetime) -> float:
    """Return the seconds from when an object was written to *now*."""
    modified: datetime = meta["last_modified"]
    return (now - modified).total_seconds()
