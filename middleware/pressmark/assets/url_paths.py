"""Turn a URL's path into the segments of a file name, or refuse it.

Every path that is not plainly a file below a static prefix is refused. Such a reference stays in the page as it was
written, and the browser resolves it in its own way.
"""

import re
from urllib.parse import unquote_to_bytes

from pressmark.syntax.urls import origin_of

_UNPLAIN = re.compile(r"[\x00-\x20\x7f\\\"'<>`{|}^]")
_HIDDEN_SEPARATOR = re.compile(r"%(?:2f|5c|00)", re.IGNORECASE)
_BROKEN_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
# Names that Windows opens as a device, with any text after a dot or blank (CVE-2025-66221 of Werkzeug).
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[ .].*)?\Z", re.IGNORECASE)


def read_segments(path: str) -> tuple[str, ...] | None:
    """Return the file name's segments for *path* (a URL path without query, below a prefix); ``None`` if refused."""
    if _UNPLAIN.search(path) or _HIDDEN_SEPARATOR.search(path) or _BROKEN_ESCAPE.search(path):
        return None
    try:
        decoded = unquote_to_bytes(path).decode("utf-8")
    except UnicodeError:
        return None
    segments = tuple(decoded.split("/"))
    return segments if all(_is_plain(segment) for segment in segments) else None


def _is_plain(segment: str) -> bool:
    return (
        segment[:1] not in ("", ".")  # a hidden file, or the way up
        and not re.search(r"[\x00-\x1f\x7f\\:*?\"<>|]", segment)
        and segment[-1] not in ". "
        and not _DEVICE.match(segment)
    )


def spellings(url: str) -> list[str]:
    """Return *url* in the spelling in which URLs are compared: a host is lower case, and has no default port.

    One without a scheme is of both schemes.
    """
    origin = origin_of(url)
    if not origin:
        return [url]
    scheme, _, host = origin.lower().partition("//")
    schemes = (scheme,) if scheme else ("http:", "https:")
    ports = {"http:": ":80", "https:": ":443"}
    return [f"{each}//{host.removesuffix(ports.get(each, ' '))}{url[len(origin) :]}" for each in schemes]


def spellings_below(url: str, mount: str) -> list[str]:
    """Return the spellings of *url*, that without the *mount* of its page's application first."""
    found = spellings(url)
    return [url[len(mount) :], *found] if mount and url.startswith(mount + "/") else found
