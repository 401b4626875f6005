"""Find the exported functions of a module that may look at ``this``: a namespace, if one calls them."""

import re
from collections.abc import Collection, Iterator

from pressmark.syntax.js_bindings import ALL_FUNCTIONS, FUNCTIONS, around, declarations
from pressmark.syntax.js_tree import Node, Tree

_THIS = re.compile(rb"\b(?:this|eval)\b")
_WITH_OWN = frozenset((*(ALL_FUNCTIONS - {"arrow_function"}), "class_body"))


def with_this(tree: Tree, names: Collection[str]) -> Iterator[str]:
    """Yield those of the top-level variables *names* that may hold such a function; "" is the unnamed default."""
    for node in tree.root.named_children:
        inner = node
        if node.type == "export_statement":
            value = node.child_by_field_name("value")
            inner = node.child_by_field_name("declaration") or node
            if value is not None and "" in names and _may_use(tree, value):
                yield ""
        if inner.type in FUNCTIONS:
            if _uses_this(tree, inner):
                yield from (each.name for each in declarations(inner, tree.raw) if each.name in names)
        elif inner.type in ("lexical_declaration", "variable_declaration"):
            yield from _of_declaration(tree, inner, names)


def _of_declaration(tree: Tree, node: Node, names: Collection[str]) -> Iterator[str]:
    for declarator in node.named_children:
        name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
        if name is not None and value is not None and tree.value(name) in names and _may_use(tree, value):
            yield tree.value(name)


def _may_use(tree: Tree, value: Node) -> bool:
    return value.type in ("function_expression", "generator_function") and _uses_this(tree, value)


def _uses_this(tree: Tree, function: Node) -> bool:
    """Tell whether *function* itself looks at its ``this``, and not only functions in it that have their own."""
    for found in _THIS.finditer(tree.raw, function.start_byte, function.end_byte):
        node = tree.root.descendant_for_byte_range(*found.span())
        if node is None or node.type not in ("this", "identifier"):
            continue
        owner = next((each for each in around(node) if each.type in _WITH_OWN), None)
        if owner == function or node.type == "identifier":
            return True
    return False
