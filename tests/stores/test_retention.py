"""What is used stays, what is not goes, and what a killed process left goes with it."""

import logging
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pressmark.errors import StoreFullError
from pressmark.model import Bundle
from pressmark.stores import disk
from pressmark.stores.disk import DAY_S, DiskStore
from pressmark.stores.inventory import bytes_on_disk, entries, unfinished
from pressmark.stores.layered import LayeredStore
from pressmark.stores.memory import MemoryStore
from pressmark.stores.retention import SIGHTINGS
from tests.conftest import Write
from tests.site import Site, css_region

RETENTION_S = 10 * DAY_S
SMALL, LARGE = b"a { color: red }", b"a { color: red }\n" * 10_000


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def bundle_of(content: bytes) -> Bundle:
    return Bundle(sha256(content).hexdigest()[:32], "css", content)


def store_in(directory: Path) -> DiskStore:
    """Return a store as another process would have it."""
    return DiskStore(str(directory), 2**30, RETENTION_S)


def age(directory: Path, days: float) -> None:
    """Make everything in *directory* that many days older, for all that is kept there."""
    with closing(sqlite3.connect(directory / "cache.db")) as database, database:
        database.execute("UPDATE Cache SET expire_time = expire_time - ?", (days * DAY_S,))
    for path in (*directory.rglob("*.css"), *(directory / "locks").glob("swept")):
        past = path.stat().st_mtime - days * DAY_S
        os.utime(path, (past, past))


def use_another(directory: Path) -> None:
    """Have a page name another bundle now: age is counted from the newest use."""
    store_in(directory).put(bundle_of(b"another"))


def sweep_daily(directory: Path, days: int = SIGHTINGS) -> None:
    """Sweep on so many days, on which no page is asked for."""
    for _ in range(days):
        store_in(directory).sweep()
        mark = directory / "locks" / "swept"
        os.utime(mark, (mark.stat().st_mtime - 2 * DAY_S,) * 2)


def kept(directory: Path) -> list[bool]:
    store = store_in(directory)
    return [store.get("css", bundle_of(content).name) is not None for content in (SMALL, LARGE)]


@pytest.fixture
def filled(directory: Path) -> Path:
    """Return a directory with two bundles and a record."""
    store = store_in(directory)
    for content in (SMALL, LARGE):
        store.put(bundle_of(content))
    store.write_record("r", b"record")
    return directory


def test_what_was_used_of_late_stays(filled: Path) -> None:
    age(filled, 10)
    use_another(filled)
    sweep_daily(filled)

    assert kept(filled) == [True, True]
    assert store_in(filled).read_record("r") == b"record"


def test_what_was_not_used_for_long_goes_with_its_file(filled: Path) -> None:
    age(filled, 12)
    use_another(filled)
    sweep_daily(filled, SIGHTINGS - 1)
    assert kept(filled) == [True, True]

    sweep_daily(filled, 2)  # one of a few goes a day
    assert kept(filled) == [False, False]
    assert store_in(filled).read_record("r") is None
    assert len(list(filled.rglob("*.css"))) == 1


def test_a_site_that_nobody_has_asked_for_long_keeps_everything(filled: Path) -> None:
    """Or else its clock was wrong then, or is now."""
    age(filled, 1000)
    sweep_daily(filled)

    assert kept(filled) == [True, True]


def test_one_sweep_takes_a_part_those_used_longest_ago(filled: Path) -> None:
    store = store_in(filled)
    bundles = [bundle_of(b"%d" % number) for number in range(800)]
    for bundle in bundles:
        store.put(bundle)
    age(filled, 12)
    for bundle in bundles[:400]:
        os.utime(next(filled.rglob(f"{bundle.name}.css")), (0, 0))
    use_another(filled)
    before = len(list(filled.rglob("*.css")))
    sweep_daily(filled)

    assert before - len(list(filled.rglob("*.css"))) == 803 // 8
    assert all(store_in(filled).get("css", bundle.name) for bundle in bundles[400:])


@pytest.mark.parametrize("way", ["use", "put"])
def test_a_bundle_that_a_page_names_stays(filled: Path, way: str) -> None:
    age(filled, 9)
    store = store_in(filled)
    if way == "use":
        store.use("css", bundle_of(LARGE).name, "/")
    else:
        store.put(bundle_of(LARGE))
    age(filled, 9)
    use_another(filled)
    sweep_daily(filled)

    assert kept(filled) == [False, True]


def test_a_record_that_is_recalled_stays(filled: Path) -> None:
    age(filled, 9)
    store_in(filled).read_record("r")
    age(filled, 9)
    store_in(filled).sweep()

    assert store_in(filled).read_record("r") == b"record"


def test_a_use_is_written_once_a_day(filled: Path) -> None:
    store = store_in(filled)
    name = bundle_of(LARGE).name
    store.use("css", name, "/")
    before = entries(str(filled))
    store.use("css", name, "/")

    assert entries(str(filled)) == before


def test_one_process_sweeps_a_day(filled: Path) -> None:
    store_in(filled).sweep()
    age(filled, 12)
    use_another(filled)
    os.utime(filled / "locks" / "swept")
    store_in(filled).sweep()

    assert kept(filled) == [True, True]


def test_no_entry_is_hidden_by_a_clock_that_goes_wrong(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    for years in (-30, 30):
        monkeypatch.setattr(time, "time", lambda years=years: now + years * 365 * DAY_S)

        assert kept(filled) == [True, True]


def test_a_small_site_is_not_emptied_by_one_wrong_clock(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process whose clock is sixty days ahead names one bundle of 61, and sweeps, more than once."""
    store = store_in(filled)
    for number in range(58):
        store.put(bundle_of(b"%d" % number))
    ahead = time.time() + 60 * DAY_S
    use_another(filled)
    os.utime(next(filled.rglob(f"{bundle_of(b'another').name}.css")), (ahead, ahead))
    monkeypatch.setattr(disk, "_time_of", lambda directory: ahead)
    sweep_daily(filled, SIGHTINGS - 1)

    assert len(list(filled.rglob("*.css"))) == 61


def test_a_use_between_sweeps_has_them_counted_anew(filled: Path) -> None:
    age(filled, 12)
    use_another(filled)
    sweep_daily(filled, SIGHTINGS - 1)
    for content in (SMALL, LARGE):
        store_in(filled).use("css", bundle_of(content).name, "/")
    age(filled, 12)
    store_in(filled).use("css", bundle_of(b"another").name, "/")
    sweep_daily(filled, SIGHTINGS - 1)

    assert kept(filled) == [True, True]


@pytest.mark.parametrize("damaged", [b"\xff[[1", b'[["a.css", 1.0, 1e999]]'], ids=["no text", "no number"])
def test_a_damaged_count_of_sweeps_keeps_everything(filled: Path, damaged: bytes) -> None:
    age(filled, 12)
    use_another(filled)
    sweep_daily(filled, SIGHTINGS - 1)
    (filled / "locks" / "unused").write_bytes(damaged)
    sweep_daily(filled, 1)

    assert kept(filled) == [True, True]


def test_a_sweep_that_removes_bundles_is_told_to_those_that_name_them(filled: Path) -> None:
    before = store_in(filled).generation()
    age(filled, 12)
    use_another(filled)
    sweep_daily(filled)

    assert store_in(filled).generation() != before


def test_files_that_a_killed_process_left_go_once_they_are_old(filled: Path) -> None:
    folder = next(filled.rglob("*.css")).parent
    old, young = folder / "a.tmp", folder / "b.tmp"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)

    assert sorted(unfinished(str(filled))) == [old, young]
    store_in(filled).sweep()
    assert (old.exists(), young.exists(), kept(filled)) == (False, True, [True, True])


def test_the_quota_counts_what_really_lies_there(filled: Path) -> None:
    (filled / "left.over").write_bytes(b"x" * 3_000_000)
    store = DiskStore(str(filled), 3_000_000)

    with pytest.raises(StoreFullError):
        store.put(bundle_of(b"b"))
    assert kept(filled) == [True, True]
    assert bytes_on_disk(str(filled)) > 3_000_000


def test_a_sweep_that_fails_stops_nothing_else(filled: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pressmark")
    (filled / "locks" / "time").mkdir()
    layered = LayeredStore(MemoryStore(), store_in(filled))
    layered.sweep()

    [record] = caplog.records
    assert "the cache was not swept and keeps unused bundles" in record.getMessage()
    layered.put(bundle_of(b"c"))
    assert store_in(filled).get("css", bundle_of(b"c").name) == b"c"


def test_a_site_sweeps_and_keeps_what_its_pages_name(static: Path, write: Write) -> None:
    write("a.css", "a { color: red }")
    site = Site(static, css_region("a.css"), {"refresh": 0, "retention": RETENTION_S})
    [url] = site.get().bundles
    age(static.parent / "cache", 9)
    other = Site(static, css_region("a.css"), {"refresh": 0, "retention": RETENTION_S})
    other.get()
    age(static.parent / "cache", 9)
    store_in(static.parent / "cache").clean()
    last = Site(static, css_region("a.css"), {"refresh": 0, "retention": RETENTION_S})

    assert last.get(url).status == 200


def test_others_read_while_many_records_are_removed(filled: Path) -> None:
    """All within one question would take seconds, and whoever asks waits for half of one."""
    add_records(filled, 20_000)
    age(filled, 12)
    store, answers = store_in(filled), []
    store.write_record("new", b"record")
    with ThreadPoolExecutor(1) as pool:
        cleaning = pool.submit(store.clean)
        while not cleaning.done():
            answers.append(store.read_record("new"))

    removed, _ = cleaning.result()
    assert removed == 20_000 + 3
    assert len(answers) > 10
    assert set(answers) == {b"record"}


def add_records(directory: Path, count: int) -> None:
    """Add records that were all used at the same moment."""
    columns = "raw, store_time, expire_time, access_time, access_count, tag, size, mode, filename, value"
    with closing(sqlite3.connect(directory / "cache.db")) as opened, opened:
        opened.executemany(
            f"INSERT INTO Cache (key, {columns}) SELECT ?, {columns} FROM Cache LIMIT 1",
            ((f"recipe {number}",) for number in range(count)),
        )


@pytest.mark.parametrize("value", ["'never'", "NULL", "9e999", "-9e999", "x'ff'"])
def test_a_damaged_row_is_listed_with_some_time(filled: Path, value: str) -> None:
    with closing(sqlite3.connect(filled / "cache.db")) as opened, opened:
        opened.execute(f"UPDATE Cache SET expire_time = {value}, key = CAST(x'ff' AS TEXT)")

    [_, _, entry] = entries(str(filled))
    assert datetime.fromtimestamp(entry.used_at, UTC)
