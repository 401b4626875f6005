"""Tell what code of a script surely does not run while the script loads, so that it bears only on what comes later.

Theory
------
Code outside of functions runs. A function is followed to every place that may call it; if none of these runs, neither
does the function. What is known to keep a function without calling it is listed here; any other use counts as a call.

* A value that is given to a variable, or stored as a property, is followed there; one that is handed to a timer, or
  listens for an event which the script does not send itself, runs later. A promise is kept, and a microtask done, while
  their script still counts as the running one (HTML 8.1.4.4).
* A variable is told from others by its scope. A property is not: every node of its name is a place that may call it, in
  strings too, and so is every member that is called or handed on by a computed name.
* A method may be called by whoever has its object, so that is followed as well: it may be stored, and its members asked
  for, but not handed on.
* What the language or the browser calls without naming it, as ``toString`` or a getter, runs where it is written.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pressmark.scripts.holders import Holder, Holders
from pressmark.scripts.value_names import is_called_where_written, seen_through
from pressmark.syntax.js_bindings import (
    ALL_FUNCTIONS,
    CLASSES,
    FUNCTION_EXPRESSIONS,
    FUNCTIONS,
    around,
    scope_of_binding,
)
from pressmark.syntax.js_tree import Node, Tree, query

_OBJECTS = frozenset((*CLASSES, "object"))
_PAIRS = frozenset(("pair", "field_definition"))
_KEEPS = frozenset(("variable_declarator", "assignment_expression", *_PAIRS))
# What is done with a value there neither calls it nor hands it on.
_ENDS = frozenset(("expression_statement", "unary_expression", "binary_expression", "if_statement"))
_MEMBERS = frozenset(("member_expression", "subscript_expression"))
_COMPUTED = query("(subscript_expression) @member")
_LITERALS = frozenset(("string", "number"))
_IMPLICIT = frozenset(
    """
    toString valueOf toJSON then next return throw get set value has apply construct constructor handleEvent
    connectedCallback disconnectedCallback attributeChangedCallback adoptedCallback formAssociatedCallback
    """.split()
)
"""Names of methods that are called without being named."""
_TIMERS = frozenset(("setTimeout", "setInterval", "requestAnimationFrame", "requestIdleCallback"))
_LISTEN = "addEventListener"
# By these a script may send an event itself, or run a text as code.
_SENDS = re.compile(
    rb"\.(?:dispatchEvent|click|focus|blur|submit|requestSubmit|reset|(?:check|report)Validity|select|send|abort|close"
    rb"|execCommand|trigger\w*|fire\w*|emit)\s*\(|[\"'`]dispatchEvent|\biframe\b"
)
_RUNS_TEXT = re.compile(rb"\b(?:eval|Function|setTimeout\s*\(\s*[\"'`])")
_OF_PAGE = re.compile(rb"\(\s*[\"'](?:load|DOMContentLoaded|pageshow|pagehide|beforeunload|unload)[\"']")
MAX_FUNCTIONS = 300
"""The functions that are followed; what more of them might call is taken to run."""
MAX_COMPUTED = 300
"""The computed names of members that are followed."""
MAX_HOLDERS = 60
"""The variables, properties and objects that are followed: each may be given to the next, or lie in it."""


class LoadTime:
    """What runs while the script of one tree loads."""

    def __init__(self, tree: Tree, holders: Holders) -> None:
        self._tree, self._holders = tree, holders
        self._known: dict[int, bool] = {}  # function -> whether it may run

    def runs(self, node: Node) -> bool:
        """Tell whether the code at *node* may run while the script loads."""
        function = _function_around(node)
        if function is None or _RUNS_TEXT.search(self._tree.raw):
            return True
        if function.id not in self._known:
            seen, is_reached = self._search(function)
            self._known |= {function.id: True} if is_reached else dict.fromkeys(seen, False)
        return self._known[function.id]

    def is_later(self, call: Node) -> bool:
        """Tell whether *call* hands functions to a timer, or to an event that the script does not send."""
        function = call.child_by_field_name("function")
        name = function.child_by_field_name("property") or function if function is not None else None
        if name is None or name.type not in ("identifier", "property_identifier"):
            return False
        word = self._tree.text(name)
        if word not in (*_TIMERS, _LISTEN) or self._is_own(word):
            return False
        if word in _TIMERS or not self.sends_events:
            return True
        target = self._tree.text(function) if function is not None else ""
        of_page = _OF_PAGE.match(self._tree.raw, name.end_byte, call.end_byte)
        return of_page is not None and target in (_LISTEN, f"window.{_LISTEN}", f"document.{_LISTEN}")

    def _is_own(self, word: str) -> bool:
        """Tell whether the script gives a timer's name to a function of its own."""
        is_declared = any(function.name == word for function in (*self._tree.functions, *self._tree.labeled))
        is_bound = any(scope_of_binding(node) for node in self._holders.named(word))
        return is_declared or is_bound or self._holders.functions(word) > 0

    @cached_property
    def computed(self) -> tuple[Node, ...]:
        """The members of objects that are asked for by a computed name."""
        members = self._tree.captures(_COMPUTED).get("member", ())
        indexes = (member.child_by_field_name("index") for member in members)
        pairs = zip(members, indexes, strict=True)
        return tuple(member for member, index in pairs if index is not None and index.type not in _LITERALS)

    @cached_property
    def sends_events(self) -> bool:
        """Whether the script may send events itself."""
        return _SENDS.search(self._tree.raw) is not None

    def _search(self, function: Node) -> tuple[set[int], bool]:
        """Return the functions that were followed from *function*, and whether one of them may run."""
        seen, pending = {function.id}, [function]
        places = _Places(self._tree, self._holders, self)
        while pending:
            for place in places.of_function(pending.pop()):
                self._tree.check_time()
                outer = _function_around(place)
                if outer is None or self._known.get(outer.id) or len(seen) > MAX_FUNCTIONS or places.are_lost:
                    return seen, True
                if outer.id not in seen and outer.id not in self._known:
                    seen.add(outer.id)
                    pending.append(outer)
        return seen, places.are_lost


class _Places:
    """The places that may call functions; each variable and property is followed once."""

    def __init__(self, tree: Tree, holders: Holders, load_time: LoadTime) -> None:
        self._tree, self._holders, self._load_time = tree, holders, load_time
        self._followed: set[object] = set()
        self.are_lost = False  # whether there are more than may be followed

    def of_function(self, function: Node) -> Iterator[Node]:
        """Yield the places that may call *function*."""
        name = function.child_by_field_name("name")
        if function.type in FUNCTION_EXPRESSIONS:
            yield from self._of_value(function)
        elif name is not None and function.type in FUNCTIONS:
            yield from self._of_variable(name)
        elif name is not None and any(child.type in ("get", "set") for child in function.children):
            yield from self._where_written(function)
        elif name is not None:
            yield from self._of_member(name, function)

    def _of_value(self, value: Node, *, is_object: bool = False) -> Iterator[Node]:
        """Yield the places that may call the function that is the value of *value*, or methods of that object."""
        inner, outer = seen_through(value)
        while (
            outer is not None and outer.type == "assignment_expression" and outer.child_by_field_name("right") == inner
        ):
            yield from self._of_target(outer, is_object=is_object)
            inner, outer = seen_through(outer)
        if outer is None or outer.type in _ENDS or self._is_target(inner, outer):
            return
        if outer.type in _KEEPS:
            yield from self._of_target(outer, is_object=is_object)
        elif outer.type == "arguments" and outer.parent is not None:
            yield from () if self._load_time.is_later(outer.parent) else (inner,)
        elif outer.type in _MEMBERS and outer.child_by_field_name("object") == inner:
            yield from self._of_owner(inner, outer, is_object=is_object)
        elif is_object and outer.type == "new_expression" and outer.child_by_field_name("constructor") == inner:
            yield from self._of_value(outer, is_object=True)
        elif is_object and outer.type == "return_statement" and (call := _call_where_written(outer)) is not None:
            yield from self._of_value(call, is_object=True)
        else:
            yield inner

    def _is_target(self, inner: Node, outer: Node) -> bool:
        """Tell whether *inner* is a name that is declared, or given another value."""
        if outer.type == "assignment_expression":
            return outer.child_by_field_name("left") == inner
        return (
            outer.type in ("variable_declarator", *FUNCTIONS, *CLASSES) and outer.child_by_field_name("name") == inner
        )

    def _of_owner(self, inner: Node, member: Node, *, is_object: bool) -> Iterator[Node]:
        """Yield the places for a value of which a *member* is asked."""
        name = member.child_by_field_name("property")
        if name is None or self._tree.text(name) in ("call", "apply", "bind"):
            yield inner
        elif is_object and self._tree.text(name) == "prototype":
            yield from self._of_value(member, is_object=True)
        # Who calls another member is known by its name.

    def _of_target(self, giver: Node, *, is_object: bool) -> Iterator[Node]:
        fields = (giver.child_by_field_name(field) for field in ("name", "left", "key", "property"))
        target = next(filter(None, fields), None)
        if target is None:
            yield giver
        elif target.type == "identifier":
            yield from self._of_variable(target, is_object=is_object)
        elif giver.type in _PAIRS:
            yield from self._of_member(target, giver, is_object=is_object)
        elif target.type == "member_expression":
            name, owner = target.child_by_field_name("property"), target.child_by_field_name("object")
            if name is not None and owner is not None:
                yield from self._of_name(name, is_object=is_object)
                yield from self._of_object_of(owner)
        else:  # a computed name, or a pattern
            yield giver

    def _of_variable(self, name: Node, *, is_object: bool = False) -> Iterator[Node]:
        holder = self._holders.variable(name)
        if not self._begin((holder, is_object)):
            return
        if holder.kind == "variable":
            for node in self._holders.occurrences(holder):
                yield from self._of_value(node, is_object=is_object) if node != name else ()
        else:  # another name of it is a member of the window
            yield from self._of_name(name, is_object=is_object)

    def _of_member(self, name: Node, member: Node, *, is_object: bool = False) -> Iterator[Node]:
        """Yield the places for a *member* of an object or a class that is written there."""
        owner = next((each for each in around(member) if each.type in _OBJECTS), None)
        if owner is None or name.type == "computed_property_name" or self._tree.value(name) in _IMPLICIT:
            yield from self._where_written(member)
            return
        yield from self._of_name(name, is_object=is_object)
        if not self._begin(owner.id):
            return
        if owner.type == "class_declaration" and (own := owner.child_by_field_name("name")) is not None:
            yield from self._of_variable(own, is_object=True)
        else:
            yield from self._of_value(owner, is_object=True)

    def _of_object_of(self, owner: Node) -> Iterator[Node]:
        """Yield the places that hand on the object of which a member is given a function."""
        while owner.type == "member_expression":
            owner = owner.child_by_field_name("object") or self._tree.root
        if owner.type == "identifier":
            if not self._holders.is_window(owner):
                yield from self._of_variable(owner, is_object=True)
        else:
            yield owner

    def _of_name(self, name: Node, *, is_object: bool) -> Iterator[Node]:
        """Yield the places that may mean a property of that *name*, whatever object it is of."""
        holder = Holder("property", self._tree.value(name))
        if not self._begin((holder, is_object)):
            return
        if holder.name.startswith("on") and self._load_time.sends_events:
            yield self._tree.root
            return
        for node in self._holders.named(holder.name):
            if node == name:
                continue
            member = node.parent
            is_string = node.type == "string_fragment"
            if not is_string and member is not None and member.type in _MEMBERS and node.type == "property_identifier":
                yield from self._of_value(member, is_object=is_object)
            elif not self._is_key(node):
                yield from self._of_value(node, is_object=is_object) if node.type == "identifier" else (node,)
        if not is_object:
            yield from self._of_computed()

    def _is_key(self, node: Node) -> bool:
        """Tell whether *node* is the name of another member that is written there."""
        member = node.parent
        names = ("key", "name", "property") if member is not None and member.type != "member_expression" else ()
        is_key = member is not None and any(member.child_by_field_name(field) == node for field in names)
        return is_key and node.type == "property_identifier"

    def _of_computed(self) -> Iterator[Node]:
        """Yield the places that may call any member, as its name is computed."""
        members = self._load_time.computed
        if len(members) > MAX_COMPUTED:
            yield self._tree.root
            return
        for member in members:
            yield from self._of_value(member)

    def _where_written(self, member: Node) -> Iterator[Node]:
        yield next((each for each in around(member) if each.type in _OBJECTS), member)

    def _begin(self, what: object) -> bool:
        """Tell whether *what* is to be followed, and note that it is now: once, and not if there are too many."""
        is_new = what not in self._followed
        self._followed.add(what)
        self.are_lost |= len(self._followed) > MAX_HOLDERS
        return is_new and not self.are_lost


def _function_around(node: Node) -> Node | None:
    return next((each for each in around(node) if each.type in ALL_FUNCTIONS), None)


def _call_where_written(returned: Node) -> Node | None:
    """Return the call of the function around the statement *returned*, if it is called where it is written."""
    function = _function_around(returned)
    if function is None or not is_called_where_written(function):
        return None
    return next(each for each in around(function) if each.type == "call_expression")
