"""No single clock removes what pages name."""

import os
import stat

import pytest

from tests.stores.faults.hosts import Host
from tests.stores.faults.promises import (
    DAY_S,
    bundled,
    page_with,
)


@pytest.mark.parametrize("days", [60, 7300, -60, -7300])
def test_a_process_with_a_wrong_clock_removes_nothing(host: Host, days: float) -> None:
    worker = host.start()
    named = bundled(worker)
    wrong = host.start(clocks=(0.0, days * DAY_S), page=page_with(1))
    wrong.get()
    wrong.tell("wait")
    worker.kill()

    assert host.start().bundles(*named) == [True, True]


@pytest.mark.parametrize("days", [60, 7300])
def test_a_process_far_ahead_that_names_a_bundle_and_sweeps_removes_nothing(host: Host, days: float) -> None:
    """Its stamps are those of the file system: so all that was there before is moved back instead."""
    worker = host.start()
    named = bundled(worker)
    worker.tell("wait")
    for path in host.directory.rglob("*"):
        os.utime(path, (path.stat().st_mtime - days * DAY_S,) * 2)
    ahead = host.start()
    more = bundled(ahead, page_with(1))
    ahead.tell("wait")
    for _ in range(2):  # as if it were tomorrow
        mark = host.directory / "locks" / "swept"
        os.utime(mark, (mark.stat().st_mtime - 2 * DAY_S,) * 2)
        sweeper = host.start(page=page_with(2))
        sweeper.get()
        sweeper.tell("wait")

    assert host.start().bundles(*named, *more) == [True] * 4


@pytest.mark.parametrize("days", [60, 7300, -60, -7300])
def test_what_a_process_with_a_wrong_clock_wrote_makes_others_remove_nothing(host: Host, days: float) -> None:
    """Who takes the newest stamp of the store for the time must not believe in a single one."""
    worker = host.start()
    named = bundled(worker)
    wrong = host.start(clocks=(0.0, days * DAY_S))
    more = bundled(wrong, page_with(1))
    wrong.tell("wait")
    wrong.kill()
    mark = host.directory / "locks" / "swept"
    if mark.exists():  # as if it were tomorrow
        os.utime(mark, (mark.stat()[stat.ST_MTIME] - 2 * DAY_S,) * 2)
    sweeper = host.start(page=page_with(2))
    sweeper.get()
    sweeper.tell("wait")

    assert host.start().bundles(*named, *more) == [True] * 4


def test_a_clock_that_is_set_right_removes_nothing(host: Host) -> None:
    """A machine that starts with a wrong clock and has it set by the network, sixty days forward."""
    early = host.start(clocks=(0.0, -60 * DAY_S))
    named = bundled(early)
    early.tell("wait")
    right = host.start(page=page_with(1))
    right.get()
    right.tell("wait")

    assert host.start().bundles(*named) == [True, True]
