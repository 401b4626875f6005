"""Write names and texts as JavaScript, in ASCII as far as they need not be names of variables."""

import json


def as_string(text: str) -> str:
    """Return *text* as a literal of JavaScript in ASCII."""
    return json.dumps(text)


def is_word(name: str) -> bool:
    """Tell whether *name* is surely one of a variable or property as it stands."""
    return name.isascii() and name.replace("$", "_").isidentifier()


def as_property(name: str) -> str:
    """Return *name* as that of a property of an object that is written down."""
    return '["__proto__"]' if name == "__proto__" else name if is_word(name) else as_string(name)


def as_member(name: str) -> str:
    """Return what reads the property *name* of the expression before it."""
    return f".{name}" if is_word(name) else f"[{as_string(name)}]"
