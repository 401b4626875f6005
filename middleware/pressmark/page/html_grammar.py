"""The tokens of HTML as patterns of bytes, after the tokenizer of the HTML standard (13.2.5), and two facts of tags."""

import re

# After an attribute's name only "=" opens a value, and only a quote right after it quotes. The alternatives begin
# with different characters and end where none of them can go on, so that backtracking finds nothing new. (Possessive
# groups would say the same, but CPython 3.11.0 to 3.11.4 match them wrongly: python/cpython#106052.)
ATTRIBUTES = (
    rb"(?:[\t\n\f\r /]++"
    rb"|[^\t\n\f\r />][^\t\n\f\r />=]*+[\t\n\f\r ]*+"
    rb"(?:(?!=)|=[\t\n\f\r ]*+(?:\"[^\"]*+\"|'[^']*+'|[^\t\n\f\r >\"'][^\t\n\f\r >]*+|(?=>))))*"
)
ATTRIBUTE = re.compile(ATTRIBUTES[:-1])
# An attribute whose end is not there yet: its name and, if a value has begun, the quote before it.
UNFINISHED = re.compile(rb"([^\t\n\f\r />])[^\t\n\f\r />=]*+([\t\n\f\r ]*+=?[\t\n\f\r ]*+)([^\t\n\f\r >]?)")
RAW_TEXT = rb"script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext"
NESTING = rb"svg|math|template"
# The content of svg and math that a tokenizer can follow without a tree: their own elements that hold neither HTML nor
# raw text, and that no HTML parser takes for its own (13.2.6.5).
PLAIN_FOREIGN = (
    rb"g|path|circle|ellipse|rect|line|polyline|polygon|use|defs|symbol|a|text|tspan|textpath|image|marker|mask"
    rb"|pattern|clippath|lineargradient|radialgradient|stop|filter|fe[a-z]+|animate|animatetransform|animatemotion"
    rb"|mpath|set|view|switch|metadata"
    rb"|mrow|mi|mo|mn|ms|mtext|mspace|mfrac|msqrt|mroot|mstyle|mpadded|mphantom|mfenced|menclose|msub|msup"
    rb"|msubsup|munder|mover|munderover|mmultiscripts|mprescripts|mtable|mtr|mtd|semantics|annotation"
)
FOREIGN_RUN = re.compile(
    rb"(?i:[^<]++|</?(?:"
    + PLAIN_FOREIGN
    + rb")(?=[\t\n\f\r />])"
    + ATTRIBUTES
    + rb">"
    + b"".join(
        rb"|<" + name + rb"(?=[\t\n\f\r />])" + ATTRIBUTES + rb"(?<!/)>[^<]*+</" + name + rb">"
        for name in (b"title", b"desc", b"style")
    )
    + rb"){0,256}"
)
TAG_NAME = re.compile(rb"</?[a-zA-Z][^\t\n\f\r />]*+")
SPECIAL = rb"(?i:" + RAW_TEXT + rb"|" + NESTING + rb"|base|meta|frameset)(?=[\t\n\f\r />])"

# Most of a page: a tag in lower case whose attributes are all name="value". It matches nothing that the general rule
# does not match, and halves the time.
QUICK = (
    rb"[^<]*+<(?:/(?!script|style|t(?:extarea|itle|emplate)|xmp|iframe|no|plaintext|svg|m)[a-z][a-z0-9]*+>"
    rb"|(?!script|style|t(?:extarea|itle|emplate)|xmp|iframe|frameset|no|plaintext|svg|m|base)[a-z][a-z0-9]*+"
    rb"(?:[\t\n\f\r ]++[^\t\n\f\r <>\"'=/]++(?:=\"[^\"]*+\")?)*[\t\n\f\r ]*+/?>)"
)

# Text, ordinary tags, bogus comments and the doctype: the tokens that cannot change the meaning of later bytes.
ORDINARY_TOKEN = (
    rb"(?:" + QUICK + rb"|[^<]++"
    rb"|<(?=[^a-zA-Z/!?])"
    rb"|</>"
    rb"|</?(?!" + SPECIAL + rb")[a-zA-Z][^\t\n\f\r />]*+" + ATTRIBUTES + rb">"
    rb"|<(?:!(?!--)(?!\[CDATA\[)|\?|/(?=[^a-zA-Z>]))[^>]*+>)"
)
ORDINARY_START = re.compile(ORDINARY_TOKEN)
ORDINARY = re.compile(ORDINARY_TOKEN + rb"{0,256}")
SPECIAL_START = re.compile(rb"<" + SPECIAL)
# The ordinary tokens that leave the page's head open: white space, the doctype, the tags that open it, and links.
HEAD_RUN = re.compile(
    rb"(?i:[\t\n\f\r ]++|<!doctype[^>]*+>|<(?:html|head|link)(?=[\t\n\f\r />])" + ATTRIBUTES + rb">)*"
)
PRE = re.compile(rb"(?i)<(?:pre|listing)(?=[\t\n\f\r />])")
PRE_TAG = re.compile(PRE.pattern + ATTRIBUTES + rb">")
HEAD_SPECIALS = frozenset((b"base", b"meta", b"title", b"style", b"script", b"noscript", b"noframes", b"template"))
TAG = re.compile(rb"<(/?)([a-zA-Z][^\t\n\f\r />]*+)" + ATTRIBUTES + rb">")
COMMENT_END = re.compile(rb"--!?>")
ABRUPT_COMMENT = re.compile(rb"<!---?>")
OPENS_TEXT = re.compile(rb"(?i)<(?:title|desc|style)(?=[\t\n\f\r />])")
TEXT_END = re.compile(rb"<[^<>]*>|<[^<>]*<")
META_OF_INTEREST = re.compile(rb"(?i)charset|http-equiv")

RAW_TEXT_ENDS = {
    name: re.compile(rb"(?i)</" + name.encode() + rb"(?=[\t\n\f\r />])") for name in RAW_TEXT.decode().split("|")
}

# How a script may hide its end tag (13.2.5.15 to 13.2.5.31): state -> (pattern to search for, the state that follows).
SCRIPT_STATES: dict[str, tuple[re.Pattern[bytes], dict[bytes, str]]] = {
    "data": (re.compile(rb"(?i)<!--|</script(?=[\t\n\f\r />])"), {b"<!--": "escaped", b"</script": "end"}),
    "escaped": (
        re.compile(rb"(?i)-->|<script(?=[\t\n\f\r />])|</script(?=[\t\n\f\r />])"),
        {b"-->": "data", b"<script": "double", b"</script": "end"},
    ),
    "double": (re.compile(rb"(?i)-->|</script(?=[\t\n\f\r />])"), {b"-->": "data", b"</script": "escaped"}),
}


def closes_itself(tag: bytes) -> bool:
    """Tell whether a start tag ends in a slash that belongs to no attribute's value (13.2.5.40)."""
    name = TAG_NAME.match(tag)
    position = name.end() if name else len(tag)
    while (found := ATTRIBUTE.match(tag, position)) and position < found.end() < len(tag) - 1:
        position = found.end()
    return tag.endswith(b"/>") and not tag[position:-1].strip(b"\t\n\f\r /")


def shortened(tag: bytes, most: int) -> bytes:
    """Return a shorter unfinished tag that ends where *tag* will, for any bytes that follow.

    Of an unfinished attribute no more than *most* bytes are kept.
    """
    name = TAG_NAME.match(tag)
    if name is None:  # a bogus comment or a CDATA section
        return tag[:3]
    if name.end() == len(tag):
        return tag
    position = name.end()
    last = position
    while (found := ATTRIBUTE.match(tag, position)) and found.end() > position:
        last, position = position, found.end()
    kept = tag[last:] if position == len(tag) and tag[-1:] not in b"\"'" else tag[position:]
    if len(kept) > most and (unfinished := UNFINISHED.match(kept)):
        kept = unfinished[1] + unfinished[2] + unfinished[3]
    return name[0] + b" " + kept
