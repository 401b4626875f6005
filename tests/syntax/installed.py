"""The stylesheets and scripts of installed packages: real code that nobody wrote to please these tests."""

from pathlib import Path

import django

from tests.profiles import sample

_PACKAGES = Path(django.__file__).parent.parent
_FOLDERS = ("django", "rest_framework", "xstatic", "werkzeug")


def _files(pattern: str) -> dict[str, Path]:
    found = sample([path for folder in _FOLDERS for path in sorted((_PACKAGES / folder).rglob(pattern))])
    return {path.relative_to(_PACKAGES).as_posix(): path for path in found}


STYLESHEETS = _files("*.css")
SCRIPTS = _files("*.js")


def read(path: Path) -> str:
    """Return the text of an installed file, without byte order mark."""
    return path.read_bytes().decode("utf-8-sig")
