"""Take an ``@import`` rule apart, and put the imported text under its conditions (CSS Cascade 5, 2)."""

from dataclasses import dataclass

from pressmark.syntax.css_tokens import (
    Token,
    block_end,
    function_name,
    opens,
    string_value,
    tokenize,
    unescape,
    url_value,
)
from pressmark.syntax.urls import clean


@dataclass(frozen=True, slots=True)
class ImportRule:
    """An ``@import`` taken apart: its target, and the conditions under which it applies."""

    url: str
    layer: str | None
    supports: str
    media: str

    def around(self, text: str) -> tuple[str, str] | None:
        """Return the text before and after *text* that puts it under these conditions.

        ``None`` means that it cannot stand inside a block.
        """
        if self.layer is None and not self.supports and not self.media:
            return "", ""
        if not stands_in_block(text):
            return None
        openings = (
            *([f"@media {self.media}{{\n"] if self.media else ()),
            *([f"@supports ({self.supports}){{\n"] if self.supports else ()),
            *([f"@layer {self.layer}{{\n"] if self.layer is not None else ()),
        )
        return "".join(openings), "\n}" * len(openings)


def stands_in_block(text: str) -> bool:
    """Tell whether a sheet's *text* means the same in a block: nothing of it would end that, or count at top level."""
    return not any(token.kind in ("}", "]", ")", "cdo", "cdc") for token in _top_level(tokenize(text)))


def read_import(tokens: list[Token]) -> ImportRule | None:
    """Take an ``@import`` apart (CSS Cascade 5, 2); ``None`` if it is not one that surely applies."""
    rest = [Token("space", " ") if token.kind == "comment" else token for token in tokens[1:]]
    while rest and rest[-1].kind in (";", "space"):
        rest.pop()
    rest = _stripped(rest)
    if not rest:
        return None
    url, rest = _read_target(rest)
    if url is None:
        return None
    layer: str | None = None
    supports = ""
    rest = _stripped(rest)
    if rest and rest[0].kind == "ident" and unescape(rest[0].text).lower() == "layer":
        layer, rest = "", _stripped(rest[1:])
    elif rest and rest[0].kind == "function" and function_name(rest[0]) == "layer":
        end = block_end(rest, 0)
        layer, rest = _text(rest[1 : end - 1]).strip(), _stripped(rest[end:])
        if not layer or any(token.kind not in ("ident", "delim") for token in tokenize(layer)):
            return None
    if rest and rest[0].kind == "function" and function_name(rest[0]) == "supports":
        end = block_end(rest, 0)
        supports, rest = _text(rest[1 : end - 1]).strip(), _stripped(rest[end:])
    # A "general-enclosed" (Media Queries 4) may hold any text, but no token that could end a prelude early.
    if any(token.kind in ("{", "}", ";", "bad_string", "bad_url", "cdo", "cdc") for token in rest):
        return None
    return ImportRule(clean(url), layer, supports, _text(rest).strip())


def _read_target(tokens: list[Token]) -> tuple[str | None, list[Token]]:
    first = tokens[0]
    if first.kind == "string":
        return string_value(first), tokens[1:]
    if first.kind == "url":
        return url_value(first), tokens[1:]
    if first.kind == "function" and function_name(first) == "url":
        end = block_end(tokens, 0)
        inner = [token for token in tokens[1 : end - 1] if token.kind != "space"]
        if len(inner) == 1 and inner[0].kind == "string":
            return string_value(inner[0]), tokens[end:]
    return None, tokens


def _top_level(tokens: list[Token]) -> list[Token]:
    outer = []
    position = 0
    while position < len(tokens):
        outer.append(tokens[position])
        position = block_end(tokens, position) if opens(tokens[position]) else position + 1
    return outer


def _stripped(tokens: list[Token]) -> list[Token]:
    start = next((i for i, token in enumerate(tokens) if token.kind != "space"), len(tokens))
    return tokens[start:]


def _text(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens)
