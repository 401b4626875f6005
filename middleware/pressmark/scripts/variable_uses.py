"""Tell whether all that a script does with a value is harmless: where it is had, by its variables, in its functions."""

import re
from collections.abc import Callable, Iterator

from pressmark.scripts.holders import Holder, Holders
from pressmark.scripts.value_names import arguments_of, function_named, parameters_of, targets_of
from pressmark.syntax.js_bindings import FUNCTIONS, scope_of_binding
from pressmark.syntax.js_tree import Node

_MEMBERS = frozenset(("member_expression", "subscript_expression"))
_ASSIGNS = frozenset(
    ("assignment_expression", "augmented_assignment_expression", "update_expression", "for_in_statement")
)
_GIVES_ALONE = frozenset(("variable_declarator", "assignment_expression", *FUNCTIONS))
_PATTERNS = frozenset(
    "array_pattern object_pattern pair_pattern assignment_pattern rest_pattern update_expression".split()
)
# The list by which a function has its arguments without a name.
_ARGUMENTS = re.compile(rb"\barguments\b(?!\.length)")
_CONDITIONS = frozenset(("if_statement", "ternary_expression", "while_statement"))
MAX_USES = 50
"""The uses of one variable that are looked at; one with more is taken for harmful."""
MAX_VARIABLES = 3
"""The variables, one after the other, by which a value is followed."""
MAX_ARGUMENTS = 50
"""The arguments of a call among which a value is looked for."""

IsHarmless = Callable[[Node], bool]
"""Tells whether a use is harmless: a member expression of the value, or any other node around it."""


def are_uses_harmless(
    holders: Holders, value: Node, is_harmless: IsHarmless, known: frozenset[Holder] = frozenset()
) -> bool:
    """Tell whether every use of *value* only tests whether it is there, or *is_harmless*.

    A value that is returned, or given to a property, a variable of all scripts or a function that is not the script's
    own, is out of sight. The uses of the variables that are *known* are looked at already.
    """
    while value.parent is not None and value.parent.type == "parenthesized_expression":
        value = value.parent
    if _is_harmless(value, is_harmless):
        return True
    targets = list(targets_of(holders.tree, value)) or list(parameters_given(holders, value))
    if len(targets) != 1 or targets[0].type != "identifier" or len(known) >= MAX_VARIABLES:
        return False
    variable = holders.variable(targets[0])
    if variable in known:
        return True
    uses = list(holders.occurrences(variable))
    if variable.kind != "variable" or len(uses) > MAX_USES:
        return False
    known |= {variable}
    return all(_is_target(use) or are_uses_harmless(holders, use, is_harmless, known) for use in uses)


def constant(holders: Holders, node: Node) -> str | None:
    """Return the text that *node* always is: a string, or a variable that is given one and nothing else."""
    if node.type == "string":
        return holders.tree.value(node)
    if node.type == "template_string":
        has_values = any(child.type == "template_substitution" for child in node.named_children)
        return None if has_values else holders.tree.value(node)
    if node.type != "identifier":
        return None
    given = only_value(holders, node)
    return constant(holders, given) if given is not None and given.type in ("string", "template_string") else None


def only_value(holders: Holders, variable: Node) -> Node | None:
    """Return the one value that *variable* is ever given, ``None`` if it is given others or may be.

    A parameter may be given anything, whatever its default; so may what is taken out of an object or a list.
    """
    holder = holders.variable(variable)
    targets = [use for use in holders.occurrences(holder) if _may_be_given(use)] if holder.kind == "variable" else []
    giver = targets[0].parent if len(targets) == 1 else None
    if giver is None or giver.type not in _GIVES_ALONE:
        return None
    return function_named(targets[0]) or giver.child_by_field_name("value") or giver.child_by_field_name("right")


def parameters_given(holders: Holders, value: Node) -> Iterator[Node]:
    """Yield the parameter that gets *value*, if it is handed to a function of the script that no other replaces."""
    arguments = value.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    called = call.child_by_field_name("function") if call is not None else None
    if arguments is None or called is None or called.type != "identifier":
        return
    if arguments.named_child_count > MAX_ARGUMENTS:
        return
    function = only_value(holders, called)
    parameters = parameters_of(function) if function is not None else []
    given = arguments_of(call)[: len(parameters)] if call is not None and parameters else []
    if function is None or value not in given or any(each.type == "spread_element" for each in given):
        return
    if not _ARGUMENTS.search(holders.tree.raw, function.start_byte, function.end_byte):
        yield parameters[given.index(value)]


def _may_be_given(use: Node) -> bool:
    """Tell whether a variable may get a value at *use*."""
    while use.parent is not None and use.parent.type == "parenthesized_expression":
        use = use.parent
    parent = use.parent
    if parent is None or scope_of_binding(use) is not None or parent.type in _PATTERNS:
        return True
    return parent.type in _ASSIGNS and parent.child_by_field_name("right") != use


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
