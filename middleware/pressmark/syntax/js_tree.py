"""Read the syntax tree of a script or module: the names that it declares, mentions and looks up (ECMAScript, 16).

Two parsers must agree on it before it is analysed. QuickJS compiles it, which finds every early error, and runs
none of it; tree-sitter gives the tree. Offsets are in bytes of the script's UTF-8.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from time import thread_time

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from pressmark.syntax.js_bindings import (
    FUNCTIONS,
    Declared,
    around,
    declarations,
    labeled_functions,
    nested_names,
    position_of,
    text_of,
    value_of,
)
from pressmark.syntax.js_refusals import (
    MAX_NAMES,
    MAX_S,
    CostlyScriptError,
    ParsersDisagreeError,
    ScriptSyntaxError,
    refuse_costly,
    refuse_early_errors,
    refuse_early_module_errors,
)

__all__ = ["Declared", "Node", "Query", "Tree", "parse", "parse_module", "query"]

_LANGUAGE = Language(tree_sitter_javascript.language())
_NAMES = Query(
    _LANGUAGE,
    """
    [(identifier) (shorthand_property_identifier) (shorthand_property_identifier_pattern)] @name
    (property_identifier) @property
    [(string) (template_string)] @string
    """,
)
_DECLARES_LEXICALLY = frozenset(("lexical_declaration", "class_declaration", "using_declaration"))
# tree-sitter reads a variable of this name as a declaration; no script may declare with "using" at its top level.
_USING = re.compile(rb"\busing(?=\s*=|(?:[ \t]|/\*[^*\r\n]*\*/)*(?:[\r\n]|//|/\*[^*\r\n]*[\r\n]))")
# Each "let" but those that a name or a pattern follows on the same line.
_ODD_LET = re.compile(rb"\blet\b(?![ \t]*[\w${\[])")
_HASH = re.compile(rb"#(?=[\w$\\\x80-\xff])")
# tree-sitter does not take CR alone for a line end; LF is as long and means the same (ECMAScript 12.3).
_LONE_CR = re.compile(rb"\r(?!\n)")
# In a tagged template an escape may be invalid (ECMAScript 13.2.8.3), which tree-sitter does not know; elsewhere
# QuickJS refuses it. A valid escape of the same length replaces it.
_BAD_ESCAPE = re.compile(rb"\\(u(?![0-9a-fA-F]{4}|\{[0-9a-fA-F]+\})|x(?![0-9a-fA-F]{2}))")
_ESCAPE = re.compile(_BAD_ESCAPE.pattern + rb"|\\.", re.DOTALL)
_WORD = re.compile(rb"[\w$]+")
_ESCAPED = re.compile(rb"\\u")
_PARTS = frozenset(("string_fragment", "escape_sequence"))  # of a string
_PIECE_BYTES = 4096
NODES_WITHOUT_LOOK = 8
"""How many nodes may be found between two looks at the time."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The syntax tree of a script or module, and a script's declarations for all scripts of its page.

    *labeled* are top-level functions after a label, *variables* the names of ``var`` and of functions in blocks,
    *lexical* those of top-level let, const, class.
    """

    raw: bytes
    root: Node
    is_strict: bool
    functions: tuple[Declared, ...]
    labeled: tuple[Declared, ...]
    variables: frozenset[str]
    lexical: tuple[Declared, ...]
    deadline: float  # by the clock of the thread's own work

    def mentions(self) -> frozenset[str]:
        """Return every name and every whole string in the script: by no other name could it find another script's."""
        return frozenset(self.value(node) for nodes in self.captures(_NAMES).values() for node in nodes)

    def named(self, names: frozenset[str]) -> Iterator[tuple[Node, str]]:
        """Yield the nodes that are one of *names*, or a string of it, each with the name."""
        plain = {name.encode("utf-8", "surrogatepass") for name in names}
        there = plain & frozenset(_WORD.findall(self.raw)) | {name for name in plain if not _WORD.fullmatch(name)}
        nodes = {node.id: node for name in there for node in self.find(whole_word(name))}
        nodes |= {node.id: node for node in self.find(_ESCAPED, (b"\\u",))}  # a name may be written with escapes
        wholes = (node.parent if node.type in _PARTS and node.parent else node for node in nodes.values())
        ordered = sorted({node.id: node for node in wholes}.values(), key=lambda node: node.start_byte)
        return ((node, value) for node in ordered if (value := self.value(node)) in names)

    def captures(self, query: Query) -> dict[str, list[Node]]:
        """Return the nodes that *query* finds, by the names of its captures: a look at each node of the tree."""
        return QueryCursor(query).captures(self.root)

    def find(
        self, pattern: re.Pattern[bytes], starts: Collection[bytes] = (), *, any_case: bool = False
    ) -> Iterator[Node]:
        """Yield the smallest named node around each match of *pattern*: quicker than a query if few match.

        It is quicker still if *starts* are given, with one of which each match begins, in *any_case* if they
        are given in lower case. Raises CostlyScriptError: the way to a node is as long as the tree is deep.
        """
        self.check_time()  # a search without a match takes its time, too
        quick = self._matches(pattern, starts, any_case=any_case) if starts else None
        spans = map(re.Match.span, pattern.finditer(self.raw)) if quick is None else quick
        for number, (start, end) in enumerate(spans):
            if not number % NODES_WITHOUT_LOOK:
                self.check_time()
            node = self.root.named_descendant_for_byte_range(start, end)
            if node is not None:
                yield node

    def _matches(
        self, pattern: re.Pattern[bytes], starts: Collection[bytes], *, any_case: bool
    ) -> list[tuple[int, int]]:
        raw, found = self.raw, []
        text = raw.lower() if any_case else raw
        for start in starts:
            at = text.find(start)
            while at >= 0:
                match = pattern.match(raw, at)
                if match is not None:
                    found.append(match.span())
                at = text.find(start, at + 1)
        return sorted(found)

    def check_time(self) -> None:
        """Raise CostlyScriptError if the script has been read for longer than it may."""
        if thread_time() > self.deadline:
            raise CostlyScriptError(f"it takes more than {MAX_S:g} s to read")

    def text(self, node: Node) -> str:
        """Return the source text of *node*."""
        return text_of(node, self.raw)

    def value(self, node: Node) -> str:
        """Return the value of *node*, a name or a string, without quotes and escapes."""
        return value_of(node, self.raw)

    def position(self, node: Node) -> tuple[int, int]:
        """Return the line and column, from 1, at which *node* begins."""
        return position_of(node, self.raw)


def whole_word(name: bytes) -> re.Pattern[bytes]:
    """Return the pattern of *name* where it is no part of a longer one. It begins with the name, which is quick."""
    text = re.escape(name)
    return re.compile(text + rb"(?![\w$])(?<![\w$]" + text + rb")")


def query(source: str) -> Query:
    """Return a compiled query of JavaScript trees. Raises QueryError for a malformed one."""
    return Query(_LANGUAGE, source)


def parse(text: str) -> Tree:
    """Return the tree of *text* as a script by itself. Raises ScriptSyntaxError and CostlyScriptError."""
    raw = text.encode("utf-8", "surrogatepass")
    refuse_costly(raw)
    root = _root(_readable(raw))
    body = root.named_children
    is_strict = _is_strict(body, raw)
    tree = Tree(
        raw,
        root,
        is_strict,
        tuple(found for node in body if node.type in FUNCTIONS for found in declarations(node, raw)),
        tuple(found for node in body for found in labeled_functions(node, raw)),
        frozenset(value_of(name, raw) for node in body for name in nested_names(node, is_strict=is_strict)),
        tuple(found for node in body if node.type in _DECLARES_LEXICALLY for found in declarations(node, raw)),
        thread_time() + MAX_S,
    )
    if len(tree.functions) + len(tree.variables) + len(tree.lexical) > MAX_NAMES:
        raise CostlyScriptError(f"it declares more than {MAX_NAMES} names")
    refuse_early_errors(text, is_strict=is_strict)
    if root.has_error:
        raise ParsersDisagreeError("the parsers do not agree about it", _first_error(root, raw))
    _refuse_odd_let(tree)
    _refuse_private_names(tree)
    return tree


def parse_module(text: str) -> Tree:
    """Return the tree of *text* as a module. Raises ScriptSyntaxError and CostlyScriptError.

    Its declarations are not listed: no other module sees them but by its exports.
    """
    raw = text.encode("utf-8", "surrogatepass")
    refuse_costly(raw)
    root = _root(_readable(raw))
    tree = Tree(raw, root, True, (), (), frozenset(), (), thread_time() + MAX_S)
    refuse_early_module_errors(text)
    if root.has_error:
        raise ParsersDisagreeError("the parsers do not agree about it", _first_error(root, raw))
    _refuse_odd_let(tree)
    _refuse_private_names(tree)
    return tree


def _readable(raw: bytes) -> bytes:
    """Return a script as long as *raw* with the same tree, without the texts that tree-sitter misreads."""
    raw = _LONE_CR.sub(b"\n", raw) if b"\r" in raw else raw
    raw = _USING.sub(b"Using", raw) if b"using" in raw else raw
    if not _BAD_ESCAPE.search(raw):  # a substitution takes fifty times the memory of a text made of escapes
        return raw
    return _ESCAPE.sub(lambda found: b"\\a" if found[1] else found[0], raw)


def _root(raw: bytes) -> Node:
    # Between two pieces other threads can run; otherwise all of them would wait for the end of the script.
    return Parser(_LANGUAGE).parse(lambda offset, _: raw[offset : offset + _PIECE_BYTES]).root_node


def _refuse_odd_let(tree: Tree) -> None:
    """Raise ScriptSyntaxError for a script that uses "let" as a name, as hardly one does.

    Before a line end tree-sitter takes "let" for one, and misses a declaration (ECMAScript, 12.10.1 and 14.3.1).
    """
    for node in tree.find(_ODD_LET, (b"let",)):
        if node.type == "identifier" and tree.text(node) == "let":
            raise ScriptSyntaxError("it uses let as a name, or ends a line after it", tree.position(node))


def _refuse_private_names(tree: Tree) -> None:
    """Raise ScriptSyntaxError for a private name that no class around it declares (ECMAScript, 15.7.1).

    QuickJS accepts it in a computed key, and "#name in object" outside of a class.
    """
    declared: dict[int, frozenset[str]] = {}
    for node in tree.find(_HASH, (b"#",)):
        if node.type != "private_property_identifier":
            continue
        name = tree.text(node)
        for body in around(node):
            if body.type == "class_body" and body.id not in declared:
                declared[body.id] = frozenset(map(tree.text, _private_members(body)))
            if name in declared.get(body.id, ()):
                break
        else:
            raise ScriptSyntaxError(f"no class declares {name}", tree.position(node))


def _private_members(body: Node) -> Iterator[Node]:
    """Yield the private names that the members of a class declare."""
    for member in body.named_children:
        name = member.child_by_field_name("property") or member.child_by_field_name("name")
        if name is not None and name.type == "private_property_identifier":
            yield name


def _is_strict(body: list[Node], raw: bytes) -> bool:
    """Tell whether a "use strict" directive opens the script (ECMAScript, 11.2.1)."""
    for node in body:
        if node.type in ("comment", "html_comment", "hash_bang_line"):
            continue
        inner = node.named_children[:1] if node.type == "expression_statement" else []
        if not inner or inner[0].type != "string":
            return False
        if text_of(inner[0], raw)[1:-1] == "use strict":
            return True
    return False


def _first_error(root: Node, raw: bytes) -> tuple[int, int]:
    node = root
    while not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error), None)
        if inner is None:
            break
        node = inner
    return position_of(node, raw)
