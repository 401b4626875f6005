"""Say what a classic script does to its neighbours, as far as its tokens tell, and make it able to be joined.

Joining makes one script of several: declarations are hoisted over all of them, one "use strict" governs all, one
unclosed bracket ends all. A script that only tokens cannot clear of this ships alone or stays.
"""

from dataclasses import dataclass

from pressmark.build.place import Place, UnmovableError
from pressmark.model import Asset
from pressmark.syntax.encodings import UncertainEncodingError, decode
from pressmark.syntax.js import ScriptError, Token, tokenize

_OPEN_ENDED = frozenset(
    ("else", "do", "typeof", "instanceof", "in", "new", "delete", "void", "throw", "case", "extends", "var",
     "let", "const", "function", "class", "if", "for", "while", "with", "switch", "try", "finally", "import", "export")
)  # fmt: skip
_SCRIPT_GETTERS = frozenset(("getElementsByTagName", "querySelector", "querySelectorAll", "getElementsByTagNameNS"))


@dataclass(frozen=True, slots=True)
class Script:
    """A script ready to be joined, with the names that it declares outside of functions."""

    text: str
    place: Place
    is_strict: bool
    functions: frozenset[str]
    variables: frozenset[str]

    def can_follow(self, earlier: "Script") -> bool:
        """Tell whether no function of this script, hoisted, takes the place of a name of *earlier*."""
        return not self.functions & (earlier.functions | earlier.variables)


def read_script(asset: Asset) -> Script:
    """Return *asset* ready to be joined. Raises UnmovableError."""
    try:
        text = decode(asset.content, asset.charset)
    except UncertainEncodingError as error:
        raise UnmovableError(str(error)) from error
    if text.startswith("#!"):
        text = "//" + text  # a hashbang is one only at the very start of a script
    try:
        tokens = tokenize(text)
    except ScriptError as error:
        raise UnmovableError(f"does not parse by itself: {error}") from error
    _refuse_unfinished(tokens)
    _refuse_self_inspection(tokens)
    return Script(
        text,
        Place.ALONE if _has_lexical_names(tokens) else Place.ANYWHERE,
        _is_strict(tokens),
        frozenset(_function_names(tokens)),
        frozenset(_variable_names(tokens)),
    )


def _is_member(tokens: list[Token], place: int) -> bool:
    return place > 0 and tokens[place - 1].text in (".", "?.")


def _refuse_unfinished(tokens: list[Token]) -> None:
    """Raise UnmovableError for a script whose last statement a neighbour would complete."""
    if not tokens:
        return
    last = tokens[-1]
    is_open_word = last.kind == "name" and last.text in _OPEN_ENDED and not _is_member(tokens, len(tokens) - 1)
    is_open_operator = last.kind == "punctuation" and last.text not in (";", ")", "]", "}", "++", "--")
    is_open_head = last.text == ")" and not last.ends_value and last.kind == "punctuation"
    if is_open_word or is_open_operator or is_open_head:
        raise UnmovableError(f"does not parse by itself: it ends in {last.text!r}")


def _refuse_self_inspection(tokens: list[Token]) -> None:
    """Raise UnmovableError for a script that looks at its own element, URL or place, or is none that may be moved."""
    for place, token in enumerate(tokens):
        if token.kind != "name":
            continue
        before = tokens[place - 1].text if place else ""
        after = [t.text for t in tokens[place + 1 : place + 3]]
        if reason := _reason_to_stay(token, before, after, tokens[place - 2].text if place > 1 else ""):
            raise UnmovableError(reason)


def _reason_to_stay(token: Token, before: str, after: list[str], owner: str) -> str:  # noqa: PLR0911  # a list of rules
    text = token.text
    if before in (".", "?."):
        if text == "currentScript":
            return "looks at document.currentScript"
        if text == "scripts" and owner == "document":
            return "looks at document.scripts"
        if text in ("write", "writeln") and owner == "document":
            return f"calls document.{text}"
        if text in _SCRIPT_GETTERS and after[:1] == ["("] and "script" in "".join(after[1:2]).lower():
            return "looks for script elements"
        if text == "stack" and after[:1] in (["."], ["?."], ["["]):
            return "takes a stack trace apart, which names the script's URL"
        return ""
    if text == "import" and before != "." and after[:1] in (["("], ["."]):
        return "uses import(), which resolves against the script's URL"
    if text in ("import", "export") and token.starts_statement and after[:1] not in ([":"], ["="], ["."]):
        return "is a module"
    if text == "return" and token.functions == 0 and token.starts_statement:
        return "does not parse by itself: 'return' outside of a function"
    return ""


def _is_strict(tokens: list[Token]) -> bool:
    """Tell whether a "use strict" directive opens the script (ECMAScript 11.2.1)."""
    for place, token in enumerate(tokens):
        if token.kind != "string":
            return False
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        ends = following is None or following.text == ";" or following.newline or following.kind == "string"
        if not ends or (
            following
            and following.newline
            and following.kind == "punctuation"
            and following.text != ";"
            and following.text not in ("{", "!", "~", "++", "--")
        ):
            return False
        if token.text[1:-1] == "use strict":
            return True
        if following is not None and following.text == ";":
            return _is_strict(tokens[place + 2 :])
    return False


def _has_lexical_names(tokens: list[Token]) -> bool:
    """Tell whether a top-level let, const or class could clash with a name of another script."""
    for place, token in enumerate(tokens):
        if token.depth or token.kind != "name" or _is_member(tokens, place):
            continue
        begins = token.starts_statement or (place > 0 and tokens[place - 1].ends_value)
        if not begins or place + 1 == len(tokens):
            continue
        following = tokens[place + 1]
        if token.text in ("const", "class") and following.kind == "name":
            return True
        if token.text in ("let", "const", "using") and (following.kind == "name" or following.text in ("[", "{")):
            return True
    return False


def _function_names(tokens: list[Token]) -> list[str]:
    names = []
    for place, token in enumerate(tokens):
        if token.text != "function" or token.kind != "name" or token.functions or _is_member(tokens, place):
            continue
        if token.starts_statement or (place and tokens[place - 1].ends_value):
            rest = [t for t in tokens[place + 1 : place + 3] if t.text != "*"]
            names += [rest[0].text] if rest and rest[0].kind == "name" else []
    return names


def _variable_names(tokens: list[Token]) -> list[str]:
    """Return the names that var declares outside of functions: some names too many rather than one too few."""
    names = []
    for place, token in enumerate(tokens):
        if token.text != "var" or token.kind != "name" or token.functions or _is_member(tokens, place):
            continue
        wants_name = True
        for following in tokens[place + 1 :]:
            if following.depth < token.depth or (following.depth == token.depth and following.text == ";"):
                break
            is_pattern = following.depth > token.depth and following.functions == token.functions
            if following.kind == "name" and (wants_name or is_pattern):
                names.append(following.text)
            if following.depth == token.depth:
                wants_name = following.text == ","
    return names
