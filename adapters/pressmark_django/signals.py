"""The signals that Pressmark sends."""

from django.dispatch import Signal

from pressmark.regions import Built

post_compress = Signal()
"""Sent when a bundle has been built, with *type* ("css" or "js"), *mode* and *context*, by django-compressor's names.

``context["compressed"]`` has the *name* that the region gives, the *url* or, in inline mode, "", and the *content* as
text. Receivers run in the thread that builds; what they raise is logged.
"""


def send_signal(built: Built) -> None:
    """Send ``post_compress`` for a bundle."""
    content = built.bundle.content.decode("utf-8", "surrogateescape")
    compressed = {"name": built.region.name, "url": built.url, "content": content}
    post_compress.send(
        sender=type(built), type=built.region.kind, mode=built.region.mode, context={"compressed": compressed}
    )
