"""Minify the HTML of a page: runs of white space become one character, and comments for people go.

Nothing else changes: attributes, quotes and entities stay as they are written. The result is parsed as browsers do it
(by turbohtml, a parser after the HTML standard) and compared with the page: a mistake here costs bytes, and no page.

White space stays where it is shown: in ``pre``, ``textarea`` and the like, below elements with ``white-space`` in their
``style``, below editable ones, and below those that a stylesheet of the page shows so. Comments stay that tell anything
to a browser, a script or a lawyer; those go that are plain words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import zip_longest
from types import MappingProxyType

from turbohtml import Comment, Document, Html, Minify, parse

from pressmark.page.white_space import EVERYTHING, shown_selectors
from pressmark.syntax.css_tokens import quote
from pressmark.syntax.licences import is_licence

KEY = f"html 2, turbohtml {version('turbohtml')}"
"""What results depend on beside the page."""
MAX_CHARACTERS = 1 << 18
"""A larger page stays as it is: it would hold up others for longer than it saves."""

_ATTRS = r"(?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+"
_RAW = "script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext|pre|listing"
_OPENING = re.compile(r"<(?=[a-z/!])", re.IGNORECASE)
_TOKEN = re.compile(
    rf"<!--(?P<comment>.*?)(?:-->|--!>|\Z)"
    rf"|<(?P<raw>{_RAW})(?=[\s/>]){_ATTRS}>(?P<inside>.*?)(?:</(?P=raw)(?=[\s/>])[^>]*>|\Z)"
    rf"|<(?P<end>/?)(?P<tag>[a-z][^\s/>]*+)(?P<attrs>{_ATTRS})>"
    rf"|<(?:![^>]*|/[^a-z>][^>]*)>|</>",
    re.IGNORECASE | re.DOTALL,
)
_ATTR = re.compile(r"([^\s\"'<>/=]++)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?+")
_BLANKS = " \t\n\f\r"
_RUN = re.compile(rf"[{_BLANKS}]{{2,}}")
_QUOTED_OR_RUN = re.compile(rf"(\"[^\"]*\"|'[^']*')|[{_BLANKS}]+")
_LONG_ATTRS = re.compile(rf"[\t\n\f\r]|  |[{_BLANKS}]\Z")
_DOCUMENT = re.compile(rf"\ufeff?[{_BLANKS}]*<!doctype[{_BLANKS}]+html\b[^>]*>", re.IGNORECASE)
_SHOWS = re.compile(r"white-space|contenteditable|xml:space", re.IGNORECASE)
_SHEET_INSIDE = re.compile(r"<(?:link|style)\b", re.IGNORECASE)
_FONTS_ALONE = re.compile(
    r"(?:https?:)?//(?:fonts\.googleapis\.com|fonts\.bunny\.net|use\.typekit\.net)/", re.IGNORECASE
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_WORDS = re.compile(r"\s*(?P<first>[a-z][\w'.,]*)(?:\s+[\w'\".,;:!?()&/+-]+)+\s*", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{2,}", re.IGNORECASE)
# Words with which comments for programs begin.
_FOR_PROGRAMS = frozenset(
    """
    compress endcompress ko esi lit noindex htmlmin sse mfunc mclude dynamic hx ng vue svelte react slot googleoff
    googleon index wp teleport suspense fragment hydrate island
    """.split()
)
_LEGAL = re.compile(
    r"copyright|licen[cs]e|\(c\)|rights reserved|trademark|\b(?:MIT|GPL|LGPL|BSD|Apache)\b", re.IGNORECASE
)
_LAYOUT = Html(layout=Minify(omit_optional_tags=False, unquote_attributes=False, strip_comments=False))


def minify_html(page: bytes, sheets: Mapping[str, Iterable[str]] = MappingProxyType({})) -> bytes:
    """Return the minified form of *page*, or *page* itself if that is no whole document, or cannot be proved the same.

    *sheets* are stylesheets by parts of their URLs, each with the elements whose white space it shows, as
    ``shown_selectors`` gives them. Where a page has any other, its white space stays.
    """
    try:
        text = page.decode("utf-8")
    except UnicodeDecodeError:
        return page
    if len(text) > MAX_CHARACTERS or not _DOCUMENT.match(text):
        return page
    tokens = _tokens(text)
    if tokens is None:
        return page
    selectors = frozenset(_shown(tokens, sheets))
    made = _Minified(text, tokens, selectors)
    raw = made.text.encode("utf-8")
    return raw if len(raw) < len(page) and _is_same(text, made, selectors) else page


def _tokens(text: str) -> list["re.Match[str]"] | None:
    """Return the tags, comments and raw elements in *text*; ``None`` if a tag never closes: it would be sought anew."""
    found: list[re.Match[str]] = []
    position = 0
    while (opening := _OPENING.search(text, position)) is not None:
        token = _TOKEN.match(text, opening.start())
        if token is None:
            return None
        found.append(token)
        position = token.end()
    return found


def _shown(tokens: Iterable["re.Match[str]"], sheets: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the elements whose white space the stylesheets of a page show."""
    for token in tokens:
        raw = (token["raw"] or "").lower()
        if raw == "style":
            yield from shown_selectors(token["inside"])
        elif raw == "noscript" and _SHEET_INSIDE.search(token["inside"]):
            yield EVERYTHING
        elif token["tag"] is not None and token["tag"].lower() == "link" and not token["end"]:
            attrs = _attributes(token["attrs"])
            rel = attrs.get("rel", "").lower()
            if "stylesheet" in rel or "&" in rel:
                href = attrs.get("href", "")
                known = [name for name in sheets if name in href]
                if not known and not _FONTS_ALONE.match(href.strip()):
                    yield EVERYTHING
                for name in known:
                    yield from sheets[name]


def _attributes(attrs: str) -> dict[str, str]:
    """Return the attributes of a tag, each as it is written; of equal names the first counts (HTML 13.2.5.33)."""
    found: dict[str, str] = {}
    for name, value in _ATTR.findall(attrs):
        found.setdefault(name.lower(), value.strip(value[:1]) if value[:1] in ("'", '"') else value)
    return found


class _Minified:
    """The minified *text* of a page; *removed* are the comments that went, *without* is the page without them."""

    def __init__(self, text: str, tokens: Iterable["re.Match[str]"], selectors: frozenset[str]) -> None:
        self.removed: list[str] = []
        self._selectors = selectors
        self._keeps_runs = EVERYTHING in selectors
        self._inside, self._depth = "", 0  # the element whose white space is shown, and how many of its name are open
        self._written: list[str] = []
        self._without: list[str] = []
        self._pending = ""
        position = 0
        for found in tokens:
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
        elif not is_end and tag not in _VOID and (_SHOWS.search(attrs) or self._fits(tag, attrs)):
            self._inside, self._depth = tag, 1

    def _fits(self, tag: str, attrs: str) -> bool:
        """Tell whether one of the selectors may fit an element."""
        if not self._selectors:
            return False
        if tag in self._selectors:
            return True
        found = _attributes(attrs)
        words = f"{found.get('class', '')} {found.get('id', '')}".split()
        keys = {f"{sign}{word}" for word in words for sign in ".#"}
        return bool(keys & self._selectors) or any("&" in word for word in words)

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
    if found is None or found["first"].lower().rstrip(".,") in _FOR_PROGRAMS or len(_WORD.findall(comment)) < 2:
        return False
    return not (is_licence(f"<!{comment}") or _LEGAL.search(comment))


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
    shown = ["[style*='white-space' i]", "[contenteditable]", *(_css(each) for each in selectors if each != EVERYTHING)]
    pairs = (zip_longest(before.select(each), after.select(each)) for each in shown)
    return all(one and other and one.text == other.text for pair in pairs for one, other in pair)


def _css(key: str) -> str:
    """Return *key* as a selector, whatever characters its name has."""
    if key[0] == ".":
        return f"[class~={quote(key[1:])}]"
    return f"[id={quote(key[1:])}]" if key[0] == "#" else key


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
