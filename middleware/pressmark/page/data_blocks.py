"""Replace the text of data blocks (HTML 4.12.1) by stand-ins, and put it back. It may be new in each page, as a token
in JSON is, and it is part of no bundle.

While a region is looked up, planned and built it holds the stand-ins; the page that leaves has its own texts.
"""

import re
from dataclasses import replace

from pressmark.model import Region

_STAND_IN = b"pressmark-8d07e6b14c5f4a92-data-%d-"
_PREFIX = _STAND_IN.partition(b"%")[0]
_STOOD_IN = re.compile(re.escape(_PREFIX) + rb"([0-9]{1,9})-")
# One whole script after the other, as a text that looks like a start tag inside a script is none.
_SCRIPT = re.compile(rb"(<script(?=[\s>])[^<>]*>)(.*?)(</script)", re.IGNORECASE | re.DOTALL)
_IS_DATA = re.compile(rb"\stype\s*=\s*[\"']?application/(?:ld\+)?json[\"'\s>]", re.IGNORECASE)


def data_taken_out(region: Region) -> tuple[Region, tuple[bytes, ...]]:
    """Return *region* with stand-ins for the texts of its data blocks, and those texts in their order."""
    body = region.body
    # Inside a comment tags are none, and neither are they after a "<!--" in a script.
    if region.kind != "js" or b"json" not in body.lower() or b"<!--" in body or _PREFIX in body:
        return region, ()
    # Behind the last end tag each start tag would be followed to the end, only to find none.
    end = body.lower().rfind(b"</script") + len(b"</script")
    texts: list[bytes] = []

    def stand_in(found: re.Match[bytes]) -> bytes:
        # A "<" is harmless, unless the text looks like a script that hides its end tag (HTML 13.2.5.20).
        if not _IS_DATA.search(found[1]) or b"<script" in found[2].lower():
            return found[0]
        texts.append(found[2])
        return found[1] + _STAND_IN % (len(texts) - 1) + found[3]

    stood_in = _SCRIPT.sub(stand_in, body[:end]) + body[end:]
    if not texts:
        return region, ()
    return replace(region, body=stood_in, raw=region.raw.replace(body, stood_in)), tuple(texts)


def data_put_back(html: bytes, texts: tuple[bytes, ...]) -> bytes:
    """Return *html* with *texts* instead of their stand-ins."""

    def own(found: re.Match[bytes]) -> bytes:
        number = int(found[1])
        return texts[number] if number < len(texts) else found[0]

    return _STOOD_IN.sub(own, html)  # in one go: there may be many thousands
