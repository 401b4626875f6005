"""Prove that two scripts are the same program, but for the names of variables that nobody else can see.

The shapes of both (``js_shape``) are walked side by side. Each name is looked up in its own script; where one finds a
variable of a function or block, the other must find the variable that stands in its place, the same one each time. A
name that is found nowhere is the page's, and must be the same. Names that a program can ask for stay: those of
functions and classes, and of variables from which a function without a name takes its own (ECMAScript 8.4).

A script with ``eval`` or ``with`` is never proved, nor one in which old rules make one variable of two.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pressmark.syntax.js_shape import Shape, shape_of
from pressmark.syntax.js_tree import Tree

_FUNCTION = (
    "function_expression", "function_declaration", "generator_function", "arrow_function", "method_definition",
)  # fmt: skip
_BLOCKS = frozenset(("statement_block", "body", "for", "program", "class_static_block"))
_ASSIGNS_NAME = ("=", "&&=", "||=", "??=")


class UnprovedError(ValueError):
    """Two scripts may not be the same; the text says where they differ."""


@dataclass(slots=True, eq=False)
class _Variables:
    """The variables of a function or block, by name. *own_name* is that of a function expression or class."""

    parameters: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    own_name: str = ""


@dataclass(frozen=True, slots=True)
class _Variable:
    scope: int  # the identity of its shape
    name: str
    is_own_name: bool = False


class Names:
    """The variables of a script, found by the places of names in its shape."""

    def __init__(self, tree: Tree) -> None:
        self.top = shape_of(tree.root, tree.raw)
        self._scopes: dict[int, _Variables] = {}
        self.kept: set[int] = set()  # the shapes of names that a program can ask for
        for shape in _walk(self.top):
            self._declare(shape)
        for shape in _walk(self.top):
            self._refuse(shape)

    def inferred(self) -> Iterator[str]:
        """Yield the names that a program can ask for."""
        return (shape.text for shape in _walk(self.top) if id(shape) in self.kept)

    # Declarations

    def _declare(self, shape: Shape) -> None:
        kind = shape.kind
        if kind.startswith(("variable_declaration", "lexical_declaration", "using_declaration")):
            is_var = kind.startswith("variable_declaration")
            for declarator in shape.parts:
                self._add(declarator.parts[0], shape, is_var=is_var)
                if len(declarator.parts) > 1:
                    self._keep_inferred(declarator.parts[0], declarator.parts[1])
        elif kind.startswith("for ") and not kind.startswith("for nothing"):
            scope = _function_of(shape) if kind.startswith("for var") else shape
            for name in _bound(shape.parts[0]):
                self._of(scope).others.add(name.text)
        elif kind.startswith("class"):
            self._declare_class(shape)
        elif kind.startswith(_FUNCTION):
            self._declare_function(shape)
        elif kind.startswith("catch_clause") and len(shape.parts) > 1:
            for name in _bound(shape.parts[0]):
                self._of(shape).parameters.add(name.text)
        elif kind.startswith(("assignment_expression", "augmented_assignment_expression")):
            if kind.split()[-2] in _ASSIGNS_NAME:
                self._keep_inferred(shape.parts[0], shape.parts[1])
        elif kind == "assignment_pattern _ = _":
            self._keep_inferred(shape.parts[0], shape.parts[1])

    def _declare_class(self, shape: Shape) -> None:
        if shape.kind.startswith(("class_declaration", "class _", "class class _")) and shape.parts[0].kind == "name":
            name = shape.parts[0]
            self.kept.add(id(name))
            if shape.kind.startswith("class_declaration"):
                self._of(_block_of(shape)).others.add(name.text)
            self._of(shape).own_name = name.text

    def _declare_function(self, shape: Shape) -> None:
        own = self._of(shape)
        parts = shape.parts
        if parts[0].kind == "name":
            self.kept.add(id(parts[0]))
            if "declaration" in shape.kind.split()[0]:
                self._of(_block_of(shape)).others.add(parts[0].text)
            else:
                own.own_name = parts[0].text
        parameters = next(part for part in parts if part.kind == "parameters")
        own.parameters |= {name.text for part in parameters.parts for name in _bound(part)}

    def _add(self, pattern: Shape, declaration: Shape, *, is_var: bool) -> None:
        scope = _function_of(declaration) if is_var else _block_of(declaration)
        self._of(scope).others |= {name.text for name in _bound(pattern)}

    def _keep_inferred(self, target: Shape, value: Shape) -> None:
        is_function = value.kind.startswith(_FUNCTION) and " nameless " in f"{value.kind} "
        is_class = value.kind.startswith("class") and not (value.parts and value.parts[0].kind == "name")
        if target.kind == "name" and (is_function or is_class):
            self.kept.add(id(target))

    def _of(self, scope: Shape) -> _Variables:
        return self._scopes.setdefault(id(scope), _Variables())

    # What is never proved

    def _refuse(self, shape: Shape) -> None:
        if shape.kind.startswith("with_statement") or (shape.kind == "name" and shape.text == "eval"):
            raise UnprovedError(f"it has {'eval' if shape.kind == 'name' else 'with'}")
        if shape.kind.startswith("variable_declaration"):
            names = {name.text for declarator in shape.parts for name in _bound(declarator.parts[0])}
            self._refuse_caught(shape, names)
        elif shape.kind.startswith("for var"):
            self._refuse_caught(shape, {name.text for name in _bound(shape.parts[0])})
        elif shape.kind.startswith(("function_declaration", "generator_function_declaration")):
            block, outer = _block_of(shape), _function_of(shape)
            if block is not outer:  # in sloppy code also a variable of the function around it (B.3.2)
                name = shape.parts[0].text
                found = self._scopes.get(id(outer), _Variables())
                if name in found.parameters | found.others:
                    raise UnprovedError(f"a function in a block and a variable around it have the name {name!r}")

    def _refuse_caught(self, shape: Shape, names: set[str]) -> None:
        """Raise UnprovedError for a ``var`` that has the name of what is caught around it (B.3.4)."""
        around = shape.parent
        while around is not None and not around.kind.startswith(_FUNCTION):
            if around.kind.startswith("catch_clause") and names & self._of(around).parameters:
                raise UnprovedError("a variable and what is caught have the same name")
            around = around.parent

    # Names

    def find(self, name: Shape) -> _Variable | None:
        """Return the variable that *name* means, ``None`` if it is the page's."""
        inner, around, text = name, name.parent, name.text
        while around is not None:
            found = self._scopes.get(id(around))
            is_outside = inner.kind == "computed" and around.kind.startswith("method_definition")
            if found is not None and around.kind != "program" and not is_outside:
                # In the parameters of a function nothing of its body is seen (ECMAScript 10.2.11).
                sees_body = inner.kind != "parameters" and not (
                    around.kind.startswith("catch_clause") and inner is around.parts[0]
                )
                if text in found.parameters or (sees_body and text in found.others):
                    return _Variable(id(around), text)
                is_declared_name = inner is name and around.kind.startswith(
                    ("function_declaration", "class_declaration")
                )
                if text == found.own_name and not is_declared_name:
                    return _Variable(id(around), text, is_own_name=True)
            inner, around = around, around.parent
        return None


def prove_renamed(before: Tree, after: Tree) -> None:
    """Raise UnprovedError unless *after* is *before* with other names for variables that nobody else can see."""
    mine, theirs = Names(before), Names(after)
    forth: dict[_Variable, _Variable] = {}
    back: dict[_Variable, _Variable] = {}
    twins: dict[int, int] = {}
    waiting = [(mine.top, theirs.top)]
    names: list[tuple[Shape, Shape]] = []
    while waiting:
        one, other = waiting.pop()
        twins[id(one)] = id(other)
        if one.kind != other.kind or len(one.parts) != len(other.parts):
            raise UnprovedError(f"{one.kind!r} became {other.kind!r}")
        if one.kind == "name":
            names.append((one, other))
        elif one.kind in ("label", "labeled"):
            _compare_labels(one, other, twins)
        elif one.text != other.text:
            raise UnprovedError(f"{one.text[:60]!r} became {other.text[:60]!r}")
        waiting += zip(one.parts, other.parts, strict=True)
    for one, other in names:
        if one.text != other.text and (id(one) in mine.kept or id(other) in theirs.kept):
            raise UnprovedError(f"the name {one.text!r}, for which a program may ask, became {other.text!r}")
        first, second = mine.find(one), theirs.find(other)
        if first is None or second is None:
            if first is not second or one.text != other.text:
                raise UnprovedError(f"the name {one.text!r} became {other.text!r}, which is another variable")
        elif (
            forth.setdefault(first, second) != second
            or back.setdefault(second, first) != first
            or twins.get(first.scope) != second.scope
            or first.is_own_name != second.is_own_name
        ):
            raise UnprovedError(f"the variable {one.text!r} became {other.text!r}, which is another one")


def _compare_labels(one: Shape, other: Shape, twins: dict[int, int]) -> None:
    """Raise UnprovedError if two labels are not those of statements in the same place."""
    if one.kind == "labeled":
        return
    first, second = _labeled_by(one), _labeled_by(other)
    if first is None or second is None or twins.get(id(first)) != id(second):
        raise UnprovedError(f"the label {one.text!r} became {other.text!r}, which is another one")


def _labeled_by(label: Shape) -> Shape | None:
    around = label.parent
    while around is not None and not (around.kind == "labeled" and around.text == label.text):
        around = around.parent
    return around


def _walk(top: Shape) -> Iterator[Shape]:
    waiting = [top]
    while waiting:
        shape = waiting.pop()
        yield shape
        waiting += shape.parts


def _bound(pattern: Shape) -> Iterator[Shape]:
    """Yield the names that a pattern binds."""
    waiting = [pattern]
    while waiting:
        each = waiting.pop()
        if each.kind == "name":
            yield each
        elif each.kind == "assignment_pattern _ = _":
            waiting.append(each.parts[0])
        elif each.kind == "pair":
            waiting.append(each.parts[1])
        elif each.kind in ("object_pattern", "array_pattern") or each.kind.startswith("rest_pattern"):
            waiting += each.parts


def _function_of(shape: Shape) -> Shape:
    """Return the function, static block or script around *shape*."""
    around = shape.parent
    while around is not None and around.parent is not None:
        if around.kind.startswith((*_FUNCTION, "class_static_block")):
            return around
        around = around.parent
    if around is None:
        raise UnprovedError("a declaration stands nowhere")
    return around


def _block_of(shape: Shape) -> Shape:
    """Return the block around *shape*: the function itself, if it is all of its body."""
    around = shape.parent
    while around is not None and around.parent is not None:
        if around.kind == "body" and around.parent.kind.startswith(_FUNCTION):
            return around.parent
        if around.kind in _BLOCKS or around.kind.startswith(("switch_body", "for ")):
            if around.kind == "statement_block" and around.parent.kind.startswith("class_static_block"):
                return around.parent
            return around
        around = around.parent
    if around is None:
        raise UnprovedError("a declaration stands nowhere")
    return around
