"""Tell the variables and properties by which the code of a script reaches one function from those of the same name.

Variables are told apart by their scopes, as minified scripts give one name to many. Properties are not: whose property
it is cannot be known. The language's own objects, as in ``Math.max()``, have none of a script's functions.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from pressmark.scripts.this_window import WINDOWS, given_windows
from pressmark.scripts.value_names import TRANSPARENT, is_logical, targets_of
from pressmark.syntax.js_bindings import SCOPES, around, possible_binding, scope_of_binding
from pressmark.syntax.js_tree import Node, Tree, whole_word

_WINDOW = re.compile(rb"\b(?:window|self|globalThis)\b")
_OWN_OBJECTS = frozenset(
    """
    Array Boolean Date Error Function Intl JSON Map Math Number Object Promise Reflect RegExp Set String Symbol console
    """.split()
)
_LITERALS = frozenset(("array", "string", "template_string", "regex", "number", "object"))
_MEMBERS = frozenset(("member_expression", "subscript_expression"))
_ASSIGNMENTS = frozenset(("assignment_expression", "augmented_assignment_expression"))
# The nodes that take a value itself, and not a member of it or the result of a comparison.
_TAKERS = frozenset(
    """
    arguments array assignment_expression assignment_pattern arrow_function field_definition pair return_statement
    spread_element variable_declarator yield_expression
    """.split()
)
_VALUES = frozenset(("function_expression", "generator_function", "arrow_function", "class"))
_GIVERS = frozenset(("method_definition", "pair", "field_definition"))
_CALLS_OF_FUNCTIONS = frozenset(("call", "apply", "bind"))
_VARIABLES = frozenset(("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"))
_START = attrgetter("start_byte")
STEPS_WITHOUT_LOOK = 100
"""The steps upwards in a tree between two looks at the time."""
MAX_CHAIN = 50
"""The members of a chain, as in ``a.b().c``, that are looked through for its first object."""


class Holder(NamedTuple):
    """A ``variable`` of the scope whose node has this id, or a ``global``, ``property`` or ``getter`` of any object."""

    kind: str
    name: str
    scope: int = 0


class Holders:
    """Finds the holders in one tree, and where they are used. Each name is searched once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = self._tree = tree
        self._nodes: dict[str, list[Node]] = {}
        self._scopes: dict[str, set[int]] = {}

    def of_targets(self, value: Node) -> Iterator[Holder]:
        """Yield the holders that are given *value* by the code around it."""
        for target in targets_of(self._tree, value):
            yield from self.of_target(target)

    def of_target(self, target: Node) -> Iterator[Holder]:
        """Yield the holders that *target* means: a name that is declared, the left side of ``=``, or a key."""
        if target.type == "identifier":
            yield self.variable(target)
        elif target.type in _MEMBERS:
            name, owner = _member_name(target), target.child_by_field_name("object")
            if name is not None and owner is not None:
                yield from self._of_member(self._tree.value(name), owner)
        elif target.type in ("property_identifier", "string", "private_property_identifier"):
            yield Holder("property", self._name_of_key(target))

    def of_pattern(self, node: Node) -> Iterator[Holder]:
        """Yield the variable that a pattern binds at *node*."""
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield self.variable(node)

    def of_getter(self, key: Node) -> Holder:
        """Return the holder whose reading calls the getter under *key*."""
        return Holder("getter", self._name_of_key(key))

    def uses(self, holders: Collection[Holder]) -> Iterator[tuple[Node, Holder]]:
        """Yield the nodes that call or hand on a function, or read a getter, which one of *holders* has."""
        for name in sorted({holder.name for holder in holders}):
            for node in self.named(name):
                whole, meant = self._meant(node, name)
                found = next((holder for holder in meant if holder in holders), None)
                if found is not None and not _is_target(whole) and (found.kind == "getter" or _is_taken(whole)):
                    yield whole, found

    def named(self, name: str) -> Sequence[Node]:
        """Return the nodes that are *name*, whatever they mean; for a string, what is in its quotes."""
        if name not in self._nodes:
            self._nodes[name] = list(self._found(name, whole_word))
        return self._nodes[name]

    def functions(self, name: str) -> int:
        """Return how many functions of the script are given the property *name* where they are written."""
        return sum(map(_gives_function, filter(None, map(_giver_to, self.named(name)))))

    def first_object(self, member: Node) -> Node | None:
        """Return the object with which a chain of members begins, ``None`` if it is too long."""
        owner = member
        for _ in range(MAX_CHAIN):
            if owner.type in ("call_expression", "new_expression"):
                inner = owner.child_by_field_name("function") or owner.child_by_field_name("constructor")
            elif owner.type in _MEMBERS:
                inner = owner.child_by_field_name("object")
            else:
                return owner
            if inner is None:
                return None
            owner = inner
        return None

    def is_window(self, node: Node) -> bool:
        """Tell whether *node* is the window, by its own name or that of a variable that is given one."""
        if node.type != "identifier":
            return False
        return self.tree.text(node) in WINDOWS or self.variable(node) in self._given_windows

    @cached_property
    def _given_windows(self) -> frozenset[Holder]:
        found = self.tree.find(_WINDOW, (b"window", b"self", b"globalThis"))
        named = (node for node in found if node.type == "identifier")
        nodes = (*named, *given_windows(self.tree))
        targets = (target for node in nodes for target in targets_of(self.tree, node))
        return frozenset(self.variable(target) for target in targets if target.type == "identifier")

    def last_value(self, variable: Node) -> Node | None:
        """Return the last value that *variable* was given before it is read, by the order of the text.

        ``None`` if the function around it gives it none.
        """
        mine = self.variable(variable)
        function = next((each for each in around(variable) if each.type in SCOPES), None)
        first = function.start_byte if function is not None else 0
        nodes = self.named(mine.name)  # in the order of the text
        for number in range(bisect_left(nodes, variable.start_byte, key=_START) - 1, -1, -1):
            self._tree.check_time()
            node = nodes[number]
            if node.start_byte < first:
                break
            giver = node.parent
            value = giver.child_by_field_name("right") or giver.child_by_field_name("value") if giver else None
            if value is not None and value != node and self.variable(node) == mine:
                return value
        return None

    def _meant(self, node: Node, name: str) -> tuple[Node, tuple[Holder, ...]]:
        """Return the whole expression at *node*, and the holders that it may mean."""
        parent = node.parent
        members = Holder("property", name), Holder("getter", name)
        if node.type in ("identifier", "shorthand_property_identifier"):
            variable = self.variable(node)
            return node, (variable, *members) if variable.kind == "global" else (variable,)
        if _is_in_pattern(node):
            return node, members
        if node.type == "string_fragment" and parent is not None:
            node, parent = parent, parent.parent
        if parent is None or parent.type not in _MEMBERS or _member_name(parent) != node:
            return node, ()
        owner = parent.child_by_field_name("object")
        if owner is None or self.is_of_language(owner):
            return node, ()
        return parent, (*self._of_member(name, owner), *members)

    def _of_member(self, name: str, owner: Node) -> Iterator[Holder]:
        if self.is_window(owner):
            yield Holder("global", name)
        if len(name) > 1:  # one of one letter was given by a minifier, and means another function in each object
            yield Holder("property", name)

    def occurrences(self, variable: Holder) -> Iterator[Node]:
        """Yield the places where *variable* is named, its declaration included."""
        for node in self.named(variable.name):
            self._tree.check_time()
            if node.type in _VARIABLES and self.variable(node) == variable:
                yield node

    def variable(self, node: Node) -> Holder:
        """Return the variable that is named by the identifier *node*."""
        name = self._tree.value(node)
        bound = scope_of_binding(node)
        scopes = {bound.id} if bound is not None else self._scopes_of(name)
        scope = next((outer.id for outer in self._around(node) if outer.id in scopes), None) if scopes else None
        return Holder("global", name) if scope is None else Holder("variable", name, scope)

    def _around(self, node: Node) -> Iterator[Node]:
        """Yield the nodes around *node*. The way to each takes as long as it is deep."""
        for steps, outer in enumerate(around(node)):
            if not steps % STEPS_WITHOUT_LOOK:
                self._tree.check_time()
            yield outer

    def _scopes_of(self, name: str) -> set[int]:
        """Return the ids of the scopes that bind *name*."""
        if name not in self._scopes:
            nodes = self._found(name, possible_binding)
            bindings = (node for node in nodes if node.type in ("identifier", "shorthand_property_identifier_pattern"))
            self._scopes[name] = {scope.id for scope in map(scope_of_binding, bindings) if scope is not None}
        return self._scopes[name]

    def _found(self, name: str, pattern: Callable[[bytes], re.Pattern[bytes]]) -> Iterator[Node]:
        nodes = self._tree.find(pattern(name.encode("utf-8", "surrogatepass")))
        return (node for node in nodes if self._tree.value(node) == name)

    def _name_of_key(self, key: Node) -> str:
        """Return the name of a property under *key*; that of ``defineProperty`` stands before the object."""
        name = self._tree.value(key)
        call = next((each for each in around(key) if each.type not in ("pair", "method_definition", "object")), None)
        call = call.parent if call is not None and call.type == "arguments" else None
        function = call.child_by_field_name("function") if call is not None else None
        if call is None or function is None or not self._tree.text(function).endswith("defineProperty"):
            return name
        given = call.child_by_field_name("arguments")
        told = given.named_children[1:2] if given is not None else []
        return self._tree.value(told[0]) if told and told[0].type == "string" else name

    def is_of_language(self, owner: Node) -> bool:
        """Tell whether a chain of members begins with an object of the language."""
        first = self.first_object(owner)
        if first is not None and first.type == "identifier":
            return self._tree.text(first) in _OWN_OBJECTS and self.variable(first).kind == "global"
        return first is not None and first.type in _LITERALS


def _member_name(member: Node) -> Node | None:
    return member.child_by_field_name("property") or member.child_by_field_name("index")


def _giver_to(name: Node) -> Node | None:
    """Return the node by which a property of that *name* is given a value there: a method, a pair, ``x.name = …``."""
    node = name.parent if name.type == "string_fragment" and name.parent is not None else name
    giver = node.parent
    if giver is not None and giver.type in _MEMBERS and _member_name(giver) == node:
        return giver.parent if _is_target(giver) else None
    if node.type == "shorthand_property_identifier":
        return giver
    if giver is None or node.type == "identifier" or giver.type not in _GIVERS:
        return None
    return giver if any(giver.child_by_field_name(field) == node for field in ("name", "key", "property")) else None


def _gives_function(giver: Node) -> bool:
    value = giver.child_by_field_name("value") or giver.child_by_field_name("right")
    return giver.type == "method_definition" or (value is not None and value.type in _VALUES)


def _is_target(whole: Node) -> bool:
    """Tell whether an expression is given a value, and not used."""
    parent = whole.parent
    if parent is None or (parent.type in _ASSIGNMENTS and parent.child_by_field_name("left") == whole):
        return True
    return (not _is_in_pattern(whole) and scope_of_binding(whole) is not None) or parent.child_by_field_name(
        "name"
    ) == whole


def _is_taken(whole: Node) -> bool:
    """Tell whether the value of an expression is called, or given to somebody who may call it."""
    parent = whole.parent
    while parent is not None and (parent.type in TRANSPARENT or is_logical(parent)):
        whole, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type == "member_expression":
        name = parent.child_by_field_name("property")
        return (
            parent.child_by_field_name("object") == whole
            and name is not None
            and name.text is not None
            and (name.text.decode() in _CALLS_OF_FUNCTIONS)
        )
    if parent.type in ("call_expression", "new_expression"):
        called = parent.child_by_field_name("function") or parent.child_by_field_name("constructor")
        return called == whole
    return _is_in_pattern(whole) or whole.type == "shorthand_property_identifier" or parent.type in _TAKERS


def _is_in_pattern(node: Node) -> bool:
    """Tell whether *node* is the key by which a pattern takes a member of an object."""
    if node.type == "shorthand_property_identifier_pattern":
        return True
    return node.parent is not None and node.parent.type == "pair_pattern" and node.type == "property_identifier"
