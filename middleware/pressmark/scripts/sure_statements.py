"""Tell whether a top-level statement surely ends without an exception, as far as it can tell by itself.

A declaration by ``let``, ``const`` or ``class`` cannot stand in a block, which would keep its names from other scripts.
It can stand before the block of its script if it is sure, and nothing before it may end that. Sure are declarations of
literals, functions and classes, elements that are found by a simple selector, and listeners of the document or window.
"""

import re
from collections.abc import Callable, Mapping

from pressmark.syntax.js_bindings import FUNCTIONS
from pressmark.syntax.js_tree import Node, Tree

MAX_DEPTH = 50
"""How deeply values are nested."""

_LITERALS = frozenset(
    """
    string number true false null undefined regex arrow_function function_expression generator_function
    """.split()
)
_HARMLESS = frozenset(("comment", "empty_statement", "hash_bang_line", "html_comment", *FUNCTIONS))
LEXICAL = frozenset(("lexical_declaration", "class_declaration"))
_DECLARATIONS = frozenset(("lexical_declaration", "variable_declaration"))
_BASES = frozenset("HTMLElement EventTarget Event CustomEvent Error Array Map Set Object".split())
_MADE = re.compile(r"new (?:Map|Set|WeakMap|WeakSet|Date|AbortController|URLSearchParams|FormData)(?:\(\))?\Z")
# Searches of the document that no selector can make fail, and its parts.
_FOUND = re.compile(
    r"document\.(?:getElementById|getElementsByClassName|getElementsByTagName|getElementsByName)\((?:'[^'\\]*'|\"[^\"\\]*\")\)\Z"
    r"|document\.querySelector(?:All)?\((['\"])[.#]?[A-Za-z_][\w-]*(?: [.#]?[A-Za-z_][\w-]*)*\1\)\Z"
    r"|document\.(?:body|head|documentElement)\Z"
)
_LISTENS = re.compile(r"(?:(?:document|window)\.)?addEventListener\Z")


def is_sure(tree: Tree, statement: Node) -> bool:
    """Tell whether a top-level *statement* of *tree* cannot throw."""
    if statement.type in _HARMLESS:
        return True
    if statement.type in _DECLARATIONS:
        return all(_is_sure_declarator(tree, each) for each in statement.named_children if each.type != "comment")
    if statement.type == "class_declaration":
        return _is_sure_class(tree, statement, 0)
    expression = statement.named_children[0] if statement.type == "expression_statement" else None
    return expression is not None and (expression.type == "string" or _adds_listener(tree, expression))


def _is_sure_declarator(tree: Tree, declarator: Node) -> bool:
    name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
    return name is not None and name.type == "identifier" and (value is None or _is_sure_value(tree, value, 0))


def _is_sure_value(tree: Tree, value: Node, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return False
    if value.type in _LITERALS:
        return True
    if value.type in _NESTED:
        return _NESTED[value.type](tree, value, depth + 1)
    if value.type in ("new_expression", "call_expression", "member_expression"):
        text = tree.text(value)
        return _MADE.match(text) is not None or _FOUND.match(text) is not None
    return False


def _are_sure(tree: Tree, value: Node, depth: int) -> bool:
    return all(_is_sure_value(tree, each, depth) for each in value.named_children if each.type != "comment")


def _is_sure_object(tree: Tree, value: Node, depth: int) -> bool:
    return all(_is_sure_member(tree, each, depth) for each in value.named_children if each.type != "comment")


def _is_sure_member(tree: Tree, member: Node, depth: int) -> bool:
    name = member.child_by_field_name("key") or member.child_by_field_name("name")
    if name is None or name.type == "computed_property_name":
        return False
    given = member.child_by_field_name("value")
    return member.type == "method_definition" or (given is not None and _is_sure_value(tree, given, depth))


def _is_sure_sign(tree: Tree, value: Node, depth: int) -> bool:
    operator, argument = value.child_by_field_name("operator"), value.child_by_field_name("argument")
    is_plain = operator is not None and operator.type in ("-", "!", "void")  # "+1n" throws
    return is_plain and argument is not None and argument.type in ("number", "true", "false", "string")


def _is_sure_template(_tree: Tree, value: Node, _depth: int) -> bool:
    return not any(each.type == "template_substitution" for each in value.named_children)


def _is_sure_class(tree: Tree, value: Node, depth: int) -> bool:
    heritage = next((each for each in value.named_children if each.type == "class_heritage"), None)
    if heritage is not None and (not heritage.named_children or tree.text(heritage.named_children[0]) not in _BASES):
        return False
    body = value.child_by_field_name("body")
    decorated = any(each.type == "decorator" for each in value.named_children)
    members = [each for each in body.named_children if each.type != "comment"] if body is not None else []
    return not decorated and all(_is_sure_class_member(tree, each, depth) for each in members)


def _is_sure_class_member(tree: Tree, member: Node, depth: int) -> bool:
    name = member.child_by_field_name("name") or member.child_by_field_name("property")
    if name is None or name.type == "computed_property_name" or any(c.type == "decorator" for c in member.children):
        return False
    is_static = any(child.type == "static" for child in member.children)
    value = member.child_by_field_name("value")
    if member.type != "field_definition" or not is_static or value is None:
        return member.type in ("method_definition", "field_definition")
    return _is_sure_value(tree, value, depth + 1)


def _adds_listener(tree: Tree, call: Node) -> bool:
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or arguments is None or not _LISTENS.match(tree.text(function)):
        return False
    given = [each for each in arguments.named_children if each.type != "comment"]
    is_heard = len(given) > 1 and given[1].type in ("arrow_function", "function_expression")
    return is_heard and all(_is_sure_value(tree, each, 0) for each in given)


_NESTED: Mapping[str, Callable[[Tree, Node, int], bool]] = {
    "array": _are_sure,
    "parenthesized_expression": _are_sure,
    "object": _is_sure_object,
    "unary_expression": _is_sure_sign,
    "template_string": _is_sure_template,
    "class": _is_sure_class,
}
