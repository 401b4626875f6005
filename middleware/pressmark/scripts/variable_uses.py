"""Tell whether all that a script does with a value is harmless: at the place where it is had, or by its variable."""

from collections.abc import Callable

from pressmark.scripts.holders import Holders
from pressmark.scripts.value_names import targets_of
from pressmark.syntax.js_tree import Node

_MEMBERS = frozenset(("member_expression", "subscript_expression"))
_CONDITIONS = frozenset(("if_statement", "ternary_expression", "while_statement"))
MAX_USES = 50
"""The uses of one variable that are looked at; one with more is taken for harmful."""

IsHarmless = Callable[[Node], bool]
"""Tells whether a use is harmless: a member expression of the value, or any other node around it."""


def are_uses_harmless(holders: Holders, value: Node, is_harmless: IsHarmless) -> bool:
    """Tell whether every use of *value* only tests whether it is there, or *is_harmless*.

    A value that is returned, or given to a function, a property or a variable of all scripts, is out of sight.
    """
    while value.parent is not None and value.parent.type == "parenthesized_expression":
        value = value.parent
    if _is_harmless(value, is_harmless):
        return True
    targets = list(targets_of(holders.tree, value))
    if len(targets) != 1 or targets[0].type != "identifier":
        return False
    variable = holders.variable(targets[0])
    uses = list(holders.occurrences(variable))
    if variable.kind != "variable" or len(uses) > MAX_USES:
        return False
    return all(_is_target(use) or _is_harmless(use, is_harmless) for use in uses)


def _is_harmless(value: Node, is_harmless: IsHarmless) -> bool:
    return _is_tested(value) or (value.parent is not None and is_harmless(value.parent))


def _is_tested(value: Node) -> bool:
    """Tell whether of *value* only matters whether it is there."""
    inner, outer = value, value.parent
    while outer is not None and outer.type == "parenthesized_expression":
        inner, outer = outer, outer.parent
    if outer is None:
        return False
    if outer.type == "unary_expression":
        return True
    if outer.type == "binary_expression":  # the value of "a && b" is b, if a is there
        operator = outer.child_by_field_name("operator")
        is_left = outer.child_by_field_name("left") == inner
        return operator is not None and operator.type == "&&" and is_left
    return outer.type in _CONDITIONS and outer.child_by_field_name("condition") == inner


def _is_target(use: Node) -> bool:
    """Tell whether a variable is declared or assigned at *use*."""
    parent = use.parent
    if parent is None:
        return False
    if parent.type == "variable_declarator":
        return parent.child_by_field_name("name") == use
    if parent.type == "formal_parameters":
        return True
    if parent.type != "assignment_expression" or parent.child_by_field_name("left") != use:
        return False
    return parent.parent is not None and parent.parent.type in ("expression_statement", "sequence_expression")
