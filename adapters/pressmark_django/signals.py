"""The signals that Pressmark sends."""

import sys
from typing import Any

from django.dispatch import Signal

from pressmark.adapters import Built

_SENDERS = {"css": ("compressor.css", "CssCompressor"), "js": ("compressor.js", "JsCompressor")}

post_compress = Signal()
"""Sent when a bundle was built, with django-compressor's arguments: *type* ("css" or "js"), *mode* and *context*.

*sender* is its ``CssCompressor`` or ``JsCompressor`` if any code has imported those, else ``None``.
``context["compressed"]`` has the *name* of the region, the *url*, which is "" in inline mode, and the *content* as
text. Receivers run in the thread that builds; their exceptions are logged.
"""


def send_signal(built: Built) -> None:
    """Send ``post_compress`` for a bundle."""
    content = built.bundle.content.decode("utf-8", "surrogateescape")
    compressed = {"name": built.region.name, "url": built.url, "content": content}
    post_compress.send(
        sender=_sender(built.region.kind),
        type=built.region.kind,
        mode=built.region.mode,
        context={"compressed": compressed},
    )


def _sender(kind: str) -> Any:
    """Return the class that receivers of one kind of bundle name as sender, ``None`` if none has imported it."""
    module, name = _SENDERS[kind]
    return getattr(sys.modules.get(module), name, None)
