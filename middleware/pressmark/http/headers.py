"""The headers of responses: whether a body may change, and the headers that go out with a changed one (RFC 9110).

Headers are (name, value) pairs of str in their order. A header that is not taken out stays as it is, duplicates and
case included.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import webencodings

from pressmark.http.validators import tag_of
from pressmark.syntax.charsets import is_readable

Headers = Iterable[tuple[str, str]]
HeaderList = list[tuple[str, str]]

MAX_LINK_BYTES = 2048
"""The bytes that are added to a Link header at most; nginx has room for a head of 4 or 8 KiB in all."""

# Each of these describes the application's bytes, and is false of the rewritten ones.
_OF_THE_BODY = frozenset(
    ("etag", "last-modified", "accept-ranges", "content-md5", "digest", "content-digest", "repr-digest")
)
_CHARSET = re.compile(r"(?:^|;)\s*charset\s*=\s*(?:\"([^\"]*)\"|([^\s;]*))", re.IGNORECASE)
_LENGTH = re.compile(r"\s*[0-9]{1,18}\s*", re.ASCII)
_BODILESS = frozenset((204, 205, 206, 304, 416))


def refusal(status: int, headers: Headers) -> str | None:
    """Return the reason why the body of a response may not change: ``None`` if it may, "" if nobody would expect it.

    Only whole, unencoded HTML in an encoding in which "<" is always "<" qualifies. 206 carries a slice of a page, 304
    no page at all, and other redirects one that nobody sees (RFC 9110, 15.3.7 and 15.4); no-transform forbids it (7.7);
    trailers may hold a digest.
    """
    if status < 200 or 300 <= status < 400 or status in _BODILESS:
        return ""
    is_html = False
    reason: str | None = None
    for name, value in headers:
        match name.lower():
            case "content-type":
                is_html, of_type = True, _refusal_of_type(value)
                if of_type == "":
                    return ""
                reason = reason or of_type
            case "content-encoding":
                encoding = value.strip().lower()
                if encoding not in ("", "identity"):
                    reason = f"already compressed ({encoding}): list Pressmark after the compressing middleware"
            case "cache-control":
                if any(part.strip().lower() == "no-transform" for part in value.split(",")):
                    return ""
            case "content-range" | "trailer":
                return ""
            case "content-disposition":
                if value.lower().lstrip().startswith("attachment"):  # a file to be kept, not a page to be shown
                    return ""
    return reason if is_html else ""


@lru_cache(maxsize=256)
def _refusal_of_type(content_type: str) -> str | None:
    """Return the reason as ``refusal`` gives it for a body of *content_type*."""
    media_type, _, parameters = content_type.partition(";")
    if media_type.strip().lower() != "text/html":
        return ""
    charset = _charset(parameters)
    if is_readable(charset):
        return None
    is_known = webencodings.lookup(charset or "") is not None
    return "" if is_known else f"charset {charset!r} in Content-Type is unknown to browsers: use utf-8 or iso-8859-1"


def content_type_of(headers: Headers) -> tuple[str, str | None]:
    """Return the media type in lower case, "" if there is none, and its charset, if there is one."""
    for name, value in headers:
        if name.lower() == "content-type":
            media_type, _, parameters = value.partition(";")
            return media_type.strip().lower(), _charset(parameters)
    return "", None


def charset_of(headers: Headers) -> str | None:
    """Return the charset that Content-Type names, if any."""
    return content_type_of(headers)[1]


def policies_of(headers: Headers) -> tuple[str, ...]:
    """Return the values of the enforced Content-Security-Policy headers."""
    return tuple(value for name, value in headers if name.lower() == "content-security-policy")


def content_length(headers: Headers) -> int | None:
    """Return the announced length in bytes, if there is one."""
    for name, value in headers:
        if name.lower() == "content-length" and _LENGTH.fullmatch(value):
            return int(value)
    return None


def has_etag(headers: Headers) -> bool:
    """Tell whether the response has an entity tag: only a page that is complete by nature has one."""
    return any(name.lower() == "etag" for name, _ in headers)


def without_length(headers: Headers) -> HeaderList:
    """Return the headers of a body that may yet change while it is sent."""
    return [(name, value) for name, value in headers if name.lower() not in _OF_THE_BODY | {"content-length"}]


def linked(headers: Headers, links: Iterable[str]) -> HeaderList:
    """Return the headers with *links* appended to the Link header, as not every framework has room for two of them.

    If all are more than proxies have room for, only the first ones are added.
    """
    changed = list(headers)
    value = link_value(links)
    if value:
        index = next((index for index, (name, _) in enumerate(changed) if name.lower() == "link"), None)
        if index is None:
            changed.append(("Link", value))
        else:
            name, known = changed[index]
            changed[index] = (name, f"{known}, {value}" if known.strip() else value)
    return changed


def link_value(links: Iterable[str]) -> str:
    """Return the value of one Link header that names as many of *links* as proxies have room for."""
    value = ""
    for link in links:
        longer = f"{value}, {link}" if value else link
        if len(longer) > MAX_LINK_BYTES:
            break
        value = longer
    return value


def retagged(headers: Headers, digest: Callable[[], str]) -> HeaderList:
    """Return the headers of a page whose regions left as they were written, and may be bundled the next time.

    It gets another entity tag and no date: by its own ones the application would call the bundled page unchanged.
    """
    changed: HeaderList = []
    for name, value in headers:
        if name.lower() == "etag":
            tag = tag_of(value, digest())
            changed += [(name, tag)] if tag else []
        elif name.lower() != "last-modified":
            changed.append((name, value))
    return changed


def rewritten(headers: Headers, growth: int, digest: Callable[[], str]) -> HeaderList:
    """Return the headers of a body that has grown by *growth* bytes; Content-Length and ETag only if they were there.

    A body that was shorter than announced still is: it must not look whole. *digest* gives the digest for ``tag_of``,
    and is called only if that is needed.
    """
    changed: HeaderList = []
    for name, value in headers:
        known = name.lower()
        if known == "content-length":
            changed += [(name, str(max(0, int(value) + growth)))] if _LENGTH.fullmatch(value) else []
        elif known == "etag":
            tag = tag_of(value, digest())
            changed += [(name, tag)] if tag else []
        elif known not in _OF_THE_BODY:
            changed.append((name, value))
    return changed


@lru_cache(maxsize=256)
def _charset(parameters: str) -> str | None:
    found = _CHARSET.search(parameters)
    return (found[1] or found[2] or "").strip() or None if found else None
