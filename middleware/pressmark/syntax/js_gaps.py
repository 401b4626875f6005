"""Decide what the gaps between the tokens of a classic script mean, by the signs beside them.

It is nothing only if no tokens would merge without it, and a line end is nothing only if the statement surely goes on,
or has surely ended (ECMAScript 12.10). All else stays: it may mean nothing, too.
"""

import re

from pressmark.syntax import js_tokens as js

STRING, TEMPLATE, REGEX, LICENCE, BODY = "\x01", "\x02", "\x03", "\x04", "\x05"
"""The signs that stand for parts of a script, see ``js_skeleton``."""
MAX_WORD = 200
"""Characters before a gap that are searched for a number or a word: no word that matters is longer."""

_BLANK = js.SPACE + js.LINE_END
_LINE_ENDS = re.compile(rf"[{js.LINE_END}]")
_ODD_BLANK = re.compile(rf"[{_BLANK.replace(' ', '').replace(chr(10), '')}]+")
_GAP = re.compile(rf"([ \n{LICENCE}]+)")
_STEP_END = re.compile(r"(?<!\+)\+\+\Z|(?<!-)--\Z")
_RESTRICTED = re.compile(r"(?<![\w$])(?:return|break|continue|throw|yield|async)\Z")
_NUMBER = re.compile(r"(?<![\w$])[0-9][\w.]*\Z|(?<![\w$)\]}\x01-\x03])\.[0-9]\w*\Z")
# Signs after which, and before which, a gap is always nothing.
_PARTS_BEFORE = frozenset(";,([{:~")
_PARTS_AFTER = frozenset(";,)]}:")
# Signs after which, and before which, a statement goes on over a line end.
_GOES_ON_AFTER = frozenset("=*%&|^<>!?+-/")
_GOES_ON_BEFORE = frozenset("=%&|^<>?./")
# Pairs of signs that would make another token, or a comment, if they stood side by side.
_MERGE = frozenset(".. == != ** *= << <= >> >= && &= || |= ?? ?= ?. => ++ -- += -= %= ^= /= // /* <! -> /\x03".split())
# The gaps that are most frequent and surely nothing, so that few are left to be decided one by one.
_INDENT = re.compile(r"\n[ \n]+")
_VALUE_END, _VALUE_START, _SIGN = r"\w$)\]}\x01-\x03", r"\w$(\[{\x01\x02", r"=*%&|^<>?!+/\-"
_NO_GAP = re.compile(
    r" (?:(?=[ ()\[\]{};,:~])|(?<=[()\[\]{};,:~] )"
    rf"|(?<=[{_VALUE_END}] )(?=[{_SIGN}])|(?<=[{_SIGN}] )(?=[{_VALUE_START}]))"
    rf"|\n(?:(?=[;,)\]}}:])|(?<=[;,(\[{{:~]\n)|(?<=[^+\-][{_SIGN}]\n)(?=[{_VALUE_START}]))"
)


def with_usual_gaps(code: str) -> str:
    """Return *code* with a blank for all other blanks, and "\\n" for all other line ends and the blanks around one."""
    code = code.replace("\t", " ")
    if _ODD_BLANK.search(code):
        code = _ODD_BLANK.sub(lambda found: "\n" if _LINE_ENDS.search(found[0]) else " ", code)
    return _INDENT.sub("\n", code).replace(" \n", "\n")


def without_gaps(code: str, *, may_hold_class: bool) -> str:
    """Return *code* with the gaps that its tokens need. It *may_hold_class* bodies, where more line ends count."""
    code = _NO_GAP.sub("", code)
    pieces = _GAP.split(code)
    known: dict[tuple[str, str, str], str] = {}
    for index in range(1, len(pieces), 2):
        before, gap, after = pieces[index - 1], pieces[index], pieces[index + 1]
        key = before[-3:], gap, after[:2]
        decided = known.get(key)
        if decided is None:
            decided = known[key] = _gap(*key, may_hold_class=may_hold_class)
        if decided == "?":
            decided = _gap_after(before[-MAX_WORD:], gap, after)
        if LICENCE in gap:  # with "/" before it, it would be another comment
            decided = (decided or " " * before.endswith("/")) + LICENCE * gap.count(LICENCE)
        pieces[index] = decided
    return "".join(pieces)


def _gap(before: str, gap: str, after: str, *, may_hold_class: bool) -> str:
    """Return what a *gap* is in the skeleton, by the signs on each side of it; "?" if the word there decides."""
    last, first = before[-1:], after[:1]
    if not last or not first or last in _PARTS_BEFORE or first in _PARTS_AFTER:
        return ""
    if last == ".":
        return "?"
    if "\n" in gap and (last not in _GOES_ON_AFTER or before[-2:] in ("++", "--")):
        return "?" if _goes_on(after, may_hold_class=may_hold_class) else "\n"
    if _is_of_word(first) and (_is_of_word(last) or last == REGEX):
        return " "
    if last + first in _MERGE:
        is_apart = (last + first == "?." and after[1:].isdigit()) or (first == "=" and _STEP_END.search(before))
        return "" if is_apart else " "
    return "?" if first == "." and _is_of_word(last) else ""


def _goes_on(after: str, *, may_hold_class: bool) -> bool:
    """Tell whether a statement surely goes on over a line end before a run, unless a word before it ends it there."""
    if after[0] == "*":  # else it may begin a generator after a field of a class
        return not may_hold_class
    return after[0] in _GOES_ON_BEFORE and after not in ("=>", "..") and not (after[0] == "." and after[1:].isdigit())


def _gap_after(run: str, gap: str, after: str) -> str:
    """Return what a gap is in the skeleton, by the word or number at the end of the *run* before it."""
    line_end = "\n" if "\n" in gap else ""
    if run[-1] == ".":
        if _NUMBER.search(run):
            return line_end or " "
        return " " if after[0] == "." or after[0].isdigit() else ""
    if line_end and _RESTRICTED.search(run):
        return line_end
    is_merged = after[0] == "." and _NUMBER.search(run)
    return " " if is_merged or run[-1] + after[0] in _MERGE else ""


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_$#\\" or not sign.isascii()
