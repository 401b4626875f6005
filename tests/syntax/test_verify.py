"""What a minifier may take away, and what it may not."""

import pytest
from hypothesis import given, settings

from pressmark.syntax.css_outline import outline_of
from pressmark.syntax.css_tokens import preprocess
from pressmark.syntax.js_skeleton import skeleton_of
from pressmark.syntax.js_tokens import ScriptError
from tests.profiles import marathon
from tests.syntax.same import same_script, same_sheet
from tests.syntax.test_css_tokens import soups


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a = 1 ;", "a=1;", id="blanks"),
        pytest.param("a; // b\nc", "a;c", id="comment"),
        pytest.param("/* a */ b", "b", id="comment at the beginning"),
        pytest.param("a = (\n b\n)", "a=(b)", id="line ends in brackets"),
        pytest.param("a =\n b", "a=b", id="line end after an operator"),
        pytest.param("a\n .b()\n .c()", "a.b().c()", id="chained calls"),
        pytest.param("a\n ? b\n : c", "a?b:c", id="ternary over lines"),
        pytest.param("if (a)\n b", "if(a)b", id="line end after a head"),
        pytest.param("if (a) b;\nelse\n c", "if(a)b;else c", id="line end after else"),
        pytest.param("f(a,\n b)", "f(a,b)", id="arguments over lines"),
        pytest.param("{\n a;\n}", "{a;}", id="block over lines"),
        pytest.param("return_ = 1\n;b", "return_=1;b", id="a line end before a semicolon"),
        pytest.param("a;\n\n\nb", "a;b", id="empty lines"),
        pytest.param("a\n\n\nb", "a\nb", id="several line ends for one"),
        pytest.param("a\r\nb", "a\nb", id="another line end"),
        pytest.param("class A { m() {}\n n() {} }", "class A{m(){}n(){}}", id="line end between methods"),
        pytest.param("function f() {\n return;\n}", "function f(){return;}", id="empty return"),
        pytest.param("`a${ b }`", "`a${b}`", id="blanks in a template's expression"),
    ],
)
def test_a_harmless_removal_leaves_the_same_script(one: str, other: str) -> None:
    assert same_script(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a = 1", "a = 2", id="another number"),
        pytest.param("a()", "a();", id="one token more"),
        pytest.param("'a  b'", "'a b'", id="blank in a string"),
        pytest.param("`a  b`", "`a b`", id="blank in a template"),
        pytest.param("`${`a  b`}`", "`${`a b`}`", id="blank in a nested template"),
        pytest.param("`a${b} // c`", "`a${b}`", id="what looks like a comment in a template"),
        pytest.param("x = /a  b/", "x = /a b/", id="blank in a regular expression"),
        pytest.param("a + +b", "a++b", id="signs that merge"),
        pytest.param("a + ++b", "a+++b", id="signs that merge otherwise"),
        pytest.param("a - -b", "a--b", id="minus signs that merge"),
        pytest.param("x = a / /b/", "x = a //b/", id="slashes that merge to a comment"),
        pytest.param("1 .x", "1.x", id="a point that joins the number"),
        pytest.param("a\nb", "a b", id="a line end between statements"),
        pytest.param("a\n++b", "a ++b", id="a line end before an increment"),
        pytest.param("a\n(b)", "a(b)", id="a line end before a bracket"),
        pytest.param("a = b\n[c]", "a=b[c]", id="a line end before a square bracket"),
        pytest.param("a\n`b`", "a`b`", id="a line end before a template"),
        pytest.param("return_\n/b/g", "return_;/b/g", id="a semicolon more"),
        pytest.param("function f() { return\na }", "function f(){return a}", id="a line end after return"),
        pytest.param("function f() { return a }", "function f(){return\na}", id="a new line end after return"),
        pytest.param("for (;;) { break\na }", "for(;;){break a}", id="a line end after break"),
        pytest.param("for (;;) { continue\na }", "for(;;){continue a}", id="a line end after continue"),
        pytest.param("function* f() { yield\na }", "function*f(){yield a}", id="a line end after yield"),
        pytest.param("async\nfunction f() {}", "async function f(){}", id="a line end after async"),
        pytest.param("a = () => {}\nb()", "a=()=>{}b()", id="a line end after an arrow's body"),
        pytest.param("a = {}\nb()", "a={}b()", id="a line end after an object"),
        pytest.param("a = function () {}\nb()", "a=function(){}b()", id="a line end after a function expression"),
        pytest.param("do a(); while (b)\nc", "do a();while(b)d", id="another name"),
        pytest.param("var a\n/r/.x", "var a/r/.x", id="a line end after a declared name"),
        pytest.param("class A { a\nb }", "class A{a b}", id="a line end between fields"),
        pytest.param("class A { a = 1\nb }", "class A{a=1 b}", id="a line end after a field's value"),
        pytest.param("class A { a = {}\nb = 1 }", "class A{a={}b=1}", id="a line end after a field's object"),
        pytest.param(
            "class A { a = () => {}\nb() {} }", "class A{a=()=>{}b(){}}", id="a line end after a field's arrow"
        ),
        pytest.param("class A { get\na() {} }", "class A{get a(){}}", id="a line end after a field called get"),
        pytest.param("class A { static\na() {} }", "class A{a(){}}", id="a static less"),
        pytest.param("static\na", "static a", id="a line end after a name that is reserved elsewhere"),
        pytest.param("a\n=> b", "a => b", id="a line end before an arrow, which is an error"),
        pytest.param("a\n--> b", "a-->b", id="a closing comment of HTML"),
        pytest.param("a < !--b", "a<!--b", id="an opening comment of HTML"),
        pytest.param("x = 'a'", 'x = "a"', id="another quote"),
        pytest.param("1 instanceof a", "1instanceof a", id="a number that runs into a word"),
    ],
)
def test_a_change_of_a_script_is_seen(one: str, other: str) -> None:
    try:
        same = same_script(one, other)
    except ScriptError:
        same = False

    assert not same
    assert skeleton_of(one) is None or skeleton_of(one) != skeleton_of(other)


@pytest.mark.parametrize(("one", "other"), [("'a", "a"), ("a", "'a")], ids=["before", "after"])
def test_a_broken_script_is_the_same_as_none(one: str, other: str) -> None:
    with pytest.raises(ScriptError):
        same_script(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a { b : c ; }", "a{b :c}", id="blanks and the last semicolon"),
        pytest.param("a{} /* b */ c{}", "a{}c{}", id="comment"),
        pytest.param("a{;;b:c;;d:e;}", "a{b:c;d:e}", id="semicolons in a block"),
        pytest.param("a , b{}", "a,b{}", id="blanks around a comma"),
        pytest.param("a > b + c ~ d{}", "a>b+c~d{}", id="blanks around combinators"),
        pytest.param("a  b{}", "a b{}", id="several blanks for one"),
        pytest.param("a\n\tb{}", "a b{}", id="another blank"),
        pytest.param("a{b:f( c , d )}", "a{b:f(c,d)}", id="blanks in a function's brackets"),
        pytest.param("a{b:c !important}", "a{b:c!important}", id="blank before important"),
        pytest.param("@media x {\n a{b:c}\n}", "@media x{a{b:c}}", id="blanks in a media block"),
        pytest.param("a[ b = c ]{}", "a[b = c]{}", id="blanks inside square brackets"),
        pytest.param("a{--x: b ;}", "a{--x:b}", id="blanks around a custom property's value"),
        pytest.param("a\r\nb{}", "a\nb{}", id="another line end"),
        pytest.param("a/*x*/b{}", "a/**/b{}", id="another comment"),
        pytest.param("@import 'a';", "@import 'a'", id="the last semicolon of the file"),
        pytest.param("@media (a: 1px) and ((b: c)){}", "@media (a:1px) and ((b:c)){}", id="blank in a media feature"),
        pytest.param("@supports (a: b){c{d: e}}", "@supports (a:b){c{d:e}}", id="blanks in a condition and its rule"),
        pytest.param("a{b{c > d{e: f}}}", "a{b{c>d{e:f}}}", id="blanks in nested rules"),
        pytest.param("a{b: c/* d */;/* e */}", "a{b:c}", id="comments beside punctuation"),
        pytest.param("a >/**/ b{}", "a>b{}", id="a comment and blanks around a combinator"),
    ],
)
def test_a_harmless_removal_leaves_the_same_sheet(one: str, other: str) -> None:
    assert same_sheet(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(".a :hover{}", ".a:hover{}", id="blank before a pseudo-class"),
        pytest.param("@media x{.a :hover{}}", "@media x{.a:hover{}}", id="the same in a media block"),
        pytest.param(".a .b{}", ".a.b{}", id="blank before a class"),
        pytest.param(".a [b]{}", ".a[b]{}", id="blank before an attribute"),
        pytest.param("[a] [b]{}", "[a][b]{}", id="blank between attributes"),
        pytest.param(".a *{}", ".a*{}", id="blank before a star"),
        pytest.param("a:not(b) c{}", "a:not(b)c{}", id="blank after a bracket"),
        pytest.param(".a\\{ .b{}", ".a\\{.b{}", id="blank after a name that ends in an escaped brace"),
        pytest.param(".a\\, .b{}", ".a\\,.b{}", id="blank after a name that ends in an escaped comma"),
        pytest.param(".a\\3a .b{}", ".a\\3a.b{}", id="blank that ends an escape"),
        pytest.param("a{b:calc(1px + 2px)}", "a{b:calc(1px+2px)}", id="blanks around plus"),
        pytest.param("a{b:calc(1px - 2px)}", "a{b:calc(1px -2px)}", id="blank after minus"),
        pytest.param("a{b:calc(1px + (2px))}", "a{b:calc(1px +(2px))}", id="blank between plus and bracket"),
        pytest.param("@media a and (b){}", "@media a and(b){}", id="blank before a bracket"),
        pytest.param("@media not (b){}", "@media not(b){}", id="not becomes a function"),
        pytest.param("a{b:c d}", "a{b:cd}", id="blank between words"),
        pytest.param("a{b:1px -2px}", "a{b:1px-2px}", id="blank before a sign"),
        pytest.param("a{b:#fff url(c)}", "a{b:#fffurl(c)}", id="blank after a colour"),
        pytest.param("a{b:url('c d')}", "a{b:url(c d)}", id="quotes around a url with a blank"),
        pytest.param("a{b:url(c)}", "a{b:url(C)}", id="case of a url"),
        pytest.param("a{b:'c  d'}", "a{b:'c d'}", id="blank in a string"),
        pytest.param("a{b:0px}", "a{b:0}", id="unit"),
        pytest.param("a{b:#FFF}", "a{b:#fff}", id="case of a colour"),
        pytest.param("a{--x: ;}", "a{--x:;}", id="a custom property that is blank"),
        pytest.param("a{--x:B}", "a{--x:b}", id="case of a custom property"),
        pytest.param("a{--x:b  c}", "a{--x:b c}", id="blank in a custom property"),
        pytest.param("a{--x:b/**/c}", "a{--x:bc}", id="comment in a custom property"),
        pytest.param("a{--x:{b: c}}", "a{--x:{b:c}}", id="braces in a custom property"),
        pytest.param("a{\\--x:B}", "a{\\--x:b}", id="an escaped custom property"),
        pytest.param("a{}b{}", "b{}a{}", id="order"),
        pytest.param("a{}a{}", "a{}", id="repetition"),
        pytest.param("a{b:c;b:d}", "a{b:d}", id="an overruled declaration"),
        pytest.param("a{}", "", id="an empty rule"),
        pytest.param("a{};b{}", "a{}b{}", id="a semicolon between rules"),
        pytest.param("@layer a;;b{c:d}", "@layer a;b{c:d}", id="a second semicolon between rules"),
        pytest.param("a: hover{}", "a:hover{}", id="an invalid selector"),
        pytest.param("@media x{a: hover{b:c}}", "@media x{a:hover{b:c}}", id="an invalid selector in a media block"),
        pytest.param("/*! a */b{}", "b{}", id="a licence"),
        pytest.param("a/**/b{}", "ab{}", id="a comment between names"),
        pytest.param("a{b:c", "a{b:c}d{}", id="one rule more"),
        pytest.param("a{b:U+26}", "a{b:U +26}", id="blank in a unicode range"),
        pytest.param("[a ~ = b]{}", "[a ~= b]{}", id="an invalid operator"),
        pytest.param("[a^/**/=b]{}", "[a^=b]{}", id="a comment inside an operator"),
        pytest.param("a{b:U/**/+41}", "a{b:U+41}", id="a comment inside a unicode range"),
        pytest.param("a{b:U+4/**/?}", "a{b:U+4?}", id="a comment before the end of a unicode range"),
        pytest.param("a:not(: hover){}", "a:not(:hover){}", id="an invalid selector in brackets"),
        pytest.param("@supports selector(: is(a)){}", "@supports selector(:is(a)){}", id="an invalid tested selector"),
        pytest.param("@supports selector((: is(a))){}", "@supports selector((:is(a))){}", id="the same in brackets"),
        pytest.param("@scope (: is(a)){}", "@scope (:is(a)){}", id="an invalid scope"),
        pytest.param("@media x{a:not(: b){}}", "@media x{a:not(:b){}}", id="the same in a media block"),
        pytest.param("a{b:not(: c){}}", "a{b:not(:c){}}", id="the same in a nested rule"),
        pytest.param("a{b:attr(c type(<d >))}", "a{b:attr(c type(<d>))}", id="an invalid type"),
        pytest.param("@function --f() returns <c >{}", "@function --f() returns <c>{}", id="an invalid result"),
        pytest.param("a{b:c > d}", "a{b:c>d}", id="blanks around a sign in a value"),
    ],
)
def test_a_change_of_a_sheet_is_seen(one: str, other: str) -> None:
    assert not same_sheet(one, other)
    assert outline_of(one) is None or outline_of(one) != outline_of(other)


@settings(max_examples=marathon(300))
@given(soups)
def test_a_sheet_is_the_same_as_itself_without_its_line_ends_of_windows(text: str) -> None:
    assert same_sheet(text, preprocess(text))
