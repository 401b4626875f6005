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
    lower = text.lower()
    found = {EVERYTHING} if "@import" in lower else set[str]()
    if "white-space" in lower and _MAY_SHOW.search(text):
        found |= _Reader().read(css.tokenize(css.preprocess(text)))
    return tuple(sorted(found))


class _Reader:
    """Reads the rules of a stylesheet, and those within others, in one pass."""

    def __init__(self) -> None:
        self._found = set[str]()
        self._preludes: list[list[css.Token]] = []  # of the open rules
        self._fitting: list[set[str] | None] = []  # what each of them fits, as far as that was asked for
        self._animated: list[bool] = []  # which of them are of an animation, whose elements are not known
        self._before: list[css.Token] = []  # since the last declaration or rule

    def read(self, tokens: Iterable[css.Token]) -> set[str]:
        may_show = False  # whether a word among those before begins like the property
        for token in tokens:
            kind, text = token
            if kind == "{":
                self._preludes.append(self._before)
                self._fitting.append(None)
                is_inner = bool(self._animated) and self._animated[-1]
                self._animated.append(is_inner or _is_animation(self._before))
                self._before, may_show = [], False
            elif kind in ("}", ";"):
                if may_show:
                    self._declare()
                self._before, may_show = [], False
                if kind == "}" and self._preludes:
                    self._preludes.pop()
                    self._fitting.pop()
                    self._animated.pop()
            elif kind not in ("space", "comment") or self._before:
                self._before.append(token)
                may_show = may_show or (kind == "ident" and text[0] in "wW\\")
        self._declare()
        return self._found

    def _declare(self) -> None:
        """Take what was read as a declaration."""
        declaration = [token for token in self._before if token.kind not in ("space", "comment")]
        if len(declaration) < 2 or declaration[1].kind != ":" or declaration[0].kind != "ident":
            return
        if css.unescape(declaration[0].text).lower() in _PROPERTIES:
            words = {css.unescape(token.text).lower() for token in declaration[2:] if token.kind != "delim"}
            if not words <= _HIDDEN | {"important"}:
                self._found |= self._fits()

    def _fits(self) -> set[str]:
        """Return what the innermost rule fits; an at-rule fits what the one around it does."""
        fitting = self._fitting
        known = len(fitting)
        while known and fitting[known - 1] is None:
            known -= 1
        found = (fitting[known - 1] if known else None) or {EVERYTHING}
        for number in range(known, len(fitting)):
            prelude = self._preludes[number]
            if self._animated[number]:
                found = {EVERYTHING}
            elif not _is_at(prelude):
                found = _keys(prelude)
            fitting[number] = found
        return found


def _is_at(prelude: list[css.Token]) -> bool:
    return bool(prelude) and prelude[0].kind == "at"


def _is_animation(prelude: list[css.Token]) -> bool:
    return _is_at(prelude) and prelude[0].text.lower().endswith("keyframes")


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
