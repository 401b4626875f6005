"""Find the namespaces of which a module only reads members, so that no object need be made for them."""

from collections.abc import Iterator

from pressmark.syntax.js_module_facts import MemberUse
from pressmark.syntax.js_module_statements import Statements
from pressmark.syntax.js_references import references
from pressmark.syntax.js_tree import Node, Tree

_GIVES = frozenset(
    """
    assignment_expression augmented_assignment_expression for_in_statement update_expression array_pattern pair_pattern
    assignment_pattern rest_pattern
    """.split()
)


def member_uses(tree: Tree, statements: Statements) -> Iterator[tuple[str, list[MemberUse]]]:
    """Yield the namespaces of which only members are read, each with its uses."""
    exported = {each.local for each in statements.exports}
    for local in {each.local for each in statements.imports if each.name == "*"} - exported:
        uses = [_member_use(tree, node) for node in references(tree, local)]
        found = [use for use in uses if use is not None]
        if len(found) == len(uses):
            yield local, found


def _member_use(tree: Tree, node: Node) -> MemberUse | None:
    """Return the use ``ns.member`` of the namespace *node*, ``None`` if it is another one."""
    member = node.parent
    if member is None or member.type != "member_expression" or member.child_by_field_name("object") != node:
        return None
    name = member.child_by_field_name("property")
    inner, outer = member, member.parent
    while outer is not None and outer.type == "parenthesized_expression":
        inner, outer = outer, outer.parent
    if name is None or name.type != "property_identifier" or outer is None:
        return None
    if outer.type in _GIVES and outer.child_by_field_name("right") != inner:
        return None
    if outer.type == "unary_expression" and tree.raw.startswith(b"delete", outer.start_byte):
        return None
    is_call = outer.type == "call_expression" and outer.child_by_field_name("function") == inner
    return MemberUse(member.start_byte, member.end_byte, tree.value(name), is_call)
