"""The syntax tree of a script: what two parsers do not read alike is refused, and nothing takes long to read."""

from contextlib import nullcontext, suppress

import pytest

from pressmark.syntax.js_bindings import possible_binding, scope_of_binding
from pressmark.syntax.js_refusals import ScriptSyntaxError
from pressmark.syntax.js_tree import parse, whole_word


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("let\na = 1", id="line end"),
        pytest.param("let // b\na = 1", id="comment"),
        pytest.param("let\u2028a = 1", id="line separator"),
        pytest.param("b; let\r\na", id="after a statement"),
        pytest.param("var let = 1", id="a name"),
    ],
)
def test_a_let_that_no_name_follows_on_its_line_is_refused(text: str) -> None:
    with pytest.raises(ScriptSyntaxError, match="let as a name"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["let a", "let[a]=b", "let {a} = b", "let \xe9 = 1", "for (let a of b) ;", "let /**/ a", "let\n[a] = b"]
)
def test_any_other_let_is_read(text: str) -> None:
    assert parse(f"var b = [];{text}".replace("= b", "= [b]")).root.has_error is False


def test_words_in_strings_and_comments_are_no_let() -> None:
    tree = parse('// we let\nvar a = "let // x";\nfoo(); `let\n`; /* let */ a.let\n= 1; let b')

    assert [declared.name for declared in tree.lexical] == ["b"]


@pytest.mark.parametrize("start", ["let ", "// let\n", "using ", "/* let */ "])
@pytest.mark.parametrize("more", ["// ", "/* */ ", "/", "let/*", "\n", "# ", "\\"])
def test_no_text_takes_longer_than_its_length(start: str, more: str) -> None:
    """A pattern that tries each of two ways to go on would try for years here."""
    with suppress(ScriptSyntaxError):
        parse(start + more * 1000 + "\n;x")


@pytest.mark.parametrize(
    ("text", "count"), [("e", 1), ("e.e", 2), ("ee $e e_ e1", 0), ("-e-", 1), ("\xe9e", 1), ("e$ e", 1), ("", 0)]
)
def test_a_word_is_found_where_it_is_no_part_of_a_longer_one(text: str, count: int) -> None:
    assert len(whole_word(b"e").findall(text.encode())) == count


BINDINGS = """
var e; | let e = 1; | const [e] = a; | const {e} = a; | const {b: e} = a; | const {...e} = a; | const [...e] = a;
function e(){} | function*e(){} | class e{} | class e extends a {} | (function e(){}); | function b(e){} | var[e,b]=a
(e=>1); | ((e)=>1); | (async e=>1); | (function(e,b){}); | (function(b,...e){}) | function f({e=1}){} | (({b:e=1})=>1)
try{}catch(e){} | for(var e=1;;); | for(let e=1;;); | var e/**/=1 | var e
"""


@pytest.mark.parametrize("statement", [each for line in BINDINGS.split("\n") for each in line.split(" | ") if each])
@pytest.mark.parametrize("end", ["", "\n+1", "\n(1)", "/*x*/", "//x"])
def test_no_binding_escapes_the_search_for_possible_ones(statement: str, end: str) -> None:
    with suppress(ScriptSyntaxError) if end else nullcontext():  # not each end fits each statement
        tree = parse("(function(){" + statement + end + "\n})")
        bound = [node.id for node in tree.find(whole_word(b"e")) if tree.text(node) == "e" and scope_of_binding(node)]

        assert bound
        assert set(bound) <= {node.id for node in tree.find(possible_binding(b"e"))}


@pytest.mark.parametrize("text", ["a.e", "e.a", "e[1]", "e+1", "!e(1)", "e?1:2", "e==1", "a=e(1)"])
def test_what_cannot_bind_a_name_is_not_looked_at(text: str) -> None:
    assert not possible_binding(b"e").search(text.encode())
