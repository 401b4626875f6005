"""Only real damage has a database set aside; one damaged row costs that row; anything else costs a while."""

import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pressmark.errors import StoreError
from pressmark.stores.database import RETRY_S, Database
from pressmark.stores.disk import DAY_S, DiskStore


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked(tmp_path: Path, clock: Clock) -> Database:
    """Return a database that holds one value."""
    found = Database(str(tmp_path), lambda: (tmp_path / "locks").mkdir(exist_ok=True), clock)
    found.ask(lambda cache: cache.set("key", b"value"), writes=True)
    return found


def value_of(asked: Database) -> bytes:
    found: bytes = asked.ask(lambda cache: cache.get("key"), writes=False)
    return found


def failing(error: Exception) -> Callable[[Any], None]:
    def question(_: Any) -> None:
        raise error

    return question


def sqlite_error(name: str, text: str = "") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


def fill_the_disk(cache: Any) -> None:
    cache._sql("PRAGMA max_page_count = 1")
    try:
        cache.set("large", bytes(1_000_000))
    finally:
        cache._sql("PRAGMA max_page_count = 1000000000")


def interrupt(cache: Any) -> None:
    cache._con.set_progress_handler(lambda: 1, 1)
    try:
        cache.get("key")
    finally:
        cache._con.set_progress_handler(None, 0)


HARMLESS: dict[str, Callable[[Any], object]] = {
    "no memory": failing(MemoryError()),
    "no memory for SQLite": failing(sqlite_error("SQLITE_NOMEM")),
    "no room": fill_the_disk,
    "an interrupt": interrupt,
    "the locks of the log": failing(sqlite_error("SQLITE_PROTOCOL", "locking protocol")),
    "a disk that fails for a moment": failing(sqlite_error("SQLITE_IOERR_READ")),
    "a statement that is wrong": lambda cache: cache._sql("SELECT FROM WHERE"),
    "a transaction within another": lambda cache: [cache._sql(sql) for sql in ("BEGIN", "BEGIN")],
    "an error without a code": failing(sqlite3.OperationalError("Could not decode to UTF-8 column")),
    "a value that is none": failing(ValueError()),
    "a pickle": failing(pickle.UnpicklingError()),
    "a bug": failing(TypeError()),
}


@pytest.mark.parametrize("question", HARMLESS.values(), ids=HARMLESS)
def test_a_fault_that_is_no_damage_costs_a_while_and_no_value(
    asked: Database, clock: Clock, tmp_path: Path, question: Callable[[Any], object]
) -> None:
    with pytest.raises(StoreError, match="it is asked again in 30 s"):
        asked.ask(question, writes=False)
    clock.now += RETRY_S

    assert value_of(asked) == b"value"
    assert not (tmp_path / "cache.db.damaged").exists()


DAMAGE = {
    "a corrupt page": sqlite_error("SQLITE_CORRUPT_INDEX"),
    "no database": sqlite_error("SQLITE_NOTADB"),
    "a file that is cut off": sqlite_error("SQLITE_IOERR_SHORT_READ"),
    "a file system that is corrupt": sqlite_error("SQLITE_IOERR_CORRUPTFS"),
    "another schema": sqlite_error("SQLITE_SCHEMA"),
    "no table": sqlite_error("SQLITE_ERROR", "no such table: Cache"),
    "no column": sqlite_error("SQLITE_ERROR", "table Cache has no column named raw"),
    "a schema of the future": sqlite_error("SQLITE_ERROR", "unsupported file format"),
}


@pytest.mark.parametrize("error", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("is_hidden", [False, True], ids=["told", "behind another error"])
def test_a_damaged_database_is_begun_anew_for_the_same_question(
    asked: Database, tmp_path: Path, error: sqlite3.Error, is_hidden: bool
) -> None:
    errors = [error]

    def question(cache: Any) -> Any:
        try:
            while errors:
                raise errors.pop()
        except sqlite3.Error:
            if not is_hidden:
                raise
            raise sqlite_error("SQLITE_ERROR", "cannot rollback - no transaction is active") from None
        return cache.get("key")

    assert asked.ask(question, writes=False) is None
    assert (tmp_path / "cache.db.damaged").exists()


SETTINGS = {
    "an unknown setting of the disk": "INSERT INTO Settings VALUES ('disk_min_fike_size', 1)",
    "a name that is no text": "INSERT INTO Settings VALUES (x'ff', 1)",
    "a pragma of noise": "UPDATE Settings SET value = 'x y' WHERE key = 'sqlite_cache_size'",
    "a number that is no text": "UPDATE Settings SET value = CAST(x'ff' AS TEXT) WHERE key = 'count'",
}


def change(directory: Path, sql: str) -> None:
    with closing(sqlite3.connect(directory / "cache.db")) as database, database:
        database.execute(sql)


@pytest.mark.parametrize("sql", SETTINGS.values(), ids=SETTINGS)
def test_settings_that_cannot_be_used_count_as_damage(asked: Database, tmp_path: Path, sql: str) -> None:
    change(tmp_path, sql)
    other = Database(str(tmp_path), lambda: None)

    assert other.ask(lambda cache: cache.set("key", b"new"), writes=True)
    assert value_of(other) == b"new"


def test_a_process_that_cannot_open_a_database_leaves_it_to_the_others(
    asked: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("diskcache.Cache.reset", failing(TypeError()))
        other = Database(str(tmp_path), lambda: None)
        with pytest.raises(StoreError):
            value_of(other)

    assert value_of(asked) == b"value"


ROWS = {
    "a pickle": "mode = 4",
    "a file that is not named": "mode = 2, filename = NULL",
    "a planted file": "filename = '../../planted'",
    "bytes for a file": "filename = x'ff'",
    "a file with a name that is no text": "filename = CAST(x'ff' AS TEXT)",
    "a tag that is no text": "tag = CAST(x'ff' AS TEXT)",
    "a text for a value": "value = 'text'",
    "a value that is no text": "value = CAST(x'ff' AS TEXT)",
    "no value": "value = NULL",
}


@pytest.mark.parametrize("columns", ROWS.values(), ids=ROWS)
def test_a_damaged_row_costs_that_row_for_no_longer_than_until_it_is_written(tmp_path: Path, columns: str) -> None:
    directory = tmp_path / "cache"
    store = DiskStore(str(directory), 2**30, DAY_S)
    for name in ("damaged", "sound"):
        store.write_record(name, b"record")
    change(directory, f"UPDATE Cache SET {columns} WHERE key LIKE '%damaged'")

    assert store.read_record("damaged") in (None, b"record")
    assert store.read_record("sound") == b"record"
    store.write_record("damaged", b"new")
    assert [store.read_record(name) for name in ("damaged", "sound")] == [b"new", b"record"]
    assert not (directory / "cache.db.damaged").exists()
