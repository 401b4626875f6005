"""What a classic script declares, mentions and looks at (ECMAScript, 16.1), read from its syntax tree.

Two parsers must agree before anything is said of a script. QuickJS compiles it, which finds every early error, and
runs none of it; tree-sitter gives the tree. Offsets are in bytes of the script's UTF-8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import quickjs
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

__all__ = ["Declared", "Node", "Query", "ScriptSyntaxError", "Tree", "parse", "query", "refuse_early_errors"]

MAX_STACK_BYTES = 1 << 20
"""The stack that QuickJS may take: nesting deeper than that is refused. A thread of musl has no more than twice as
much."""

_LANGUAGE = Language(tree_sitter_javascript.language())
_NAMES = Query(
    _LANGUAGE,
    """
    [(identifier) (shorthand_property_identifier) (shorthand_property_identifier_pattern)] @name
    (property_identifier) @property
    [(string) (template_string)] @string
    """,
)
_BOUND = Query(
    _LANGUAGE,
    """
    (formal_parameters (identifier) @name)
    (arrow_function parameter: (identifier) @name)
    (variable_declarator name: (identifier) @name)
    (function_declaration name: (identifier) @name)
    (generator_function_declaration name: (identifier) @name)
    (function_expression name: (identifier) @name)
    (class_declaration name: (identifier) @name)
    (class name: (identifier) @name)
    (catch_clause parameter: (identifier) @name)
    (rest_pattern (identifier) @name)
    (assignment_pattern left: (identifier) @name)
    (array_pattern (identifier) @name)
    (pair_pattern value: (identifier) @name)
    (object_pattern (shorthand_property_identifier_pattern) @name)
    """,
)
# ``window.name``, ``this.name``, ``window["name"]`` and ``"name" in window``.
_ASKED = Query(
    _LANGUAGE,
    """
    (member_expression
      object: [(identifier) (this)] @object property: (property_identifier) @name
      (#any-of? @object "window" "self" "globalThis" "top" "parent" "frames" "this"))
    (subscript_expression
      object: [(identifier) (this)] @object index: [(string) (template_string)] @name
      (#any-of? @object "window" "self" "globalThis" "top" "parent" "frames" "this"))
    (binary_expression left: [(string) (template_string)] @name operator: "in")
    """,
)
_FUNCTIONS = frozenset(("function_declaration", "generator_function_declaration"))
# Statements in which a "var" or, by ECMAScript B.3.2, a function may be declared for the whole script.
_NESTING = frozenset(
    """
    statement_block if_statement else_clause for_statement for_in_statement while_statement do_statement try_statement
    catch_clause finally_clause with_statement switch_statement switch_body switch_case switch_default labeled_statement
    """.split()
)
_NAMED = frozenset(("identifier", "shorthand_property_identifier_pattern"))
_DECLARES_LEXICALLY = frozenset(("lexical_declaration", "class_declaration", "using_declaration"))
# The message of the exception with which a script that compiles is stopped before its first statement.
_STOPPED = "0"
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(?s:.))")
# Where a line ends in CR alone the tree does not see it; LF is as long and means the same (ECMAScript 12.3).
_LONE_CR = re.compile(rb"\r(?!\n)")
_AT = re.compile(r"<input>:(\d+):(\d+)")


class ScriptSyntaxError(ValueError):
    """The text is no classic script by itself. *at* is the line and column, from 1, if they are known."""

    def __init__(self, message: str, at: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration at the top level declares: *start* and *end* are the offsets of the whole of it."""

    name: str
    start: int
    end: int
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tree:
    """The syntax tree of a classic script and what it declares for all scripts of its page.

    *variables* are the names of ``var`` and of functions in blocks, *lexical* those of top-level let, const, class.
    """

    raw: bytes
    root: Node
    is_strict: bool
    functions: tuple[Declared, ...]
    variables: frozenset[str]
    lexical: tuple[Declared, ...]

    def mentions(self) -> frozenset[str]:
        """Return every name and every whole string in the script: all that it could know of another script."""
        return frozenset(self.value(node) for nodes in self.captures(_NAMES).values() for node in nodes)

    def reaches(self) -> frozenset[str]:
        """Return the names that the script surely looks up among those of all scripts.

        These are the names that it binds nowhere, those that it declares for all, and what it asks of the window.
        """
        free = self._values(_NAMES, "name") - self._values(_BOUND, "name")
        declared = self.variables | {function.name for function in self.functions}
        return free | self._values(_ASKED, "name") | declared

    def _values(self, query: Query, name: str) -> frozenset[str]:
        return frozenset(self.value(node) for node in self.captures(query).get(name, ()))

    def captures(self, query: Query) -> dict[str, list[Node]]:
        """Return the nodes that *query* finds, by the names that it gives them."""
        return QueryCursor(query).captures(self.root)

    def find(self, pattern: re.Pattern[bytes]) -> Iterator[Node]:
        """Yield the smallest named node around each match of *pattern*: quicker than a query where few match."""
        for found in pattern.finditer(self.raw):
            node = self.root.named_descendant_for_byte_range(found.start(), found.end())
            if node is not None:
                yield node

    def text(self, node: Node) -> str:
        """Return the source text of *node*."""
        return _text(node, self.raw)

    def value(self, node: Node) -> str:
        """Return the name or the string that *node* is, without quotes and escapes."""
        return _value(node, self.raw)

    def position(self, node: Node) -> tuple[int, int]:
        """Return the line and column, from 1, at which *node* begins."""
        return _position(node, self.raw)


def query(source: str) -> Query:
    """Return a compiled query of JavaScript trees. Raises QueryError for one that is none."""
    return Query(_LANGUAGE, source)


def parse(text: str) -> Tree:
    """Return the tree of the script that *text* is by itself. Raises ScriptSyntaxError."""
    refuse_early_errors(text)
    raw = text.encode("utf-8")
    root = Parser(_LANGUAGE).parse(_LONE_CR.sub(b"\n", raw)).root_node
    if root.has_error:
        raise ScriptSyntaxError("the parsers do not agree about it", _first_error(root, raw))
    body = root.named_children
    lexical = tuple(found for node in body if node.type in _DECLARES_LEXICALLY for found in _declared(node, raw))
    functions = tuple(found for node in body if node.type in _FUNCTIONS for found in _declared(node, raw))
    variables = frozenset(_value(name, raw) for node in body for name in _variables(node))
    return Tree(raw, root, _is_strict(body, raw), functions, variables, lexical)


def refuse_early_errors(text: str) -> None:
    """Raise ScriptSyntaxError if *text* does not compile as a classic script (ECMAScript, 16.1.1). Runs nothing."""
    # A directive counts only at the very start, so a strict script is one before the statement that stops it, too.
    prologue = '"use strict";' if opens_strict(text) else ""
    hashbang = "//" if text.startswith("#!") else ""
    context = quickjs.Context()
    context.set_max_stack_size(MAX_STACK_BYTES)
    try:
        # A NUL ends a C string; any other control character is as good where it may stand, and as bad elsewhere.
        context.eval(f"{prologue}throw {_STOPPED};\n{hashbang}{text}".replace("\0", "\x01"))
    except UnicodeEncodeError as error:
        raise ScriptSyntaxError("it holds half of a surrogate pair") from error
    except quickjs.JSException as error:
        message, _, trace = str(error).partition("\n")
        if message != _STOPPED:
            found = _AT.search(trace)
            at = (int(found[1]) - 1, int(found[2])) if found else None
            raise ScriptSyntaxError(message.removeprefix("SyntaxError: "), at) from error


_BLANK = r"(?:[\s\ufeff]|//[^\n\r\u2028\u2029]*|/\*(?s:.*?)\*/|<!--[^\n\r\u2028\u2029]*)*+"
_DIRECTIVE = r"(?:\"(?:[^\"\\\n\r]|\\(?s:.))*+\"|'(?:[^'\\\n\r]|\\(?s:.))*+')"
_PROLOGUE = re.compile(
    rf"(?:#![^\n\r\u2028\u2029]*)?{_BLANK}(?:{_DIRECTIVE}{_BLANK};?{_BLANK})*?(?:\"use strict\"|'use strict')"
)


def opens_strict(text: str) -> bool:
    """Tell whether a "use strict" may stand in the directives that *text* opens with."""
    return _PROLOGUE.match(text) is not None


def _position(node: Node, raw: bytes) -> tuple[int, int]:
    start = node.start_byte
    return node.start_point.row + 1, len(raw[raw.rfind(b"\n", 0, start) + 1 : start].decode("utf-8")) + 1


def _is_strict(body: list[Node], raw: bytes) -> bool:
    """Tell whether a "use strict" directive opens the script (ECMAScript, 11.2.1)."""
    for node in body:
        if node.type in ("comment", "html_comment", "hash_bang_line"):
            continue
        expression = node.named_children[0] if node.type == "expression_statement" else None
        if expression is None or expression.type != "string":
            return False
        if _text(expression, raw)[1:-1] == "use strict":
            return True
    return False


def _declared(node: Node, raw: bytes) -> Iterator[Declared]:
    """Yield what the declaration *node* declares, each with the place of the whole of it."""
    name = node.child_by_field_name("name")
    targets = [name] if name else [n for child in node.named_children for n in _targets(child)]
    for target in targets:
        yield Declared(_value(target, raw), node.start_byte, node.end_byte, _position(target, raw))


def _variables(node: Node) -> Iterator[Node]:
    """Yield the names that the statement *node* declares for the whole script beside its top-level functions."""
    stack = [(node, False)]
    while stack:
        each, is_nested = stack.pop()
        if each.type == "variable_declaration":
            for declarator in each.named_children:
                yield from _targets(declarator)
        elif each.type in _FUNCTIONS and is_nested:
            name = each.child_by_field_name("name")
            yield from [name] if name else []
        elif each.type in _NESTING:
            kind, left = each.child_by_field_name("kind"), each.child_by_field_name("left")
            if kind and left and kind.type == "var":
                yield from _names(left)
            stack += [(child, True) for child in each.named_children]


def _targets(declarator: Node) -> Iterator[Node]:
    name = declarator.child_by_field_name("name")
    return _names(name) if name else iter(())


def _names(pattern: Node) -> Iterator[Node]:
    """Yield the identifiers that a binding pattern binds, but for what its default values mention."""
    if pattern.type in _NAMED:
        yield pattern
    elif pattern.type in ("assignment_pattern", "object_assignment_pattern"):
        left = pattern.child_by_field_name("left")
        yield from _names(left) if left else ()
    elif pattern.type == "pair_pattern":
        value = pattern.child_by_field_name("value")
        yield from _names(value) if value else ()
    elif pattern.type in ("object_pattern", "array_pattern", "rest_pattern"):
        for child in pattern.named_children:
            yield from _names(child)


def _value(node: Node, raw: bytes) -> str:
    text = _text(node, raw)
    text = text[1:-1] if node.type in ("string", "template_string") else text
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        return escape[0][1:]
    return chr(int(digits, 16)) if int(digits, 16) < 0x110000 else escape[0]


def _text(node: Node, raw: bytes) -> str:
    return raw[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _first_error(root: Node, raw: bytes) -> tuple[int, int]:
    node = root
    while not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error), None)
        if inner is None:
            break
        node = inner
    return _position(node, raw)
