"""Replace the text of data blocks (HTML 4.12.1) by stand-ins, and put it back. It may be new in each page, as a token
in JSON is, and it is part of no bundle.

While a region is looked up, planned and built it holds the stand-ins; the page that leaves has its own texts.
"""

import re
from dataclasses import replace

from pressmark.model import Region

_STAND_IN = b"pressmark-8d07e6b14c5f4a92-data-%d-"
_PREFIX = _STAND_IN.partition(b"%")[0]
# One whole script after the other, as a text that looks like a start tag inside a script is none.
_SCRIPT = re.compile(rb"(<script(?=[\s>])[^<>]*>)(.*?)(</script)", re.IGNORECASE | re.DOTALL)
_IS_DATA = re.compile(rb"\stype\s*=\s*[\"']?application/(?:ld\+)?json[\"'\s>]", re.IGNORECASE)


def data_taken_out(region: Region) -> tuple[Region, tuple[bytes, ...]]:
    """Return *region* with stand-ins for the texts of its data blocks, and those texts in their order."""
    body = region.body
    # Inside a comment tags are none, and neither are they after a "<!--" in a script.
    if region.kind != "js" or b"json" not in body.lower() or b"<!--" in body or _PREFIX in body:
        return region, ()
    texts: list[bytes] = []

    def stand_in(found: re.Match[bytes]) -> bytes:
        if b"<" in found[2] or not _IS_DATA.search(found[1]):
            return found[0]
        texts.append(found[2])
        return found[1] + _STAND_IN % (len(texts) - 1) + found[3]

    stood_in = _SCRIPT.sub(stand_in, body)
    if not texts:
        return region, ()
    return replace(region, body=stood_in, raw=region.raw.replace(body, stood_in)), tuple(texts)


def data_put_back(html: bytes, texts: tuple[bytes, ...]) -> bytes:
    """Return *html* with *texts* instead of their stand-ins."""
    for number, text in enumerate(texts):
        html = html.replace(_STAND_IN % number, text)
    return html
