"""Say what a classic script does to its neighbours, and make it able to be joined with them.

Joining makes one script of several: declarations are hoisted over all of them, one "use strict" governs all, and an
exception would end all. What the syntax tree cannot clear of this ships alone or stays.
"""

from dataclasses import dataclass

from pressmark.build.inspection import find_self_inspection
from pressmark.build.place import Place, Reason, UnmovableError
from pressmark.model import Asset
from pressmark.syntax.encodings import UncertainEncodingError, decode
from pressmark.syntax.script import Node, ScriptSyntaxError, Tree, parse

# An exception that is thrown to a listener is reported like one that no one catches, at once, and ends nothing
# (DOM 2.9, "inner invoke"). reportError() says the same, but a page may well have a function of that name.
REPORT = (
    'catch(e){(function(t){t.addEventListener("e",function(){throw e});t.dispatchEvent(new Event("e"))})'
    "(new EventTarget)}"
)
# What lets a script leave work for the time between itself and the next one (HTML 8.1.4.4, microtask checkpoint).
_QUEUES = frozenset(
    """
    Promise then queueMicrotask MutationObserver fetch customElements async await animate finished ready
    WebAssembly navigator caches createImageBitmap
    """.split()
)

# Members of every window that cannot be replaced (HTML 7.2.2, LegacyUnforgeable; ECMAScript 19.1).
_UNFORGEABLE = frozenset(("window", "document", "location", "top", "undefined", "NaN", "Infinity"))


@dataclass(frozen=True, slots=True)
class Script:
    """A script ready to be joined.

    *isolated* is its text so that an exception in it ends nothing but itself, ``None`` where there is no such text.
    *reaches* are the names of other scripts that it surely looks up, *mentions* all that it might. *queues* tells
    that it may leave work to be done before the next script runs.
    """

    text: str
    isolated: str | None
    place: Place
    is_strict: bool
    functions: frozenset[str]
    variables: frozenset[str]
    reaches: frozenset[str]
    mentions: frozenset[str]
    queues: bool
    lexical: frozenset[str]
    reason: Reason | None

    @property
    def declares(self) -> frozenset[str]:
        """The names that become members of the window."""
        return self.functions | self.variables

    def cannot_follow(self, earlier: "Script", *, is_exact: bool) -> Reason | None:
        """Return why this script may not run in one script with *earlier*, ``None`` if it may."""
        if self.is_strict != earlier.is_strict:
            return Reason("strictness", f"is {_mode(self)}, and the script before it is {_mode(earlier)}")
        if earlier.isolated is None:
            return Reason("exceptions", "comes after a script whose exceptions would end it")
        hoisted = self.declares if is_exact else self.functions
        if noticed := hoisted & (earlier.mentions if is_exact else earlier.reaches):
            return Reason("hoisting", f"declares {_list(noticed)}, which the script before it could find too early")
        if is_exact and earlier.queues:
            return Reason("microtasks", "comes after a script whose promises may have to be kept first")
        return None


def read_script(asset: Asset) -> Script:
    """Return *asset* ready to be joined. Raises UnmovableError."""
    try:
        text = decode(asset.content, asset.charset)
    except UncertainEncodingError as error:
        raise UnmovableError(str(error), rule="encoding") from error
    if text.startswith("#!"):
        text = "//" + text  # a hashbang is one only at the very start of a script
    try:
        tree = parse(text)
    except ScriptSyntaxError as error:
        raise UnmovableError(f"is no script by itself: {error}", rule="syntax", at=error.at) from error
    if reason := find_self_inspection(tree):
        raise UnmovableError(reason.text, rule=reason.rule, at=reason.at)
    mentions = tree.mentions()
    reason = _reason_for_solitude(tree)
    return Script(
        text,
        _isolate(tree),
        Place.ALONE if reason else Place.ANYWHERE,
        tree.is_strict,
        frozenset(function.name for function in tree.functions),
        tree.variables,
        tree.reaches(),
        mentions,
        bool(mentions & _QUEUES) or b"async" in tree.raw or b"await" in tree.raw,
        frozenset(declared.name for declared in tree.lexical),
        reason,
    )


def _reason_for_solitude(tree: Tree) -> Reason | None:
    """Return why the script may not share one with any other: what it declares might be refused (ECMAScript 16.1.7)."""
    if tree.lexical:
        names = _list({declared.name for declared in tree.lexical})
        text = f"declares {names} by let, const or class, which fails if another script has declared it"
        return Reason("lexical-names", text, tree.lexical[0].at)
    for declared in tree.functions:
        if declared.name in _UNFORGEABLE:
            return Reason("window-names", f"declares a function {declared.name}, which no window allows", declared.at)
    return None


def _isolate(tree: Tree) -> str | None:
    """Return the script as one that passes an exception on and ends, ``None`` if its declarations forbid it.

    In a block, let, const and class would be the block's own; functions would come to be too late. Functions do
    nothing where they are declared, so they can stand before the block.
    """
    if tree.lexical or any(_is_labeled_function(node) for node in tree.root.named_children):
        return None
    body, position = [], 0
    for function in tree.functions:
        body += [tree.raw[position : function.start], b";"]  # "a" and "(b)" around it must not become a call
        position = function.end
    body.append(tree.raw[position:])
    functions = [tree.raw[function.start : function.end] + b"\n" for function in tree.functions]
    directive = b'"use strict";' if tree.is_strict else b""
    # The line ends keep "-->" a comment, and end one that begins with "//".
    parts = [directive, *functions, b"try{\n", *body, b"\n}", REPORT.encode()]
    return b"".join(parts).decode("utf-8")


def _is_labeled_function(node: Node) -> bool:
    while node.type == "labeled_statement":
        node = node.child_by_field_name("body") or node.named_children[-1]
        if node.type == "function_declaration":
            return True
    return False


def _mode(script: Script) -> str:
    return "strict" if script.is_strict else "sloppy"


def _list(names: frozenset[str] | set[str]) -> str:
    shown = sorted(names)[:3]
    return ", ".join(shown) + (" and more" if len(names) > len(shown) else "")
