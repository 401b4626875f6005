"""Find the functions by which a script looks at whichever script calls them, and the scripts that call one.

A function that looks at the running script, its element, the stack, or writes behind it does so for its caller. So a
script that calls it must be where and what it was, as much as one that does it by itself. Functions are followed by
their names: those of declarations and variables that other scripts see, and those of properties.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pressmark.scripts.value_names import name_given
from pressmark.syntax.js_bindings import FUNCTIONS, around
from pressmark.syntax.js_refusals import PARSERS, CostlyScriptError
from pressmark.syntax.js_tree import Node, Tree, parse
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason, read_inspectors

Inspectors = Mapping[str, Rule]
"""The names of functions -> the rule for which a script that calls one stays."""

_OF_CALLERS = frozenset((Rule.CURRENT_SCRIPT, Rule.SCRIPT_ELEMENTS, Rule.STACK_TRACE, Rule.DOCUMENT_WRITE))
# Of all script elements the last one is the running one. A search for a file name finds the same for every caller.
_TAKES_LAST = re.compile(rb"-\s*1\b|--|\bpop\b|last|\breverse\b", re.IGNORECASE)
_EXPRESSIONS = frozenset(("function_expression", "generator_function", "arrow_function"))
_CLASSES = frozenset(("class", "class_declaration"))
_ASSIGNMENTS = frozenset(("assignment_expression", "augmented_assignment_expression"))
MAX_ROUNDS = 8
"""How many functions that call each other are followed."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """The use that a script makes of the inspectors of earlier ones: where, and by which rule it stays for that.

    *inspectors* are its own functions that use them.
    """

    reason: Reason | None = None
    inspectors: Mapping[str, Rule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", Reason.read(self.reason))
        object.__setattr__(self, "inspectors", read_inspectors(self.inspectors))


def inspected_by(text: str, inspectors: Inspectors, analyses: Analyses) -> Inspected:
    """Return the use that the script *text* makes of *inspectors* of scripts before it."""
    inspectors = {name: rule for name, rule in inspectors.items() if name in text or "\\" in text}
    if not inspectors:
        return Inspected()
    key = key_of("inspected", PARSERS, text, *(f"{name} {rule}" for name, rule in sorted(inspectors.items())))
    found = analyses.read(key, Inspected)
    if found is None:
        found = _inspected(text, inspectors)
        analyses.write(key, found)
    return found


def _inspected(text: str, inspectors: Inspectors) -> Inspected:
    try:
        tree = parse(text)
        calls = _calls_of(tree, inspectors)
        own = find_inspectors(tree, calls)
    except CostlyScriptError as error:
        return Inspected(Reason(Rule.BUDGET, f"may look at the script that runs: {error}"))
    if not calls:
        return Inspected()
    node, rule = calls[0]
    told = f"calls {tree.value(node)}, which an earlier script has to look at the script that runs"
    return Inspected(Reason(rule, told, tree.position(node)), own)


def find_inspectors(tree: Tree, looks: Iterable[tuple[Node, Rule]]) -> dict[str, Rule]:
    """Return the inspectors that the script of *tree* gives to later ones; *looks* are its nodes that look at a script.

    A look outside of functions, or in one that is called where it stands, is at the script itself.
    """
    known: dict[str, Rule] = {}
    found = [(node, rule) for node, rule in looks if rule in _OF_CALLERS and _is_for_caller(tree, node, rule)]
    new = {name: rule for node, rule in found if (name := _name_around(tree, node))}
    for _ in range(MAX_ROUNDS):
        known |= new
        uses = [(node, known[name]) for node, name in _uses(tree, frozenset(new))]
        named = ((name, rule) for node, rule in uses for name in (_name_around(tree, node), _other_name(tree, node)))
        new = {name: rule for name, rule in named if name and name not in known}
    seen = tree.looks_up(frozenset(known)) | _properties(tree, frozenset(known))
    # A property's name of one letter was given by a minifier, and means another function in each file.
    declared = {each.name for each in (*tree.functions, *tree.labeled, *tree.lexical)} | tree.variables
    return {name: rule for name, rule in known.items() if name in declared or (name in seen and len(name) > 1)}


def _calls_of(tree: Tree, inspectors: Inspectors) -> list[tuple[Node, Rule]]:
    """Return the nodes at which the script of *tree* uses one of *inspectors*, each with its rule."""
    seen = tree.looks_up(frozenset(inspectors))
    uses = _uses(tree, frozenset(inspectors))
    return [(node, inspectors[name]) for node, name in uses if node.type != "identifier" or name in seen]


def _is_for_caller(tree: Tree, node: Node, rule: Rule) -> bool:
    function = next((each for each in around(node) if each.type in _EXPRESSIONS | FUNCTIONS), None)
    if rule is not Rule.SCRIPT_ELEMENTS or function is None:
        return True
    return _TAKES_LAST.search(tree.raw, function.start_byte, function.end_byte) is not None


def _name_around(tree: Tree, node: Node) -> str:
    """Return the name of the innermost function around *node* that has one, "" if none has.

    A function without a name is called by the code around it, or handed on by it.
    """
    return next(filter(None, (_name_of(tree, outer) for outer in around(node))), "")


def _other_name(tree: Tree, node: Node) -> str:
    """Return the name that the function at *node* is given there, "" if it gets none."""
    whole = node.parent if node.type == "property_identifier" else node
    return (name_given(tree, whole) if whole is not None else "") or ""


def _name_of(tree: Tree, outer: Node) -> str:
    """Return the name by which other code calls *outer*, "" if it is no function or has none."""
    if outer.type in _EXPRESSIONS:
        return name_given(tree, outer) or ""
    if outer.type not in FUNCTIONS and outer.type != "method_definition":
        return ""
    name = outer.child_by_field_name("name")
    if name is not None and tree.text(name) == "constructor":
        owner = next((each for each in around(outer) if each.type in _CLASSES), None)
        name = owner.child_by_field_name("name") if owner else None
        if owner is not None and name is None:
            return name_given(tree, owner) or ""
    return tree.value(name) if name else ""


def _uses(tree: Tree, names: frozenset[str]) -> Iterator[tuple[Node, str]]:
    """Yield the nodes at which one of *names* is used as a value, each with the name."""
    words = b"|".join(re.escape(name.encode("utf-8")) for name in sorted(names))
    for node in tree.find(re.compile(rb"(?<![\w$])(?:" + words + rb")(?![\w$])")) if names else ():
        if node.type == "string_fragment" and node.parent is not None:
            is_used = node.parent.parent is not None and node.parent.parent.type == "subscript_expression"
        else:
            is_used = _is_used(node)
        if is_used and (name := tree.value(node)) in names:
            yield node, name


def _is_used(node: Node) -> bool:
    """Tell whether a name is that of a value, and is not just being given one."""
    parent = node.parent
    if parent is None:
        return False
    if node.type == "shorthand_property_identifier":
        return True
    whole = node
    if node.type == "property_identifier":
        if parent.type != "member_expression":
            return False
        whole, parent = parent, parent.parent or parent
    elif node.type != "identifier":
        return False
    is_given = parent.type in _ASSIGNMENTS and parent.child_by_field_name("left") == whole
    return not is_given and parent.child_by_field_name("name") != whole


def _properties(tree: Tree, names: frozenset[str]) -> frozenset[str]:
    """Return those of *names* that are properties' names somewhere in the script of *tree*."""
    words = b"|".join(re.escape(name.encode("utf-8")) for name in sorted(names))
    nodes = tree.find(re.compile(rb"(?<![\w$])(?:" + words + rb")(?![\w$])")) if names else ()
    return frozenset(
        tree.value(node)
        for node in nodes
        if node.type in ("property_identifier", "shorthand_property_identifier", "string_fragment")
    )
