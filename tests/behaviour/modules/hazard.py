"""Small pages of ES modules, each with one hazard that no level may step on, and a visible effect if one does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.behaviour.hazard import JS_BODY, LOG

Level = Literal["as written", "preload", "named", "linked"]
Engine = Literal["chromium", "firefox", "webkit"]

ALL: frozenset[Engine] = frozenset({"chromium", "firefox", "webkit"})
NOT_WEBKIT: frozenset[Engine] = ALL - {"webkit"}
NOT_FIREFOX: frozenset[Engine] = ALL - {"firefox"}
CHROMIUM: frozenset[Engine] = frozenset({"chromium"})

HERE = "@here@"
"""Stands in pages and files for the folder of the page: ``/s/NUMBER``."""
ORIGIN = "@origin@"
"""Stands in pages for the origin of the page."""
FOREIGN = "@foreign@"
"""Stands in pages for another origin, which has the same files and lets every page have them."""

PARSED = "<script>addEventListener('DOMContentLoaded', () => log.push('parsed'))</script>"
LOADED = "<script>addEventListener('load', () => log.push('loaded'))</script>"
# Counts what runs where the order of running is a race natively: compared by ``seen``.
RUNS = "<script>var runs = {}; var ran = name => { runs[name] = (runs[name] || 0) + 1 }</script>"
IN_ORDER = "Object.entries(runs).sort()"
# The address of a module without what differs between servers and pages.
PATH = r"new URL(import.meta.url).pathname.replace(/^\/s\/\d+/, '')"
PADDING = 2
"""Modules that every page's first entry imports: a graph of fewer than three modules is not linked."""


@dataclass(frozen=True)
class ModuleHazard:
    """A page with modules, the files beside it, and the most that may be done to it.

    *claim* says what stays as it was. *level* is the highest level that the page should get, ``None`` where that is
    of no interest. *made* are files that the application makes and no folder holds. *seen* is an expression in the
    page whose value must be the same. *engines* do natively what the standard says. A page that *streams* is sent in
    several chunks, without its length.
    """

    claim: str
    page: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    made: Mapping[str, bytes] = field(default_factory=dict)
    level: Level | None = None
    seen: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "text/html; charset=utf-8"
    streams: bool = False
    engines: frozenset[Engine] = ALL

    @property
    def id(self) -> str:
        """The claim as a word."""
        return re.sub(r"[^a-z0-9]+", "-", self.claim.lower()).strip("-")


def modules(  # a page has many parts
    claim: str,
    *entries: str | bytes,
    files: Mapping[str, str | bytes] | None = None,
    made: Mapping[str, str | bytes] | None = None,
    head: str = "",
    log: str = LOG,
    before: str = "",
    elements: str = "",
    after: str = "",
    padding: int = PADDING,
    level: Level | None = "linked",
    seen: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    content_type: str = "text/html; charset=utf-8",
    streams: bool = False,
    engines: frozenset[Engine] = ALL,
) -> ModuleHazard:
    """Return a page whose head has one region with *elements*, by default a module element for each of *entries*.

    *entries* are the contents of ``1.js``, ``2.js`` and so on; *files* are further ones. The head begins with *head*
    and the script *log*; *before* and *after* stand around the region. ``1.js`` imports *padding* modules more.
    """
    tags = "\n".join(f'<script type="module" src="{number}.js"></script>' for number in range(1, len(entries) + 1))
    page = (
        f"<!DOCTYPE html>\n<html><head>{head}{log}{before}\n<!-- compress js -->\n{elements or tags}\n"
        f"<!-- endcompress -->\n{after}</head><body>\n{JS_BODY}\n</body></html>\n"
    )
    named = {f"{number}.js": _raw(content) for number, content in enumerate(entries, 1)}
    named |= {name: _raw(content) for name, content in (files or {}).items()}
    for number in range(1, padding + 1):
        named[f"pad{number}.js"] = f"log.push('pad {number}');".encode()
    if padding:
        named["1.js"] = "".join(f'import "./pad{n}.js"; ' for n in range(1, padding + 1)).encode() + named["1.js"]
    application = {name: _raw(content) for name, content in (made or {}).items()}
    return ModuleHazard(
        claim, _raw(page), named, application, level, seen, headers, content_type, streams=streams, engines=engines
    )


def inline(text: str, attributes: str = "") -> str:
    """Return an inline module element."""
    return f'<script type="module"{attributes and " " + attributes}>{text}</script>'


def import_map(text: str) -> str:
    """Return an import map of the page's author."""
    return f'<script type="importmap">{text}</script>'


def _raw(text: str | bytes) -> bytes:
    return text.encode("utf-8") if isinstance(text, str) else text
