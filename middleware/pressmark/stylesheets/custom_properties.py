"""Follow URLs through custom properties: they are relative to the sheet that uses them (CSS Values 4, 4.5.1).

So a sheet cannot move if it gives a relative URL to a custom property. In exact mode, neither can one that takes images
from custom properties that no sheet of its region sets.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pressmark.stylesheets.references import references
from pressmark.syntax.css_tokens import (
    Token,
    block_end,
    function_name,
    opens,
    parse_rule,
    position_of,
    string_value,
    unescape,
)
from pressmark.syntax.urls import clean, is_relative
from pressmark.verdicts.catalogue import Rule
from pressmark.verdicts.placement import Reason, UnmovableError

# The tokens that name a custom property or a function of the sheet's own.
_NAMING = frozenset(("ident", "function"))
_IMAGE_FUNCTIONS = frozenset(("image-set", "-webkit-image-set"))
# The properties that load the file of a url() in them; in others a url() names a part of the document, or nothing.
_LOADING = frozenset(
    """
    background background-image border-image border-image-source list-style list-style-image cursor content src
    mask mask-image mask-border mask-border-source filter backdrop-filter clip-path shape-outside
    -webkit-mask -webkit-mask-image -webkit-mask-box-image -webkit-mask-box-image-source -webkit-border-image
    -webkit-filter -webkit-clip-path
    """.split()
)


MAX_NESTING = 8
"""Declarations inside the value of a declaration, as in ``--a: {--b: {}}``: each is read again with those around it."""


@dataclass(frozen=True, slots=True)
class CustomProperties:
    """The custom properties of a sheet.

    *is_user* means that it uses any, *defined* are those that it sets, *loaded* those whose URLs it would load.
    """

    is_user: bool = False
    defined: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()

    def including(self, others: Iterable["CustomProperties"]) -> "CustomProperties":
        """Return these together with *others*, those of the imported sheets."""
        all_of = (self, *others)
        return CustomProperties(
            any(each.is_user for each in all_of),
            frozenset().union(*(each.defined for each in all_of)),
            frozenset().union(*(each.loaded for each in all_of)),
        )


def read_custom_properties(tokens: list[Token]) -> CustomProperties:
    """Return the custom properties of a sheet. Raises UnmovableError if the sheet may not move because of them."""
    if not _names_any(tokens):
        return CustomProperties()
    _refuse_url_properties(tokens)
    _refuse_relative_results(tokens)
    _refuse_substituted_strings(tokens)
    defined: dict[str, set[str]] = {}
    loaded: set[str] = set()
    for index, name, value in _declarations(tokens):
        if name.startswith("--"):
            if any(_is_relative_url(inner) for inner in references(value)):
                text = f"has a relative URL in the custom property {name}"
                raise UnmovableError(
                    Reason(Rule.CUSTOM_PROPERTY_URL, text, position_of(tokens, index)), taints_custom_properties=True
                )
            defined.setdefault(name, set()).update(_used(value))
        elif name.lower() in _LOADING:
            loaded |= _used(value)
    is_user = any(token.kind == "function" and _substitutes(token) for token in tokens)
    return CustomProperties(is_user, frozenset(defined), _closure(loaded, defined))


def _names_any(tokens: list[Token]) -> bool:
    """Tell whether a custom property, or a function of a sheet's own, is named."""
    texts = (text for kind, text in tokens if kind in _NAMING)
    return any(text[:1] in "-\\" and unescape(text).startswith("--") for text in texts)


def _closure(names: set[str], defined: dict[str, set[str]]) -> frozenset[str]:
    """Return *names* and all names that their values use, directly or not."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += defined.get(name, ())
    return frozenset(found)


def _declarations(tokens: list[Token]) -> Iterator[tuple[int, str, list[Token]]]:
    """Yield index, name and value of each declaration, and of anything else with such a name before a colon.

    Raises UnmovableError if they are nested too deep.
    """
    ends: list[int] = []  # of the declarations around
    for index, name, colon, end in _declaration_spans(tokens):
        while ends and ends[-1] <= index:
            ends.pop()
        ends.append(end)
        if len(ends) > MAX_NESTING:
            text = f"has more than {MAX_NESTING} declarations inside each other"
            reason = Reason(Rule.BUDGET, text, position_of(tokens, index))
            raise UnmovableError(reason, taints_custom_properties=True)
        yield index, name, tokens[colon:end]


def _declaration_spans(tokens: list[Token]) -> Iterator[tuple[int, str, int, int]]:
    """Yield index and name of each declaration, the index of its colon, and that of its value's end."""
    significant = ((i, t) for i, t in enumerate(tokens) if t.kind not in ("space", "comment"))
    for (index, token), (colon, following) in pairwise(significant):
        if following.kind == ":" and token.kind == "ident":
            name = unescape(token.text)
            if name.startswith("--") or name.lower() in _LOADING:
                yield index, name, colon, _declaration_end(tokens, colon)


def custom_values(tokens: list[Token]) -> frozenset[int]:
    """Return the indices of all tokens in the values of custom properties, whose text a script can read."""
    spans = _declaration_spans(tokens) if _names_any(tokens) else ()
    found = ((colon, end) for _, name, colon, end in spans if name.startswith("--"))
    return frozenset(index for colon, end in found for index in range(colon, end))


def _declaration_end(tokens: list[Token], start: int) -> int:
    position = start
    while position < len(tokens) and tokens[position].kind not in (";", "}"):
        position = block_end(tokens, position) if opens(tokens[position]) else position + 1
    return position


def _used(tokens: list[Token]) -> frozenset[str]:
    """Return the custom properties that a ``var()`` among *tokens* uses."""
    significant = (token for token in tokens if token.kind not in ("space", "comment"))
    return frozenset(
        unescape(name.text)
        for function, name in pairwise(significant)
        if function.kind == "function" and function_name(function) == "var" and name.kind == "ident"
    )


def _is_relative_url(reference: str) -> bool:
    return is_relative(clean(reference))


def _refuse_url_properties(tokens: list[Token]) -> None:
    """Raise UnmovableError for an ``@property`` of URLs: its values are resolved when they are computed."""
    end = 0
    for index, token in enumerate(tokens):
        # What lies inside of one was looked at with it.
        if token.kind == "at" and index >= end and unescape(token.text[1:]).lower() == "property":
            block = next((i for i in range(index, len(tokens)) if tokens[i].kind == "{"), len(tokens) - 1)
            end = block_end(tokens, block)
            syntax = " ".join(string_value(t) for t in tokens[block:end] if t.kind == "string")
            if "<url>" in syntax or "<image>" in syntax:
                text = "registers a custom property whose values are URLs or images"
                # Its other properties are not looked at any more.
                raise UnmovableError(
                    Reason(Rule.CUSTOM_PROPERTY_URL, text, position_of(tokens, index)), taints_custom_properties=True
                )


def _refuse_relative_results(tokens: list[Token]) -> None:
    """Raise UnmovableError for a relative URL in ``@function``: it is relative to the sheet that calls it."""
    end = 0
    for index, token in enumerate(tokens):
        if token.kind == "at" and index >= end and unescape(token.text[1:]).lower() == "function":
            rule = parse_rule(tokens, index)
            end = rule.end
            if any(_is_relative_url(reference) for reference in references(tokens[rule.start : rule.end])):
                reason = Reason(
                    Rule.CUSTOM_PROPERTY_URL, "has a relative URL in an @function", position_of(tokens, index)
                )
                raise UnmovableError(reason, taints_custom_properties=True)


def _refuse_substituted_strings(tokens: list[Token]) -> None:
    """Raise UnmovableError for a value substituted into ``image-set()``: a string is a URL there, but not before."""
    functions: list[str] = []
    images = 0  # how many of them are image functions
    for index, token in enumerate(tokens):
        if images and token.kind == "function" and _substitutes(token):
            reason = Reason(Rule.CUSTOM_PROPERTY_URL, "puts together an image-set()", position_of(tokens, index))
            raise UnmovableError(reason, taints_custom_properties=True)
        if opens(token):
            functions.append(function_name(token) if token.kind == "function" else token.kind)
            images += functions[-1] in _IMAGE_FUNCTIONS
        elif token.kind in (")", "]", "}") and functions:
            images -= functions.pop() in _IMAGE_FUNCTIONS


def _substitutes(function: Token) -> bool:
    """Tell whether *function* is replaced by a value that another sheet may have set (CSS Values 5, 10)."""
    name = function_name(function)
    return name in ("var", "inherit") or name.startswith("--")
