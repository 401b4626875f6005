"""Fixtures of faults: hosts with processes, and bundles that they have made."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Write
from tests.stores.faults.hosts import SOURCES, Host, forking, large_stylesheet
from tests.stores.faults.promises import MOST_PAGES, bundled


@pytest.fixture(scope="session")
def workers() -> Iterator[str]:
    """Return the address of workers that have bundled a page before."""
    with forking("primed") as address:
        yield address


@pytest.fixture(scope="session")
def cold_workers() -> Iterator[str]:
    """Return the address of workers that have imported everything and done nothing."""
    with forking("cold") as address:
        yield address


@pytest.fixture
def host(workers: str, tmp_path: Path, static: Path, write: Write) -> Iterator[Host]:
    """Return a host without a cache yet."""
    for name, text in SOURCES.items():
        write(name, text)
    with ExitStack() as stack:
        yield Host(tmp_path / "cache", static, workers, stack)


@pytest.fixture
def cold_host(host: Host, cold_workers: str) -> Host:
    """Return a host whose processes take their time for the first page."""
    return replace(host, _address=cold_workers)


@pytest.fixture(autouse=True)
def _more_sources(host: Host, write: Write) -> None:
    for number in range(1, MOST_PAGES):
        write(f"{number}.css", large_stylesheet(f"n{number}"))
        write(f"{number}.js", f"var n{number} = 1;\n")


@pytest.fixture
def named(host: Host) -> tuple[str, ...]:
    """Return the URLs that the page of a process named, which has ended: its bundles and records lie on the disk."""
    for _ in range(10):
        worker = host.start()
        urls = bundled(worker)
        worker.kill()
        if number_of_records(host) >= len(urls):
            return urls
    raise AssertionError("ten processes were too slow to write into the database")


def number_of_records(host: Host) -> int:
    """Count what is in the database: where a disk is slow no page waits for that, so a process may end before."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(host.database)) as database:
        [number] = database.execute("SELECT COUNT(*) FROM Cache WHERE key LIKE 'recipe %'").fetchone()
        return int(number)
    return 0
