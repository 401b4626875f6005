"""The entity tags of rewritten pages, and requests that name them (RFC 9110, 8.8.3 and 13).

The application knows a page by its own tag. Clients know it by a longer one, which also changes with the bundles that
the page names. A condition with such a tag means nothing to the application: it is hidden from it and evaluated here.
"""

import re
from collections.abc import Iterable, Mapping

CONDITIONS = ("if-none-match", "if-match", "if-range")
"""The headers of a request that may name an entity tag."""

# The end of a rewritten page's tag. If a server outside has appended to it ("-gzip"), the condition is still ours, but
# names no page of ours, and the page is sent again.
_OURS = re.compile(r"-cc\.[0-9a-f]{16}")
_ETAG = re.compile(r'((?:W/)?"[\x21\x23-\x7e\x80-\xff]*)"')
_IN_LIST = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
# The headers that describe a page, which a 304 does not hold (15.4.5); a cache has them already.
_OF_THE_PAGE = frozenset(
    """
    content-type content-length content-encoding content-language content-disposition content-md5 content-digest
    repr-digest digest last-modified accept-ranges
    """.split()
)


def tag_of(etag: str, digest: str) -> str | None:
    """Return the tag of the rewritten page that has *etag* as written, ``None`` if that is no entity tag.

    *digest* is 16 hexadecimal digits that change with the HTML that was put into the page. A weak tag stays weak.
    """
    found = _ETAG.fullmatch(etag.strip())
    return f'{found[1]}-cc.{digest}"' if found else None


def split_conditions(method: str, fields: Mapping[str, str]) -> tuple[dict[str, str | None], str | None]:
    """Split the conditions of a request into the application's and ours.

    *fields* are the request's headers by their lower-case names, those of ``CONDITIONS`` at least. Returns the values
    that the application gets instead of some (``None``: no such header), and the If-None-Match with which the page
    must be compared once it is whole.
    """
    ours = {name: value for name in CONDITIONS if _OURS.search(value := fields.get(name, ""))}
    # Elsewhere the application's own part of the tag is enough: it names the state of the page that the client knows.
    passed: dict[str, str | None] = {name: _OURS.sub("", value) for name, value in ours.items()}
    if "if-range" in ours:  # parts of two pages must not be joined: the whole page instead (13.1.5)
        passed |= {"if-range": None, "range": None}
    if "if-none-match" in ours and method in ("GET", "HEAD"):  # it comes before a Range (13.2.2)
        gone = ("if-none-match", "if-modified-since", "if-range", "range")
        return passed | dict.fromkeys(gone), ours["if-none-match"]
    return passed, None


def listed(condition: str, *, is_weak: bool) -> list[str]:
    """Return the entity tags that an If-Match or If-None-Match header names, without the marks of weak ones.

    Unless the comparison *is_weak*, weak tags are left out: they are equal to none (8.8.3.2).
    """
    return [found[2] for found in _IN_LIST.finditer(condition) if is_weak or not found[1]]


def matches(if_none_match: str, etag: str) -> bool:
    """Tell whether an If-None-Match header names *etag*, by the weak comparison (13.1.2)."""
    return if_none_match.strip() == "*" or etag.removeprefix("W/") in listed(if_none_match, is_weak=True)


def is_current(if_none_match: str, headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether *if_none_match* names the page that *headers* belong to."""
    return any(name.lower() == "etag" and matches(if_none_match, value.strip()) for name, value in headers)


def not_modified(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of the 304 that is sent instead of a page with *headers*."""
    return [(name, value) for name, value in headers if name.lower() not in _OF_THE_PAGE]
