"""Writes fail apart from reads, and a page names nothing that could not be written."""

import errno

import pytest

from tests.stores.faults.hosts import Host
from tests.stores.faults.promises import (
    FOR_WRITING,
    RECOVERY_S,
    assert_all_is_well,
    assert_page_keeps_its_promises,
    bundled,
    fail,
    page_with,
)

WRITE_FAULTS = pytest.mark.parametrize(
    ("groups", "error"),
    [
        ("write,truncate", errno.ENOSPC),
        ("write,alter,mkdir,truncate", errno.ENOSPC),
        ("write,sync,truncate", errno.EIO),
        (FOR_WRITING, errno.EROFS),
        ("alter,mkdir,unlink,rename", errno.EACCES),
    ],
    ids=["a full disk", "a full disk without inodes", "a broken disk", "a read-only file system", "a forbidden one"],
)


@WRITE_FAULTS
def test_a_new_process_that_cannot_write_serves_what_lies_there(
    host: Host, named: tuple[str, ...], groups: str, error: int
) -> None:
    worker = host.start()
    fail(worker, host, groups, error)

    assert worker.bundles(*named) == [True, True]
    assert worker.tell("disarm")[1] >= 0


@WRITE_FAULTS
def test_a_write_that_fails_stops_no_read(host: Host, groups: str, error: int) -> None:
    first, other = host.start(), host.start()
    bundled(first)
    bundled(other)
    fail(first, host, groups, error)
    first.tell("show", page_with(1))
    first.get()
    named = bundled(other, page_with(2))

    assert first.bundles(*named) == [True, True]


@WRITE_FAULTS
@pytest.mark.parametrize("when", ["before the first page", "later"])
def test_a_page_names_no_bundle_that_could_not_be_written(host: Host, groups: str, error: int, when: str) -> None:
    """Another process could not serve it, nor could this one once it has ended."""
    worker = host.start()
    if when == "later":
        bundled(worker)
    fail(worker, host, groups, error)
    worker.tell("show", page_with(1))
    got = worker.get()
    assert_page_keeps_its_promises(worker, got)
    worker.kill()

    assert host.start().bundles(*got.urls) == [True] * len(got.urls)


@WRITE_FAULTS
def test_what_could_not_be_written_is_written_later(host: Host, groups: str, error: int) -> None:
    worker = host.start()
    fail(worker, host, groups, error)
    worker.get()
    worker.tell("disarm")
    worker.tell("later", RECOVERY_S)

    assert_all_is_well(host, *bundled(worker))


def test_a_process_that_fails_again_and_again_opens_no_more_and_more_files(host: Host, named: tuple[str, ...]) -> None:
    worker = host.start()
    bundled(worker)
    for groups, error in [("write", errno.ENOSPC), ("open", errno.EMFILE), ("read", errno.EIO), ("lock", errno.EIO)]:
        for number in range(1, 9):
            fail(worker, host, groups, error, number)
            worker.tell("show", page_with(number))
            worker.get()
            worker.tell("disarm")
            worker.tell("later", RECOVERY_S)
            worker.get()

    # Up to 16 threads build, and each may hold the database, its log and the log's index.
    assert worker.tell("handles", str(host.directory)) <= 3 * 18
