"""Find where a script looks at its own element, URL or place in the page, so that it must stay what and where it is.

A rule fires on what the code does, which is a matter of the syntax tree: words in strings and comments mean nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pressmark.build.place import Reason
from pressmark.syntax.script import Node, Tree

# Where anything of interest may stand; the tree tells what it is there.
_CANDIDATE = re.compile(
    rb"\b(?:currentScript|scripts|write(?:ln)?|stack|src|import|sourceURL"
    rb"|getElementsByTagName(?:NS)?|querySelector(?:All)?|jQuery)\b|\$(?=\()"
)
_DOCUMENT = re.compile(rb"\bdocument\b")
_SCRIPT = re.compile(rb"([\"'`])script\1", re.IGNORECASE)
_MEMBER_NAMES = frozenset(("property_identifier", "shorthand_property_identifier_pattern"))
_GETTERS = frozenset(("getElementsByTagName", "getElementsByTagNameNS", "querySelector", "querySelectorAll"))
# A type selector, or a tag's name: not a part of a longer word, and no tag as in "<script>".
_SELECTS_SCRIPT = re.compile(r"(?:^|[\s,>+~(*])script(?![\w-])", re.IGNORECASE)
# A script's file name in a string or in a regular expression.
_NAMES_SCRIPT = re.compile(r"\.js\b")
_TAKES_APART = frozenset(("exec", "test", "match", "matchAll", "split", "replace", "search"))
_FUNCTIONS = frozenset(("function_expression", "arrow_function"))
_TRANSPARENT = frozenset(("parenthesized_expression", "ternary_expression", "sequence_expression"))
_LOGICAL = frozenset(("||", "&&", "??"))


def find_self_inspection(tree: Tree) -> Reason | None:
    """Return the first reason for which the script of *tree* must stay at its own URL and place."""
    seen = _Seen(tree)
    return next(filter(None, map(seen.reason, tree.find(_CANDIDATE))), None)


@dataclass(slots=True)
class _Names:
    """The names that stand for a value, and whether it also goes where no name tells."""

    known: frozenset[str]
    is_lost: bool


class _Seen:
    """Judges single nodes of one tree; what takes a look at the whole tree is looked at once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._documents: _Names | None = None
        self._script_words: _Names | None = None

    def reason(self, node: Node) -> Reason | None:
        """Return why the script must not be moved, for what *node* is."""
        parent, at = node.parent, self._tree.position(node)
        if parent is None:
            return None
        if node.type == "comment" and re.match(r"//[#@]\s*sourceURL=", self._tree.text(node)):
            return Reason("source-url", "gives itself a name with sourceURL", at)
        if node.type == "import" and parent.type == "call_expression":
            return Reason("dynamic-import", "uses import(), which resolves against the script's URL", at)
        if node.type == "identifier" and self._tree.text(node) in ("$", "jQuery"):
            return self.selection(parent) if parent.type == "call_expression" and parent.child(0) == node else None
        if node.type == "string_fragment" and parent.parent is not None:
            is_index = parent.parent.child_by_field_name("index") == parent
            return self._reason_for_member(parent) if is_index else None
        return self._reason_for_member(node) if node.type in _MEMBER_NAMES else None

    def _reason_for_member(self, node: Node) -> Reason | None:
        name, at, member = self._tree.value(node), self._tree.position(node), node.parent
        if name == "currentScript":
            return Reason("current-script", "looks at document.currentScript", at)
        if member is None or member.type == "pair":
            return None
        is_pattern = member.type in ("object_pattern", "pair_pattern")
        if not is_pattern and member.type not in ("member_expression", "subscript_expression"):
            return None
        if name in _GETTERS:
            return self.selection(member.parent) if member.parent and _is_called(member) else None
        if name == "src":
            return self._test_of_source(member, at)
        if name == "stack":
            is_read = _comes_from_new(member) if is_pattern else _is_taken_apart(self._tree, member)
            text = "takes a stack trace apart, which names the script's URL"
            return Reason("stack-trace", text, at) if is_read else None
        return self._document_member(name, member, at, is_pattern=is_pattern)

    def _document_member(self, name: str, member: Node, at: tuple[int, int], *, is_pattern: bool) -> Reason | None:
        is_document = b"document" in self._tree.raw if is_pattern else self._is_document(member)
        if name == "scripts" and is_document:
            return Reason("script-elements", "looks at document.scripts", at)
        if name in ("write", "writeln") and (is_document or (not is_pattern and self._may_be_document(member))):
            return Reason("document-write", f"may call document.{name}", at)
        return None

    def _test_of_source(self, member: Node, at: tuple[int, int]) -> Reason | None:
        """Return a reason where the URL of an element is searched for a script's name."""
        outer = member.parent
        call = outer.parent if outer is not None and outer.type in ("arguments", "member_expression") else None
        if call is None or call.type != "call_expression" or not _NAMES_SCRIPT.search(self._tree.text(call)):
            return None
        return Reason("script-elements", "looks for a script by its file name", at)

    def selection(self, call: Node) -> Reason | None:
        """Return why a call that selects elements must not be moved: it looks for scripts."""
        for argument in _arguments(call):
            text = self._tree.text(argument)
            is_text = argument.type in ("string", "template_string")
            is_name = argument.type == "identifier"
            if (is_text and _SELECTS_SCRIPT.search(text[1:-1])) or (is_name and text in self._words_for_script().known):
                return Reason("script-elements", "looks for script elements", self._tree.position(call))
        return None

    def _is_document(self, member: Node) -> bool:
        """Tell whether the object of *member* is the document by its name."""
        owner = self._owner(member)
        if owner == "prototype":  # Document.prototype.write.call(document, ...)
            return "Document.prototype" in self._tree.text(member)
        return owner == "document" or (bool(owner) and owner in self._names_of_document().known)

    def _may_be_document(self, member: Node) -> bool:
        """Tell whether the object may be the document by another name, as a function's argument has."""
        return _is_called(member) and bool(self._owner(member)) and self._names_of_document().is_lost

    def _owner(self, member: Node) -> str:
        owner = member.child_by_field_name("object")
        if owner is not None and owner.type == "member_expression":
            owner = owner.child_by_field_name("property")
        is_name = owner is not None and owner.type in ("identifier", "property_identifier")
        return self._tree.text(owner) if owner is not None and is_name else ""

    def _names_of_document(self) -> _Names:
        if self._documents is None:
            nodes = (node for node in self._tree.find(_DOCUMENT) if node.type in ("identifier", "property_identifier"))
            values = (node.parent if node.type == "property_identifier" else node for node in nodes)
            self._documents = _names_of(self._tree, filter(None, values))
        return self._documents

    def _words_for_script(self) -> _Names:
        if self._script_words is None:
            self._script_words = _names_of(self._tree, self._tree.find(_SCRIPT))
        return self._script_words


def _names_of(tree: Tree, values: Iterable[Node]) -> _Names:
    """Follow *values* to the names that they are given: by assignment, by declaration, or as an argument."""
    names: set[str] = set()
    is_lost = False
    for value in values:
        target = _target(tree, value)
        names |= {target} if target else set()
        is_lost |= target is None
    return _Names(frozenset(names), is_lost)


def _target(tree: Tree, value: Node) -> str | None:
    """Return the name that *value* gets where it stands, "" if it gets none, ``None`` if that cannot be told."""
    parent = value.parent
    if parent is None or parent.type in ("expression_statement", "unary_expression", "if_statement"):
        return ""
    if parent.type in _TRANSPARENT or (parent.type == "binary_expression" and _operator(parent) in _LOGICAL):
        return _target(tree, parent)
    if parent.type in ("member_expression", "subscript_expression", "binary_expression"):
        return ""
    if parent.type in ("variable_declarator", "assignment_expression", "pair", "assignment_pattern"):
        fields = (parent.child_by_field_name(name) for name in ("name", "left", "key"))
        left = next(filter(None, fields), None)
        if left is not None and left.type == "member_expression":
            left = left.child_by_field_name("property")
        is_name = left is not None and left.type in ("identifier", "property_identifier")
        return tree.text(left) if left is not None and is_name else None
    if parent.type == "arguments" and parent.parent is not None:
        return _parameter(tree, parent.parent, parent.named_children.index(value))
    return None


def _parameter(tree: Tree, call: Node, place: int) -> str | None:
    """Return the name of a parameter of a function that is called where it is written."""
    function = call.child_by_field_name("function")
    if function is None:
        return None
    if function.type == "identifier" and tree.text(function) in ("$", "jQuery"):
        return ""
    if function.type == "member_expression" and tree.text(function).endswith(".call"):
        function, place = function.child_by_field_name("object"), place - 1
    while function is not None and function.type == "parenthesized_expression":
        function = function.named_children[0]
    if function is None or function.type not in _FUNCTIONS:
        return None
    parameters = function.child_by_field_name("parameters")
    named = parameters.named_children if parameters else [function.child_by_field_name("parameter")]
    if not 0 <= place < len(named):
        return ""
    parameter = named[place]
    return tree.text(parameter) if parameter is not None and parameter.type == "identifier" else None


def _comes_from_new(pattern: Node) -> bool:
    """Tell whether a pattern takes apart what ``new`` has just made."""
    while pattern.type in ("object_pattern", "pair_pattern") and pattern.parent is not None:
        pattern = pattern.parent
    value = pattern.child_by_field_name("value") or pattern.child_by_field_name("right")
    return value is not None and value.type == "new_expression"


def _is_taken_apart(tree: Tree, stack: Node) -> bool:
    """Tell whether the trace *stack* is read, and not only handed on: jQuery passes one to the console."""
    parent = stack.parent
    owner = stack.child_by_field_name("object")
    if owner is not None and owner.type in ("new_expression", "parenthesized_expression"):
        return True
    if parent is None:
        return False
    if parent.type in ("member_expression", "subscript_expression"):
        return parent.child_by_field_name("object") == stack
    call = parent.parent if parent.type == "arguments" else None
    function = call.child_by_field_name("function") if call else None
    method = function.child_by_field_name("property") if function else None
    return method is not None and tree.text(method) in _TAKES_APART


def _is_called(member: Node) -> bool:
    call = member.parent
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == member


def _arguments(call: Node) -> Iterator[Node]:
    arguments = call.child_by_field_name("arguments")
    yield from arguments.named_children if arguments else ()


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator else ""
