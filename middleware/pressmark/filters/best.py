"""Minify scripts as far as is proved: white space and comments go, and what is local gets shorter names.

npm's terser renames, and nothing of its result is trusted: it is used if it is the same program but for those names
(``syntax.js_renaming``), and smaller when compressed. Names that a program can ask for stay as they are.
"""

import logging
from dataclasses import replace

import brotli

from pressmark.compilers.node import Terser
from pressmark.filters.minify import MinifyJs
from pressmark.model import Asset
from pressmark.syntax.js_function_text import takes_functions_apart
from pressmark.syntax.js_renaming import Names, prove_renamed
from pressmark.syntax.js_tree import parse

logger = logging.getLogger("pressmark")

_QUALITY = 9


class MinifyBest:
    """The smallest proved form of a script. Raises SettingsError without npm's terser.

    Its package is looked for from *folder*, by default the working directory.
    """

    name = "best"
    kinds = ("js",)

    def __init__(self, folder: str = "") -> None:
        self._usual, self._terser = MinifyJs(), Terser(folder=folder)
        self.key = f"best 1, {self._usual.key}, {self._terser.key}"

    def __call__(self, asset: Asset) -> Asset:
        """Return *asset* minified, with a source map if its names have changed."""
        usual = self._usual(asset)
        text = asset.content.decode("utf-8")
        if takes_functions_apart(asset):
            return usual
        try:
            before = parse(text)
            made = self._terser.renamed(asset, sorted(set(Names(before).inferred())))
            prove_renamed(before, parse(made.content.decode("utf-8")))
        except (ValueError, OSError) as error:
            logger.info("%r keeps its names: %s", asset.url, " ".join(str(error).split()))
            return usual
        return replace(made, dependencies=None) if _size(made) < _size(usual) else usual


def _size(asset: Asset) -> int:
    return len(brotli.compress(asset.content, quality=_QUALITY))
