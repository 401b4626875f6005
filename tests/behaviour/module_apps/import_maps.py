"""Write the import map that an application without a build needs: from its bare names to the files of npm packages."""

import json
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pressmark.syntax.js_module import read_module

ALIASES = {"codemirror": "codemirror6", "vue": "vue3"}
"""Packages that are installed under another name, beside an older one."""
_CONDITIONS = ("browser", "import", "module", "production", "default")


def import_map(text: str, folder: Path, prefix: str) -> dict[str, str]:
    """Return the addresses below *prefix* of all bare names that the module *text*, and what it imports, ask for.

    *folder* is that of the packages.
    """
    imports: dict[str, str] = {}
    waiting, seen = [("", text)], set[str]()
    while waiting:
        name, source = waiting.pop()
        for specifier in _specifiers(source):
            if specifier.startswith("."):
                path = posixpath.normpath(posixpath.join(posixpath.dirname(name), specifier))
            else:
                path = _file(specifier, folder)
                imports[specifier] = prefix + path
            if path not in seen:
                seen.add(path)
                waiting.append((path, (folder / path).read_text(encoding="utf-8")))
    return imports


def _specifiers(text: str) -> Iterator[str]:
    facts = read_module(text)
    assert not facts.refusal, facts.refusal
    yield from (each.specifier for each in facts.statements.requests)
    yield from (each.literal for each in facts.dynamic if each.literal)


def _file(specifier: str, folder: Path) -> str:
    """Return the path of the file that a bare *specifier* means, by the package's own ``exports``."""
    count = 2 if specifier.startswith("@") else 1
    parts = specifier.split("/")
    package, inner = "/".join(parts[:count]), "/".join((".", *parts[count:]))
    package = ALIASES.get(package, package)
    about: dict[str, Any] = json.loads((folder / package / "package.json").read_text(encoding="utf-8"))
    exports = about.get("exports")
    if exports is None:
        target = inner if inner != "." else str(about.get("module", about.get("main", "index.js")))
    else:
        has_paths = isinstance(exports, dict) and any(key.startswith(".") for key in exports)
        table = exports if has_paths else {".": exports}
        target = _exported(table, inner)
    return posixpath.normpath(posixpath.join(package, target))


def _exported(table: Mapping[str, Any], inner: str) -> str:
    if inner in table:
        return _chosen(table[inner])
    for key, value in table.items():
        start, star, end = key.partition("*")
        if star and inner.startswith(start) and inner.endswith(end):
            return _chosen(value).replace("*", inner[len(start) : len(inner) - len(end)])
    raise LookupError(f"no {inner} among {list(table)}")


def _chosen(value: Any) -> str:
    while isinstance(value, dict):
        value = next(value[each] for each in _CONDITIONS if each in value)
    return str(value)
