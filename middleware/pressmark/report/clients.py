"""Name the code of a page that knows files by their addresses beyond the page, which a bundle cannot stand in for.

Such code is no fault, and what it does with other pages cannot be seen from one: these are hints for people.
"""

import re
from collections.abc import Iterator, Sequence

from pressmark.report.explanation import Explanation
from pressmark.syntax.urls import file_name

CHAPTER = "docs/clients.md"
_CLIENTS = {
    "Turbo": rb"\bdata-turbo\b|@hotwired/turbo|\bturbo(?:links)?(?:\.[\w-]+)*\.js\b|\bTurbo\.(?:visit|session)\b",
    "htmx": rb"\b(?:data-)?hx-boost\b",
    "Unpoly": rb"\bup-(?:follow|main|target)\b",
    "pjax": rb"\bpjax\b",
    "swup": rb"\bnew Swup\b|\bdata-swup",
    "barba.js": rb"\bbarba\.init\b|\bdata-barba\b",
}
_SWAPPERS = {name: re.compile(pattern) for name, pattern in _CLIENTS.items()}
_WORKER = re.compile(rb"\bserviceWorker\s*\.\s*register\b")
_SHEETS = re.compile(rb"\blink\s*\[[^\]]{0,100}href|\bstyleSheets\b[^;]{0,100}\.href\b")
_NAME = re.compile(rb"[\w%@+~-][\w.%@+~-]*\.(?:m?js|css)(?![\w.])")
MAX_NAMES = 3
"""The files that one hint names."""


def hints(body: bytes, explanations: Sequence[Explanation]) -> Iterator[str]:
    """Yield a hint for each kind of such code in a page with this *body*, whose regions are explained."""
    if not any(explanation.bundles for explanation in explanations):
        return
    code = _code(body, explanations)
    if found := [name for name, pattern in _SWAPPERS.items() if pattern.search(code)]:
        yield (
            f"{' and '.join(found)} may swap this page for another without loading it, and compare files by their "
            f"addresses: write the same region on every page, and what one page adds in a second region; see {CHAPTER}"
        )
    if _WORKER.search(code):
        yield f"a service worker is registered: let it keep what pages ask for, and not a list of files; see {CHAPTER}"
    if _SHEETS.search(code):
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


def _code(body: bytes, explanations: Sequence[Explanation]) -> bytes:
    """Return the page without its regions, and what these become: in a bundle's code are no addresses of its own."""
    for explanation in explanations:
        bundles = b"\n".join(bundle.content for bundle in explanation.bundles)
        stay = (note.element.text.encode("utf-8", "replace") for note in explanation.notes if note.group is None)
        body = body.replace(explanation.region.raw, b"\n".join((bundles, *stay)))
    return body


def _named(code: bytes, explanations: Sequence[Explanation]) -> list[str]:
    names = {name.decode("utf-8", "replace") for name in _NAME.findall(code)}
    joined = (note.url for each in explanations for note in each.notes if note.group is not None and note.url)
    return sorted({name for url in joined if (name := file_name(url)) in names})
