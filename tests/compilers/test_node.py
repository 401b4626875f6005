"""Less, Stylus, CoffeeScript and PostCSS are compiled by one process of Node.js, which tells what they looked for."""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressmark.compilers import node as module
from pressmark.compilers import processes
from pressmark.compilers.node import CoffeeScript, Less, NpmCompiler, PostCSS, Stylus
from pressmark.compilers.processes import CompilerError
from pressmark.errors import SettingsError
from pressmark.filters.plugins import find_precompilers
from pressmark.model import Asset
from tests.compilers.conftest import Given, inline
from tests.conftest import Write
from tests.packages.installed import packages
from tests.site import Site

pytestmark = pytest.mark.npm

Make = Callable[..., NpmCompiler]


@pytest.fixture(autouse=True)
def own_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have each test begin without a process, and leave none."""
    pool = processes.Pool(module._Worker)
    monkeypatch.setattr(module, "_POOL", pool)
    yield
    pool.close()


@pytest.fixture
def project(tmp_path: Path, static: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a site with the packages of the tests, in which the server runs."""
    (tmp_path / "node_modules").symlink_to(packages())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(made: Asset, folder: Path) -> set[str]:
    """Return the paths below *folder* that a compiler has told, relative to it."""
    return {os.path.relpath(path, folder) for path in made.dependencies or () if path.startswith(f"{folder}/")}


def test_less_becomes_css_and_tells_what_it_imported_and_embedded(project: Path, given: Given, write: Write) -> None:
    write("less/deep/colours.less", "@red: #f00;")
    write("less/a.txt", "hi")
    asset = given(
        '@import "deep/colours"; a { b { color: @red; background: data-uri("a.txt") } }', "less/a.less", "text/less"
    )
    made = Less()(asset)

    assert made.content == b'a b {\n  color: #f00;\n  background: url("data:text/plain,hi");\n}\n'
    assert told(made, project / "static") == {"less/deep/colours.less", "less/a.txt"}


def test_less_waits_for_a_file_that_may_be_missing(project: Path, given: Given) -> None:
    made = Less()(given('@import (optional) "later"; a { color: red }', "a.less", "text/less"))

    assert "later.less" in told(made, project / "static")


def test_less_looks_in_its_paths_and_takes_its_own_options(project: Path, given: Given, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "sizes.less").write_text("@size: 6px;")
    less = Less([str(tmp_path / "library")], {"math": "always"})
    made = less(given('@import "sizes"; a { width: @size / 2 }', "a.less", "text/less"))

    assert made.content == b"a {\n  width: 3px;\n}\n"
    assert Less().key != less.key != Less([str(tmp_path / "library")]).key


def test_stylus_becomes_css_and_a_glob_means_the_folder(project: Path, given: Given, write: Write) -> None:
    write("mixins/one.styl", "red = #f00")
    made = Stylus()(given("@import 'mixins/*'\na\n  color red\n", "a.styl", "text/stylus"))

    assert made.content == b"a {\n  color: #f00;\n}\n"
    assert {"mixins", "mixins/one.styl"} <= told(made, project / "static")


def test_coffeescript_becomes_a_script_that_depends_on_nothing(project: Path, given: Given) -> None:
    made = CoffeeScript()(given("square = (x) -> x * x\n", "a.coffee", "text/coffeescript"))

    assert made.content.startswith(b"(function() {")
    assert b"square = function(x) {" in made.content
    assert made.dependencies == ()
    bare = CoffeeScript({"bare": True})(given("a = 1\n", "b.coffee", "text/coffeescript"))
    assert bare.content == b"var a;\n\na = 1;\n"


def test_postcss_has_its_configuration_and_what_plug_ins_read(project: Path, given: Given, write: Write) -> None:
    plugins = '{"postcss-import": {}, autoprefixer: {overrideBrowserslist: ["Safari 7"]}}'
    (project / "postcss.config.js").write_text(f"module.exports = {{plugins: {plugins}}}")
    write("css/part.css", "p { color: red }")
    made = PostCSS()(given('@import "./css/part.css"; a { user-select: none }', "a.css", "text/postcss"))

    assert made.content == b"p { color: red } a { -webkit-user-select: none; user-select: none }"
    assert {"postcss.config.js", "static/css/part.css"} <= told(made, project)


def test_a_changed_configuration_is_loaded_anew(project: Path, given: Given) -> None:
    config = project / "postcss.config.js"
    (project / "prefixes.js").write_text("module.exports = ['Safari 7']")
    config.write_text("module.exports = {plugins: {autoprefixer: {overrideBrowserslist: require('./prefixes.js')}}}")
    asset = given("a { user-select: none }", "a.css", "text/postcss")
    made = PostCSS()(asset)
    assert b"-webkit-" in made.content
    assert "prefixes.js" in told(made, project)

    (project / "prefixes.js").write_text("module.exports = ['last 1 chrome version']")
    assert PostCSS()(asset).content == b"a { user-select: none }"


def test_code_that_a_configuration_imports_is_loaded_anew_in_every_process(project: Path, given: Given) -> None:
    (project / "plug.mjs").write_text("export default ['Safari 7']")
    (project / "postcss.config.mjs").write_text(
        "import list from './plug.mjs'; import autoprefixer from 'autoprefixer';\n"
        "export default {plugins: [autoprefixer({overrideBrowserslist: list})]}"
    )
    assets = [given(f"a{number} {{ user-select: none }}", f"{number}.css", "text/postcss") for number in range(4)]
    with ThreadPoolExecutor(4) as threads:  # so that two processes wait afterwards
        assert all(b"-webkit-" in made.content for made in threads.map(PostCSS(), assets))

    (project / "plug.mjs").write_text("export default ['last 1 chrome version']")
    assert [PostCSS()(asset).content for asset in assets] == [asset.content for asset in assets]


def test_what_one_compiler_has_loaded_is_no_business_of_another(project: Path, given: Given) -> None:
    (project / "postcss.config.js").write_text("module.exports = {plugins: {'postcss-import': {}}}")
    PostCSS()(given("a { color: red }", "a.css", "text/postcss"))
    made = Less()(given("a { color: red }", "a.less", "text/less"))

    assert told(made, project) == set()


def test_tailwind_as_a_plug_in_tells_folders_and_templates(project: Path, given: Given) -> None:
    (project / "postcss.config.js").write_text("module.exports = {plugins: {'@tailwindcss/postcss': {}}}")
    (project / "templates" / "deep").mkdir(parents=True)
    (project / "templates" / "deep" / "a.html").write_text('<p class="m-7">')
    made = PostCSS()(given('@import "tailwindcss";', "a.css", "text/postcss"))

    assert b".m-7" in made.content
    assert {"templates", "templates/deep", "templates/deep/a.html"} <= told(made, project)


@pytest.mark.parametrize(
    ("compiler", "name", "media_type", "text"),
    [
        (Less, "less/a b.less", "text/less", "a { b { color: red } }"),
        (Stylus, "a.styl", "text/stylus", "a\n  b\n    color red\n"),
        (CoffeeScript, "a.coffee", "text/coffeescript", "a = 1\n"),
        (PostCSS, "css/a.css", "text/postcss", "a { color: red }"),
    ],
)
def test_the_source_map_names_the_source_with_its_text_and_no_folder(
    compiler: Callable[[], NpmCompiler], name: str, media_type: str, text: str, project: Path, given: Given
) -> None:
    (project / "postcss.config.js").write_text("module.exports = {plugins: {}}")
    made = compiler()(given(text, name, media_type))
    found = json.loads(made.source_map or "")

    assert found["sources"] == [Path(name).name.replace(" ", "%20")]
    assert found["sourcesContent"] == [text]
    assert str(project) not in (made.source_map or "")


def test_the_source_map_leads_to_imported_files_too(project: Path, given: Given, write: Write) -> None:
    write("shared/colours.less", "c { color: red }")
    made = Less()(given('@import "../shared/colours"; a { color: red }', "less/a.less", "text/less"))

    assert sorted(json.loads(made.source_map or "")["sources"]) == ["../shared/colours.less", "a.less"]


@pytest.mark.parametrize(
    ("compiler", "media_type", "text", "told"),
    [
        (Less, "text/less", "a { color: @missing }", r"variable @missing is undefined in .*a\.x on line 1"),
        (Stylus, "text/stylus", "a\n  @import 'nope'\n", r"failed to locate @import file nope\.styl"),
        (CoffeeScript, "text/coffeescript", "a = (x -> x\n", r"a\.x:1:5: error: missing \)"),
        (PostCSS, "text/postcss", "a { color: red", r"a\.x:1:1: Unclosed block"),
    ],
)
def test_a_mistake_is_told_in_the_compilers_own_words(
    compiler: Callable[[], NpmCompiler], media_type: str, text: str, told: str, project: Path, given: Given
) -> None:
    (project / "postcss.config.js").write_text("module.exports = {plugins: {'postcss-import': {}}}")
    with pytest.raises(CompilerError, match=told) as raised:
        compiler()(given(text, "a.x", media_type))

    assert raised.value.dependencies is not None


def test_what_is_missing_is_waited_for(project: Path, given: Given) -> None:
    with pytest.raises(CompilerError) as raised:
        Less()(given('@import "later";', "a.less", "text/less"))

    assert str(project / "static" / "later.less") in (raised.value.dependencies or ())


def test_code_in_the_page_is_compiled_too(project: Path) -> None:
    assert Less()(inline("a { b { color: red } }", "text/less")).content == b"a b {\n  color: red;\n}\n"
    assert Stylus()(inline("a\n  color red\n", "text/stylus")).content == b"a {\n  color: #f00;\n}\n"


def test_one_process_serves_all_and_is_replaced_when_it_was_killed(project: Path, given: Given) -> None:
    asset = given("a { color: red }", "a.less", "text/less")
    Less()(asset)
    [idle] = module._POOL._idle
    CoffeeScript()(given("a = 1", "a.coffee", "text/coffeescript"))
    [again] = module._POOL._idle
    assert again.process is idle.process

    idle.process._process.kill()
    assert Less()(asset).content == b"a {\n  color: red;\n}\n"


def test_one_that_hangs_is_stopped_with_its_children(
    project: Path, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = project / "pids"
    (project / "postcss.config.js").write_text(
        "const child = require('node:child_process').spawn('sleep', ['600']);\n"
        f"require('node:fs').writeFileSync({json.dumps(str(pids))}, `${{process.pid}} ${{child.pid}}`);\n"
        "while (true) {}\n"
    )
    monkeypatch.setattr(processes, "TIMEOUT_S", 2.0)
    with pytest.raises(CompilerError, match="it took more than 2 seconds"):
        PostCSS()(given("a { color: red }", "a.css", "text/postcss"))

    deadline = time.monotonic() + 5
    while any(_runs(pid) for pid in pids.read_text().split()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in pids.read_text().split() if _runs(pid)]


def _runs(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_a_plug_in_prints_is_no_answer_and_what_it_warns_of_is_logged(
    project: Path, given: Given, caplog: pytest.LogCaptureFixture
) -> None:
    plugin = (
        "{postcssPlugin: 'mine', Once(root, {result}) { console.log('{}'); process.stdout.write('x\\n');"
        " root.warn(result, 'too red') }}"
    )
    (project / "postcss.config.js").write_text(f"module.exports = {{plugins: [{plugin}]}}")
    caplog.set_level(logging.WARNING)

    assert PostCSS()(given("a { color: red }", "a.css", "text/postcss")).content == b"a { color: red }"
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("compiler postcss complains of /static/a.css: mine: ")
    assert "too red" in line


# The settings


def test_they_are_found_by_themselves_where_their_packages_are(project: Path) -> None:
    found = find_precompilers({})

    keys = {each: found[f"text/{each}"].key for each in ("less", "stylus", "coffeescript", "postcss")}
    assert keys == {"less": Less().key, "stylus": Stylus().key, "coffeescript": CoffeeScript().key,
                    "postcss": PostCSS().key}  # fmt: skip
    assert keys["less"].startswith("less 4.9.1 ")


def test_a_folder_deep_below_the_packages_is_one_of_their_project(
    project: Path, monkeypatch: pytest.MonkeyPatch, static: Path
) -> None:
    monkeypatch.chdir(static)

    assert "text/less" in find_precompilers({})


def test_without_the_package_who_asks_is_told_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="run npm install less, or give folder="):
        Less()
    assert "text/less" not in find_precompilers({})


def test_options_that_cannot_be_handed_on_are_refused(project: Path) -> None:
    with pytest.raises(SettingsError, match="'less' has options that are no JSON"):
        Less(options={"math": object()})


def test_a_site_with_less_needs_no_setting_and_sees_a_change_of_what_is_imported(
    project: Path, static: Path, write: Write
) -> None:
    write("colours.less", "@red: #f00;")
    write("a.less", '@import "colours"; a { b { color: @red } }')
    page = b'<!-- compress css --><link rel="stylesheet" type="text/less" href="/static/a.less"><!-- endcompress -->'
    site = Site(static, page, {"refresh": 0})
    [before] = site.get().bundles
    assert site.get(before).body == b"a b{color:#f00}"

    write("colours.less", "@red: #e00;")
    os.utime(static / "colours.less", (1_600_000_000, 1_600_000_000))
    [after] = site.get().bundles
    assert site.get(after).body == b"a b{color:#e00}"
