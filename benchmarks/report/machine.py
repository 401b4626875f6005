"""Tell what a run was made on: the machine, and the versions of all that took part."""

import os
import platform
import re
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = (
    "pressmark", "django-compressor", "whitenoise", "servestatic", "Django", "starlette", "uvicorn",
    "granian", "gunicorn", "hypercorn", "rcssmin", "rjsmin", "brotli", "tree-sitter",
)  # fmt: skip
PROGRAMS = {"nginx": "-v", "wrk": "-v", "chromium": "--version"}


def described() -> str:
    """Return a list in Markdown."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    lines = [
        f"on {datetime.now(UTC):%d %B %Y}".replace(" 0", " "),
        f"{os.cpu_count()} processors of {_processor()}, {_memory_gib():.0f} GiB of memory",
        f"{platform.system()} {platform.release().partition('-')[0]}, {python}",
        ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        ", ".join(f"{name} {_version_of(name, option)}" for name, option in PROGRAMS.items()),
    ]
    return "".join(f"- {line}\n" for line in lines)


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].strip() if found else platform.processor()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _version_of(program: str, option: str) -> str:
    path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None:
        return "(none)"
    told = subprocess.run([path, option], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(?:\.\d+)+", told.stdout + told.stderr)
    return found[0] if found else "(unknown)"
