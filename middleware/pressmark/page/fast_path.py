"""Pass over most of a page without tokenizing it, and prove afterwards that nothing was missed.

Only comments and a few tags change the meaning of later bytes. The fast path starts at a position where an HTML
tokenizer is in its data state (HTML 13.2.5.1), and finds the next of them by names alone. The bytes just before it
then prove that the tokenizer is in the data state there as well, and not inside an attribute's value. If they prove
nothing, the caller must tokenize.
"""

import re

# Comments, and tags by the first letters of their names: script, style, svg, textarea, template, title, xmp, iframe,
# frameset, noembed, noframes, noscript, plaintext, math, meta, base, and few others. CPython is three times as fast at
# three sets in a row as at a list of names.
_CANDIDATE = re.compile(
    rb"<[!bfimnpstxBFIMNPSTX](?:[-aceflorvACEFLORV][-aefgmrstxAEFGMRSTX]|[tT][yY]|[iI][tT]|[mM][pP])"
)
_WHITE = b"\t\n\f\r "
_PLAIN = re.compile(rb"[^<\"']*+")


def skip_to_special(data: bytes, start: int, special: re.Pattern[bytes]) -> tuple[int, bool]:
    """Return the offset of the next comment or *special* tag after *start*, and whether it is proved to be one.

    The tokenizer must be in the data state at *start*, and is so at an offset that is proved. If there is none, the
    offset is the end of *data*. *special* matches the start of tags whose names begin as those above do.
    """
    candidate = _CANDIDATE.search(data, start)
    while candidate:
        offset = candidate.start()
        if data.startswith(b"<!--", offset) or special.match(data, offset):
            return offset, _is_text(data, start, offset)
        candidate = _CANDIDATE.search(data, offset + 1)
    return len(data), False


def _is_text(data: bytes, start: int, offset: int) -> bool:
    """Tell whether the bytes before *offset* prove that the tokenizer is in the data state there.

    It was in that state at *start*, and has met only ordinary tags and text since. A ">" that is in no attribute's
    value ends every tag, and every comment that does not begin with "<!--". It is in a value only if the last quote
    before it opened one, and an opening quote has an equals sign before it (13.2.5.37).
    """
    end = data.rfind(b">", start, offset)
    if _PLAIN.match(data, max(end, start), offset).end() != offset:  # type: ignore[union-attr]  # it matches nothing, too
        return False
    return end < 0 or not (_may_open(data, start, data.rfind(b'"', start, end))
                           or _may_open(data, start, data.rfind(b"'", start, end)))  # fmt: skip


def _may_open(data: bytes, start: int, quote: int) -> bool:
    """Tell whether the quote at *quote*, -1 for none, may open an attribute's value."""
    return quote > start and data[max(start, quote - 64) : quote].rstrip(_WHITE)[-1:] in (b"=", b"")
