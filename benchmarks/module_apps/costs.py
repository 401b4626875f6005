"""What the modules of an application cost the server, and its page."""

import re
import statistics
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.module_apps.site import ModuleApp
from tests.site import Answer, Site

CHANGES = 5
_MAP = re.compile(rb'<script type="importmap"[^>]*>.*?</script>', re.DOTALL)


class Costs(NamedTuple):
    """Milliseconds of CPU for the first page at the level "preload" and linked, and for one after a change.

    That is of a module of middle size, or of the *largest*. *map_bytes* are those of the import map in the page that
    is linked, by gzip, *own_map_bytes* in the page as it was written.
    """

    megabytes: float
    reading: float
    linking: float
    relinking: float
    relinking_largest: float
    map_bytes: int
    own_map_bytes: int


def costs_of(app: ModuleApp, static: Path) -> Costs:
    """Return the costs of *app*. Its files are as before afterwards."""
    size = sum((static / path).stat().st_size for path in app.modules)
    with tempfile.TemporaryDirectory() as name:
        reading, _ = _first(app, static, Path(name) / "preload", "preload")
        linking, site = _first(app, static, Path(name) / "linked", True)
        relinking = _again(site, static / changed(app, static))
        largest = _again(site, static / by_size(app, static)[-1])
        page = site.get().body
    return Costs(size / 1e6, reading, linking, relinking, largest, _map_bytes(page), _map_bytes(app.page))


def by_size(app: ModuleApp, static: Path) -> list[str]:
    """Return the modules of *app*, the smallest first."""
    return sorted(app.modules, key=lambda path: ((static / path).stat().st_size, path))


def changed(app: ModuleApp, static: Path) -> str:
    """Return the module of *app* that is to change: one of middle size."""
    return by_size(app, static)[len(app.modules) // 2]


def change(path: Path, number: int = 0) -> None:
    """Write one line more into a module."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\nconsole.info('changed', {number});\n")


def _first(app: ModuleApp, static: Path, cache: Path, level: Any) -> tuple[float, Site]:
    site = Site(static, app.page, {"cache_dir": cache, "modules": level, "refresh": 0})
    return _timed(site)[0], site


def _again(site: Site, path: Path) -> float:
    """Return the median of what a page costs after a change of the file at *path*."""
    before, times = path.read_bytes(), list[float]()
    for number in range(CHANGES):
        change(path, number)
        times.append(_timed(site)[0])
    path.write_bytes(before)
    return statistics.median(times)


def _timed(site: Site) -> tuple[float, Answer]:
    started = time.process_time()
    answer = site.get()
    return (time.process_time() - started) * 1000, answer


def _map_bytes(page: bytes) -> int:
    """Return by how much *page* is smaller without its import map, by gzip."""
    return len(zlib.compress(page, 9)) - len(zlib.compress(_MAP.sub(b"", page), 9))
