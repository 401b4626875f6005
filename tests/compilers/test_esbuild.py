"""TypeScript and JSX are compiled by esbuild's binary, which tells what it has bundled."""

import json
import logging
import os
from pathlib import Path
from tempfile import gettempdir

import pytest

from pressmark.compilers.esbuild import Esbuild
from pressmark.compilers.processes import CompilerError
from pressmark.errors import AssetError, SettingsError
from pressmark.filters.plugins import find_precompilers
from tests.compilers.conftest import Given, inline
from tests.compilers.test_node import project, told
from tests.conftest import Write
from tests.packages.installed import packages
from tests.site import Site

pytestmark = pytest.mark.npm

__all__ = ["project"]


def test_a_script_keeps_its_names_for_the_page(project: Path, given: Given) -> None:
    made = Esbuild()(given("const a: number = 1;\nfunction go(b: string) { return b }\n", "a.ts", "text/typescript"))

    assert made.content == b"const a = 1;\nfunction go(b) {\n  return b;\n}\n"


def test_a_module_is_bundled_with_what_it_imports_and_keeps_its_names_to_itself(
    project: Path, given: Given, write: Write
) -> None:
    write("lib/dep.ts", "export const deep: number = 5;")
    made = Esbuild()(given('import {deep} from "./lib/dep"; const mine = deep; tell(mine)', "a.ts", "text/typescript"))

    assert made.content.startswith(b"(() => {")
    assert b"import" not in made.content
    assert {"static/lib/dep.ts", "static/lib", "static", "tsconfig.json"} <= told(made, project)


def test_a_module_that_imports_only_types_is_one_all_the_same(project: Path, given: Given) -> None:
    made = Esbuild()(given('import type {T} from "./none"; const mine: T = 1', "a.ts", "text/typescript"))

    assert made.content.startswith(b"(() => {")


def test_packages_from_npm_are_bundled_in_their_form_for_production(project: Path, given: Given) -> None:
    made = Esbuild()(given('import React from "react"; tell(React)', "a.ts", "text/typescript"))

    assert b"react.production.min.js" in made.content
    assert b"react.development.js" not in made.content


@pytest.mark.parametrize(("media_type", "name"), [("text/jsx", "a.js"), ("text/jsx", "a.jsx"), ("text/tsx", "a.tsx")])
def test_jsx_becomes_calls(media_type: str, name: str, project: Path, given: Given) -> None:
    made = Esbuild(arguments=["--jsx-factory=h"])(given("tell(<b>hi</b>)", name, media_type))

    assert made.content == b'tell(/* @__PURE__ */ h("b", null, "hi"));\n'


def test_the_projects_configuration_counts_and_is_watched(project: Path, given: Given) -> None:
    asset = given("tell(<b/>)", "a.tsx", "text/tsx")
    (project / "tsconfig.json").write_text('{"compilerOptions": {"jsxFactory": "m"}}')

    assert Esbuild()(asset).content == b'tell(/* @__PURE__ */ m("b", null));\n'
    assert "tsconfig.json" in told(Esbuild()(asset), project)


def test_configurations_that_another_extends_are_watched(project: Path, given: Given, write: Write) -> None:
    (project / "config").mkdir()
    (project / "config" / "base.json").write_text('{"compilerOptions": {"jsxFactory": "m"}}')
    (project / "tsconfig.json").write_text('{"extends": "./config/base"}')
    made = Esbuild()(given("tell(<b/>)", "a.tsx", "text/tsx"))

    assert b'm("b", null)' in made.content
    assert {"config/base.json", "tsconfig.json", "jsconfig.json"} <= told(made, project)


def test_a_file_that_cannot_be_found_is_waited_for(project: Path, given: Given) -> None:
    with pytest.raises(CompilerError, match="Could not resolve") as raised:
        Esbuild()(given('import "../lib/later"', "js/a.ts", "text/typescript"))

    assert str(project / "static" / "lib" / "later.ts") in (raised.value.dependencies or ())


def test_code_in_the_page_has_no_configuration_but_the_projects(project: Path, tmp_path: Path) -> None:
    stray = Path(gettempdir(), "tsconfig.json")
    assert not stray.exists()
    stray.write_text('{"compilerOptions": {"jsxFactory": "evil"}}')
    try:
        assert b"React.createElement" in Esbuild()(inline("tell(<b/>)", "text/jsx")).content
        (project / "tsconfig.json").write_text('{"compilerOptions": {"jsxFactory": "mine"}}')
        assert b'mine("b", null)' in Esbuild()(inline("tell(<b/>)", "text/jsx")).content
    finally:
        stray.unlink()


def test_mere_types_are_nothing_and_no_mistake(project: Path, static: Path, write: Write) -> None:
    write("a.ts", "interface A { a: number }")
    write("b.js", "go ( )")
    scripts = '<script type="text/typescript" src="/static/a.ts"></script><script src="/static/b.js"></script>'
    [url] = (site := Site(static, f"<!-- compress js -->{scripts}<!-- endcompress -->".encode())).get().bundles

    assert b"go()" in site.get(url).body


def test_an_older_browser_may_be_the_target(project: Path, given: Given) -> None:
    asset = given("tell(a ?? b)", "a.ts", "text/typescript")

    assert b"??" in Esbuild()(asset).content
    assert b"??" not in Esbuild("es2018")(asset).content
    assert Esbuild().key != Esbuild("es2018").key


def test_the_source_map_names_sources_and_no_folder(project: Path, given: Given, write: Write) -> None:
    write("lib/dep.ts", "export const deep = 5;")
    made = Esbuild()(given('import {deep} from "./lib/dep"; tell(deep)', "a.ts", "text/typescript"))
    found = json.loads(made.source_map or "")

    assert found["sources"] == ["lib/dep.ts", "a.ts"]
    assert found["sourcesContent"][0] == "export const deep = 5;"


def test_code_in_the_page_is_compiled_too(project: Path) -> None:
    made = Esbuild()(inline("const a: number = 1", "text/typescript"))

    assert (made.content, made.dependencies) == (b"const a = 1;\n", ())


def test_a_mistake_is_told_with_its_line(project: Path, given: Given) -> None:
    with pytest.raises(ValueError, match=r'(?s)Expected identifier but found "=".*static/a\.ts:1:6'):
        Esbuild()(given("const = 1", "a.ts", "text/typescript"))


def test_what_it_complains_of_is_logged(project: Path, given: Given, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    Esbuild()(given('if (typeof a === "nope") tell()', "a.ts", "text/typescript"))

    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("compiler esbuild complains of /static/a.ts:")
    assert "will never evaluate" in line


def test_a_file_that_was_written_meanwhile_is_read_again(project: Path, given: Given, static: Path) -> None:
    asset = given("tell(1)", "a.ts", "text/typescript")
    (static / "a.ts").write_text("tell(2)")

    with pytest.raises(AssetError, match="was written while it was being compiled"):
        Esbuild()(asset)


def test_it_is_found_by_itself_where_its_package_is(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_precompilers({})
    types = [f"text/{each}" for each in ("typescript", "x-typescript", "tsx", "x-tsx", "jsx", "x-jsx")]

    assert {found[each].key for each in types} == {Esbuild().key}
    assert Esbuild().key.startswith("esbuild 0.28.2 ")
    (project / "node_modules").unlink()
    monkeypatch.setenv("PATH", str(project))
    assert "text/typescript" not in find_precompilers({})
    with pytest.raises(SettingsError, match="run npm install esbuild"):
        Esbuild()


def test_a_site_with_typescript_needs_no_setting_and_sees_a_change_of_what_is_imported(
    project: Path, static: Path, write: Write
) -> None:
    write("dep.ts", "export const deep: number = 5;")
    write("a.ts", 'import {deep} from "./dep"; tell(deep)')
    page = b'<!-- compress js --><script type="text/typescript" src="/static/a.ts"></script><!-- endcompress -->'
    site = Site(static, page, {"refresh": 0})
    [before] = site.get().bundles
    assert b"var deep=5;tell(deep);" in site.get(before).body.replace(b"\n", b"")

    write("dep.ts", "export const deep: number = 6;")
    os.utime(static / "dep.ts", (1_600_000_000, 1_600_000_000))
    [after] = site.get().bundles
    assert b"var deep=6;" in site.get(after).body
    assert packages().is_dir()
