"""A region whose end marker has not come yet, and what its first marker says."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pressmark.model import Kind, Mode, Region, Text
from pressmark.page.lexer import Comment
from pressmark.page.modules_around import has_modules
from pressmark.page.named_files import name_in
from pressmark.page.preloads import bears_on, is_preload

MAX_REGION_BYTES = 1 << 20
MAX_MARKER_BYTES = 1 << 10
TOO_LARGE = f"begins no region: it would be larger than {MAX_REGION_BYTES >> 20} MiB"

SPACE = rb"[\t\n\f\r ]"
_PART = rb"(?:" + SPACE + rb"*," + SPACE + rb"*|" + SPACE + rb"+)"
_OPENING = re.compile(
    SPACE + rb"*compress" + SPACE + rb"+(css|js)"
    rb"(?:" + _PART + rb"(?:(file|inline|preload)(?:" + SPACE + rb"+(trust))?(?:" + SPACE + rb"+([A-Za-z0-9_-]+))?"
    rb"|(trust)(?:" + SPACE + rb"+([A-Za-z0-9_-]+))?|([A-Za-z0-9_-]+))"
    rb"|" + SPACE + rb"*,)?(?:" + SPACE + rb"+context:([0-9a-f]{16}))?" + SPACE + rb"*"
)


class _Said(NamedTuple):
    """What a start marker says."""

    kind: Kind
    mode: Mode
    name: str
    is_trusted: bool
    context: str


class OpenRegion:
    """A region whose end marker has not come yet. With a flaw it is none: it leaves as text up to its end marker."""

    def __init__(self, said: _Said, comment: Comment) -> None:
        self.said, self.kind, self.opening = said, said.kind, comment
        self.head, self.in_head, self.after_pre = comment.head, comment.in_head, comment.after_pre
        self.raw = bytearray()
        self.size = 0
        self.body_start = comment.end - comment.start
        self.flaw = ""
        self._is_told = False

    def add(self, raw: bytes) -> None:
        self.raw += raw
        self.size += len(raw)
        if self.size > MAX_REGION_BYTES:
            self.flaw = self.flaw or TOO_LARGE

    def overflow(self) -> Iterator[Text]:
        """Yield the bytes of a region with a flaw, which need not be held back; the flaw with the first of them."""
        if self.raw and self.flaw:
            yield Text(bytes(self.raw), "" if self._is_told else self.flaw)
            self._is_told = True
            self.raw.clear()

    def close(self, closing_bytes: int) -> Region:
        raw = bytes(self.raw)
        body = raw[self.body_start : len(raw) - closing_bytes]
        head = tuple(tag for tag in self.head if self._is_borne_by(tag, body))
        said = self.said
        return Region(
            said.kind,
            said.mode,
            said.name,
            body,
            raw,
            head,
            self.in_head,
            self.after_pre,
            said.is_trusted,
            said.context,
            said.kind == "js" and has_modules(body),
        )

    def _is_borne_by(self, tag: bytes, body: bytes) -> bool:
        """Tell whether a *tag* of the page's head bears on a region with this *body*."""
        if is_preload(tag):
            return bears_on(tag, self.kind, body)
        name = name_in(tag)
        return not name or body.find(name) >= 0


def opening_of(comment: Comment) -> OpenRegion | None:
    found = _OPENING.fullmatch(comment.content) if b"compress" in comment.content else None
    if not found:
        return None
    kind: Kind = "css" if found[1] == b"css" else "js"
    modes: dict[bytes | None, Mode] = {b"inline": "inline", b"preload": "preload"}
    is_trusted, name = bool(found[3] or found[5]), found[4] or found[6] or found[7] or b""
    context = (found[8] or b"").decode("ascii")
    said = _Said(kind, modes.get(found[2], "file"), name.decode("ascii"), is_trusted, context)
    return OpenRegion(said, comment)
