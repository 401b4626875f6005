"""A database server of PostgreSQL for one project."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import chown

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian has the programs of each version, on no PATH."""


@contextmanager
def postgres(folder: Path, name: str) -> Iterator[None]:
    """Run a server whose data and socket are in *folder*, with a database *name* of a user of that name."""
    is_new = not folder.exists()
    if is_new:
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            chown(folder, "postgres")
        _run("initdb", "-D", folder, "-A", "trust", "-U", name, "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    _run("pg_ctl", "-w", "-D", folder, "-l", folder / "log", "-o", options, "start")
    try:
        if is_new:
            _run("createdb", "-h", folder, "-U", name, name)
        yield
    finally:
        _run("pg_ctl", "-m", "fast", "-D", folder, "stop")


def _run(program: str, *arguments: str | Path) -> None:
    path = max(DEBIAN.glob(f"*/bin/{program}"))
    # The server refuses to run as root.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, path, *arguments], check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
