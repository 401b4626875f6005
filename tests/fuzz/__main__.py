"""Fuzz what reads bytes of pages: ``python -m tests.fuzz TARGET [libFuzzer's options]``, or ``make fuzz`` for all.

A target that finds something ends with the input in a file named ``crash-…``; that input becomes a test.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pressmark.page", "pressmark.syntax"]):
    from tests.fuzz.targets import TARGETS, WORDS


def main() -> None:
    """Fuzz the target that the first argument names."""
    name, options = sys.argv[1], sys.argv[2:]
    path = Path(f"{name}.dict")
    path.write_text("".join('"' + "".join(map("\\x{:02x}".format, word)) + '"\n' for word in WORDS), encoding="ascii")
    atheris.Setup([sys.argv[0], f"-dict={path}", "-max_len=400", "-timeout=20", *options], TARGETS[name])
    atheris.Fuzz()


main()
