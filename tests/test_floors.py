"""The house: every import points down, none in a circle; each decision has one room; adapters use one door."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from statistics import median

import pytest

from tests.sources import ROOT
from tools.floors import CORE, FLOORS, MODULES, imports_of, tree_of, wing_of

ADAPTERS = sorted(path.name for path in (ROOT / "adapters").iterdir() if path.is_dir())

FLOOR_OF = {wing: number for number, wings in enumerate(FLOORS) for wing in wings}

MAX_LINES = 300
MAX_TEST_LINES = 500
REASON = "Long, because "
"""What the text at the top of a longer file says."""

# Decisions that have one room: the names that are called there and nowhere else.
ONE_ROOM = {
    "response.visit": ("Page", "charset_of", "policies_of"),
    "response.exchange": ("refusal", "content_length", "without_length", "rewritten", "retagged", "not_modified"),
    "assembly": (
        "DiskStore",
        "LayeredStore",
        "Pipeline",
        "Renderer",
        "DirectoryResolver",
        "ApplicationResolver",
        "Freshness",
        "CachedRegions",
        "ScannedPages",
        "Varying",
        "SingleFlight",
        "LogOnce",
        "Toggle",
        "EarlyHints",
        "Core",
    ),
}


USED = {module: imports_of(module) for module in MODULES}


def calls_in(path: Path) -> Iterator[str]:
    """Yield the names of all that the code at *path* calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", ""))


def test_every_wing_has_a_floor() -> None:
    assert {wing_of(module) for module in MODULES} == set(FLOOR_OF)


@pytest.mark.parametrize("module", MODULES)
def test_every_import_points_to_the_same_wing_or_a_lower_floor(module: str) -> None:
    up = {
        used
        for used in USED[module]
        if wing_of(used) != wing_of(module) and FLOOR_OF[wing_of(used)] > FLOOR_OF[wing_of(module)]
    }

    assert up == set()


@pytest.mark.parametrize("module", MODULES)
def test_two_wings_of_one_floor_never_use_each_other_both_ways(module: str) -> None:
    mine = {wing_of(used) for used in USED[module]} - {wing_of(module)}
    back = {wing for wing in mine for other in MODULES if wing_of(other) == wing and wing_of(module) in
            {wing_of(used) for used in USED[other]}}  # fmt: skip

    assert back == set()


def test_no_chain_of_imports_ends_where_it_began() -> None:
    settled: set[str] = set()
    while free := {module for module in USED if module not in settled and USED[module] <= settled}:
        settled |= free

    assert set(USED) - settled == set()


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        (module, function.name)
        for module in MODULES
        for function in ast.walk(tree_of(module))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


@pytest.mark.parametrize("module", MODULES)
def test_the_core_knows_no_framework_and_no_adapter(module: str) -> None:
    tree = tree_of(module)
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert not {name for name in names if name.split(".")[0] in {*ADAPTERS, "django", "flask", "starlette"}}


def test_settings_are_read_by_the_assembly_the_shells_and_the_command_alone() -> None:
    readers = {module for module in MODULES if "settings" in USED[module]}

    shells = {"shells.asgi", "shells.bundle_html", "shells.wsgi"}
    assert readers == {"__init__", "adapters.__init__", "assembly", "cli.examine_setup", "cli.explain"} | shells


@pytest.mark.parametrize(("room", "name"), [(room, name) for room, names in ONE_ROOM.items() for name in names])
def test_a_decision_has_one_room(room: str, name: str) -> None:
    paths = [*CORE.rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]
    found = {path for path in paths if name in calls_in(path)}

    assert found == {CORE / f"{room.replace('.', '/')}.py"}


def test_a_lock_of_threading_is_for_greenlets_alone() -> None:
    """Under gevent it may stop a thread of the operating system, on which builds run, for ever."""
    paths = {path for path in CORE.rglob("*.py") if {"Lock", "RLock", "Condition", "Semaphore"} & {*calls_in(path)}}

    assert paths == {CORE / "concurrency" / "single_flight.py"}


def test_no_two_rooms_have_one_name() -> None:
    rooms = Counter(module.rpartition(".")[2] for module in MODULES if not module.endswith("__init__"))

    assert [name for name, times in rooms.items() if times > 1] == []


def test_no_folder_is_taken_for_output() -> None:
    """Git's templates, pytest, packagers and editors pass such folders over."""
    folders = {path.parent.name for path in (ROOT / "middleware").rglob("*.py")}

    assert not folders & {"build", "dist", "out", "target"}


def test_a_long_file_says_why() -> None:
    paths = [*CORE.rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in paths}
    long = {path: text for path, text in texts.items() if text.count("\n") > MAX_LINES}

    assert [path for path, text in long.items() if REASON not in (ast.get_docstring(ast.parse(text)) or "")] == []


def test_a_file_of_tests_is_read_in_one_sitting() -> None:
    """Longer than a file of code may be, as its tests are read one by one."""
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "tests").rglob("*.py")}

    assert [path for path, count in lines.items() if count > MAX_TEST_LINES] == []


@pytest.mark.parametrize("shell", ["wsgi", "asgi"])
def test_a_shell_is_small(shell: str) -> None:
    assert (CORE / "shells" / f"{shell}.py").read_text(encoding="utf-8").count("\n") < 220


def test_no_constructor_takes_more_than_twelve_parameters() -> None:
    taken = {
        (module, function.lineno): len(function.args.args) + len(function.args.kwonlyargs) - 1
        for module in MODULES
        for function in ast.walk(tree_of(module))
        if isinstance(function, ast.FunctionDef) and function.name == "__init__"
    }

    assert [where for where, count in taken.items() if count > 12] == []


def test_functions_are_short() -> None:
    """Counted without their docstrings."""
    lengths = sorted(
        max(0, (node.end_lineno or 0) - _first_statement(node) + 1)
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )

    assert median(lengths) <= 6
    assert lengths[int(0.95 * len(lengths))] <= 21


def _first_statement(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node) is None:
        return node.body[0].lineno
    return node.body[1].lineno if len(node.body) > 1 else (node.body[0].end_lineno or 0) + 1


def test_every_folder_of_tests_is_run(pytestconfig: pytest.Config) -> None:
    passed_over = pytestconfig.getini("norecursedirs")
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}

    assert [name for name in folders if any(fnmatch(name, pattern) for pattern in passed_over)] == []


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_adapter_uses_the_public_door_and_no_other_adapter_but_that_of_a_template_engine(adapter: str) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "adapters" / adapter).rglob("*.py"))
    imported = set(re.findall(r"^ *(?:from|import) (pressmark[\w.]*)", text, re.MULTILINE))
    own = {name for name in imported if name.partition(".")[0] == adapter}

    engine = {"pressmark_jinja2"}
    assert imported - own - engine <= {"pressmark", "pressmark.adapters", "pressmark.adapters.commands"}
    assert not [other for other in ADAPTERS if other not in (adapter, "pressmark_jinja2") and other in text]
