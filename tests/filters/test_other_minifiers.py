"""Minifiers other than our own shorten more, keep licences and source maps, and leave alone what they cannot read."""

import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pressmark.compilers import node, processes
from pressmark.errors import SettingsError
from pressmark.filters import other_minifiers as module
from pressmark.filters.other_minifiers import MinifyByEsbuild, MinifyByLightningCss, MinifyByTerser
from pressmark.filters.plugins import find_filters
from pressmark.model import Asset
from pressmark.protocols import Filter
from tests.conftest import Write
from tests.packages.installed import packages
from tests.site import Site

SHEET = "a { color: #ff0000; margin: 0px 0px 0px 0px }\n\n"
SCRIPT = "function go(longName) {\n  if (longName) { tell(longName) }\n}\n"


def sheet(text: str) -> Asset:
    return Asset("/static/a.css", "text/css", text.encode(), (), "utf-8")


def script(text: str) -> Asset:
    return Asset("/static/a.js", "text/javascript", text.encode(), (), "utf-8")


@pytest.fixture(autouse=True)
def own_pools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have each test begin without a process, and leave none."""
    css, js = processes.Pool(module._LightningCss), processes.Pool(node._Worker)
    monkeypatch.setattr(module, "_POOL", css)
    monkeypatch.setattr(node, "_POOL", js)
    yield
    css.close()
    js.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the packages of the tests, in which the server runs."""
    (tmp_path / "node_modules").symlink_to(packages())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.npm
@pytest.mark.usefixtures("project")
def test_esbuild_shortens_stylesheets_and_scripts() -> None:
    assert MinifyByEsbuild()(sheet(SHEET)).content == b"a{color:red;margin:0}"
    made = MinifyByEsbuild()(script(SCRIPT))
    assert made.content == b"function go(l){l&&tell(l)}" or len(made.content) < 30
    assert made.content.startswith(b"function go(")
    assert '"mappings"' in (made.source_map or "")


@pytest.mark.npm
@pytest.mark.usefixtures("project")
def test_esbuild_writes_for_older_browsers() -> None:
    assert b"??" not in MinifyByEsbuild("es2018")(script("tell(a ?? b)")).content
    assert MinifyByEsbuild("es2018").key != MinifyByEsbuild().key


@pytest.mark.npm
@pytest.mark.usefixtures("project")
def test_terser_shortens_scripts_and_takes_its_own_options() -> None:
    made = MinifyByTerser()(script(SCRIPT))

    assert made.content.startswith(b"function go(")
    assert len(made.content) < len(b"function go(longName){if(longName){tell(longName)}}")
    assert '"mappings"' in (made.source_map or "")
    assert (
        MinifyByTerser({"mangle": False})(script(SCRIPT)).content == b"function go(longName){longName&&tell(longName)}"
    )


def test_lightning_css_shortens_stylesheets_and_writes_for_older_browsers() -> None:
    assert MinifyByLightningCss()(sheet(SHEET)).content == b"a{color:red;margin:0}"
    made = MinifyByLightningCss(["safari 13"])(sheet("a { user-select: none }"))
    assert made.content == b"a{-webkit-user-select:none;user-select:none}"


@pytest.mark.parametrize(
    "text", ["/*! mine */ a { b: c }", "/* @license MIT */ a { b: c }", "a { b: c } /* @preserve */"]
)
def test_lightning_css_keeps_licences(text: str) -> None:
    licence = text[text.index("/*") : text.index("*/") + 2]

    assert MinifyByLightningCss()(sheet(text)).content.decode().replace("\n", "") == f"{licence}a{{b:c}}"


@pytest.mark.npm
@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("make", [MinifyByEsbuild, MinifyByTerser])
@pytest.mark.parametrize("licence", ["/*! mine */", "/* @license MIT */", "/* @preserve */"])
def test_scripts_keep_licences(make: Callable[[], Filter], licence: str) -> None:
    assert licence.encode() in make()(script(f"{licence}\ntell( 1 )")).content


@pytest.mark.npm
@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("make", [MinifyByEsbuild, MinifyByTerser])
def test_a_script_that_reads_the_text_of_its_functions_stays_as_it_is(make: Callable[[], Filter]) -> None:
    text = "tell(function (longName) { /* kept */ }.toString())\n"

    assert make()(script(text)).content.decode() == text


@pytest.mark.npm
@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("make", [MinifyByEsbuild, MinifyByTerser])
def test_a_script_that_is_none_stays_as_it_is_and_is_logged(
    make: Callable[[], Filter], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    assert make()(script("a = (")).content == b"a = ("
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith("'/static/a.js' is bundled unminified: ")


def test_deep_nesting_ends_no_process_but_its_own(caplog: pytest.LogCaptureFixture) -> None:
    deep = "a{" * 40_000 + "}" * 40_000

    assert MinifyByLightningCss()(sheet(deep)).content == deep.encode()
    assert caplog.records[0].getMessage().startswith("'/static/a.css' is bundled unminified: it has failed")
    assert MinifyByLightningCss()(sheet(SHEET)).content == b"a{color:red;margin:0}"


def test_a_server_that_has_python_inside_starts_the_one_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/sbin/uwsgi")

    assert MinifyByLightningCss()(sheet(SHEET)).content == b"a{color:red;margin:0}"


@pytest.mark.npm
@pytest.mark.usefixtures("project")
def test_each_has_a_name() -> None:
    found = find_filters({"css": ["lightningcss"], "js": ["esbuild", "terser"]}, minify=True)

    assert [each.key for each in found["css"]] == [MinifyByLightningCss().key]
    assert [each.key for each in found["js"]] == [MinifyByEsbuild().key, MinifyByTerser().key]


def test_what_is_not_installed_is_told_with_the_way_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SettingsError, match=r"'esbuild' needs esbuild, .* run npm install esbuild"):
        find_filters({"js": ["esbuild"]}, minify=True)
    with pytest.raises(SettingsError, match="'terser' needs the npm package 'terser'"):
        find_filters({"js": ["terser"]}, minify=True)


@pytest.mark.npm
@pytest.mark.usefixtures("project")
def test_a_site_with_them_bundles_and_maps_to_the_sources(static: Path, write: Write) -> None:
    write("a.css", SHEET)
    write("b.css", "b { color: #0000ff }")
    write("a.js", SCRIPT)
    write("b.js", "go( true )")
    css = '<link rel="stylesheet" href="/static/a.css"><link rel="stylesheet" href="/static/b.css">'
    js = '<script src="/static/a.js"></script><script src="/static/b.js"></script>'
    page = f"<!-- compress css -->{css}<!-- endcompress --><!-- compress js -->{js}<!-- endcompress -->"
    site = Site(static, page.encode(), {
        "filters": {"css": ["lightningcss"], "js": ["esbuild"]}, "source_maps": True,
    })  # fmt: skip

    sheets, scripts = site.get().bundles
    assert site.get(sheets).body.startswith(b"a{color:red;margin:0}\nb{color:")
    body = site.get(scripts).body.decode()
    assert "function go(" in body and "go(!0);" in body  # noqa: PT018
    name = body.rpartition("sourceMappingURL=../")[2].strip()
    assert b'"/static/a.js"' in site.get(f"/pressmark/{name}").body
