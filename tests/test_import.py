"""An import has no effect on the process: servers import in a master that must fork, reload and end."""

import subprocess
import sys

import pytest

from tests.sources import PACKAGES, python_path

PROGRAM = """
import os, sys, threading

def descriptors():
    folder = "/proc/self/fd"
    return {fd: os.readlink(f"{folder}/{fd}") for fd in os.listdir(folder) if os.path.exists(f"{folder}/{fd}")}

before = descriptors()
__import__(sys.argv[1])
left = {fd: path for fd, path in descriptors().items() if before.get(fd) != path}
print([thread.name for thread in threading.enumerate()], left, sep="\\n")
"""
MODULES = (
    *PACKAGES,
    "pressmark.adapters",
    "pressmark.adapters.commands",
    "pressmark_django.configuration",
    "pressmark_django.signals",
    "pressmark_django.storage",
)


@pytest.mark.parametrize("module", MODULES)
def test_an_import_starts_no_thread_and_leaves_nothing_open(module: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, module],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": python_path(), "PATH": ""},
        check=True,
    )

    assert run.stdout.splitlines() == ["['MainThread']", "{}"]
