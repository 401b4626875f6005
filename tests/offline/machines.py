"""Machines that share nothing but this computer: each has a folder, and an environment for its processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.running import free_port, running
from tests.sources import ROOT, python_path


class Machine:
    """A machine whose processes run in *folder*, which is made; *environ* are their variables."""

    def __init__(self, folder: Path, **environ: object) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.environ = {"PYTHONPATH": python_path(ROOT, folder), **{name: str(each) for name, each in environ.items()}}

    def run(self, *arguments: str, given: str = "") -> str:
        """Return what a Python process prints."""
        done = subprocess.run(
            [sys.executable, *arguments], check=False, cwd=self.folder, env=os.environ | self.environ, input=given,
            text=True, capture_output=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        """Return what a command of the machine's Django project prints."""
        return self.run("-m", "django", *arguments)

    @contextmanager
    def serving(self, application: str) -> Iterator[str]:
        """Run *application* in two processes of gunicorn until the context ends; give its URL."""
        port = free_port()
        command = ["gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--chdir", str(self.folder), application]
        with running(command, self.folder, port, **self.environ) as base:
            yield base

    def told(self) -> list[str]:
        """Return the lines that the application has written into the log of the server."""
        lines = (self.folder / "server.log").read_text().splitlines()
        return [line for line in lines if not line.startswith("[")]  # as gunicorn's own begin
