"""Tell which comments of a stream of HTML bytes are comments, after the tokenizer of the HTML standard (13.2.5).

It knows text, tags with their quoted attributes, raw text elements and comments, and works on bytes, which is
exact for every encoding in which "<" is always a "<". No tree is built. Inside svg, math, template and noscript,
where a tokenizer alone cannot know what the bytes mean, it reports nothing.

A token cut by the end of the bytes is kept and finished by the next ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_TAG_BYTES = 1 << 16
"""A longer unfinished tag ends the lexing: nothing after it is reported."""

# After an attribute's name only "=" opens a value, and only a quote right after it quotes. The alternatives begin
# with different characters and end where none of them can go on, so that backtracking finds nothing new. (Possessive
# groups would say the same, but CPython 3.11.0 to 3.11.4 match them wrongly: python/cpython#106052.)
ATTRIBUTES = (
    rb"(?:[\t\n\f\r /]++"
    rb"|[^\t\n\f\r />][^\t\n\f\r />=]*+[\t\n\f\r ]*+"
    rb"(?:(?!=)|=[\t\n\f\r ]*+(?:\"[^\"]*+\"|'[^']*+'|[^\t\n\f\r >\"'][^\t\n\f\r >]*+|(?=>))))*"
)
_RAW_TEXT = rb"script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext"
_NESTING = rb"svg|math|template"
_SPECIAL = rb"(?i:" + _RAW_TEXT + rb"|" + _NESTING + rb"|base|meta)(?=[\t\n\f\r />])"

# Text, ordinary tags, bogus comments and the doctype: whatever cannot change what later bytes mean.
_ORDINARY = re.compile(
    rb"(?:[^<]++"
    rb"|<(?=[^a-zA-Z/!?])"
    rb"|</>"
    rb"|</?(?!" + _SPECIAL + rb")[a-zA-Z][^\t\n\f\r />]*+" + ATTRIBUTES + rb">"
    rb"|<(?:!(?!--)(?!\[CDATA\[)|\?|/(?=[^a-zA-Z>]))[^>]*+>"
    rb"){0,256}"
)
_TAG = re.compile(rb"<(/?)([a-zA-Z][^\t\n\f\r />]*+)" + ATTRIBUTES + rb">")
_COMMENT_END = re.compile(rb"--!?>")
_ABRUPT_COMMENT = re.compile(rb"<!---?>")
_CDATA_END = re.compile(rb"\]\]>")
_META_OF_INTEREST = re.compile(rb"(?i)charset|http-equiv")

# How a script may hide its end tag (13.2.5.15 to 13.2.5.31): state -> (what to look for, the state that follows).
_SCRIPT_STATES: dict[str, tuple[re.Pattern[bytes], dict[bytes, str]]] = {
    "data": (re.compile(rb"(?i)<!--|</script(?=[\t\n\f\r />])"), {b"<!--": "escaped", b"</script": "end"}),
    "escaped": (
        re.compile(rb"(?i)-->|<script(?=[\t\n\f\r />])|</script(?=[\t\n\f\r />])"),
        {b"-->": "data", b"<script": "double", b"</script": "end"},
    ),
    "double": (re.compile(rb"(?i)-->|</script(?=[\t\n\f\r />])"), {b"-->": "data", b"</script": "escaped"}),
}


BOM = b"\xef\xbb\xbf"
_BOMS = (BOM, b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's place in the bytes last fed, its content, and the head tags that came before it."""

    start: int
    end: int
    content: bytes
    head: tuple[bytes, ...]


class Lexer:
    """Reads HTML in pieces and reports comments. A comment cut by a piece's end is not reported."""

    def __init__(self) -> None:
        self._deferred: list[bytes] = []
        self._deferred_bytes = 0
        self._tail = b""
        self._state = ""  # "", or the raw text element, "comment" or "cdata" that the next bytes are in
        self._script_state = "data"
        self._nesting: list[bytes] = []
        self._head: tuple[bytes, ...] = ()
        self._base_seen = False
        self._is_begun = False
        self._given_up = False

    def defer(self, raw: bytes) -> None:
        """Take *raw*, which holds no comment of interest, and look at it when that is needed."""
        self._deferred.append(raw)
        self._deferred_bytes += len(raw)
        if self._deferred_bytes > 4 * MAX_TAG_BYTES:
            self._catch_up()

    def feed(self, raw: bytes) -> Iterator[Comment]:
        """Yield the comments that lie wholly in *raw*, with places counted from its start."""
        self._catch_up()
        yield from self._lex(raw)

    def _catch_up(self) -> None:
        if self._deferred:
            raw = b"".join(self._deferred)
            self._deferred.clear()
            self._deferred_bytes = 0
            for _ in self._lex(raw):
                pass

    def _lex(self, raw: bytes) -> Iterator[Comment]:
        if self._given_up:
            return
        before = len(self._tail)
        data = self._tail + raw
        self._tail = b""
        if not self._is_begun and not self._begin(data):
            return
        position = 0
        while position < len(data) and not self._given_up:
            if self._state:
                position = self._skip_state(data, position)
                continue
            position = _ordinary_end(data, position)
            if data.startswith(b"<!--", position):
                end = self._comment_end(data, position)
                if not end:
                    return
                if not self._nesting and position >= before:
                    content = data[position + 4 : data.rindex(b"--", position, end)] if end - position > 6 else b""
                    yield Comment(position - before, end - before, content, self._head)
                position = end
            elif position < len(data):
                position = self._special(data, position)

    def _begin(self, data: bytes) -> bool:
        """Look at the page's first bytes; a page in UTF-16 holds no bytes that mean what they look like."""
        if len(data) < len(BOM) and any(bom.startswith(data) for bom in _BOMS):
            self._tail = data
            return False
        self._is_begun = True
        self._head = (BOM,) if data.startswith(BOM) else ()
        self._given_up = data.startswith(_BOMS[1:])
        return not self._given_up

    def _comment_end(self, data: bytes, position: int) -> int:
        """Return where the comment at *position* ends, 0 if the bytes end before it does."""
        abrupt = _ABRUPT_COMMENT.match(data, position)
        end = abrupt or _COMMENT_END.search(data, position + 4)
        if end:
            return end.end()
        if len(data) - position < 7:  # "<!--" and what may still become an abrupt end
            self._tail = data[position:]
        else:
            self._state = "comment"
            self._tail = data[-3:]
        return 0

    def _special(self, data: bytes, position: int) -> int:
        """Take the tag or CDATA section at *position* and return where it ends."""
        if self._nesting and data.startswith(b"<![CDATA[", position):
            self._state = "cdata"
            return position + 9
        if data.startswith(b"<![CDATA[", position):  # a bogus comment outside svg and math
            end = data.find(b">", position)
            return end + 1 if end >= 0 else self._keep(data, position)
        tag = _TAG.match(data, position)
        if tag is None:
            return self._keep(data, position)
        self._enter(tag[2].lower(), closing=bool(tag[1]), raw=tag[0])
        return tag.end()

    def _keep(self, data: bytes, position: int) -> int:
        """Keep an unfinished token for the next bytes."""
        self._tail = data[position:]
        self._given_up = len(self._tail) > MAX_TAG_BYTES
        return len(data)

    def _enter(self, name: bytes, *, closing: bool, raw: bytes) -> None:
        if name in (b"svg", b"math", b"template"):
            if not closing:
                if name == b"template" or not raw.endswith(b"/>"):
                    self._nesting.append(name)
            elif name in self._nesting:
                while self._nesting.pop() != name:
                    pass
        elif closing:
            pass
        elif name in (b"base", b"meta"):
            self._note(name, raw)
        elif not (self._nesting and raw.endswith(b"/>")):  # in svg, "/>" closes a <title/> or <script/>
            self._state = name.decode("ascii")
            self._script_state = "data"

    def _note(self, name: bytes, raw: bytes) -> None:
        if self._nesting:
            return
        if name == b"base" and b"href" in raw.lower() and not self._base_seen:
            self._base_seen = True
            self._head += (raw,)
        elif name == b"meta" and _META_OF_INTEREST.search(raw) and len(self._head) < 64:
            self._head += (raw,)

    def _skip_state(self, data: bytes, position: int) -> int:
        """Return where the raw text, comment or CDATA section that *position* lies in ends."""
        if self._state == "script":
            return self._skip_script(data, position)
        if self._state == "plaintext":
            self._given_up = True
            return len(data)
        if self._state == "comment":
            end = _COMMENT_END.search(data, position)
        elif self._state == "cdata":
            end = _CDATA_END.search(data, position)
        else:
            end = re.compile(rb"(?i)</" + self._state.encode() + rb"(?=[\t\n\f\r />])").search(data, position)
        if end is None:
            self._tail = data[max(position, len(data) - 12) :]
            return len(data)
        is_end_tag = self._state not in ("comment", "cdata")
        self._state = ""
        return end.start() if is_end_tag else end.end()

    def _skip_script(self, data: bytes, position: int) -> int:
        pattern, following = _SCRIPT_STATES[self._script_state]
        found = pattern.search(data, position)
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


def _ordinary_end(data: bytes, position: int) -> int:
    while (found := _ORDINARY.match(data, position)) and found.end() > position:
        position = found.end()
    return position
