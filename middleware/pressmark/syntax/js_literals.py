"""The values of strings and numbers in a script, whatever way they are written (ECMAScript 12.9)."""

import re

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[\n\r\u2028\u2029])|(?s:(.)))"
)
_SINGLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_INTEGER = re.compile(r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+")
_LEGACY_OCTAL = re.compile(r"0[0-7]+")
_SAFE = 1 << 53


def string_value(literal: str) -> str:
    """Return the value of a string *literal* (ECMAScript 12.9.4)."""
    text = _ESCAPE.sub(_unescaped, literal[1:-1])
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _unescaped(found: "re.Match[str]") -> str:
    if digits := found[1] or found[2] or found[3]:
        return chr(int(digits, 16))
    if found[4]:
        return chr(int(found[4], 8))
    return "" if found[5] else _SINGLE.get(found[6], found[6])


def number_value(literal: str) -> str:
    """Return a text for the value of a number (ECMAScript 12.9.3), the same for all of its spellings."""
    text = literal.replace("_", "")
    if text.endswith("n") and not text.lower().startswith("0x"):
        return f"{int(text[:-1], 0)}n"
    if text.endswith("n"):
        return f"{int(text[:-1], 16)}n"
    if _LEGACY_OCTAL.fullmatch(text):
        return repr(float(int(text, 8)))
    if _INTEGER.fullmatch(text):
        return repr(float(int(text, 0) if text[:1] == "0" and text[1:2].isalpha() else int(text, 10)))
    return repr(float(text))


def number_key(literal: str) -> str:
    """Return the name of a property that is written as a number, if that is a whole one."""
    value = number_value(literal)
    is_whole = not value.endswith("n") and float(value).is_integer() and float(value) < _SAFE
    return str(int(float(value))) if is_whole else f"number {value}"
