"""The corpus: stylesheets and scripts of well-known packages, the largest of each and some of the others.

``make test`` looks at each third one.
"""

from collections import defaultdict
from pathlib import Path

from tests.packages.installed import packages, read_packages
from tests.profiles import part

MAX_FILE_BYTES = 1_500_000
SHEETS_OF_A_PACKAGE = 5
SCRIPTS_OF_A_PACKAGE = 2


def stylesheets() -> dict[str, Path]:
    """Return the stylesheets by their names."""
    return _sample("*.css", SHEETS_OF_A_PACKAGE)


def scripts() -> dict[str, Path]:
    """Return the scripts by their names: old and new, minified or not, modules and those for other engines too."""
    return _sample("*.js", SCRIPTS_OF_A_PACKAGE)


def _sample(pattern: str, most: int) -> dict[str, Path]:
    """Return up to *most* files of each package: by size, from the largest down in even steps."""
    root, names = packages(), read_packages()
    by_package: dict[str, dict[bytes, Path]] = defaultdict(dict)
    for path in sorted(root.rglob(pattern)):
        parts = path.relative_to(root).parts
        package = "/".join(parts[: 2 if parts[0].startswith("@") else 1])
        if package in names and path.is_file() and 0 < path.stat().st_size <= MAX_FILE_BYTES:
            by_package[package].setdefault(path.read_bytes(), path)
    chosen: list[Path] = []
    for contents in by_package.values():
        paths = sorted(contents.values(), key=lambda path: (-path.stat().st_size, path))
        chosen += [paths[place * len(paths) // most] for place in range(most)] if len(paths) > most else paths
    return {path.relative_to(root).as_posix(): path for path in part(sorted(chosen), 3)}
