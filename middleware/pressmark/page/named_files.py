"""Find the stylesheets and scripts that code in a page names: it may look for their elements, or load them by itself.

As a preload, each is kept as a short tag of the page's head, and bears on a region only if that names the file, too.
"""

import re
from collections.abc import Iterator

OVERLAP = 128
"""Bytes of a script before those last read that a name may begin in."""

MAX_NAMED = 256
"""The names of a page that are remembered."""

_NAME = re.compile(rb"[\"'`/=]([\w%@+~-][\w.%@+~-]{0,99}\.(?:css|js))(?=[\"'`?#\]])")
_TAG = b"<script names="


def named_in(script: bytes) -> Iterator[bytes]:
    """Yield a short tag for each file that the text of a *script* names in a string."""
    if script.find(b".css") >= 0 or script.find(b".js") >= 0:
        for name in _NAME.findall(script):
            yield _TAG + name + b">"


def name_in(tag: bytes) -> bytes:
    """Return the name in a short *tag*, b"" if it is another one."""
    return tag[len(_TAG) : -1] if tag.startswith(_TAG) else b""
