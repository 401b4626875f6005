"""Find the code by which a script searches the page for script elements, whatever the function is called.

A search in the page's own document is one, and a selector that means script elements by itself, as ``script[src]``. A
search in a fragment, or in an element that is not known, is for scripts in new content. The first script of a page is
often found only to put another element before it, which is no look at it.
"""

import re

from pressmark.model import SCRIPT_TYPES
from pressmark.scripts.documents import Documents
from pressmark.scripts.holders import Holders
from pressmark.scripts.value_names import Names, names_of
from pressmark.scripts.variable_uses import are_uses_harmless
from pressmark.syntax.js_tree import Node, Tree

GETTERS = frozenset(("getElementsByTagName", "getElementsByTagNameNS", "querySelector", "querySelectorAll", "find"))
_FINDS_FIRST = frozenset(("querySelector",))
_SCRIPT = re.compile(rb"(?<=[\"'`])script(?![\w-])", re.IGNORECASE)
# A type selector, or a tag's name: not a part of a longer word, and no tag as in "<script>". An element of the region
# that has the data for which a selector looks keeps its place by that, and code in the page has no address to lose.
_INLINE = r":not\(\s*\[\s*src\s*\]\s*\)"
_SELECTS_SCRIPT = re.compile(
    rf"(?:^|[\s,>+~(*])(?:script(?![\w-]|\s*\[\s*data-|{_INLINE})|(?<!:not\()\[\s*src)", re.IGNORECASE
)
# A selector or path that means script elements to whatever function it is given.
_SELECTOR = re.compile(
    rf"(?:\A|[\s,>+~(*])script(?!{_INLINE})\s*(?:\[(?!\s*(?:type\s*[*^$|~]?=|data-))|:[a-z])"
    r"|(?:\A|,\s*|>\s*)head\s*>?\s*script\s*(?:\Z|[\[.:,>])|(?<!:)//script(?:\Z|\[)"
    r"|\[\s*src\s*[*^$|~]?=\s*\\?[\"']?[^\"'\]]*\.js\b",
    re.IGNORECASE,
)
# The type of the elements that a selector means: data, or code that runs.
_SELECTED_TYPE = re.compile(r"script\[\s*type\s*[*^$|~]?=\s*\\?[\"']?([^\"'\]\\]*)", re.IGNORECASE)
# A selector of some scripts, or of elements of any tag: that one is there may be all that is asked.
_ATTRIBUTE = re.compile(r"(?:^|[\s,>+~*\"'`(])(?:script\s*)?[\[:#.]|[\[:#.][^,]*\bscript\b", re.IGNORECASE)
_OF_FOUND = frozenset("length pop at slice item each forEach filter map find first last eq getAttribute".split())
"""Members of the result of a search for elements, and of no new element."""
_RUN_TYPES = SCRIPT_TYPES | {"", "module"}
_PLACES = frozenset(("parentNode", "parentElement", "before"))
"""Members of an element by which another is put before it."""


class ScriptSearches:
    """The searches for script elements in one tree."""

    def __init__(self, tree: Tree, holders: Holders, documents: Documents) -> None:
        self._tree, self._holders, self._documents = tree, holders, documents
        self._script_words: Names | None = None

    def is_call(self, call: Node) -> bool:
        """Tell whether a call of one of ``GETTERS``, or of jQuery, searches the page for script elements."""
        function = call.child_by_field_name("function")
        owner = function.child_by_field_name("object") if function is not None else None
        if owner is not None and not self._documents.is_of_page(owner):
            return False
        if owner is None and self._has_context(call):
            return False
        return (
            self._names_scripts(call)
            and not self._is_place_to_insert(call, function)
            and not self._asks_for_nonce(call, function)
        )

    def is_text(self, node: Node, string: Node) -> bool:
        """Tell whether the text *node* of *string* selects script elements, whoever gets it."""
        if not selects_scripts(self._tree.text(node).strip("`")):
            return self._is_tag_of_found(string)
        call = string.parent.parent if string.parent is not None and string.parent.type == "arguments" else None
        return call is None or not self._asks_for_nonce(call, call.child_by_field_name("function"))

    def _has_context(self, call: Node) -> bool:
        """Tell whether a call of jQuery is given something else than the page to search in."""
        arguments = call.child_by_field_name("arguments")
        context = arguments.named_children[1:2] if arguments is not None else []
        return bool(context) and not self._documents.is_of_page(context[0])

    def _names_scripts(self, call: Node) -> bool:
        arguments = call.child_by_field_name("arguments")
        return any(self._is_script(argument) for argument in (arguments.named_children if arguments else ()))

    def _is_script(self, argument: Node) -> bool:
        if argument.type == "identifier":
            return self._tree.text(argument) in self._words_for_script().known
        is_text = argument.type in ("string", "template_string", "binary_expression")
        return is_text and _SELECTS_SCRIPT.search(self._tree.text(argument).strip("'\"`")) is not None

    def _is_place_to_insert(self, call: Node, function: Node | None) -> bool:
        """Tell whether of all scripts, which *call* finds, only the place of the first one is used."""
        arguments = call.child_by_field_name("arguments")
        if any(_ATTRIBUTE.search(self._tree.text(each)) for each in (arguments.named_children if arguments else ())):
            return False  # that one is there may be all that is asked
        name = function.child_by_field_name("property") if function is not None else None
        if name is not None and self._tree.text(name) in _FINDS_FIRST:
            return are_uses_harmless(self._holders, call, self._inserts_before)
        if (first := self._first_of(call)) is not None:
            return are_uses_harmless(self._holders, first, self._inserts_before)
        return are_uses_harmless(self._holders, call, self._takes_first)

    def _asks_for_nonce(self, call: Node, function: Node | None) -> bool:
        """Tell whether *call* finds the first script with a nonce, to read that: a bundle has it from its scripts."""
        arguments = call.child_by_field_name("arguments")
        given = arguments.named_children[:1] if arguments is not None else []
        name = function.child_by_field_name("property") if function is not None else None
        if not given or name is None or self._tree.text(name) not in _FINDS_FIRST:
            return False
        return self._tree.value(given[0]) == "script[nonce]" and are_uses_harmless(self._holders, call, self._is_nonce)

    def _is_nonce(self, use: Node) -> bool:
        name = use.child_by_field_name("property") if use.type == "member_expression" else None
        return name is not None and self._tree.text(name) == "nonce"

    def _first_of(self, found: Node) -> Node | None:
        """Return ``found[0]`` if that is what becomes of *found*."""
        outer = found.parent
        if outer is None or outer.type != "subscript_expression" or outer.child_by_field_name("object") != found:
            return None
        index = outer.child_by_field_name("index")
        return outer if index is not None and self._tree.text(index) == "0" else None

    def _takes_first(self, use: Node) -> bool:
        owner = use.child_by_field_name("object") if use.type == "subscript_expression" else None
        first = self._first_of(owner) if owner is not None else None
        return first is not None and are_uses_harmless(self._holders, first, self._inserts_before)

    def _inserts_before(self, use: Node) -> bool:
        if use.type == "member_expression":
            name = use.child_by_field_name("property")
            return name is not None and self._tree.text(name) in _PLACES
        call = use.parent if use.type == "arguments" else None
        function = call.child_by_field_name("function") if call is not None else None
        return function is not None and self._tree.text(function).endswith(".insertBefore")

    def _is_tag_of_found(self, string: Node) -> bool:
        """Tell whether *string* is "script", and given to a function that finds elements, by the use of its result."""
        if string.parent is None or string.parent.type != "arguments" or string.parent.named_child_count > 1:
            return False
        call = string.parent.parent
        function = call.child_by_field_name("function") if call is not None else None
        name = function.child_by_field_name("property") if function is not None else None
        if name is not None and self._tree.text(name) in GETTERS:  # decided by the object that it is a method of
            return False
        use = call.parent if call is not None else None
        if use is None or use.child_by_field_name("object") != call or self._tree.value(string).lower() != "script":
            return False
        member = use.child_by_field_name("property")
        return member is None or self._tree.text(member) in _OF_FOUND

    def _words_for_script(self) -> Names:
        if self._script_words is None:
            found = self._tree.find(_SCRIPT, (b"script",), any_case=True)
            strings = (node.parent if node.type == "string_fragment" else node for node in found)
            self._script_words = names_of(self._tree, filter(None, strings))
        return self._script_words


def selects_scripts(text: str) -> bool:
    """Tell whether a string is a selector of script elements that run."""
    types = _SELECTED_TYPE.findall(text)
    return _SELECTOR.search(text) is not None or any(each.strip().lower() in _RUN_TYPES for each in types)
