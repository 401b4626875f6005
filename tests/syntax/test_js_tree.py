"""The syntax tree of a script: what two parsers do not read alike is refused, and nothing takes long to read."""

from contextlib import suppress

import pytest

from pressmark.syntax.js_refusals import ScriptSyntaxError
from pressmark.syntax.js_tree import parse


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
