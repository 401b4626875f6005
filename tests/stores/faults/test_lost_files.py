"""A file that goes away is made again."""

import pytest

from tests.stores.faults.hosts import Host
from tests.stores.faults.promises import (
    assert_all_is_well,
    assert_page_keeps_its_promises,
    bundled,
    page_with,
)

LOST = {
    "the database": ["cache.db"],
    "its log": ["cache.db-wal"],
    "the log's index": ["cache.db-shm"],
    "log and index": ["cache.db-wal", "cache.db-shm"],
    "all three": ["cache.db", "cache.db-wal", "cache.db-shm"],
}
lost_ones = pytest.mark.parametrize("names", LOST.values(), ids=LOST)


@lost_ones
def test_processes_serve_one_another_after_a_file_was_deleted(host: Host, names: list[str]) -> None:
    first, second = host.start(), host.start()
    bundled(first)
    bundled(second)
    for name in names:
        (host.directory / name).unlink()
    named = bundled(first, page_with(1))
    later = bundled(second, page_with(2))

    assert second.bundles(*named) == [True, True]
    assert first.bundles(*later) == [True, True]
    assert_all_is_well(host, *named, *later)


@lost_ones
def test_a_page_that_was_bundled_before_a_file_was_deleted_stays_served(host: Host, names: list[str]) -> None:
    first, second = host.start(), host.start()
    bundled(first)
    bundled(second)
    for name in names:
        (host.directory / name).unlink()
    got = first.get()

    assert_page_keeps_its_promises(first, got)
    assert second.bundles(*second.get().urls) == [True, True]
    assert_all_is_well(host, *first.get().urls)


def test_a_value_file_that_was_deleted_is_written_again(host: Host, named: tuple[str, ...]) -> None:
    for path in host.directory.rglob("*.val"):
        path.unlink()

    assert_all_is_well(host, *bundled(host.start()))
