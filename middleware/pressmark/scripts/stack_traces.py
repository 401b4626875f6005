"""Find the code by which a script takes a stack trace apart to learn the URL of a file.

A trace that is only shown, thrown on or compared does no harm. One that is searched does if the search knows what a URL
or a place in a file looks like: a pattern or string that holds a file name, ``http``, ``@`` or ``:`` before digits.
"""

import re
from functools import cached_property

from pressmark.syntax.js_bindings import SCOPES, around
from pressmark.syntax.js_tree import Node, Tree

_OF_LISTS_TOO = frozenset(("includes", "indexOf", "lastIndexOf", "slice"))
_MATCHES = frozenset(("exec", "test"))
_TAKES_APART = frozenset(
    "match matchAll split replace replaceAll search substring substr startsWith endsWith trim".split()
)
# A name that is given an error. Possessive, as a run of blanks would be tried in every way.
_MADE_ERROR = re.compile(rb"(?<![\w$.\x80-\xff])([\w$.\x80-\xff]++)\s*+=\s*+(?:new\b\s*+)?[\w$.]*Error\b")
# What a search knows of a place: a file's name, a scheme, the "@" and the ":12" of a frame.
_PLACE = re.compile(rb"\.m?js\b|https?|://|@|:\\?\(?(?:\\d|\[0-9)")
# A pattern of a whole frame, which a script may keep far from the trace that it is for.
_FRAME = re.compile(r"(?=.*:\\?\(?(?:\\d|\[0-9))(?=.*(?:\bat\b|@|https?|\.js))", re.DOTALL)
_WAY_OUT = frozenset(("member_expression", "call_expression", "subscript_expression"))
_PATTERNS = frozenset(("regex_pattern", "string_fragment", "template_string"))
MAX_LOOKS = 1000
"""How many words of a function are looked at; one that has more is taken for one that knows a place."""


class StackTraces:
    """The uses of stack traces in one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._knows_place: dict[int, bool] = {}  # function -> whether one of its literals does

    def is_read(self, stack: Node) -> bool:
        """Tell whether ``x.stack``, at *stack*, is searched for the URL of a file."""
        if not self._is_taken_apart(stack):
            return False
        return self._has_frames or self._is_near_place(stack) or (self._has_places and _leaves(stack))

    def is_read_by_pattern(self, pattern: Node, value: Node | None) -> bool:
        """Tell whether a trace that *pattern* takes from *value* is searched for the URL of a file."""
        is_new = value is not None and value.type == "new_expression"
        return is_new and (self._has_frames or self._is_near_place(pattern))

    def _is_taken_apart(self, stack: Node) -> bool:
        """Tell whether a trace is taken apart, and not only thrown, kept or shown.

        A stricter rule would be wrong more often than right: charts, dialogs and cards have stacks, too.
        """
        parent, owner = stack.parent, stack.child_by_field_name("object")
        if parent is None or parent.type == "binary_expression":  # a part of a longer text, to be shown
            return False
        if parent.type in ("member_expression", "subscript_expression"):
            return parent.child_by_field_name("object") == stack and self._names_trace(parent, owner)
        function = (
            parent.parent.child_by_field_name("function") if parent.type == "arguments" and parent.parent else None
        )
        method = function.child_by_field_name("property") if function else None
        if method is not None and self._tree.text(method) in _MATCHES:
            return True
        is_new = owner is not None and owner.type in ("new_expression", "parenthesized_expression")
        return is_new and not (function is not None and "console" in self._tree.text(function))

    def _names_trace(self, member: Node, owner: Node | None) -> bool:
        """Tell whether a member of ``owner.stack`` is one by which a string is taken apart.

        Lists have some of these, too: they count only if *owner* is an error, or the script makes stack traces.
        """
        name = member.child_by_field_name("property")
        if name is None or self._tree.text(name) not in _OF_LISTS_TOO:
            return name is not None and self._tree.text(name) in _TAKES_APART
        return self._makes_traces or (owner is not None and self._is_error(owner))

    def _is_error(self, owner: Node) -> bool:
        """Tell whether the variable *owner* holds a caught exception, or was made as an error."""
        name = self._tree.text(owner)
        caught = (each.child_by_field_name("parameter") for each in around(owner) if each.type == "catch_clause")
        return name in self._errors or any(each is not None and self._tree.text(each) == name for each in caught)

    def _is_near_place(self, node: Node) -> bool:
        """Tell whether a literal of the function around *node* knows what the place of a frame looks like."""
        function = next((each for each in around(node) if each.type in SCOPES), self._tree.root)
        if function.id not in self._knows_place:
            self._knows_place[function.id] = self._has_place(function)
        return self._knows_place[function.id]

    def _has_place(self, function: Node) -> bool:
        found = _PLACE.finditer(self._tree.raw, function.start_byte, function.end_byte)
        for number, place in enumerate(found):
            node = function.named_descendant_for_byte_range(place.start(), place.end())
            is_pattern = node is not None and node.type in _PATTERNS and not self._tells_no_place(node)
            if is_pattern or number > MAX_LOOKS:
                return True
        return False

    def _tells_no_place(self, literal: Node) -> bool:
        """Tell whether *literal* is what ``replace()`` puts into a text, or ends what ``split("@")[0]`` takes."""
        string = literal.parent if literal.type == "string_fragment" else literal
        arguments = string.parent if string is not None else None
        call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
        if arguments is None or call is None:
            return False
        function, part = call.child_by_field_name("function"), call.parent
        name = self._tree.text(function).rpartition(".")[2] if function is not None else ""
        if arguments.named_children[1:2] == [string]:
            return name in ("replace", "replaceAll")
        index = part.child_by_field_name("index") if part is not None else None
        is_first = index is not None and self._tree.text(index) == "0"
        return is_first and name == "split"

    @cached_property
    def _errors(self) -> frozenset[str]:
        return frozenset(found[1].decode("utf-8", "replace") for found in _MADE_ERROR.finditer(self._tree.raw))

    @cached_property
    def _makes_traces(self) -> bool:
        return b"captureStackTrace" in self._tree.raw

    @cached_property
    def _has_places(self) -> bool:
        """Whether a pattern anywhere in the script knows what a place looks like."""
        return any(node.type == "regex_pattern" for node in self._tree.find(_PLACE))

    @cached_property
    def _has_frames(self) -> bool:
        """Whether the script has a pattern of a whole frame, wherever that is."""
        literals = {node.id: node for node in self._tree.find(re.compile(rb"\\d|0-9")) if node.type in _PATTERNS}
        return any(_FRAME.search(self._tree.text(node)) for node in literals.values())


def _leaves(stack: Node) -> bool:
    """Tell whether what is made of a trace, or of ``String()`` of one, is returned, or handed on."""
    outer = stack.parent
    while outer is not None and (outer.type in _WAY_OUT or _is_of_string(outer)):
        outer = outer.parent
    return outer is not None and outer.type in ("return_statement", "arrow_function", "arguments")


def _is_of_string(arguments: Node) -> bool:
    function = arguments.parent.child_by_field_name("function") if arguments.parent is not None else None
    return arguments.type == "arguments" and function is not None and function.text == b"String"
