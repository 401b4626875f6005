"""What a stylesheet says, in words that two tokenizers can agree on: ours and tinycss2's."""

import re
from collections.abc import Iterable

import tinycss2

from pressmark.syntax.css_tokens import Token, opens, preprocess, string_value, tokenize, unescape, url_value

Word = tuple[str, ...]

_UNIT = re.compile(r"[+-]?(?:[0-9]*\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BRACKETS = {"{} block": "{}", "() block": "()", "[] block": "[]"}


def our_words(text: str) -> list[Word]:
    """Return the words of *text* by our tokens; what the end of the file closes is closed."""
    words: list[Word] = []
    stack: list[str] = []
    for token in tokenize(preprocess(text)):
        if stack and token.kind == stack[-1]:
            words.append((stack.pop(),))
        elif token.kind in (")", "]", "}"):
            words.append(("error", token.kind))
        else:
            words += _our_word(token)
        if closer := opens(token):
            stack.append(closer)
    return words + [(closer,) for closer in reversed(stack)]


def _our_word(token: Token) -> list[Word]:
    kind, text = token
    match kind:
        case "ident":
            return [(kind, unescape(text))]
        case "at" | "hash":
            return [(kind, unescape(text[1:]))]
        case "function":
            return [(kind, unescape(text[:-1]))]
        case "string":
            return [(kind, string_value(token))]
        case "url":
            return [(kind, url_value(token))]
        case "number" | "percentage":
            return [(kind, text.rstrip("%"))]
        case "dimension":
            number = _UNIT.match(text)
            return [(kind, number[0], unescape(text[number.end() :]))] if number else [("error", text)]
        case "bad_string" | "bad_url":
            return [("error", kind.replace("_", "-"))]
        case "space" | "comment":
            return [(kind,)]
    return [(text,)]


def their_words(text: str) -> list[Word]:
    """Return the words of *text* by tinycss2."""
    return list(_their_words(tinycss2.parse_component_value_list(text)))


def _their_words(nodes: Iterable[object]) -> Iterable[Word]:
    for node in nodes:
        kind = str(getattr(node, "type", ""))
        if kind in _BRACKETS:
            yield (_BRACKETS[kind][0],)
            yield from _their_words(getattr(node, "content", ()))
            yield (_BRACKETS[kind][1],)
        elif kind == "function":
            yield (kind, str(getattr(node, "name", "")))
            yield from _their_words(getattr(node, "arguments", ()))
            yield (")",)
        else:
            yield from _their_word(kind, node)


def _their_word(kind: str, node: object) -> Iterable[Word]:
    value = str(getattr(node, "value", ""))
    match kind:
        case "literal" if value in ("<!--", "-->"):
            yield (value,)
        case "literal":  # "^=" is one token to tinycss2 and two to the standard
            yield from ((character,) for character in value)
        case "at-keyword":
            yield ("at", value)
        case "ident" | "hash" | "string" | "url":
            yield (kind, value)
        case "number" | "percentage":
            yield (kind, str(getattr(node, "representation", "")))
        case "dimension":
            yield (kind, str(getattr(node, "representation", "")), str(getattr(node, "unit", "")))
        case "whitespace":
            yield ("space",)
        case "comment":
            yield (kind,)
        case "error":
            problem = str(getattr(node, "kind", ""))
            if not problem.startswith("eof"):  # the end of the file closes strings and urls without harm
                yield ("error", problem)
        case _:
            yield ("error", kind)
