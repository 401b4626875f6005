"""What a site promises whatever becomes of its cache directory, and what the tests of faults share."""

from tests.site import css_region, js_region
from tests.stores.faults.hosts import Host
from tests.stores.faults.workers import Got, Worker

RECOVERY_S = 61.0
"""Seconds after which a store is used again once its fault has ended."""
PROMPT_S = 5.0
"""Seconds in which every answer comes, whatever becomes of the store. A page waits twice as long for a build."""
DAY_S = 86400.0
MOST_PAGES = 49
FOR_WRITING = "alter,write,sync,truncate,mkdir,rename,unlink"
"""The calls that fail on a file system that can only be read."""


def page_with(number: int) -> bytes:
    """Return another page: its stylesheet is large, and so is kept in a file of its own; its script in a row."""
    return b"<!DOCTYPE html>\n%b\n%b\n" % (css_region(f"{number}.css", "b.css"), js_region(f"{number}.js", "b.js"))


def bundled(worker: Worker, page: bytes | None = None) -> tuple[str, ...]:
    """Return the URLs of the bundles that stand for both regions of a page, and that the process answers."""
    if page is not None:
        worker.tell("show", page)
    got = worker.get()
    assert (got.status, got.raised, len(got.urls)) == (200, "", 2), (got, worker.tell("log"))
    assert worker.bundles(*got.urls) == [True, True], worker.tell("log")
    return got.urls


def assert_all_is_well(host: Host, *urls: str) -> None:
    """Assert that new processes serve *urls*, bundle pages, and serve what these name to one another."""
    assert host.start().bundles(*urls) == [True] * len(urls)
    first = bundled(host.start())
    assert host.start().bundles(*first) == [True, True]
    second = bundled(host.start(), page_with(8))
    assert host.start().bundles(*first, *second) == [True] * 4


def fail(worker: Worker, host: Host, groups: str, error: int, number: int = 1, *, lasts: bool = True) -> None:
    worker.tell("arm", groups, str(host.directory), number, error, lasts)


def assert_page_keeps_its_promises(worker: Worker, got: Got) -> None:
    assert (got.status, got.raised) == (200, "")
    assert worker.bundles(*got.urls) == [True] * len(got.urls)
