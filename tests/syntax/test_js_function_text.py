"""A script that takes the text of its own functions apart needs their white space and comments."""

import pytest

from pressmark.model import Asset
from pressmark.syntax.js_function_text import takes_functions_apart


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(function () {}).toString().slice(7, -3)", id="function"),
        pytest.param("(() => {}).toString().match(/a/)", id="arrow"),
        pytest.param("function f() {} f.toString().split('a')", id="declaration"),
        pytest.param("var f = function () {}; f.toString().replace('a', '')", id="variable"),
        pytest.param("o = {f: function () {}}; o.f.toString().substring(1)", id="property"),
        pytest.param("var f = (a) => a; String(f).indexOf('a')", id="String"),
        pytest.param("function f() {} Function.prototype.toString.call(f).trim()", id="the prototype's"),
        pytest.param("function f() {} /a/.exec(f.toString())", id="argument"),
        pytest.param("function f() {} var t = f.toString(); t.match(/a/)", id="by a name"),
    ],
)
def test_text_that_is_taken_apart_is_read(text: str) -> None:
    assert takes_functions_apart(Asset("/a.js", "text/javascript", text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x.toString().split('.')", id="something else"),
        pytest.param("function f(x) { return x.toString().match(/a/) }", id="a parameter"),
        pytest.param("function f() {} new Worker(URL.createObjectURL(new Blob([f.toString()])))", id="a worker"),
        pytest.param("function f() {} eval('(' + f.toString() + ')()')", id="put together"),
        pytest.param("function f() {} console.log(f.toString())", id="shown"),
        pytest.param("String(1).split('')", id="a number"),
        pytest.param("var s = 'f.toString().match'; function f() {}", id="in a string"),
        pytest.param("function f( f.toString().match(/a/)", id="no script"),
        pytest.param("f()", id="neither"),
    ],
)
def test_text_of_others_and_text_that_is_run_is_not(text: str) -> None:
    assert not takes_functions_apart(Asset("/a.js", "text/javascript", text.encode()))


def test_what_the_analysis_has_found_is_not_looked_for_again() -> None:
    asset = Asset("/a.js", "text/javascript", b"(function () {}).toString().slice(7)", reads_functions=False)

    assert not takes_functions_apart(asset)
