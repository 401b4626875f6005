"""Tell which names of later scripts a script could find too early, were they declared before it runs.

Code that names one without binding it finds it, but fails if there is none: in a function that does not run while the
script loads, it hardly ever asks before the name is there. A test by ``typeof``, a member of what may be the window and
code that catches its errors may ask at any time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pressmark.scripts.holders import Holders
from pressmark.scripts.load_time import LoadTime
from pressmark.scripts.windows import Windows
from pressmark.syntax.js_bindings import SCOPES, around, scope_of_binding
from pressmark.syntax.js_tree import Node, Tree

_IDENTIFIERS = frozenset(("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"))
_CLASS_BODIES = frozenset(("class_body", "method_definition"))


@dataclass(frozen=True, slots=True)
class Sought:
    """Names that a later script declares: as functions, or *lexical* ones, which are no members of the window.

    Those that are *known* are declared before as well. What *variables* are called matters only to code that makes a
    member of the window: declared first, that could not be deleted again (ECMAScript 9.1.1.4.17).
    """

    names: frozenset[str]
    lexical: frozenset[str]
    known: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.names | self.lexical | self.variables

    def among(self, names: frozenset[str]) -> "Sought":
        """Return those that are among *names*."""
        return Sought(self.names & names, self.lexical & names, self.known & names, self.variables & names)

    def to_texts(self) -> tuple[str, ...]:
        """Return all of them as texts, of which no others have the same."""
        kinds = (self.names, self.lexical, self.known, self.variables)
        return tuple(text for names in kinds for text in (*sorted(names), "and"))


class Lookups:
    """The look-ups of one script."""

    def __init__(self, tree: Tree) -> None:
        self._tree, self._holders = tree, Holders(tree)
        self._load_time = LoadTime(tree, self._holders)
        self._windows = Windows(tree, self._holders)

    def find(self, sought: Sought) -> frozenset[str]:
        """Return those of the names *sought* that may be found too early."""
        named = list(self._tree.named(sought.all))
        bound = {(scope.id, name) for node, name in named if (scope := scope_of_binding(node))}
        return frozenset(
            name
            for node, name in named
            if (name in sought.names and self._asks_window(node))
            or (name in sought.variables and _is_made(node) and self._asks_window(node))
            or (
                name in sought.names | sought.lexical
                and node.type in _IDENTIFIERS
                and not any((outer.id, name) in bound for outer in around(node))
                and (name in sought.known or not _fails_without(node) or self._load_time.runs(node))
            )
        )

    def _asks_window(self, node: Node) -> bool:
        """Tell whether *node* names a member of a possible window: ``x.name``, ``x["name"]``, ``"name" in x``."""
        outer = node.parent
        if outer is None:
            return False
        if node.type == "property_identifier":
            owner = outer.child_by_field_name("object")
            return outer.type == "member_expression" and owner is not None and self._may_be_window(owner)
        if node.type not in ("string", "template_string"):
            return False
        if outer.type == "arguments" and outer.parent is not None:
            function = outer.parent.child_by_field_name("function")
            return function is not None and self._tree.text(function).endswith("defineProperty")
        operator = outer.child_by_field_name("operator")
        return outer.type == "subscript_expression" or (operator is not None and operator.type == "in")

    def _may_be_window(self, owner: Node) -> bool:
        if owner.type == "this":
            return self._this_may_be_window(owner)
        return owner.type == "identifier" and self._windows.may_be(owner)

    def _this_may_be_window(self, this: Node) -> bool:
        scopes: Iterator[Node] = (each for each in around(this) if each.type in SCOPES | _CLASS_BODIES)
        function = next((each for each in scopes if each.type != "arrow_function"), None)
        return function is None or not (self._tree.is_strict or function.type in _CLASS_BODIES)


def _is_made(node: Node) -> bool:
    """Tell whether a member with the name *node* is given a value."""
    member = node.parent
    giver = member.parent if member is not None else None
    return giver is not None and giver.type == "assignment_expression" and giver.child_by_field_name("left") == member


def _fails_without(node: Node) -> bool:
    """Tell whether code fails at *node* if no variable has its name, and nothing catches that."""
    outer = node.parent
    operator = outer.child_by_field_name("operator") if outer is not None and outer.type == "unary_expression" else None
    is_asked = operator is not None and operator.type == "typeof"
    return not is_asked and not any(each.type == "try_statement" for each in around(node))
