"""Make a strict script fit to run inside a function among sloppy ones, with the same names for all scripts.

``"use strict"`` at the start of a bundle would govern all of it, and anywhere else none. So the script goes into a
strict function that is called with the window as ``this``. All that it declares must still be declared outside:

* its functions stand before that function, each with the directive at the start of its own body;
* a ``var`` is declared outside, and becomes an assignment inside: the name of a function or class that it is given is
  the same (ECMAScript 13.15.2 and 14.3.2), as are loops.

A script is not wrapped if it declares by ``let``, ``const`` or ``class``, takes values apart in a ``var``, has a
function with parameters beside which no directive may stand, or names ``arguments``, which a function has.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pressmark.syntax.js_bindings import FUNCTIONS, SCOPES, around
from pressmark.syntax.js_tree import Node, Tree

Edit = tuple[int, int, str]
"""The start and end of a part of a script, in bytes of UTF-8, and the text in its place."""

Cuts = Sequence[Sequence[int]]
"""The starts and ends of parts of a script, in bytes of UTF-8."""

DIRECTIVE = '"use strict";'

_ARGUMENTS = re.compile(rb"\barguments\b|\\u")
_DECLARES = re.compile(rb"\bvar\b")
_HAVE_ARGUMENTS = SCOPES - {"arrow_function"}


class _NotWrappableError(Exception):
    """The script cannot be wrapped."""


def edits_for_wrapping(tree: Tree) -> tuple[Edit, ...] | None:
    """Return the edits by which the strict script of *tree* can be wrapped, ``None`` if it cannot be."""
    if tree.lexical or tree.labeled or _names_arguments(tree):
        return None
    try:
        return tuple(sorted((*_directives(tree), *_assignments(tree))))
    except _NotWrappableError:
        return None


def _names_arguments(tree: Tree) -> bool:
    found = tree.find(_ARGUMENTS, (b"arguments", b"\\u"))
    nodes = (node for node in found if node.type in ("identifier", "shorthand_property_identifier"))
    return any(not any(outer.type in _HAVE_ARGUMENTS for outer in around(node)) for node in nodes)


def _directives(tree: Tree) -> Iterator[Edit]:
    """Yield the edits that make each top-level function strict by itself (ECMAScript 15.2.1)."""
    for function in tree.root.named_children:
        if function.type not in FUNCTIONS:
            continue
        parameters, body = function.child_by_field_name("parameters"), function.child_by_field_name("body")
        if parameters is None or body is None:
            raise _NotWrappableError
        if any(each.type not in ("identifier", "comment") for each in parameters.named_children):
            raise _NotWrappableError
        yield body.start_byte + 1, body.start_byte + 1, DIRECTIVE


def _assignments(tree: Tree) -> Iterator[Edit]:
    """Yield the edits that make the declarations of variables into assignments."""
    for node in {node.id: node for node in tree.find(_DECLARES, (b"var",))}.values():
        if node.type in ("variable_declaration", "for_in_statement") and not _is_inner(node):
            if node.type == "variable_declaration":
                yield from _assignment(node)
            else:
                yield from _loop(node)


def _is_inner(node: Node) -> bool:
    return any(outer.type in SCOPES for outer in around(node))


def _assignment(declaration: Node) -> Iterator[Edit]:
    """Yield the edits of ``var a = 1, b, c = 2;``, which becomes ``a = 1,c = 2;``."""
    declarators = [each for each in declaration.named_children if each.type == "variable_declarator"]
    for each in declarators:
        name = each.child_by_field_name("name")
        if name is None or name.type != "identifier" or name.text == b"async":
            raise _NotWrappableError
    given = [each for each in declarators if each.child_by_field_name("value") is not None]
    if not given:
        yield declaration.start_byte, declaration.end_byte, ";"
        return
    yield declaration.start_byte, given[0].start_byte, ""
    for before, after in pairwise(given):
        yield before.end_byte, after.start_byte, ","
    if given[-1] != declarators[-1]:
        yield given[-1].end_byte, declarators[-1].end_byte, ""


def _loop(loop: Node) -> Iterator[Edit]:
    """Yield the edit of ``for (var a in b)``, which becomes ``for (a in b)``."""
    kind, left = loop.child_by_field_name("kind"), loop.child_by_field_name("left")
    if kind is None or left is None or kind.type != "var":
        return
    if left.type != "identifier" or left.text == b"async":
        raise _NotWrappableError
    yield kind.start_byte, left.start_byte, ""


def in_characters(edits: Sequence[Edit] | Cuts, text: str) -> Iterator[Edit]:
    """Yield *edits* or cuts of *text*, in their order, with offsets in characters. A cut has no new text."""
    raw, position, length = text.encode("utf-8"), 0, 0
    for start, end, *new in edits:
        before = length + len(raw[position:start].decode("utf-8"))
        length = before + len(raw[start:end].decode("utf-8"))
        position = end
        yield before, length, str(new[0]) if new else ""
