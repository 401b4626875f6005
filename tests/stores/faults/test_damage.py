"""A damaged database is made anew, and one damaged row costs that row."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.stores.faults.hosts import Host
from tests.stores.faults.promises import (
    RECOVERY_S,
    assert_all_is_well,
    assert_page_keeps_its_promises,
    bundled,
    page_with,
)


def flip(path: Path, offset: int, bit: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 1 << bit
    path.write_bytes(content)


def whole(host: Host) -> None:
    """Bring all that the log holds into the database itself."""
    with closing(sqlite3.connect(host.database)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def overwrite(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "emptied": lambda path: os.truncate(path, 0),
    "cut in its first page": lambda path: os.truncate(path, 100),
    "cut after its first page": lambda path: os.truncate(path, 4096),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "zeroed": lambda path: overwrite(path, 0, bytes(path.stat().st_size)),
    "zeroed in its first page": lambda path: overwrite(path, 0, bytes(4096)),
    "zeroed after its first page": lambda path: overwrite(path, 4096, bytes(path.stat().st_size - 4096)),
    "no database": lambda path: overwrite(path, 0, b"this is no database" * 1000),
    "with a settings page of noise": lambda path: overwrite(path, 4096, os.urandom(4096)),
}
damaged_ways = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)


@damaged_ways
def test_a_damaged_database_is_made_anew_at_the_next_start(
    host: Host, named: tuple[str, ...], damage: Callable[[Path], None]
) -> None:
    whole(host)
    damage(host.database)

    assert_all_is_well(host, *bundled(host.start()))


@damaged_ways
def test_a_database_that_is_damaged_under_a_process_is_made_anew_by_it(
    host: Host, named: tuple[str, ...], damage: Callable[[Path], None]
) -> None:
    worker = host.start()
    bundled(worker)
    whole(host)
    damage(host.database)
    got = worker.get()

    assert_page_keeps_its_promises(worker, got)
    worker.tell("later", RECOVERY_S)
    assert_all_is_well(host, *bundled(worker, page_with(1)))


@pytest.mark.parametrize("part", range(16))
def test_a_flipped_bit_costs_at_most_what_it_is_in(host: Host, named: tuple[str, ...], part: int) -> None:
    """16 bits of each sixteenth of the database, one after the other."""
    whole(host)
    sound = host.database.read_bytes()
    step = len(sound) // 16
    lost = []
    for offset in range(part * step, (part + 1) * step, step // 16):
        for path in host.directory.glob("cache.db*"):
            path.unlink()
        host.database.write_bytes(sound)
        flip(host.database, offset, offset % 8)
        worker = host.start()
        got = worker.get()
        again = host.start()
        answers = [worker.bundles(*got.urls), again.bundles(*got.urls), host.start().bundles(*again.get().urls)]
        if len(got.urls) != 2 or answers != [[True, True]] * 3:
            lost.append((offset, len(got.urls), answers, worker.tell("log")))

    assert lost == []


ROWS = {
    "a pickle": "mode = 4",
    "a text": "mode = 3",
    "an unknown mode": "mode = 77",
    "a mode that is no number": "mode = 'x'",
    "no mode": "mode = NULL",
    "no value": "value = NULL, filename = NULL",
    "a text value": "value = 'text', mode = 1, filename = NULL",
    "a planted file": "filename = '../../planted'",
    "a number for a file": "filename = 7",
    "a file that is not there": "filename = 'ab/cd/0123456789abcdef0123456789ab.val', mode = 2",
    "a text for a time": "expire_time = 'never'",
    "no time": "expire_time = NULL, store_time = NULL, access_time = NULL",
    "the time of the last judgement": "expire_time = 9e999",
    "a time before the flood": "expire_time = -9e999",
    "a time that is over": "expire_time = 1",
    "no size": "size = NULL",
    "a text for a size": "size = 'large'",
    "a size beyond all disks": "size = 9223372036854775807",
    "no number of uses": "access_count = NULL",
    "another form": "raw = 0",
}


@pytest.mark.parametrize("which", ["MIN", "MAX"])
@pytest.mark.parametrize("change", ROWS.values(), ids=ROWS)
def test_an_unexpected_value_in_one_row_costs_that_row(
    host: Host, named: tuple[str, ...], change: str, which: str
) -> None:
    with closing(sqlite3.connect(host.database)) as database, database:
        changed = database.execute(f"UPDATE Cache SET {change} WHERE rowid = (SELECT {which}(rowid) FROM Cache)")
        assert changed.rowcount == 1

    assert host.start().bundles(*named) == [True] * len(named)
    assert_all_is_well(host, *bundled(host.start()))


@pytest.mark.parametrize("change", ["'many'", "NULL", "9223372036854775807", "-5", "x'00'"])
@pytest.mark.parametrize("key", ["size", "count", "disk_min_file_size", "cull_limit", "eviction_policy", "size_limit"])
def test_an_unexpected_setting_in_the_database_costs_nothing(
    host: Host, named: tuple[str, ...], key: str, change: str
) -> None:
    with closing(sqlite3.connect(host.database)) as database, database:
        changed = database.execute(f"UPDATE Settings SET value = {change} WHERE key = ?", (key,))
        assert changed.rowcount == 1

    assert_all_is_well(host, *named)
