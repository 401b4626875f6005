"""How the cost of a warm page grows: ``python -m benchmarks.growth``.

Whole requests to Django, as in ``django_page``, for pages that differ in one thing at a time: their size, the number of
their regions, that of a region's files, and how many different pages take turns. The peer is django-compressor with
``COMPRESS_OFFLINE``.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.core.management import call_command
from django.urls import path

from benchmarks.django_page import (
    MIDDLEWARE,
    NOTHING,
    OFFLINE,
    OURS,
    Case,
    Page,
    caller,
    configure,
    measured,
    rows,
    urlpatterns,
)
from benchmarks.report.tables import Table, publish

ROUNDS = 25
WAYS = {
    NOTHING: ("", "", ""),
    OFFLINE: ("{% load compress %}", "{% compress css %}\n", "{% endcompress %}\n"),
    MIDDLEWARE: ("", "<!-- compress css -->\n", "<!-- endcompress -->\n"),
}


@dataclass(frozen=True)
class Shape:
    """What a page is like: its *size* in KB, its *regions*, the *files* in each, and how many *pages* differ."""

    size: int = 50
    regions: int = 4
    files: int = 3
    pages: int = 1

    @property
    def name(self) -> str:
        """A name for its template and URL."""
        return f"{self.size}-{self.regions}-{self.files}-{self.pages}"


AXES = {
    "size": ("A warm page by its size", "kilobytes of the page", (10, 50, 200, 800)),
    "regions": ("A warm page by its regions", "regions", (1, 4, 16, 32)),
    "files": ("A warm page by the files of a region", "files in each region", (1, 3, 10, 30)),
    "pages": ("Different pages in turn", "pages, each with half of its lines of its own", (1, 10, 50, 100, 1000)),
}
"""Field of a shape -> title, what is counted, and the values."""


def write_page(root: Path, shape: Shape) -> None:
    """Write the templates of *shape*, one for each way."""
    for number, (load, opening, closing) in enumerate(WAYS.values()):
        regions = [
            opening
            + "".join(f'<link rel="stylesheet" href="/static/{region}-{file}.css">\n' for file in range(shape.files))
            + closing
            for region in range(shape.regions)
        ]
        (root / "templates" / f"{shape.name}-{number}.html").write_text(
            f"{load}<!doctype html><html><head><meta charset=utf-8><title>Site</title>\n{''.join(regions[::2])}</head>"
            f"<body>{{{{ filling }}}}\n{''.join(regions[1::2])}</body></html>\n"
        )


def calls_of(shape: Shape) -> dict[Case, Callable[[], bytes]]:
    """Return the calls for *shape*; each is answered once, and so is warm."""
    fillings = [rows(number, shape.size * 1000) for number in range(shape.pages)]
    found: dict[Case, Callable[[], bytes]] = {}
    for number, way in enumerate(WAYS):
        template = f"{shape.name}-{number}"
        urlpatterns.append(path(template, Page(f"{template}.html", fillings)))
        found[way, shape.name] = call = caller([OURS] if way == MIDDLEWARE else [], f"/{template}")
        for _ in range(3):
            body = call()
        count = shape.regions * (shape.files if way == NOTHING else 1)
        assert body.count(b"stylesheet") == count, (way, shape, body[:500])
    return found


def tables() -> list[Table]:
    """Return a table for each thing that grows."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("static", "templates"):
            (root / name).mkdir()
        shapes = {field: [replace(Shape(), **{field: value}) for value in AXES[field][2]] for field in AXES}
        for region in range(max(shape.regions for shape in shapes["regions"])):
            for file in range(max(shape.files for shape in shapes["files"])):
                (root / "static" / f"{region}-{file}.css").write_text(f".a{region}-{file} {{ color: red }}\n" * 50)
        for shape in {shape for found in shapes.values() for shape in found}:
            write_page(root, shape)
        configure(root, PRESSMARK={"cache_dir": str(root / "cache"), "build_wait": None})
        call_command("compress", force=True, verbosity=0)
        return [_table(field, shapes[field]) for field in AXES]


def _table(field: str, shapes: list[Shape]) -> Table:
    title, axis, values = AXES[field]
    cells: dict[str, list[float | None]] = {OFFLINE: [], MIDDLEWARE: []}
    for shape in shapes:
        found = measured(calls_of(shape), ROUNDS)
        for way, figures in cells.items():
            figures.append(found[way, shape.name] - found[NOTHING, shape.name])
    base = Shape()
    rest = {"size": f"{base.size} KB", "regions": f"{base.regions} regions", "files": f"{base.files} files a region"}
    others = ", ".join(text for name, text in rest.items() if name != field)
    about = f"CPU time over that of the page itself, as above; the pages have {others}."
    if field == "pages":
        about += " Some 80 pages of that size are remembered whole; others are read anew."
    return Table(title, about, "microseconds", [f"{value:,}" for value in values], cells, "lines", axis)


if __name__ == "__main__":
    publish(*tables())
