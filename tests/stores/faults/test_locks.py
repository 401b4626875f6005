"""Nobody waits for another process that writes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.stores.faults.hosts import Host
from tests.stores.faults.promises import (
    PROMPT_S,
    RECOVERY_S,
    assert_all_is_well,
    assert_page_keeps_its_promises,
    bundled,
    page_with,
)


@contextmanager
def locked(host: Host, begin: str) -> Iterator[None]:
    """Hold the lock that a writer takes, in a process of its own: this one."""
    with closing(sqlite3.connect(host.database, isolation_level=None)) as database:
        database.execute(begin)
        try:
            yield
        finally:
            database.execute("ROLLBACK")


BEGINNINGS = pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])


@BEGINNINGS
def test_a_new_process_reads_while_another_writes(host: Host, named: tuple[str, ...], begin: str) -> None:
    with locked(host, begin):
        worker = host.start()
        answers = [worker.get(url) for url in named]

    assert [got.is_right(url) for got, url in zip(answers, named, strict=True)] == [True, True]
    assert max(got.seconds for got in answers) < PROMPT_S


@BEGINNINGS
def test_a_running_process_reads_while_another_writes(host: Host, begin: str) -> None:
    worker, other = host.start(), host.start()
    bundled(worker)
    named = bundled(other, page_with(1))
    with locked(host, begin):
        answers = [worker.get(url) for url in named]

    assert [got.is_right(url) for got, url in zip(answers, named, strict=True)] == [True, True]
    assert max(got.seconds for got in answers) < PROMPT_S


@BEGINNINGS
@pytest.mark.parametrize("is_new", [True, False], ids=["a new process", "a running process"])
def test_a_page_waits_for_no_writer(host: Host, named: tuple[str, ...], begin: str, is_new: bool) -> None:
    worker = host.start()
    if not is_new:
        bundled(worker)
    with locked(host, begin):
        known = worker.get()
        worker.tell("show", page_with(1))
        new = worker.get()
        assert_page_keeps_its_promises(worker, known)
        assert_page_keeps_its_promises(worker, new)
    worker.tell("later", RECOVERY_S)

    assert max(known.seconds, new.seconds) < PROMPT_S
    assert known.urls == named
    assert_all_is_well(host, *new.urls, *bundled(worker))


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_new_directory_whose_database_is_locked_delays_no_page(host: Host, begin: str) -> None:
    host.directory.mkdir(mode=0o700)
    with locked(host, begin):
        worker = host.start()
        got = worker.get()
        assert_page_keeps_its_promises(worker, got)
    worker.tell("later", RECOVERY_S)

    assert got.seconds < PROMPT_S
    assert_all_is_well(host, *got.urls, *bundled(worker))
