"""A postprocessor for django-sekizai: it makes one region of the elements that templates have added to a block."""

from typing import Any

from pressmark.adapters import KINDS, markers_for
from pressmark_django.compressor.request_values import in_request


def compress(context: Any, data: str, name: str) -> str:
    """Return *data* between the markers of a region of the kind *name*; as it is if that is not css or js.

    ``{% render_block "css" postprocessor "pressmark_django.sekizai.compress" %}``
    """
    if name not in KINDS or not data.strip():
        return data
    start, end = markers_for([name])
    return in_request(f"{start}{data}{end}")
