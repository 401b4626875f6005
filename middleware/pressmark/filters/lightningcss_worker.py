"""Minify stylesheets with Lightning CSS in a process of its own: it ends the one that it is in on deep nesting.

A request is a line of JSON, and so is its answer. Nothing of Pressmark is imported here.
"""

import json
import sys
from typing import Any

import lightningcss


def answer(request: dict[str, Any]) -> dict[str, str]:
    """Return the answer to *request*."""
    try:
        return {"text": lightningcss.process_stylesheet(request["text"], browsers_list=request["browsers"])}
    except ValueError as error:
        return {"error": str(error)}


def main() -> None:
    """Answer requests until there are no more."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(answer(json.loads(line))).encode("ascii") + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
