"""Compare two scripts or two stylesheets: they are the same if only white space and comments differ.

A minifier is never trusted: its output is compared, token by token, with its input.
"""

from array import array
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from pressmark.syntax import css_tokens as css
from pressmark.syntax import js_tokens as js
from pressmark.syntax.licences import is_licence

PARTED = "\0"
"""The separator of a stylesheet's tokens, in which there is none."""
SHOWN = 40
"""Characters of a token that a message shows."""

# Tokens beside which a line end cannot matter: the statement surely goes on, or has surely ended.
_ASSIGNMENTS = "= += -= *= /= %= &= |= ^= <<= >>= >>>= **= &&= ||= ??="
_BINARY = "* / % ** & | ^ < > <= >= == != === !== << >> >>> && || ??"
_GOES_ON_AFTER = frozenset(f"; , ( [ {{ : ? . ?. + - ! ~ ... => {_ASSIGNMENTS} {_BINARY}".split())
_GOES_ON_BEFORE = frozenset(f"; , ) ] }} : ? . ?. {_ASSIGNMENTS} {_BINARY}".split())
_STATEMENT_ENDS = frozenset(("", "{", "}", ";"))
_PUNCTUATION = frozenset(("", ":", ";", ",", "(", ")", "[", "]", "{", "}", "value"))
# The at-rules whose preludes hold conditions in parentheses.
_CONDITIONAL = frozenset(("media", "supports", "container", "import"))
_RESTRICTED = frozenset(("return", "break", "continue", "throw", "yield", "async"))


def script_difference(mine: Iterable[js.Token], theirs: Iterable[js.Token]) -> str | None:
    """Return the first difference of two scripts: a token, or a line end at which a semicolon may be inserted.

    ``None`` means that they are the same program (ECMAScript 12.10, automatic semicolon insertion). Raises ScriptError.
    """
    before: js.Token | None = None
    for a, b in zip_longest(mine, theirs):
        if a is None or b is None or (a.text, a.kind, a.kept) != (b.text, b.kind, b.kept):
            return _difference(*(each and each.kept + each.text for each in (a, b)))
        if before is not None and a.newline != b.newline and needs_newline(before, a):
            return f"the line end between {_shown(before.text)} and {_shown(a.text)}"
        before = a
    return None


def needs_newline(before: js.Token, after: js.Token) -> bool:
    """Tell whether a line end between two tokens may end a statement."""
    if before.kind == "name" and before.text in _RESTRICTED:
        return after.text not in (";", "}")
    if before.in_class and after.in_class:  # a line end also parts the fields of a class
        return before.text not in (";", "{") and not before.ends_method and after.text not in (";", "}", "=", ")", ",")
    if before.kind == "punctuation" and before.text in _GOES_ON_AFTER:
        return False
    if after.kind == "punctuation" and after.text in _GOES_ON_BEFORE:
        return False
    # No value ends with ")" of a loop's head, nor with a word like "else"; with "}" of an arrow's body one may.
    return before.ends_value or before.text == "}"


def sheet_difference(mine: str, theirs: str) -> str | None:
    """Return the first difference of two stylesheets, given as ``css_skeleton`` does; ``None`` if there is none."""
    if mine == theirs:
        return None
    pairs = zip_longest(mine.split(PARTED), theirs.split(PARTED))
    return next(_difference(a, b) for a, b in pairs if a != b)


def _difference(mine: str | None, theirs: str | None) -> str:
    return f"{_shown(mine)} became {_shown(theirs)}"


def _shown(text: str | None) -> str:
    return "nothing" if text is None else repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


def css_skeleton(text: str) -> str:
    """Return the significant tokens of a stylesheet, with " " if white space may mean something there.

    ``PARTED`` stands between them: a list would take four times the memory.

    A semicolon before "}" or at the end, and repeated ones, mean nothing. In the value of a custom property every
    character counts, but for white space around it. A comment is "/**/" if it alone parts two words or signs, which may
    make a rule invalid, as in ``[class^/**/=x]``. Licences in comments count as well.
    """
    return PARTED.join(_Skeleton(css.tokenize(css.preprocess(text))).parts)


def css_tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yield the tokens of ``css_skeleton`` but for white space, each with its offset in preprocessed *text*."""
    indices = array("I")
    skeleton = _Skeleton(css.tokenize(text), indices)
    starts = css.starts_of(skeleton.tokens)
    offsets = (starts[index] for index in indices)
    return ((part, start) for part, start in zip(skeleton.parts, offsets, strict=True) if part != " ")


class _Skeleton:
    """The significant tokens, collected one by one; *indices* gets their indices among all tokens, if it is there."""

    def __init__(self, tokens: list[css.Token], indices: "array[int] | None" = None) -> None:
        self.parts: list[str] = []
        self._indices = indices
        self.tokens = tokens
        self._open: list[css.Token] = []  # the tokens that began the open blocks and functions
        self._features: list[bool] = []  # whether each of them stands in brackets only, and in no function
        self._at_rule = ""  # the at-keyword of the statement, "" in a rule or declaration
        self._stop = -1  # the index of the next "{", "}" or ";"
        self._before = css.Token("", "")
        self._has_gap = self._has_comment = False
        position = 0
        while position < len(tokens):
            token = tokens[position]
            is_variable = token.kind == ":" and self._in_block() and _is_variable(self._before)
            self._take(token, position)
            position += 1
            if is_variable:
                position = self._take_value(position)
        self._drop_semicolons()

    def _in_block(self) -> bool:
        return bool(self._open) and self._open[-1].kind == "{"

    def _take(self, token: css.Token, position: int) -> None:
        if token.kind == "comment":
            self._has_comment = True
            if is_licence(token.text):
                self._add(token.text, position)
        elif token.kind == "space":
            self._has_gap = True
        else:
            if self._before.kind in _STATEMENT_ENDS and (not self._open or self._in_block()):
                self._at_rule = css.unescape(token.text[1:]).lower() if token.kind == "at" else ""
            if self._has_gap and self._gap_matters(token, position):
                self._add(" ", position)
            elif self._has_comment and not self._has_gap and self._comment_matters(token):
                self._add("/**/", position)
            self._append(token, position)

    def _gap_matters(self, after: css.Token, position: int) -> bool:
        """Tell whether white space between two tokens may be more than a separator."""
        before = self._before
        if before.kind in ("", "{", "}", ";", ",", "(", "[", "function") or after.kind in (
            "{",
            "}",
            ";",
            ",",
            ")",
            "]",
        ):
            return False
        if before.kind == ":":  # white space after it is free in a declaration, but not in a selector
            return not (self._in_declaration(position) if self._in_block() else self._in_feature())
        if after.text == "!":
            return False
        is_combinator = any(token.kind == "delim" and token.text in ">~+" for token in (before, after))
        return not (is_combinator and self._in_selector(position))

    def _comment_matters(self, after: css.Token) -> bool:
        """Tell whether a comment parts two tokens of which browsers might make something else without it."""
        return self._before.kind not in (*_PUNCTUATION, "function") and after.kind not in _PUNCTUATION

    def _in_feature(self) -> bool:
        """Tell whether the next token stands in a condition such as ``(min-width: 1px)``, and in no selector."""
        return bool(self._features) and self._features[-1] and self._at_rule in _CONDITIONAL

    def _in_selector(self, position: int) -> bool:
        """Tell whether the next token stands in a selector, outside of its parentheses and brackets."""
        if self._at_rule:
            return False
        return not self._in_declaration(position) if self._in_block() else not self._open

    def _in_declaration(self, position: int) -> bool:
        """Tell whether the tokens from *position* on end a declaration, and not the selector of a nested rule."""
        if self._stop < position:
            stops = (i for i in range(position, len(self.tokens)) if self.tokens[i].kind in (";", "}", "{"))
            self._stop = next(stops, len(self.tokens))
        return self._stop == len(self.tokens) or self.tokens[self._stop].kind != "{"

    def _add(self, text: str, index: int) -> None:
        self.parts.append(text)
        if self._indices is not None:
            self._indices.append(index)

    def _append(self, token: css.Token, position: int) -> None:
        kind = token.kind
        self._has_gap = self._has_comment = False
        if kind in ("}", ";") and self._in_block():
            self._drop_semicolons()
        if not (kind == ";" and self._before.kind == "{"):
            self._add(token.text, position)
            self._before = token
        if self._open and kind == css.opens(self._open[-1]):
            self._open.pop()
            self._features.pop()
        elif css.opens(token):
            is_outermost = not self._open or self._in_block()
            self._features.append(kind == "(" and (is_outermost or self._features[-1]))
            self._open.append(token)

    def _take_value(self, start: int) -> int:
        tokens, end = self.tokens, start
        while end < len(tokens) and tokens[end].kind not in (";", "}"):
            end = css.block_end(tokens, end) if css.opens(tokens[end]) else end + 1
        raw = "".join(token.text for token in tokens[start:end])
        has_blank = start < end and tokens[start].kind == "space" and end - start > 1
        self._add(raw.strip(" \t\n") or raw[:1], start + has_blank)
        self._before = css.Token("value", "")
        self._has_gap = self._has_comment = False
        return end

    def _drop_semicolons(self) -> None:
        while self.parts and self.parts[-1] == ";":
            self.parts.pop()
            if self._indices is not None:
                self._indices.pop()


def _is_variable(name: css.Token) -> bool:
    return name.kind == "ident" and css.unescape(name.text).startswith("--")
