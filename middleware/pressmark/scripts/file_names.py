"""Find the scripts that a script names by their files: it may look for their elements, or load them by itself.

Only a name that begins its string, template or regular expression, or follows a path or an operator in it, counts.
Names in comments and in prose, as in "needs jquery.js", mean nothing.
"""

import re

from pressmark.syntax.js_tree import Tree

MAX_NAMES = 200
"""The names that are remembered of one script."""
ENDS = re.compile(r"\.m?js(?![\w.])")
"""The end of a name: the quick test of a script's text."""
_ENDS_BYTES = re.compile(ENDS.pattern.encode())
_NAME = re.compile(r"(?:\A|(?<=[/\"'`=,|(^>]))[\w%@+~-][\w.%@+~-]*" + ENDS.pattern)
_LITERALS = frozenset(("string_fragment", "template_string", "regex_pattern"))


def file_names(tree: Tree) -> list[str]:
    """Return the names of the scripts that the script of *tree* names, without their folders."""
    literals = {node.id: node for node in tree.find(_ENDS_BYTES) if node.type in _LITERALS}.values()
    names = {name for node in literals for name in _NAME.findall(tree.text(node).replace("\\", ""))}
    return sorted(names)[:MAX_NAMES]
