"""Find the elements whose white space a stylesheet shows as it is written (CSS Text Module Level 3, 3)."""

import re
from collections.abc import Iterable

from pressmark.syntax import css_tokens as css

EVERYTHING = "*"
"""A selector that is not understood: it may fit any element."""
# Only sheets with such a declaration are read, as nearly all have "nowrap" alone.
_MAY_SHOW = re.compile(
    r"white-space(?:-collapse)?(?:\s|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)*+:(?!\s*(?:nowrap|normal)\s*(?:!|;|\}|\Z))", re.I
)
_PROPERTIES = frozenset(("white-space", "white-space-collapse"))
_HIDDEN = frozenset(("normal", "nowrap", "collapse", "wrap", "initial", "inherit", "unset", "revert", "revert-layer"))
_COMBINATORS = frozenset(">+~|")


def shown_selectors(text: str) -> tuple[str, ...]:
    """Return the elements in which a stylesheet shows white space: names, ``.class`` and ``#id``, each alone, sorted.

    ``EVERYTHING`` stands for a selector that names none of these, and for what the sheet imports.
    """
    found = {EVERYTHING} if "@import" in text.lower() else set[str]()
    if _MAY_SHOW.search(text):
        found |= _Reader().read(css.tokenize(css.preprocess(text)))
    return tuple(sorted(found))


class _Reader:
    """Reads the rules of a stylesheet, and those within others, in one pass."""

    def __init__(self) -> None:
        self._found = set[str]()
        self._rules: list[frozenset[str]] = []  # what the open rules fit, an at-rule what the one around it does
        self._animated: list[bool] = []  # one for each open rule of an animation, whose elements are not known
        self._before: list[css.Token] = []  # since the last declaration or rule

    def read(self, tokens: Iterable[css.Token]) -> set[str]:
        for token in tokens:
            if token.kind == "{":
                around = self._rules[-1] if self._rules else frozenset((EVERYTHING,))
                is_at = bool(self._before) and self._before[0].kind == "at"
                is_animated = is_at and self._before[0].text.lower().endswith("keyframes")
                if is_animated or self._animated:
                    self._animated.append(True)
                    around, is_at = frozenset((EVERYTHING,)), True
                self._rules.append(around if is_at else frozenset(_keys(self._before)))
                self._before = []
            elif token.kind in ("}", ";"):
                self._declare()
                if token.kind == "}" and self._rules:
                    self._rules.pop()
                    self._animated = self._animated[:-1]
            elif token.kind not in ("space", "comment") or self._before:
                self._before.append(token)
        self._declare()
        return self._found

    def _declare(self) -> None:
        """Take what was read as a declaration."""
        declaration = [token for token in self._before if token.kind not in ("space", "comment")]
        self._before = []
        if len(declaration) < 2 or declaration[1].kind != ":" or declaration[0].kind != "ident":
            return
        if css.unescape(declaration[0].text).lower() in _PROPERTIES:
            words = {css.unescape(token.text).lower() for token in declaration[2:] if token.kind != "delim"}
            if not words <= _HIDDEN | {"important"}:
                self._found |= self._rules[-1] if self._rules else {EVERYTHING}


def _keys(prelude: list[css.Token]) -> set[str]:
    """Return for each selector in *prelude* the most telling part of its last compound: an id, a class, or a name."""
    keys = set[str]()
    compound: list[str] = []
    depth = 0
    is_new = True  # whether what follows begins a compound
    for number, token in enumerate(prelude):
        if css.opens(token):
            depth += 1
        elif depth:
            depth -= token.kind in (")", "]")
        elif token.kind == ",":
            keys.add(_most_telling(compound))
            compound = []
        elif token.kind == "space" or token.text in _COMBINATORS:
            is_new = True
            continue
        else:
            compound = [] if is_new else compound
            before = prelude[number - 1].text if number else ""
            if token.kind == "hash":
                compound.append(f"#{css.unescape(token.text[1:])}")
            elif token.kind == "ident" and before == ".":
                compound.append(f".{css.unescape(token.text)}")
            elif token.kind == "ident" and before != ":":
                compound.append(css.unescape(token.text).lower())
            elif token.text == "&":
                compound.append(EVERYTHING)
        is_new = False
    keys.add(_most_telling(compound))
    return keys


def _most_telling(compound: list[str]) -> str:
    if EVERYTHING in compound or not compound:
        return EVERYTHING
    return max(compound, key=lambda key: " .#".find(key[0]))
