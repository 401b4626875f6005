"""Each call of libc on the cache directory fails once, and from some call on for good: no bundle that is named is lost.

The number of the call that fails is 1, 2, 3 and so on, until the work is done before one fails. faults.c counts.
"""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest

from tests.profiles import is_quick
from tests.stores.faults.hosts import PAGE, Host
from tests.stores.faults.promises import RECOVERY_S, bundled
from tests.stores.faults.workers import Got, StoppedError, Worker

CALLS = [
    ("open", errno.EMFILE),
    ("alter", errno.EACCES),
    ("read", errno.EIO),
    ("write", errno.ENOSPC),
    ("write", errno.EIO),
    ("sync", errno.EIO),
    ("truncate", errno.EIO),
    ("stat", errno.EACCES),
    ("lock", errno.EAGAIN),
    ("lock", errno.ENOLCK),
    ("mmap", errno.ENOMEM),
    ("unlink", errno.EACCES),
    ("mkdir", errno.ENOSPC),
    ("flock", errno.ENOLCK),
]
READ_BY_NOBODY = {"write", "alter", "sync", "truncate", "unlink", "mkdir", "flock"}
"""Calls that nobody needs who only reads."""
ALL_UP_TO = 4
"""Each number up to this one is tried; then each is a third larger than the one before. In a hurry, four times."""
QUICK_GROWTH = 4
MOST_SHOWN = 3


@dataclass(frozen=True)
class Fault:
    """The *number*-th call of *group* fails with *error*, and if it *lasts*, all that come after it."""

    group: str
    error: int
    lasts: bool
    number: int = 1

    def begin(self, worker: Worker, directory: Path) -> None:
        worker.tell("arm", self.group, str(directory), self.number, self.error, self.lasts)


@dataclass(frozen=True)
class Bench:
    """A host whose cache directory is laid out anew before each fault, and what a page may look like."""

    host: Host
    filled: Path
    named: tuple[str, ...]
    pages: frozenset[bytes]
    bundled: bytes

    def lay_out(self, *, is_filled: bool) -> None:
        shutil.rmtree(self.host.directory, ignore_errors=True)
        if is_filled:
            shutil.copytree(self.filled, self.host.directory)


@pytest.fixture
def bench(host: Host, tmp_path: Path) -> Bench:
    worker = host.start()
    whole = worker.get()
    named = bundled(worker)
    worker.kill()  # its log stays, and must be read by the next one
    filled = tmp_path / "filled"
    shutil.copytree(host.directory, filled)
    return Bench(host, filled, named, half_bundled(whole.body), whole.body)


def half_bundled(bundled_page: bytes) -> frozenset[bytes]:
    """Return the forms that a page may have: each region is as it was written, or bundled."""
    middle = b"\n<p>text</p>\n"
    forms = [page.split(middle) for page in (PAGE, bundled_page)]
    return frozenset(first[0] + middle + second[1] for first, second in product(forms, forms))


Broken = Callable[[Bench, Fault, ExitStack], tuple[list[str], bool]]
"""Tells which promises a fault breaks, and whether the sweep is at its end: nothing failed, or a process hangs."""


def sweep(bench: Bench, fault: Fault, broken: Broken) -> list[str]:
    """Return how *fault* breaks promises, as *broken* finds, at the first numbers where it does."""
    found: list[str] = []
    for number in numbers():
        with ExitStack() as stack:
            promises, is_at_end = broken(bench, replace(fault, number=number), stack)
        found += [f"call {number}: {promise}" for promise in promises]
        if is_at_end or len(found) >= MOST_SHOWN:
            return found
    return found


def numbers() -> Iterator[int]:
    number = 1
    while True:
        yield number
        if is_quick():
            number *= QUICK_GROWTH
        else:
            number += 1 if number < ALL_UP_TO else number // 3 + 1


def faults(*, of: Callable[[str], bool] = lambda _: True) -> pytest.MarkDecorator:
    each = [Fault(group, error, lasts) for (group, error), lasts in product(CALLS, [False, True]) if of(group)]
    names = [f"{fault.group}-{errno.errorcode[fault.error]}-{'on' if fault.lasts else 'once'}" for fault in each]
    return pytest.mark.parametrize("fault", each, ids=names)


@faults()
@pytest.mark.parametrize("is_filled", [False, True], ids=["no directory yet", "a filled directory"])
def test_no_call_that_fails_costs_a_page_or_a_bundle_that_it_names(bench: Bench, fault: Fault, is_filled: bool) -> None:
    def broken(bench: Bench, fault: Fault, stack: ExitStack) -> tuple[list[str], bool]:
        host = bench.host.joined(stack)
        bench.lay_out(is_filled=is_filled)
        worker, found = host.start(), list[str]()
        fault.begin(worker, host.directory)
        got = None
        try:
            got = worker.get()
            found += flaws_of_page(bench, got) + flaws_of_bundles(worker, got.urls, "in this process")
            is_through = worker.tell("disarm")[1] == 0
            found += flaws_of_bundles(host.start(), got.urls, "in a new process")
            worker.tell("later", RECOVERY_S)
            again = worker.get()
            found += [] if again.body == bench.bundled else [f"not bundled again: {worker.tell('log')}"]
            found += flaws_of_bundles(worker, again.urls, "in this process, later")
            new = host.start()
            found += flaws_of_bundles(new, again.urls, "in a new process, later")
            found += [] if new.get().body == bench.bundled else [f"not bundled by a new process: {new.tell('log')}"]
            found += [] if (open_files := files_too_many(worker, host)) <= 0 else [f"{open_files} open files too many"]
        except StoppedError as stopped:
            return [*found, str(stopped)], True
        return found, is_through

    assert sweep(bench, fault, broken) == []


@faults()
def test_no_call_that_fails_makes_a_wrong_answer_of_a_bundle_that_is_stored(bench: Bench, fault: Fault) -> None:
    """A new process may not be able to read. Then the answer is for this once, and the next one is right."""

    def broken(bench: Bench, fault: Fault, stack: ExitStack) -> tuple[list[str], bool]:
        host = bench.host.joined(stack)
        bench.lay_out(is_filled=True)
        worker, found = host.start(), list[str]()
        fault.begin(worker, host.directory)
        try:
            for url in bench.named:
                got = worker.get(url)
                is_error = got.status in (404, 503) and not got.is_stored and not got.raised
                found += [] if got.is_right(url) or is_error else [f"{got.status} {got.raised} for {url}"]
            is_through = worker.tell("disarm")[1] == 0
            worker.tell("later", RECOVERY_S)
            found += flaws_of_bundles(worker, bench.named, "later")
            found += flaws_of_bundles(host.start(), bench.named, "in a new process")
        except StoppedError as stopped:
            return [*found, str(stopped)], True
        return found, is_through

    assert sweep(bench, fault, broken) == []


@faults(of=READ_BY_NOBODY.__contains__)
def test_no_call_that_fails_to_write_keeps_a_stored_bundle_back(bench: Bench, fault: Fault) -> None:
    def broken(bench: Bench, fault: Fault, stack: ExitStack) -> tuple[list[str], bool]:
        host = bench.host.joined(stack)
        bench.lay_out(is_filled=True)
        worker = host.start()
        fault.begin(worker, host.directory)
        try:
            found = flaws_of_bundles(worker, bench.named, "in a new process")
            return found, worker.tell("disarm")[1] == 0
        except StoppedError as stopped:
            return [str(stopped)], True

    assert sweep(bench, fault, broken) == []


def flaws_of_page(bench: Bench, got: Got) -> list[str]:
    if got.raised or got.status != 200:
        return [f"the page: {got.status} {got.raised}"]
    return [] if got.body in bench.pages else [f"half a page: {got.body!r}"]


def flaws_of_bundles(worker: Worker, urls: tuple[str, ...], where: str) -> list[str]:
    answers = [(url, worker.get(url)) for url in urls]
    return [f"{got.status} {got.raised} {where} for {url}" for url, got in answers if not got.is_right(url)]


def files_too_many(worker: Worker, host: Host) -> int:
    """Return the number of open files beyond those that threads may hold: database, log and its index each."""
    found: int = worker.tell("handles", str(host.directory)) - 3 * (worker.tell("threads") + 1)
    return found
