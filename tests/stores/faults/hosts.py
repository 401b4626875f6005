"""Hosts: processes that share a cache directory, and whose calls of libc can be made to fail."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

from tests import needs
from tests.site import css_region, js_region
from tests.sources import python_path
from tests.stores.faults.workers import Worker

ROOT = Path(__file__).parents[3]

PAGE = b"<!DOCTYPE html>\n<title>t</title>\n%b\n<p>text</p>\n%b\n" % (
    css_region("a.css", "b.css"),
    js_region("a.js", "b.js"),
)
"""A page of two regions: the bundle of the first is kept in a file of its own, that of the second in a row."""


def large_stylesheet(name: str) -> str:
    """Return a stylesheet that is too large for a row of the database, and quick to read."""
    return f"#{name}::after {{ content: '{'x' * 50_000}' }}\n"


SOURCES = {
    "a.css": large_stylesheet("a"),
    "b.css": "b { color: blue }\n",
    "a.js": "var a = 1;\n",
    "b.js": "var b = a + 1;\n",
}

Start = Callable[..., Worker]


@contextmanager
def forking(state: str) -> Iterator[str]:
    """Give the address at which a process forks workers whose calls of libc can be made to fail."""
    # A Unix socket's path has at most 107 bytes, and tmp_path may be longer.
    with tempfile.TemporaryDirectory() as folder:
        shim, address = f"{folder}/faults.so", f"{folder}/workers"
        source = str(Path(__file__).with_name("faults.c"))
        compiler = needs.found("fault", shutil.which("cc"), needs.FROM_DEBIAN.format("a C compiler"))
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"], check=True)
        environment = os.environ | {"LD_PRELOAD": shim, "PYTHONPATH": python_path(ROOT)}
        command = [sys.executable, "-m", "tests.stores.faults.workers", address, state]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield address
            process.kill()


@dataclass
class Host:
    """A cache directory, and the server processes that share it."""

    directory: Path
    static: Path
    _address: str
    _stack: ExitStack

    def __post_init__(self) -> None:
        self._numbers = count()

    def start(self, *, clocks: tuple[float, float] = (0.0, 0.0), page: bytes = PAGE, **options: Any) -> Worker:
        """Return a new server process, with clocks that are (monotonic, wall) seconds ahead."""
        worker = Worker(Client(self._address, "AF_UNIX", None))
        self._stack.callback(worker.kill)
        given = {"cache_dir": str(self.directory), "build_wait": 10.0, "refresh": 0}
        worker.tell("open", str(self.static), page, given | options, clocks)
        return worker

    def fork(self, worker: Worker) -> Worker:
        """Return a fork of *worker*."""
        forked = worker.fork(f"{self._address}{next(self._numbers)}")
        self._stack.callback(forked.kill)
        return forked

    def joined(self, stack: ExitStack) -> "Host":
        """Return the same host, whose processes from now on end with *stack*."""
        return replace(self, _stack=stack)

    @property
    def database(self) -> Path:
        return self.directory / "cache.db"
