"""What a process of Django's takes of memory: ``python -m benchmarks.memory``.

The first request for a page, as in ``cold_page``: how far the process grows while it is built, and what it has kept
afterwards; and what it keeps once a thousand different pages of 50 KB have been answered. The peer is
django-compressor. Each is measured in a process of its own, forked from one that has imported everything.
"""

import gc
import resource
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.urls import path

from benchmarks.cold_page import PAGES, WAYS, in_child, make_project
from benchmarks.django_page import OURS, Page, caller, rows, urlpatterns
from benchmarks.report.tables import Table, publish

DIFFERENT = 1000
BODY_KB = 50
VISITS = 4
"""How often each of these comes: often enough to be remembered."""


def growth_mib(call: Callable[[], object]) -> tuple[float, float]:
    """Return the MiB by which *call* makes this process grow, at most and for good."""
    gc.collect()  # once before, too: what it touches becomes this process's own
    before = _now_kib()
    call()
    gc.collect()
    kept = _now_kib()
    most = max(kept, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # which the system counts now and then
    return (most - before) / 1024, (kept - before) / 1024


def _now_kib() -> int:
    """Return the memory of this process that is in use, as Linux counts it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def first_request(title: str, way: str, root: Path) -> tuple[float, float]:
    """Return how a process grows by the first request for a page, marked for one of the ``WAYS``."""

    def work() -> tuple[float, float]:
        for folder in ("cache", "static/CACHE"):
            shutil.rmtree(root / folder, ignore_errors=True)
        call = caller([OURS] if way == "marked" else [], f"/{title.replace(' ', '-')}-{way}")
        caller([], "/nowhere")()  # what Django itself does once
        return growth_mib(call)

    return in_child(work)


def many_pages(way: str, fillings: list[str]) -> tuple[float, float]:
    """Return how a process grows when each page is answered ``VISITS`` times, beside what a first page has left."""

    def work() -> tuple[float, float]:
        settings.PRESSMARK = {**settings.PRESSMARK, "refresh": 60}  # as in production: warm pages are remembered
        call = caller([OURS] if way == "marked" else [], f"/many-{way}")
        call()
        return growth_mib(lambda: all(call() for _ in range(VISITS * DIFFERENT)))

    template = f"many-{way}"
    again = [filling for filling in fillings for _ in range(VISITS)]
    urlpatterns.append(path(template, Page(f"{template}.html", again)))
    return in_child(work)


def write_large_pages(templates: Path) -> None:
    """Write the page of Bootstrap once more for each way, with a place for much text."""
    for way in WAYS:
        text = (templates / f"Bootstrap-{way}.html").read_text(encoding="utf-8")
        (templates / f"many-{way}.html").write_text(text + "{{ filling }}", encoding="utf-8")


def tables() -> tuple[Table]:
    """Return how the process grows, by either tool."""
    found: dict[str, list[float | None]] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_project(root)
        write_large_pages(root / "templates")
        fillings = [rows(number, BODY_KB * 1000) for number in range(DIFFERENT)]
        for way, name in zip(WAYS, ("django-compressor, in the request", "Pressmark"), strict=True):
            pairs = [first_request(title, way, root) for title in PAGES]
            found[name] = [figure for pair in (*pairs, many_pages(way, fillings)) for figure in pair]
    cases = [*PAGES, f"{DIFFERENT:,} pages"]
    columns = [f"{case}, {what}" for case in cases for what in ("at most", "kept")]
    about = (
        "How far a process of Django's grows by the first request for a page, and what it keeps; and the same once "
        f"{DIFFERENT:,} different pages of {BODY_KB} KB were answered, {VISITS} times each. A syntax tree takes a "
        "hundred times its script, for as long as that is read."
    )
    return (Table("Memory", about, "MiB", columns, found, "bars"),)


if __name__ == "__main__":
    publish(*tables())
