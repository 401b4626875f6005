"""The signals that Pressmark sends."""

import sys
from typing import Any

from django.dispatch import Signal

from pressmark.adapters import Built

_SENDERS = {"css": ("compressor.css", "CssCompressor"), "js": ("compressor.js", "JsCompressor")}

post_compress = Signal()
"""Sent when a bundle has been built, by django-compressor's names: with *type* ("css" or "js"), *mode* and *context*.

*sender* is its ``CssCompressor`` or ``JsCompressor`` where somebody has imported those, else ``None``.
``context["compressed"]`` has the *name* that the region gives, the *url* or, in inline mode, "", and the *content* as
text. Receivers run in the thread that builds; what they raise is logged.
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
    """Return the class by which receivers of one kind of bundle ask for it, if any has imported it."""
    module, name = _SENDERS[kind]
    return getattr(sys.modules.get(module), name, None)
