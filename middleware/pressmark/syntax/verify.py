"""Say whether two texts are the same program or the same stylesheet, white space and comments apart.

A minifier is never believed: what it returns is compared, token by token, with what it was given.
"""

from pressmark.syntax import css, js

# What a line end next to it cannot matter to: the statement surely goes on, or has surely ended.
_ASSIGNMENTS = "= += -= *= /= %= &= |= ^= <<= >>= >>>= **= &&= ||= ??="
_BINARY = "* / % ** & | ^ < > <= >= == != === !== << >> >>> && || ?? =>"
_GOES_ON_AFTER = frozenset(f"; , ( [ {{ : ? . ?. + - ! ~ ... {_ASSIGNMENTS} {_BINARY}".split())
_GOES_ON_BEFORE = frozenset(f"; , ) ] }} : ? . ?. {_ASSIGNMENTS} {_BINARY}".split())
_RESTRICTED = frozenset(("return", "break", "continue", "throw", "yield", "async"))


def same_script(one: str, other: str) -> bool:
    """Tell whether both scripts have the same tokens, and line ends wherever a semicolon may be inserted there.

    Raises ScriptError if one of them is no script (ECMAScript 12.10, automatic semicolon insertion).
    """
    mine, theirs = js.tokenize(one), js.tokenize(other)
    if len(mine) != len(theirs):
        return False
    before: js.Token | None = None
    for a, b in zip(mine, theirs, strict=True):
        if a.text != b.text or a.kind != b.kind:
            return False
        if before is not None and a.newline != b.newline and needs_newline(before, a):
            return False
        before = a
    return True


def needs_newline(before: js.Token, after: js.Token) -> bool:
    """Tell whether a line end between two tokens may end a statement."""
    if before.kind == "name" and before.text in _RESTRICTED:
        return after.text not in (";", "}")
    if before.in_class and after.in_class:  # a line end also parts the fields of a class
        return before.text not in (";", "{", "}") and after.text not in (";", "}", "=", ")", ",")
    if before.kind == "punctuation" and before.text in _GOES_ON_AFTER:
        return False
    if after.kind == "punctuation" and after.text in _GOES_ON_BEFORE:
        return False
    # No value ends with ")" of a loop's head, nor with a word like "else"; with "}" of an arrow's body one may.
    return before.ends_value or before.text == "}"


def same_sheet(one: str, other: str) -> bool:
    """Tell whether both stylesheets have the same tokens, and white space wherever it may mean something."""
    return css_skeleton(one) == css_skeleton(other)


def css_skeleton(text: str) -> list[str]:
    """Return the significant tokens of a stylesheet, with " " where white space may mean something.

    A semicolon before "}" or at the end, and repeated ones, mean nothing. In the value of a custom property every
    byte counts but those around it. Comments that begin with "/*!" count as well: they are licences.
    """
    return _Skeleton(css.tokenize(css.preprocess(text))).parts


class _Skeleton:
    """The significant tokens, gathered one by one."""

    def __init__(self, tokens: list[css.Token]) -> None:
        self.parts: list[str] = []
        self._stack: list[str] = []
        self._before = ""
        self._name = ""  # the identifier before a possible ":"
        position = 0
        while position < len(tokens):
            token = tokens[position]
            is_variable = token.kind == ":" and css.unescape(self._name).startswith("--") and self._in_block()
            self._take(token)
            position += 1
            if is_variable:
                position = self._take_value(tokens, position)
        self._drop_semicolons()

    def _in_block(self) -> bool:
        return bool(self._stack) and self._stack[-1] == "}"

    def _take(self, token: css.Token) -> None:
        if token.kind == "comment":
            self.parts += [token.text] if token.text.startswith("/*!") else []
        elif token.kind == "space":
            self._gap = " "
        else:
            if self._gap and may_matter(self._before, token, self._stack):
                self.parts.append(" ")
            self._append(token)

    _gap = ""

    def _append(self, token: css.Token) -> None:
        kind = token.kind
        self._gap = ""
        if kind in ("}", ";"):
            self._drop_semicolons()
        if not (kind == ";" and self._before[-1:] == "{"):
            self.parts.append(token.text)
            self._before = token.text
        self._name = token.text if kind == "ident" else ""
        if self._stack and kind == self._stack[-1]:
            self._stack.pop()
        elif closer := css.opens(token):
            self._stack.append(closer)

    def _take_value(self, tokens: list[css.Token], start: int) -> int:
        end = start
        while end < len(tokens) and tokens[end].kind not in (";", "}"):
            end = css.block_end(tokens, end) if css.opens(tokens[end]) else end + 1
        raw = "".join(token.text for token in tokens[start:end])
        self.parts.append(raw.strip(" \t\n") or raw[:1])
        self._before = ":"
        self._gap = ""
        return end

    def _drop_semicolons(self) -> None:
        while self.parts and self.parts[-1] == ";":
            self.parts.pop()


def may_matter(before: str, after: css.Token, stack: list[str]) -> bool:
    """Tell whether white space between two tokens may be more than a separator.

    *stack* holds the closers of the open brackets: around "+" it counts in ``calc()``, before ":" in a selector.
    """
    if not before or before[-1] in "{};,([" or after.kind in ("{", "}", ";", ",", ")", "]"):
        return False
    if (before == ":" and stack) or after.text == "!":
        return False
    is_combinator = before in (">", "~", "+") or after.text in (">", "~", "+")
    return not is_combinator or bool(stack and stack[-1] == ")")
