"""Find the effects of a classic script on its neighbours, and make it ready to be joined with them.

Joining makes one script of several: declarations are hoisted over all of them, one "use strict" governs all, and an
exception would end all. A script is joined only if its syntax tree proves that this does no harm. Any other has a
bundle to itself, or stays.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pressmark.model import Asset, Origin
from pressmark.scripts.file_names import ENDS, file_names
from pressmark.scripts.inspectors import find_inspectors
from pressmark.scripts.self_reference import find_self_references
from pressmark.sourcemaps.tracked_text import Part, TrackedText, join_parts
from pressmark.syntax.charsets import UncertainEncodingError, decode
from pressmark.syntax.js_refusals import PARSERS, CostlyScriptError, ScriptSyntaxError
from pressmark.syntax.js_tree import Tree, parse
from pressmark.syntax.urls import without_query
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import NO_EFFECTS, Effects, Placement, Reason, UnmovableError, read_inspectors

# An exception that a listener throws is reported at once, like one that no code catches, and ends nothing (DOM 2.9,
# "inner invoke"). reportError(), Event and EventTarget would do it too, but pages have functions of those names; no
# page can replace the document.
REPORT = (
    'catch(e){(function(t,v){v.initEvent("e",false,false);t.addEventListener("e",function(){throw e});'
    't.dispatchEvent(v)})(document.createTextNode(""),document.createEvent("Event"))}'
)
# Names by which a script may queue work that runs before the next script (HTML 8.1.4.4, microtask checkpoint).
_QUEUES = re.compile(
    r"\b(?:Promise|then|queueMicrotask|MutationObserver|fetch|customElements|async|await|animate|finished|ready"
    r"|WebAssembly|navigator|caches|createImageBitmap)\b|\\u"
)
# The source map of a file, named at its very end, where only a line comment could hold these words. It would be taken
# for that of the bundle.
_NAMES_MAP = re.compile(r"//[#@][ \t]*+sourceMappingURL=[^\s'\"`*]*\Z")
_ENDS_URL = re.compile(r"[\s'\"`*]")
_HAS_EFFECTS = re.compile(
    r"\b(?:let|const|class|write(?:ln)?|currentScript|scripts?|stack)\b|\\u|" + ENDS.pattern, re.IGNORECASE
)
_MAY_WRITE = re.compile(r"\bwrite(?:ln)?\b|\\u")
_MAY_DECLARE = re.compile(r"\b(?:let|const|class)\s+([\w$]+)")
_WORDS = re.compile(r"[a-zA-Z0-9_$]+")
MANY_NAMES = 100
"""Names for which a text is not searched one by one."""
# Members of every window that cannot be replaced (HTML 7.2.2, LegacyUnforgeable; ECMAScript 19.1).
_UNFORGEABLE = frozenset(("window", "document", "location", "top", "undefined", "NaN", "Infinity"))


@dataclass(frozen=True, slots=True)
class ScriptAnalysis:
    """The analysis of a script's text. Plain values, to be kept under the text's hash.

    *reason* is why it *stays* or, if it does not, why it is alone in a bundle. *cuts* are the offsets of its top-level
    functions in bytes of UTF-8, ``None`` if it cannot be isolated. *may_write* means that it may write into the page,
    *queues* that it may queue work that runs before the next script.
    """

    stays: bool
    reason: Reason | None = None
    cuts: Sequence[Sequence[int]] | None = None
    is_strict: bool = False
    may_write: bool = False
    queues: bool = False
    functions: Sequence[str] = ()
    variables: Sequence[str] = ()
    lexical: Sequence[str] = ()
    inspectors: Mapping[str, Rule] = field(default_factory=dict)
    files: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", Reason.read(self.reason))
        object.__setattr__(self, "inspectors", read_inspectors(self.inspectors))

    @property
    def effects(self) -> Effects:
        """The effects on later scripts if it stays."""
        return Effects(self.may_write, frozenset(self.lexical), self.inspectors, frozenset(self.files))


@dataclass(frozen=True, slots=True)
class Names:
    """Names that were found in a script."""

    found: Sequence[str]


@dataclass(frozen=True, slots=True)
class Script:
    """A script ready to be joined.

    *text* is that of *origin*, but a hashbang is now a comment as long, and a comment that names a map is gone.
    """

    text: str
    origin: Origin
    analysis: ScriptAnalysis
    placement: Placement
    reason: Reason | None

    @property
    def declares(self) -> frozenset[str]:
        """The names that become members of the window."""
        return frozenset((*self.analysis.functions, *self.analysis.variables))

    @property
    def name_count(self) -> int:
        """The number of names that it declares at its top level."""
        return len(self.analysis.functions) + len(self.analysis.variables) + len(self.analysis.lexical)

    @property
    def whole(self) -> TrackedText:
        """The script as it is."""
        return join_parts((Part(self.text, 0),))

    @property
    def isolated(self) -> TrackedText | None:
        """The script in a block that reports an exception and ends only itself, ``None`` if declarations forbid that.

        In a block, let, const and class would be local to it, and functions would be declared too late. A function's
        declaration has no effect at its position, so functions can stand before the block.
        """
        if self.analysis.cuts is None:
            return None
        functions: list[Part] = []
        body: list[Part] = []
        position = 0
        for start, end in self._cuts(self.analysis.cuts):
            functions += [Part(self.text[start:end], start), Part("\n")]
            # "a" and "(b)" around it must not become a call.
            body += [Part(self.text[position:start], position), Part(";")]
            position = end
        body.append(Part(self.text[position:], position))
        directive = Part('"use strict";' if self.analysis.is_strict else "")
        # The line ends keep "-->" a comment, and end one that begins with "//".
        return join_parts((directive, *functions, Part("try{\n"), *body, Part("\n}" + REPORT)))

    def _cuts(self, cuts: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
        """Yield *cuts*, which count bytes of UTF-8, in characters."""
        raw, position, length = self.text.encode("utf-8"), 0, 0
        for start, end in cuts:
            before = length + len(raw[position:start].decode("utf-8"))
            length = before + len(raw[start:end].decode("utf-8"))
            position = end
            yield before, length

    def cannot_follow(self, earlier: "Script", analyses: Analyses, *, is_exact: bool) -> Reason | None:
        """Return the reason why this script may not run in one script with *earlier*, ``None`` if it may."""
        mine, its = self.analysis, earlier.analysis
        if mine.is_strict != its.is_strict:
            return Reason(Rule.STRICTNESS, f"is {_mode(mine)}, and the script before it is {_mode(its)}")
        if its.cuts is None:
            return Reason(Rule.EXCEPTIONS, "comes after a script whose exceptions would end it")
        hoisted = self.declares if is_exact else frozenset(mine.functions)
        if noticed := _noticed(hoisted, earlier.text, analyses, is_exact=is_exact):
            return Reason(Rule.HOISTING, f"declares {_list(noticed)}, which the script before it could find too early")
        if is_exact and its.queues:
            return Reason(Rule.MICROTASKS, "comes after a script whose promises may have to be kept first")
        return None


def _noticed(names: frozenset[str], text: str, analyses: Analyses, *, is_exact: bool) -> frozenset[str]:
    """Return those of *names* that the script *text* looks up or, for *is_exact*, mentions in any way."""
    # Most scripts do not hold the names at all, unless as escapes.
    if "\\" not in text:
        words = text if len(names) < MANY_NAMES else {*_WORDS.findall(text)}
        names = frozenset(name for name in names if name in (words if name.isascii() else text))
    if not names:
        return names
    key = key_of("names 2", PARSERS, str(is_exact), text, *sorted(names))
    found = analyses.read(key, Names)
    if found is None:
        try:
            tree = parse(text)
            found = Names(sorted(names & tree.mentions() if is_exact else tree.looks_up(names)))
        except CostlyScriptError:
            found = Names(sorted(names))
        analyses.write(key, found)
    return frozenset(found.found)


def read_script(asset: Asset, analyses: Analyses, *, must_move: bool = False) -> Script:
    """Return the script of *asset* ready to be joined. Raises UnmovableError.

    If it *must_move*, because no browser could read it as it was, it is alone in a bundle instead of staying.
    """
    try:
        text = said = decode(asset.content, asset.charset)
    except UncertainEncodingError as error:
        raise UnmovableError(Reason(Rule.ENCODING, str(error))) from error
    if text.startswith("#!"):
        text = "//" + text[2:]  # a hashbang is one only at the very start of a script
    text = _without_map(text)
    analysis = _analysed(text, analyses)
    reason = analysis.reason
    if analysis.stays and reason and not (must_move and reason.rule is not Rule.SYNTAX):
        raise UnmovableError(reason, effects=analysis.effects)
    origin = Origin(without_query(asset.url), said)
    return Script(text, origin, analysis, Placement.ALONE if reason else Placement.ANYWHERE, reason)


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
        return NO_EFFECTS
    return _analyse(text).effects


def _analysed(text: str, analyses: Analyses) -> ScriptAnalysis:
    """Return the analysis of the script *text*, made once."""
    key = key_of("script 7", PARSERS, text)
    analysis = analyses.read(key, ScriptAnalysis)
    if analysis is None:
        analysis = _analyse(text)
        analyses.write(key, analysis)
    return analysis


def _analyse(text: str) -> ScriptAnalysis:
    try:
        return _analyse_tree(parse(text), text)
    except CostlyScriptError as error:
        reason = Reason(Rule.BUDGET, f"costs too much: {error}")
    except ScriptSyntaxError as error:
        reason = Reason(Rule.SYNTAX, f"is no script by itself: {error}", error.at)
    # A browser may run what our parsers refuse, so its effects are guessed from its words.
    may_write = _MAY_WRITE.search(text) is not None
    return ScriptAnalysis(True, reason, may_write=may_write, lexical=sorted(set(_MAY_DECLARE.findall(text))))


def _analyse_tree(tree: Tree, text: str) -> ScriptAnalysis:
    lexical = [declared.name for declared in tree.lexical]
    files = file_names(tree)
    if found := list(find_self_references(tree)):
        may_write = any(reason.rule is Rule.DOCUMENT_WRITE for _, reason in found)
        inspectors = find_inspectors(tree, ((node, reason.rule) for node, reason in found))
        return ScriptAnalysis(
            True, found[0][1], may_write=may_write, lexical=lexical, inspectors=inspectors, files=files
        )
    return ScriptAnalysis(
        False,
        _reason_for_solitude(tree),
        cuts=_cuts(tree),
        is_strict=tree.is_strict,
        queues=_QUEUES.search(text) is not None,
        functions=[function.name for function in (*tree.functions, *tree.labeled)],
        variables=sorted(tree.variables),
        lexical=lexical,
        files=files,
    )


def _reason_for_solitude(tree: Tree) -> Reason | None:
    """Return the reason why the script must be alone: a declaration of it may be refused (ECMAScript 16.1.7)."""
    if tree.lexical:
        names = _list({declared.name for declared in tree.lexical})
        text = f"declares {names} by let, const or class"
        return Reason(Rule.LEXICAL_NAMES, text, tree.position(tree.lexical[0].node))
    for declared in (*tree.functions, *tree.labeled):
        if declared.name in _UNFORGEABLE:
            text = f"declares a function {declared.name}, which no window allows"
            return Reason(Rule.WINDOW_NAMES, text, tree.position(declared.node))
    return None


def _cuts(tree: Tree) -> tuple[tuple[int, int], ...] | None:
    """Return the offsets of the functions that must stand before an isolated script, ``None`` if it cannot be one."""
    if tree.lexical or tree.labeled:
        return None
    return tuple((function.start, function.end) for function in tree.functions)


def _mode(analysis: ScriptAnalysis) -> str:
    return "strict" if analysis.is_strict else "sloppy"


def _list(names: frozenset[str] | set[str]) -> str:
    shown = sorted(names)[:3]
    return ", ".join(shown) + (" and more" if len(names) > len(shown) else "")
