"""A tag library that has django-compressor's tag if that is installed, as Mezzanine's has."""

from typing import Any

from django.conf import settings
from django.template import Library

register = Library()

if "compressor" in settings.INSTALLED_APPS:

    @register.tag
    def compress(parser: Any, token: Any) -> Any:
        from compressor.templatetags.compress import compress as tag  # noqa: PLC0415  # as there

        return tag(parser, token)
