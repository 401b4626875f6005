"""Write the README's tables of settings and of rules from the code: ``python tools.docs_tables.py``."""

from dataclasses import MISSING, Field, fields
from pathlib import Path

from pressmark import Settings
from pressmark.verdicts.catalogue import RULES

README = Path(__file__).parent.parent / "README.md"


def settings_table() -> str:
    """Return the settings as a table in Markdown."""
    rows = [f"| `{f.name}` | {default_of(f)} | {f.metadata['meaning']} |" for f in fields(Settings)]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"


def default_of(setting: "Field[object]") -> str:
    """Return a setting's default as it is written."""
    if setting.default is MISSING:
        return "`{}`"
    value = setting.default
    if type(value) is int and value and value % 86400 == 0:
        return f"`{value // 86400} * 86400`"
    if type(value) is int and value >= 2**20:
        return f"`2**{value.bit_length() - 1}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def rules_table() -> str:
    """Return the rules as a table in Markdown."""
    return (
        "\n".join(["| rule | what it is about |", "|---|---|", *(f"| `{k}` | {v} |" for k, v in RULES.items())]) + "\n"
    )


TABLES = {"settings": settings_table, "rules": rules_table}


def updated(readme: str) -> str:
    """Return *readme* with the tables that belong there."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, _, rest = readme.partition(begin)
        readme = before + begin + table() + end + rest.partition(end)[2]
    return readme


if __name__ == "__main__":
    README.write_text(updated(README.read_text(encoding="utf-8")), encoding="utf-8")
