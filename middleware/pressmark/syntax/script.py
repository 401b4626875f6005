"""What a classic script declares, mentions and looks at (ECMAScript, 16.1), read from its syntax tree.

Two parsers must agree before anything is said of a script. QuickJS compiles it, which finds every early error, and
runs none of it; tree-sitter gives the tree. Offsets are in bytes of the script's UTF-8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

import quickjs
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

__all__ = ["PARSERS", "Declared", "Node", "Query", "ScriptSyntaxError", "Tree", "parse", "query", "refuse_early_errors"]

PARSERS = f"quickjs-ng {version('quickjs-ng')}, tree-sitter-javascript {version('tree-sitter-javascript')}"
"""What every verdict follows from beside the text."""
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
_IDENTIFIERS = frozenset(("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"))
_SCOPES = frozenset(
    """
    function_expression function_declaration generator_function generator_function_declaration arrow_function
    method_definition class_static_block
    """.split()
)
_PATTERNS = frozenset(
    """
    object_pattern array_pattern rest_pattern pair_pattern assignment_pattern object_assignment_pattern
    """.split()
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
# A variable of this name is taken for a declaration; no script may declare with "using" at its top level anyway.
_USING = re.compile(rb"\busing(?=\s*=)")
# Where a line ends in CR alone the tree does not see it; LF is as long and means the same (ECMAScript 12.3).
_HASH = re.compile(rb"#(?=[\w$\\\x80-\xff])")
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

    *labeled* are top-level functions behind a label, *variables* the names of ``var`` and of functions in blocks,
    *lexical* those of top-level let, const, class.
    """

    raw: bytes
    root: Node
    is_strict: bool
    functions: tuple[Declared, ...]
    labeled: tuple[Declared, ...]
    variables: frozenset[str]
    lexical: tuple[Declared, ...]

    def mentions(self) -> frozenset[str]:
        """Return every name and every whole string in the script: all that it could know of another script."""
        return frozenset(self.value(node) for nodes in self.captures(_NAMES).values() for node in nodes)

    def looks_up(self, names: frozenset[str]) -> frozenset[str]:
        """Return those of *names* that the script may look up among those of all scripts.

        That is where it has the name without binding it, or as a member of what may be the window by any name.
        """
        if b"\\u" in self.raw:  # a name may be written with escapes
            nodes = [node for found in self.captures(_NAMES).values() for node in found]
        else:
            words = b"|".join(re.escape(name.encode("utf-8")) for name in sorted(names))
            nodes = list(self.find(re.compile(rb"(?<![\w$])(?:" + words + rb")(?![\w$])")))
        nodes = [node.parent if node.type == "string_fragment" and node.parent else node for node in nodes]
        named = [(node, value) for node in nodes if (value := self.value(node)) in names]
        bound = {(scope.id, value) for node, value in named if (scope := _scope_of_binding(node))}
        return frozenset(
            value
            for node, value in named
            if _asks(node, self.raw)
            or (node.type in _IDENTIFIERS and not any((outer.id, value) in bound for outer in _around(node)))
        )

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
    raw = text.encode("utf-8", "surrogatepass")
    root = Parser(_LANGUAGE).parse(_USING.sub(b"Using", _LONE_CR.sub(b"\n", raw))).root_node
    body = root.named_children
    is_strict = _is_strict(body, raw)
    refuse_early_errors(text, is_strict=is_strict)
    if root.has_error:
        raise ScriptSyntaxError("the parsers do not agree about it", _first_error(root, raw))
    tree = Tree(
        raw,
        root,
        is_strict,
        tuple(found for node in body if node.type in _FUNCTIONS for found in _declared(node, raw)),
        tuple(found for node in body for found in _labeled(node, raw)),
        frozenset(_value(name, raw) for node in body for name in _variables(node)),
        tuple(found for node in body if node.type in _DECLARES_LEXICALLY for found in _declared(node, raw)),
    )
    _refuse_private_names(tree)
    return tree


def refuse_early_errors(text: str, *, is_strict: bool = False) -> None:
    """Raise ScriptSyntaxError if *text* does not compile as a classic script (ECMAScript, 16.1.1). Runs nothing."""
    # A directive counts only at the very start, so a strict script is one before the statement that stops it, too.
    prologue = '"use strict";' if is_strict else ""
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


def _refuse_private_names(tree: Tree) -> None:
    """Raise ScriptSyntaxError for "#name in object" outside of a class, which QuickJS lets pass (ECMAScript 15.7.1)."""
    for node in tree.find(_HASH):
        if node.type == "private_property_identifier" and not any(each.type == "class_body" for each in _around(node)):
            raise ScriptSyntaxError("a private name outside of a class", tree.position(node))


def _around(node: Node) -> Iterator[Node]:
    """Yield the nodes around *node*, from the inside out."""
    outer = node.parent
    while outer is not None:
        yield outer
        outer = outer.parent


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


def _labeled(node: Node, raw: bytes) -> Iterator[Declared]:
    """Yield the function that a labeled statement declares, if it does (ECMAScript B.3.1)."""
    while node.type == "labeled_statement":
        node = node.child_by_field_name("body") or node.named_children[-1]
        if node.type in _FUNCTIONS:
            yield from _declared(node, raw)


def _scope_of_binding(node: Node) -> Node | None:
    """Return the function that the binding *node* belongs to, ``None`` if it is none or one of all scripts.

    A block counts as its function: what is bound in a part of it is not taken for bound elsewhere.
    """
    inner, outer = node, node.parent
    while outer is not None and outer.type in _PATTERNS:
        if outer.type in ("assignment_pattern", "object_assignment_pattern") and _field(outer, "right") == inner:
            return None
        inner, outer = outer, outer.parent
    if outer is None:
        return None
    if outer.type == "formal_parameters" or (outer.type == "arrow_function" and _field(outer, "parameter") == inner):
        return outer.parent if outer.type == "formal_parameters" else outer
    if outer.type == "catch_clause":
        return outer if _field(outer, "parameter") == inner else None
    if outer.type in ("function_expression", "generator_function", "class"):
        return outer if _field(outer, "name") == inner else None
    is_declared = (
        outer.type in ("variable_declarator", "class_declaration", *_FUNCTIONS) and _field(outer, "name") == inner
    )
    if not is_declared:
        return None
    is_var = outer.parent is not None and outer.parent.type == "variable_declaration"
    kinds = _SCOPES if is_var else _SCOPES | {"statement_block", "for_statement", "for_in_statement", "switch_body"}
    return next((each for each in _around(outer) if each.type in kinds), None)


def _asks(node: Node, raw: bytes) -> bool:
    """Tell whether *node* names a member of what may be the window: ``x.name``, ``x["name"]``, ``"name" in x``."""
    outer = node.parent
    if outer is None:
        return False
    if node.type == "property_identifier":
        owner = _field(outer, "object")
        return outer.type == "member_expression" and owner is not None and owner.type in ("identifier", "this")
    if node.type not in ("string", "template_string"):
        return False
    if outer.type == "arguments" and outer.parent is not None:
        function = _field(outer.parent, "function")
        return function is not None and _text(function, raw).endswith("defineProperty")
    operator = _field(outer, "operator")
    return outer.type == "subscript_expression" or (operator is not None and operator.type == "in")


def _field(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


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
