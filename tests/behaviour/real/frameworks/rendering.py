"""Has each framework make its pages once, with the packages in .venv/frameworks, and keeps them."""

import json
import os
import shutil
import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from tests import needs
from tests.behaviour.real.frameworks.pages import PAGES, SITES
from tests.sources import ROOT

HERE = Path(__file__).parent
PYTHON = ROOT / ".venv" / "frameworks" / "bin" / "python"
CODE = ("django_settings.py", "django_site.py", "django_urls.py", "flask_site.py", "keeping.py", "markers.py")
MISSING = "the frameworks are missing: run 'make .venv/frameworks.stamp', which installs them"


@cache
def render(folder: Path) -> Path:
    """Return the folder of all sites, each in a folder of its name, below *folder*; make what is not there yet."""
    python = needs.found("npm", PYTHON if PYTHON.is_file() else None, MISSING)
    place = folder / _state()
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        for site in SITES:
            if not (place / site).is_dir():
                _make(python, site, place)
    return place


def _state() -> str:
    """Return a name that changes with what is asked, with the code that answers, and with what is installed."""
    asked = repr([(name, page.site, page.path, page.user, page.query) for name, page in PAGES.items()])
    files = [path for path in sorted(HERE.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    ours = b"".join(path.read_bytes() for path in files if path.parent != HERE or path.name in CODE)
    stamp = PYTHON.parents[2] / "frameworks.stamp"
    installed = str(stamp.stat().st_mtime_ns) if stamp.is_file() else ""
    return sha256(ours + asked.encode() + installed.encode()).hexdigest()[:12]


def _make(python: Path, site: str, place: Path) -> None:
    part = place / f"{site}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    kind = "flask_site" if site == "flask" else "django_site"
    command: list[str | Path] = [python, "-W", "ignore", "-m", f"tests.behaviour.real.frameworks.{kind}", site, part]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert run.returncode == 0, f"{site} makes no pages: {run.stderr.decode()[-3000:]}"
    part.rename(place / site)


@cache
def answers(place: Path) -> dict[str, tuple[str, bytes]]:
    """Return what the sites themselves answer: address -> type and body."""
    found = [json.loads((place / site / "answers.json").read_text()) for site in SITES]
    return {path: (kind, body.encode("latin-1")) for kept in found for path, (kind, body) in kept.items()}


def page_text(place: Path, name: str) -> bytes:
    """Return a page as its framework makes it, with the markers of regions."""
    return (place / PAGES[name].site / f"{name}.html").read_bytes()
