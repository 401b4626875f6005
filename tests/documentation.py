"""The pages that users read, taken apart: their blocks of code, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.sources import ROOT

README, DOCS = ROOT / "README.md", ROOT / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md"))]

_FENCE = re.compile(r"\s*```(\w*)\s*")
_HEADING = re.compile(r"#{1,6} (.+)")
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_CODE_SPAN = re.compile(r"(`+)(?:(?!\1).)+\1")


@dataclass(frozen=True)
class Block:
    """A fenced block of code. *page* is relative to the repository, *heading* is all headings above the block."""

    page: str
    line: int
    language: str
    code: str
    heading: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def name_of(page: Path) -> str:
    """Return a page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in their order."""
    found: list[Block] = []
    opened: tuple[int, str, list[str]] | None = None
    headings: dict[int, str] = {}
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence, heading = _FENCE.fullmatch(line), _HEADING.fullmatch(line)
        if opened is None and fence:
            opened = number, fence[1], []
        elif opened is not None and fence:
            above = " ".join(headings.values())
            found.append(Block(name_of(page), opened[0], opened[1], "\n".join(opened[2]) + "\n", above))
            opened = None
        elif opened is not None:
            opened[2].append(line)
        elif heading:
            level = line.index(" ")
            headings = {n: text for n, text in headings.items() if n < level} | {level: heading[1]}
    return found


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def blocks_in(language: str) -> list[Block]:
    """Return the blocks of *language* of all pages."""
    return [block for block in BLOCKS if block.language == language]


def prose_of(text: str) -> str:
    """Return Markdown without its blocks of code and code spans."""
    return "\n".join(_CODE_SPAN.sub("", line) for line in _lines_of_prose(text))


def _lines_of_prose(text: str) -> Iterator[str]:
    is_code = False
    for line in text.splitlines():
        is_fence = _FENCE.fullmatch(line) is not None
        if not is_code and not is_fence:
            yield line
        is_code ^= is_fence


def links_in(text: str) -> Iterator[str]:
    """Yield the targets of links and pictures in Markdown."""
    return (match[1] for match in _LINK.finditer(prose_of(text)))


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = filter(None, map(_HEADING.fullmatch, _lines_of_prose(page.read_text(encoding="utf-8"))))
    return {re.sub(r"[^\w\- ]", "", heading[1].lower()).replace(" ", "-") for heading in headings}
