"""Reduce a classic script to its skeleton. Two scripts that share one have the same tokens, and are the same program.

A skeleton is the script without white space and comments that mean nothing; strings, templates, regular expressions and
comments that must stay are one sign each there, and kept beside it. It is made by searches of whole texts, ten times
faster than token by token. In return it knows no syntax. What only the tokens around could decide stays in the
skeleton, as most line ends do, and where "/" may divide or begin a regular expression there is no skeleton at all:
``verify.script_difference`` reads the tokens of such scripts.

Theory: a script falls into runs without white space, and gaps of white space and comments. A gap is nothing, a blank or
a line end in the skeleton, as ``js_gaps`` decides by the signs beside it.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from pressmark.syntax import js_tokens as js
from pressmark.syntax.js_gaps import BODY, LICENCE, REGEX, STRING, TEMPLATE, with_usual_gaps, without_gaps
from pressmark.syntax.licences import is_licence

_BLANK = js.SPACE + js.LINE_END
_STAND_INS = re.compile(r"[\x01-\x05]")
_STEP = re.compile(rf"([^\"'`/]*+)(?:({js.STRINGS})|(//[^{js.LINE_END}]*+|/\*(?s:.*?)\*/)|(`)|(/)|\Z)")
_LINE_ENDS = re.compile(rf"[{js.LINE_END}]")
_HTML_COMMENT = re.compile(rf"<!--|(?:\A|\n)[ {LICENCE}]*+-->|{LICENCE} *+-->")
# A block that holds nothing but blanks and comments, from its first comment on.
_EMPTY_BLOCK = re.compile(rf"(?:[{_BLANK}]++|//[^{js.LINE_END}]*+|/\*(?s:.*?)\*/)*+(?=\}})")
# What surely begins no function's body: a block or an object and, unless it is a method of that name, a statement.
_BLOCK = re.compile(r"(?:[=(:,\[;{}&|?]|(?<![\w$.])(?:else|try|finally|do|return))\s*\{\Z")
_STATEMENT = re.compile(r"[;})]\s*(?:if|while|for|with|switch|catch)\s*\([^()]*\)\s*\{\Z")
_LAST_WORD = re.compile(r"[\w$]++\Z")
_CONTROL = re.compile(r"(?<![\w$.])(?:if|while|for|with|await)\Z")
_GAP_SIGNS = re.compile(rf"[{_BLANK}{LICENCE}]")
_TEMPLATE_STOP = re.compile(r"[{}\"'`/]")
_STRING_AT = re.compile(js.STRINGS)

MAX_STEPS = 5000
"""Steps back to opening brackets in one script. One that needs more is read by its tokens."""
_CUT = re.compile(r"[^\s\x04]{4}[;,({][^\s\x04]{4}")
PART = 1 << 16
"""Characters that are reduced at a time, at least."""
MAX_HEAD = 200
"""Characters before a bracket that are searched for the word that it belongs to."""


class Skeleton(NamedTuple):
    """The *code* of a script, with a sign for each of its *opaque* parts."""

    code: str
    opaque: tuple[str, ...]

    def write(self) -> str:
        """Return a short script that may have this skeleton: that is to be seen."""
        pieces: list[str] = []
        position = 0
        for found, part in zip(_STAND_INS.finditer(self.code), self.opaque, strict=True):
            pieces += (self.code[position : found.start()], part)
            position = found.end()
            if found[0] == LICENCE and part.startswith("//"):
                pieces.append("\n")
        return "".join((*pieces, self.code[position:]))


class _DoubtError(Exception):
    """Only the tokens of the script can tell."""


def skeleton_of(text: str) -> Skeleton | None:
    """Return the skeleton of the script *text*, ``None`` if only its tokens could tell what it means."""
    if _STAND_INS.search(text) or text.startswith("#!"):
        return None
    try:
        code, opaque = _Reader(text).read()
    except _DoubtError:
        return None
    if "\\u{" in code:  # a name may end in a bracket
        return None
    may_hold_class = "class" in code
    parts: list[str] = []
    for part in _parts(code):
        usual = with_usual_gaps(part)
        if ("<!--" in usual or "-->" in usual) and _HTML_COMMENT.search(usual):
            return None
        parts.append(without_gaps(usual, may_hold_class=may_hold_class))
    return Skeleton("".join(parts), opaque)


def _parts(code: str) -> Iterator[str]:
    """Yield *code* in parts, between two of which other threads can run. None begins or ends near a gap."""
    position = 0
    while (cut := _CUT.search(code, position + PART)) is not None:
        yield code[position : cut.end() - 4]
        position = cut.end() - 4
    yield code[position:]


class _Reader:
    """Takes the opaque parts out of one script."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts: list[str] = []  # of the code, each gap of comments one of its own
        self._opaque: list[str] = []
        self._closing: list[int] = []  # the parts that end in ")" before a "/" that was taken for a division

    def read(self) -> tuple[str, tuple[str, ...]]:
        """Return the code with stand-ins, and the opaque parts. Raises _DoubtError."""
        text, parts, opaque = self._text, self._parts, self._opaque
        position = 0
        while (found := _STEP.match(text, position)) is not None:
            kind, position = found.lastindex, found.end()
            if found[1]:
                parts.append(found[1])
            if kind == 2:
                parts.append(STRING)
                opaque.append(found[2])
            elif kind == 3:
                position = self._read_comment(found[3], found.start(3), position)
            elif kind == 4:
                position = self._keep(TEMPLATE, position - 1, _template_end(text, position - 1))
            elif kind == 5:
                position = self._read_slash(position - 1)
            else:
                break
        if position < len(text):  # a string that does not end
            raise _DoubtError
        self._check_divisions()
        return "".join(parts), tuple(opaque)

    def _keep(self, stand_in: str, start: int, end: int) -> int:
        self._parts.append(stand_in)
        self._opaque.append(self._text[start:end])
        return end

    def _read_comment(self, comment: str, start: int, end: int) -> int:
        text = self._text
        if self._parts and self._parts[-1].rstrip()[-1:] == "{":
            block = _EMPTY_BLOCK.match(text, start)
            if block is not None and self._may_be_body(start):
                self._parts[-1] = self._parts[-1].rstrip()
                return self._keep(BODY, text.rfind("{", 0, start) + 1, block.end())
        if is_licence(comment) or js.CONDITIONAL_COMMENT.match(comment):
            self._keep(LICENCE, start, end)
        self._parts.append("\n" if _LINE_ENDS.search(comment) else " ")
        return end

    def _may_be_body(self, comment: int) -> bool:
        """Tell whether "{", which stands before the *comment* at that offset, may begin a function's body."""
        before = self._text[max(0, comment - MAX_HEAD) : comment].rstrip()
        before = before if comment > MAX_HEAD else f";{before}"  # a statement begins the script, too
        if _BLOCK.search(before):
            return False
        return "class" in self._text or not _STATEMENT.search(before)

    def _read_slash(self, start: int) -> int:
        """Read a division, or a regular expression; return its end."""
        if self._text.startswith("/*", start):
            raise _DoubtError
        if not self._begins_regex():
            self._parts.append("/")
            return start + 1
        found = js.REGEX.match(self._text, start)
        if found is None:
            raise _DoubtError
        return self._keep(REGEX, start, found.end())

    def _begins_regex(self) -> bool:
        """Tell whether a "/" after the code so far begins a regular expression."""
        index = next((index for index in range(len(self._parts) - 1, -1, -1) if self._parts[index].strip()), -1)
        if index < 0:
            return True
        code = self._parts[index].rstrip()
        last = code[-1]
        gap = "".join((self._parts[index][len(code) :], *self._parts[index + 1 :]))
        if last in ")]\x01\x02\x03":
            if _LINE_ENDS.search(gap):
                raise _DoubtError
            self._closing += [index] if last == ")" else []
            return False
        if last.isascii() and not (last.isalnum() or last in "_$"):
            if code.endswith("...") or not (last in "}.\\#@\x04\x05" or (last in "+-" and code[-2:-1] == last)):
                return True
            raise _DoubtError
        word = _LAST_WORD.search(code, max(0, len(code) - MAX_HEAD))
        before = code[: word.start()][-1:] if word is not None else ""
        if before in ("#", "\\") or not before.isascii():  # it may be only a part of a name
            raise _DoubtError
        if word is None or word[0] in js.DOUBTFUL_WORDS or _LINE_ENDS.search(gap):
            raise _DoubtError
        is_word = word[0] in js.OPERAND_WORDS or word[0] in js.BLOCK_WORDS
        return is_word and not self._follows_point(index, word.start())

    def _follows_point(self, index: int, start: int) -> bool:
        """Tell whether the word at *start* of the part at *index* is the name of a member."""
        before = self._parts[index][:start].rstrip()
        while not before and index:
            index -= 1
            before = self._parts[index].rstrip()
        if before[-1:] in (LICENCE, BODY) or (before.endswith(".") and before[-2:-1].isdigit()):
            raise _DoubtError
        return before.endswith(".") and not before.endswith("..")

    def _check_divisions(self) -> None:
        """Raise _DoubtError if a ")" before what was taken for a division closes the head of a statement."""
        if not self._closing:
            return
        starts = list(accumulate(map(len, self._parts), initial=0))
        code, steps = "".join(self._parts), 0
        for index in self._closing:
            position, depth = starts[index] + len(self._parts[index].rstrip()) - 1, 1
            while depth:
                opening = code.rfind("(", 0, position)
                steps += 1
                if opening < 0 or steps > MAX_STEPS:
                    raise _DoubtError
                depth += code.count(")", opening, position) - 1
                position = opening
            while position and _GAP_SIGNS.match(code, position - 1):
                position -= 1
            if _CONTROL.search(code, max(0, position - MAX_HEAD), position):
                raise _DoubtError


def _template_end(text: str, start: int) -> int:
    """Return the end of the template at *start*. Raises _DoubtError if only its tokens tell."""
    open_braces = [0]  # in each of the templates that are open
    position = start + 1
    while True:
        part = js.TEMPLATE_PART.match(text, position)
        if part is None:
            raise _DoubtError
        position = part.end()
        if text[position - 1] == "`":
            open_braces.pop()
            if not open_braces:
                return position
        else:
            open_braces[-1] += 1
        position = _substitution_end(text, position, open_braces)


def _substitution_end(text: str, position: int, open_braces: list[int]) -> int:
    """Return the end of the code from *position* on: the next part of a template follows."""
    while (found := _TEMPLATE_STOP.search(text, position)) is not None:
        position = found.end()
        if found[0] == "{":
            open_braces[-1] += 1
        elif found[0] == "}":
            open_braces[-1] -= 1
            if not open_braces[-1]:
                return position
        elif found[0] == "`":
            open_braces.append(0)
            return position
        else:
            string = _STRING_AT.match(text, found.start())
            if string is None:
                break
            position = string.end()
    raise _DoubtError
