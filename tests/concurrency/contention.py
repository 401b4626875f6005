"""Threads of the operating system that use one part at once, in a process that gevent has patched.

``python -m gevent.monkey --module tests.concurrency.contention PART FOLDER`` ends with status 0 as soon as all of them
are done, and else never, or with an error.
"""

import io
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from gevent.threadpool import ThreadPool

from pressmark import Settings
from pressmark.assembly import assemble
from pressmark.assets.from_directories import DirectoryResolver
from pressmark.concurrency.green import Native
from pressmark.concurrency.single_flight import SingleFlight
from pressmark.filters.plugins import find_command
from pressmark.model import Asset, Bundle, Page, Region, Rendered, Text
from pressmark.regions.cached_regions import CachedRegion, CachedRegions
from pressmark.regions.varying import Varying
from pressmark.serve.bodies import Bodies, Wanted
from pressmark.stores.disk import DiskStore
from pressmark.stores.memory import MemoryStore
from tests.conftest import write_old
from tests.site import Site, css_region

THREADS = 6
TIMES = 3000
REGIONS = 8
REGION = Region("css", "file", "", b"", b"")


def use_at_once(use: Callable[[int], object], times: int = TIMES) -> None:
    """Call *use* with many numbers in each thread, and with some in the main one."""
    native = Native(THREADS)

    def all_numbers() -> None:
        for number in range(times):
            use(number)

    running = [gevent.spawn(native.run, all_numbers) for _ in range(THREADS)]
    for number in range(times // 10):
        use(number)
        gevent.sleep(0)
    gevent.joinall(running, raise_error=True)


def memory(_: Path) -> None:
    store = MemoryStore()
    use_at_once(lambda number: store.put(Bundle(str(number % 9), "css", b"{}")))


def varying(_: Path) -> None:
    comments = Varying()
    use_at_once(
        lambda number: comments.admit_comments((Text(b"<!-- %d -->" % (number % 9)),), Page("", "/"), is_built=True)
    )


def cached_regions(_: Path) -> None:
    regions, cached = CachedRegions(None), CachedRegion(Rendered(b""), 0.0, None)
    use_at_once(lambda number: regions.remember(REGION, Page("", f"/{number % 9}/"), cached))


def bodies(_: Path) -> None:
    made = Bodies(lambda kind, name, recipe: b"a{}", MemoryStore(), lambda key, work: None)
    use_at_once(lambda number: made.get(Wanted("css", str(number % 999), ("identity",))))


def log(_: Path) -> None:
    logger, lines = logging.getLogger("pressmark"), io.StringIO()
    logger.addHandler(logging.StreamHandler(lines))
    logger.setLevel(logging.INFO)
    use_at_once(lambda number: logger.info("line %d", number))
    assert lines.getvalue().count("\n") == THREADS * TIMES + TIMES // 10


def background(_: Path) -> None:
    """A build has work done in the background, which goes on when the build is over."""
    builds, others = SingleFlight[Any](), SingleFlight[int](threads=1)
    waiting = builds.submit("build", lambda: others.submit("first", lambda: 1)).result()

    assert waiting.result() == 1
    assert others.submit("second", lambda: 2).result() == 2


def static_files(folder: Path) -> None:
    """Each thread has a loop of gevent's own, which never runs: nothing may be left to it."""
    write_old(folder / "a" / "a.css", "a{}")
    resolver, page = DirectoryResolver((("/", (str(folder),)),)), Page("", "/")

    def read(_: int) -> None:
        gevent.get_hub()
        resolver.read("/a/a.css", page)

    before = len(os.listdir("/proc/self/fd"))
    use_at_once(read, 200)

    assert len(os.listdir("/proc/self/fd")) < before + 100


def guards(folder: Path) -> None:
    store = DiskStore(str(folder), 1 << 30)

    def guard(number: int) -> None:
        with store.guard(str(number % 9)):
            pass

    use_at_once(guard, 200)


def commands(folder: Path) -> None:
    """Each thread makes a folder for its program, and removes it."""
    cat = find_command("the test", ["cat", "{infile}"])
    asset = Asset("/a.up", "text/up", b"a", ())

    def compile_(_: int) -> None:
        gevent.get_hub()
        assert cat(asset).content == b"a"

    before = len(os.listdir("/proc/self/fd"))
    use_at_once(compile_, 10)

    assert len(os.listdir("/proc/self/fd")) < before + 20


def site_of(folder: Path) -> Site:
    """Return a site with a page of several regions."""
    (folder / "static").mkdir()
    for number in range(REGIONS):
        write_old(folder / "static" / f"{number}.css", f"a{{b:{number}}}")
    regions = b"".join(css_region(f"{number}.css") for number in range(REGIONS))
    return Site(folder / "static", b"<!doctype html><title>x</title>" + regions, {"refresh": 0})


def imports(folder: Path) -> None:
    """A build imports no module: each has a lock of the greenlets meanwhile."""
    site, before = site_of(folder), set(sys.modules)

    assert len(site.get().bundles) == REGIONS
    assert set(sys.modules) == before


def pages(folder: Path) -> None:
    """Many cold pages are asked for at once."""
    site = site_of(folder)
    running = [gevent.spawn(site.get, f"/{number}/") for number in range(REGIONS * THREADS)]
    gevent.joinall(running, raise_error=True)

    assert {len(page.value.bundles) for page in running} == {REGIONS}


def foreign_code(folder: Path) -> None:
    """Whoever publishes bundles, or listens to them, may wait: for a network, or for locks of the greenlets."""
    (folder / "static").mkdir()
    write_old(folder / "static" / "a.css", "a{}")
    called_at: list[object] = []
    core = assemble(
        Settings(static={"/static/": folder / "static"}, cache_dir=folder / "cache"),
        publish=lambda bundle: called_at.append(gevent.get_hub()),
        on_built=lambda built: called_at.append(gevent.get_hub()),
    )
    body = b"<link rel=stylesheet href=/static/a.css>"
    core.pipeline.begin(Region("css", "file", "", body, body), Page("", "/")).result()

    assert called_at == [gevent.get_hub()] * 2


PARTS = (
    memory, varying, cached_regions, bodies, log, background, static_files, guards, commands, imports, pages,
    foreign_code,
)  # fmt: skip

if __name__ == "__main__":
    ThreadPool(1).apply(int)  # gevent's own start is not under test
    sys.setswitchinterval(1e-6)
    {part.__name__: part for part in PARTS}[sys.argv[1]](Path(sys.argv[2]))
    os._exit(0)
