"""What every store promises, and what the disk's own dangers are."""

import os
import pickle
import shutil
import sqlite3
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from pressmark.errors import StoreError, StoreFullError, UnsharedError
from pressmark.model import Bundle
from pressmark.protocols import Store
from pressmark.stores.disk import DiskStore
from pressmark.stores.layered import LayeredStore
from pressmark.stores.memory import MemoryStore
from pressmark.stores.safe_disk import SafeDisk

MAX_BYTES = 1 << 20


def bundle(content: bytes) -> Bundle:
    return Bundle(sha256(content).hexdigest()[:32], "css", content)


def file_of(directory: Path, kept: Bundle) -> Path:
    """Return the file of a bundle."""
    (path,) = directory.rglob(f"{kept.name}.css")
    return path


SMALL, LARGE = bundle(b"a{}"), bundle(b"a{}" * 50_000)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def disk(directory: Path) -> DiskStore:
    return DiskStore(str(directory), MAX_BYTES)


@pytest.fixture(params=["memory", "disk", "layered"])
def store(request: pytest.FixtureRequest, disk: DiskStore) -> Store:
    stores: dict[str, Store] = {"memory": MemoryStore(), "disk": disk, "layered": LayeredStore(MemoryStore(), disk)}
    return stores[request.param]


@pytest.mark.parametrize("kept", [SMALL, LARGE], ids=["small", "large"])
def test_a_bundle_that_was_put_is_there(store: Store, kept: Bundle) -> None:
    store.put(kept)

    assert store.get("css", kept.name) == kept.content


def test_a_bundle_is_looked_up_by_kind_and_name(store: Store) -> None:
    store.put(SMALL)

    assert store.get("js", SMALL.name) is None
    assert store.get("css", LARGE.name) is None


def test_a_record_that_was_noted_is_recalled(store: Store) -> None:
    store.write_record("recipe", b"record")

    assert store.read_record("recipe") == b"record"
    assert store.read_record("other") is None


def test_a_guard_lets_its_holder_work(store: Store) -> None:
    with store.guard("key"):
        store.put(SMALL)

    assert store.get("css", SMALL.name) == SMALL.content


def test_another_process_sees_what_was_put(disk: DiskStore, directory: Path) -> None:
    disk.put(SMALL)

    assert DiskStore(str(directory), MAX_BYTES).get("css", SMALL.name) == SMALL.content


def test_nothing_is_opened_before_it_is_needed(disk: DiskStore, directory: Path) -> None:
    assert disk.generation() is None
    assert not directory.exists()


def test_the_directory_is_its_owners_alone_and_ignored_by_git(disk: DiskStore, directory: Path) -> None:
    disk.put(SMALL)

    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert (directory / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_directory_that_others_can_write_is_refused(disk: DiskStore, directory: Path, mode: int) -> None:
    directory.mkdir()
    directory.chmod(mode)

    with pytest.raises(StoreError, match="can be written by others"):
        disk.put(SMALL)


def test_at_the_quota_nothing_is_added_and_everything_is_served(directory: Path) -> None:
    store = DiskStore(str(directory), 250_000)
    store.put(LARGE)
    for path in ("/", "/other/"):
        store.use("css", LARGE.name, path)

    with pytest.raises(StoreFullError, match="cache_size is 250000"):
        store.put(bundle(b"b{}" * 50_000))
    assert store.get("css", LARGE.name) == LARGE.content


def test_what_another_process_serves_is_found_while_a_second_page_names_it(disk: DiskStore, directory: Path) -> None:
    disk.put(SMALL)
    other = DiskStore(str(directory), 2**30)
    for path in ("/", "/other/", "/third/"):
        disk.use("css", SMALL.name, path)
        assert other.get("css", SMALL.name) == SMALL.content


def test_the_layers_do_not_hide_a_full_store(directory: Path) -> None:
    store = LayeredStore(MemoryStore(), DiskStore(str(directory), 1))

    with pytest.raises(StoreFullError):
        store.put(SMALL)
    assert store.get("css", SMALL.name) is None


def test_bytes_that_do_not_hash_to_their_name_are_not_returned(disk: DiskStore, directory: Path) -> None:
    disk.put(SMALL)
    file_of(directory, SMALL).write_bytes(b"evil{}")

    assert disk.get("css", SMALL.name) is None
    disk.put(SMALL)
    assert disk.get("css", SMALL.name) == SMALL.content


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "", "x" * 32])
def test_what_is_no_hash_names_no_file(disk: DiskStore, directory: Path, name: str) -> None:
    disk.put(SMALL)
    (directory / "bundles" / "secret.css").write_bytes(b"secret")

    assert disk.get("css", name) is None


def test_a_bundle_is_kept_without_a_database(disk: DiskStore, directory: Path) -> None:
    (directory / "cache.db").mkdir(parents=True, mode=0o700)
    directory.chmod(0o700)
    disk.put(SMALL)

    assert disk.get("css", SMALL.name) == SMALL.content
    with pytest.raises(StoreError, match="cannot write the database"):
        disk.write_record("recipe", b"record")


def test_a_record_that_was_changed_is_not_returned(disk: DiskStore, directory: Path) -> None:
    disk.write_record("recipe", b"record")
    with sqlite3.connect(directory / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?", (sha256(b"x").digest() + b"evil",))
    database.close()

    assert disk.read_record("recipe") is None


def test_a_truncated_file_is_not_returned(disk: DiskStore, directory: Path) -> None:
    disk.put(LARGE)
    path = file_of(directory, LARGE)
    path.write_bytes(path.read_bytes()[:1000])

    assert disk.get("css", LARGE.name) is None


def test_a_planted_pickle_is_not_loaded(disk: DiskStore, directory: Path, tmp_path: Path) -> None:
    """CVE-2025-69872: stock diskcache unpickles what the database says is a pickle."""

    class Trap:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
            return os.mkdir, (str(tmp_path / "trapped"),)

    disk.write_record("recipe", b"record")
    with sqlite3.connect(directory / "cache.db") as database:
        database.execute("UPDATE Cache SET mode = 4, value = ?", (pickle.dumps(Trap()),))
    database.close()

    assert disk.read_record("recipe") is None
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "ab/cd/../../../secret", "secret"])
def test_a_planted_file_name_is_neither_read_nor_removed(
    disk: DiskStore, directory: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_bytes(SMALL.content)
    disk.write_record("recipe", b"record")
    with sqlite3.connect(directory / "cache.db") as database:
        database.execute("UPDATE Cache SET filename = ?", (name,))
    database.close()

    assert disk.read_record("recipe") is None
    disk.write_record("recipe", b"record")
    SafeDisk(str(directory)).remove(name)
    assert (tmp_path / "secret").exists()


@pytest.mark.parametrize("value", ["text", 1, None, True, (b"a",)], ids=repr)
def test_only_bytes_are_stored(directory: Path, value: object) -> None:
    directory.mkdir()

    with pytest.raises(Exception, match="a value of type"):
        SafeDisk(str(directory)).store(value, read=False)


def test_a_damaged_database_is_put_aside(disk: DiskStore, directory: Path) -> None:
    directory.mkdir(mode=0o700)
    (directory / "cache.db").write_bytes(b"this is no database" * 1000)
    disk.write_record("recipe", b"record")

    assert disk.read_record("recipe") == b"record"
    assert (directory / "cache.db.damaged").exists()


def test_a_store_whose_directory_vanished_begins_anew(disk: DiskStore, directory: Path) -> None:
    disk.put(SMALL)
    before = disk.generation()
    shutil.rmtree(directory)

    assert disk.get("css", SMALL.name) is None
    disk.put(SMALL)
    assert disk.get("css", SMALL.name) == SMALL.content
    assert disk.generation() != before


def test_without_a_shared_store_memory_has_a_bundle_and_says_so(directory: Path) -> None:
    directory.write_text("a file where the directory should be")
    store = LayeredStore(MemoryStore(), DiskStore(str(directory), MAX_BYTES))

    with pytest.raises(UnsharedError, match="other processes could not serve its bundle"):
        store.put(SMALL)
    assert store.get("css", SMALL.name) == SMALL.content


def test_a_shared_store_that_fails_for_once_has_the_original_leave(disk: DiskStore, directory: Path) -> None:
    store = LayeredStore(MemoryStore(), disk)
    store.put(LARGE)
    file_of(directory, LARGE).parents[1].rename(directory / "away")
    (directory / "bundles" / "css").write_text("in the way")

    with pytest.raises(StoreError) as caught:
        store.put(SMALL)
    assert not isinstance(caught.value, UnsharedError)
    (directory / "bundles" / "css").unlink()
    store.put(SMALL)
    assert disk.get("css", SMALL.name) == SMALL.content


def test_records_that_cannot_be_kept_are_in_memory_after_one_warning(
    disk: DiskStore, directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = LayeredStore(MemoryStore(), disk)
    store.put(SMALL)
    (directory / "cache.db").mkdir()

    for name in ("a", "b"):
        store.write_record(name, b"record")

    assert store.read_record("a") == b"record"
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) in (1, 2)  # reading may fail in another way than writing
    assert all("records of builds are kept in this process's memory only" in warning for warning in warnings)


def test_memory_drops_what_was_used_longest_ago() -> None:
    store = MemoryStore(max_bytes=10)
    first, second, third = bundle(b"11111"), bundle(b"22222"), bundle(b"33333")
    store.put(first)
    store.put(second)
    store.get("css", first.name)
    store.put(third)

    assert [store.get("css", b.name) is not None for b in (first, second, third)] == [True, False, True]
