"""Name the version of a program, in a text that is the same on every machine that has the same program.

Sizes, times and paths are not: two machines would never agree, and each would build for itself.
"""

import json
import os
import re
import sys
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import entry_points
from pathlib import Path

_SHEBANG = re.compile(rb"\A#![^\n]*")


def version_of(program: str) -> str:
    """Return the version of the *program* at a path: that of its package, or else the hash of its content.

    The hash leaves out the line by which a script names its interpreter. Raises OSError if the program cannot be read.
    """
    status = os.stat(program)
    return _version(program, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _version(program: str, *_: int) -> str:
    return _of_python(program) or _of_npm(Path(os.path.realpath(program))) or _of_content(program)


def _of_python(program: str) -> str | None:
    """Return the version of the package of this environment that has the console script *program*."""
    if os.path.dirname(program) != os.path.dirname(sys.executable):
        return None
    found = entry_points(group="console_scripts", name=Path(program).stem)
    return next((f"{point.dist.name} {point.dist.version}" for point in found if point.dist), None)


def _of_npm(path: Path) -> str | None:
    """Return the version of the npm package that the program at *path* lies in."""
    if "node_modules" not in path.parts:
        return None
    folder = next((each for each in path.parents if (each / "package.json").is_file()), path)
    try:
        fields = json.loads((folder / "package.json").read_bytes())
        return f"{fields['name']} {fields['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _of_content(program: str) -> str:
    with open(program, "rb") as file:
        return sha256(_SHEBANG.sub(b"", file.read())).hexdigest()
