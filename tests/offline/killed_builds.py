"""Kill a build of a new release at each of its first writes, and do it again.

``python -m tests.offline.killed_builds OUT COUNT``, in the folder of the application: each child builds into a copy of
OUT, and is killed at another call. Prints as JSON what was not whole afterwards.
"""

import builtins
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from pressmark.cli.main import main
from pressmark.offline.manifest import read_manifest, read_pointer

CALLS = [(os, "replace"), (os, "fsync"), (os, "chmod"), (os, "unlink"), (tempfile, "mkstemp"), (builtins, "open")]


def faults(out: Path, name: str | None = None) -> list[str]:
    """Return what is wrong with the manifests in *out*, of which one has the *name*, and with their files."""
    pointed = read_pointer(out / "manifest.json")
    found = [] if name in (None, *pointed) else [f"{name} is no more"]
    for manifest in pointed:
        for entry in read_manifest(out / manifest).values():
            for kind, hash_ in entry["files"]:
                path = out / kind / f"{hash_}.{kind}"
                if not path.exists() or sha256(path.read_bytes()).hexdigest()[:32] != hash_:
                    found.append(f"{manifest} names {path.name}, which is not whole")
    return found


def kill_at(number: int) -> None:
    """Have this process killed at its call of that number that may write."""
    left = [number]

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return instead

    for module, name in CALLS:
        setattr(module, name, counted(getattr(module, name)))


def build(out: Path) -> int:
    """Build the application, and return the exit status."""
    return CliRunner().invoke(main, ["build", "site_app:app", "/", "/other", "--output", str(out)]).exit_code


def in_child(work: Callable[[], int]) -> bool:
    """Do *work* in a child, and tell whether that was killed."""
    pid = os.fork()
    if pid == 0:
        os._exit(work())
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def killed(out: Path, number: int) -> int:
    """Build until the call of that number."""
    kill_at(number)
    return build(out)


def run(out: Path, count: int) -> None:
    """Kill *count* builds, do each again, and print the result."""
    [first] = read_pointer(out / "manifest.json")
    result: dict[str, Any] = {"killed": 0, "faults": [], "finished": 0}
    for number in range(1, count + 1):
        copy = shutil.copytree(out, out.with_name(f"{out.name}-{number}"))
        shutil.rmtree("cache", ignore_errors=True)
        result["killed"] += in_child(partial(killed, copy, number))
        result["faults"] += faults(copy, first)
        in_child(partial(build, copy))
        result["faults"] += faults(copy, first)
        result["finished"] += len(read_pointer(copy / "manifest.json")) == 2
    print(json.dumps(result))


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
