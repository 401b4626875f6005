"""What the first request for a page costs, and the first after a change: ``python -m benchmarks.cold_page``.

Whole requests to Django, in CPU time of the process: nothing is built yet, or one of the page's files has got one line
more. The peer is django-compressor in the same project, which joins and minifies in the request as well, and proves
nothing. Each request is measured in a process of its own, forked from one that has imported everything.
"""

import json
import logging
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from django.urls import path

from benchmarks.django_page import OURS, Page, caller, configure, urlpatterns
from benchmarks.report.tables import Table, publish

T = TypeVar("T")

ROUNDS = 5
WAYS = ("compressor", "marked")
CHANGED = "admin:js/calendar.js"
PAGES = {
    "12 files": [
        ["rest_framework:css/bootstrap.min.css", "rest_framework:css/bootstrap-theme.min.css"],
        ["rest_framework:css/font-awesome-4.0.3.css", "admin:css/vendor/select2/select2.css"],
        ["admin:js/vendor/jquery/jquery.js", "rest_framework:js/bootstrap.min.js",
         "admin:js/vendor/xregexp/xregexp.js"],
        ["admin:js/vendor/select2/select2.full.js", "admin:js/vendor/xregexp/xregexp.min.js", "admin:js/calendar.js",
         "admin:js/urlify.js", "admin:js/vendor/jquery/jquery.min.js"],
    ],
    "Bootstrap": [
        ["rest_framework:css/bootstrap.min.css"],
        ["rest_framework:js/bootstrap.min.js"],
    ],
}  # fmt: skip
PACKAGES = {"admin": "django.contrib.admin", "rest_framework": "rest_framework"}


def copy_files(static: Path) -> int:
    """Copy the pages' files out of their packages to *static*; return their size in bytes."""
    size = 0
    for name in {name for regions in PAGES.values() for region in regions for name in region}:
        package, _, path = name.partition(":")
        spec = find_spec(PACKAGES[package])
        assert spec is not None
        assert spec.origin is not None
        target = static / package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(spec.origin).parent / "static" / package / path, target)
        size += target.stat().st_size
    return size


def element(name: str) -> str:
    """Return the element of the file *name*."""
    url = f"/static/{name.replace(':', '/')}"
    return f'<link rel="stylesheet" href="{url}">' if name.endswith(".css") else f'<script src="{url}"></script>'


def write_templates(folder: Path) -> None:
    """Write each page twice, marked for both."""
    for title, regions in PAGES.items():
        for way, (opening, closing) in {
            "compressor": ("{{% compress {} %}}", "{% endcompress %}"),
            "marked": ("<!-- compress {} -->", "<!-- endcompress -->"),
        }.items():
            parts = [
                opening.format("css" if region[0].endswith(".css") else "js") + "".join(map(element, region)) + closing
                for region in regions
            ]
            (folder / f"{title}-{way}.html").write_text(
                "{% load compress %}<!doctype html><meta charset=utf-8><title>Site</title>" + "\n".join(parts)
            )
        urlpatterns.extend(_views(title))


def _views(title: str) -> list[Any]:
    return [path(f"{title.replace(' ', '-')}-{way}", Page(f"{title}-{way}.html", [""])) for way in WAYS]


def in_child(work: Callable[[], T]) -> T:
    """Return the result of *work*, which JSON can carry, in a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writing, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer: T = json.load(pipe)
    os.waitpid(child, 0)
    return answer


def cpu_ms(call: Callable[[], object]) -> float:
    """Return the CPU time that *call* takes in all threads of this process."""
    started = time.process_time_ns()
    call()
    return (time.process_time_ns() - started) / 1e6


def measured(title: str, way: str, root: Path, *, changed: str = "") -> float:
    """Return the milliseconds of a cold request, or of the one after a line was added to the file *changed*."""
    path = f"/{title.replace(' ', '-')}-{way}"

    def work() -> float:
        for folder in ("cache", "static/CACHE"):
            shutil.rmtree(root / folder, ignore_errors=True)
        call = caller([OURS] if way == "marked" else [], path)
        caller([], "/nowhere")()  # what Django itself does once
        if not changed:
            return cpu_ms(call)
        call()
        target = root / "static" / changed.replace(":", "/")
        before = target.read_bytes()
        try:
            target.write_bytes(before + b"\n/* a line */\n;var aLineMore = 1;\n")
            return cpu_ms(call)
        finally:
            target.write_bytes(before)

    return in_child(work)


def make_project(root: Path) -> int:
    """Set Django up with the pages in *root*; return the bytes of their files."""
    for name in ("static", "templates"):
        (root / name).mkdir()
    ours = {"cache_dir": str(root / "cache"), "build_wait": None, "refresh": 0}
    configure(root, COMPRESS_OFFLINE=False, COMPRESS_MTIME_DELAY=0, PRESSMARK=ours)
    logging.getLogger("django.request").disabled = True  # a page that is not there is asked for, too
    write_templates(root / "templates")
    return copy_files(root / "static")


def tables() -> tuple[Table]:
    """Return what the first request costs, by either tool."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        size = make_project(root)
        cases = {f"{title}, nothing built": (title, "") for title in PAGES}
        cases["12 files, one line more in one"] = ("12 files", CHANGED)
        found: dict[str, list[float | None]] = {"django-compressor, in the request": [], "Pressmark": []}
        for title, changed in cases.values():
            times = [[measured(title, way, root, changed=changed) for way in WAYS] for _ in range(ROUNDS)]
            for cells, of_way in zip(found.values(), zip(*times, strict=True), strict=True):
                cells.append(statistics.median(of_way))
    theirs, ours = found.values()
    ratios = ", ".join(f"{mine / its:.0f}" for mine, its in zip(ours, theirs, strict=True) if mine and its)
    about = (
        f"CPU time of a whole request to Django. The twelve files have {size / 1e6:.1f} MB. Pressmark takes {ratios} "
        "times as much: it proves that the page behaves the same, for which each script is parsed twice, and what a "
        "minifier has done is compared with what it was given."
    )
    return (Table("The first request", about, "milliseconds", list(cases), found, "bars"),)


if __name__ == "__main__":
    publish(*tables())
