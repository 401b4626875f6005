"""A diskcache that can neither unpickle nor leave its directory, and to which a damaged row is as good as none.

Stock diskcache unpickles any value that the database marks as a pickle (CVE-2025-69872), and joins any file name that
it finds there, to read it and to delete it. So anybody who can write the cache directory could run code. Here a key is
a str, a value is bytes, and a file name is one of those that diskcache itself makes up.
"""

import re
from functools import partial
from typing import Any

import diskcache
from diskcache.core import MODE_BINARY, MODE_RAW, UNKNOWN

_FILE_NAME = re.compile(r"[0-9a-f]{2}[/\\][0-9a-f]{2}[/\\][0-9a-f]{28}\.val")


class RefusedError(OSError):
    """The database asks for something that Pressmark never stored.

    To diskcache it is a file that is gone, so that the row counts as not there.
    """


class SafeDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Stores bytes under str keys, and nothing else."""

    def put(self, key: Any) -> tuple[Any, bool]:
        if type(key) is not str:
            raise RefusedError(f"a key of type {type(key).__name__}")
        return key, True

    def get(self, key: Any, raw: bool) -> str:
        if not raw or type(key) is not str:
            raise RefusedError("a key that is no text")
        return key

    def store(self, value: Any, read: bool, key: Any = UNKNOWN) -> Any:
        if read or type(value) is not bytes:
            raise RefusedError(f"a value of type {type(value).__name__}")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: object, value: Any, read: bool) -> bytes:
        if read or mode not in (MODE_RAW, MODE_BINARY):
            raise RefusedError(f"a value of mode {mode}")
        if (mode == MODE_BINARY or filename is not None) and not _is_file_name(filename):
            raise RefusedError(f"a file named {filename!r}")
        fetched = super().fetch(mode, filename, value, read)
        if type(fetched) is not bytes:
            raise RefusedError(f"a value of type {type(fetched).__name__}")
        return fetched

    def remove(self, file_path: object) -> None:
        """Remove the file of a row that is replaced; no other one, so that the row can be replaced."""
        if _is_file_name(file_path):
            super().remove(file_path)


class SafeCache(diskcache.Cache):  # type: ignore[misc]
    """A cache in which a text that is none is read as another text, and refused with its row."""

    @property
    def _con(self) -> Any:
        connection = super()._con
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        return connection

    def expire_some(self, before: float, most: int) -> int:
        """Remove up to *most* rows that expire *before* a time, and return how many.

        Stock ``expire`` removes all of them, and of those that expire at the same moment only a hundred.
        """
        select = "SELECT rowid, filename FROM Cache WHERE expire_time < ? ORDER BY expire_time LIMIT ?"
        with self._transact() as (sql, clean_up):
            rows = sql(select, (before, most)).fetchall()
            for row, filename in rows:
                sql("DELETE FROM Cache WHERE rowid = ?", (row,))
                clean_up(filename)
        return len(rows)


def _is_file_name(name: object) -> bool:
    return isinstance(name, str) and bool(_FILE_NAME.fullmatch(name))
