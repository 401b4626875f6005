"""Start a real server on a free port and wait until it answers."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import needs
from tests.sources import ROOT

START_TIMEOUT_S = 60.0


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_ports(count: int) -> list[int]:
    """Return *count* different ports of the loopback interface that nothing listens on."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@contextmanager
def running(
    command: list[str], cache: Path, port: int, address: str = "127.0.0.1", **environment_more: str
) -> Iterator[str]:
    """Run *command* of this environment until the context ends; give the site's base URL. The log is in *cache*."""
    needs.allow("server")
    cache.mkdir(parents=True, exist_ok=True)
    base = f"http://{address}:{port}"
    environment = os.environ | {"DEMO_CACHE_DIR": str(cache), "PYTHONUNBUFFERED": "1"} | environment_more
    log = cache / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(base, process, log)
            yield base
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(base: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"{base}/starlette/starter/?plain", timeout=5):
                return
        except urllib.error.HTTPError:  # it answers, if only that there is no such page
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer: {log.read_text()}")
