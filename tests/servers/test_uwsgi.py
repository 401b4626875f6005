"""uWSGI imports the application in its master and forks: workers answer, and end when they are told to."""

import os
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests import needs
from tests.servers.running import free_port
from tests.site import TAG
from tests.sources import ROOT, python_path

PATIENCE_S = 30.0
RELOAD_S = 40.0
"""More than a reload takes on a busy machine; after a minute uWSGI kills workers that do not end."""
OPTIONS = {
    "default options": (["--processes", "2"], 1),
    "lazy apps": (["--processes", "2", "--lazy-apps"], 2),
    "threads": (["--processes", "2", "--enable-threads", "--threads", "2"], 1),
}
"""Options, and how many processes import the application."""


def page(base: str) -> bytes:
    body: bytes = urllib.request.urlopen(f"{base}/flask/starter/", timeout=PATIENCE_S).read()
    return body


def wait_for(claim: Callable[[], bool], seconds: float, log: Path) -> float:
    """Return the seconds until *claim* holds."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            if claim():
                return time.monotonic() - started
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {log.read_text()}")


def ready(log: Path) -> int:
    """Return how often a process has finished to import the application."""
    return log.read_text().count("WSGI app 0")


@contextmanager
def uwsgi(options: list[str], folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str, Path]]:
    """Run the demo under uWSGI; give its master, the site's base URL and its log."""
    needs.allow("server")
    port, log = free_port(), folder / "server.log"
    program = str(Path(sys.executable).with_name("uwsgi"))
    command = [program, "--http-socket", f"127.0.0.1:{port}", "--module", "demo.wsgi:app", "--master", *options]
    # A reload starts the interpreter behind the environment's, which knows none of its packages.
    packages = python_path(Path(sysconfig.get_path("purelib")), ROOT)
    environment = os.environ | {"DEMO_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": packages}
    with log.open("wb") as output:
        master = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for(lambda: bool(page(base)), PATIENCE_S, log)
            yield master, base, log
        finally:
            with suppress(ProcessLookupError):
                os.killpg(master.pid, signal.SIGKILL)  # workers that do not end, too
            master.wait()


@pytest.mark.parametrize(("options", "imports"), OPTIONS.values(), ids=OPTIONS)
def test_pages_are_bundled_workers_reload_and_the_master_ends(options: list[str], imports: int, tmp_path: Path) -> None:
    with uwsgi(options, tmp_path) as (master, base, log):
        # Lazy apps: the first worker answers while the second still imports, whose line would be taken for a reload's.
        wait_for(lambda: ready(log) == imports, PATIENCE_S, log)
        wait_for(lambda: bool(TAG.search(page(base))), PATIENCE_S, log)
        for url in TAG.findall(page(base)):
            assert urllib.request.urlopen(base + url.decode(), timeout=PATIENCE_S).read()

        master.send_signal(signal.SIGHUP)
        # A worker that still imports the application ends for no signal.
        wait_for(lambda: ready(log) == 2 * imports, RELOAD_S, log)
        assert TAG.search(page(base))

        master.send_signal(signal.SIGINT)
        master.wait(RELOAD_S)
