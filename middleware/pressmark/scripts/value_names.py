"""Find the names that values are given in a script: by assignment, by declaration, or as an argument."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pressmark.syntax.js_bindings import FUNCTIONS
from pressmark.syntax.js_tree import Node, Tree

TRANSPARENT = frozenset(("parenthesized_expression", "ternary_expression", "sequence_expression"))
"""The types of nodes around a value whose own value it may be."""
_FUNCTIONS = frozenset(("function_expression", "arrow_function"))
_LEADS_NOWHERE = frozenset(
    """
    expression_statement unary_expression if_statement member_expression subscript_expression binary_expression
    """.split()
)
_LOGICAL = frozenset(("||", "&&", "??"))
_GIVERS = frozenset(("variable_declarator", "assignment_expression", "pair", "assignment_pattern", "field_definition"))


@dataclass(slots=True)
class Names:
    """The names that a value is given; it *is_lost* if it may also be passed on without a name."""

    known: frozenset[str]
    is_lost: bool


def names_of(tree: Tree, values: Iterable[Node]) -> Names:
    """Return the names that *values* are given."""
    names: set[str] = set()
    is_lost = False
    for value in values:
        target = name_given(tree, value)
        names |= {target} if target else set()
        is_lost |= target is None
    return Names(frozenset(names), is_lost)


def name_given(tree: Tree, value: Node) -> str | None:
    """Return the name that *value* is given by the code around it, "" if it gets none, ``None`` if that is unknown."""
    value, parent = seen_through(value)
    if parent is None or parent.type in _LEADS_NOWHERE:
        return ""
    if parent.type in _GIVERS:
        return _name_of_target(tree, parent)
    if parent.type == "arguments" and parent.parent is not None:
        parameter, is_known = _parameter(tree, parent.parent, value)
        return tree.text(parameter) if parameter is not None else "" if is_known else None
    return None


def targets_of(tree: Tree, value: Node) -> Iterator[Node]:
    """Yield the names, members, keys and parameters that get *value* from the code around it."""
    value, parent = seen_through(value)
    while parent is not None and parent.type in _GIVERS:
        target = _target(parent)
        if target is not None and target != value:
            yield target
        if parent.type != "assignment_expression":
            return
        value, parent = seen_through(parent)
    if parent is not None and parent.type == "arguments" and parent.parent is not None:
        parameter, _ = _parameter(tree, parent.parent, value)
        yield from [parameter] if parameter is not None else []


def is_logical(node: Node) -> bool:
    """Tell whether *node* is a ``||``, ``&&`` or ``??``, whose value is that of one side."""
    operator = node.child_by_field_name("operator")
    return operator is not None and operator.type in _LOGICAL


def seen_through(value: Node) -> tuple[Node, Node | None]:
    """Return the outermost expression that may have the very same *value*, and the node around that."""
    parent = value.parent
    while parent is not None and (parent.type in TRANSPARENT or is_logical(parent)):
        value, parent = parent, parent.parent
    return value, parent


def is_called_where_written(function: Node) -> bool:
    """Tell whether *function* is called by the code around it, and by no other."""
    whole, call = seen_through(function)
    if call is not None and call.type == "member_expression":
        name = call.child_by_field_name("property")
        whole, call = call, call.parent if name is not None and name.text in (b"call", b"apply") else None
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == whole


def arguments_of(call: Node) -> list[Node]:
    """Return the arguments of *call*, without comments."""
    arguments = call.child_by_field_name("arguments")
    return [each for each in arguments.named_children if each.type != "comment"] if arguments is not None else []


def function_named(name: Node) -> Node | None:
    """Return the function that is declared by *name*, or given to it."""
    giver = name.parent
    if giver is None or giver.child_by_field_name("name") not in (name, None):
        return None
    if giver.type in FUNCTIONS:
        return giver
    value = giver.child_by_field_name("value") or giver.child_by_field_name("right")
    return value if value is not None and value.type in _FUNCTIONS else None


def parameters_of(function: Node) -> list[Node]:
    """Return what stands in the place of the parameters of *function*; nothing if it is none."""
    bare = function.child_by_field_name("parameter")  # of an arrow function
    parameters = function.child_by_field_name("parameters")
    named = [bare] if bare is not None else parameters.named_children if parameters is not None else []
    return [each for each in named if each.type != "comment"]


def _name_of_target(tree: Tree, giver: Node) -> str | None:
    left = _target(giver)
    if left is not None and left.type in ("member_expression", "subscript_expression"):
        left = left.child_by_field_name("property") or left.child_by_field_name("index")
    if left is not None and left.type == "object_pattern":  # its members are looked at by themselves
        return ""
    return tree.value(left) if left is not None and is_name(left) else None


def _target(giver: Node) -> Node | None:
    fields = (giver.child_by_field_name(name) for name in ("name", "left", "key", "property"))
    return next(filter(None, fields), None)


def is_name(node: Node) -> bool:
    """Tell whether *node* is a name, or a string in the place of one."""
    return node.type in ("identifier", "property_identifier", "member_expression", "string")


def _parameter(tree: Tree, call: Node, argument: Node) -> tuple[Node | None, bool]:
    """Return the parameter that gets *argument*, and whether the function is known: if it is written in the call.

    ``None`` if no parameter gets it, or not as it is.
    """
    function, skipped = call.child_by_field_name("function"), 0
    if function is None:
        return None, False
    if function.type == "identifier" and tree.text(function) in ("$", "jQuery"):
        return None, True
    if function.type == "member_expression" and tree.raw.endswith(b".call", function.start_byte, function.end_byte):
        function, skipped = function.child_by_field_name("object"), 1
    while function is not None and function.type == "parenthesized_expression":
        function = function.named_children[0]
    if function is None or function.type not in _FUNCTIONS:
        return None, False
    named = parameters_of(function)
    given = arguments_of(call)[skipped : skipped + len(named)]
    number = next((number for number, value in enumerate(given) if value == argument), None)
    if number is None:
        return None, True
    parameter = named[number]
    is_name = parameter.type == "identifier"
    return (parameter, True) if is_name else (None, False)
