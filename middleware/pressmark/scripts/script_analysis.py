"""Analyse the text of a classic script: what it declares, and by which rule it stays or is alone in a bundle."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pressmark.scripts.file_names import file_names
from pressmark.scripts.holders import Holders
from pressmark.scripts.inspectors import find_inspectors
from pressmark.scripts.load_time import LoadTime
from pressmark.scripts.self_reference import find_self_references
from pressmark.scripts.strict_wrapping import edits_for_wrapping
from pressmark.scripts.sure_statements import LEXICAL, is_sure
from pressmark.scripts.this_window import are_windows_here
from pressmark.scripts.value_names import arguments_of
from pressmark.syntax.js_bindings import FUNCTIONS
from pressmark.syntax.js_function_text import reads_functions
from pressmark.syntax.js_refusals import PARSERS, CostlyScriptError, ScriptSyntaxError
from pressmark.syntax.js_tree import Node, Tree, parse
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Effects, Reason, read_inspectors

# Names by which a script may queue work that runs before the next script (HTML 8.1.4.4, microtask checkpoint).
_QUEUES = re.compile(
    r"\b(?:Promise|then|queueMicrotask|MutationObserver|fetch|customElements|async|await|animate|finished|ready"
    r"|WebAssembly|navigator|caches|createImageBitmap)\b|\\u"
)
_DELETES_MEMBER = re.compile(rb"\bdelete(?:Property)?\b[^;]{0,200}?[\[,]")
_DELETES = re.compile(rb"\bdelete(?:Property)?\b")
_MAY_WRITE = re.compile(r"\bwrite(?:ln)?\b|\\u")
_MAY_DECLARE = re.compile(r"\b(?:let|const|class)\s+([\w$]+)")
# What is the running script's, and no other's.
_OF_THE_RUNNING = frozenset((Rule.CURRENT_SCRIPT, Rule.DOCUMENT_WRITE))
# Members of every window that cannot be replaced (HTML 7.2.2, LegacyUnforgeable; ECMAScript 19.1).
_UNFORGEABLE = frozenset(("window", "document", "location", "top", "undefined", "NaN", "Infinity"))


@dataclass(frozen=True, slots=True)
class ScriptAnalysis:
    """The analysis of a script's text. Plain values, to be kept under the text's hash.

    *reason* is why it *stays* or, if it does not, why it is alone in a bundle. *cuts* are the offsets of the
    declarations that stand before it where it is isolated, in bytes of UTF-8, ``None`` if it cannot be. *edits* are
    those by which a strict script is wrapped, ``None`` if it is sloppy or cannot be. *may_write* means that it may
    write into the page, *queues* that it may queue work that runs before the next script, *deletes_any* that it may
    delete members of the window by names that it computes, *reads_functions* that it takes the text of its own
    functions apart, ``None`` that this is not known.
    """

    stays: bool
    reason: Reason | None = None
    cuts: Sequence[Sequence[int]] | None = None
    is_strict: bool = False
    edits: Sequence[tuple[int, int, str]] | None = None
    may_write: bool = False
    queues: bool = False
    functions: Sequence[str] = ()
    variables: Sequence[str] = ()
    lexical: Sequence[str] = ()
    inspectors: Mapping[str, Rule] = field(default_factory=dict)
    files: Sequence[str] = ()
    deletes_any: bool = False
    reads_functions: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", Reason.read(self.reason))
        object.__setattr__(self, "inspectors", read_inspectors(self.inspectors))

    @property
    def declares(self) -> frozenset[str]:
        """The names that become members of the window."""
        return frozenset((*self.functions, *self.variables))

    @property
    def effects(self) -> Effects:
        """The effects on later scripts if it stays."""
        lexical, files = frozenset(self.lexical), frozenset(self.files)
        return Effects(self.may_write, lexical, self.inspectors, files, self.declares)


def analysed(text: str, analyses: Analyses) -> ScriptAnalysis:
    """Return the analysis of the script *text*, made once."""
    key = key_of("script 19", PARSERS, text)
    analysis = analyses.read(key, ScriptAnalysis)
    if analysis is None:
        analysis = analyse(text)
        analyses.write(key, analysis)
    return analysis


def analyse(text: str) -> ScriptAnalysis:
    """Return the analysis of the script *text*."""
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
    found = list(find_self_references(tree))
    stays = _reason_to_stay(tree, found)
    return ScriptAnalysis(
        stays is not None,
        stays or _reason_for_solitude(tree),
        cuts=_cuts(tree),
        is_strict=tree.is_strict,
        edits=edits_for_wrapping(tree) if tree.is_strict else None,
        may_write=any(reason.rule is Rule.DOCUMENT_WRITE for _, reason in found),
        queues=_QUEUES.search(text) is not None,
        functions=[function.name for function in (*tree.functions, *tree.labeled)],
        variables=sorted(tree.variables),
        lexical=[declared.name for declared in tree.lexical],
        inspectors=find_inspectors(tree, ((node, reason.rule) for node, reason in found)) if found else {},
        files=file_names(tree),
        deletes_any=_deletes_any(tree),
        reads_functions=reads_functions(tree),
    )


def _deletes_any(tree: Tree) -> bool:
    """Tell whether members of the window may be deleted whose names are computed."""
    nodes = tree.find(_DELETES, (b"delete",)) if _DELETES_MEMBER.search(tree.raw) else ()
    pairs = (found for node in nodes if len(found := _deleted(node)) > 1)
    owners = [owner for owner, index in pairs if index.type not in ("string", "number")]
    return any(are_windows_here(tree, owners))


def _deleted(node: Node) -> list[Node]:
    """Return the object of which a member is deleted at *node*, and the name of that if it may be a computed one."""
    if node.type == "unary_expression":
        member = node.child_by_field_name("argument")
        if member is not None and member.type == "parenthesized_expression":
            member = next((each for each in member.named_children if each.type != "comment"), None)
        is_computed = member is not None and member.type == "subscript_expression"
        fields = [member.child_by_field_name(name) for name in ("object", "index")] if member and is_computed else []
        return [field for field in fields if field is not None]
    is_named = node.type == "property_identifier" and node.text == b"deleteProperty"
    member = node.parent if is_named else None
    call = member.parent if member is not None and member.type == "member_expression" else None
    return arguments_of(call)[:2] if call is not None and call.child_by_field_name("function") == member else []


def _reason_to_stay(tree: Tree, found: Sequence[tuple[Node, Reason]]) -> Reason | None:
    """Return the first of the reasons *found* for which the script itself stays.

    What a function does for the script that runs bears on this one only if it may be called while this one loads.
    """
    load_time = LoadTime(tree, Holders(tree)) if found else None
    return next(
        (
            reason
            for node, reason in found
            if reason.rule not in _OF_THE_RUNNING or (load_time and load_time.runs(node))
        ),
        None,
    )


def _reason_for_solitude(tree: Tree) -> Reason | None:
    """Return the reason why the script must be alone: a declaration of it is refused (ECMAScript 16.1.7)."""
    others = {declared.name for declared in (*tree.functions, *tree.labeled)} | tree.variables
    for declared in tree.lexical:
        if declared.name in others:  # which QuickJS does not always notice
            return Reason(Rule.LEXICAL_NAMES, f"declares {declared.name} twice", tree.position(declared.node))
    for declared in (*tree.functions, *tree.labeled, *tree.lexical):
        if declared.name in _UNFORGEABLE:
            text = f"declares {declared.name}, which no window allows"
            return Reason(Rule.WINDOW_NAMES, text, tree.position(declared.node))
    return None


def _cuts(tree: Tree) -> tuple[tuple[int, int], ...] | None:
    """Return the offsets of the declarations that must stand before an isolated script, ``None`` if it cannot be one.

    They are its functions, and those by let, const and class. These move over no statement that may end the script
    before them.
    """
    if tree.labeled:
        return None
    cuts: list[tuple[int, int]] = []
    is_begun = False  # whether a statement that may throw came before
    for statement in tree.root.named_children:
        if statement.type in LEXICAL:
            if is_begun or not is_sure(tree, statement):
                return None
            cuts.append((statement.start_byte, statement.end_byte))
        elif statement.type in FUNCTIONS:
            cuts.append((statement.start_byte, statement.end_byte))
        else:
            is_begun = is_begun or not is_sure(tree, statement)
    return tuple(cuts)
