"""Two scripts are the same program but for the names of what nobody else sees, or that is not proved."""

import pytest

from pressmark.syntax.js_renaming import Names, UnprovedError, prove_renamed
from pressmark.syntax.js_tree import parse


def is_proved(before: str, after: str) -> bool:
    try:
        prove_renamed(parse(before), parse(after))
    except UnprovedError:
        return False
    return True


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Names
        ("function f(long) { return long + 1 }", "function f(a){return a+1}"),
        ("function f() { var one = 1, two = one; return () => one + two }", "function f(){var a=1,b=a;return()=>a+b}"),
        ("{ let one = 1; tell(one) }", "{let a=1;tell(a)}"),
        ("function f(one, two) { return one(two) }", "function f(b,a){return b(a)}"),
        ("function f({one, two: three}) { tell(one, three) }", "function f({one:a,two:b}){tell(a,b)}"),
        ("function f({one = 1}) { tell(one) }", "function f({one:a=1}){tell(a)}"),
        ("function f(one) { return {one} }", "function f(a){return{one:a}}"),
        ("function f([one, ...rest]) { tell(rest, one) }", "function f([a,...b]){tell(b,a)}"),
        ("function f(one, two = one) { var three = two; return three }", "function f(a,b=a){var c=b;return c}"),
        ("try { f() } catch (error) { tell(error) }", "try{f()}catch(a){tell(a)}"),
        ("function f() { for (var key in all) tell(key) }", "function f(){for(var a in all)tell(a)}"),
        ("for (const each of all) tell(each)", "for(const a of all)tell(a)"),
        ("function f() { for (let i = 0; i < 9; i++) g(() => i) }", "function f(){for(let a=0;a<9;a++)g((()=>a))}"),
        ("(function () { var me = 1; (function (me) { tell(me) })(me) })()",
         "(function(){var a=1;(function(b){tell(b)})(a)})()"),
        ("function f() { one: for (;;) { two: for (;;) break one } }", "function f(){a:for(;;){b:for(;;)break a}}"),
        ("function f(x) { switch (x) { case 1: let y = x; y() } }", "function f(a){switch(a){case 1:let b=a;b()}}"),
        ("class A { m(one) { return one } static { var two = 1; tell(two) } }",
         "class A{m(a){return a}static{var b=1;tell(b)}}"),
        ("function f() { var g = function h() { return h } }", "function f(){var g=function h(){return h}}"),
        # Spelling
        ("if (a) { b() } else { c() }", "if(a)b();else c()"),
        ("while (a) { b(); }", "while(a)b()"),
        ("var a = 'it\\'s', b = 0x10, c = 1000", "var a=\"it's\",b=16,c=1e3"),
        ("a = {'b': 1, 'c-d': 2, 3: 4}", 'a={b:1,"c-d":2,3:4}'),
        ("a = (b, c); d = ((e)); f = (function () {})", "a=(b,c);d=e;f=function(){}"),
        ("new A; new B()", "new A();new B"),
        ("a = x => { return x }", "a=x=>x"),
        ("a = (x) => ({b: x})", "a=x=>({b:x})"),
        ("a = [1, , 2, ]", "a=[1,,2]"),
        (";;a();;", "a()"),
        ("'use strict'; a = '\\ud83d\\ude00'", "'use strict';a='😀'"),
        ("/x/mg.test(a)", "/x/gm.test(a)"),
        ("function f() {} /* over */ // done", "function f(){}"),
    ],
)  # fmt: skip
def test_the_same_program_is_proved(before: str, after: str) -> None:
    assert is_proved(before, after)
    assert is_proved(after, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Names that others see
        ("function f() {}", "function g(){}"),
        ("var one = 1", "var a=1"),
        ("let one = 1; tell(one)", "let a=1;tell(a)"),
        ("for (var i = 0; i < 9; i++) a()", "for(var b=0;b<9;b++)a()"),
        ("function f(a) { return a.long }", "function f(a){return a.b}"),
        ("function f(one) { return {one} }", "function f(a){return{a}}"),
        ("function f({one}) { return one }", "function f({a}){return a}"),
        ("class A { #one = 1; m() { return this.#one } }", "class A{#a=1;m(){return this.#a}}"),
        # Names that a program can ask for
        ("function f() { function long() {} tell(long) }", "function f(){function a(){}tell(a)}"),
        ("function f() { var long = function () {}; tell(long) }", "function f(){var a=function(){};tell(a)}"),
        ("function f() { let long; long = () => 1; tell(long) }", "function f(){let a;a=()=>1;tell(a)}"),
        ("function f(long = class {}) { tell(long) }", "function f(a=class{}){tell(a)}"),
        ("function f() { var {long = () => 1} = g; tell(long) }", "function f(){var{long:a=()=>1}=g;tell(a)}"),
        ("function f() { let long; long ??= () => 1; tell(long) }", "function f(){let a;a??=()=>1;tell(a)}"),
        ("tell(function long() {})", "tell(function a(){})"),
        ("tell(class Long {})", "tell(class A{})"),
        # Another variable
        ("function f(one) { return one + a }", "function f(a){return a+a}"),
        ("function f(one, two) { return one - two }", "function f(a,b){return b-a}"),
        ("function f(one, two) { return one - two }", "function f(a,b){return a-a}"),
        ("function f(one) { return function (two) { return one } }", "function f(a){return function(a){return a}}"),
        ("function f() { var one = 1; { let two = 2; tell(one, two) } }", "function f(){var a=1;{let a=2;tell(a,a)}}"),
        ("function f() { var one = 1; { let two = 2; } tell(one) }", "function f(){let b=2;{let a=1}tell(b)}"),
        ("function f(a) { var b; return a }", "function f(a){var b;return b}"),
        ("function f(a) { return arguments }", "function f(arguments){return arguments}"),
        ("function f(x) { return y }", "function f(y){return y}"),
        ("function f(a = x) { var x = 1 }", "function f(a=b){var b=1}"),
        ("function f(x) { return {[x](x) {}} }", "function f(x){return{[a](a){}}}"),
        ("function f() { try {} catch (e) { var e = 1 } return e }", "function f(){try{}catch(a){var b=1}return b}"),
        ("a: b: for (;;) break a", "a:b:for(;;)break b"),
        ("function f() { { function g() {} } var g; g() }", "function f(){{function g(){}}var a;a()}"),
        ("function f(one) { with (one) two() }", "function f(a){with(a)two()}"),
        ("function f(one) { eval('one') }", "function f(a){eval('one')}"),
        # Another program
        ("a(); b()", "b();a()"),
        ("a()", "a();b()"),
        ("a + b", "a - b"),
        ("a++", "++a"),
        ("var a = 1", "let a=1"),
        ("if (a) b()", "if(a)b();else c()"),
        ("if (a) if (b) c(); else d()", "if(a){if(b)c()}else d()"),
        ("for (;a;) b()", "for(a;;)b()"),
        ("for (a in b) c()", "for(a of b)c()"),
        ("a?.b.c", "(a?.b).c"),
        ("'use strict'; a()", "('use strict');a()"),
        ("function f() { 'use strict'; return 1 }", "function f(){return 1}"),
        ("a = [1, , 2]", "a=[1,2]"),
        ("a = [1, 2, ,]", "a=[1,2]"),
        ("a = '1'", "a=1"),
        ("a = 'b'", "a='c'"),
        ("a = 1n", "a=1"),
        ("a = 9007199254740993n", "a=9007199254740992n"),
        ("a = 010", "a=10"),
        ("a = `b`", "a='b'"),
        ("a = `x\\n`", "a=`x\n`"),
        ("a = {__proto__: b}", "a={__proto__}"),
        ("a = {get b() {}}", "a={b(){}}"),
        ("a = {async b() {}}", "a={b(){}}"),
        ("a = {*b() {}}", "a={b(){}}"),
        ("a = {b: function () {}}", "a={b(){}}"),
        ("a = function () {}", "a=()=>{}"),
        ("a = async () => {}", "a=()=>{}"),
        ("a = x => { y; return x }", "a=x=>x"),
        ("class A { static b = 1 }", "class A{b=1}"),
        ("class A extends B {}", "class A{}"),
        ("async function f() { for await (var a of b) c() }", "async function f(){for(var a of b)c()}"),
        ("function f() { return new.target }", "function f(){return new target}"),
        ("/a/g", "/a/"),
        ("/a/", "/b/"),
        ("a.b", "a['b']"),
        ("delete a.b", "delete a"),
        ("do a(); while (b)", "while(b)a()"),
        ("switch (a) { case 1: b(); default: c() }", "switch(a){default:c();case 1:b()}"),
        ("try { a() } finally { b() }", "try{a()}catch{b()}"),
        ("try { a() } catch (e) {}", "try{a()}catch{}"),
        ("f(...a)", "f(a)"),
        ("f(a, b)", "f((a,b))"),
        ("yield_ = (a, b)", "yield_=a,b"),
        ("(a, b) => c", "a=>b=>c"),
        ("a ? b : c", "a ? c : b"),
        ("x = a ? b : c", "x=(a?b:c,d)"),
        ("a = b ** -c", "a=-(b**c)"),
        ("new (a())", "new a()"),
        ("new a.b()", "new a().b"),
        ("a = typeof (b + c)", "a=typeof b+c"),
    ],
)  # fmt: skip
def test_another_program_is_not_proved(before: str, after: str) -> None:
    assert not is_proved(before, after)


def test_the_names_that_a_program_can_ask_for_are_told() -> None:
    text = "function f(p) { var a = () => 1, b = 2, {c = class {}} = d; e = function () {}; class G {} }"

    assert set(Names(parse(text)).inferred()) == {"f", "a", "c", "e", "G"}


def test_depth_is_no_hindrance() -> None:
    deep = f"function f(a) {{ return {'(' * 400}a{')' * 400}{'+1' * 3000} }}"

    assert is_proved(deep, deep.replace("(a)", "(b)").replace("f(b)", "f(b)").replace("f(a)", "f(b)"))
