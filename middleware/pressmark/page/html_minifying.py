"""Minify the HTML of a page: runs of white space become one character, and comments for people go.

Nothing else changes: tags, quotes and entities stay byte for byte. The result is parsed as browsers do it (by
turbohtml, a parser after the HTML standard) and compared with the page: a mistake here costs bytes, and no page.

White space stays where it is shown: in ``pre``, ``textarea`` and the like, below elements with ``white-space`` in their
``style``, below editable ones, and below those that a stylesheet of the page shows so. Comments stay that tell anything
to a browser, a script or a lawyer; those go that are plain words.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version

from turbohtml import Comment, Document, Html, Minify, parse

from pressmark.page.white_space import EVERYTHING, shown_selectors
from pressmark.syntax.licences import is_licence

KEY = f"html 1, turbohtml {version('turbohtml')}"
MAX_CHARACTERS = 1 << 20
"""A larger page stays as it is: it would take longer than it saves."""

_ATTRS = r"(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+"
_RAW = "script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext|pre|listing"
_TOKEN = re.compile(
    rf"<!--(?P<comment>.*?)(?:-->|--!>|\Z)"
    rf"|<(?P<raw>{_RAW})(?=[\s/>]){_ATTRS}>(?P<inside>.*?)(?:</(?P=raw)(?=[\s/>])[^>]*>|\Z)"
    rf"|<(?P<end>/?)(?P<tag>[a-z][^\s/>]*+)(?P<attrs>{_ATTRS})>",
    re.IGNORECASE | re.DOTALL,
)
_BLANKS = " \t\n\f\r"
_RUN = re.compile(rf"[{_BLANKS}]{{2,}}")
_QUOTED_OR_RUN = re.compile(rf"(\"[^\"]*\"|'[^']*')|[{_BLANKS}]+")
_LONG_ATTRS = re.compile(rf"[\t\n\f\r]|  |[{_BLANKS}]\Z")
_DOCUMENT = re.compile(rf"\ufeff?[{_BLANKS}]*<!doctype[{_BLANKS}]+html\b[^>]*>", re.IGNORECASE)
_SHOWS = re.compile(r"white-space|contenteditable|xml:space", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_WORDS = re.compile(r"\s*(?P<first>[a-z][\w'.,-]*)(?:\s+[\w'\".,;:!?()&/+-]+)+\s*", re.IGNORECASE)
# Words with which comments for programs begin.
_FOR_PROGRAMS = frozenset(
    """
    compress endcompress ko esi lit noindex htmlmin sse mfunc mclude dynamic hx ng vue svelte react slot googleoff
    googleon index wp
    """.split()
)
_LEGAL = re.compile(r"copyright|licen[cs]e|\(c\)", re.IGNORECASE)
_LAYOUT = Html(layout=Minify(omit_optional_tags=False, unquote_attributes=False, strip_comments=False))


def minify_html(page: bytes, shown: Iterable[str] = ()) -> bytes:
    """Return the minified form of *page*, or *page* itself if that is no whole document, or cannot be proved the same.

    *shown* are elements whose white space is shown, as ``shown_selectors`` gives them.
    """
    try:
        text = page.decode("utf-8")
    except UnicodeDecodeError:
        return page
    if len(text) > MAX_CHARACTERS or not _DOCUMENT.match(text):
        return page
    selectors = frozenset(shown).union(*map(shown_selectors, _styles(text)))
    made = _Minified(text, selectors)
    raw = made.text.encode("utf-8")
    return raw if len(raw) < len(page) and _is_same(text, made, selectors) else page


def _styles(text: str) -> Iterator[str]:
    return (found["inside"] for found in _TOKEN.finditer(text) if (found["raw"] or "").lower() == "style")


class _Minified:
    """The minified *text* of a page; *removed* are the comments that went, *without* is the page without them."""

    def __init__(self, text: str, selectors: frozenset[str]) -> None:
        self.removed: list[str] = []
        self._shows = _matcher(selectors)
        self._keeps_runs = EVERYTHING in selectors
        self._inside, self._depth = "", 0  # the element whose white space is shown, and how many of its name are open
        self._written: list[str] = []
        self._without: list[str] = []
        self._pending = ""
        position = 0
        for found in _TOKEN.finditer(text):
            self._pending += text[position : found.start()]
            position = found.end()
            self._take(found)
        self._pending += text[position:]
        self._flush()
        self.text = "".join(self._written)

    @property
    def without(self) -> str:
        return "".join(self._without)

    def _take(self, found: "re.Match[str]") -> None:
        comment = found["comment"]
        if comment is not None and is_for_people(comment) and found[0].endswith("-->"):
            self.removed.append(comment)
            return
        self._flush()
        token = found[0]
        self._without.append(token)
        attrs = found["attrs"]
        if attrs and not self._inside and _LONG_ATTRS.search(attrs):
            token = f"<{found['end']}{found['tag']}{_shortened(attrs)}>"
        self._written.append(token)
        if attrs is not None:
            self._follow(found["tag"].lower(), attrs, is_end=bool(found["end"]))

    def _follow(self, tag: str, attrs: str, *, is_end: bool) -> None:
        if self._inside:
            if tag == self._inside:
                self._depth += -1 if is_end else 1
                self._inside = self._inside if self._depth else ""
        elif not is_end and tag not in _VOID and (self._shows(f"<{tag} {attrs}>") or _SHOWS.search(attrs)):
            self._inside, self._depth = tag, 1

    def _flush(self) -> None:
        if self._pending:
            self._without.append(self._pending)
            keeps = self._inside or self._keeps_runs
            self._written.append(self._pending if keeps else _RUN.sub(_one, self._pending))
            self._pending = ""


def _one(run: "re.Match[str]") -> str:
    return "\n" if "\n" in run[0] else " "


def _shortened(attrs: str) -> str:
    return _QUOTED_OR_RUN.sub(lambda found: found[1] or " ", attrs).rstrip(_BLANKS)


def is_for_people(comment: str) -> bool:
    """Tell whether a *comment* is plain words, which no program reads and no law protects."""
    found = _WORDS.fullmatch(comment)
    if found is None or found["first"].lower().rstrip(":.,") in _FOR_PROGRAMS:
        return False
    return not (is_licence(f"<!{comment}") or _LEGAL.search(comment))


@lru_cache(maxsize=256)
def _matcher(selectors: frozenset[str]) -> "Callable[[str], re.Match[str] | None]":
    """Return what finds a start tag that one of *selectors* may fit."""
    parts = [r"(?!)"]
    for selector in selectors - {EVERYTHING}:
        name = re.escape(selector.lstrip(".#"))
        if selector[0] in ".#":
            attribute = "class" if selector[0] == "." else "id"
            parts.append(rf"[\s\"'/]{attribute}\s*=[^>]*?(?<![\w-]){name}(?![\w-])")
        else:
            parts.append(rf"<{name}\s")
    return re.compile("|".join(parts), re.IGNORECASE).search


def _is_same(text: str, made: _Minified, selectors: frozenset[str]) -> bool:
    """Tell whether browsers make the same of both texts, but for white space and the comments that went."""
    before, after = _parsed(text), _parsed(made.text)
    comments = [node.data for node in _comments(before)]
    if [each for each in comments if is_for_people(each)] != made.removed:
        return False
    # As if they had gone from the tree, and as if they had never been there.
    if made.removed and _bare(before) != _bare(after):
        return False
    before = _parsed(made.without)
    if before.serialize(_LAYOUT) != after.serialize(_LAYOUT):
        return False
    if "<noscript" in text.lower() and _bare(_parsed(text, runs=False)) != _bare(_parsed(made.text, runs=False)):
        return False
    shown = ["[style*='white-space' i]", "[contenteditable]", *(each for each in selectors if each != EVERYTHING)]
    return all(
        [each.text for each in before.select(selector)] == [each.text for each in after.select(selector)]
        for selector in shown
    )


def _parsed(text: str, *, runs: bool = True) -> Document:
    """Return the tree that a browser makes of *text*; scripts *run* in most."""
    return parse(text, positions=False, scripting=runs)


def _bare(document: Document) -> str:
    """Return *document* without comments for people, and without runs of white space wherever they are."""
    for node in [each for each in _comments(document) if is_for_people(each.data)]:
        node.decompose()
    return _RUN.sub(" ", document.serialize(_LAYOUT).replace("\n", " "))


def _comments(document: Document) -> list[Comment]:
    return [node for node in document.descendants if isinstance(node, Comment)]
