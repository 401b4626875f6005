"""Replace the nonce of a Content Security Policy by a stand-in, and put it back. It is new in each response, and so
must be in nothing that is cached.

While a region is planned and built it holds the stand-in; the tags that leave have the response's own nonce.
"""

import re
from dataclasses import replace

from pressmark.model import ModulesAround, Page, Region

STAND_IN = "pressmark-3f1c9d52a7e84b06-nonce"

_RAW = STAND_IN.encode("ascii")
# nonce-source takes these characters (CSP 3, 2.3.1); no policy could name a nonce with any other.
_ATTRIBUTE = re.compile(rb"(\snonce=)(?:\"([A-Za-z0-9+/_-]+={0,2})\"|'([A-Za-z0-9+/_-]+={0,2})')", re.IGNORECASE)


def nonce_of(region: Region) -> bytes:
    """Return the one nonce that the elements of *region* have; b"" if there is none, or several."""
    if b"nonce=" not in region.raw or _RAW in region.raw:
        return b""
    found = {match[2] or match[3] for match in _ATTRIBUTE.finditer(region.raw)}
    return found.pop() if len(found) == 1 else b""


def stood_in(region: Region, nonce: bytes) -> Region:
    """Return *region* with the stand-in for its *nonce*, in the policies of its page's head as well."""
    source = b"'nonce-" + nonce + b"'"
    return replace(
        region,
        raw=_ATTRIBUTE.sub(_stand_in, region.raw),
        body=_ATTRIBUTE.sub(_stand_in, region.body),
        head=tuple(raw.replace(source, b"'nonce-" + _RAW + b"'") for raw in region.head),
        around=region.around and _around(region.around),
    )


def _around(found: ModulesAround) -> ModulesAround:
    return replace(found, bodies=tuple(_ATTRIBUTE.sub(_stand_in, body) for body in found.bodies))


def page_for(page: Page, nonce: bytes) -> Page:
    """Return *page* with the stand-in for *nonce* in its policies."""
    source = f"'nonce-{nonce.decode('ascii')}'"
    return replace(page, policies=tuple(policy.replace(source, f"'nonce-{STAND_IN}'") for policy in page.policies))


def restored(html: bytes, nonce: bytes) -> bytes:
    """Return *html* with the response's own *nonce*."""
    return html.replace(_RAW, nonce)


def _stand_in(match: re.Match[bytes]) -> bytes:
    quote = match[0][-1:]
    return match[1] + quote + _RAW + quote
