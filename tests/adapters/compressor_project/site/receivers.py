"""Notes what was bundled."""

from compressor.css import CssCompressor
from compressor.signals import post_compress

seen = []


def note(sender, type, mode, context, **kwargs):
    seen.append((type, mode, context["compressed"]["name"], bool(context["compressed"].get("url"))))


def note_sheet(sender, **kwargs):
    seen.append("sheet")


post_compress.connect(note)
post_compress.connect(note_sheet, sender=CssCompressor)
