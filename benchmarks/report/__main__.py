"""Write ``docs/benchmark-report.md``, of the benchmarks that compare with other tools: ``python -m benchmarks.report``.

Each runs in a process of its own, one after the other. Nothing else may run on the machine. Of the names of some of
them only these run, and the others stay as they were.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from benchmarks.report import BENCHMARKS
from benchmarks.report.machine import described
from benchmarks.report.plots import draw
from benchmarks.report.tables import FILE, Table, in_markdown

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "benchmark-report.md"
PICTURES = ROOT / "docs" / "benchmark-report"
FIGURES = PICTURES / "figures.json"

HEAD = """# Benchmark report

`make bench` has written this page: one run of the benchmarks that compare Pressmark with other tools.
[Speed](speed.md) tells what the figures mean, and how each benchmark is run alone.

"""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(BENCHMARKS))
def main(names: tuple[str, ...]) -> None:
    """Run the benchmarks NAMES, or all of them, and write the report."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() and names else {}
    with (
        tempfile.TemporaryDirectory() as folder,
        click.progressbar(names or BENCHMARKS, label="Measuring", file=sys.stderr, item_show_func=str) as measured,
    ):
        for name in measured:
            figures[name] = {"measured": described(), "tables": run(name, Path(folder) / f"{name}.json")}
    PICTURES.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    write([figures[name] for name in BENCHMARKS if name in figures])


def run(name: str, path: Path) -> Any:
    """Run the benchmark *name*, and return its tables as values for JSON.

    Raises CalledProcessError if it fails; it has said why.
    """
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {FILE: str(path)})
    return json.loads(path.read_text(encoding="utf-8"))


def write(figures: list[dict[str, Any]]) -> None:
    """Write the report with a section and, where there is one, a picture for each of the tables of *figures*."""
    for picture in PICTURES.glob("*.svg"):
        picture.unlink()
    parts, machine = [HEAD], ""
    for table, measured in ((Table(**each), found["measured"]) for found in figures for each in found["tables"]):
        if measured != machine:  # once, if all were measured in one run
            parts.append(f"Measured\n\n{measured}" if not machine else f"\nFrom here on measured\n\n{measured}")
            machine = measured
        parts.append(f"\n## {table.title}\n\n{table.about}\n\n")
        if table.plot:
            name = f"{re.sub('[^a-z0-9]+', '-', table.title.lower())}.svg"
            draw(table, PICTURES / name)
            parts.append(f"![{table.title}, {table.unit}](benchmark-report/{name})\n\n")
        parts.append(f"In {table.unit}{f', by {table.axis}' if table.axis else ''}:\n\n{in_markdown(table)}")
    REPORT.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
