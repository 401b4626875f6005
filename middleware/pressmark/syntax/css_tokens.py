"""Read the tokens and top-level rules of a stylesheet, after CSS Syntax Module Level 3. No meaning, no URLs.

The input is preprocessed text (``preprocess``); the texts of its tokens add up to it.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

_NEWLINES = re.compile(r"\r\n?|\f")
# Possessive: an escape never gives back the characters it has taken, or a run of them would be tried in every way.
_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}+[ \t\n]?+|[^\n0-9a-fA-F]|\Z)"
_START = rf"(?:[a-zA-Z_\u0080-\U0010ffff]|{_ESCAPE})"
# Repeated groups are possessive: sre keeps a state, of some hundred bytes, for each pass through a group that could be
# taken back. CPython 3.11.0 to 3.11.4 go on from the middle of a pass that fails after a repeat or a look ahead
# (python/cpython#106052); so the last alternative with the same first character holds neither.
_HEX_ESCAPE = r"\\[0-9a-fA-F]{1,6}+[ \t\n]?+"
_ESCAPES = rf"{_HEX_ESCAPE}|\\[^\n0-9a-fA-F]|\\\Z"
_PARTS = rf"(?:[a-zA-Z0-9_\-\u0080-\U0010ffff]++|{_ESCAPES})"
_IDENT = rf"(?:--|-?{_START}){_PARTS}*+"
_MANTISSA = r"[+-]?(?:[0-9]*\.[0-9]++|[0-9]++(?!\.[0-9]))"
_NUMBER = rf"(?:{_MANTISSA}[eE][+-]?[0-9]++|{_MANTISSA}(?![eE][+-]?[0-9]))"
_URL_NAME = (
    "".join(
        rf"(?:[{low}{up}]|\\[{low}{up}]|\\0{{0,4}}(?:{ord(up):x}|{ord(low):x})[ \t\n]?)"
        for low, up in ("uU", "rR", "lL")
    )
    .replace("4c", "4[cC]")
    .replace("6c", "6[cC]")
)
URL_BODY = rf"(?:[^\"'()\\ \t\n\x00-\x08\x0b\x0e-\x1f\x7f]++|{_ESCAPES})*+"
_REMNANTS = rf"(?:[^)\\]++|{_HEX_ESCAPE}|\\[^\n0-9a-fA-F]|\\)*+(?:\)|\Z)"
_STRING_BODIES = tuple(rf"{q}(?:[^{q}\\\n]++|\\\n|{_ESCAPES})*+" for q in "\"'")
CLOSED_STRINGS = "|".join(f"{body}{body[0]}" for body in _STRING_BODIES)

# Alternatives in the order of the standard's "consume a token" (4.3.1); the first that matches is the token. Only two
# come before, which no other could match, as most of a sheet is these: punctuation, and plain words in lower case.
_ALTERNATIVES = (
    ("punctuation", r"[:;,\[\](){}]"),
    ("word", r"[a-tv-z][a-z0-9_-]*+(?![A-Z(\\]|[^\x00-\x7f])"),
    ("space", r"[ \t\n]+"),
    ("comment", r"/\*(?s:.*?)(?:\*/|\Z)"),
    ("url", rf"{_URL_NAME}\((?=[ \t\n]*+[^ \t\n\"']|[ \t\n]*+\Z)[ \t\n]*+{URL_BODY}[ \t\n]*+(?:\)|\Z)"),
    ("bad_url", rf"{_URL_NAME}\((?![ \t\n]*[\"']){_REMNANTS}"),
    ("dimension", rf"{_NUMBER}{_IDENT}"),
    ("percentage", rf"{_NUMBER}%"),
    ("number", _NUMBER),
    ("cdc", r"-->"),
    ("cdo", r"<!--"),
    ("function", rf"{_IDENT}\("),
    ("ident", _IDENT),
    ("at", rf"@{_IDENT}"),
    ("hash", rf"\#{_PARTS}++"),
    ("string", "|".join(rf"{body}(?:{body[0]}|\Z)" for body in _STRING_BODIES)),
    ("bad_string", "|".join(rf"{body}(?=\n)" for body in _STRING_BODIES)),
    ("delim", r"(?s:.)"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _ALTERNATIVES))
_TEXTS = re.compile("|".join(pattern for _, pattern in _ALTERNATIVES))
# Group -> kind; punctuation is its own kind.
_KINDS: dict[str | None, str] = {**{name: name for name in _TOKEN.groupindex}, "word": "ident", "punctuation": ""}
_PART = 1 << 16
"""Characters that are read at a time."""
_CLOSED_STRING = re.compile(r"(?s)\"(?:[^\"\\]++|\\.)*+\"|'(?:[^'\\]++|\\.)*+'")
_CLOSED_URL = re.compile(r"(?s)(?:[^\\)]++|\\.)*+\)")
_CLOSER = {"function": ")", "(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    """A token. *kind* is a short form of the standard's name, or the character itself for punctuation."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CssRule:
    """A top-level rule: tokens *start* to *end*. *name* is the lower-case at-keyword, "" for a qualified rule.

    *block* is the index of its "{", -1 if it has none.
    """

    name: str
    start: int
    end: int
    block: int


def preprocess(text: str) -> str:
    """Return *text* with its line ends, NULs and lone surrogates replaced as the tokenizer expects (3.3)."""
    return re.sub("[\0\ud800-\udfff]", "\ufffd", _NEWLINES.sub("\n", text))


def tokenize(text: str) -> list[Token]:
    """Return the tokens of preprocessed *text*, white space and comments included."""
    texts = _texts(text)
    if not texts:
        return []
    # Each distinct token is made once: most repeat, and fewer objects cost the garbage collector less time.
    once = {each: _token(each) for each in dict.fromkeys(texts)}
    # The end of the file may stand for the end of the last one.
    last = _made(_TOKEN.match(text, len(text) - len(texts[-1])))
    tokens = [once[each] for each in texts]
    tokens[-1] = last
    return tokens


def _texts(text: str) -> list[str]:
    """Return the texts of the tokens of *text*, read in parts: between two of them other threads can run."""
    found: list[str] = []
    position, size = 0, _PART
    while position + size < len(text):
        # The end of a part may cut a token in two, or into as many as "<!--" has signs.
        whole = _TEXTS.findall(text, position, position + size)[:-4]
        found += whole
        position += sum(map(len, whole))
        size = _PART if whole else 2 * size
    return found + _TEXTS.findall(text, position)


def _token(text: str) -> Token:
    """Return the token that *text* is anywhere but at the end of a sheet."""
    # What follows must end it: a quotation mark ends all but strings, and those that are broken end with their line.
    return _made(_TOKEN.match(text + ("\n" if text[0] in "\"'" or text == "\\" else '"')))


def _made(found: re.Match[str] | None) -> Token:
    if found is None:
        raise AssertionError("each character begins a token")
    return Token(_KINDS.get(found.lastgroup) or found[0], found[0])


def starts_of(tokens: list[Token]) -> "array[int]":
    """Return the offset of each token, and that of their end; numbers in a list would take nine times the memory."""
    return array("I", accumulate((len(text) for _, text in tokens), initial=0))


def position_of(tokens: list[Token], index: int) -> tuple[int, int]:
    """Return the line and column, from 1, at which the token at *index* begins."""
    before = "".join([text for _, text in tokens[:index]])
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def parse_rules(tokens: list[Token]) -> Iterator[CssRule]:
    """Yield the top-level rules in order, without white space, comments, CDO and CDC between them (5.4.1).

    A list of them could take seventy times the memory of the sheet, which may hold nothing but "{}".
    """
    position = 0
    while position < len(tokens):
        if tokens[position].kind in ("space", "comment", "cdo", "cdc"):
            position += 1
            continue
        rule = parse_rule(tokens, position)
        yield rule
        position = rule.end


def parse_rule(tokens: list[Token], start: int) -> CssRule:
    """Return the rule that begins at *start*."""
    is_at = tokens[start].kind == "at"
    name = unescape(tokens[start].text[1:]).lower() if is_at else ""
    position = start
    while position < len(tokens):
        kind = tokens[position].kind
        if kind == ";" and is_at:
            return CssRule(name, start, position + 1, -1)
        if kind == "{":
            return CssRule(name, start, block_end(tokens, position), position)
        position = block_end(tokens, position) if kind in _CLOSER else position + 1
    return CssRule(name, start, len(tokens), -1)


def opens(token: Token) -> str:
    """Return the character that closes the block or function that *token* begins, "" if it begins none."""
    return _CLOSER.get(token.kind, "")


def block_end(tokens: list[Token], start: int) -> int:
    """Return the index after the end of the block or function that the token at *start* begins (5.4.8)."""
    stack = [opens(tokens[start])]
    for position in range(start + 1, len(tokens)):
        kind = tokens[position].kind
        if kind == stack[-1]:
            stack.pop()
            if not stack:
                return position + 1
        elif kind in _CLOSER:
            stack.append(_CLOSER[kind])
    return len(tokens)


def closers(tokens: list[Token]) -> str:
    """Return the closing characters that the end of the file stands for, the innermost first."""
    stack: list[str] = []
    for kind, _ in tokens:
        if stack and kind == stack[-1]:
            stack.pop()
        elif kind in _CLOSER:
            stack.append(_CLOSER[kind])
    return (_token_closer(tokens[-1]) if tokens else "") + "".join(reversed(stack))


def _token_closer(token: Token) -> str:
    text = token.text
    if token.kind == "comment" and (len(text) < 4 or not text.endswith("*/")):
        return "/" if text.endswith("*") and len(text) > 2 else "*/"
    if token.kind == "string" and not _CLOSED_STRING.fullmatch(text):
        return text[0]
    if token.kind == "url" and not _CLOSED_URL.fullmatch(text):
        return ")"
    return ""


def ends_in_escape(text: str) -> bool:
    """Tell whether *text* ends in a backslash that escapes the end of the file; together they are U+FFFD."""
    return len(text) - len(text.rstrip("\\")) & 1 == 1


def unescape(text: str) -> str:
    """Return the value of a name's or string's inner *text* (4.3.7)."""
    if "\\" not in text:
        return text
    return re.sub(r"(?s)\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|(\n)|(.)|\Z)", _unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    return "" if found[2] else found[3] or "\ufffd"


def string_value(token: Token) -> str:
    """Return the value of a string token."""
    text = token.text[1:]
    if not _token_closer(token):
        text = text[:-1]
    elif ends_in_escape(text):
        text = text[:-1]  # in a string an escaped end of the file adds nothing (4.3.5)
    return unescape(text)


def url_value(token: Token) -> str:
    """Return the URL in an unquoted url token."""
    inner = token.text[token.text.index("(") + 1 :]
    if not _token_closer(token):
        inner = inner[:-1]
    stripped = inner.strip(" \t\n")
    if ends_in_escape(stripped) and len(inner) > len(stripped):
        stripped = inner.lstrip(" \t\n")[: len(stripped) + 1]  # the blank belongs to the escape
    return unescape(stripped)


def function_name(token: Token) -> str:
    """Return the lower-case name of a function token."""
    return unescape(token.text[:-1]).lower()


def quote(value: str) -> str:
    """Return *value* as a string token."""
    escaped = re.sub(r"[\"\\]", r"\\\g<0>", value)
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda c: f"\\{ord(c[0]):x} ", escaped) + '"'
