"""Tell damage of diskcache's database from all else that can go wrong with it.

A damaged database is begun anew, and all that it holds is lost, for every process. So only what SQLite says of the file
itself counts: not that a disk, a lock or the memory fails for a moment, nor a bug.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

from diskcache.core import DEFAULT_SETTINGS, METADATA

_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_SCHEMA", "SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_CORRUPTFS")
# SQLITE_ERROR alone may also be a statement that is wrong (sqlite.org/rescode.html).
_DAMAGED_SCHEMA = re.compile(
    r"no such (?:table|column|index|collation)|has no column|there is already|cannot modify|unsupported file format"
)


def is_damage(error: BaseException) -> bool:
    """Tell whether *error*, or one that it came of, means that the file of a database is damaged.

    SQLite itself ends some transactions that fail, and diskcache meets another error as it ends them again.
    """
    return any(_is_damage(each) for each in _with_causes(error) if isinstance(each, sqlite3.Error))


def has_strange_settings(path: str) -> bool:
    """Tell whether the database at *path* has settings that are not diskcache's, with which it may fail to open.

    It runs each setting as a pragma or gives it to its Disk.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=0)) as database:
            rows = database.execute("SELECT key, value FROM Settings").fetchall()
    except sqlite3.Error as error:
        return not hasattr(error, "sqlite_errorname")  # it cannot be decoded, which is Python's own error
    return any(_is_strange(key, value) for key, value in rows)


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__context__


def _is_damage(error: sqlite3.Error) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(_DAMAGE) or (name == "SQLITE_ERROR" and bool(_DAMAGED_SCHEMA.search(str(error))))


def _is_strange(key: object, value: object) -> bool:
    if not isinstance(key, str) or key not in DEFAULT_SETTINGS | METADATA:
        return True
    # The size of the memory map alone is another one here.
    return key.startswith("sqlite_") and value not in (DEFAULT_SETTINGS[key], 0)
