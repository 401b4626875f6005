"""The packages from npm that ``make test`` installs: what the web is made of, to be read, judged and loaded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests import needs
from tests.sources import ROOT

_FOLDER = ROOT / ".venv" / "npm"
_WANTED = Path(__file__).with_name("package.json")


def packages() -> Path:
    """Return the folder of the packages, installed as package.json says; without them there is no test to pass."""
    installed = _FOLDER / "package.json"
    is_there = (_FOLDER / "node_modules").is_dir() and installed.read_bytes() == _WANTED.read_bytes()
    folder = _FOLDER / "node_modules" if is_there else None
    return needs.found("npm", folder, "packages from npm are missing: run 'make .venv/npm.stamp', which installs them")


def read_packages() -> set[str]:
    """Return the names of the packages that the corpus reads: *dependencies*, and what they bring.

    *devDependencies* are for the pages of tests/behaviour/real, which load them, and for the compilers: to judge them
    too would take long.
    """
    folder = packages()
    names = set[str]()
    wanted = list(json.loads(_WANTED.read_text())["dependencies"])
    while wanted:
        name = wanted.pop()
        about = folder / name / "package.json"
        if name not in names and about.is_file():
            names.add(name)
            brought = json.loads(about.read_text(encoding="utf-8"))
            wanted += [*brought.get("dependencies", {}), *brought.get("optionalDependencies", {})]
    return names


def node(program: Path, question: object) -> Any:
    """Return the JSON that *program* writes for the JSON of *question*; it may require() any of the packages."""
    run = subprocess.run(
        [Path(sys.executable).with_name("node"), "--stack-size=8000", program, packages()],
        input=json.dumps(question).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(run.stdout)
