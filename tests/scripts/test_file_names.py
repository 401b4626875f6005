"""The files that a script names by strings, and no others."""

import pytest

from pressmark.scripts.file_names import MAX_NAMES, file_names
from pressmark.syntax.js_tree import parse


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param('need("b.js")', ["b.js"], id="a string"),
        pytest.param("need('/static/lib/b.min.js?v=1#x')", ["b.min.js"], id="a path"),
        pytest.param("need(`${base}/b.js`)", ["b.js"], id="a template"),
        pytest.param("find(\"script[src$='b.js']\")", ["b.js"], id="a selector"),
        pytest.param("find('script[src$=b.js]')", ["b.js"], id="a selector without quotes"),
        pytest.param(r"/\/b\.js$/.test(url)", ["b.js"], id="a regular expression"),
        pytest.param(r'need("x\/b.js")', ["b.js"], id="an escape"),
        pytest.param('load(["a.js", "c.mjs"])', ["a.js", "c.mjs"], id="several"),
        pytest.param('load("a.js,c.js")', ["a.js", "c.js"], id="several in one string"),
        pytest.param("// b.js\n/* b.js */ f()", [], id="a comment"),
        pytest.param('throw Error("needs b.js.")', [], id="prose"),
        pytest.param('throw Error("include b.js first")', [], id="prose with a blank"),
        pytest.param('"b.json"', [], id="another ending"),
        pytest.param('"https://b.js.org/"', [], id="a host"),
        pytest.param('e + ".js"', [], id="an ending alone"),
        pytest.param("b.js", [], id="a member"),
        pytest.param("f(require('./b.js'))", [], id="a module of CommonJS"),
        pytest.param("define(['exports', './b.js'], f)", [], id="modules of AMD"),
        pytest.param("require(['b.js'], f)", ["b.js"], id="a loader of modules"),
    ],
)
def test_a_script_names_files(text: str, names: list[str]) -> None:
    assert file_names(parse(text)) == names


def test_so_many_names_are_remembered() -> None:
    assert len(file_names(parse(",".join(f'"{number}.js"' for number in range(MAX_NAMES * 2))))) == MAX_NAMES


def test_a_long_string_is_read_once() -> None:
    """Each of its names is in the same string: read for each, a list of 20,000 would take minutes."""
    assert len(file_names(parse('"' + "a.js," * 20_000 + '"'))) == 1
