"""The house: every import points down, none in a circle, and the core knows no adapter."""

import ast
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = ROOT / "middleware" / "pressmark"
ADAPTERS = sorted(path.name for path in (ROOT / "adapters").iterdir() if path.is_dir())

# Floor by floor, from the ground up: a room may use its own wing's lower rooms and the wings of lower floors.
FLOORS = (
    ("bounded", "errors", "flights", "forks", "model", "protocols", "settings", "syntax", "tables", "version"),
    ("page", "assets", "filters", "stores"),
    ("build", "serve"),
    ("explanation", "variants", "tags", "regions", "memo", "pipeline", "rewrite"),
    ("assembly",),
    ("wsgi", "asgi", "ask", "environ", "scope", "cli"),
    ("__init__", "__main__"),
)
FLOOR_OF = {wing: number for number, wings in enumerate(FLOORS) for wing in wings}
MODULES = sorted(
    ".".join(path.relative_to(CORE).with_suffix("").parts) for path in CORE.rglob("*.py") if path.stat().st_size
)


@cache
def imports_of(module: str) -> set[str]:
    """Return the modules of the core that *module* imports, wherever in its text."""
    tree = ast.parse((CORE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    within = {name.removeprefix("pressmark.") for name in names if name.startswith("pressmark.")}
    return {max((m for m in MODULES if name == m or name.startswith(m + ".")), key=len) for name in within}


def wing_of(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


@pytest.mark.parametrize("module", MODULES)
def test_every_import_points_to_the_same_wing_or_a_lower_floor(module: str) -> None:
    up = {
        used
        for used in imports_of(module)
        if wing_of(used) != wing_of(module) and FLOOR_OF[wing_of(used)] > FLOOR_OF[wing_of(module)]
    }

    assert up == set()


@pytest.mark.parametrize("module", MODULES)
def test_two_wings_of_one_floor_never_use_each_other_both_ways(module: str) -> None:
    mine = {wing_of(used) for used in imports_of(module)} - {wing_of(module)}
    back = {wing for wing in mine for other in MODULES if wing_of(other) == wing and wing_of(module) in
            {wing_of(used) for used in imports_of(other)}}  # fmt: skip

    assert back == set()


def test_no_chain_of_imports_ends_where_it_began() -> None:
    used = {module: imports_of(module) for module in MODULES}
    settled: set[str] = set()
    while free := {module for module in used if module not in settled and used[module] <= settled}:
        settled |= free

    assert set(used) - settled == set()


@pytest.mark.parametrize("module", MODULES)
def test_the_core_knows_no_framework_and_no_adapter(module: str) -> None:
    text = (CORE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
    tree = ast.parse(text)
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert not {name for name in names if name.split(".")[0] in {*ADAPTERS, "django", "flask", "starlette"}}


def test_settings_are_read_by_the_assembly_and_the_shells_alone() -> None:
    readers = {module for module in MODULES if "settings" in imports_of(module)}

    assert readers == {"__init__", "assembly", "asgi", "cli.explain", "wsgi"}


def test_every_folder_of_tests_is_run(pytestconfig: pytest.Config) -> None:
    passed_over = pytestconfig.getini("norecursedirs")
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}

    assert [name for name in folders if any(fnmatch(name, pattern) for pattern in passed_over)] == []


def test_each_adapter_uses_the_core_and_no_other_but_that_of_a_template_engine() -> None:
    for adapter in ADAPTERS:
        text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "adapters" / adapter).rglob("*.py"))

        assert "from pressmark" in text
        assert not [other for other in ADAPTERS if other not in (adapter, "pressmark_jinja2") and other in text]
