"""Write the README's table of settings from ``Settings``: ``python tools/settings_table.py``."""

from dataclasses import MISSING, Field, fields
from pathlib import Path

from pressmark import Settings

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- settings -->\n", "<!-- end of settings -->"


def table() -> str:
    """Return the table in Markdown."""
    rows = [f"| `{f.name}` | {default_of(f)} | {f.metadata['meaning']} |" for f in fields(Settings)]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"


def default_of(setting: "Field[object]") -> str:
    """Return a setting's default as it is written."""
    if setting.default is MISSING:
        return "`{}`"
    value = setting.default
    if isinstance(value, int) and not isinstance(value, bool) and value >= 2**20:
        return f"`2**{value.bit_length() - 1}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def updated(readme: str) -> str:
    """Return *readme* with the table that belongs there."""
    before, _, rest = readme.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
