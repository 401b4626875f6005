"""Find the URLs that a stylesheet refers to, without reading what they mean."""

from collections.abc import Iterable, Iterator

from pressmark.syntax.css_tokens import (
    Token,
    function_name,
    opens,
    preprocess,
    string_value,
    tokenize,
    unescape,
    url_value,
)
from pressmark.syntax.urls import clean, is_relative

URL_FUNCTIONS = frozenset(("url", "src", "image-set", "-webkit-image-set"))
"""The functions in which a string is a URL."""


def references(tokens: Iterable[Token]) -> Iterator[str]:
    """Yield the URLs in *tokens*: unquoted ones, and strings in functions that take a URL."""
    functions: list[str] = []
    for token in tokens:
        if token.kind == "url":
            yield url_value(token)
        elif token.kind == "string" and functions and functions[-1] in URL_FUNCTIONS:
            yield string_value(token)
        elif opens(token):
            functions.append(function_name(token) if token.kind == "function" else token.kind)
        elif token.kind in (")", "]", "}") and functions:
            functions.pop()


def relative_references(text: str) -> list[str]:
    """Return the relative URLs of the stylesheet *text*, which mean another file on a page in another folder."""
    tokens = tokenize(preprocess(text))
    found = [*references(tokens), *_imported(tokens)]
    return [reference for reference in map(clean, found) if is_relative(reference)]


def _imported(tokens: list[Token]) -> Iterator[str]:
    """Yield the strings that follow an ``@import``."""
    is_import = False
    for token in tokens:
        if is_import and token.kind == "string":
            yield string_value(token)
        if token.kind not in ("space", "comment"):
            is_import = token.kind == "at" and unescape(token.text[1:]).lower() == "import"
