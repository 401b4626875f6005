"""Every filter and every form of a precompiler that django-compressor documents, with the real tools."""

import json
import stat
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pressmark.filters.plugins import find_filters, find_precompilers
from pressmark.model import Asset, Source
from tests.adapters import django_project
from tests.conftest import Write
from tests.packages.installed import packages

django_project.configure()

from pressmark_django.compressor.settings import read_compress_settings  # noqa: E402  # Django must be configured first

pytestmark = pytest.mark.npm

SHEET = "a { color: #ff0000; }\n\nb { margin: 0px 0px 0px 0px; }\n"
SCRIPT = "function go(longName) {\n  return longName + 1;\n}\nwindow.go = go;\n"


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the programs of the packages on the PATH, as ``npm install --global`` does."""
    folder, node = tmp_path / "bin", Path(sys.executable).with_name("node")
    folder.mkdir()
    for package in ("clean-css-cli", "coffeescript", "less", "stylus", "sass", "yuglify", "@babel/cli"):
        about = json.loads((packages() / package / "package.json").read_text())
        found = about["bin"] if isinstance(about["bin"], dict) else {package: about["bin"]}
        for name, path in found.items():
            program = folder / name
            program.write_text(f'#!/bin/sh\nexec "{node}" "{packages() / package / path}" "$@"\n')
            program.chmod(0o755)
    closure = packages() / "google-closure-compiler-linux" / "compiler"  # npm unpacks it without the right to run
    closure.chmod(closure.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder


def options(**old: Any) -> dict[str, Any]:
    found: dict[str, Any] = read_compress_settings({f"COMPRESS_{name}": value for name, value in old.items()}).options
    return found


def filtered(kind: str, name: str, text: str, **old: Any) -> str:
    """Return *text* after the filter of django-compressor's *name*, with its settings."""
    wanted = options(FILTERS={kind: [f"compressor.filters.{name}"]}, **old)["filters"]
    [found] = find_filters(wanted, minify=False)["css" if kind == "css" else "js"]
    media_type = "text/css" if kind == "css" else "text/javascript"
    return found(Asset(f"/static/a.{kind}", media_type, text.encode(), (), "utf-8")).content.decode().strip()


def test_clean_css() -> None:
    assert filtered("css", "cleancss.CleanCSSFilter", SHEET) == "a{color:red}b{margin:0}"


def test_closure_compiler() -> None:
    binary = str(packages() / "google-closure-compiler-linux" / "compiler")
    made = filtered("js", "closure.ClosureCompilerFilter", SCRIPT, CLOSURE_COMPILER_BINARY=binary)

    assert made == "function go(a){return a+1}window.go=go;"


def yui() -> str:
    [jar] = (packages() / "yuicompressor" / "build").glob("*.jar")
    return f"java -jar {jar}"


def test_yui_compressor() -> None:
    assert filtered("css", "yui.YUICSSFilter", SHEET, YUI_BINARY=yui()) == "a{color:red}b{margin:0}"
    assert filtered("js", "yui.YUIJSFilter", SCRIPT, YUI_BINARY=yui()) == "function go(a){return a+1}window.go=go;"


def test_yuglify() -> None:
    assert filtered("css", "yuglify.YUglifyCSSFilter", SHEET) == "a{color:#f00}b{margin:0}"
    assert filtered("js", "yuglify.YUglifyJSFilter", SCRIPT) == "function go(o){return o+1}window.go=go"


def test_rcssmin_and_rjsmin() -> None:
    assert filtered("css", "cssmin.rCSSMinFilter", SHEET) == "a{color:#ff0000}b{margin:0px 0px 0px 0px}"
    assert filtered("js", "jsmin.rJSMinFilter", SCRIPT) == "function go(longName){return longName+1;}\nwindow.go=go;"


@pytest.mark.parametrize(
    ("media_type", "command", "name", "text", "made"),
    [
        ("text/coffeescript", "coffee --compile --stdio", "a.coffee", "a = -> 1\n", "a = function() {"),
        ("text/less", "lessc {infile} {outfile}", "a.less", "a { b { color: red } }", "a b {\n  color: red;\n}"),
        ("text/x-scss", "sass {infile} {outfile}", "a.scss", "a { b { color: red } }", "a b {\n  color: red;\n}"),
        ("text/x-sass", "sass {infile} {outfile}", "a.sass", "a\n  b\n    color: red\n", "a b {\n  color: red;\n}"),
        ("text/stylus", "stylus < {infile} > {outfile}", "a.styl", "a\n  color red\n", "a {\n  color: #f00;\n}"),
        (
            "text/jsx", "cat {infile} | babel --filename a.jsx --presets PRESET > {outfile}", "a.jsx", "tell(<b/>)",
            'tell(/*#__PURE__*/_jsx',
        ),
    ],
)  # fmt: skip
def test_each_documented_form_of_a_precompiler(
    media_type: str, command: str, name: str, text: str, made: str, static: Path, write: Write
) -> None:
    command = command.replace("PRESET", str(packages() / "@babel" / "preset-react"))
    wanted = options(PRECOMPILERS=((media_type, command),))["precompilers"]
    write(name, text)
    source = Source(str(static / name), sha256(text.encode()).hexdigest(), None)
    asset = Asset(f"/static/{name}", media_type, text.encode(), (source,), "utf-8")

    assert made in find_precompilers(wanted)[media_type](asset).content.decode()
