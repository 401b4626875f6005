"""Write ``docs/benchmark-report.md``, of the benchmarks that compare with other tools: ``python -m benchmarks.report``.

Each runs in a process of its own, one after the other. Nothing else may run on the machine.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from benchmarks.report.machine import described
from benchmarks.report.plots import draw
from benchmarks.report.tables import FILE, Table, in_markdown, read_tables

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "benchmark-report.md"
PICTURES = ROOT / "docs" / "benchmark-report"
BENCHMARKS = ("wire", "visits", "django_page", "growth", "cold_page", "memory", "served")

HEAD = """# Benchmark report

`make bench` has written this page: one run of the benchmarks that compare Pressmark with other tools.
[Speed](speed.md) tells what the figures mean, and how each benchmark is run alone.

"""


def main() -> None:
    """Run the benchmarks, with a progress bar, and write the report."""
    tables: list[Table] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        click.progressbar(BENCHMARKS, label="Measuring", file=sys.stderr, item_show_func=str) as names,
    ):
        for name in names:
            tables += run(name, Path(folder) / f"{name}.json")
    write(tables)


def run(name: str, path: Path) -> list[Table]:
    """Run the benchmark *name*, and return its tables. Raises CalledProcessError if it fails; it has said why."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {FILE: str(path)})
    return read_tables(path)


def write(tables: list[Table]) -> None:
    """Write the report with a section and, where there is one, a picture for each of *tables*."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    parts = [HEAD, "Measured\n\n", described()]
    for table in tables:
        parts.append(f"\n## {table.title}\n\n{table.about}\n\n")
        if table.plot:
            name = f"{'-'.join(table.title.lower().replace(',', '').split())}.svg"
            draw(table, PICTURES / name)
            parts.append(f"![{table.title}, {table.unit}](benchmark-report/{name})\n\n")
        parts.append(f"In {table.unit}{f', by {table.axis}' if table.axis else ''}:\n\n{in_markdown(table)}")
    REPORT.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
