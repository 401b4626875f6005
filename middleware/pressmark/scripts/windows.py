"""Tell whether an object of which code has a member may be the window."""

from collections.abc import Iterator

from pressmark.scripts.holders import Holders
from pressmark.scripts.this_window import WINDOWS, is_window_of
from pressmark.scripts.value_names import arguments_of, is_called_where_written, parameters_of, targets_of
from pressmark.scripts.variable_uses import only_value
from pressmark.syntax.js_bindings import ALL_FUNCTIONS, around
from pressmark.syntax.js_tree import Node, Tree

_NAMES = WINDOWS | {"frames", "defaultView", "contentWindow"}
# Values that are no window.
_VALUES = frozenset(
    """
    object array function_expression arrow_function generator_function class new_expression string template_string
    number regex true false null
    """.split()
)
# What module loaders give to the code of a module.
_OF_LOADERS = frozenset(("exports",))


class Windows:
    """Tells which objects of one script may be the window."""

    def __init__(self, tree: Tree, holders: Holders) -> None:
        self._tree, self._holders = tree, holders

    def may_be(self, owner: Node) -> bool:
        """Tell whether *owner* is not known to be something else."""
        owner = _inside(owner)
        if owner.type == "this":
            return not any(each.type == "class_body" for each in around(owner))
        if owner.type == "member_expression":
            name = owner.child_by_field_name("property")
            return name is not None and self._tree.text(name) in _NAMES
        if owner.type != "identifier" or self._tree.text(owner) == "document" or self._holders.is_of_language(owner):
            return False
        value = only_value(self._holders, owner)
        return value is None or value.type not in _VALUES

    def is_given(self, owner: Node) -> bool:
        """Tell whether *owner*, which may be the window, is that by its name, or a variable that may be given it."""
        owner = _inside(owner)
        if owner.type == "this":
            return is_window_of(owner)
        if owner.type != "identifier" or self._holders.is_window(owner):
            return True
        holder = self._holders.variable(owner)
        uses = self._holders.occurrences(holder) if holder.kind == "variable" else ()
        return any(self._is_given_to(use) for use in uses)

    def _is_given_to(self, parameter: Node) -> bool:
        """Tell whether the window may be given to *parameter* where its function is written; not if it is no parameter.

        The function is called there, or handed to one that is called there and calls it in turn, as modules are that
        are written for several loaders. A function that is called elsewhere is hardly ever given the window.
        """
        function = next((each for each in around(parameter) if each.type in ALL_FUNCTIONS), None)
        if function is None or parameter not in parameters_of(function):
            return False
        call = next((each for each in around(function) if each.type == "call_expression"), None)
        if call is not None and is_called_where_written(function):
            given = (value for value in arguments_of(call) if parameter in targets_of(self._tree, value))
            return any(self._may_be_handed_on(value) for value in given)
        number = parameters_of(function).index(parameter)
        return any(self._may_be_handed_on(value) for value in self._given_by_loader(function, number))

    def _given_by_loader(self, function: Node, number: int) -> Iterator[Node]:
        """Yield what a function that is called where it is written gives to *function*, as its argument *number*."""
        name = next((each for each in targets_of(self._tree, function) if each.type == "identifier"), None)
        for use in self._holders.occurrences(self._holders.variable(name)) if name is not None else ():
            call = use.parent
            if call is not None and call.type == "call_expression" and call.child_by_field_name("function") == use:
                yield from arguments_of(call)[number : number + 1]

    def _may_be_handed_on(self, value: Node) -> bool:
        """Tell whether *value*, an argument, is not known to be something else than the window."""
        value = _inside(value)
        while value.type == "assignment_expression":
            value = _inside(value.child_by_field_name("right") or value)
        if value.type == "member_expression":  # as in "global.Library = global.Library || {}"
            return self.may_be(value)
        if value.type == "binary_expression":
            sides = (value.child_by_field_name("left"), value.child_by_field_name("right"))
            return any(side is not None and self._may_be_handed_on(side) for side in sides)
        return value.type not in _VALUES and self._tree.text(value) not in _OF_LOADERS


def _inside(value: Node) -> Node:
    while value.type == "parenthesized_expression":
        value = value.named_children[0]
    return value
