"""Minified stylesheets and scripts: smaller, and the same."""

import logging
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings

from pressmark.filters.minify import MinifyCss, MinifyJs
from pressmark.model import Asset, Source
from pressmark.syntax.css_tokens import preprocess
from pressmark.syntax.js_tokens import ScriptError, Tokens
from tests.profiles import marathon
from tests.syntax.installed import SCRIPTS, STYLESHEETS, read
from tests.syntax.same import same_script, same_sheet
from tests.syntax.test_css_tokens import soups
from tests.syntax.test_js_tokens import DIVISIONS, REGEXES


def css(text: str) -> str:
    """Return *text* minified."""
    return MinifyCss()(Asset("/a.css", "text/css", text.encode())).content.decode()


def js(text: str) -> str:
    """Return *text* minified."""
    return MinifyJs()(Asset("/a.js", "text/javascript", text.encode())).content.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a {\n  b: c ;\n}\n", "a{b:c}", id="blanks"),
        pytest.param("/* a */b{c:d}", "b{c:d}", id="comment"),
        pytest.param("@media  x {\n a { b: c; }\n}", "@media x{a{b:c}}", id="media"),
        pytest.param("a{b:c}\n\n\nd{e:f}", "a{b:c}d{e:f}", id="empty lines"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_stylesheet_gets_smaller(text: str, expected: str) -> None:
    assert css(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a ( 1 ) ;\n", "a(1);", id="blanks"),
        pytest.param("// a\nb();", "b();", id="line comment"),
        pytest.param("/* a */ b();", "b();", id="block comment"),
        pytest.param("if (a) {\n  b();\n}", "if(a){b();}", id="block"),
        pytest.param("a\n\n\nb", "a\nb", id="empty lines"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_script_gets_smaller(text: str, expected: str) -> None:
    assert js(text) == expected


CSS_TRAPS = {
    "blank before a pseudo-class": ".a :hover{b:c}",
    "sum": "a{b:calc(1px + 2px)}",
    "difference of brackets": "a{b:calc((1px) - (2px))}",
    "media query": "@media a and (b){c{d:e}}",
    "quoted url with a blank": "a{b:url('c d')}",
    "blank custom property": "a{--x: ;b:c}",
    "case of a custom property": "a{--x:  A  b  }",
    "custom property with braces": "a{--x:{b : c}}",
    "string with comments": "a{b:'/* c */  d'}",
    "data URL": "a{b:url(data:image/svg+xml;utf8,<svg/>)}",
    "escape with its blank": ".a\\3a .b{c:d}",
    "escaped brace and blank": ".a\\{ .b{c:d}",
    "url with blanks and escaped brace": ".a\\{ .b{c:url( d )}",
    "comment between names": "a/**/b{c:d}",
    "second semicolon": "@layer a;;b{c:d}",
    "invalid selector in media": "@media x{a: hover{b:url( c )}}",
    "comment of Internet Explorer": "a{b:c\\9;*d:e;_f:g}",
    "unclosed block": "a{b:c",
    "unclosed string": "a{b:'c",
    "unclosed comment": "a{b:c}/* d",
    "important": "a{b:c ! important}",
    "unicode range": "@font-face{unicode-range:U+0-7F, U+4??}",
    "nested": "a{& b{c:d}> e{f:g}}",
}


@pytest.mark.parametrize("text", CSS_TRAPS.values(), ids=CSS_TRAPS)
def test_a_minified_stylesheet_is_the_same(text: str) -> None:
    assert same_sheet(text, css(text))


JS_TRAPS = {
    "nested template": "x = `a  ${`b  c`}  d`",
    "template with a comment": "x = `// a ${b /* c */} /* d`",
    "regular expression with a comment": "x = /[/*]/ ; y()",
    "regular expression after a bracket": "if (a) /b  c/.test(d)",
    "signs": "a + +b - -c + ++d",
    "line end before a bracket": "a = b\n;(c)",
    "return and a line end": "function f() { return\na }",
    "object and a line end": "a = {}\nb()",
    "field's object and a line end": "class A { a = {}\n b = `${`c  d`}` }",
    "field's arrow and a line end": "class A { a = () => {}\n b() { return `${`c  d`}` } }",
    "declared name and a line end": "var a\n/b/.c; x = `${`c  d`}`",
    "opening comment of HTML": "a < ! --b; x = `${`c  d`}`",
    "closing comment of HTML": "a\n--> b\nc; x = `${`c  d`}`",
    "member of a number": "1 .a; x = `${`c  d`}`",
    "regular expression before in": "x = /a/ in b; y = `${`c  d`}`",
    "string over lines": "a = 'b\\\n c'",
    "hashbang": "#!a\nb()",
}


@pytest.mark.parametrize("text", [*JS_TRAPS.values(), *DIVISIONS.values(), *REGEXES.values()])
def test_a_minified_script_is_the_same(text: str) -> None:
    try:
        list(Tokens(text))
    except ScriptError:
        assert js(text) == text
    else:
        assert same_script(text, js(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x = `a  ${ `b  c` }` ;", "x=`a  ${ `b  c` }`;", id="nested template"),
        pytest.param("x = `${`a  b`}`;\n y ( )", "x=`${`a  b`}`;y()", id="with more behind it"),
        pytest.param("x = `${`a  b`}`\n y", "x=`${`a  b`}`\ny", id="with a line end that counts"),
        pytest.param(
            "x = /a/ in b; `${`a  b`}`", "x=/a/ in b;`${`a  b`}`", id="with a word after a regular expression"
        ),
        pytest.param("a + +b; `${`a  b`}`", "a+ +b;`${`a  b`}`", id="with signs"),
    ],
)
def test_what_rjsmin_spoils_is_minified_all_the_same(text: str, expected: str) -> None:
    assert js(text) == expected


def test_a_field_of_a_class_keeps_the_line_end_that_ends_it() -> None:
    assert js("class A {\n a = () => {}\n b = `${`c  d`}`\n}") == "class A{a=()=>{}\nb=`${`c  d`}`}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a{b:url( c )}\n d{e:f}", "a{b:url( c )}d{e:f}", id="blanks in a url"),
        pytest.param("a { --x: ; }", "a{--x: }", id="blank custom property"),
    ],
)
def test_what_rcssmin_spoils_is_minified_by_tokens(text: str, expected: str) -> None:
    assert css(text) == expected


@pytest.mark.parametrize(
    "text",
    ["/*! a */b{c:d}", "b{c:d}/*! a */", "b{/*! a */c:url( d )}", "/*! a */\n/*! e */b{c:url( d )}"],
    ids=["first", "last", "by tokens", "two by tokens"],
)
def test_a_stylesheet_keeps_its_licences(text: str) -> None:
    assert css(text).count("/*!") == text.count("/*!")


@pytest.mark.parametrize(
    "text",
    ["/*! a */ b()", "b(); /*! a */", "/*! a */ x = `${`b  c`}`", "/*! a */ x = `${`b  c`}`; /*! d */ e()"],
    ids=["first", "last", "first by tokens", "later by tokens"],
)
def test_a_script_keeps_its_licences(text: str) -> None:
    assert js(text).count("/*!") == text.count("/*!")


LICENCE = "/* (c) Example\n * @license MIT */"


@pytest.mark.parametrize("tag", ["@license", "@preserve"])
@pytest.mark.parametrize("text", ["{} b {{ c: d }}", "b {{ c: d }} {}", "b {{ {} c: d }}"])
def test_a_stylesheet_keeps_comments_with_the_tag_of_a_licence(text: str, tag: str) -> None:
    licence = LICENCE.replace("@license", tag)
    assert css(text.format(licence)).replace(licence, "") == "b{c:d}"
    assert css(text.format("/* licensed */")) == "b{c:d}"


@pytest.mark.parametrize("tag", ["@license", "@preserve"])
@pytest.mark.parametrize("licence", [LICENCE, "// @license MIT"])
@pytest.mark.parametrize("text", ["{}\nb ( )", "b ( )\n{}", "b ( ) ; {}\nd ( )", "{}\n", "b = `${{`c  d`}}` ; {}"])
def test_a_script_keeps_comments_with_the_tag_of_a_licence(text: str, licence: str, tag: str) -> None:
    licence = licence.replace("@license", tag)
    assert js(text.format(licence)).count(licence) == 1
    assert "licensed" not in js(text.format("/* licensed */"))


@pytest.mark.parametrize(
    "text", ["//! a\nb()", "/*@cc_on a @*/ b()", "//@cc_on\nb()"], ids=["line", "conditional", "conditional line"]
)
def test_a_script_keeps_the_comments_that_count(text: str) -> None:
    comment = text.partition("b()")[0].strip()

    assert comment in js(text)


BROKEN_JS = "x = 'a\n  // b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f ( function () {/*\n a \n*/} );", "f(function(){/*\n a \n*/});"),
        ("f ( () => { /* a */ /* b */ } );", "f(()=>{ /* a */ /* b */ });"),
        ("f ( {m ( ) {// a\n}} );", "f({m(){// a\n}});"),
        ("f ( function () { /* a */ g ( ) } );", "f(function(){g()});"),
        ("if ( a ) { /* b */ }", "if(a){}"),
        ("x = { /* a */ };", "x={};"),
    ],
    ids=["in a function", "in an arrow", "a line in a method", "beside code", "in a block", "in an object"],
)
def test_a_comment_that_is_all_of_a_function_stays(text: str, expected: str) -> None:
    """The function's text may be read for it."""
    assert js(text) == expected


def test_a_script_that_reads_its_functions_text_stays_as_it_is() -> None:
    text = "function f ( a /* int */ ) { }\nx = f.toString ( ).match ( /int/ )"

    assert js(text) == text


def test_a_text_that_nothing_leaves_the_same_stays_as_it_was() -> None:
    assert js(BROKEN_JS) == BROKEN_JS


def test_a_text_that_stays_as_it_was_is_warned_about_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "pressmark"):
        js(BROKEN_JS)

    assert [(record.name, record.levelname) for record in caplog.records] == [("pressmark", "WARNING")]
    assert "/a.js" in caplog.text


def test_no_warning_shows_what_the_file_says(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "pressmark"):
        js("password = 'hunter2\n")

    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("text", ["a{b:'\ud800'}", "a\ud800b"], ids=["in a string", "in a name"])
def test_a_lone_surrogate_is_no_text(text: str) -> None:
    """Files are decoded before they come here; nothing encodes one."""
    with pytest.raises(UnicodeEncodeError):
        css(text)


def test_an_asset_keeps_all_but_its_content() -> None:
    asset = Asset("/a.css?v=1", "text/css", b"a { b: c }", (Source("/x/a.css", "0", (1, 2)),), "utf-8")

    assert MinifyCss()(asset) == Asset(asset.url, "text/css", b"a{b:c}", asset.sources, "utf-8")


@pytest.mark.parametrize("text", ["é{b:'ü'}", "a{b:'\U0001f600'}"])
def test_characters_beyond_ascii_stay(text: str) -> None:
    assert css(text) == text


def test_a_filter_s_key_names_the_minifier_and_its_version() -> None:
    assert version("rcssmin") in MinifyCss.key
    assert version("rjsmin") in MinifyJs.key


@pytest.mark.parametrize("path", STYLESHEETS.values(), ids=STYLESHEETS)
def test_installed_stylesheets_are_the_same_and_smaller(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = read(path)

    minified = css(text)

    assert same_sheet(text, minified)
    assert len(minified) < len(text) or ".min." in path.name
    assert not caplog.records


@pytest.mark.parametrize("path", SCRIPTS.values(), ids=SCRIPTS)
def test_installed_scripts_are_the_same_and_no_larger(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = read(path)

    minified = js(text)

    assert same_script(text, minified)
    assert len(minified) <= len(text)
    assert not caplog.records


@settings(max_examples=marathon(300))
@given(soups)
def test_any_stylesheet_is_the_same_after_minifying(text: str) -> None:
    text = preprocess(text)

    assert same_sheet(text, css(text))


@settings(max_examples=marathon(300))
@given(soups)
def test_a_minified_stylesheet_is_minified_to_the_same(text: str) -> None:
    once = css(preprocess(text))

    assert same_sheet(once, css(once))


def test_a_script_that_ends_in_a_comment_gets_no_semicolon() -> None:
    assert js("f() // end;") == "f()"


def test_the_warning_names_the_file_and_what_differs_first(caplog: pytest.LogCaptureFixture) -> None:
    asset = Asset("/static/odd.js", "text/javascript", b"a = {} / b", (), "utf-8")  # only tokens tell what \"/\" is
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressmark.filters.minify._separator", lambda *_: "x")
        patch.setattr("rjsmin.jsmin", lambda text, **_: text.replace(b"b", b"d"))
        minified = MinifyJs()(asset)

    assert minified == asset
    assert "'/static/odd.js' is bundled unminified" in caplog.text
    assert "'a' became 'ax'" in caplog.text
