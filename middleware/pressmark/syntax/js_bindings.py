"""Read the nodes of a script's syntax tree: their texts, the names that they bind, and the scopes of these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

SCOPES = frozenset(
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
FUNCTIONS = frozenset(("function_declaration", "generator_function_declaration"))
FUNCTION_EXPRESSIONS = frozenset(("function_expression", "generator_function", "arrow_function"))
ALL_FUNCTIONS = frozenset((*FUNCTION_EXPRESSIONS, *FUNCTIONS, "method_definition"))
CLASSES = frozenset(("class", "class_declaration"))
# Statements in which a "var" or, by ECMAScript B.3.2, a function may be declared for the whole script.
_NESTING = frozenset(
    """
    statement_block if_statement else_clause for_statement for_in_statement while_statement do_statement try_statement
    catch_clause finally_clause with_statement switch_statement switch_body switch_case switch_default labeled_statement
    """.split()
)
_NAMED = frozenset(("identifier", "shorthand_property_identifier_pattern"))
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(?s:.))")


@dataclass(frozen=True, slots=True)
class Declared:
    """A name declared at the top level by *node*. *start* and *end* are the offsets of the whole declaration.

    Its position is not found out here: that takes as long as the line before it, and all may be on one line.
    """

    name: str
    start: int
    end: int
    node: Node


def value_of(node: Node, raw: bytes) -> str:
    """Return the value of *node*, a name or a string, without quotes; *raw* is the script.

    Only escapes that may be in a name are decoded (ECMAScript 12.7.1 and 12.9.4).
    """
    text = text_of(node, raw)
    text = text[1:-1] if node.type in ("string", "template_string") else text
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        return escape[0][1:]
    return chr(int(digits, 16)) if int(digits, 16) < 0x110000 else escape[0]


def text_of(node: Node, raw: bytes) -> str:
    """Return the source text of *node*."""
    return raw[node.start_byte : node.end_byte].decode("utf-8", "replace")


def position_of(node: Node, raw: bytes) -> tuple[int, int]:
    """Return the line and column, from 1, at which *node* begins."""
    start = node.start_byte
    return node.start_point.row + 1, len(raw[raw.rfind(b"\n", 0, start) + 1 : start].decode("utf-8")) + 1


def around(node: Node) -> Iterator[Node]:
    """Yield the nodes around *node*, from the inside out."""
    outer = node.parent
    while outer is not None:
        yield outer
        outer = outer.parent


def declarations(node: Node, raw: bytes) -> Iterator[Declared]:
    """Yield the names that the declaration *node* declares, each with the offsets of the whole declaration."""
    name = node.child_by_field_name("name")
    targets = [name] if name else [n for child in node.named_children for n in _targets(child)]
    for target in targets:
        yield Declared(value_of(target, raw), node.start_byte, node.end_byte, target)


def nested_names(node: Node, *, is_strict: bool = False) -> Iterator[Node]:
    """Yield the names that the statement *node* declares for the whole script, but for top-level functions.

    In a script that *is_strict* a function in a block is of the block alone.
    """
    stack = [(node, False)]
    while stack:
        each, is_nested = stack.pop()
        if each.type == "variable_declaration":
            for declarator in each.named_children:
                yield from _targets(declarator)
        elif each.type in FUNCTIONS and is_nested:
            name = each.child_by_field_name("name")
            yield from [name] if name and not is_strict else []
        elif each.type in _NESTING:
            kind, left = each.child_by_field_name("kind"), each.child_by_field_name("left")
            if kind and left and kind.type == "var":
                yield from _names(left)
            stack += [(child, True) for child in each.named_children]


def labeled_functions(node: Node, raw: bytes) -> Iterator[Declared]:
    """Yield the function that a labeled statement declares, if there is one (ECMAScript B.3.1)."""
    while node.type == "labeled_statement":
        node = node.child_by_field_name("body") or node.named_children[-1]
        if node.type in FUNCTIONS:
            yield from declarations(node, raw)


def scope_of_binding(node: Node) -> Node | None:
    """Return the function or block that is the scope of the binding *node*.

    ``None`` if *node* is no binding, or one for all scripts.
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
        outer.type in ("variable_declarator", "class_declaration", *FUNCTIONS) and _field(outer, "name") == inner
    )
    if not is_declared:
        return None
    is_var = outer.parent is not None and outer.parent.type == "variable_declaration"
    kinds = SCOPES if is_var else SCOPES | {"statement_block", "for_statement", "for_in_statement", "switch_body"}
    return next((each for each in around(outer) if each.type in kinds), None)


def possible_binding(name: bytes) -> re.Pattern[bytes]:
    """Return the pattern of *name* where it may bind a variable: no member, and at once no operator nor a call.

    After white space it may: a line end may end the declaration.
    """
    text = re.escape(name)
    is_member = rb"(?<!(?<!\.\.)\." + text + rb")"
    is_call = rb"(?<=[;,({\[=!&|?:<>+-]" + text + rb")\("
    return re.compile(text + rb"(?![\w$.\[?+\-*%&|^>!`:]|==|" + is_call + rb")(?<![\w$]" + text + rb")" + is_member)


def _field(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name)


def _targets(declarator: Node) -> Iterator[Node]:
    name = declarator.child_by_field_name("name")
    return _names(name) if name else iter(())


def _names(pattern: Node) -> Iterator[Node]:
    """Yield the identifiers that a binding pattern binds, but not those in its default values."""
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
