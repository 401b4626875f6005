"""The floors of the house, and its wings and imports as the code has them."""

import ast
from collections.abc import Iterable
from pathlib import Path

CORE = Path(__file__).parent.parent / "middleware" / "pressmark"

# Floor by floor, from the ground up: a room may use its own wing's lower rooms and the wings of lower floors.
FLOORS = (
    (
        "cache_directory",
        "concurrency",
        "entry_point",
        "errors",
        "events",
        "model",
        "protocols",
        "setting_checks",
        "settings",
        "version",
    ),
    ("syntax",),
    ("assets", "compilers", "http", "metrics", "page", "report", "stores", "verdicts"),
    ("bundling", "filters", "images", "modules", "scripts", "serve", "sourcemaps", "stylesheets"),
    ("regions",),
    ("pipeline",),
    ("assembly", "offline", "response"),
    ("cli", "shells"),
    ("adapters",),
    ("__init__", "__main__"),
)
_EVERYWHERE = frozenset(FLOORS[0])
"""The ground floor: all wings stand on it, and a drawing of that would show nothing."""

MODULES = sorted(
    ".".join(path.relative_to(CORE).with_suffix("").parts) for path in CORE.rglob("*.py") if path.stat().st_size
)


def tree_of(module: str) -> ast.Module:
    """Return the syntax tree of a module of the core."""
    return ast.parse((CORE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))


def imports_of(module: str) -> set[str]:
    """Return the modules of the core that *module* imports, wherever in its text."""
    names: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    within = {name.removeprefix("pressmark.") for name in names if name.startswith("pressmark.")}
    return {max((m for m in MODULES if name == m or name.startswith(m + ".")), key=len) for name in within}


def wing_of(module: str) -> str:
    """Return the wing that a module is in: a folder, or the module itself if it is in none."""
    return module.split(".", maxsplit=1)[0]


def drawing() -> str:
    """Return the wings, floor by floor, and their imports as a diagram in Mermaid.

    An import is not drawn where the wings between say the same, nor one of the ground floor.
    """
    wings = [wing for floor in FLOORS[1:-1] for wing in floor]
    used = {wing: _used_by(wing) - _EVERYWHERE - {wing} for wing in wings}
    lines = ["flowchart TB"]
    for number, floor in reversed(list(enumerate(FLOORS[1:-1], 2))):
        lines += [f'  subgraph floor{number}["floor {number}"]', *(f"    {wing}" for wing in floor), "  end"]
    for wing in reversed(wings):
        direct = used[wing] - set[str]().union(*(_below(each, used) for each in used[wing]))
        lines += [f"  {wing} --> {each}" for each in sorted(direct)]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def _used_by(wing: str) -> set[str]:
    return {wing_of(used) for module in MODULES if wing_of(module) == wing for used in imports_of(module)}


def _below(wing: str, used: dict[str, set[str]]) -> set[str]:
    """Return all that *wing* uses, by others or itself."""
    found: set[str] = set()
    waiting: list[Iterable[str]] = [used[wing]]
    while waiting:
        for each in waiting.pop():
            if each not in found:
                found.add(each)
                waiting.append(used[each])
    return found
