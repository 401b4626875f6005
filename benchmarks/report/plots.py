"""Draw tables: bars beside each other for each case, or lines over a growing number."""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from benchmarks.report.tables import Table, figure

COLOURS = {"Pressmark": "#1b6ca8", "django-compressor": "#d1913c", "WhiteNoise": "#8a8a8a", "nginx": "#4d4d4d"}
OTHERS = ("#b9b9b9", "#9cc3a5", "#c5b0d5", "#c49c94", "#dbdb8d")
DASHES = ("-", "--", ":")
WIDEST = 8
"""How many times the middle figure the largest may be, on a scale that is not logarithmic."""

# Text stays text, and the same figures give the same file.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "pressmark", "font.size": 9, "axes.axisbelow": True})


def draw(table: Table, path: Path) -> None:
    """Write the picture of *table* to *path*, as SVG."""
    plot, axes = pyplot.subplots(figsize=(8, 0.7 + 0.26 * _bars(table) if table.plot == "bars" else 3.4))
    (_bars_of if table.plot == "bars" else _lines_of)(table, axes)
    axes.spines[["top", "right"]].set_visible(False)
    plot.tight_layout()
    plot.savefig(path, metadata={"Date": None})
    pyplot.close(plot)
    # Without blanks at ends of lines, as every file of the repository.
    path.write_text("\n".join(map(str.rstrip, path.read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")


def colours_of(names: list[str]) -> dict[str, tuple[str, str]]:
    """Return the colour and the dashes of each way: those of one tool have one colour."""
    found: dict[str, tuple[str, str]] = {}
    for name in names:
        tool = next((tool for tool in COLOURS if tool in name), None)
        same = sum(tool in other for other in found) if tool else 0
        rest = sum(not any(tool in other for tool in COLOURS) for other in found)
        found[name] = (COLOURS[tool] if tool else OTHERS[rest % len(OTHERS)], DASHES[same % len(DASHES)])
    return found


def _bars(table: Table) -> int:
    return sum(value is not None for cells in table.rows.values() for value in cells) + 2 * len(table.columns)


def _bars_of(table: Table, axes: Axes) -> None:
    """Draw a group of bars for each column, from above, each bar with its name and figure."""
    colours = colours_of(list(table.rows))
    places, names, at = list[float](), list[str](), 0.0
    for number, column in enumerate(table.columns):
        axes.text(0, at, column, transform=axes.get_yaxis_transform(), fontweight="bold", va="center")
        at += 1
        for name, cells in table.rows.items():
            value = cells[number]
            if value is not None:
                bars = axes.barh(at, value, 0.85, color=colours[name][0])
                axes.bar_label(bars, [figure(value)], padding=3)
                places.append(at)
                names.append(name)
                at += 1
        at += 0.6
    values = [value for cells in table.rows.values() for value in cells if value]
    is_wide = max(values) > WIDEST * sorted(values)[len(values) // 2]  # else the others could not be told apart
    axes.set_xscale("log" if is_wide else "linear")
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(at - 0.6, -0.8)
    axes.set_xlabel(f"{table.unit}, on a logarithmic scale" if is_wide else table.unit)
    axes.margins(x=0.12)
    axes.grid(axis="x", color="#e6e6e6")


def _lines_of(table: Table, axes: Axes) -> None:
    """Draw a line for each row over its columns, which are numbers."""
    numbers = [float(column.replace(",", "")) for column in table.columns]
    colours = colours_of(list(table.rows))
    for name, cells in table.rows.items():
        colour, dashes = colours[name]
        known = [(x, y) for x, y in zip(numbers, cells, strict=True) if y is not None]
        axes.plot(*zip(*known, strict=True), dashes, color=colour, marker="o", markersize=4, label=name)
    axes.set_xscale("log")
    axes.set_xticks(numbers, table.columns)
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.set_xlabel(table.axis)
    axes.set_ylabel(table.unit)
    axes.grid(color="#e6e6e6")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
