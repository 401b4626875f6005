"""Tables of figures: each benchmark prints its own, and the report puts those of several together."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

FILE = "PRESSMARK_BENCHMARK_TABLES"
"""The variable that names the file to which a benchmark writes its tables for the report."""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one *unit*, a row for each way and a column for each case; ``None`` where there is none.

    *about* says in a sentence or two what was measured. A *plot* has bars, or lines over columns that are numbers;
    then *axis* is what they count.
    """

    title: str
    about: str
    unit: str
    columns: Sequence[str]
    rows: Mapping[str, Sequence[float | None]]
    plot: Literal["", "bars", "lines"] = ""
    axis: str = ""


def publish(*tables: Table) -> None:
    """Print *tables*; for the report they are written to a file, too."""
    for table in tables:
        sys.stdout.write(_printed(table) + "\n")
    if os.environ.get(FILE):
        Path(os.environ[FILE]).write_text(json.dumps([asdict(table) for table in tables]), encoding="utf-8")


def in_markdown(table: Table) -> str:
    """Return *table* in Markdown."""
    lines = [["", *table.columns], ["---", *("---:" for _ in table.columns)]]
    lines += [[name, *map(figure, cells)] for name, cells in table.rows.items()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def figure(value: float | None) -> str:
    """Return *value* with no more digits than a measurement has, "" for none."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.1f}"


def _printed(table: Table) -> str:
    width = max(map(len, table.rows)) + 2
    widths = [max(len(column) + 2, 10) for column in table.columns]
    head = f"{table.title}, {table.unit}\n" + " " * width
    lines = [head + "".join(column.rjust(size) for column, size in zip(table.columns, widths, strict=True))]
    for name, cells in table.rows.items():
        lines.append(name.ljust(width) + "".join(figure(c).rjust(s) for c, s in zip(cells, widths, strict=True)))
    return "\n".join(lines) + "\n"
