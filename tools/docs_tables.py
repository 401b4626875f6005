"""Write the generated parts of ``docs/`` from the code: ``python -m tools.docs_tables``."""

import ast
import inspect
from dataclasses import MISSING, Field, fields
from itertools import pairwise
from pathlib import Path

from pressmark import Settings
from pressmark.verdicts.catalogue import Rule
from tools.floors import drawing

DOCS = Path(__file__).parent.parent / "docs"


def settings_table() -> str:
    """Return the settings as a table in Markdown."""
    found = meanings(Settings)
    rows = [f"| `{f.name}` | {default_of(f)} | {found[f.name]} |" for f in fields(Settings)]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"


def meanings(of: type) -> dict[str, str]:
    """Return the meaning of each field of a class: the string below it, which editors show."""
    [settings] = ast.parse(inspect.getsource(of)).body
    assert isinstance(settings, ast.ClassDef)  # for mypy
    return {
        ast.unparse(field.target): ast.literal_eval(text.value)
        for field, text in pairwise(settings.body)
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr)
    }


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
    rows = [f"| `{rule}` | {rule.meaning} | {rule.change} |" for rule in Rule]
    return "\n".join(["| rule | subject | to let it join |", "|---|---|---|", *rows]) + "\n"


TABLES = {"settings": settings_table, "rules": rules_table, "floors": drawing}
PAGES = {"settings": DOCS / "settings.md", "rules": DOCS / "why-left-alone.md", "floors": DOCS / "architecture.md"}
"""The page that holds each part, between the comments ``<!-- NAME -->`` and ``<!-- end of NAME -->``."""


def updated(name: str, page: str) -> str:
    """Return the text of *page* with the table *name* as it is now."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, _, rest = page.partition(begin)
    return before + begin + TABLES[name]() + end + rest.partition(end)[2]


def main() -> None:
    """Write all tables."""
    for name, path in PAGES.items():
        path.write_text(updated(name, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
