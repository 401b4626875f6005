"""Minify stylesheets and scripts with rcssmin and rjsmin, and trust neither.

Their result is compared with the source, token by token. If it differs, our own tokens are written without white space
and comments, and compared in turn. If even that differs, the text stays as it was.
"""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib.metadata import version
from typing import TypeVar

import rcssmin
import rjsmin

from pressmark.model import Asset
from pressmark.syntax import js_tokens as js
from pressmark.syntax.css_outline import Outline, outline_of
from pressmark.syntax.js_function_text import takes_functions_apart
from pressmark.syntax.js_skeleton import Skeleton, skeleton_of
from pressmark.syntax.verify import PARTED, css_skeleton, needs_newline, script_difference, sheet_difference

Tokens = TypeVar("Tokens")

logger = logging.getLogger("pressmark")

_WORD_END = re.compile(r"[\w$#\\\u0080-\U0010ffff]\Z")
_WORD_START = re.compile(r"[\w$#\\\u0080-\U0010ffff]")


class MinifyCss:
    """Takes white space and comments out of stylesheets; keeps licences."""

    key = f"rcssmin {version('rcssmin')}, 5"

    def __call__(self, asset: Asset) -> Asset:
        is_ended = asset.content.rstrip().endswith(b";")
        minified = _minified_quickly(asset.content.decode("utf-8"), outline_of, _rcssmin)
        if minified is not None:
            return replace(asset, content=_ended(minified, is_ended).encode("utf-8"))
        return _minified(
            asset,
            css_skeleton,
            lambda text: _ended(_rcssmin(text), is_ended),
            lambda skeleton: _ended(skeleton.replace(PARTED, ""), is_ended),
            sheet_difference,
        )


class MinifyJs:
    """Takes white space and comments out of scripts; keeps licences, renames nothing.

    A script that takes the text of its own functions apart stays as it is.
    """

    key = f"rjsmin {version('rjsmin')}, 5"

    def __call__(self, asset: Asset) -> Asset:
        text = asset.content.decode("utf-8")
        if takes_functions_apart(asset):
            return asset
        minified = _minified_quickly(text, skeleton_of, _rjsmin)
        if minified is not None:
            return replace(asset, content=minified.encode("utf-8"))
        return _minified(asset, js.Tokens, _rjsmin, _write_js, script_difference)


def _minified_quickly(
    text: str, reduce: Callable[[str], Skeleton | Outline | None], library: Callable[[str], str]
) -> str | None:
    """Return *text* minified by *library*, else as *reduce* writes it: a text that it reduces to the same.

    ``None`` if only the tokens could tell what *text* means.
    """
    reduced = reduce(text)
    if reduced is None:
        return None
    for minify in (library, lambda _: reduced.write()):
        minified = minify(text)
        if reduce(minified) == reduced:
            return minified
    return None


def _minified(
    asset: Asset,
    read: Callable[[str], Tokens],
    library: Callable[[str], str],
    write: Callable[[Tokens], str],
    difference: Callable[[Tokens, Tokens], str | None],
) -> Asset:
    """Return *asset* minified by *library*, else by *write*, else as it was: the first whose tokens are the same.

    *read* gives the tokens of a text, *difference* describes how those of two texts differ.
    """
    text = asset.content.decode("utf-8")
    tokens = read(text)
    found = ""
    for minify in (library, lambda _: write(tokens)):
        try:
            result = minify(text)
            found = difference(tokens, read(result)) or ""
        except Exception as error:  # foreign code, or a script that cannot be read by tokens alone
            found = str(error)
        if not found:
            return replace(asset, content=result.encode("utf-8"))
    logger.warning("%r is bundled unminified: no minified text surely means the same: %s", asset.url, found)
    return asset


def _rcssmin(text: str) -> str:
    # As bytes: a lone surrogate in a str crashes the C implementation.
    return bytes(rcssmin.cssmin(text.encode("utf-8"), keep_bang_comments=True)).decode("utf-8")


def _rjsmin(text: str) -> str:
    return bytes(rjsmin.jsmin(text.encode("utf-8"), keep_bang_comments=True)).decode("utf-8")


def _ended(text: str, is_ended: bool) -> str:
    """Return *text* with the ";" that ended a last ``@import`` or ``@layer``: another sheet may follow."""
    return text + ";" if is_ended and not text.endswith(";") else text


def _write_js(tokens: Iterable[js.Token]) -> str:
    parts: list[str] = []
    before: js.Token | None = None
    for token in tokens:
        if before is not None:
            parts.append(_separator(before, token))
        parts += (token.kept, token.text)
        before = token
    return "".join(parts)


def _separator(before: js.Token, after: js.Token) -> str:
    """Return the shortest separator of two tokens; if it is too short, the comparison will find out."""
    if after.kind == "end" or (after.newline and needs_newline(before, after)):
        return "\n"
    if before.text.endswith("${") or (after.kind == "template" and after.text[0] == "}"):
        return ""
    both_words = (before.kind == "regex" or _WORD_END.search(before.text)) and _WORD_START.match(after.text)
    would_merge = before.text[-1] + after.text[0] in ("++", "--", "//", "/*", "<!")
    is_fraction = before.kind == "number" and after.text[0] == "."
    return " " if both_words or would_merge or is_fraction else ""
