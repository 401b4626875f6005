"""Tell whether a script takes the text of one of its own functions apart, of which white space and comments are a part.

Text that is only put together again, as for a worker, means the same without them. What a function does with the text
of functions that it is given cannot be known; a comment that is all of a function's body is kept by the tokenizer.
"""

import re

from pressmark.model import Asset
from pressmark.syntax.js_refusals import ScriptSyntaxError
from pressmark.syntax.js_tree import Node, Tree, parse, whole_word

# Behind and before the name of a function.
_GIVEN = re.compile(rb"['\"]?\s*+[:=]\s*+(?:async\b\s*+)?(?:function\b|\([^()]*+\)\s*+=>|[\w$]++\s*+=>)")
_DECLARED = re.compile(rb"\bfunction\b\s*\*?\s*\Z")
MAX_BLANKS = 100
"""Characters before a name that are searched for the word ``function``."""
_MAY_READ = re.compile(r"\btoString\b|\bString\s*\(")
_READERS = re.compile(rb"\btoString\b|\bString\b(?=\s*\()")
_FUNCTIONS = frozenset(("function_expression", "arrow_function", "generator_function", "class"))
# An argument of these is run, or put into a text that is.
_RUNNERS = re.compile(r"(?:\bBlob|\beval|\bFunction|\bpush|\bconcat|\bpostMessage|\blog|\bset(?:Timeout|Interval))\Z")


def takes_functions_apart(asset: Asset) -> bool:
    """Tell whether the script *asset* does so; ``False`` for a text that is no script."""
    if asset.reads_functions is not None:
        return asset.reads_functions
    text = asset.content.decode("utf-8")
    if not _MAY_READ.search(text):
        return False
    try:
        return reads_functions(parse(text))
    except ScriptSyntaxError:
        return False


def reads_functions(tree: Tree) -> bool:
    """Tell whether the script of *tree* does so."""
    return any(_reads(tree, node) for node in tree.find(_READERS, (b"toString", b"String")))


def _reads(tree: Tree, node: Node) -> bool:
    member = node.parent
    if member is None:
        return False
    if node.type == "identifier":  # String(f)
        return member.type == "call_expression" and _is_taken_apart(tree, member) and _is_own(tree, _argument(member))
    call = member.parent
    if node.type != "property_identifier" or member.type != "member_expression" or call is None:
        return False
    if call.type == "call_expression":  # f.toString()
        return _is_taken_apart(tree, call) and _is_own(tree, member.child_by_field_name("object"))
    outer = call.parent  # Function.prototype.toString.call(f)
    is_call = outer is not None and outer.type == "call_expression" and call.type == "member_expression"
    return outer is not None and is_call and _is_taken_apart(tree, outer) and _is_own(tree, _argument(outer))


def _argument(call: Node) -> Node | None:
    arguments = call.child_by_field_name("arguments")
    return arguments.named_children[0] if arguments is not None and arguments.named_children else None


def _is_own(tree: Tree, function: Node | None) -> bool:
    """Tell whether *function* is one of the script's own, by itself or by its name."""
    while function is not None and function.type == "parenthesized_expression":
        function = function.named_children[0]
    if function is None or function.type in _FUNCTIONS:
        return function is not None
    named = function.child_by_field_name("property") if function.type == "member_expression" else function
    if named is None or named.type not in ("identifier", "property_identifier"):
        return False
    return _names_function(tree.raw, tree.text(named).encode("utf-8"))


def _names_function(raw: bytes, name: bytes) -> bool:
    """Tell whether a function is declared by *name* anywhere in a script, or given to it."""
    return any(
        _GIVEN.match(raw, end) or _DECLARED.search(raw, max(0, start - MAX_BLANKS), start)
        for start, end in map(re.Match.span, whole_word(name).finditer(raw))
    )


def _is_taken_apart(tree: Tree, text: Node) -> bool:
    """Tell whether the function's *text* is more than put together with others, run or shown."""
    value, outer = text, text.parent
    while outer is not None and outer.type == "parenthesized_expression":
        value, outer = outer, outer.parent
    if outer is None or outer.type in ("binary_expression", "array", "template_substitution", "expression_statement"):
        return False
    if outer.type == "arguments" and outer.parent is not None:
        function = outer.parent.child_by_field_name("function") or outer.parent.child_by_field_name("constructor")
        return function is None or not _RUNNERS.search(tree.text(function))
    return outer.child_by_field_name("object") == value or outer.type in (
        "variable_declarator",
        "assignment_expression",
    )
