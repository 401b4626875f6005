"""Find the elements whose white space a stylesheet shows as it is written (CSS Text Module Level 3, 3)."""

import re

# Stylesheets are minified or written by people; a string with braces before such a declaration makes a selector that
# fits nothing, or one that is not understood.
_SHOWN = re.compile(
    r"white-space(?:-collapse)?\s*:[^;}]*\b(?:pre|pre-wrap|pre-line|break-spaces|preserve(?:-\w+)?)\b", re.I
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRING_OR_BRACKETS = re.compile(r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]|\([^()]*\)")
_PSEUDO = re.compile(r"::?[a-z-]+", re.IGNORECASE)
_KEY = re.compile(r"[.#]-?[a-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff-]*|(?<![\w.#-])[a-z][\w-]*", re.IGNORECASE)
EVERYTHING = "*"
"""A selector that is not understood: it may fit any element."""


def shown_selectors(css: str) -> tuple[str, ...]:
    """Return the elements in which *css* shows white space: names, ``.class`` and ``#id``, each alone, sorted.

    ``EVERYTHING`` stands for a selector that names none of these.
    """
    if "white-space" not in css.lower():
        return ()
    css = _COMMENT.sub(" ", css)
    found = set[str]()
    for declaration in _SHOWN.finditer(css):
        start = css.rfind("{", 0, declaration.start())
        before = max(css.rfind(sign, 0, max(0, start)) for sign in "{};")
        for selector in _STRING_OR_BRACKETS.sub("", css[before + 1 : max(0, start)]).split(","):
            found.add(_key_of(selector))
    return tuple(sorted(found))


def _key_of(selector: str) -> str:
    """Return the most telling part of the last compound of *selector*: an id, else a class, else a name."""
    if "&" in selector or "\\" in selector:  # nested, or escaped
        return EVERYTHING
    last = re.split(r"[\s>+~|]+", _PSEUDO.sub("", selector).strip())[-1]
    keys = sorted(_KEY.findall(last), key=lambda key: ".#".find(key[0]))
    return keys[-1] if keys else EVERYTHING
