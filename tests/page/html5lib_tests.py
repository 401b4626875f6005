"""The inputs of html5lib-tests, which the distribution of tinyhtml5 holds, and html5lib's word on a page.

``tools/install-html5lib-tests`` unpacks them beside the other packages that the tests read.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import html5lib

FOLDER = Path(__file__).parents[2] / ".venv" / "html5lib-tests"


PASSED_OVER = frozenset(("svg", "math", "template"))
"""Elements in which no comment is a marker: the README says so."""


def read_inputs() -> list[str]:
    """Return every input of the tokenizer's and the tree builder's tests, each once."""
    assert FOLDER.is_dir(), "html5lib-tests is missing: run 'make .venv/html5lib-tests', which unpacks it"
    found: set[str] = set()
    for path in FOLDER.glob("tokenizer/*.test"):
        tests = json.loads(path.read_text(encoding="utf-8"))
        for test in tests.get("tests") or tests.get("xmlViolationTests") or []:
            found.add(_unescaped(test["input"]) if test.get("doubleEscaped") else test["input"])
    for path in FOLDER.glob("tree-construction/**/*.dat"):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {test.partition("\n#errors")[0] for test in re.split(r"(?m)^#data\n", file.read())[1:]}
    # Lone surrogates are in no page's bytes.
    return sorted(text.encode("utf-8", "replace").decode() for text in found)


class Comment(NamedTuple):
    """A comment token: its content without blanks around it, and whether an element stands open that we pass over."""

    content: str
    is_passed_over: bool


@cache
def comments_of(text: str) -> tuple[Comment, ...]:
    """Return the comment tokens that html5lib's parser sees in the page *text*.

    It reads as a browser does that runs scripts. Every token counts, also one whose node leaves the tree again.
    """
    parser = html5lib.HTMLParser(tree=_Recording)
    parser.parse(text, scripting=True)
    return tuple(parser.tree.comments)


class _Recording(html5lib.getTreeBuilder("etree")):  # type: ignore[misc]  # html5lib has no types
    """A tree builder that remembers the comments which it was given."""

    def reset(self) -> None:
        super().reset()
        self.comments: list[Comment] = []

    def insertComment(self, token: Any, parent: Any = None) -> None:  # noqa: N802  # html5lib's name
        is_passed_over = any(element.name in PASSED_OVER for element in self.openElements)
        self.comments.append(Comment(token["data"].strip("\t\n\f\r "), is_passed_over))
        super().insertComment(token, parent)


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
