"""Find the attributes by which a page tells a script what to do: those that the script reads of its own element.

It finds that by ``document.currentScript``, or by its ``id``. If it only reads attributes of it, the tag of a bundle
may have them for it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pressmark.scripts.holders import Holders
from pressmark.scripts.value_names import arguments_of, is_called_where_written
from pressmark.scripts.variable_uses import are_uses_harmless, constant
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


_READS_ATTRIBUTE = frozenset(("getAttribute", "hasAttribute", "attr", "data"))
# Attributes of the file that an element loads, or that the tag of its bundle may have otherwise.
_OF_FILES = frozenset(
    "src type charset language integrity crossorigin referrerpolicy fetchpriority blocking defer class id".split()
)
_READS_ANY = re.compile(
    r"\b(?:dataset(?!\s*\.|\w)|attributes\b|getAttributeNames\b)|\.data\(\s*\)|[\"'`]data-(?:[\"'`]|\$\{)"
)
_ASSIGNMENTS = frozenset(("assignment_expression", "augmented_assignment_expression", "for_in_statement"))


@dataclass(frozen=True, slots=True)
class OwnAttributes:
    """The names of the attributes that a script reads of its own element."""

    names: Sequence[str] = ()


def own_attributes(text: str, attrs: Mapping[str, str], analyses: Analyses) -> frozenset[str]:
    """Return those of *attrs*, the attributes of an element, that its script *text* alone is known to look for.

    They are ``id`` and ``data-*``. Nothing is returned if it does more with its element than to read attributes.
    """
    wanted = of_scripts(attrs)
    if not wanted or not ("currentScript" in text or (attrs.get("id") and attrs["id"] in text)):
        return frozenset()
    key = key_of("own 5", PARSERS, text, attrs.get("id", ""), *wanted)
    found = analyses.read(key, OwnAttributes)
    if found is None:
        try:
            found = OwnAttributes(sorted(_Reader(parse(text), attrs.get("id")).read().intersection(wanted)))
        except (CostlyScriptError, ScriptSyntaxError):
            found = OwnAttributes()
        analyses.write(key, found)
    return frozenset(found.names)


def of_scripts(attrs: Mapping[str, str]) -> list[str]:
    """Return those of *attrs* that scripts read, by which a page tells them what to do."""
    return sorted(name for name in attrs if name == "id" or (name.startswith("data-") and name != "data-pressmark"))


def attribute_read(holders: Holders, use: Node) -> str | None:
    """Return the name of the attribute that *use*, a member of a script element, reads, if a bundle's tag has it, too.

    ``None`` for any other use. No tag that may join has an attribute that is not known, so neither has a bundle's.
    """
    name = use.child_by_field_name("property") if use.type == "member_expression" else None
    outer = use.parent
    if name is None or outer is None:
        return None
    method = holders.tree.text(name)
    if method == "dataset":
        is_read = outer.type == "member_expression" and outer.child_by_field_name("object") == use
        if not is_read or _is_changed(outer):
            return None
        member = outer.child_by_field_name("property")
        return _as_attribute(holders.tree.text(member)) if member is not None else None
    is_read = method in _READS_ATTRIBUTE and outer.child_by_field_name("function") == use
    asked = arguments_of(outer) if is_read else []
    read = constant(holders, asked[0]) if len(asked) == 1 else None
    if read is None:
        return None
    read = _as_attribute(read) if method == "data" else read.lower()
    return None if read in _OF_FILES else read


def _is_changed(member: Node) -> bool:
    """Tell whether *member* is given a value, deleted, or may be by a pattern."""
    user = member.parent
    if user is None or user.type.endswith("_pattern") or user.type == "update_expression":
        return True
    if user.type in _ASSIGNMENTS:
        return user.child_by_field_name("left") == member
    operator = user.child_by_field_name("operator") if user.type == "unary_expression" else None
    return operator is not None and operator.type == "delete"


def _as_attribute(member: str) -> str:
    """Return the attribute that a member of ``dataset`` is (HTML 3.2.6.6)."""
    return "data-" + re.sub("[A-Z]", lambda letter: "-" + letter[0].lower(), member)


def may_read(text: str, name: str, value: str) -> bool:
    """Tell whether a script *text* may read the attribute *name*, or find an element by the *value* of its id."""
    if name == "id":
        return value in text
    lowered = text.lower()
    return name in lowered or _as_member(name).lower() in lowered or "dataset[" in lowered


def named_by(text: str, attrs: Mapping[str, str]) -> frozenset[str]:
    """Return those of *attrs*, the attributes of its element, that a script *text* may read by what stands in it.

    They are ``id``, if the text has its value, and ``data-*``: all of them if it may take names of a list, or put them
    together.
    """
    finds_itself = "currentScript" in text or (bool(attrs.get("id")) and attrs["id"] in text)
    is_any = finds_itself and _READS_ANY.search(text) is not None
    return frozenset(
        name for name in of_scripts(attrs) if may_read(text, name, attrs[name]) or (is_any and name != "id")
    )


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
            function = call.child_by_field_name("function")
            is_by_id = function is not None and self._tree.text(function).endswith("getElementById")
            asked = self._tree.value(arguments_of(call)[0])
            if self._id and asked == (self._id if is_by_id else f"#{self._id}"):
                yield call

    def _reads(self, use: Node) -> bool:
        name = attribute_read(self._holders, use)
        self._read |= {name} if name is not None else set()
        return name is not None
