"""Find the code by which a script looks at its own element, URL or place in the page, so that it must not be moved.

A rule fires on the syntax tree, not on words: the same words in strings and comments mean nothing.
"""

import re
from collections.abc import Iterator

from pressmark.scripts.documents import Documents
from pressmark.scripts.holders import Holders
from pressmark.scripts.own_attributes import attribute_read
from pressmark.scripts.script_searches import GETTERS, ScriptSearches
from pressmark.scripts.stack_traces import StackTraces
from pressmark.scripts.variable_uses import are_uses_harmless
from pressmark.syntax.js_tree import Node, Tree
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason

# The words at which a rule may fire; the syntax tree decides whether it does.
_CANDIDATE = re.compile(
    rb"\b(?:currentScript|scripts|write(?:ln)?|stack|src|import|sourceURL"
    rb"|getElementsByTagName(?:NS)?|querySelector(?:All)?|find|jQuery)\b|\$(?=\()"
    rb"|(?<![\w<./-])script(?=\s*\[|:[a-z])|\bhead\s*>?\s*script\b|(?<!:)//script(?=[\[\"'`])"
    rb"|(?<=[\"'`])(?i:script)(?=[\"'`])"
)
_STARTS = (
    b"currentscript", b"write", b"stack", b"src", b"import", b"sourceurl", b"getelementsbytagname", b"queryselector",
    b"find", b"jquery", b"$", b"head", b"//script", b"script",
)  # fmt: skip
"""The beginnings of the candidates, in lower case."""
_MEMBER_NAMES = frozenset(("property_identifier", "shorthand_property_identifier_pattern"))
# A script's file name in a string or in a regular expression.
_NAMES_SCRIPT = re.compile(rb"\.js\b")
_FUNCTIONS = frozenset(("function_expression", "arrow_function", "object"))


def find_self_references(tree: Tree) -> Iterator[tuple[Node, Reason]]:
    """Yield the reasons for which the script of *tree* must stay at its own URL and place, each with its node."""
    inspected = _SelfReference(tree)
    nodes = tree.find(_CANDIDATE, _STARTS, any_case=True)
    return ((node, reason) for node in nodes if (reason := inspected.reason(node)))


class _SelfReference:
    """Applies the rules to single nodes of one tree. Facts about the whole tree are found once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._holders = Holders(tree)
        self._documents = Documents(tree, self._holders)
        self._searches = ScriptSearches(tree, self._holders, self._documents)
        self._traces = StackTraces(tree)
        self._named_scripts: dict[int, bool] = {}  # call -> whether it holds a script's file name

    def reason(self, node: Node) -> Reason | None:
        """Return the reason for which *node* keeps the script from being moved, ``None`` if it does not."""
        parent = node.parent
        if parent is None:
            return None
        if node.type == "comment" and re.match(r"//[#@]\s*sourceURL=", self._tree.text(node)):
            return self._reason(Rule.SOURCE_URL, "gives itself a name with sourceURL", node)
        if node.type == "import" and parent.type == "call_expression":
            return self._reason(Rule.DYNAMIC_IMPORT, "uses import(), which resolves against the script's URL", node)
        if node.type == "identifier" and self._tree.text(node) in ("$", "jQuery"):
            return self._search(parent) if parent.type == "call_expression" and parent.child(0) == node else None
        if node.type == "template_string" or (node.type == "string_fragment" and parent.parent is not None):
            return self._reason_for_text(node, parent)
        return self._reason_for_member(node) if node.type in _MEMBER_NAMES else None

    def _reason_for_text(self, node: Node, string: Node) -> Reason | None:
        """Return the reason if a text selects scripts, whoever gets it, or names a member."""
        if self._searches.is_text(node, string):
            return self._reason(Rule.SCRIPT_ELEMENTS, "looks for script elements", node)
        is_index = string.parent is not None and string.parent.child_by_field_name("index") == string
        return self._reason_for_member(string) if is_index else None

    def _reason(self, rule: Rule, text: str, node: Node) -> Reason:
        return Reason(rule, text, self._tree.position(node))

    def _search(self, call: Node) -> Reason | None:
        found = self._searches.is_call(call)
        return self._reason(Rule.SCRIPT_ELEMENTS, "looks for script elements", call) if found else None

    def _reason_for_member(self, node: Node) -> Reason | None:
        name, member = self._tree.value(node), node.parent
        if name == "currentScript":
            return self._current_script(node, member)
        is_pattern = member is not None and member.type in ("object_pattern", "pair_pattern")
        if member is None or not (is_pattern or member.type in ("member_expression", "subscript_expression")):
            return None
        if name in GETTERS:
            return self._search(member.parent) if member.parent and _is_called(member) else None
        if name == "src":
            return self._test_of_source(member, node)
        if name == "stack":
            by_pattern = self._traces.is_read_by_pattern
            is_read = by_pattern(member, _value_of_pattern(member)) if is_pattern else self._traces.is_read(member)
            text = "takes a stack trace apart, which names the script's URL"
            return self._reason(Rule.STACK_TRACE, text, node) if is_read else None
        return self._document_member(name, member, node, is_pattern=is_pattern)

    def _current_script(self, node: Node, member: Node | None) -> Reason | None:
        is_member = member is not None and member.type == "member_expression"
        if is_member and member is not None and are_uses_harmless(self._holders, member, self._reads_same):
            return None
        return self._reason(Rule.CURRENT_SCRIPT, "looks at document.currentScript", node)

    def _reads_same(self, use: Node) -> bool:
        return attribute_read(self._holders, use) is not None

    def _document_member(self, name: str, member: Node, node: Node, *, is_pattern: bool) -> Reason | None:
        owner = _value_of_pattern(member) if is_pattern else member.child_by_field_name("object")
        # A parameter's argument may be anything.
        is_document = self._documents.are_lost if owner is None else self._documents.is_own(owner)
        if name == "scripts" and is_document:
            return self._reason(Rule.SCRIPT_ELEMENTS, "looks at document.scripts", node)
        if name not in ("write", "writeln"):
            return None
        is_write = self._writes_markup(member, owner) if not is_document and owner is not None else is_document
        if not is_write or (name == "write" and _is_called(member) and not _arguments_of(member)):
            return None
        return self._reason(Rule.DOCUMENT_WRITE, f"may call document.{name}", node)

    def _writes_markup(self, member: Node, owner: Node) -> bool:
        """Tell whether markup is written to an object of which nothing is known: it may be the page's document."""
        arguments = _arguments_of(member) if _is_called(member) else []
        if owner.type != "identifier" or len(arguments) != 1 or arguments[0].type in _FUNCTIONS:
            return False
        is_markup = self._tree.raw.find(b"<", arguments[0].start_byte, arguments[0].end_byte) >= 0
        return is_markup and not self._documents.is_other(owner)

    def _test_of_source(self, member: Node, node: Node) -> Reason | None:
        """Return the reason if the URL of an element is searched for a script's file name, else ``None``."""
        outer = member.parent
        call = outer.parent if outer is not None and outer.type in ("arguments", "member_expression") else None
        if call is None or call.type != "call_expression" or not self._names_script(call):
            return None
        return self._reason(Rule.SCRIPT_ELEMENTS, "looks for a script by its file name", node)

    def _names_script(self, call: Node) -> bool:
        if call.id not in self._named_scripts:  # one call may have many sources as arguments
            found = _NAMES_SCRIPT.search(self._tree.raw, call.start_byte, call.end_byte)
            self._named_scripts[call.id] = found is not None
        return self._named_scripts[call.id]


def _value_of_pattern(pattern: Node) -> Node | None:
    """Return the value that a pattern takes apart, ``None`` if the pattern is a parameter."""
    while pattern.type in ("object_pattern", "pair_pattern") and pattern.parent is not None:
        pattern = pattern.parent
    return pattern.child_by_field_name("value") or pattern.child_by_field_name("right")


def _is_called(member: Node) -> bool:
    call = member.parent
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == member


def _arguments_of(member: Node) -> list[Node]:
    """Return the arguments of the call of *member*."""
    arguments = member.parent.child_by_field_name("arguments") if member.parent is not None else None
    return arguments.named_children if arguments is not None else []
