"""Say what a classic script does to its neighbours, as far as its tokens tell, and make it able to be joined.

Joining makes one script of several: declarations are hoisted over all of them, one "use strict" governs all, one
unclosed bracket ends all. A script that only tokens cannot clear of this ships alone or stays.
"""

from dataclasses import dataclass
from itertools import pairwise

from pressmark.build.place import Place, UnmovableError
from pressmark.model import Asset
from pressmark.syntax.encodings import UncertainEncodingError, decode
from pressmark.syntax.js import ScriptError, Token, tokenize

_OPEN_ENDED = frozenset(
    ("else", "do", "typeof", "instanceof", "in", "new", "delete", "void", "throw", "case", "extends", "var",
     "let", "const", "function", "class", "if", "for", "while", "with", "switch", "try", "finally", "import", "export")
)  # fmt: skip
# Words that are names to the tokenizer, and that a name may follow.
_BEFORE_A_NAME = frozenset(
    """
    var let const using class function async get set static await yield of accessor import export enum
    if for while with switch catch from as debugger
    """.split()
)
_SCRIPT_GETTERS = frozenset(("getElementsByTagName", "querySelector", "querySelectorAll", "getElementsByTagNameNS"))


@dataclass(frozen=True, slots=True)
class Script:
    """A script ready to be joined, with the names that it declares outside of functions and all that it mentions."""

    text: str
    place: Place
    is_strict: bool
    functions: frozenset[str]
    variables: frozenset[str]
    mentioned: frozenset[str]

    def can_follow(self, earlier: "Script") -> bool:
        """Tell whether *earlier* cannot notice that this script's functions, hoisted, are there before it runs.

        A name that it mentions anywhere, be it as a member or a string, it may test, call or assign.
        """
        return not self.functions & earlier.mentioned


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
    if "sourceURL=" in text:
        raise UnmovableError("gives itself a name with sourceURL")
    _refuse_unfinished(tokens)
    _refuse_neighbours(tokens)
    _refuse_self_inspection(tokens)
    return Script(
        text,
        Place.ALONE if _has_lexical_names(tokens) else Place.ANYWHERE,
        _is_strict(tokens),
        frozenset(_function_names(tokens)),
        frozenset(_variable_names(tokens)),
        frozenset(t.text if t.kind == "name" else t.text[1:-1] for t in tokens if t.kind in ("name", "string")),
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


def _refuse_neighbours(tokens: list[Token]) -> None:
    """Raise UnmovableError where two values stand side by side: no script, and in a bundle no other either."""
    for before, after in pairwise(tokens):
        if not before.ends_value or after.newline or after.kind not in ("name", "number", "string"):
            continue
        is_word = before.kind == "name" and before.text in _BEFORE_A_NAME
        if (
            not is_word
            and after.text not in ("in", "instanceof", "of", "as", "from", "extends")
            and before.text not in ("++", "--")
        ):
            raise UnmovableError(f"does not parse by itself: {after.kind} after {before.kind}")


def _refuse_self_inspection(tokens: list[Token]) -> None:
    """Raise UnmovableError for a script that looks at its own element, URL or place, or is none that may be moved."""
    # Minified code calls it by another name: (function (d) { d.write("...") })(document).
    knows_document = any(token.text == "document" for token in tokens)
    for place, token in enumerate(tokens):
        is_index = token.kind == "string" and place > 0 and tokens[place - 1].text == "["
        index = token.text[1:-1] if is_index else ""
        if "currentScript" in (token.text, index):
            raise UnmovableError("looks at document.currentScript")
        if index in ("write", "writeln") and knows_document:
            raise UnmovableError(f"may call document.{index}")
        if token.kind != "name":
            continue
        before = tokens[place - 1].text if place else ""
        after = [t.text for t in tokens[place + 1 : place + 3]]
        owner = tokens[place - 2].text if place > 1 else ""
        if reason := _reason_to_stay(token, before, after, owner, knows_document=knows_document):
            raise UnmovableError(reason)


def _reason_to_stay(token: Token, before: str, after: list[str], owner: str, *, knows_document: bool) -> str:  # noqa: PLR0911  # a list of rules
    text = token.text
    if before in (".", "?."):
        if text == "scripts" and owner == "document":
            return "looks at document.scripts"
        if text in ("write", "writeln") and (owner == "document" or (knows_document and after[:1] == ["("])):
            return f"may call document.{text}"
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
    place = 0
    while place < len(tokens) and tokens[place].kind == "string" and _ends_statement(tokens, place):
        if tokens[place].text[1:-1] == "use strict":
            return True
        place += 2 if tokens[place + 1 : place + 2] and tokens[place + 1].text == ";" else 1
    return False


def _ends_statement(tokens: list[Token], place: int) -> bool:
    """Tell whether the token at *place* is the last of its statement, which a line end may end too."""
    if place + 1 == len(tokens):
        return True
    following = tokens[place + 1]
    if not following.newline or following.text in (";", "{", "!", "~", "++", "--"):
        return following.newline or following.text == ";"
    return following.kind != "punctuation" and following.text not in ("in", "instanceof")


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
    names: list[str] = []
    depth = -1  # that of the var whose names are read, -1 for none
    wants_name = False
    for place, token in enumerate(tokens):
        if token.text == "var" and token.kind == "name" and not token.functions and not _is_member(tokens, place):
            depth, wants_name = token.depth, True
            continue
        if token.depth < depth or (token.depth == depth and token.text == ";"):
            depth = -1
        if depth < 0 or token.functions:
            continue
        if token.kind == "name" and (wants_name or token.depth > depth):
            names.append(token.text)
        if token.depth == depth:
            wants_name = token.text == ","
    return names
