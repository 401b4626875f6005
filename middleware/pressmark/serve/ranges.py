"""Read the range of a body that a client asks for (RFC 9110, 14.1.2 and 14.2)."""

import re

_SPEC = re.compile(r"(?:([0-9]+)-([0-9]*)|-([0-9]+))", re.ASCII)
_HUGE = 10**18
"""The value of any longer number; Python refuses to read those of many thousand digits."""


def requested(header: str, length: int) -> range | None:
    """Return the range of a body of *length* bytes that a Range *header* asks for; an empty one if it lies outside.

    ``None`` means that the header is to be ignored: it is malformed, of another unit, or asks for several ranges, which
    a server need not send.
    """
    unit, _, specs = header.partition("=")
    given = [spec for spec in (spec.strip(" \t") for spec in specs.split(",")) if spec]
    found = _SPEC.fullmatch(given[0]) if len(given) == 1 else None
    if unit.lower() != "bytes" or not found:
        return None
    if found[3]:
        return range(max(0, length - _number(found[3])), length)
    first, last = _number(found[1]), _number(found[2]) if found[2] else length - 1
    if found[2] and last < first:
        return None
    return range(first, min(last + 1, length)) if first < length else range(0)


def _number(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) < 19 else _HUGE
