"""Pieces of pages, whole and broken, that random pages are made of; and ways to cut a page into chunks."""

from collections.abc import Iterator

from hypothesis import strategies as st

from pressmark.model import Region, Text
from pressmark.page.scanner import Scanner

OPENING = "<!-- compress css -->"
CLOSING = "<!-- endcompress -->"

MARKERS = [OPENING, CLOSING, "<!-- compress js -->", "<!-- endcompress js -->", "<!--compress css inline a-->"]
COMMENTS = ["<!--", "-->", "--!>", "<!-->", "<!--->", "<!-- a -->", "--", "-", "<!", "<?", "</", "<!doctype html>"]
RAW = [
    f"<{slash}{name}>"
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
    for slash in ("", "/")
]
TAGS = [
    "<div>", "</div>", "<p a='", "'>", '<div a="', '">', "<a b=", "<a =\">", "<a/=>", "<br/>", "<script ",
    "</script x>", "</SCRIPT>", "<STYLE>", "<scripty>", "</textareax>", "<base href=/b/>", "<meta charset=utf-8>",
    "<link rel=stylesheet>", "<pre>", "<pre a='", "<listing b>",
]  # fmt: skip
TEXTS = ["text", " x", "\n", "<", ">", '"', "'", "/", "=", "compress", "<![CDATA[", "]]>", "\0", "é"]
FOREIGN = [
    "<svg>", "</svg>", "<svg/>", "<svg a=/>", "<math>", "</math>", "<mi>", "<foreignObject>", "</foreignObject>",
    "<frameset>", "<template>", "</template>", "<noscript>", "</noscript>", "<select>", "</select>", "<p>",
]  # fmt: skip

plain = st.lists(st.sampled_from(MARKERS * 3 + COMMENTS + RAW + TAGS + TEXTS), max_size=14).map("".join)
foreign = st.lists(st.sampled_from(MARKERS * 3 + COMMENTS + RAW + TAGS + TEXTS + FOREIGN * 3), max_size=14).map("".join)
pages = (plain | foreign).map(str.encode)


def chunks(page: bytes, size: int) -> Iterator[bytes]:
    """Yield *page* in pieces of *size* bytes."""
    for start in range(0, len(page), size):
        yield page[start : start + size]


def scan(*pieces: bytes) -> list[Text | Region]:
    """Return the events of a page that comes in *pieces*."""
    scanner = Scanner()
    events = [event for piece in pieces for event in scanner.feed(piece)]
    return [*events, *scanner.finish()]


def regions(*pieces: bytes) -> list[Region]:
    """Return the regions of a page that comes in *pieces*."""
    return [event for event in scan(*pieces) if isinstance(event, Region)]
