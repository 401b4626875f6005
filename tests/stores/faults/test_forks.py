"""Nothing of the database crosses a fork."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

from tests.conftest import Write
from tests.stores.faults.hosts import Host
from tests.stores.faults.promises import (
    MOST_PAGES,
    assert_all_is_well,
    bundled,
    page_with,
)
from tests.stores.faults.workers import Worker


def test_forks_of_a_process_that_used_the_store_serve_one_another(host: Host) -> None:
    """gunicorn --preload: the application is loaded, and asked for a page, before the workers are forked."""
    master = host.start()
    known = bundled(master)
    forked = [host.fork(master) for _ in range(4)]
    named = [url for number in range(1, 9) for url in bundled(forked[number % 4], page_with(number))]

    assert [each.bundles(*known, *named) for each in forked] == [[True] * (2 + len(named))] * 4
    assert_all_is_well(host, *known, *named)
    assert integrity(host) == "ok"


def test_a_process_that_closes_the_store_after_it_was_forked_takes_nothing_along(cold_host: Host, write: Write) -> None:
    """Its last connection would take the log away under those that believe to hold it.

    The stylesheets are as large as rows may be, so that the log is brought into the database meanwhile.
    """
    for number in range(1, MOST_PAGES):
        write(f"{number}.css", f"#n{number}::after {{ content: '{'x' * 30_000}' }}\n")
    host = cold_host
    master = host.start()
    bundled(master)
    forked = [host.fork(master) for _ in range(4)]
    named = bundled_at_once(forked, range(1, 9))
    until(lambda: master.tell("handles", str(host.directory)) == 0)  # its threads end when they have nothing to do
    lost = []
    for first in range(9, MOST_PAGES, len(forked)):
        named += bundled_at_once(forked, range(first, first + len(forked)))
        lost += [url for url in named[-2 * len(forked) :] for each in forked if not each.get(url).is_right(url)]

    assert lost == []
    assert_all_is_well(host, *named)
    assert integrity(host) == "ok"


def bundled_at_once(workers: list[Worker], numbers: range) -> list[str]:
    """Return the URLs that the pages of these numbers name; each worker asks for one of them at the same time."""
    named = list[str]()
    for first in numbers[:: len(workers)]:
        for number, worker in enumerate(workers, first):
            worker.tell("show", page_with(number))
        for worker in workers:
            worker.send("get", "/")
        named += [url for worker in workers for url in worker.receive("get").urls]
    return named


def test_a_fork_during_a_write_neither_hangs_nor_loses_anything(host: Host) -> None:
    master = host.start()
    bundled(master)
    for number in range(1, 9):
        master.tell("show", page_with(number))
        master.tell("begin")  # the page is asked for, and nobody waits for it
        forked = host.fork(master)

        assert host.start().bundles(*bundled(forked)) == [True, True]
        forked.kill()
    assert integrity(host) == "ok"


def test_nothing_of_the_database_is_open_in_a_fork(host: Host) -> None:
    master = host.start()
    bundled(master)

    assert host.fork(master).tell("handles", str(host.directory)) == 0


def integrity(host: Host) -> str:
    with closing(sqlite3.connect(host.database)) as database:
        [(verdict,)] = database.execute("PRAGMA integrity_check").fetchall()
        return str(verdict)


def until(is_so: Callable[[], bool], tries: int = 200) -> None:
    """Return when *is_so*: no event tells of it."""
    for _ in range(tries):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it never comes to be so")
