"""Reduce a script's syntax tree to what it means: no brackets, quotes, spellings of numbers, nor braces that may go.

Two scripts with equal shapes are the same program (ECMAScript 2025), but for names. What is not surely the same has
another shape.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from pressmark.syntax.js_bindings import text_of, value_of
from pressmark.syntax.js_literals import number_key, number_value, string_value

_DROPPED = frozenset(("comment", "html_comment", "hash_bang_line", "empty_statement"))
_PUNCTUATION = frozenset("(){};,:")
_FUNCTIONS = frozenset(
    """
    function_expression function_declaration generator_function generator_function_declaration arrow_function
    method_definition
    """.split()
)
_CHAINABLE = frozenset(("member_expression", "subscript_expression", "call_expression"))
_NAMES = frozenset(("identifier", "undefined"))


@dataclass(slots=True, eq=False)
class Shape:
    """A part of a program: its *kind*, its *text* if that counts, and its parts. *parent* is the shape around it."""

    kind: str
    text: str = ""
    parts: list["Shape"] = field(default_factory=list)
    parent: "Shape | None" = None


_Part = Node | Shape | tuple[str, Node]
"""What is still to be shaped: a node; a shape; a node in a role, such as that of a loop's body."""


def shape_of(root: Node, raw: bytes) -> Shape:
    """Return the shape of the script *raw* with the tree *root*."""
    shaper = _Shaper(raw)
    top = Shape("program")
    waiting: list[tuple[Shape, list[_Part]]] = [(top, list(shaper.statements(root)))]
    while waiting:
        parent, parts = waiting.pop()
        for part in parts:
            if isinstance(part, Shape):
                shape, inner = part, list[_Part]()
                for each in shape.parts:
                    each.parent = shape
            else:
                shape, inner = shaper.shape(*part) if isinstance(part, tuple) else shaper.shape("", part)
            shape.parent = parent
            parent.parts.append(shape)
            if inner:
                waiting.append((shape, inner))
    return top


class _Shaper:
    """Shapes single nodes: what their shape is, and which of their parts are to be shaped."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def shape(self, role: str, node: Node) -> tuple[Shape, list[_Part]]:
        node = _bare(node)
        if role == "body":
            return Shape("body"), list(self.statements(node) if node.type == "statement_block" else self._alone(node))
        if role == "key":
            return self._key(node)
        if role == "parameters":
            single = node.child_by_field_name("parameter")
            return Shape("parameters"), [single] if single is not None else list(_significant(node))
        make = getattr(self, f"_{role or node.type}", None)
        if make is not None:
            found: tuple[Shape, list[_Part]] = make(node)
            return found
        if node.type in _FUNCTIONS:
            return self._function(node)
        if not node.children:
            return Shape(node.type, text_of(node, self._raw)), []
        return Shape(_kind(node)), list(_significant(node))

    def statements(self, block: Node) -> Iterator[_Part]:
        return iter(list(_significant(block)))

    def _alone(self, node: Node) -> Iterator[_Part]:
        return iter([] if node.type in _DROPPED else [node])

    def _leaf(self, kind: str, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape(kind, value_of(node, self._raw)), []

    def _identifier(self, node: Node) -> tuple[Shape, list[_Part]]:
        return self._leaf("name", node)

    _undefined = _identifier

    def _statement_identifier(self, node: Node) -> tuple[Shape, list[_Part]]:
        return self._leaf("label", node)

    def _key(self, node: Node) -> tuple[Shape, list[_Part]]:
        if node.type == "computed_property_name":
            return Shape("computed"), list(_significant(node))
        if node.type == "string":
            return Shape("key", string_value(text_of(node, self._raw))), []
        if node.type == "number":
            return Shape("key", number_key(text_of(node, self._raw))), []
        kind = "private" if node.type == "private_property_identifier" else "key"
        return self._leaf(kind, node)

    def _property_identifier(self, node: Node) -> tuple[Shape, list[_Part]]:
        return self._leaf("key", node)

    def _private_property_identifier(self, node: Node) -> tuple[Shape, list[_Part]]:
        return self._leaf("private", node)

    def _string(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape("string", string_value(text_of(node, self._raw))), []

    def _number(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape("number", number_value(text_of(node, self._raw))), []

    def _regex(self, node: Node) -> tuple[Shape, list[_Part]]:
        pattern, _, flags = text_of(node, self._raw).rpartition("/")
        return Shape("regex", f"{pattern}/{''.join(sorted(flags))}"), []

    def _template_string(self, node: Node) -> tuple[Shape, list[_Part]]:
        inner = [child for child in node.named_children if child.type == "template_substitution"]
        starts = [node.start_byte + 1, *(child.end_byte for child in inner)]
        ends = [*(child.start_byte for child in inner), node.end_byte - 1]
        texts = [self._raw[start:end].decode("utf-8", "replace") for start, end in zip(starts, ends, strict=True)]
        return Shape("template", "${}".join(texts)), [part for child in inner for part in _significant(child)]

    def _expression_statement(self, node: Node) -> tuple[Shape, list[_Part]]:
        [inner] = list(_significant(node))[:1] or [node]
        if inner.type == "string":  # it may be a directive, which counts as it is written
            return Shape("directive", text_of(inner, self._raw)[1:-1]), []
        if inner.type == "parenthesized_expression" and _bare(inner).type == "string":
            return Shape("no directive"), [_bare(inner)]
        return Shape("expression"), [inner]

    def _if_statement(self, node: Node) -> tuple[Shape, list[_Part]]:
        alternative = node.child_by_field_name("alternative")
        parts: list[_Part] = [_field(node, "condition"), ("body", _field(node, "consequence"))]
        if alternative is not None:
            parts.append(("body", next(_significant(alternative), alternative)))
        return Shape("if else" if len(parts) > 2 else "if"), parts

    def _while_statement(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape("while"), [_field(node, "condition"), ("body", _field(node, "body"))]

    def _do_statement(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape("do"), [("body", _field(node, "body")), _field(node, "condition")]

    def _labeled_statement(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape("labeled", value_of(_field(node, "label"), self._raw)), [("body", _field(node, "body"))]

    def _for_statement(self, node: Node) -> tuple[Shape, list[_Part]]:
        parts: list[_Part] = []
        for name in ("initializer", "condition", "increment"):
            found = node.child_by_field_name(name)
            if found is not None and found.type == "expression_statement":
                found = next(_significant(found), None)
            is_there = found is not None and found.type not in _DROPPED
            parts.append(found if found is not None and is_there else Shape("nothing"))
        return Shape("for"), [*parts, ("body", _field(node, "body"))]

    def _for_in_statement(self, node: Node) -> tuple[Shape, list[_Part]]:
        kind, is_of = node.child_by_field_name("kind"), _field(node, "operator").type == "of"
        waits = any(child.type == "await" for child in node.children)
        word = kind.type if kind is not None else "nothing"
        parts: list[_Part] = [_field(node, "left"), _field(node, "right"), ("body", _field(node, "body"))]
        return Shape(f"for {word} {'of' if is_of else 'in'}{' await' * waits}"), parts

    def _function(self, node: Node) -> tuple[Shape, list[_Part]]:
        signs = [child.type for child in node.children if not child.is_named and child.type not in _PUNCTUATION]
        name, single = node.child_by_field_name("name"), node.child_by_field_name("parameter")
        parameters, body = node.child_by_field_name("parameters"), _field(node, "body")
        returned = _returned(body) if node.type == "arrow_function" else None
        body = returned if returned is not None else body
        parts: list[_Part] = []
        if name is not None:
            parts.append(("key", name) if node.type == "method_definition" else name)
        parts.append(("parameters", parameters) if parameters is not None else Shape("parameters"))
        if single is not None:
            parts[-1] = ("parameters", node)
        parts.append(("body", body) if body.type == "statement_block" else body)
        kind = "named" if name is not None else "nameless"
        ends = "block" if body.type == "statement_block" else "value"
        return Shape(" ".join([node.type, kind, ends, *signs])), parts

    def _pair(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape("pair"), [("key", _field(node, "key")), _field(node, "value")]

    _pair_pattern = _pair

    def _shorthand_property_identifier(self, node: Node) -> tuple[Shape, list[_Part]]:
        name = value_of(node, self._raw)
        if name == "__proto__":  # as a pair it would set the prototype (ECMAScript B.3.1)
            return Shape("shorthand", name), []
        return Shape("pair"), [Shape("key", name), Shape("name", name)]

    _shorthand_property_identifier_pattern = _shorthand_property_identifier

    def _object_assignment_pattern(self, node: Node) -> tuple[Shape, list[_Part]]:
        name = value_of(_field(node, "left"), self._raw)
        return Shape("pair"), [Shape("key", name), ("assigned", node)]

    def _assigned(self, node: Node) -> tuple[Shape, list[_Part]]:
        name = Shape("name", value_of(_field(node, "left"), self._raw))
        return Shape("assignment_pattern _ = _"), [name, _field(node, "right")]

    def _new_expression(self, node: Node) -> tuple[Shape, list[_Part]]:
        arguments = node.child_by_field_name("arguments")
        return Shape("new"), [_field(node, "constructor"), Shape("arguments") if arguments is None else arguments]

    def _arguments(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape("arguments"), list(_significant(node))

    def _array(self, node: Node) -> tuple[Shape, list[_Part]]:
        parts: list[_Part] = []
        is_open = True
        for child in node.children:
            if child.type == ",":
                parts += [Shape("hole")] if is_open else []
                is_open = True
            elif child.is_named and child.type not in _DROPPED:
                parts.append(child)
                is_open = False
        return Shape(node.type), parts

    _array_pattern = _array

    def _object(self, node: Node) -> tuple[Shape, list[_Part]]:
        return Shape(node.type), list(_significant(node))

    _object_pattern = _class_body = _statement_block = _object

    def _field_definition(self, node: Node) -> tuple[Shape, list[_Part]]:
        value = node.child_by_field_name("value")
        parts: list[_Part] = [("key", _field(node, "property")), *([value] if value is not None else [])]
        return Shape(_kind(node)), parts


def _returned(body: Node) -> Node | None:
    """Return what a function's body returns, if it does nothing else."""
    statements = list(_significant(body)) if body.type == "statement_block" else []
    if len(statements) != 1 or statements[0].type != "return_statement":
        return None
    return next(_significant(statements[0]), None)


def _kind(node: Node) -> str:
    """Return the type of *node* with its signs and words, and the places of its parts among them."""
    inner = (child for child in node.children if child.type not in _DROPPED and child.type not in _PUNCTUATION)
    return " ".join((node.type, *("_" if child.is_named else child.type for child in inner)))


def _field(node: Node, name: str) -> Node:
    found = node.child_by_field_name(name)
    if found is None:
        raise ValueError(f"a {node.type} has no {name}")
    return found


def _significant(node: Node) -> Iterator[Node]:
    return (child for child in node.named_children if child.type not in _DROPPED)


def _bare(node: Node) -> Node:
    """Return what stands in brackets, unless these end an optional chain."""
    while node.type == "parenthesized_expression":
        inner = next(_significant(node), None)
        if inner is None or _is_optional(inner):
            return node
        node = inner
    return node


def _is_optional(node: Node) -> bool:
    while node.type in _CHAINABLE or node.type == "parenthesized_expression":
        if any(child.type == "optional_chain" for child in node.children):
            return True
        inner = next(_significant(node), None)
        if inner is None:
            return False
        node = inner
    return False
