"""Minify stylesheets and scripts with rcssmin and rjsmin, and believe neither.

What they return is compared token by token with what they were given. Where it differs, white space and comments
are taken out by our own tokens, and compared in turn; where even that differs, the text stays as it was.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version

import rcssmin
import rjsmin

from pressmark.model import Asset
from pressmark.syntax import css, js
from pressmark.syntax.verify import css_skeleton, needs_newline, same_script, same_sheet

logger = logging.getLogger("pressmark")

_WORD_END = re.compile(r"[\w$#\\\u0080-\U0010ffff]\Z")
_WORD_START = re.compile(r"[\w$#\\\u0080-\U0010ffff]")


class MinifyCss:
    """Takes white space and comments out of stylesheets; keeps ``/*!`` comments."""

    key = f"rcssmin {version('rcssmin')}, 1"

    def __call__(self, asset: Asset) -> Asset:
        return _minified(asset, (_rcssmin, _css_by_tokens), same_sheet)


class MinifyJs:
    """Takes white space and comments out of scripts; keeps ``/*!`` comments, renames nothing."""

    key = f"rjsmin {version('rjsmin')}, 1"

    def __call__(self, asset: Asset) -> Asset:
        return _minified(asset, (_rjsmin, _js_by_tokens), same_script)


def _minified(asset: Asset, minifiers: tuple[Callable[[str], str], ...], same: Callable[[str, str], bool]) -> Asset:
    """Return *asset* by the first of *minifiers* whose result is the same as the text, else as it was."""
    text = asset.content.decode("utf-8")
    for minify in minifiers:
        try:
            result = minify(text)
            if same(text, result):
                return replace(asset, content=result.encode("utf-8"))
        except Exception as error:  # foreign code; the next one may know better
            logger.debug("%s failed on %r: %s", minify.__name__, asset.url, error)
    logger.warning("%r is bundled unminified: no minifier left it the same", asset.url)
    return asset


def _rcssmin(text: str) -> str:
    # As bytes: a lone surrogate in a str crashes the C implementation.
    return _ended(text, bytes(rcssmin.cssmin(text.encode("utf-8"), keep_bang_comments=True)).decode("utf-8"))


def _rjsmin(text: str) -> str:
    return bytes(rjsmin.jsmin(text.encode("utf-8"), keep_bang_comments=True)).decode("utf-8")


def _css_by_tokens(text: str) -> str:
    return _ended(text, "".join(css_skeleton(css.preprocess(text))))


def _ended(text: str, result: str) -> str:
    """Return *result* with the ";" that ends a last ``@import`` or ``@layer``: another sheet may follow."""
    return result + ";" if text.rstrip().endswith(";") and not result.endswith(";") else result


def _js_by_tokens(text: str) -> str:
    parts: list[str] = []
    before: js.Token | None = None
    for token in js.tokenize(text):
        if before is not None:
            parts.append(_separator(before, token))
        parts += (token.kept, token.text)
        before = token
    return "".join(parts)


def _separator(before: js.Token, after: js.Token) -> str:
    """Return the least that must stand between two tokens; what this forgets, the proof will see."""
    if after.newline and needs_newline(before, after):
        return "\n"
    if before.text.endswith("${") or (after.kind == "template" and after.text[0] == "}"):
        return ""
    both_words = (before.kind == "regex" or _WORD_END.search(before.text)) and _WORD_START.match(after.text)
    would_merge = before.text[-1] + after.text[0] in ("++", "--", "//", "/*", "<!")
    is_fraction = before.kind == "number" and after.text[0] == "."
    return " " if both_words or would_merge or is_fraction else ""
