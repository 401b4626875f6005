"""Find the attributes by which a page tells a script what to do: those that the script reads of its own element.

It finds that by ``document.currentScript``, or by its ``id``. If it only reads attributes of it, the tag of a bundle
may have them for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pressmark.scripts.holders import Holders
from pressmark.scripts.value_names import is_called_where_written
from pressmark.scripts.variable_uses import are_uses_harmless, attribute_read
from pressmark.syntax.js_bindings import SCOPES, around
from pressmark.syntax.js_refusals import PARSERS, CostlyScriptError, ScriptSyntaxError
from pressmark.syntax.js_tree import Node, Tree, parse, query
from pressmark.verdicts.analyses import Analyses, key_of

_LOOKS = query(
    """
    (member_expression property: (property_identifier) @name (#eq? @name "currentScript")) @own
    (call_expression
      function: [(member_expression property: (property_identifier) @by) (identifier) @by]
      arguments: (arguments . [(string) (template_string)] @text .)
      (#any-of? @by "getElementById" "querySelector" "$" "jQuery")) @call
    """
)


@dataclass(frozen=True, slots=True)
class OwnAttributes:
    """The names of the attributes that a script reads of its own element."""

    names: Sequence[str] = ()


def own_attributes(text: str, attrs: Mapping[str, str], analyses: Analyses) -> frozenset[str]:
    """Return those of *attrs*, the attributes of an element, that its script *text* alone is known to look for.

    They are ``id`` and ``data-*``. Nothing is returned if it does more with its element than to read attributes.
    """
    wanted = sorted(name for name in attrs if name == "id" or name.startswith("data-"))
    if not any(name in text or _as_member(name) in text or attrs[name] in text for name in wanted):
        return frozenset()
    key = key_of("own 2", PARSERS, text, attrs.get("id", ""), *wanted)
    found = analyses.read(key, OwnAttributes)
    if found is None:
        try:
            found = OwnAttributes(sorted(_Reader(parse(text), attrs.get("id")).read().intersection(wanted)))
        except (CostlyScriptError, ScriptSyntaxError):
            found = OwnAttributes()
        analyses.write(key, found)
    return frozenset(found.names)


def mentions(text: str, name: str, value: str) -> bool:
    """Tell whether a script *text* may read the attribute *name*, or find an element by the *value* of its id."""
    if name == "id":
        return value in text
    lowered = text.lower()
    return name in lowered or _as_member(name).lower() in lowered or "dataset[" in lowered


def _as_member(name: str) -> str:
    """Return the member of ``dataset`` by which the attribute ``data-*`` is read (HTML 3.2.6.6)."""
    first, *words = name.removeprefix("data-").split("-")
    return first + "".join(word.capitalize() for word in words)


def _may_be_for_another(look: Node) -> bool:
    """Tell whether the running script is looked at in a function that another one may call."""
    functions = (each for each in around(look) if each.type in SCOPES)
    return not all(is_called_where_written(function) for function in functions)


class _Reader:
    """Reads one script for what it does with the element that has the *id*."""

    def __init__(self, tree: Tree, id_: str | None) -> None:
        self._tree, self._id, self._holders = tree, id_, Holders(tree)
        self._read: set[str] = set()

    def read(self) -> set[str]:
        """Return the names of the attributes that are read, with ``id`` if it finds the element by that."""
        captures = self._tree.captures(_LOOKS)
        by_id, own = list(self._by_id(captures.get("call", ()))), captures.get("own", ())
        if self._id and self._tree.raw.count(self._id.encode("utf-8", "surrogatepass")) != len(by_id):
            return set()  # another use of it is not known
        if any(_may_be_for_another(look) for look in own):
            return set()
        if not all(are_uses_harmless(self._holders, look, self._reads) for look in (*own, *by_id)):
            return set()
        return self._read | ({"id"} if by_id else set())

    def _by_id(self, calls: Sequence[Node]) -> Iterator[Node]:
        for call in calls:
            function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
            if function is None or arguments is None:
                continue
            asked = self._tree.value(arguments.named_children[0])
            is_by_id = self._tree.text(function).endswith("getElementById")
            if self._id and asked == (self._id if is_by_id else f"#{self._id}"):
                yield call

    def _reads(self, use: Node) -> bool:
        name = attribute_read(self._holders, use)
        self._read |= {name} if name is not None else set()
        return name is not None
