"""Tell where ``this`` is the window."""

from collections.abc import Iterator

from pressmark.scripts.value_names import arguments_of, is_called_where_written, seen_through
from pressmark.syntax.js_bindings import ALL_FUNCTIONS, around
from pressmark.syntax.js_tree import Node, Tree, query

WINDOWS = frozenset(("window", "self", "globalThis", "top", "parent"))
"""Names of the window that every script has."""
_GIVEN = query(
    """
    (arguments (this) @this)
    (variable_declarator value: (this) @this)
    (assignment_expression right: (this) @this)
    (binary_expression left: (this) @this)
    (ternary_expression (this) @this)
    """
)


def given_windows(tree: Tree) -> Iterator[Node]:
    """Yield each ``this`` that is the window and is given to something: a variable, a parameter."""
    yield from (this for this in tree.captures(_GIVEN).get("this", ()) if is_window_of(this))


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
