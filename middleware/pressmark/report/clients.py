"""Name the code of a page that knows files by their addresses beyond the page, which a bundle cannot stand in for.

Such code is no fault, and what it does with other pages cannot be seen from one: these are hints for people.
"""

import re
from collections.abc import Iterator, Sequence

from pressmark.report.explanation import Explanation
from pressmark.report.page_code import PageCode, read_page_code
from pressmark.syntax.urls import file_name

CHAPTER = "docs/clients.md"
_SWAPPERS = {
    "Turbo": rb"\bdata-turbo\b|@hotwired/turbo\b|\bturbo(?:links)?(?:\.[\w-]{1,40}){0,4}\.js\b"
    rb"|\bTurbo\.(?:visit|session)\b",
    "htmx": rb"\b(?:data-)?hx-boost\b",
    "Unpoly": rb"\bup-(?:follow|main|target)\b",
    "pjax": rb"\bpjax\b",
    "swup": rb"\bnew Swup\b|\bdata-swup",
    "barba.js": rb"\bbarba\.init\b|@barba/core\b|\bdata-barba\b",
}
_BY_TAGS = frozenset(("htmx",))
"""Clients whose own files speak of the attribute, too, whether or not a page uses it."""
_WORKER = re.compile(rb"\bserviceWorker\s*\.\s*register\b")
_SHEETS = re.compile(rb"\blink\s*\[[^\]]{0,100}href|\bstyleSheets\b[^;]{0,100}\.href\b")
# At the start of a value or literal, or after a path or an operator: as in scripts/file_names.py, of any kind of file.
_NAME = re.compile(rb"(?:\A|(?<=[/\"'`=,|(^>]))[\w%@+~-][\w.%@+~-]*\.(?:m?js|css)(?![\w.])")
MAX_NAMES = 3
"""The files that one hint names."""


def hints(body: bytes, explanations: Sequence[Explanation]) -> Iterator[str]:
    """Yield a hint for each kind of such code in a page with this *body*, whose regions are explained."""
    if not any(explanation.bundles for explanation in explanations):
        return
    code = _code(body, explanations)
    if found := [name for name, pattern in _SWAPPERS.items() if _uses(code, name, pattern)]:
        yield (
            f"{' and '.join(found)} may swap this page for another without loading it, and compare files by their "
            f"addresses: write the same region on every page, and what one page adds in a second region; see {CHAPTER}"
        )
    if _WORKER.search(code.script):
        yield f"a service worker is registered: let it keep what pages ask for, and not a list of files; see {CHAPTER}"
    if _SHEETS.search(code.script):
        yield (
            "code looks for stylesheets by their addresses: give an element that it is to find an attribute such as "
            f"data-alone; see {CHAPTER}"
        )
    if named := _named(code, explanations):
        shown = ", ".join(named[:MAX_NAMES]) + (" and more" if len(named) > MAX_NAMES else "")
        yield (
            f"code or another element of the page names {shown}, now in a bundle: if it looks for that element, or "
            f"loads the file, give its element an attribute such as data-alone; see {CHAPTER}"
        )


def _uses(code: PageCode, client: str, pattern: bytes) -> bool:
    is_in_tags = re.search(pattern, code.tags) is not None
    return is_in_tags or (client not in _BY_TAGS and re.search(pattern, code.script) is not None)


def _code(body: bytes, explanations: Sequence[Explanation]) -> PageCode:
    """Return the code of the page, with the scripts that its regions become in the place of their tags."""
    outside: list[bytes] = []
    scripts: list[bytes] = []
    position = 0
    for explanation in explanations:
        start = body.find(explanation.region.raw, position)
        if start >= 0:
            outside.append(body[position:start])
            position = start + len(explanation.region.raw)
        if explanation.region.kind == "js":
            scripts += (bundle.content for bundle in explanation.bundles)
        stay = (note.element for note in explanation.notes if note.group is None and note.element.tag == "script")
        scripts += (element.text.encode("utf-8", "replace") for element in stay)
    return read_page_code(b"".join((*outside, body[position:])), *scripts)


def _named(code: PageCode, explanations: Sequence[Explanation]) -> list[str]:
    texts = (code.tags, *(literal.replace(b"\\", b"") for literal in code.literals))
    names = {name.decode("utf-8", "replace") for text in texts for name in _NAME.findall(text)}
    joined = (note.url for each in explanations for note in each.notes if note.group is not None and note.url)
    return sorted({name for url in joined if (name := file_name(url)) in names})
