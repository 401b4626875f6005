"""Keep where a module in a cycle reads its imports, under the hash of its content."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from pressmark.syntax.js_references import UnresolvedError, references
from pressmark.syntax.js_refusals import PARSERS, ScriptSyntaxError
from pressmark.syntax.js_tree import Node, parse_module
from pressmark.verdicts.analyses import Analyses, key_of

FORMAT = "references 1"

Form = Literal["plain", "shorthand", "call"]


class Reference(NamedTuple):
    """A place where a module reads the import *name*: as it is, as ``{name}``, or to call it."""

    start: int
    end: int
    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class ModuleReferences:
    """All references to some imports, unless it is not sure what they mean."""

    references: Sequence[Reference] = ()
    refusal: str = ""


def known_references(text: str, names: Iterable[str], analyses: Analyses) -> ModuleReferences:
    """Return the references to the imports *names* in the module *text*, found anew only if they are not known."""
    wanted = sorted(names)
    key = key_of(FORMAT, PARSERS, text, *wanted)
    kept = analyses.read(key, ModuleReferences)
    if kept is not None:
        with suppress(TypeError):  # damaged
            return replace(kept, references=[Reference(*each) for each in kept.references])
    found = _found(text, wanted)
    analyses.write(key, found)
    return found


def _found(text: str, names: Sequence[str]) -> ModuleReferences:
    try:
        tree = parse_module(text)
        found = [
            Reference(node.start_byte, node.end_byte, name, _form(node))
            for name in names
            for node in references(tree, name)
        ]
    except (UnresolvedError, ScriptSyntaxError) as error:
        return ModuleReferences((), str(error))
    return ModuleReferences(found)


def _form(node: Node) -> Form:
    if node.type == "shorthand_property_identifier":
        return "shorthand"
    inner, outer = node, node.parent
    while outer is not None and outer.type == "parenthesized_expression":
        inner, outer = outer, outer.parent
    is_called = outer is not None and outer.type == "call_expression" and outer.child_by_field_name("function") == inner
    return "call" if is_called else "plain"
