"""Notes what was bundled."""

from compressor.signals import post_compress

seen = []


def note(sender, type, mode, context, **kwargs):
    seen.append((type, mode, context["compressed"]["name"], bool(context["compressed"].get("url"))))


post_compress.connect(note)
