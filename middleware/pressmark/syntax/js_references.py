"""Find the references to a top-level variable of a module: all places of its name where no inner scope has another."""

from collections.abc import Iterator

from pressmark.syntax.js_bindings import ALL_FUNCTIONS, around, scope_of_binding
from pressmark.syntax.js_tree import Node, Tree, whole_word

_NAMES = frozenset(("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"))
_PATTERNS = frozenset(
    "object_pattern array_pattern rest_pattern pair_pattern assignment_pattern object_assignment_pattern".split()
)
_CLAUSES = frozenset(("import_specifier", "import_clause", "namespace_import", "export_specifier", "namespace_export"))
_DECLARES = frozenset(("variable_declarator", "function_declaration", "generator_function_declaration"))


class UnresolvedError(ValueError):
    """It is not sure which variable a name means. *at* is the line and column, from 1."""

    def __init__(self, message: str, at: tuple[int, int]) -> None:
        super().__init__(message)
        self.at = at


def references(tree: Tree, name: str) -> list[Node]:
    """Return the references to the top-level variable *name*, but for declarations, imports and exports.

    Raises UnresolvedError and CostlyScriptError.
    """
    found: list[Node] = []
    scopes: dict[int, bool] = {}  # those that have a variable of this name -> whether a "var" of a function
    for node in _occurrences(tree, name):
        if node.parent is None or node.parent.type in _CLAUSES:
            continue
        scope = _scope(node)
        if scope is None:
            found.append(node)
        elif scope.type != "program":
            scopes[scope.id] = scopes.get(scope.id, False) or _is_var(node)
    return [node for node in found if not _is_shadowed(tree, node, scopes)]


def _occurrences(tree: Tree, name: str) -> Iterator[Node]:
    raw = name.encode("utf-8", "surrogatepass")
    if b"\\u" in tree.raw:  # a name may be written with escapes
        yield from (node for node, _ in tree.named(frozenset((name,))) if node.type in _NAMES)
        return
    for node in tree.find(whole_word(raw), (raw,)):
        if node.type in _NAMES and tree.value(node) == name:
            yield node


def _scope(node: Node) -> Node | None:
    """Return the scope in which *node* declares a variable, ``None`` if it is a reference."""
    inner, outer = node, node.parent
    while outer is not None and outer.type in _PATTERNS:
        is_default = outer.type in ("assignment_pattern", "object_assignment_pattern")
        if is_default and outer.child_by_field_name("right") == inner:
            return None
        inner, outer = outer, outer.parent
    if outer is None:
        return None
    if outer.type == "for_in_statement":
        kind = outer.child_by_field_name("kind")
        if kind is None or outer.child_by_field_name("left") != inner:
            return None
        return _function(outer) if kind.type == "var" else outer
    scope = scope_of_binding(node)
    if scope is not None or node.type == "shorthand_property_identifier":
        return scope
    is_declared = outer.type in (*_DECLARES, "class_declaration") and outer.child_by_field_name("name") == inner
    return _function(outer) if is_declared else None


def _function(node: Node) -> Node:
    """Return the function, static block or module around *node*."""
    last = node
    for each in around(node):
        last = each
        if each.type in ALL_FUNCTIONS or each.type == "class_static_block":
            break
    return last


def _is_var(node: Node) -> bool:
    """Tell whether *node* is declared by ``var``."""
    for outer in around(node):
        if outer.type not in _PATTERNS:
            if outer.type == "for_in_statement":
                kind = outer.child_by_field_name("kind")
                return kind is not None and kind.type == "var"
            return outer.parent is not None and outer.parent.type == "variable_declaration"
    return False


def _is_shadowed(tree: Tree, node: Node, scopes: dict[int, bool]) -> bool:
    """Tell whether *node* means a variable of one of the *scopes* around it."""
    if not scopes:
        return False
    inner = node
    for outer in around(node):
        is_declared_name = inner == node and outer.type in ("function_declaration", "class_declaration")
        is_computed_name = outer.type == "method_definition" and inner.type == "computed_property_name"
        if outer.id in scopes and not (is_declared_name or is_computed_name):
            # In the parameters of a function nothing of its body is seen (ECMAScript 10.2.11).
            if scopes[outer.id] and inner.type == "formal_parameters":
                raise UnresolvedError(f"it has several variables of the name {tree.text(node)!r}", tree.position(node))
            return True
        inner = outer
    return False
