"""Sass is compiled by one process of Dart Sass after the other, which tells what it has loaded."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from pressmark.compilers import found as known
from pressmark.compilers import processes
from pressmark.compilers import sass as module
from pressmark.compilers.processes import CompilerError
from pressmark.compilers.sass import Sass
from pressmark.errors import SettingsError
from pressmark.filters.plugins import find_precompilers
from pressmark.model import Asset
from tests.compilers.conftest import Given

SASS_TYPES = {"text/scss", "text/x-scss", "text/sass", "text/x-sass"}


@pytest.fixture(autouse=True)
def own_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have each test begin without a process, and leave none."""
    pool = processes.Pool(module._DartSass)
    monkeypatch.setattr(module, "_POOL", pool)
    yield
    pool.close()


def running() -> list[int]:
    """Return the processes of Dart Sass that this process has."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and b"sass.snapshot" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def test_nesting_becomes_css(given: Given) -> None:
    assert Sass()(given("nav { a { color: red } }")).content == b"nav a {\n  color: red;\n}"


@pytest.mark.parametrize("media_type", ["text/sass", "text/x-sass"])
def test_the_type_tells_the_indented_syntax(given: Given, media_type: str) -> None:
    assert Sass()(given("nav\n  a\n    color: red\n", "a.sass", media_type)).content == b"nav a {\n  color: red;\n}"


def test_all_that_was_loaded_is_told_wherever_it_lies(given: Given, tmp_path: Path, static: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "_deep.scss").write_text("$color: teal;")
    (library / "_middle.scss").write_text("@use 'deep'; $color: deep.$color;")
    (static / "scss").mkdir()
    (static / "scss" / "_near.scss").write_text("@use 'middle'; $color: middle.$color;")
    made = Sass([str(library)])(given("@use 'near'; a { color: near.$color }"))

    assert made.content == b"a {\n  color: teal;\n}"
    files = {Path(path).name for path in made.dependencies or () if path.endswith(".scss")}
    assert files == {"_near.scss", "_middle.scss", "_deep.scss"}
    assert {str(library), str(static / "scss")} < set(made.dependencies or ())


def test_the_source_map_names_files_and_no_directory_of_the_machine(given: Given, static: Path) -> None:
    (static / "scss").mkdir()
    (static / "scss" / "_near file.scss").write_text("b { color: blue }")
    made = Sass()(given("@use 'near file' as near; a { color: red }"))
    found = json.loads(made.source_map or "")

    assert found["sources"] == ["_near%20file.scss", "site.scss"]
    assert found["sourcesContent"] == ["b { color: blue }", "@use 'near file' as near; a { color: red }"]


def test_the_source_map_of_code_in_the_page_names_no_directory_either(tmp_path: Path) -> None:
    (tmp_path / "_near.scss").write_text("b { color: blue }")
    made = Sass([str(tmp_path)])(Asset("/page/", "text/x-scss", b"@use 'near'; a { color: red }", (), "utf-8"))

    assert str(tmp_path) not in (made.source_map or "")
    assert "_near.scss" in json.loads(made.source_map or "")["sources"]


class BrokenOffError(BaseException):
    """What a signal may raise in any thread, between any two lines."""


def test_the_answer_to_a_compilation_that_was_broken_off_is_nobody_elses(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(self: object) -> None:
        raise BrokenOffError

    sass = Sass()
    with monkeypatch.context() as patch:
        patch.setattr(module._DartSass, "_receive", break_off)
        with pytest.raises(BrokenOffError):
            sass(given("a { color: red }"))

    assert sass(given("b { color: red }", "b.scss")).content.startswith(b"b")


def test_a_load_path_of_the_environment_is_none(given: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_far.scss").write_text("")
    monkeypatch.setenv("SASS_PATH", str(tmp_path))

    with pytest.raises(CompilerError, match="Can't find stylesheet"):
        Sass()(given("@use 'far';"))


def test_code_in_the_page_is_compiled_too() -> None:
    asset = Asset("/page/", "text/x-scss", b"a { b { color: red } }", (), "utf-8")

    assert Sass()(asset).content == b"a b {\n  color: red;\n}"


def test_letters_of_all_scripts_survive(given: Given) -> None:
    made = Sass()(given("a::after { content: 'naïve ☃' }"))

    assert made.content.decode() == 'a::after {\n  content: "naïve ☃";\n}'


def test_a_mistake_is_told_with_its_place_and_with_what_was_loaded(given: Given, static: Path) -> None:
    (static / "scss").mkdir()
    (static / "scss" / "_near.scss").write_text("$a: 1;")
    with pytest.raises(CompilerError, match=r"(?s)Undefined variable.*site\.scss 2:12") as raised:
        Sass()(given("@use 'near';\na { color: $missing }"))

    assert [Path(path).name for path in raised.value.dependencies or ()] == ["_near.scss", "scss"]


def test_what_it_complains_of_is_logged(given: Given, caplog: pytest.LogCaptureFixture) -> None:
    Sass()(given("@warn 'too wide'; a { color: red }"))

    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("compiler sass complains of /static/scss/site.scss: WARNING: too wide")


def test_one_process_serves_one_compilation_after_the_other(given: Given) -> None:
    sass = Sass()
    sass(given("a { color: red }"))
    [first] = running()
    with pytest.raises(CompilerError):
        sass(given("a {"))
    sass(given("a { color: blue }"))

    assert running() == [first]


def test_several_at_once_have_a_process_each_and_few_stay(given: Given) -> None:
    sass, assets = Sass(), [given(f"a{number} {{ b {{ color: red }} }}", f"{number}.scss") for number in range(12)]
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(sass, assets))

    assert [each.content.split()[0] for each in made] == [b"a%d" % number for number in range(12)]
    assert 1 <= len(running()) <= processes.MAX_IDLE


def test_a_process_that_was_killed_is_replaced(given: Given) -> None:
    sass = Sass()
    sass(given("a { color: red }"))
    [first] = running()
    os.kill(first, signal.SIGKILL)

    assert sass(given("a { color: blue }")).content == b"a {\n  color: blue;\n}"
    assert running() != [first]


def test_a_process_without_work_ends(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "IDLE_S", 0.1)
    Sass()(given("a { color: red }"))
    deadline = time.monotonic() + 10
    while running() and time.monotonic() < deadline:
        time.sleep(0.05)

    assert running() == []


def test_one_that_never_ends_is_stopped(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "TIMEOUT_S", 1.0)
    with pytest.raises(CompilerError, match="it took more than 1 seconds") as raised:
        Sass()(given("@while true { a { color: red } }"))

    assert raised.value.dependencies is None
    assert running() == []


def test_a_forked_process_leaves_its_parents_compiler_alone(given: Given) -> None:
    sass = Sass()
    sass(given("a { color: red }"))
    [first] = running()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if sass(given("b { color: red }", "b.scss")).content.startswith(b"b") else 2
        finally:
            os._exit(code)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert running() == [first]
    assert sass(given("c { color: red }", "c.scss")).content.startswith(b"c")


# The settings


def without(package: str) -> str:
    """Stand in for ``version`` where no package is installed."""
    raise PackageNotFoundError(package)


def test_sass_is_found_by_itself_for_its_types() -> None:
    found = find_precompilers({})

    assert {found[media_type].key for media_type in SASS_TYPES} == {Sass().key}


def test_a_site_may_have_another_compiler_for_a_type() -> None:
    found = find_precompilers({"text/scss": ["true"]})

    assert found["text/scss"].key != found["text/x-scss"].key == Sass().key


def test_it_has_a_name() -> None:
    assert find_precompilers({"text/mine": "sass"})["text/mine"].key == Sass().key


def test_other_load_paths_are_another_compiler(tmp_path: Path) -> None:
    assert Sass([str(tmp_path)]).key != Sass().key != Sass(quiet_deps=False).key


def test_without_the_package_there_is_none_and_who_asks_is_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "version", without)
    monkeypatch.setitem(sys.modules, "pressmark.compilers.sass", None)

    assert not SASS_TYPES & set(find_precompilers({}))
    with pytest.raises(SettingsError, match=r"pip install 'pressmark\[sass\]'"):
        find_precompilers({"text/mine": "sass"})


def test_a_server_without_the_package_knows_its_types_where_a_manifest_has_what_was_made(
    monkeypatch: pytest.MonkeyPatch, given: Given
) -> None:
    monkeypatch.setattr(known, "version", without)
    monkeypatch.setitem(sys.modules, "pressmark.compilers.sass", None)
    found = find_precompilers({}, may_be_absent=True)

    assert set(found) >= SASS_TYPES
    with pytest.raises(ValueError, match=r"pip install 'pressmark\[sass\]'"):
        found["text/x-scss"](given("a { color: red }"))
