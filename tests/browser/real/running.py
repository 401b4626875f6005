"""Runs the servers of real sites."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from socket import create_connection

from tests import needs
from tests.servers.running import START_TIMEOUT_S, free_port
from tests.sources import ROOT


@contextmanager
def serving(
    servers: Mapping[str, Sequence[str]],
    folder: Path,
    *,
    python: str | Path = sys.executable,
    more: Mapping[str, str] | None = None,
) -> Iterator[dict[str, str]]:
    """Run *servers*, whose arguments may name ``{port}``, until the context ends; give the URL of each name.

    They run by *python*, and with *more* variables in their environment.
    """
    needs.allow("server")
    environment = {**os.environ, "DEMO_CACHE_DIR": str(folder), "PYTHONUNBUFFERED": "1", **(more or {})}
    ports = {name: free_port() for name in servers}
    processes = dict[str, "subprocess.Popen[bytes]"]()
    try:
        for name, words in servers.items():
            command = [str(python), "-m", *(word.format(port=ports[name]) for word in words)]
            with (folder / f"{name}.log").open("wb") as log:
                processes[name] = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
                )
        for name, process in processes.items():
            _wait(ports[name], process, folder / f"{name}.log")
        yield {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(timeout=10)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended: {log.read_text()}"
        try:
            with closing(create_connection(("127.0.0.1", port), timeout=5)):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer: {log.read_text()}")
