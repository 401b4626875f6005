"""Tell where ``this`` is the window, and which names stand for it as far as the code around them shows."""

import re
from collections.abc import Collection, Iterator, Sequence

from pressmark.scripts.value_names import (
    arguments_of,
    is_called_where_written,
    parameters_of,
    seen_through,
    targets_of,
)
from pressmark.syntax.js_bindings import ALL_FUNCTIONS, around
from pressmark.syntax.js_tree import Node, Tree

WINDOWS = frozenset(("window", "self", "globalThis", "top", "parent"))
"""Names of the window that every script has."""
_NAMES_WINDOW = re.compile(rf"\b(?:this|{'|'.join(sorted(WINDOWS))})\b")
# Where no member of it is asked for.
_GIVEN = re.compile(rb"\bthis\b(?!\s*[.\[(])")
# What gives a value to something, with the fields that hold it, () for any.
_GIVERS: dict[str, tuple[str, ...]] = {
    "arguments": (),
    "variable_declarator": ("value",),
    "assignment_expression": ("right",),
    "binary_expression": ("left",),
    "ternary_expression": (),
}


def given_windows(tree: Tree) -> Iterator[Node]:
    """Yield each ``this`` that is the window and is given to something: a variable, a parameter."""
    found = tree.find(_GIVEN, (b"this",))
    yield from (this for this in found if this.type == "this" and _is_given(this) and is_window_of(this))


def _is_given(this: Node) -> bool:
    outer = this.parent
    fields = _GIVERS.get(outer.type) if outer is not None else None
    return (
        outer is not None
        and fields is not None
        and (not fields or any(outer.child_by_field_name(field) == this for field in fields))
    )


def is_window_of(this: Node) -> bool:
    """Tell whether *this* is the window: in no function, or in those alone that are called where they are written."""
    functions = (each for each in around(this) if each.type in (*ALL_FUNCTIONS, "class_body"))
    return all(each.type == "arrow_function" or _is_called_for_window(each) for each in functions)


def _is_called_for_window(function: Node) -> bool:
    """Tell whether *function* is called where it is written, and for no other object than the window."""
    whole, outer = seen_through(function)
    call = next((each for each in around(function) if each.type == "call_expression"), None)
    if call is None or not is_called_where_written(function):
        return False
    if outer == call:
        return call.child_by_field_name("function") == whole
    given = arguments_of(call)[:1]  # by call() or apply()
    return bool(given) and (given[0].type == "this" or (given[0].text or b"").decode() in WINDOWS)


def are_windows_here(tree: Tree, owners: Sequence[Node]) -> Iterator[bool]:
    """Yield for each of *owners* whether it is the window, by a look at the functions around it alone.

    To follow the variables of a script of some MB, whose names are of one letter, would take seconds.

    It is that by its name, as a parameter that is given the window where its function is written, or if some variable
    of its name is.
    """
    given = (
        {tree.text(target) for this in given_windows(tree) for target in targets_of(tree, this)} if owners else set()
    )
    for owner in owners:
        tree.check_time()
        yield _is_window_here(tree, owner, given)


def _is_window_here(tree: Tree, owner: Node, given: Collection[str]) -> bool:
    while owner.type == "parenthesized_expression":
        owner = owner.named_children[0]
    if owner.type == "this":
        return is_window_of(owner)
    name = tree.text(owner)
    if owner.type != "identifier" or name in WINDOWS:
        return owner.type == "identifier"
    for function in around(owner):
        named = [each for each in parameters_of(function) if each.type == "identifier" and tree.text(each) == name]
        if function.type in ALL_FUNCTIONS and named:
            return is_called_where_written(function) and _is_given_window(tree, function, named[0])
    return name in given


def _is_given_window(tree: Tree, function: Node, parameter: Node) -> bool:
    call = next((each for each in around(function) if each.type == "call_expression"), None)
    given = arguments_of(call) if call is not None else []
    return any(
        parameter in targets_of(tree, value) and _NAMES_WINDOW.search(tree.text(value)) is not None for value in given
    )
