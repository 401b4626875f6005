"""Find real comment tokens in a stream of HTML bytes, as the HTML tokenizer would (13.2.5).

Theory
------
The lexer works on bytes, which is exact for every encoding in which "<" is always a "<". It is always in one of these
states, and each has one way out:

* *data*: text, tags with their quoted attributes, bogus comments. Ordinary ones are passed over: by the fast path, or
  by one expression where that proves nothing. It stops at a comment, and at a special tag.
* *raw text* (``script``, ``style``, ``title``, ...): ends at its own end tag. A script may hide that behind "<!--".
* *comment*: ends at "-->" or "--!>".
* *nested* in ``svg``, ``math`` or ``template``: comments there are not reported.
* *given up*: only a tree builder would know the next token. Nothing is reported any more.

A token cut by the end of the bytes is kept and finished by the next ones, so the reported comments are the same however
the bytes are cut. So are the two facts that are reported with a comment: the tags of the page's head before it, and
whether it may follow the start tag of a ``pre``. The second is found by a look back over the bytes since the last
comment.

``defer`` takes bytes that hold no comment of interest, and lexes them only if another comment ever comes.

Long, because the states are one machine.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from pressmark.page.fast_path import skip_to_special
from pressmark.page.html_grammar import (
    ABRUPT_COMMENT,
    COMMENT_END,
    FOREIGN_RUN,
    HEAD_RUN,
    HEAD_SPECIALS,
    META_OF_INTEREST,
    OPENS_TEXT,
    ORDINARY,
    ORDINARY_START,
    PRE,
    PRE_TAG,
    RAW_TEXT_ENDS,
    SCRIPT_STATES,
    SPECIAL_START,
    TAG,
    TEXT_END,
    closes_itself,
    shortened,
)
from pressmark.page.named_files import MAX_NAMED, OVERLAP, name_in, named_in
from pressmark.page.preloads import preloads_in

MAX_TAG_BYTES = 1 << 16
"""Of a longer unfinished tag only the bytes are kept on which its end depends."""
MAX_HEAD_TAGS = 64
MAX_PRE_BYTES = 1 << 12
"""The longest start tag of a ``pre`` that is found."""
MAX_PRE_TRIES = 8

BOM = b"\xef\xbb\xbf"
_BOMS = (BOM, b"\xff\xfe", b"\xfe\xff")


class Comment(NamedTuple):
    """A comment's offsets in the bytes last fed, its content, and the head tags before it that bear on regions.

    *in_head* means that nothing before it ends a page's head (HTML 13.2.6.4.4). *after_pre* means that the start tag
    of a ``pre`` or ``listing`` may stand right before it: a line end that follows such a tag is dropped.
    """

    start: int
    end: int
    content: bytes
    head: tuple[bytes, ...]
    in_head: bool
    after_pre: bool = False


class LexerState(NamedTuple):
    """The head tags that a lexer has met, and whether the page's head is still open."""

    head: tuple[bytes, ...]
    in_head: bool


class Lexer:
    """Reads HTML in pieces and reports comments. A comment cut by a piece's end is not reported."""

    def __init__(self) -> None:
        self._deferred: list[bytes] = []
        self._deferred_bytes = 0
        self._tail = b""
        self._state = ""  # "", or the raw text element or "comment" that the next bytes are in
        self._script_state = "data"
        self._nesting: list[bytes] = []
        self._head: tuple[bytes, ...] = ()
        self._script = b""  # the end of the text of the open script
        self._in_head = True
        self._gap = b""  # the bytes before the next ones and after the last comment, no more than MAX_PRE_BYTES
        self._counted = 0  # how many of the next bytes stand for some that the gap has already
        self._is_begun = False
        self.has_given_up = False  # only a tree builder would know the next token: nothing is reported any more
        self.given_up_at = 0  # the offset of that in the bytes last fed, 0 if it was before them
        self._no_skip_before = 0
        self._resumes_at = 0

    @property
    def state(self) -> LexerState:
        """The lexer's state right after a comment that it reported."""
        return LexerState(self._head, self._in_head)

    def resume(self, state: LexerState, at: int = 0) -> None:
        """Go on right after a comment where another lexer had *state*.

        While the comments of some bytes are read: *at* that offset, which is behind the comment reported last.
        """
        self._head, self._in_head = state
        self._is_begun = True
        self._resumes_at = at

    def defer(self, raw: bytes) -> None:
        """Take *raw*, which holds no comment of interest, and lex it only when that is needed."""
        self._deferred.append(raw)
        self._deferred_bytes += len(raw)
        if self._deferred_bytes > 4 * MAX_TAG_BYTES:
            for _ in self.feed(b""):
                pass

    def ends_lost(self) -> bool:
        """Tell, at a page's end, whether comments may be unreported that a tree builder would find."""
        for _ in self.feed(b""):
            pass
        return self.has_given_up or bool(self._nesting)

    def feed(self, raw: bytes, start: int = 0) -> Iterator[Comment]:
        """Yield the comments that lie wholly in *raw* after *start*, with offsets counted from the start of *raw*.

        The bytes before *start* were read already. A caller that stops after a comment must ``defer`` the rest.
        """
        if not (self._tail or self._deferred):
            return self._lex(raw, 0, start)
        data = b"".join((self._tail, *self._deferred, raw[start:] if start else raw))
        self._tail, self._deferred_bytes = b"", 0
        self._deferred.clear()
        return self._lex(data, len(data) - len(raw), 0)

    def _lex(self, data: bytes, before: int, start: int) -> Iterator[Comment]:
        """Yield the comments that begin after *before*, with offsets counted from there, as read from *start* on."""
        position, self._no_skip_before, self.given_up_at = start, 0, 0
        gap_start, self._counted = start or self._counted, 0
        if not self._is_begun:
            if not self._begin(data):
                return
            position = len(BOM) if data.startswith(BOM) else 0
        while position < len(data) and not self.has_given_up:
            if self._state:
                position, is_comment = self._skip_state(data, position), self._state == "comment"
                if is_comment and not self._state:
                    self._gap, gap_start = b"", position
                continue
            is_foreign = bool(self._nesting) and self._nesting[-1] in (b"svg", b"math")
            position = _run_end(FOREIGN_RUN, data, position) if is_foreign else self._pass_ordinary(data, position)
            if data.startswith(b"<!--", position):
                comment_start, end = position, self._comment_end(data, position)
                if not end:
                    break
                after_pre = self._may_follow_pre(data, gap_start, position)
                position = gap_start = end
                self._gap = b""
                if not self._nesting and comment_start >= before:
                    is_empty = end - comment_start <= 6
                    content = b"" if is_empty else data[comment_start + 4 : data.rindex(b"--", comment_start, end)]
                    span = comment_start - before, end - before
                    yield Comment(*span, content, self._head, self._in_head, after_pre)
                    if self._resumes_at:
                        position = gap_start = before + self._resumes_at
                        self._resumes_at = 0
            elif position < len(data):
                position = self._foreign(data, position) if is_foreign else self._special(data, position)
        if self.has_given_up:
            self.given_up_at = max(0, position - before)
        self._keep_gap(data, gap_start)

    def _keep_gap(self, data: bytes, gap_start: int) -> None:
        """Remember the last bytes of *data* that will not come again; a tag that was shortened counts as it was."""
        end = len(data) if self._counted else len(data) - len(self._tail)
        kept = self._gap + data[max(gap_start, end - MAX_PRE_BYTES) : end] if end > gap_start else self._gap
        self._gap = kept[-MAX_PRE_BYTES:]

    def _may_follow_pre(self, data: bytes, gap_start: int, position: int) -> bool:
        """Tell whether the start tag of a ``pre`` may end at *position*; if there are very many to try, it may.

        Decided by the bytes after the last comment alone, however they were cut. It does no harm to take another tag
        for one, but the same page must always give the same answer.
        """
        first = position - MAX_PRE_BYTES
        window = data[max(gap_start, first) : position]
        if first < gap_start and self._gap:
            window = (self._gap + window)[-MAX_PRE_BYTES:]
        if not window.endswith(b">"):
            return False
        starts = [found.start() for found in islice(PRE.finditer(window), MAX_PRE_TRIES + 1)]
        return len(starts) > MAX_PRE_TRIES or any(PRE_TAG.fullmatch(window, start) for start in starts)

    def _pass_ordinary(self, data: bytes, position: int) -> int:
        """Return the offset of the next token that may change the meaning of later bytes, or that is not whole."""
        if self._nesting:  # an end tag would matter, too
            return _run_end(ORDINARY, data, position)
        if self._in_head:
            found = HEAD_RUN.match(data, position)
            if found and found.end() > position:
                self._head = (*self._head, *preloads_in(found[0]))[: MAX_HEAD_TAGS + self._named]
                position = found.end()
            if not ORDINARY_START.match(data, position):
                return position
            self._in_head = False
        if position >= self._no_skip_before:
            offset, is_proved = skip_to_special(data, position, SPECIAL_START)
            if is_proved:
                return offset
            self._no_skip_before = offset  # to look again and again would take quadratic time
        return _run_end(ORDINARY, data, position)

    def _begin(self, data: bytes) -> bool:
        """Look at the page's first bytes, and give up on UTF-16: there a "<" is no "<"."""
        if len(data) < len(BOM) and any(bom.startswith(data) for bom in _BOMS):
            self._tail = data
            return False
        self._is_begun = True
        self._head = (BOM,) if data.startswith(BOM) else ()
        self.has_given_up = data.startswith(_BOMS[1:])
        return not self.has_given_up

    def _comment_end(self, data: bytes, position: int) -> int:
        """Return the end of the comment at *position*, 0 if the bytes end before it does."""
        abrupt = ABRUPT_COMMENT.match(data, position)
        end = abrupt or COMMENT_END.search(data, position + 4)
        if end:
            return end.end()
        if len(data) - position < 7:  # "<!--" and a few bytes that may still become an abrupt end
            self._tail = data[position:]
        else:
            self._state = "comment"
            self._tail = data[-3:]
        return 0

    def _special(self, data: bytes, position: int) -> int:
        """Take the tag at *position*, or a CDATA section, which is a bogus comment in HTML, and return its end."""
        if data.startswith(b"<![CDATA[", position):
            end = data.find(b">", position)
            return end + 1 if end >= 0 else self._keep(data, position)
        tag = TAG.match(data, position)
        if tag is None:
            return self._keep(data, position)
        self._enter(tag[2].lower(), closing=bool(tag[1]), raw=tag[0])
        return tag.end()

    def _foreign(self, data: bytes, position: int) -> int:
        """Take the tag that stopped a run inside svg or math, and return its end; give up unless it is of their own."""
        tag = TAG.match(data, position)
        if tag is None:
            return self._keep(data, position)
        if OPENS_TEXT.match(tag[0]) and len(data) - position < MAX_TAG_BYTES and not TEXT_END.search(data, tag.end()):
            self._tail = data[position:]
            return len(data)
        if tag[2].lower() in (b"svg", b"math"):
            self._enter(tag[2].lower(), closing=bool(tag[1]), raw=tag[0])
        else:
            self.has_given_up = True
        return tag.end()

    def _keep(self, data: bytes, position: int) -> int:
        """Keep an unfinished token for the next bytes."""
        self._tail = data[position:]
        if len(self._tail) > MAX_TAG_BYTES:
            self._tail = shortened(self._tail, MAX_TAG_BYTES // 2)
            self._counted = len(self._tail)
            self.has_given_up = len(self._tail) > MAX_TAG_BYTES
        return len(data)

    def _enter(self, name: bytes, *, closing: bool, raw: bytes) -> None:
        self._in_head = self._in_head and (name in HEAD_SPECIALS or bool(self._nesting))
        if name in (b"svg", b"math", b"template"):
            if closing:
                self._leave(name)
            elif name == b"template" or not closes_itself(raw):
                self._nesting.append(name)
        elif closing:
            pass
        elif name in (b"frameset", b"plaintext"):  # if it is one, tags in it mean nothing (13.2.6.4.20)
            self.has_given_up = True
        elif name in (b"base", b"meta"):
            is_of_interest = name == b"base" or META_OF_INTEREST.search(raw)
            if is_of_interest and not self._nesting and len(self._head) < MAX_HEAD_TAGS + self._named:
                self._head += (raw,)
        else:
            self._state = name.decode("ascii")
            self._script_state, self._script = "data", b""

    def _leave(self, name: bytes) -> None:
        if name in self._nesting:
            while self._nesting.pop() != name:
                pass

    def _skip_state(self, data: bytes, position: int) -> int:
        """Return the end of the raw text or comment around *position*."""
        if self._state == "script":
            return self._skip_script(data, position)
        if self._state == "comment":
            end = COMMENT_END.search(data, position)
        else:
            end = RAW_TEXT_ENDS[self._state].search(data, position)
        if end is None:
            self._tail = data[max(position, len(data) - 12) :]
            return len(data)
        is_end_tag = self._state != "comment"
        self._state = ""
        return end.start() if is_end_tag else end.end()

    def _skip_script(self, data: bytes, position: int) -> int:
        pattern, following = SCRIPT_STATES[self._script_state]
        found = pattern.search(data, position)
        self._note_names(data, position, len(data) if found is None else found.start())
        if found is None:
            self._tail = data[max(position, len(data) - 9) :]
            return len(data)
        state = following[found[0].lower()]
        if state == "end":
            self._state = ""
            return found.start()
        self._script_state = state
        # "<!-->" is both the start and the end of an escape.
        return found.end() - 2 if found[0] == b"<!--" else found.end()

    @property
    def _named(self) -> int:
        """How many of the head's tags are names, which take no room from the others."""
        return sum(1 for tag in self._head if name_in(tag))

    def _note_names(self, data: bytes, start: int, end: int) -> None:
        """Remember the files that the text of a script names between *start* and *end*, wherever it was cut."""
        text = self._script + data[start:end]
        known = frozenset(self._head)
        new = (tag for tag in dict.fromkeys(named_in(text)) if tag not in known)
        self._head += tuple(islice(new, MAX_NAMED - self._named))
        self._script = text[-OVERLAP:]


def _run_end(run: re.Pattern[bytes], data: bytes, position: int) -> int:
    while (found := run.match(data, position)) and found.end() > position:
        position = found.end()
    return position
