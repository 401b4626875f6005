"""Under gevent, where greenlets stand in the place of threads, a build stops no other request."""

import statistics
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.servers.running import free_port, running
from tests.site import TAG

pytestmark = pytest.mark.alone
OTHERS_S = 0.05
"""Seconds within which another request is answered in the middle; a single one may meet a busy machine."""
BUILD_WAIT_S = 2.0
LONGEST_S = 1.0


@pytest.fixture
def base(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = ["gunicorn", "-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}", "tests.servers.green_site:app"]
    with running(command, tmp_path, port) as url:
        yield url


def get(url: str) -> bytes:
    body: bytes = urllib.request.urlopen(url, timeout=60).read()
    return body


def test_other_requests_are_answered_while_a_cold_page_is_built(base: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        page = pool.submit(get, f"{base}/scripts/")
        page.add_done_callback(lambda _: waited.append(time.monotonic() - started))
        waited: list[float] = []
        others = []
        while not page.done():
            asked = time.monotonic()
            assert get(f"{base}/other/") == b"fine"
            others.append(time.monotonic() - asked)

    assert statistics.median(others) < OTHERS_S
    assert max(others) < LONGEST_S
    assert waited[0] < BUILD_WAIT_S + LONGEST_S


def bundle_of(page: str) -> bytes:
    """Return the bundle that *page* names, as soon as it does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := TAG.search(get(page)):
            return get(page.partition("://")[0] + "://" + page.split("/")[2] + found[1].decode())
        time.sleep(0.1)
    raise AssertionError(f"no bundle: {get(page)!r}")


def test_the_page_is_bundled_in_the_end(base: str) -> None:
    assert bundle_of(f"{base}/scripts/").count(b"function f13_") == 2700


def test_a_compiler_runs_where_greenlets_wait_for_it(base: str) -> None:
    assert bundle_of(f"{base}/compiled/") == b"A{}"


def test_the_application_is_asked_where_its_greenlets_are(base: str) -> None:
    assert bundle_of(f"{base}/made/") == b"b{color:red}"
