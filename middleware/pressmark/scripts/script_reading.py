"""Read a classic script ready to be joined with its neighbours, or tell the effects of one that stays in the page.

A script is joined only if its syntax tree proves that this does no harm. Any other has a bundle to itself, or stays.
"""

import re

from pressmark.model import Asset, Origin
from pressmark.scripts.file_names import ENDS
from pressmark.scripts.joining import Script
from pressmark.scripts.script_analysis import analyse, analysed
from pressmark.syntax.charsets import UncertainEncodingError, decode
from pressmark.syntax.urls import without_query
from pressmark.verdicts.analyses import Analyses
from pressmark.verdicts.catalogue import POSSIBLE, Rule
from pressmark.verdicts.placement import Effects, Placement, Reason, UnmovableError

# The source map of a file, named at its very end, where only a line comment could hold these words. It would be taken
# for that of the bundle.
_NAMES_MAP = re.compile(r"//[#@][ \t]*+sourceMappingURL=[^\s'\"`*]*\Z")
_ENDS_URL = re.compile(r"[\s'\"`*]")
_HAS_EFFECTS = re.compile(
    r"\b(?:let|const|class|write(?:ln)?|currentScript|scripts?|stack)\b|\\u|" + ENDS.pattern, re.IGNORECASE
)
_MAY_DECLARE = re.compile(r"\b(?:var|function)\s+([\w$]+)")


def read_script(asset: Asset, analyses: Analyses, *, must_move: bool = False, is_trusted: bool = False) -> Script:
    """Return the script of *asset* ready to be joined. Raises UnmovableError.

    If it *must_move*, because no browser could read it as it was, it is alone in a bundle instead of staying. If it
    *is_trusted*, it stays only by rules that are certain.
    """
    try:
        text = said = decode(asset.content, asset.charset)
    except UncertainEncodingError as error:
        raise UnmovableError(Reason(Rule.ENCODING, str(error))) from error
    if text.startswith("#!"):
        text = "//" + text[2:]  # a hashbang is one only at the very start of a script
    text = _without_map(text)
    analysis = analysed(text, analyses)
    reason = analysis.reason
    if reason and is_trusted and reason.rule in POSSIBLE:
        reason = None
    if analysis.stays and reason and not (must_move and reason.rule is not Rule.SYNTAX):
        raise UnmovableError(reason, effects=analysis.effects)
    origin = Origin(without_query(asset.url), said)
    placement = Placement.ALONE if reason else Placement.ANYWHERE
    return Script(text, origin, analysis, placement, reason, is_trusted)


def _without_map(text: str) -> str:
    """Return a script's *text* without a comment at its end that names a source map.

    Only the last word is searched, with the comment's start before it: a search of all of the text would go on from
    each of many such comments to the end of a word.
    """
    end = len(text.rstrip())
    url = text.rfind("sourceMappingURL=", 0, end)
    if url < 0 or _ENDS_URL.search(text, url, end):
        return text
    word = max(text.rfind(each, 0, url) for each in " \t\r\n'\"`*") + 1
    found = _NAMES_MAP.search(text, max(text.rfind("//", 0, word), 0), end)
    return text[: found.start()] if found else text


def effects(text: str) -> Effects:
    """Return the effects on later scripts of code that stays in the page.

    The analysis is not kept: such code may differ with each request.
    """
    if not _HAS_EFFECTS.search(text):
        return Effects(declared=frozenset(_MAY_DECLARE.findall(text)))
    return analyse(text).effects
