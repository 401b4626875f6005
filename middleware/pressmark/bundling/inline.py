"""Write a bundle's text so that an HTML parser takes none of it for markup, if its meaning allows that.

Only in strings can a "<" or a "/" be written in another way with the same meaning. In regular expressions and templates
a script can read the source, and in code there is no other way.
"""

import re

from pressmark.model import Kind
from pressmark.page.markup import can_inline
from pressmark.syntax import css_tokens as css
from pressmark.syntax.js_refusals import ScriptSyntaxError
from pressmark.syntax.js_tree import parse, query

_STRINGS = query("(string) @string")
_OPENS = re.compile(r"(\\*)<(?=/script|script|!--)", re.IGNORECASE)
_ENDS_STYLE = re.compile(r"</(?=style)", re.IGNORECASE)


def inlined(kind: Kind, text: str) -> str | None:
    """Return *text* in a form that may stand inside a style or script element, ``None`` if there is none."""
    if not can_inline(kind, text):
        text = _escaped_sheet(text) if kind == "css" else _escaped_script(text)
    return text if can_inline(kind, text) else None


def _escaped_sheet(text: str) -> str:
    tokens = css.tokenize(text)
    if any(token.kind == "ident" and token.text.startswith("--") for token in tokens):
        return text  # scripts can read the text of a custom property
    return "".join(_ENDS_STYLE.sub(r"<\\/", token.text) if token.kind == "string" else token.text for token in tokens)


def _escaped_script(text: str) -> str:
    try:
        tree = parse(text)
    except ScriptSyntaxError:
        return text
    parts, position = [], 0
    for node in sorted(tree.captures(_STRINGS).get("string", ()), key=lambda node: node.start_byte):
        parts.append(tree.raw[position : node.start_byte].decode("utf-8"))
        parts.append(_OPENS.sub(_escaped_bracket, tree.text(node)))
        position = node.end_byte
    return "".join((*parts, tree.raw[position:].decode("utf-8")))


def _escaped_bracket(found: re.Match[str]) -> str:
    """Return an escaped "<". The last of an odd number of backslashes before it escaped it already, and is dropped."""
    return found[1][: len(found[1]) & ~1] + r"\x3c"
