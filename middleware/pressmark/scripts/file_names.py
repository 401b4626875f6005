"""Find the scripts that a script names by their files: it may look for their elements, or load them by itself.

Only a name that begins its string, template or regular expression, or follows a path or an operator in it, counts.
Names in comments and in prose, as in "needs jquery.js", mean nothing, nor do those of modules, as in
``require("./util.js")``: what loads them knows no elements.
"""

import re
from itertools import islice

from pressmark.syntax.js_bindings import around
from pressmark.syntax.js_tree import Node, Tree

MAX_NAMES = 200
"""The names that are remembered of one script."""
ENDS = re.compile(r"\.m?js(?![\w.])")
"""The end of a name: the quick test of a script's text."""
_ENDS_BYTES = re.compile(ENDS.pattern.encode())
_NAME = re.compile(r"(?:\A|(?<=[/\"'`=,|(^>]))[\w%@+~-][\w.%@+~-]*" + ENDS.pattern)
_LITERALS = frozenset(("string_fragment", "template_string", "regex_pattern"))


def file_names(tree: Tree) -> list[str]:
    """Return the names of the scripts that the script of *tree* names, without their folders."""
    found = {node.id: node for node in tree.find(_ENDS_BYTES, (b".js", b".mjs")) if node.type in _LITERALS}.values()
    literals = (node for node in found if not _is_required(tree, node))
    names = {name for node in literals for name in _NAME.findall(tree.text(node).replace("\\", ""))}
    return sorted(names)[:MAX_NAMES]


def _is_required(tree: Tree, literal: Node) -> bool:
    """Tell whether a literal is the name of a CommonJS module, or one in the list of an AMD module."""
    arguments = next((each for each in around(literal) if each.type not in ("string", "array")), None)
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    name = tree.text(function) if function is not None and function.type == "identifier" else ""
    is_listed = any(each.type == "array" for each in islice(around(literal), 2))
    return name == ("define" if is_listed else "require")
