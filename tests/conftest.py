"""Fixtures of every floor: a folder of static files that are old enough to be trusted; and the marks of tests."""

import gc
import os
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import wait
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from pressmark.concurrency import after_fork
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.stores import database
from tests import needs, profiles, sources

TESTS = Path(__file__).parent
MARKED_FOLDERS = {
    "behaviour": "browser",
    "behaviour/engines": "engines",
    "behaviour/module_apps": "npm",
    "behaviour/real": "npm",
    "browser": "browser",
    "corpus": "npm",
    "migration": "migration",
    "servers": "server",
    "stores/faults": "fault",
}
"""Folders of tests, and the mark that each test in them bears."""
APART = {"migration", "engines"}
"""Marks whose tests run only where they are asked for."""

Write = Callable[[str, str | bytes], Path]

OLD_S = 60.0
PATIENCE_S = 5.0
QUIET_S = 5.0

# An example may take as long as it takes: machines are noisy.
settings.register_profile(profiles.FULL, deadline=None)
settings.register_profile(profiles.QUICK, deadline=None)
settings.load_profile(profiles.FULL)


@pytest.fixture(autouse=True, scope="session")
def patience() -> None:
    """Give the database more time than a site does: a busy machine that runs tests may need it to open one."""
    database.LIMIT_S = PATIENCE_S


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """End each test when no thread works for it any more: the next one may count what is parsed or logged."""
    yield
    flights = [each for each in list(after_fork._known) if isinstance(each, SingleFlight)]
    wait([future for flight in flights for future in list(flight._running.values())], QUIET_S)


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """Return the directory that ``/static/`` stands for."""
    directory = tmp_path / "static"
    directory.mkdir()
    return directory


@pytest.fixture
def write(static: Path) -> Write:
    """Return a function that writes a static file whose time stamp lies a minute back."""

    return lambda name, content: write_old(static / name, content)


def write_old(path: Path, content: str | bytes) -> Path:
    """Write a file whose time stamp lies a minute back; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    old = time.time() - OLD_S
    os.utime(path, (old, old))
    return path


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks, and make sure that it is the wheel which is tested where it is to be."""
    if strays := sources.strays():
        raise pytest.UsageError(f"PRESSMARK_WHEEL is set, but tests would import {', '.join(strays)}")
    needs.Running.marks = frozenset()
    for name, meaning in needs.MARKS.items():
        config.addinivalue_line("markers", f"{name}: the test {meaning}")
    config.addinivalue_line("markers", "alone: the test compares times, so that no other may run beside it")
    config.addinivalue_line("markers", "engines: the test starts Firefox or WebKitGTK")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of a folder, and leave out those that run only where they are asked for."""
    for item in items:
        for mark in _marks_of(item.path):
            item.add_marker(mark)
    for mark in APART:
        if mark not in config.option.markexpr:
            others = [item for item in items if item.get_closest_marker(mark)]
            items[:] = [item for item in items if not item.get_closest_marker(mark)]
            config.hook.pytest_deselected(items=others)


def pytest_collection_finish() -> None:
    """Take what collecting has made out of what the garbage collector looks through again and again."""
    gc.collect()
    gc.freeze()


@cache
def _marks_of(path: Path) -> list[str]:
    return [mark for folder, mark in MARKED_FOLDERS.items() if path.is_relative_to(TESTS / folder)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test with a mark use what pip does not bring, and no other test."""
    needs.Running.marks = frozenset(mark.name for mark in item.iter_markers())
    try:
        return (yield)
    finally:
        needs.Running.marks = frozenset()
