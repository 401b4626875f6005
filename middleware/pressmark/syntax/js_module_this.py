"""Find the exported variables of a module whose functions may look at ``this``: a namespace, if one calls them."""

import re
from collections.abc import Collection, Iterator

from pressmark.syntax.js_bindings import FUNCTIONS, declarations
from pressmark.syntax.js_tree import Node, Tree

_THIS = re.compile(rb"\b(?:this|eval|arguments)\b")
# What cannot be called, or has no this of its own.
_WITHOUT = frozenset(
    """
    arrow_function class number string template_string true false null undefined regex object array binary_expression
    unary_expression update_expression
    """.split()
)


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
            if _THIS.search(tree.raw, inner.start_byte, inner.end_byte):
                yield from (each.name for each in declarations(inner, tree.raw) if each.name in names)
        elif inner.type in ("lexical_declaration", "variable_declaration"):
            yield from _of_declaration(tree, inner, names)


def _of_declaration(tree: Tree, node: Node, names: Collection[str]) -> Iterator[str]:
    for declarator in node.named_children:
        name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
        if declarator.type != "variable_declarator" or name is None:
            continue
        if name.type != "identifier":
            yield from (each for each in names if each)  # taken apart: it may be any of them
        elif tree.value(name) in names and (value is None or _may_use(tree, value)):
            yield tree.value(name)


def _may_use(tree: Tree, value: Node) -> bool:
    if value.type in _WITHOUT:
        return False
    is_function = value.type in ("function_expression", "generator_function")
    return not is_function or _THIS.search(tree.raw, value.start_byte, value.end_byte) is not None
