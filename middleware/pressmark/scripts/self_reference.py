"""Find the code by which a script looks at its own element, URL or place in the page, so that it must not be moved.

A rule fires on the syntax tree, not on words: the same words in strings and comments mean nothing.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pressmark.model import SCRIPT_TYPES
from pressmark.scripts.value_names import TRANSPARENT, Names, is_name, names_of
from pressmark.syntax.js_bindings import around
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
_DOCUMENT = re.compile(rb"\bdocument\b")
_SCRIPT = re.compile(rb"(?<=[\"'`])script(?![\w-])", re.IGNORECASE)
_MEMBER_NAMES = frozenset(("property_identifier", "shorthand_property_identifier_pattern"))
_GETTERS = frozenset(("getElementsByTagName", "getElementsByTagNameNS", "querySelector", "querySelectorAll", "find"))
MAX_OWNER = 200
"""Bytes of an expression that are searched for the name of the document."""
# A type selector, or a tag's name: not a part of a longer word, and no tag as in "<script>".
_SELECTS_SCRIPT = re.compile(r"(?:^|[\s,>+~(*])(?:script(?![\w-])|\[\s*src)", re.IGNORECASE)
# A selector or path that means script elements to whatever function it is given.
_SELECTOR = re.compile(
    r"(?:\A|[\s,>+~(*])script\s*(?:\[(?!\s*type\s*[*^$|~]?=)|:[a-z])"
    r"|(?:\A|,\s*|>\s*)head\s*>?\s*script\s*(?:\Z|[\[.:,>])|(?<!:)//script(?:\Z|\[)"
    r"|\[\s*src\s*[*^$|~]?=\s*\\?[\"']?[^\"'\]]*\.js\b",
    re.IGNORECASE,
)
# The type of the elements that a selector means: data, or code that runs.
_SELECTED_TYPE = re.compile(r"script\[\s*type\s*[*^$|~]?=\s*\\?[\"']?([^\"'\]\\]*)", re.IGNORECASE)
_OF_FOUND = frozenset("length pop at slice item each forEach filter map find first last eq getAttribute".split())
"""Members of the result of a search for elements, and of no new element."""
_RUN_TYPES = SCRIPT_TYPES | {"", "module"}
_OF_LISTS_TOO = frozenset(("includes", "indexOf", "lastIndexOf", "slice"))
_MATCHES = frozenset(("exec", "test"))
_TAKES_APART = frozenset(
    "match matchAll split replace replaceAll search substring substr startsWith endsWith trim".split()
)
# A script's file name in a string or in a regular expression.
_NAMES_SCRIPT = re.compile(rb"\.js\b")
# A name that is given an error. Possessive, as a run of blanks would be tried in every way.
_MADE_ERROR = re.compile(rb"(?<![\w$.\x80-\xff])([\w$.\x80-\xff]++)\s*+=\s*+(?:new\b\s*+)?[\w$.]*Error\b")


def find_self_references(tree: Tree) -> Iterator[tuple[Node, Reason]]:
    """Yield the reasons for which the script of *tree* must stay at its own URL and place, each with its node."""
    inspected = _SelfReference(tree)
    return ((node, reason) for node in tree.find(_CANDIDATE) if (reason := inspected.reason(node)))


class _SelfReference:
    """Applies the rules to single nodes of one tree. Facts about the whole tree are found once."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._documents: Names | None = None
        self._script_words: Names | None = None
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
            return self._selection(parent) if parent.type == "call_expression" and parent.child(0) == node else None
        if node.type == "template_string" or (node.type == "string_fragment" and parent.parent is not None):
            return self._reason_for_text(node, parent)
        return self._reason_for_member(node) if node.type in _MEMBER_NAMES else None

    def _reason_for_text(self, node: Node, string: Node) -> Reason | None:
        """Return the reason if a text selects scripts, whoever gets it, or names a member."""
        if _selects_scripts(self._tree.text(node).strip("`")) or self._is_tag_of_found(string):
            return self._reason(Rule.SCRIPT_ELEMENTS, "looks for script elements", node)
        is_index = string.parent is not None and string.parent.child_by_field_name("index") == string
        return self._reason_for_member(string) if is_index else None

    def _is_tag_of_found(self, string: Node) -> bool:
        """Tell whether *string* is "script", and given to a function that finds elements, by the use of its result."""
        if string.parent is None or string.parent.type != "arguments" or string.parent.named_child_count > 1:
            return False
        call = string.parent.parent
        use = call.parent if call is not None else None
        if use is None or use.child_by_field_name("object") != call or self._tree.value(string).lower() != "script":
            return False
        member = use.child_by_field_name("property")
        return member is None or self._tree.text(member) in _OF_FOUND

    def _reason(self, rule: Rule, text: str, node: Node) -> Reason:
        return Reason(rule, text, self._tree.position(node))

    def _reason_for_member(self, node: Node) -> Reason | None:
        name, member = self._tree.value(node), node.parent
        if name == "currentScript":
            return self._reason(Rule.CURRENT_SCRIPT, "looks at document.currentScript", node)
        is_pattern = member is not None and member.type in ("object_pattern", "pair_pattern")
        if member is None or not (is_pattern or member.type in ("member_expression", "subscript_expression")):
            return None
        if name in _GETTERS:
            return self._selection(member.parent) if member.parent and _is_called(member) else None
        if name == "src":
            return self._test_of_source(member, node)
        if name == "stack":
            is_read = _comes_from_new(member) if is_pattern else self._is_read(member)
            text = "takes a stack trace apart, which names the script's URL"
            return self._reason(Rule.STACK_TRACE, text, node) if is_read else None
        return self._document_member(name, member, node, is_pattern=is_pattern)

    def _document_member(self, name: str, member: Node, node: Node, *, is_pattern: bool) -> Reason | None:
        owner = _value_of_pattern(member) if is_pattern else member.child_by_field_name("object")
        if owner is None:  # a parameter, whose argument may be anything
            is_document = is_may_be = self._names_of_document().is_lost
        else:
            is_document = self._is_document(owner)
            is_may_be = not is_pattern and _is_called(member) and self._names_of_document().is_lost and is_name(owner)
        if name == "scripts" and is_document:
            return self._reason(Rule.SCRIPT_ELEMENTS, "looks at document.scripts", node)
        if name in ("write", "writeln") and (is_document or is_may_be):
            return self._reason(Rule.DOCUMENT_WRITE, f"may call document.{name}", node)
        return None

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

    def _selection(self, call: Node) -> Reason | None:
        """Return the reason if a call that selects elements looks for scripts, else ``None``."""
        arguments = call.child_by_field_name("arguments")
        for argument in arguments.named_children if arguments else ():
            if argument.type == "identifier":
                selects = self._tree.text(argument) in self._words_for_script().known
            elif argument.type in ("string", "template_string", "binary_expression"):
                selects = _SELECTS_SCRIPT.search(self._tree.text(argument).strip("'\"`")) is not None
            else:
                selects = False
            if selects:
                return self._reason(Rule.SCRIPT_ELEMENTS, "looks for script elements", call)
        return None

    def _is_document(self, owner: Node) -> bool:
        """Tell whether *owner* is the document, by its own name or by a name that it was given."""
        # No text is copied: that of a chain may be all of the script.
        raw, start, end = self._tree.raw, owner.start_byte, owner.end_byte
        if owner.type in TRANSPARENT or owner.type == "binary_expression":
            return _DOCUMENT.search(raw, start, min(start + MAX_OWNER, end)) is not None
        last = raw[max(end - MAX_OWNER, start) : end].rpartition(b".")[2].decode("utf-8", "replace")
        is_prototype = last == "prototype" and raw.find(b"Document", max(end - MAX_OWNER, start), end) >= 0
        return is_prototype or last in ("document", "ownerDocument") or last in self._names_of_document().known

    def _names_of_document(self) -> Names:
        if self._documents is None:
            nodes = (node for node in self._tree.find(_DOCUMENT) if node.type in ("identifier", "property_identifier"))
            values = (node.parent if node.type == "property_identifier" else node for node in nodes)
            self._documents = names_of(self._tree, filter(None, values))
        return self._documents

    def _words_for_script(self) -> Names:
        if self._script_words is None:
            strings = (node.parent if node.type == "string_fragment" else node for node in self._tree.find(_SCRIPT))
            self._script_words = names_of(self._tree, filter(None, strings))
        return self._script_words

    def _is_read(self, stack: Node) -> bool:
        """Tell whether the trace *stack* is taken apart, and not only thrown, kept or shown.

        A stricter rule would be wrong more often than right: charts, dialogs and cards have stacks, too.
        """
        parent, owner = stack.parent, stack.child_by_field_name("object")
        if parent is None:
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

    @cached_property
    def _errors(self) -> frozenset[str]:
        return frozenset(found[1].decode("utf-8", "replace") for found in _MADE_ERROR.finditer(self._tree.raw))

    @cached_property
    def _makes_traces(self) -> bool:
        return b"captureStackTrace" in self._tree.raw


def _selects_scripts(text: str) -> bool:
    """Tell whether a string is a selector of script elements that run."""
    types = _SELECTED_TYPE.findall(text)
    return _SELECTOR.search(text) is not None or any(each.strip().lower() in _RUN_TYPES for each in types)


def _value_of_pattern(pattern: Node) -> Node | None:
    """Return the value that a pattern takes apart, ``None`` if the pattern is a parameter."""
    while pattern.type in ("object_pattern", "pair_pattern") and pattern.parent is not None:
        pattern = pattern.parent
    return pattern.child_by_field_name("value") or pattern.child_by_field_name("right")


def _comes_from_new(pattern: Node) -> bool:
    """Tell whether a pattern takes apart an object that ``new`` has just made."""
    value = _value_of_pattern(pattern)
    return value is not None and value.type == "new_expression"


def _is_called(member: Node) -> bool:
    call = member.parent
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == member
