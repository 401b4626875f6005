"""Tell what code of a script may run while the script loads, and so looks at its element or asks for names too early.

Theory
------
Code outside of functions runs, and so does a function that is called, or may be, by code that runs. From the function
around a node the search goes outwards, over all places that may call it, until one is outside of functions.

* A function that is called where it stands, or handed to a call, may run where that does. One that is handed to an
  event or a timer runs later; a promise is kept while its script still counts as the running one (HTML 8.1.4.4).
* One that a variable or property holds may run where that is called or handed on, for properties of any object, where
  a string is the property's name, and where any member of a variable with its object is asked for.
* A method may be called by whoever is handed its object or class, but for functions of the language.
* A name that the language or the browser calls by itself, as ``toString``, may run at any time.
"""

import re
from collections.abc import Iterator

from pressmark.scripts.holders import Holder, Holders
from pressmark.scripts.value_names import seen_through
from pressmark.syntax.js_bindings import FUNCTIONS, around
from pressmark.syntax.js_tree import Node, Tree

_EXPRESSIONS = frozenset(("function_expression", "generator_function", "arrow_function"))
_FUNCTIONS = frozenset((*_EXPRESSIONS, *FUNCTIONS, "method_definition"))
_CLASSES = frozenset(("class", "class_declaration"))
_OWNERS = frozenset((*_CLASSES, "object"))
_CALLS = frozenset(("call_expression", "new_expression"))
_GIVERS = frozenset(("variable_declarator", "assignment_expression", "pair", "assignment_pattern", "field_definition"))
_LEADS_NOWHERE = frozenset("expression_statement unary_expression if_statement binary_expression".split())
_PAIRS = frozenset(("pair", "field_definition"))
_NAMES = frozenset(("string", "number"))
_CALLING = frozenset((b"call", b"apply", b"bind"))
_IMPLICIT = frozenset(
    """
    toString valueOf toJSON then next return throw get set has apply construct constructor handleEvent
    connectedCallback disconnectedCallback attributeChangedCallback adoptedCallback formAssociatedCallback
    """.split()
)
"""Names of methods that are called without being named."""
_LATER = re.compile(rb"\b(?:addEventListener|setTimeout|setInterval|requestAnimationFrame|requestIdleCallback)\Z")
"""Functions that call back when the script has ended."""
MAX_FUNCTIONS = 300
"""The functions that are followed; what more of them might call is taken to run."""
MAX_HOLDERS = 100
"""The variables and properties that are followed: each may be given to the next."""


class LoadTime:
    """What runs while the script of one tree loads."""

    def __init__(self, tree: Tree, holders: Holders) -> None:
        self._tree, self._holders = tree, holders
        self._known: dict[int, bool] = {}  # function -> whether it may run

    def runs(self, node: Node) -> bool:
        """Tell whether the code at *node* may run while the script loads."""
        function = _function_around(node)
        if function is None:
            return True
        if function.id not in self._known:
            self._known[function.id] = self._is_reached(function)
        return self._known[function.id]

    def is_later(self, call: Node) -> bool:
        """Tell whether *call* hands functions to an event, a timer or a promise."""
        function = call.child_by_field_name("function")
        return function is not None and bool(_LATER.search(self._tree.raw, function.start_byte, function.end_byte))

    def _is_reached(self, function: Node) -> bool:
        seen, pending = {function.id}, [function]
        held: set[Holder] = set()
        while pending:
            for place in self._calls_of(pending.pop(), held):
                outer = _function_around(place)
                if outer is None or self._known.get(outer.id) or len(seen) > MAX_FUNCTIONS:
                    return True
                if outer.id not in seen and outer.id not in self._known:
                    seen.add(outer.id)
                    pending.append(outer)
        return False

    def _calls_of(self, function: Node, held: set[Holder]) -> Iterator[Node]:
        """Yield the places that may call *function*; *held* are the holders that were followed."""
        name = function.child_by_field_name("name")
        if function.type in _EXPRESSIONS:
            yield from self._calls_of_value(function, held)
        elif name is not None and function.type in FUNCTIONS:
            yield from self._calls_of_holder(self._holders.variable(name), held)
        elif name is not None:
            yield from self._calls_of_method(function, name, held)

    def _calls_of_method(self, function: Node, name: Node, held: set[Holder]) -> Iterator[Node]:
        owner = next((each for each in around(function) if each.type in _OWNERS), function)
        if name.type == "computed_property_name" or self._tree.value(name) in _IMPLICIT:
            yield owner
            return
        if any(child.type == "set" for child in function.children):
            yield owner
        is_getter = any(child.type == "get" for child in function.children)
        for holder in [self._holders.of_getter(name)] if is_getter else self._holders.of_target(name):
            yield from self._calls_of_holder(holder, held)
        yield from self._handings_of(owner, held)

    def _calls_of_value(self, value: Node, held: set[Holder]) -> Iterator[Node]:
        """Yield the places that may call the function that is the value of the expression *value*."""
        inner, outer = seen_through(value)
        while outer is not None and outer.type in _GIVERS:
            if outer.type in _PAIRS:
                yield from self._calls_of_pair(outer, held)
            for holder in self._holders.of_targets(inner):
                yield from self._calls_of_holder(holder, held)
            if outer.type != "assignment_expression":
                return
            inner, outer = seen_through(outer)
        if outer is None or outer.type in _LEADS_NOWHERE:
            return
        if outer.type == "arguments" and outer.parent is not None:
            yield from () if self.is_later(outer.parent) else (outer.parent,)
        elif outer.type == "member_expression":
            name = outer.child_by_field_name("property")
            yield from (outer,) if name is not None and name.text in _CALLING else ()
        else:  # called, returned, or put into something
            yield inner

    def _calls_of_pair(self, pair: Node, held: set[Holder]) -> Iterator[Node]:
        key = pair.child_by_field_name("key") or pair.child_by_field_name("property")
        owner = next((each for each in around(pair) if each.type in _OWNERS), None)
        if owner is None or key is None or key.type == "computed_property_name" or self._tree.value(key) in _IMPLICIT:
            yield pair
        else:
            yield from self._handings_of(owner, held)

    def _calls_of_holder(self, holder: Holder, held: set[Holder]) -> Iterator[Node]:
        if holder in held:
            return
        if len(held) > MAX_HOLDERS:
            yield self._tree.root
            return
        held.add(holder)
        if holder.kind == "property":
            yield from self._holders.strings(holder.name)
        for node, _ in list(self._holders.uses({holder})):
            yield from (node,) if holder.kind == "getter" else self._calls_of_value(node, held)

    def _handings_of(self, owner: Node, held: set[Holder]) -> Iterator[Node]:
        """Yield the places that hand an object or a class, *owner*, to a call, or put it into something else."""
        name = owner.child_by_field_name("name") if owner.type == "class_declaration" else None
        if name is None:
            yield from self._handings_of_value(owner, held)
        else:
            yield from self._handings_of_holder(self._holders.variable(name), held)

    def _handings_of_holder(self, holder: Holder, held: set[Holder]) -> Iterator[Node]:
        mark = holder._replace(kind=f"object in a {holder.kind}")
        if mark in held:
            return
        if len(held) > MAX_HOLDERS:
            yield self._tree.root
            return
        held.add(mark)
        yield from self._computed_members(holder)
        for node, _ in list(self._holders.uses({holder})):
            yield from self._handings_of_value(node, held)

    def _computed_members(self, holder: Holder) -> Iterator[Node]:
        """Yield the places that ask an object that *holder* has for a member whose name is not written there."""
        for node in self._holders.mentions(holder):
            member = node.parent
            index = member.child_by_field_name("index") if member is not None else None
            if member is not None and index is not None and index != node and index.type not in _NAMES:
                yield member

    def _handings_of_value(self, value: Node, held: set[Holder]) -> Iterator[Node]:
        """Yield the places that hand on *value*, or what a call of it gives."""
        inner, outer = seen_through(value)
        while outer is not None:
            if outer.type in _CALLS:  # what a class or function makes has its methods
                inner, outer = seen_through(outer)
            elif outer.type == "return_statement" and (call := _call_where_written(outer)) is not None:
                inner, outer = seen_through(call)
            else:
                break
        if outer is None or outer.type in _LEADS_NOWHERE or outer.type == "member_expression":
            return
        if outer.type in _PAIRS:
            yield from self._calls_of_pair(outer, held)
        elif outer.type in _GIVERS:
            for holder in list(self._holders.of_targets(inner)):
                yield from self._handings_of_holder(holder, held)
        elif outer.type == "arguments" and outer.parent is not None:
            function = outer.parent.child_by_field_name("function")
            is_of_language = function is not None and self._holders.is_of_language(function)
            yield from () if is_of_language or self.is_later(outer.parent) else (inner,)
        else:
            yield inner


def _function_around(node: Node) -> Node | None:
    return next((each for each in around(node) if each.type in _FUNCTIONS), None)


def _call_where_written(returned: Node) -> Node | None:
    """Return the call of the function around the statement *returned*, if it is called where it is written."""
    function = _function_around(returned)
    whole, call = seen_through(function) if function is not None else (None, None)
    is_called = call is not None and call.type == "call_expression" and call.child_by_field_name("function") == whole
    return call if is_called else None
