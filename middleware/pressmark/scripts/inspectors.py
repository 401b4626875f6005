"""Find the functions by which a script looks at whichever script calls them, and the scripts that call one.

Theory
------
A function that looks at the running script, its element, the stack, or writes behind it does so for its caller. So a
script that calls it must be where and what it was, as much as one that does it by itself.

* A *look* is for the caller if it is at ``document.currentScript``, at the last of all scripts, at the address in a
  stack, or a write into the page's own document. A callback of an event, a timer or a promise has no running script.
* Code calls a function by a *holder*: a variable of one scope, a global one, a property of any object, or a getter.
  Variables are told apart by their scopes, as minified scripts give one name to many. Properties are not: any call of
  that name counts, unless it is of an object of the language. So a name that a script gives to several functions, as
  ``render``, tells none of them, unless one is a member of a variable of all scripts. A script that gives the name to a
  function of its own means that one, unless it calls it of a variable that others declare.
* The function around a look becomes an inspector by its holders. One that has none is returned, or handed to a call:
  then the holders of that result count, and of the next function around. A function that uses an inspector, or a holder
  that is given one, is an inspector as well, for ``MAX_ROUNDS`` rounds.
* Other scripts know global variables, properties and getters; not those of one letter, which minifiers give to
  properties of many objects.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pressmark.scripts.documents import Documents
from pressmark.scripts.holders import Holder, Holders
from pressmark.scripts.load_time import LoadTime
from pressmark.scripts.value_names import seen_through
from pressmark.syntax.js_bindings import ALL_FUNCTIONS, CLASSES, FUNCTION_EXPRESSIONS, around
from pressmark.syntax.js_refusals import PARSERS, CostlyScriptError
from pressmark.syntax.js_tree import Node, Tree, parse
from pressmark.verdicts.analyses import Analyses, key_of
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason, read_inspectors

Inspectors = Mapping[str, Rule]
"""The names of functions -> the rule for which a script that calls one stays. A getter's begins with "get "."""

_GETTER = "get "
# Of all script elements the last one is the running one. A search for a file name finds the same for every caller, and
# a stack that is only shown does no harm.
_OF_THE_RUNNING_ONE = {
    Rule.SCRIPT_ELEMENTS: re.compile(rb"-\s*1\b|--|\bpop\b|last|\breverse\b", re.IGNORECASE),
    Rule.STACK_TRACE: re.compile(rb"\bjs\b|http|:\\?/\\?/", re.IGNORECASE),
}
_OWNERS = frozenset((*CLASSES, "object"))
_OF_PATTERNS = frozenset(("test", "exec"))
"""Methods of regular expressions, which nearly every script calls: hardly a function that looks has such a name."""
MAX_TOLD = 60
"""Characters of a use that a reason repeats."""
AMBIGUOUS = 2
"""The functions of one script that have a name which tells none of them."""
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
    """Return the use that the script *text* makes of *inspectors* of scripts before it.

    The reason is of those uses that may run while the script loads; others bear on the scripts that call them.
    """
    inspectors = {name: rule for name, rule in inspectors.items() if name.removeprefix(_GETTER) in text or "\\" in text}
    if not inspectors:
        return Inspected()
    key = key_of("inspected 6", PARSERS, text, *(f"{name} {rule}" for name, rule in sorted(inspectors.items())))
    found = analyses.read(key, Inspected)
    if found is None:
        found = _inspected(text, inspectors)
        analyses.write(key, found)
    return found


def _inspected(text: str, inspectors: Inspectors) -> Inspected:
    try:
        tree = parse(text)
        code = _Code(tree)
        uses = list(code.uses_of_others(inspectors))
        own = code.inspectors(uses)
        uses = [(node, rule) for node, rule in uses if code.load_time.runs(node)]
    except CostlyScriptError as error:
        return Inspected(Reason(Rule.BUDGET, f"may look at the script that runs: {error}"))
    if not uses:
        return Inspected(inspectors=own)
    node, rule = min(uses, key=lambda use: use[0].start_byte)
    told = f"uses {tree.text(node)[-MAX_TOLD:]}, by which an earlier script looks at the script that runs"
    return Inspected(Reason(rule, told, tree.position(node)), own)


def find_inspectors(tree: Tree, looks: Iterable[tuple[Node, Rule]]) -> dict[str, Rule]:
    """Return the inspectors that the script of *tree* gives to later ones; *looks* are its nodes that look at a script.

    A look outside of functions, or in one that is called where it stands, is at the script itself.
    """
    code = _Code(tree)
    return code.inspectors((node, rule) for node, rule in looks if code.is_for_caller(node, rule))


class _Code:
    """The functions of one script."""

    def __init__(self, tree: Tree) -> None:
        self._tree, self._holders = tree, Holders(tree)
        self._documents = Documents(tree, self._holders)
        self.load_time = LoadTime(tree, self._holders)

    def inspectors(self, looks: Iterable[tuple[Node, Rule]]) -> dict[str, Rule]:
        """Return the names by which later scripts reach a function around one of *looks*, or one that uses such one."""
        known: dict[Holder, Rule] = {}
        new = {holder: rule for node, rule in looks for holder in self._around(node)}
        for _ in range(MAX_ROUNDS):
            known |= new
            uses = list(self.uses(new))
            held = ((holder, rule) for node, rule in uses for holder in self._handed(node) or self._around(node))
            new = {holder: rule for holder, rule in held if holder not in known}
        return {name: rule for holder, rule in known.items() for name in _names_for_others(holder)}

    def uses(self, holders: Mapping[Holder, Rule]) -> Iterator[tuple[Node, Rule]]:
        """Yield the nodes that use one of *holders*, each with its rule."""
        return ((node, holders[holder]) for node, holder in self._holders.uses(holders.keys()))

    def uses_of_others(self, inspectors: Inspectors) -> Iterator[tuple[Node, Rule]]:
        """Yield the nodes that use one of *inspectors* of other scripts, each with its rule."""
        holders = {holder: rule for name, rule in inspectors.items() for holder in _holders_of(name)}
        for node, holder in self._holders.uses(holders.keys()):
            if not (holder.kind == "property" and self._holders.functions(holder.name) and self._is_own(node)):
                yield node, holders[holder]

    def _is_own(self, member: Node) -> bool:
        """Tell whether a member is not one of a variable that other scripts declare."""
        owner = self._holders.first_object(member)
        return owner is not None and (owner.type != "identifier" or self._holders.variable(owner).kind == "variable")

    def is_for_caller(self, node: Node, rule: Rule) -> bool:
        """Tell whether a look of the kind *rule* finds another script for each that calls the function around it."""
        if rule is Rule.DOCUMENT_WRITE:
            return self._is_of_page(node)
        pattern = _OF_THE_RUNNING_ONE.get(rule)
        function = next((each for each in around(node) if each.type in ALL_FUNCTIONS), None)
        if pattern is None or function is None:
            return rule is Rule.CURRENT_SCRIPT
        return pattern.search(self._tree.raw, function.start_byte, function.end_byte) is not None

    def _is_of_page(self, write: Node) -> bool:
        """Tell whether a ``write`` is into the page's own document, and not into one that the script has made."""
        member = write.parent
        owner = member.child_by_field_name("object") if member is not None else None
        if owner is None or owner.type != "identifier":
            return owner is None or self._documents.is_own(owner)
        given = self._holders.last_value(owner)
        return self._documents.is_own(given or owner)

    def _around(self, node: Node) -> Iterator[Holder]:
        """Yield the holders of the innermost function around *node* that has any, and of results on the way to it."""
        is_returned = False
        for function in around(node):
            if function.type not in ALL_FUNCTIONS:
                continue
            found = list(self._of_function(function))
            yield from (holder for holder in found if self._tells(holder) or self._is_of_global(function))
            value, parent = seen_through(function)
            if found or parent is None:
                return
            if parent.type == "arguments" and parent.parent is not None:
                if self.load_time.is_later(parent.parent):
                    return
                yield from self._holders.of_targets(parent.parent)
            elif parent.type == "member_expression" and parent.parent is not None and self._binds(parent):
                yield from self._holders.of_targets(parent.parent)
            elif parent.type == "call_expression" and is_returned:
                yield from self._holders.of_targets(parent)
            is_returned = parent.type == "return_statement" or parent.child_by_field_name("body") == value

    def _binds(self, member: Node) -> bool:
        return self._tree.raw.endswith(b".bind", member.start_byte, member.end_byte)

    def _of_function(self, outer: Node) -> Iterator[Holder]:
        """Yield the holders of *outer*, if it is a function."""
        if outer.type in FUNCTION_EXPRESSIONS:
            yield from self._holders.of_targets(outer)
        name = outer.child_by_field_name("name")
        if name is None or outer.type not in ALL_FUNCTIONS:
            return
        if outer.type != "method_definition":
            yield from self._holders.of_target(name)
        elif any(child.type == "get" for child in outer.children) or self._defines_getter(outer, name):
            yield self._holders.of_getter(name)
        elif self._tree.text(name) != "constructor":
            yield from self._holders.of_target(name)
        else:
            owner = next((each for each in around(outer) if each.type in CLASSES), None)
            yield from self._of_class(owner) if owner is not None else ()

    def _of_class(self, owner: Node) -> Iterator[Holder]:
        name = owner.child_by_field_name("name")
        yield from self._holders.of_target(name) if name is not None else ()
        yield from self._holders.of_targets(owner) if owner.type == "class" else ()

    def _defines_getter(self, method: Node, name: Node) -> bool:
        """Tell whether a method is the "get" of a property's description."""
        return self._tree.text(name) == "get" and self._holders.of_getter(name).name != "get"

    def _tells(self, holder: Holder) -> bool:
        """Tell whether a name tells the function that has it from others of the script."""
        return holder.kind != "property" or self._holders.functions(holder.name) < AMBIGUOUS

    def _is_of_global(self, function: Node) -> bool:
        """Tell whether *function* is a member of an object or a class that is a variable of all scripts."""
        owner = next((each for each in around(function) if each.type in _OWNERS), None)
        held = (
            () if owner is None else self._of_class(owner) if owner.type in CLASSES else self._holders.of_targets(owner)
        )
        return any(holder.kind == "global" for holder in held)

    def _handed(self, node: Node) -> list[Holder]:
        return [holder for holder in self._given(node) if self._tells(holder)]

    def _given(self, node: Node) -> Iterator[Holder]:
        """Yield the holders that are given the function at *node*, which is not called there then."""
        yield from self._holders.of_targets(node)
        parent = node.parent
        if parent is not None and parent.type in ("pair_pattern", "object_pattern"):
            value = parent.child_by_field_name("value") if parent.type == "pair_pattern" else node
            yield from self._holders.of_pattern(value) if value is not None else ()


def _holders_of(name: str) -> tuple[Holder, ...]:
    """Return the holders by which a later script may reach an inspector."""
    if name.startswith(_GETTER):
        return (Holder("getter", name.removeprefix(_GETTER)),)
    return Holder("global", name), Holder("property", name)


def _names_for_others(holder: Holder) -> Iterator[str]:
    """Yield the name by which later scripts know *holder*."""
    if holder.kind == "getter":
        yield _GETTER + holder.name
    elif holder.kind != "variable" and not holder.name.startswith("#") and holder.name not in _OF_PATTERNS:
        yield holder.name
