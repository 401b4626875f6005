"""Tell which variables of a script may hold the window: it may find there what other scripts declare."""

import re
from collections.abc import Iterator
from functools import cached_property

from pressmark.scripts.holders import Holder, Holders
from pressmark.scripts.value_names import name_given, seen_through, targets_of
from pressmark.scripts.variable_uses import parameters_given
from pressmark.syntax.js_bindings import SCOPES, around, scope_of_binding
from pressmark.syntax.js_tree import Node, Tree

_WINDOW = re.compile(rb"\b(?:window|self|globalThis)\b|\bthis(?=\s*[,);])")
_CALLS = frozenset(("call", "apply", "bind"))
"""Methods of functions: what they are given is ``this`` first, which is known where it is used."""
MAX_PLACES = 5000
"""The places of the window and its variables that are looked at; if there are more, any may hold it."""


class Windows:
    """The windows in one tree."""

    def __init__(self, tree: Tree, holders: Holders) -> None:
        self._tree, self._holders = tree, holders

    def may_be(self, variable: Node) -> bool:
        """Tell whether the identifier *variable* may be the window: by its name, by what it is given, or unknown."""
        if self._holders.is_window(variable):
            return True
        given, are_lost = self._given
        holder = self._holders.variable(variable)
        return holder in given or (are_lost and holder.kind == "variable")

    @cached_property
    def _given(self) -> tuple[frozenset[Holder], bool]:
        """The variables that are given the window, and whether a function that is not known is given it."""
        given: set[Holder] = set()
        pending = list(self._places())
        for number, node in enumerate(pending):  # which grows
            targets = list(targets_of(self._tree, node)) or list(parameters_given(self._holders, node))
            if number > MAX_PLACES or (not targets and self._is_lost(node)):
                return frozenset(given), True
            new = {self._holders.variable(target) for target in targets if target.type == "identifier"} - given
            given |= new
            named = (each for holder in new if holder.kind == "variable" for each in self._holders.occurrences(holder))
            pending += [each for each in named if scope_of_binding(each) is None]
        return frozenset(given), False

    def _places(self) -> Iterator[Node]:
        """Yield the places where the script names the window, or means it by a ``this`` outside of functions."""
        for node in self._tree.find(_WINDOW):
            if node.type == "identifier" or (
                node.type == "this" and not any(each.type in SCOPES for each in around(node))
            ):
                yield node

    def _is_lost(self, node: Node) -> bool:
        """Tell whether the window at *node* may come to a function of the script that is not known."""
        if name_given(self._tree, node) is not None:
            return False
        _, outer = seen_through(node)
        call = outer.parent if outer is not None and outer.type == "arguments" else None
        function = call.child_by_field_name("function") if call is not None else None
        if function is not None and function.type == "identifier":
            return self._holders.variable(function).kind == "variable"
        name = function.child_by_field_name("property") if function is not None else None
        if name is None:
            return True
        method = self._tree.value(name)
        return method not in _CALLS and self._holders.is_given(method)
