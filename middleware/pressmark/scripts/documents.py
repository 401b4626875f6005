"""Tell the page's own document, and its elements, from other documents and from new content, in the code of a script.

A value is the page's own document if it is ``document`` or that member of the window, if it is a variable or property
that was given one, or a parameter of a function of the same script that is called with one. The document of a frame or
of another window, a fragment and an element that was made are none of it.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pressmark.scripts.holders import Holder, Holders
from pressmark.scripts.value_names import TRANSPARENT, arguments_of, function_named, name_given, parameters_of
from pressmark.syntax.js_tree import Node, Tree

_DOCUMENT = re.compile(rb"\bdocument\b")
_MEMBERS = frozenset(("member_expression", "subscript_expression", "optional_chain"))
_PARTS = frozenset(("body", "head", "documentElement", "scrollingElement"))
"""The members of a document that are elements of its page."""
_PROTOTYPES = frozenset(("Document.prototype", "HTMLDocument.prototype"))
_LANGUAGE = frozenset(("$", "jQuery", "Array", "Object", "window", "self", "globalThis", "_"))
"""Names of other scripts that are no document."""
# A search of jQuery in all of the page: in the document, or in one of its outermost elements.
_WHOLE_PAGE = re.compile(r"\A(?:\$|jQuery)\(\s*(?:document|[\"'`](?:html|head|body)[\"'`])")
# How the document of a frame, of another window or of nothing that is shown is had.
_OTHER = re.compile(rb"\b(?:content(?:Window|Document)|createHTMLDocument|parseFromString|open|frames|ActiveXObject)\b")
MAX_VALUE = 200
"""Bytes of a value that are searched for such a word."""
MAX_DEPTH = 20
"""How deeply an expression is looked into."""


class Documents:
    """The documents in one tree."""

    def __init__(self, tree: Tree, holders: Holders) -> None:
        self._tree, self._holders = tree, holders
        self._followed: set[tuple[str, int]] = set()  # functions whose parameter of that number is known already

    def is_own(self, node: Node, depth: int = 0) -> bool:
        """Tell whether *node* may be the page's own document."""
        if depth > MAX_DEPTH:
            return False
        if node.type in TRANSPARENT or node.type in ("binary_expression", "non_null_expression"):
            return any(self.is_own(child, depth + 1) for child in node.named_children)
        if self._is_named(node):
            return True
        if node.type not in ("identifier", *_MEMBERS):
            return False
        return not self._known.isdisjoint(self._holders.of_target(node))

    def is_of_page(self, node: Node) -> bool:
        """Tell whether *node* may be the page's own document, or one of its outermost elements."""
        if self.is_own(node):
            return True
        if node.type == "call_expression":
            start = self._tree.raw[node.start_byte : min(node.start_byte + 40, node.end_byte)]
            return _WHOLE_PAGE.match(start.decode("utf-8", "replace")) is not None
        if node.type in _MEMBERS:
            name, owner = _member(node)
            return name is not None and owner is not None and self._tree.value(name) in _PARTS and self.is_own(owner)
        return node.type == "identifier" and (self._is_of_other_script(node) or self._is_part(node))

    def _is_part(self, variable: Node) -> bool:
        return not self._parts.isdisjoint(self._holders.of_target(variable))

    def _is_of_other_script(self, variable: Node) -> bool:
        """Tell whether the script itself does not declare *variable*: another script may have given it the document."""
        holder = self._holders.variable(variable)
        return holder.kind == "global" and holder.name not in self._own_names

    @cached_property
    def _own_names(self) -> frozenset[str]:
        tree = self._tree
        declared = frozenset(each.name for each in (*tree.functions, *tree.labeled, *tree.lexical))
        return declared | tree.variables | _LANGUAGE

    def is_other(self, variable: Node) -> bool:
        """Tell whether *variable* was last given a document, window or element that is not the page's own."""
        value = self._holders.last_value(variable)
        if value is None:
            return False
        start = self._tree.raw[value.start_byte : min(value.start_byte + MAX_VALUE, value.end_byte)]
        return not self.is_own(value) and _OTHER.search(start) is not None

    @cached_property
    def are_lost(self) -> bool:
        """Whether the document is given to functions that are not known."""
        return any(name_given(self._tree, value) is None for value in self._values)

    @cached_property
    def _values(self) -> tuple[Node, ...]:
        """The places where the script names the document."""
        found = (_name_at(node) for node in self._tree.find(_DOCUMENT, (b"document",)))
        nodes = (node for node in found if node.type in ("identifier", "property_identifier", "string"))
        wholes = (node if node.type == "identifier" else node.parent for node in nodes)
        return tuple(whole for whole in wholes if whole is not None and self._is_named(whole))

    @cached_property
    def _known(self) -> frozenset[Holder]:
        """The variables and properties that are given the document."""
        given = {holder for value in self._values for holder in self._holders.of_targets(value)}
        return frozenset(given | {holder for value in self._values for holder in self._of_parameter(value)})

    @cached_property
    def _parts(self) -> frozenset[Holder]:
        """The variables that are given an outermost element of the page."""
        wholes = (value.parent for value in self._values)
        parts = (whole for whole in wholes if whole is not None and whole.type in _MEMBERS and self.is_of_page(whole))
        return frozenset(holder for part in parts for holder in self._holders.of_targets(part))

    def _is_named(self, node: Node) -> bool:
        """Tell whether *node* is the document by its name."""
        if node.type == "identifier":
            return self._tree.text(node) == "document"
        if node.type not in _MEMBERS:
            return False
        name, owner = _member(node)
        if name is None or owner is None:
            return False
        word = self._tree.value(name)
        if word == "document":
            return owner.type == "this" or self._holders.is_window(owner)
        return word == "ownerDocument" or (word == "prototype" and self._tree.text(node) in _PROTOTYPES)

    def _of_parameter(self, value: Node) -> Iterator[Holder]:
        """Yield the parameter that gets *value* in a call of a function that the script declares."""
        call = value.parent.parent if value.parent is not None and value.parent.type == "arguments" else None
        given = arguments_of(call) if call is not None else []
        called = call.child_by_field_name("function") if call is not None else None
        if call is None or value.parent is None or called is None or called.type != "identifier":
            return
        number = given.index(value)
        if (self._tree.text(called), number) in self._followed:
            return
        self._followed.add((self._tree.text(called), number))
        for node in self._holders.occurrences(self._holders.variable(called)):
            function = function_named(node)
            parameter = parameters_of(function)[number : number + 1] if function is not None else []
            if parameter and parameter[0].type == "identifier":
                yield self._holders.variable(parameter[0])


def _name_at(node: Node) -> Node:
    return node.parent if node.type == "string_fragment" and node.parent is not None else node


def _member(node: Node) -> tuple[Node | None, Node | None]:
    name = node.child_by_field_name("property") or node.child_by_field_name("index")
    return name, node.child_by_field_name("object")
