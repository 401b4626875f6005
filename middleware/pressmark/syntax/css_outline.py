"""Reduce a stylesheet to its outline. Two sheets that share one have the same significant tokens.

An outline is the sheet without the white space, comments and semicolons that mean nothing; strings, URLs, escapes and
comments that must stay are one sign each there, and kept beside it. It is made by searches of whole texts, several
times faster than token by token. In return it knows only what is usual: for a sheet with a broken string, a comment
inside a word and the like there is none, and ``verify.css_skeleton`` reads its tokens. What that keeps an outline keeps
as well.
"""

import re
from typing import NamedTuple

from pressmark.syntax import css_tokens as css
from pressmark.syntax.licences import is_licence

_STRING, _URL, _ESCAPE, _COMMENT, _LICENCE = "\x01", "\x02", "\x03", "\x04", "\x05"
_KEPT = re.compile(rf"[{_STRING}{_URL}{_ESCAPE}{_LICENCE}]")
_BEFORE_STATEMENT = f" \t\n{_COMMENT}{_LICENCE}"
# Blanks in the value of a custom property count as they are.
_BLANKS_OF_VALUES = str.maketrans(" \t\n", "\x0e\x0f\x10")
_USUAL_BLANKS = str.maketrans("\x0e\x0f\x10", " \t\n")
_SIGNS = re.compile(r"[\x01-\x06\x0e-\x10]")
_HTML_COMMENT = re.compile(r"<!--|-->")
_STOP = re.compile(
    rf"((?:[^\"'/\\uU]++|[uU](?![rR][lL]\())*+)(?:({css.CLOSED_STRINGS})|(/\*(?s:.*?)\*/)"
    r"|(\\(?:[0-9a-fA-F]{1,6}[ \n\t]?|[^\n0-9a-fA-F]))|([uU][rR][lL]\(|/)|\Z)"
)
_NAME_END = re.compile(r"[\w\x03-]\Z")
# What may be the function url() or a custom property, by escapes.
_ESCAPED_NAME = re.compile(r"\x03[\w\x03-]*\(|(?<![\w.#\x03-])-?\x03[\w\x03-]*[ \t\n\x04\x05]*:")
_PLAIN_URL = re.compile(rf"[ \t\n]*+(?![\"']){css.URL_BODY}[ \t\n]*+\)")
_QUOTED = re.compile(r"[ \t\n]*+[\"']")
_CUSTOM = re.compile(r"(--(?<![\w\x03-]--)[\w\x03-]*[ \t\n\x04\x05]*):([^;{}]*)")
_BLANKS = re.compile("  +")
_COMMENTS = re.compile(rf"{_COMMENT}{_COMMENT}+")
# A comment beside these signs parts nothing.
_VOID_COMMENT = re.compile(r"\x04(?:(?=[ {};,:)\[\]\x05])|(?<=[ {};,:()\[\]\x05]\x04))")
_GAP = re.compile(r" (?:(?=[ {};,)\]])|(?=!)(?<!: )|(?<=[{};,(\[] ))")
_ENDS = re.compile(r"([{};])")
_COMBINATOR = re.compile(r"(?: (?<!: ))?(?:([>~]) ?|(\+) ?(?!\.?[0-9]))")
# Brackets in a selector, up to three within each other.
_BRACKETS = re.compile(r"(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\[[^\[\]]*\])")
_BRACKET = re.compile(r"[()\[\]]")
_FUNCTION = re.compile(r"[\w\x03-]\(")
_CONDITIONAL = re.compile(r"@(?:media|supports|container|import)(?![\w\x03-])", re.IGNORECASE)


class Outline(NamedTuple):
    """The *code* of a stylesheet, with a sign for each of its *opaque* parts."""

    code: str
    opaque: tuple[str, ...]

    def write(self) -> str:
        """Return a short stylesheet that may have this outline: that is to be seen."""
        opaque = iter(self.opaque)
        return _KEPT.sub(lambda _: next(opaque), self.code.translate(_USUAL_BLANKS))


class _DoubtError(Exception):
    """Only the tokens of the sheet can tell."""


def outline_of(text: str) -> Outline | None:
    """Return the outline of the stylesheet *text*, ``None`` if only its tokens could tell what it means."""
    text = css.preprocess(text)
    if _SIGNS.search(text) or _HTML_COMMENT.search(text):
        return None
    try:
        code, opaque = _opaque_apart(text)
        if _ESCAPED_NAME.search(code):
            return None
        code = _CUSTOM.sub(_custom_property, code) if "--" in code else code
        code = _BLANKS.sub(" ", code.replace("\n", " ").replace("\t", " "))
        code = _outline(_GAP.sub("", _without_comments(code)).strip())
    except _DoubtError:
        return None
    return None if _HTML_COMMENT.search(code) else Outline(code, opaque)


def _opaque_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the code of a sheet, with signs in the place of its opaque parts, and these. Raises _DoubtError."""
    parts: list[str] = []
    opaque: list[str] = []
    position = 0
    while (found := _STOP.match(text, position)) is not None:
        kind, position = found.lastindex, found.end()
        parts.append(found[1])
        if kind == 2:
            parts.append(_STRING)
            opaque.append(found[2])
        elif kind == 3:
            is_kept = is_licence(found[3])
            parts.append(_LICENCE if is_kept else _COMMENT)
            opaque += [found[3]] if is_kept else []
        elif kind == 4:
            parts.append(_ESCAPE)
            opaque.append(found[4])
        elif kind == 5:
            position = _read_url(text, position, parts, opaque, found[5])
        else:
            break
    if position < len(text):  # a string or an escape that does not end
        raise _DoubtError
    return "".join(parts), tuple(opaque)


def _read_url(text: str, position: int, parts: list[str], opaque: list[str], begin: str) -> int:
    """Take a URL without quotation marks apart, if *begin* begins one; return its end. Raises _DoubtError."""
    if begin == "/" and text.startswith("*", position):  # a comment that does not end
        raise _DoubtError
    if begin == "/" or _NAME_END.search("".join(parts[-2:])) or _QUOTED.match(text, position):
        parts.append(begin)
        return position
    url = _PLAIN_URL.match(text, position)
    if url is None:
        raise _DoubtError
    parts.append(_URL)
    opaque.append(begin + url[0])
    return url.end()


def _custom_property(found: re.Match[str]) -> str:
    """Return a custom property with a value that no blank will be taken from. Raises _DoubtError."""
    name, value = found[1], found[2]
    code, before = found.string, found.start()
    while before and code[before - 1] in _BEFORE_STATEMENT:
        before -= 1
    is_declaration = before and code[before - 1] in "{};" and code[found.end() : found.end() + 1] != "{"
    if not is_declaration or _COMMENT in found[0] or _LICENCE in found[0]:
        raise _DoubtError
    return f"{name}:{(value.strip() or value[:1]).translate(_BLANKS_OF_VALUES)}"


def _without_comments(code: str) -> str:
    """Return *code* without comments, licences without gaps around them. Raises _DoubtError."""
    if _COMMENT in code:
        code = _VOID_COMMENT.sub("", _COMMENTS.sub(_COMMENT, code).strip(f" {_COMMENT}"))
        if _COMMENT in code:
            raise _DoubtError
        code = _BLANKS.sub(" ", code)
    if _LICENCE not in code:
        return code
    pieces = code.split(_LICENCE)
    last = ";"
    for index, piece in enumerate(pieces[:-1]):
        last = piece.rstrip(" ")[-1:] or last
        if last not in "{};":
            raise _DoubtError  # it lies within a statement
        pieces[index] = piece.strip(" ") if index else piece.rstrip(" ")
    pieces[-1] = pieces[-1].lstrip(" ")
    return _LICENCE.join(pieces)


def _outline(code: str) -> str:
    """Return *code*, of which most gaps are gone, without those that its statements do not need. Raises _DoubtError."""
    pieces = _ENDS.split(code)
    pieces.append("")
    written: list[str] = []
    depth = 0
    for index in range(0, len(pieces), 2):
        statement, end = pieces[index], pieces[index + 1]
        if " " in statement:
            statement = _statement(statement, end)
        if _BRACKET.search(statement) and not _is_balanced(statement):
            raise _DoubtError
        if not depth and end != "{" and statement.lstrip(_LICENCE)[:1] not in ("", "@"):
            raise _DoubtError  # no statement
        if end == "{":
            depth += 1
        elif end == "}":
            depth -= 1
            if written and written[-1] == ";" and not statement:
                written.pop()
        elif not statement and (not depth or (written and written[-1] in "{;")):
            end = ""
            if not depth and index + 2 < len(pieces):
                raise _DoubtError  # a semicolon that begins a rule
        if depth < 0:
            raise _DoubtError
        written += (statement, end) if statement else (end,)
    if depth:
        raise _DoubtError
    while written and written[-1] in ("", ";"):
        written.pop()
    return "".join(written)


def _is_balanced(statement: str) -> bool:
    """Tell whether each bracket of a statement is closed by its like."""
    is_open: list[str] = []
    for sign in _BRACKET.findall(statement):
        if sign in "([":
            is_open.append(")" if sign == "(" else "]")
        elif not is_open or is_open.pop() != sign:
            return False
    return not is_open


def _statement(text: str, end: str) -> str:
    """Return what comes before "{", ";" or "}", without the gaps in it that mean nothing."""
    licences = len(text) - len(text.lstrip(_LICENCE))
    if text[licences : licences + 1] == "@":
        return _at_rule(text)
    if end == "{":
        return _selector(text)
    name, colon, value = text.partition(":")
    is_value = value[:1] == " " and not _BRACKET.search(name)
    return f"{name}{colon}{value[1:]}" if is_value else text


def _at_rule(text: str) -> str:
    """Return the prelude of an at-rule, without the gap before a value in conditions like ``(min-width: 1px)``."""
    if ": " not in text or not _CONDITIONAL.match(text.lstrip(_LICENCE)) or _FUNCTION.search(text):
        return text
    parts = _BRACKETS.split(text)
    parts[1::2] = [each.replace(": ", ":") for each in parts[1::2]]
    return "".join(parts)


def _selector(text: str) -> str:
    """Return a selector, without the gaps around combinators outside of its brackets."""
    parts = _BRACKETS.split(text)
    outer = parts[::2]
    if any(sign in each for each in outer for sign in "()[]"):
        return text
    parts[::2] = [_COMBINATOR.sub(r"\1\2", each) for each in outer]
    return "".join(parts)
