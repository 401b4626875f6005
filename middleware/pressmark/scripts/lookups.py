"""Tell which names of later scripts a script could find too early, were they declared before it runs.

Code that names one without binding it finds it, but fails if there is none: in a function that does not run while the
script loads, it hardly ever asks before the name is there. So does code that calls a member of the window, or asks for
members of it. A test by ``typeof``, any other member of what may be the window and code that catches its errors may ask
at any time.
"""

import re
from dataclasses import dataclass

from pressmark.scripts.holders import Holders
from pressmark.scripts.load_time import LoadTime
from pressmark.scripts.windows import Windows
from pressmark.syntax.js_bindings import around, scope_of_binding
from pressmark.syntax.js_tree import Node, Tree

_IDENTIFIERS = frozenset(("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"))
_PASSES = frozenset("unary_expression update_expression object_pattern array_pattern pair_pattern rest_pattern".split())
_PATTERNS = frozenset(("object_pattern", "pair_pattern", "object_assignment_pattern"))
# Functions that are asked for a member of an object by a string.
_ASKS = re.compile(r"(?:\bhas\w*|[gs]et\w*|defineProperty)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sought:
    """Names that a later script declares.

    *names* are those of functions. *lexical* ones, by let, const or class, are no members of the window. *known* are
    those of both that an earlier script of the bundle declares as well. *variables* matter only to code that makes a
    member of the window: declared first, that could not be deleted again (ECMAScript 9.1.1.4.17). Those that a script
    may try to delete, *deleted*, matter to code that makes a member of what is perhaps the window.
    """

    names: frozenset[str]
    lexical: frozenset[str]
    known: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.names | self.lexical | self.variables

    def among(self, names: frozenset[str]) -> "Sought":
        """Return those that are among *names*."""
        return Sought(*(kind & names for kind in self._kinds))

    def to_texts(self) -> tuple[str, ...]:
        """Return texts that are those of no other names, as the ingredients of a key."""
        return tuple(text for names in self._kinds for text in (*sorted(names), ""))

    @property
    def _kinds(self) -> tuple[frozenset[str], ...]:
        return self.names, self.lexical, self.known, self.variables, self.deleted


class Lookups:
    """The look-ups of one script."""

    def __init__(self, tree: Tree) -> None:
        self._tree, self._holders = tree, Holders(tree)
        self._load_time, self._windows = LoadTime(tree, self._holders), Windows(tree, self._holders)

    def find(self, sought: Sought) -> frozenset[str]:
        """Return those of the names *sought* that may be found too early."""
        named = list(self._tree.named(sought.all))
        bound = {(scope.id, name) for node, name in named if (scope := scope_of_binding(node))}
        found: set[str] = set()
        for node, name in named:
            self._tree.check_time()  # the way to the nodes around one may be long
            if name not in found and self._is_found(node, name, sought, bound):
                found.add(name)
        return frozenset(found)

    def _is_found(self, node: Node, name: str, sought: Sought, bound: set[tuple[int, str]]) -> bool:
        if name in sought.names and self._asks_window(node):
            return name in sought.known or not self._fails_without_member(node)
        if name in sought.variables and self._makes_member(node, is_sure=name not in sought.deleted):
            return True
        if name not in sought.names | sought.lexical or node.type not in _IDENTIFIERS:
            return False
        outer = list(around(node))
        if any((each.id, name) in bound for each in outer):
            return False
        return name in sought.known or not _fails_without(node, outer) or self._load_time.runs(node)

    def _asks_window(self, node: Node) -> bool:
        """Tell whether *node* names a member of a possible window: ``x.name``, ``x["name"]``, ``"name" in x``."""
        outer = node.parent
        if outer is None:
            return False
        if node.type == "property_identifier":
            owner = outer.child_by_field_name("object")
            if outer.type == "member_expression":
                return owner is not None and self._windows.may_be(owner)
            return outer.type == "pair_pattern" and self._is_of_window(node)
        if node.type not in ("string", "template_string"):
            return node.type == "shorthand_property_identifier_pattern" and self._is_of_window(node)
        if outer.type == "arguments" and outer.parent is not None:
            function = outer.parent.child_by_field_name("function")
            return function is not None and _ASKS.search(self._tree.text(function)) is not None
        operator = outer.child_by_field_name("operator")
        return outer.type == "subscript_expression" or (operator is not None and operator.type == "in")

    def _makes_member(self, name: Node, *, is_sure: bool) -> bool:
        """Tell whether a member *name* of the window is given a value there or, unless that *is_sure*, perhaps is."""
        member, giver = [*around(name), None, None][:2]
        if member is None or giver is None or giver.child_by_field_name("left") != member:
            return False
        owner = member.child_by_field_name("object")
        return self._asks_window(name) and (not is_sure or (owner is not None and self._windows.is_given(owner)))

    def _fails_without_member(self, name: Node) -> bool:
        """Tell whether code needs a member of what may be the window, and surely not before the script has loaded."""
        member, *outer = around(name)
        if not _is_needed(member) or any(each.type == "try_statement" for each in outer):
            return False
        return not self._load_time.runs(member)

    def _is_of_window(self, key: Node) -> bool:
        """Tell whether a pattern takes *key* of what may be the window."""
        giver = next((each for each in around(key) if each.type not in _PATTERNS), None)
        value = giver.child_by_field_name("value") or giver.child_by_field_name("right") if giver is not None else None
        return value is not None and self._windows.may_be(value)


def _is_needed(member: Node) -> bool:
    """Tell whether code calls *member*, or asks for a member of it, and so fails if there is none."""
    user = member.parent
    if user is None or any(child.type == "optional_chain" for child in (*member.children, *user.children)):
        return False
    return any(user.child_by_field_name(field) == member for field in ("function", "constructor", "object"))


def _fails_without(node: Node, around_it: list[Node]) -> bool:
    """Tell whether code fails at *node* if no variable has its name, and nothing catches that.

    ``typeof`` and ``delete`` do not fail, nor do assignments.
    """
    outer = around_it[0]
    if outer.type in _PASSES or outer.child_by_field_name("left") == node:
        return False
    return not any(each.type == "try_statement" for each in around_it)
