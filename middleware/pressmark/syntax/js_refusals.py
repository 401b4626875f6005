"""Refuse texts that are no scripts or no modules, by QuickJS, and those that would cost too much to read."""

import re
from importlib.metadata import version

from _quickjs import Context, JSException  # the package around it starts a thread when it is imported

PARSERS = f"quickjs-ng {version('quickjs-ng')}, tree-sitter-javascript {version('tree-sitter-javascript')}"
"""The parsers and their versions, on which every analysis depends beside the text."""
MAX_STACK_BYTES = 1 << 20
"""The stack that QuickJS may use: deeper nesting is refused. A thread of musl has at most twice as much."""

# The budget of one script. tree-sitter takes 90 to 120 times the memory of a minified script, and 370 times that of one
# of nothing but signs; QuickJS takes a time that grows with the square of the number of names.
MAX_SCRIPT_BYTES = 2 << 20
MAX_SIGNS = 1 << 19
MAX_NAMES = 10_000
MAX_S = 5.0
"""Seconds of a thread's own work for the search of one tree."""

_SIGNS = b"!\"%&'()*+,-./:;<=>?[]^`{|}~"
# The message of the exception with which a script that compiles is stopped before its first statement.
_STOPPED = "0"
# That of a module that compiles and has imports, which nobody loads here.
_IMPORTS = "ReferenceError: could not load module"
_AT = re.compile(r"<input>:(\d+):(\d+)")


class ScriptSyntaxError(ValueError):
    """The text is no script or module by itself. *at* is the line and column, from 1, if they are known."""

    def __init__(self, message: str, at: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.at = at


class ParsersDisagreeError(ScriptSyntaxError):
    """One parser takes the text, and another one does not: browsers may run it."""


class CostlyScriptError(ScriptSyntaxError):
    """Reading the text would take too much time or memory; it may be a script."""


def refuse_costly(raw: bytes) -> None:
    """Raise CostlyScriptError for a script that would take some hundred MB, or some seconds, to parse."""
    if len(raw) > MAX_SCRIPT_BYTES:
        raise CostlyScriptError(f"it has more than {MAX_SCRIPT_BYTES / 2**20:g} MiB")
    if len(raw) - len(raw.translate(None, _SIGNS)) > MAX_SIGNS:
        raise CostlyScriptError(f"it has more than {MAX_SIGNS} signs")
    if raw.count(b"#") > MAX_NAMES:
        raise CostlyScriptError(f"it may have more than {MAX_NAMES} private names")


def refuse_early_errors(text: str, *, is_strict: bool = False) -> None:
    """Raise ScriptSyntaxError if *text* does not compile as a classic script (ECMAScript, 16.1.1). Runs nothing."""
    # A directive counts only at the very start: in a strict script it must stand before the "throw", too.
    _refuse(text, '"use strict";' if is_strict else "", is_module=False)


def refuse_early_module_errors(text: str) -> None:
    """Raise ScriptSyntaxError if *text* does not compile as a module (ECMAScript, 16.2.1). Runs nothing.

    Of a module with imports QuickJS asks for these before it looks whether their names clash with others, and whether
    what is exported is declared: the caller must.
    """
    _refuse(text, "", is_module=True)


def _refuse(text: str, prologue: str, *, is_module: bool) -> None:
    hashbang = "//" if text.startswith("#!") else ""
    context = Context()
    context.set_max_stack_size(MAX_STACK_BYTES)
    compiled = context.module if is_module else context.eval
    try:
        # A NUL would end a C string. Any other control character is allowed or refused at the same positions.
        compiled(f"{prologue}throw {_STOPPED};\n{hashbang}{text}".replace("\0", "\x01"))
    except UnicodeEncodeError as error:
        raise ScriptSyntaxError("it holds half of a surrogate pair") from error
    except JSException as error:
        message, _, trace = str(error).partition("\n")
        if message != _STOPPED and not (is_module and message.startswith(_IMPORTS)):
            found = _AT.search(trace)
            at = (int(found[1]) - 1, int(found[2])) if found else None
            raise ScriptSyntaxError(message.removeprefix("SyntaxError: "), at) from error
