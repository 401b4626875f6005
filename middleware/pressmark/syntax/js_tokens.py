"""Read the tokens of a classic script (ECMAScript, lexical grammar) and match its brackets. No syntax tree.

The one hard question of this grammar is whether "/" begins a regular expression. It is answered from the text before
it: the previous token, and for ")" and "}" the role of the matching bracket. If that leaves doubt, or if a bracket,
string, template or comment does not end, ``ScriptError`` is raised.

Theory: a frame is open for each bracket. It has a role (a block, an object, a control head, a function's body, ...),
and when it closes it decides whether a value ends there; "/" after a value divides.

Long, because every frame bears on that one question.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pressmark.syntax.licences import is_licence

LINE_END = "\n\r\u2028\u2029"
SPACE = "\t\x0b\x0c \xa0\ufeff\u1680\u2000-\u200a\u202f\u205f\u3000"
_ESCAPE = r"\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\}"
_BEYOND_ASCII = rf"[^\x00-\x7f{SPACE}{LINE_END}]"
_NAME_START = rf"[A-Za-z_$]|{_BEYOND_ASCII}|{_ESCAPE}"
_NAME_PART = rf"[A-Za-z0-9_$]|{_BEYOND_ASCII}|{_ESCAPE}"
# Repeated groups are possessive: sre keeps a state, of some hundred bytes, for each pass through a group that could be
# taken back. CPython 3.11.0 to 3.11.4 go on from the middle of a pass that fails after a repeat or a look ahead
# (python/cpython#106052); so the last alternative with the same first character holds neither.
_NAME_PARTS = rf"(?:[A-Za-z0-9_$]++|{_BEYOND_ASCII}|\\u\{{[0-9a-fA-F]++\}}|\\u{'[0-9a-fA-F]' * 4})*+"
STRINGS = "|".join(rf"{q}(?:[^{q}\\\n\r]++|\\\r\n|\\(?s:.))*+{q}" for q in "\"'")
_TOKEN = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern})"
        for kind, pattern in (
            ("space", rf"[{SPACE}]+"),
            ("newline", rf"[{LINE_END}][{SPACE}{LINE_END}]*"),
            ("comment", rf"//[^{LINE_END}]*|/\*(?s:.*?)\*/|<!--[^{LINE_END}]*"),
            ("name", rf"#?(?:{_NAME_START}){_NAME_PARTS}"),
            (
                "number",
                r"0[xX][0-9a-fA-F_]+n?|0[oO][0-7_]+n?|0[bB][01_]+n?"
                r"|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?n?",
            ),
            ("string", STRINGS),
            ("template", r"`"),
            (
                "punctuation",
                r">>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?![0-9])"
                r"|\+\+|--|\+=|-=|\*=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()\[\];,<>+\-*%&|^!~?:=.@]",
            ),
            ("slash", r"/"),
        )
    )
)
_NAME = re.compile(_NAME_PART)
_REGEX_CLASS = rf"\[(?:[^\]\\{LINE_END}]++|\\[^{LINE_END}])*+\]"
REGEX = re.compile(rf"/(?![*/])(?:[^\\/\[{LINE_END}]++|{_REGEX_CLASS}|\[\Z|\\[^{LINE_END}])++/{_NAME_PARTS}")
TEMPLATE_PART = re.compile(r"(?s)(?:[^`\\$]++|\\.|\$(?!\{)|\$\Z)*+(?:`|\$\{)")
_CLOSE_COMMENT = re.compile(rf"-->[^{LINE_END}]*")
# Conditional compilation of old browsers.
CONDITIONAL_COMMENT = re.compile(r"(?:/\*|//)@cc_on")
_HASHBANG = re.compile(rf"#![^{LINE_END}]*")

OPERAND_WORDS = frozenset(
    ("return", "typeof", "instanceof", "in", "new", "delete", "void", "throw", "case", "do", "else", "yield", "default",
     "extends", "break", "continue")
)  # fmt: skip
DOUBTFUL_WORDS = frozenset(("await", "of", "let", "async", "static", "yield"))  # names, or something else
_CONTROL_WORDS = frozenset(("if", "while", "for", "with"))
BLOCK_WORDS = frozenset(("else", "do", "try", "finally", "catch"))
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


class ScriptError(ValueError):
    """The text is no complete script, or tokens alone cannot decide how to read it."""


class Token(NamedTuple):
    """A significant token from *start* on. *newline* means that a line ended before it; *depth* counts the frames
    around it.

    *ends_value* means that an operand ends here, so that "/" divides; *starts_statement* that a statement surely
    begins here; *in_class* that it is a class's member; *ends_method* that it closes a method's body. *functions*
    counts the function bodies around it. *kept* are comments before it that must not be removed: licences, and those
    that are all of a function's body. If there are some behind the last token, an empty one of the kind "end" has them.
    """

    kind: str
    text: str
    start: int
    newline: bool
    depth: int
    functions: int
    in_class: bool
    ends_value: bool
    starts_statement: bool
    ends_method: bool
    kept: str


@dataclass(slots=True)
class _Frame:
    opener: str
    role: str  # block, body, method, object, class, control, for, group, index, template
    ends_value: bool  # whether a value ends where it closes
    ternaries: int = 0
    pending_class: str = ""  # "declaration" or "expression" while a class head is read
    pending_function: str = ""  # the same for a function's head
    colon_is_label: bool = False  # whether the last ":" ended a label or a case


@dataclass(slots=True)
class _Reader:
    text: str
    tokens: deque[Token] = field(default_factory=lambda: deque(maxlen=3))  # the last ones; no rule looks back further
    frames: list[_Frame] = field(default_factory=lambda: [_Frame("", "block", False)])
    functions: int = 0
    newline: bool = True
    kept: list[str] = field(default_factory=list)

    def read(self) -> Iterator[Token]:
        position = found.end() if (found := _HASHBANG.match(self.text)) else 0
        last = None
        while position < len(self.text):
            position = self._read_token(position)
            if self.tokens and self.tokens[-1] is not last:
                last = self.tokens[-1]
                yield last
        if len(self.frames) > 1:
            raise ScriptError(f"a {self.frames[-1].opener!r} is never closed")
        if self.kept:
            self._add("end", "", position, ends_value=False)
            yield self.tokens[-1]

    def _read_token(self, position: int) -> int:
        text = self.text
        if self.newline and text.startswith("-->", position):
            close = _CLOSE_COMMENT.match(text, position)
            return close.end() if close else len(text)
        found = _TOKEN.match(text, position)
        if found is None:
            raise ScriptError(f"the text at offset {position} begins no token")
        kind = found.lastgroup
        if kind in ("space", "newline", "comment"):
            self.newline |= kind == "newline" or (kind == "comment" and any(c in found[0] for c in LINE_END))
            if kind == "comment" and (is_licence(found[0]) or CONDITIONAL_COMMENT.match(found[0])):
                self.kept += (found[0], "\n")
            return found.end()
        if kind == "template":
            return self._read_template(position, "template")
        if kind == "slash":
            return self._read_slash(position)
        if kind == "punctuation":
            return self._read_punctuation(found[0], position)
        if kind == "name":
            self._add_name(found[0], position)
        else:
            if kind == "number" and _NAME.match(text, found.end()):
                raise ScriptError(f"the number at offset {position} runs into a name")
            self._add(str(kind), found[0], position, ends_value=True)
        return found.end()

    def _read_template(self, position: int, kind: str) -> int:
        found = TEMPLATE_PART.match(self.text, position + 1)
        if found is None:
            raise ScriptError("a template is never closed")
        text = self.text[position : found.end()]
        is_end = text.endswith("`")
        self._add(kind, text, position, ends_value=is_end)
        if not is_end:
            self.frames.append(_Frame("${", "template", True))
        return found.end()

    def _read_slash(self, position: int) -> int:
        if self.text.startswith("/*", position):
            raise ScriptError(f"the comment at offset {position} is never closed")
        self._refuse_doubt(position)
        # A declared name without a value ends with its line if a "/" follows: it cannot be divided.
        declares = self.newline and len(self.tokens) > 1 and self.tokens[-2].text in ("var", "let", "const")
        if self._after_value() and not declares:
            text = "/=" if self.text.startswith("/=", position) else "/"
            self._add("punctuation", text, position, ends_value=False)
            return position + len(text)
        found = REGEX.match(self.text, position)
        if found is None:
            raise ScriptError(f"the regular expression at offset {position} is never closed")
        self._add("regex", found[0], position, ends_value=True)
        return found.end()

    def _refuse_doubt(self, position: int) -> None:
        """Raise ScriptError if only a syntax tree could decide whether "/" divides."""
        word = self._last_word()
        if word in DOUBTFUL_WORDS and not (word == "yield" and self.functions):
            raise ScriptError(f"the '/' at offset {position} may divide or begin a regular expression")

    def _read_punctuation(self, text: str, position: int) -> int:
        if text in _CLOSERS:
            frame = self._frame_for(text)
            self._add("punctuation", text, position, ends_value=False)
            self.frames.append(frame)
            self.functions += frame.role in ("body", "method")
        elif text == "}" and self.frames[-1].role == "template":
            self.frames.pop()
            return self._read_template(position, "template")
        elif text in ")]}":
            self._close(text, position)
        else:
            self._note_colon(text)
            self._add("punctuation", text, position, ends_value=text in ("++", "--"))
        return position + len(text)

    def _close(self, text: str, position: int) -> None:
        frame = self.frames[-1]
        if len(self.frames) == 1 or _CLOSERS.get(frame.opener) != text:
            raise ScriptError(f"a {text!r} closes nothing")
        self.frames.pop()
        self.functions -= frame.role in ("body", "method")
        if frame.role in ("body", "method") and self._last_text() == "{":
            self._keep_body(position)
        self._add("punctuation", text, position, ends_value=frame.ends_value, ends_method=frame.role == "method")

    def _keep_body(self, end: int) -> None:
        """Keep the comments that are all of a function's body, to the byte: they may be read as its text."""
        body = self.text[self.tokens[-1].start + 1 : end]
        if body.strip():
            self.kept = [body]

    def _note_colon(self, text: str) -> None:
        frame = self.frames[-1]
        if text == "?":
            frame.ternaries += 1
        elif text == ":":
            frame.colon_is_label = not frame.ternaries
            frame.ternaries = max(0, frame.ternaries - 1)

    def _frame_for(self, opener: str) -> _Frame:
        if opener == "[":
            return _Frame("[", "index", True)
        if opener == "(":
            return self._paren_frame()
        return self._brace_frame()

    def _paren_frame(self) -> _Frame:
        words = [token.text for token in self.tokens if token.kind == "name"]
        last = self._last_word()
        if last == "await" and words[-2:-1] == ["for"]:
            last = "for"
        if last in _CONTROL_WORDS:
            return _Frame("(", "for" if last == "for" else "control", False)
        return _Frame("(", "group", True)

    def _brace_frame(self) -> _Frame:
        outer = self.frames[-1]
        if outer.pending_class:
            kind, outer.pending_class = outer.pending_class, ""
            return _Frame("{", "class", kind == "expression")
        last = self.tokens[-1] if self.tokens else None
        if last is None or self._at_statement_start():
            return _Frame("{", "block", False)
        if last.text == "=>":
            return _Frame("{", "body", False)
        if last.text == ")":
            is_method = outer.role in ("object", "class")
            kind, outer.pending_function = outer.pending_function, ""
            return _Frame("{", "body" if kind else "method" if is_method else "block", kind == "expression")
        word = self._last_word()
        if (word == "of" and outer.role == "for") or (word == "await" and not self.newline):
            return _Frame("{", "object", True)
        if word == "static" and outer.role == "class":
            return _Frame("{", "method", False)
        if last.ends_value or word in BLOCK_WORDS or (self.newline and word in ("return", "yield")):
            return _Frame("{", "block", False)
        return _Frame("{", "object", True)

    def _add_name(self, text: str, position: int) -> None:
        frame = self.frames[-1]
        is_member = bool(self.tokens) and self.tokens[-1].text in (".", "?.")
        if not is_member and text in ("class", "function") and not self._is_key(text):
            kind = "expression" if self._expects_operand() else "declaration"
            if text == "class":
                frame.pending_class = kind
            else:
                frame.pending_function = kind
        is_word = text in OPERAND_WORDS or text in BLOCK_WORDS or (text == "static" and frame.role == "class")
        self._add("name", text, position, ends_value=is_member or not is_word)

    def _expects_operand(self) -> bool:
        """Tell whether a function or class that begins here is an expression; "async" before it belongs to it."""
        if self._last_word() == "async" and not self.newline:
            before = self.tokens[-2] if len(self.tokens) > 1 else None
            return not self.tokens[-1].starts_statement and not (before and before.ends_value)
        return not self._after_value() and not self._at_statement_start()

    def _is_key(self, text: str) -> bool:
        """Tell whether the name just read is a property's name, as in ``{class: 1}`` or ``{function() {}}``."""
        in_members = self.frames[-1].role in ("object", "class")
        return in_members and self._last_text() in ("{", ",", "}", ";", "get", "set", "async", "static", "*")

    def _add(self, kind: str, text: str, start: int, *, ends_value: bool, ends_method: bool = False) -> None:
        self.tokens.append(
            Token(
                kind, text, start, self.newline, len(self.frames) - 1, self.functions, self.frames[-1].role == "class",
                ends_value, self._at_statement_start(), ends_method, "".join(self.kept),
            )
        )  # fmt: skip
        self.newline = False
        self.kept.clear()

    def _last_text(self) -> str:
        return self.tokens[-1].text if self.tokens else ""

    def _last_word(self) -> str:
        """Return the previous token if it is a word that is not a member's name."""
        if not self.tokens or self.tokens[-1].kind != "name":
            return ""
        is_member = len(self.tokens) > 1 and self.tokens[-2].text in (".", "?.")
        return "" if is_member else self.tokens[-1].text

    def _after_value(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].ends_value

    def _at_statement_start(self) -> bool:
        frame = self.frames[-1]
        if frame.role not in ("block", "body", "method"):
            return False
        last = self._last_text()
        if not self.tokens or last in (";", "{"):
            return True
        if last in ("}", ")"):  # the end of a block, or of the head of an if, a loop or a with
            return not self.tokens[-1].ends_value
        if last == ":":
            return frame.colon_is_label
        return self._last_word() in ("else", "do")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The significant tokens of *text*, a classic script, read anew by each iteration.

    They are never all in memory at once: a list of some hundred thousand would make the garbage collector stop every
    thread again and again. Iteration raises ScriptError.
    """

    text: str

    def __iter__(self) -> Iterator[Token]:
        return _Reader(self.text).read()
