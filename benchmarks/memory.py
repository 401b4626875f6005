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

from django.urls import path

from benchmarks.cold_page import PAGES, WAYS, in_child, make_project
from benchmarks.django_page import OURS, Page, caller, rows, urlpatterns
from benchmarks.report.tables import Table, publish

DIFFERENT = 1000
BODY_KB = 50


def growth_mib(call: Callable[[], object], *, is_peak: bool) -> float:
    """Return the MiB by which *call* makes this process grow, at most or for good."""
    gc.collect()  # once before, too: what it touches becomes this process's own
    before = _now_kib()
    call()
    if is_peak:
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    gc.collect()
    return (_now_kib() - before) / 1024


def _now_kib() -> int:
    """Return the memory of this process that is in use, as Linux counts it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 1024


def first_request(title: str, way: str, root: Path, *, is_peak: bool) -> float:
    """Return how a process grows by the first request for a page, marked for one of the ``WAYS``."""

    def work() -> float:
        for folder in ("cache", "static/CACHE"):
            shutil.rmtree(root / folder, ignore_errors=True)
        call = caller([OURS] if way == "marked" else [], f"/{title.replace(' ', '-')}-{way}")
        caller([], "/nowhere")()  # what Django itself does once
        return growth_mib(call, is_peak=is_peak)

    return in_child(work)


def many_pages(way: str, fillings: list[str]) -> float:
    """Return what a process keeps after each page was answered once, beside what a first page has left."""

    def work() -> float:
        call = caller([OURS] if way == "marked" else [], f"/many-{way}")
        call()
        return growth_mib(lambda: all(call() for _ in range(DIFFERENT)), is_peak=False)

    template = f"many-{way}"
    urlpatterns.append(path(template, Page(f"{template}.html", fillings)))
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
            found[name] = [
                first_request(title, way, root, is_peak=is_peak) for title in PAGES for is_peak in (True, False)
            ]
            found[name].append(many_pages(way, fillings))
    columns = [f"{title}, {what}" for title in PAGES for what in ("at most", "kept")]
    about = (
        "How far a process of Django's grows by the first request for a page, and what it keeps; and what it keeps "
        f"more once {DIFFERENT:,} different pages of {BODY_KB} KB were answered. A syntax tree takes a hundred times "
        "its script, for as long as that is read."
    )
    return (Table("Memory", about, "MiB", [*columns, f"{DIFFERENT:,} pages, kept"], found, "bars"),)


if __name__ == "__main__":
    publish(*tables())
